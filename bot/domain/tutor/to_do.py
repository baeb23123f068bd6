"""The one thing to do that an answer ends in: an instrument, a question back, the step. Pure."""

from collections.abc import Iterator, Sequence

from bot.domain.tutor.passages import Passage
from bot.domain.tutor.talk import Brief, Question
from bot.domain.tutor.whereabouts import asked_next, lesson_at
from curriculum.schema import Course

MARK = "→ "  # opens the line: it is the tutor's, and claims nothing


def thing_to_do(
    course: Course,
    brief: Brief,
    question: Question,
    passages: Sequence[Passage] = (),
    ran: Sequence[str] = (),
) -> str:
    """Return a line that tells no key, and isn't the one that the answer before ended in.

    Args:
        course: What is taught.
        brief: Where the learner stands, and what they may not be told.
        question: What they asked, after which answers.
        passages: What is quoted, the best first.
        ran: The instruments that were run.
    """
    before = question.earlier[-1].answer if question.earlier else ""
    lines = [f"{MARK}{line}" for line in _things(course, brief, passages, ran)]
    fitting = (x for x in lines if x not in before and brief.spoilers.gives_away(x) is None)
    return next(fitting, lines[-1])


def _things(
    course: Course, brief: Brief, passages: Sequence[Passage], ran: Sequence[str]
) -> Iterator[str]:
    """Yield what there is to do, the best first; the last two quote nothing."""
    if ran:
        yield f"Now try {ran[0]} yourself: change one thing, and say first what will follow."
    if passages and passages[0].source.term:
        yield f"Now you, in one line, not looking up: what is {passages[0].title}, and why care?"
    elif passages:
        yield f"Now you, in one line, not looking up: {passages[0].title}"
    at, waiting = lesson_at(course, brief), asked_next(course, brief)
    if at is not None and waiting is not None and waiting.source.lesson == at[0].number:
        yield f"Your guess is waited for at {waiting.where}: go on there."
    yield "Want to see whether it stuck? Write *quiz me*."
    yield "What would you ask next? One question leads to the other."
