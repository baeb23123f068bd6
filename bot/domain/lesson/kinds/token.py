"""A next token: scored by the live model's own probability for it."""

from collections.abc import Iterator, Mapping

from bot.domain.lesson.kinds.base import OPEN_CHANCE, JudgedBy, Judgement, StepKey
from bot.domain.lesson.kinds.plain import Uncounted
from bot.domain.lesson.kinds.shares import Shares, likeliest
from bot.domain.lesson.written import TOKEN_CHARS, read_text
from bot.domain.words import sentences
from curriculum.kinds.base import Recorded
from curriculum.kinds.token import TokenStep

_HEADING_CHARS = 40


def recorded_place(recorded: Recorded | None, answer: str) -> int | None:
    """Return which recorded token a guess begins with, 1 the likeliest; of several the longest."""
    said = answer.strip()
    known = [text.strip() for text in recorded.top] if recorded else []
    found = [text for text in known if text and said.startswith(text)]
    return known.index(max(found, key=len)) + 1 if found else None


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
