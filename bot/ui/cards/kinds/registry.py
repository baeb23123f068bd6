"""Every kind of step as a card asks it. One that is missing here fails the type check."""

from typing import Any

from bot.ui.cards.kinds.base import KindCards
from bot.ui.cards.kinds.choice import ChoiceCards
from bot.ui.cards.kinds.exhibit import ExhibitCards
from bot.ui.cards.kinds.match import MatchCards
from bot.ui.cards.kinds.number import NumberCards
from bot.ui.cards.kinds.order import OrderCards
from bot.ui.cards.kinds.read import ReadCards
from bot.ui.cards.kinds.recall import RecallCards
from bot.ui.cards.kinds.teachback import TeachbackCards
from bot.ui.cards.kinds.text import TextCards
from bot.ui.cards.kinds.token import TokenCards
from curriculum.kinds.registry import ByKind

KIND_CARDS: ByKind[KindCards[Any]] = {
    "choice": ChoiceCards(),
    "number": NumberCards(),
    "token": TokenCards(),
    "order": OrderCards(),
    "match": MatchCards(),
    "text": TextCards(),
    "read": ReadCards(),
    "exhibit": ExhibitCards(),
    "recall": RecallCards(),
    "teachback": TeachbackCards(),
}
