"""An instrument to play with."""

from collections.abc import Mapping
from typing import Literal

from curriculum.kinds.base import ExhibitCall, Illustration, Recorded, ShownStep


class ExhibitStep(ShownStep):
    """A live instrument to play with; `after` names it."""

    kind: Literal["exhibit"]
    after: ExhibitCall

    def tables(self) -> Mapping[str, Recorded | Illustration]:
        """It has none."""
        return {}
