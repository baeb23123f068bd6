"""Which requests for a distribution are read in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.engine.base import Prompt
from tools.errors import BadInput

if TYPE_CHECKING:  # torch
    from tools.engine.model.language_model import LanguageModel

MOST_TOGETHER = 16  # prompts in one pass
TOKENS_TOGETHER = 512  # in one pass; a longer prompt goes alone


@dataclass(frozen=True, slots=True)
class DistributionRequest:
    """One request for a distribution. `failures` is how often loading had failed by then."""

    prompt: Prompt
    k: int
    failures: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A request whose text has been cut into ids."""

    ask: DistributionRequest
    ids: tuple[int, ...]


def cut(model: "LanguageModel", ask: DistributionRequest) -> Cut | BadInput:
    """Return a request's ids, or what is wrong with it: that must not take the others with it."""
    try:
        ids = (*model.tokenize(ask.prompt.text), *ask.prompt.appended)
        return Cut(ask, model.checked(ids))
    except BadInput as wrong:
        return wrong


def batches(waiting: Sequence[Cut]) -> list[list[Cut]]:
    """Split so that no pass but that of a single prompt reads more than 512 tokens."""
    found: list[list[Cut]] = []
    room = 0
    for one in waiting:
        if len(one.ids) > room:
            found.append([])
            room = TOKENS_TOGETHER
        found[-1].append(one)
        room -= len(one.ids)
    return found
