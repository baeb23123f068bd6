"""Read an answer and judge it. Pure; the live model's part comes in as evidence."""

from bot.domain.errors import TutorError
from bot.domain.lesson.kinds.base import Judgement
from bot.domain.lesson.kinds.registry import kind_of
from curriculum.kinds.registry import Step


def read_answer(step: Step, raw: str) -> str:
    """Return an answer in the form that is stored.

    Args:
        step: What was asked.
        raw: An option key, letters as placed so far, a number or text as typed.

    Raises:
        UnusableAnswer: it can't be read; the text says what would be.
        StaleClick: it names an option that this step doesn't have.
    """
    return kind_of(step).read(step, raw)


def how_read(step: Step, raw: str) -> str | None:
    """Say how an answer that can be read was, where it might have been meant otherwise."""
    return kind_of(step).how_read(step, raw)


def is_complete(step: Step, draft: str | None) -> bool:
    """Whether a draft is a whole answer: an order is drafted one stage at a time."""
    return bool(draft) and kind_of(step).is_complete(step, draft or "")


def is_readable(step: Step, answer: str) -> bool:
    """Whether a stored answer still answers this step: its file may have changed since."""
    try:
        return read_answer(step, answer) == answer
    except TutorError:
        return False


def judge(step: Step, answer: str) -> Judgement:
    """Judge a stored answer by what the lesson knows.

    Raises:
        StaleClick: the step has no answer to judge.
    """
    return kind_of(step).judge(step, answer)


def answer_text(step: Step, answer: str) -> str:
    """Return a stored answer in words a learner would recognise as theirs.

    An answer that the step no longer knows comes back as it is stored.
    """
    return kind_of(step).said(step, answer) if is_readable(step, answer) else answer


def tally_key(step: Step, answer: str) -> str | None:
    """Return under which heading a class's votes are counted; None: not counted."""
    return kind_of(step).heading(step, answer)
