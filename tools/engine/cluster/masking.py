"""A server's own structured output, and what was cut away from it. Used by `cluster` alone.

vLLM's log-probabilities of an answer are those after the mask: it is laid on the scores before the
sampler sees them, `raw_logprobs` or not. Those of a prompt are from before any mask. So the answer
is read once more as a prompt. P(token) before, by P(token) after, is the share that was left.
"""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.engine.base import Candidate, Token
from tools.engine.cluster import answers
from tools.engine.cluster.refusals import Refused
from tools.engine.cluster.served_model import MAX_LOGPROBS, ServedModel
from tools.engine.grammars import fits, grammar_of
from tools.engine.masking import (
    MOST_STEPS,
    SHOWN,
    AllowedToken,
    Masked,
    MaskedStep,
    Rule,
    RuleKind,
)
from tools.errors import BadInput, Missing, Nonsense

_CUT = -1000.0  # vLLM says -9999 for what the mask has cut
_SLACK = 0.01  # nat: the answer and its second reading are two computations


@dataclass(frozen=True, slots=True)
class _Place:
    """One token of an answer, as read."""

    taken: int
    after: Mapping[int, float]  # id -> logarithm after the mask, of what is allowed
    before: answers.PromptScore  # of the token, before the mask
    first: answers.PromptScore  # of the likeliest, before the mask
    is_end: bool

    @property
    def shown(self) -> list[int]:
        """The few that are shown: the one taken, then the likeliest."""
        by_share = sorted(
            self.after, key=lambda number: (number != self.taken, -self.after[number])
        )
        return by_share[:SHOWN]


async def masked(
    asked: ServedModel, prompt: str, rule: Rule, steps: int, vocabulary: int | None
) -> Masked:
    """Return what the server writes under a rule, and how much that cut away; three requests.

    Raises:
        BadInput: the rule can't be used, or the server refuses it.
        Missing: the server names no token ids, or its log-probabilities know no mask.
        EngineError: it gave no usable answer.
    """
    grammar_of(rule)
    if not 1 <= steps <= MOST_STEPS:
        raise BadInput(f"Ask for 1 to {MOST_STEPS} steps, not {steps}.")
    text = await asked.harmless(prompt)
    answer = await _under_rule(asked, text, rule, steps)
    said = answers.read_said(answer)
    if not said.ids or not said.prompt_ids:
        raise Missing(
            "This server names no token ids, so nobody can tell what its mask cut away. vLLM does; "
            "so does the embedded model."
        )
    again = asked.body([*said.prompt_ids, *said.ids], 1) | {"prompt_logprobs": 1}
    free = asked.body(text, 1) | {"max_tokens": len(said.ids)}
    raw, unmasked = await asyncio.gather(asked.post(again), asked.post(free))
    places = _places(answer, said, raw)
    written_freely = answers.read_said(unmasked).ids
    ids = [number for place in places for number in (*place.shown, place.first.id)]
    texts = await asked.spelling.texts_of(asked.name, (*ids, *said.ids, *written_freely))
    named = {number: asked.spelling.token(number, spelt) for number, spelt in texts.items()}
    found = tuple(_step(place, named) for place in places)
    whole = fits(rule, said.text.encode())  # half characters have no bytes by id
    return Masked(found, tuple(named[number] for number in written_freely), vocabulary, whole)


def constraint(rule: Rule) -> dict[str, Any]:
    """Return a rule as vLLM takes it in `structured_outputs`."""
    spelt = list(rule.choices) if rule.kind is RuleKind.CHOICE else rule.text
    return {rule.kind.value: spelt}


async def _under_rule(asked: ServedModel, text: str, rule: Rule, steps: int) -> Any:
    body = asked.body(text, MAX_LOGPROBS) | {
        "max_tokens": steps,
        "structured_outputs": constraint(rule),
    }
    try:
        return await asked.post(body)
    except Refused as refused:
        raise BadInput(f"{refused} Change the rule.") from refused


def _places(answer: Any, said: answers.WrittenAnswer, raw: Any) -> list[_Place]:
    befores = answers.read_prompt_scores(raw, said.ids)
    firsts = answers.read_prompt_firsts(raw, len(said.ids))
    places = []
    for place, taken in enumerate(said.ids):
        shown = answers.read_completion(answer, place).by_id
        after = {number: logprob for number, logprob in shown.items() if logprob > _CUT}
        if taken not in after:
            raise Nonsense("The model server took a token that its own mask cuts. Try again.")
        if after[taken] < max(after.values()) - _SLACK:
            raise Missing(
                "This server's log-probabilities are from before the mask, so nobody can tell how "
                "much it cut away. The embedded model shows it."
            )
        is_end = said.is_ended and place == len(said.ids) - 1
        places.append(_Place(taken, after, befores[place], firsts[place], is_end))
    return places


def _step(place: _Place, named: Mapping[int, Token]) -> MaskedStep:
    left = min(1.0, math.exp(place.before.logprob - place.after[place.taken]))
    shares = [(number, math.exp(place.after[number])) for number in place.shown]
    return MaskedStep(
        token=named[place.taken],
        allowed=len(place.after),
        is_counted=len(place.after) < MAX_LOGPROBS,
        cut=1 - left,
        wanted=Candidate(named[place.first.id], place.first.logprob),
        top=tuple(AllowedToken(named[n], share * left, share) for n, share in shares),
        is_end=place.is_end,
    )
