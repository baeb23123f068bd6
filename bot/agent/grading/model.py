"""Grade with a chat model: twice, in two orders, and only what both say and the text bears out.

    text ─┬─ pass 1, criteria as they are ──┐
          └─ pass 2, criteria reversed ─────┴─ agreed? quoted? claimed? → met, missed, can't tell

The learner's words go in as a field of JSON, the criteria under names that the learner can't know.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.agent.grading.guard import is_addressed_to_grader
from bot.agent.grading.language.language import Language
from bot.agent.grading.windows import windows
from bot.domain.lesson.teachback import Graded, Verdict, grounded
from curriculum.kinds.teachback import Criterion, TeachbackStep
from tools.errors import EngineError, Nonsense, Unavailable

TIMEOUT_S = 45.0  # for both passes
LONGEST_ANSWER = 20_000  # characters


class Completes(Protocol):
    """A chat model that answers in JSON."""

    async def complete(
        self, messages: Sequence[Mapping[str, Any]], schema: Mapping[str, Any]
    ) -> str:
        """Return an answer that is to be JSON of a schema.

        Raises:
            EngineError: no answer came.
        """
        ...


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    id: str
    verdict: Literal["met", "missed", "unsure"]
    quote: str = ""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    verdicts: list[_Said]


@dataclass(frozen=True, slots=True)
class ModelGrader:
    """Asks a chat model twice, in the language of the rubric."""

    language: Language
    chat: Completes
    timeout_s: float = TIMEOUT_S

    async def __call__(self, step: TeachbackStep, said: str) -> tuple[Graded, ...]:
        """Return a verdict on each criterion of a step, in their order.

        Raises:
            EngineError: the model is down or slow, or what it says is no grading.
        """
        first, second = await self._twice(step, said)
        names = [one.id for one in step.criteria]
        if is_addressed_to_grader(said, self.language, frozenset(names)):
            return tuple(_held_back(name, first.get(name)) for name in names)
        firm = [window.text for window in windows(said, self.language) if not window.is_weak]
        return tuple(_agreed(name, first.get(name), second.get(name), said, firm) for name in names)

    async def _twice(
        self, step: TeachbackStep, said: str
    ) -> tuple[dict[str, _Said], dict[str, _Said]]:
        """Ask both passes at a time; where one fails, the other is called off."""
        try:
            async with asyncio.timeout(self.timeout_s), asyncio.TaskGroup() as passes:
                first = passes.create_task(self._read(step, step.criteria, said))
                second = passes.create_task(self._read(step, step.criteria[::-1], said))
        except TimeoutError as slow:
            raise Unavailable("The chat model takes too long to grade.") from slow
        except ExceptionGroup as failed:
            ours, others = failed.split(EngineError)
            if others or ours is None:
                raise
            raise _first_of(ours) from ours
        return first.result(), second.result()

    async def _read(
        self, step: TeachbackStep, criteria: Sequence[Criterion], said: str
    ) -> dict[str, _Said]:
        """Return what one pass says of each criterion; one named twice is left out."""
        names = {f"c{place}": one for place, one in enumerate(criteria, start=1)}
        messages = _messages(self.language.prompt, step, names, said)
        answer = parse(await self.chat.complete(messages, schema(names)))
        given = [one.id for one in answer.verdicts]
        return {
            names[one.id].id: one
            for one in answer.verdicts
            if one.id in names and given.count(one.id) == 1
        }


def parse(text: str) -> _Answer:
    """Read a model's answer; a fence or a sentence around the JSON is left out.

    Raises:
        Nonsense: it holds no such JSON.
    """
    start, end = text.find("{"), text.rfind("}")
    try:
        return _Answer.model_validate_json(text[:LONGEST_ANSWER][start : end + 1])
    except (ValidationError, ValueError) as wrong:
        raise Nonsense("The chat model's grading can't be read.") from wrong


def _agreed(
    name: str, first: _Said | None, second: _Said | None, said: str, firm: Sequence[str]
) -> Graded:
    if first is None or second is None or first.verdict != second.verdict:
        return Graded(name, Verdict.UNSURE)
    verdict = Verdict(first.verdict)
    for one in (first, second):
        found = grounded(Graded(name, verdict, one.quote), said)
        if verdict is not Verdict.MET or (found.evidence and _is_claimed(found.evidence, firm)):
            return found
    return Graded(name, Verdict.UNSURE)


def _held_back(name: str, first: _Said | None) -> Graded:
    """Return a verdict on a text that gives orders: nothing in it is met by a machine's word."""
    missed = first is not None and first.verdict == "missed"
    return Graded(name, Verdict.MISSED if missed else Verdict.UNSURE)


def _is_claimed(quote: str, firm: Sequence[str]) -> bool:
    """Whether the learner says it as a sentence of their own: no question, no heap of words."""
    return any(text in quote or quote.strip(" .,;:!") in text for text in firm)


def _first_of(failed: ExceptionGroup[EngineError]) -> EngineError:
    found = failed.exceptions[0]
    return _first_of(found) if isinstance(found, ExceptionGroup) else found


def _messages(
    orders: str, step: TeachbackStep, names: Mapping[str, Criterion], said: str
) -> list[dict[str, str]]:
    rubric = [
        {
            "id": name,
            "says": one.says,
            "counts": list(one.counts),
            "near_misses": list(one.near_misses),
        }
        for name, one in names.items()
    ]
    asked = {"question": step.ask, "criteria": rubric, "learner_text": said}
    return [
        {"role": "system", "content": orders},
        {"role": "user", "content": json.dumps(asked, ensure_ascii=False)},
    ]


def schema(names: Collection[str]) -> dict[str, Any]:
    """Return the JSON schema of an answer: one verdict for each of these criteria."""
    verdict = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "enum": sorted(names)},
            "verdict": {"type": "string", "enum": ["met", "missed", "unsure"]},
            "quote": {"type": "string"},
        },
        "required": ["id", "verdict", "quote"],
        "additionalProperties": False,
    }
    count = len(names)
    each = {"type": "array", "items": verdict, "minItems": count, "maxItems": count}
    return {
        "type": "object",
        "properties": {"verdicts": each},
        "required": ["verdicts"],
        "additionalProperties": False,
    }
