"""A passage to read."""

from collections.abc import Mapping
from typing import Literal

from curriculum.kinds.base import Illustration, Recorded, ShownStep


class ReadStep(ShownStep):
    """A short passage; `after` or `illustrative` is its picture."""

    kind: Literal["read"]
    illustrative: Illustration | None = None

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """Return the made-up example, where there is one."""
        return {"illustrative": self.illustrative} if self.illustrative else {}
