"""What a person's own data needs from the outside."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.privacy.held import Held


class Privacy(Protocol):
    """All that is held about one person, inside one open transaction."""

    async def everything(self, learner_id: int) -> Held:
        """Return every row about a person, by table; tables without one are left out."""
        ...

    async def first_seen(self, learner_id: int) -> datetime | None:
        """Return since when they are known; None: they aren't. Holds them until the end."""
        ...

    async def delete(self, learner_id: int) -> None:
        """Delete a person and all that is theirs; where they are named on others' rows, unname."""
        ...


class OpenPrivacy(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Privacy]:
        """Open it."""
        ...
