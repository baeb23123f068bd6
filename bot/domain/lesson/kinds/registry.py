"""Every kind of step as the domain knows it. One that is missing here fails the type check."""

from typing import Any

from bot.domain.lesson.kinds.base import Kind
from bot.domain.lesson.kinds.choice import ChoiceKind
from bot.domain.lesson.kinds.exhibit import ExhibitKind
from bot.domain.lesson.kinds.match import MatchKind
from bot.domain.lesson.kinds.number import NumberKind
from bot.domain.lesson.kinds.order import OrderKind
from bot.domain.lesson.kinds.read import ReadKind
from bot.domain.lesson.kinds.recall import RecallKind
from bot.domain.lesson.kinds.teachback import TeachbackKind
from bot.domain.lesson.kinds.text import TextKind
from bot.domain.lesson.kinds.token import TokenKind
from curriculum.kinds.registry import ByKind, Step

KINDS: ByKind[Kind[Any]] = {
    "choice": ChoiceKind(),
    "number": NumberKind(),
    "token": TokenKind(),
    "order": OrderKind(),
    "match": MatchKind(),
    "text": TextKind(),
    "read": ReadKind(),
    "exhibit": ExhibitKind(),
    "recall": RecallKind(),
    "teachback": TeachbackKind(),
}


def kind_of(step: Step) -> Kind[Any]:
    """Return how a step of this kind is answered, judged and told."""
    return KINDS[step.kind]
