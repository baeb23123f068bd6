"""Every kind of step, once. A floor that lists its parts as `ByKind` lists all, or mypy fails."""

from typing import Annotated, Generic, Literal, TypedDict, TypeVar

from pydantic import Field

from curriculum.kinds.base import StepBase
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.exhibit import ExhibitStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep

_P = TypeVar("_P")


class ByKind(TypedDict, Generic[_P]):
    """Something for each kind of step."""

    choice: _P
    number: _P
    token: _P
    order: _P
    match: _P
    text: _P
    read: _P
    exhibit: _P
    recall: _P
    teachback: _P


Guessable = ChoiceStep | NumberStep | TokenStep | OrderStep | MatchStep | TextStep
Asked = Guessable | RecallStep | TeachbackStep
Step = Annotated[Asked | ReadStep | ExhibitStep, Field(discriminator="kind")]

KindName = Literal[
    "choice",
    "number",
    "token",
    "order",
    "match",
    "text",
    "read",
    "exhibit",
    "recall",
    "teachback",
]


def whole(kind: type[StepBase]) -> type[StepBase]:
    """Return a kind as it is; mypy refuses one that leaves out a part."""
    return kind


STEPS: ByKind[type[StepBase]] = {
    "choice": whole(ChoiceStep),
    "number": whole(NumberStep),
    "token": whole(TokenStep),
    "order": whole(OrderStep),
    "match": whole(MatchStep),
    "text": whole(TextStep),
    "read": whole(ReadStep),
    "exhibit": whole(ExhibitStep),
    "recall": whole(RecallStep),
    "teachback": whole(TeachbackStep),
}
