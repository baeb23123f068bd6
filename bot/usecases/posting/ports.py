"""What posting needs from the outside."""

from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from bot.domain.posting import Post


class Posts(Protocol):
    """What was posted, inside one open transaction."""

    async def claim(self, post: Post, now: datetime) -> bool:
        """Keep that it is posted; False if it was already, or nobody knows the learner."""
        ...

    async def release(self, post: Post) -> None:
        """Forget it: it couldn't be posted after all."""
        ...


class OpenPosts(Protocol):
    """Open a transaction: commits on a clean exit, rolls back on an exception."""

    def __call__(self) -> AbstractAsyncContextManager[Posts]:
        """Open it."""
        ...
