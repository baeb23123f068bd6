"""A next token: scored by the live model's own probability for it."""

from collections.abc import Iterator, Mapping

from bot.domain.lesson.kinds.base import OPEN_CHANCE, JudgedBy, Judgement, StepKey
from bot.domain.lesson.kinds.plain import Uncounted
from bot.domain.lesson.kinds.shares import Shares, likeliest
from bot.domain.lesson.written import TOKEN_CHARS, read_text
from bot.domain.words import sentences
from curriculum.kinds.token import TokenStep

_HEADING_CHARS = 40


def begins_as_recorded(step: TokenStep, answer: str) -> bool:
    """Whether a guess begins with the first choice of the model that was recorded for the step."""
    if step.recorded is None:
        return False
    first = next(iter(step.recorded.top)).strip()
    return bool(first) and answer.strip().startswith(first)


class TokenKind(Uncounted[TokenStep]):
    """Name the next token."""

    judged_by = JudgedBy.MODEL

    def passages(self, step: TokenStep) -> Iterator[tuple[str, ...]]:
        """Yield the reply."""
        yield step.ask, step.reply, step.prompt

    def key(self, step: TokenStep) -> StepKey:
        """Return the reply's sentences, and the prompt that the model would answer."""
        return StepKey(sentences(step.reply), prompt=step.prompt)

    def read(self, step: TokenStep, raw: str) -> str:
        """Return it as typed: a leading space belongs to a token."""
        return read_text(raw, TOKEN_CHARS, keep_spaces=True)

    def judge(self, step: TokenStep, answer: str) -> Judgement:
        """Leave it to the model."""
        return Judgement(None, step.reply)

    def chance(self, step: TokenStep) -> float:
        """An open question."""
        return OPEN_CHANCE

    def heading(self, step: TokenStep, answer: str) -> str:
        """Return the beginning of what was typed."""
        return answer.strip()[:_HEADING_CHARS] or "a space"

    def shares(self, step: TokenStep, votes: Mapping[str, int]) -> Shares:
        """Return what was typed most."""
        return likeliest(votes)
