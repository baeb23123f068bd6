"""What an instructor does for their class: see what it asked in vain, and answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import NotFound, StaleClick, UnusableAnswer
from bot.domain.learner import Learner
from bot.domain.tutor.talk import OpenQuestion
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.clock import Clock
from bot.usecases.tutor.ports import OpenTalks

LONGEST_ANSWER = 1500  # characters


@dataclass(frozen=True, slots=True)
class ListQuestions:
    """Show what a class asked in vain."""

    check: CheckInstructor
    open_talks: OpenTalks

    async def __call__(self, learner: Learner) -> Sequence[OpenQuestion]:
        """Return the class's unanswered questions, the oldest first.

        Raises:
            NotYours: they are no instructor.
        """
        await self.check.require(learner)
        async with self.open_talks() as talks:
            return await talks.open_questions(learner.cohort_id)


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """Answer one of them."""

    check: CheckInstructor
    open_talks: OpenTalks
    now: Clock

    async def __call__(self, question_id: int, text: str, learner: Learner) -> OpenQuestion:
        """Keep the answer; whoever shows it to the asker says so with `MarkTold`.

        Raises:
            NotYours: they are no instructor of the asker's class.
            NotFound: there is no such question.
            StaleClick: another instructor was first.
            UnusableAnswer: nothing, or too much, was written.
        """
        await self.check.require(learner)
        written = text.strip()
        if not written or len(written) > LONGEST_ANSWER:
            raise UnusableAnswer(f"Write an answer of 1 to {LONGEST_ANSWER:,} characters.")
        async with self.open_talks() as talks:
            stored = await talks.question(question_id)
            if stored is None or stored.cohort_id != learner.cohort_id:
                raise NotFound("That question isn't on your class's list any more.")
            answered = await talks.answer_question(question_id, learner.id, written, self.now())
        if answered is None:
            raise StaleClick("Another instructor has answered that one already.")
        return answered


@dataclass(frozen=True, slots=True)
class ReadAnswers:
    """Tell a learner what instructors have answered them since."""

    open_talks: OpenTalks

    async def __call__(self, learner: Learner) -> Sequence[OpenQuestion]:
        """Return the answers that they haven't read."""
        async with self.open_talks() as talks:
            return await talks.untold(learner.id)

    async def mark(self, question_id: int) -> None:
        """Remember that they have read one."""
        async with self.open_talks() as talks:
            await talks.mark_told(question_id)
