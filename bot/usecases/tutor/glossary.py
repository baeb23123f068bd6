"""Words and prompts that would tell what a step asks: kept back until the learner has guessed."""

from dataclasses import dataclass

from bot.domain.learner import Learner
from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import Spoilers
from bot.domain.words import squeezed
from bot.usecases.classroom.instructor import CheckInstructor
from bot.usecases.lesson.ports import OpenRecords
from bot.usecases.progress.standing import look_up
from bot.usecases.round.ports import OpenRounds
from bot.usecases.tutor.knowing import brief_of
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course, Term


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A glossary entry; `guess_first` is the step that asks what it tells, where one does."""

    term: Term
    guess_first: Source | None = None


@dataclass(frozen=True, slots=True)
class KeepBack:
    """Knows what a learner has yet to guess; an instructor has nothing to guess."""

    course: Course
    open_records: OpenRecords
    check: CheckInstructor
    open_rounds: OpenRounds | None = None

    async def term(self, wanted: str, learner: Learner) -> GlossaryEntry:
        """Look up a term.

        Raises:
            NotFound: no term fits; the text names what is near.
        """
        term = look_up(self.course, wanted)
        spoilers = await self._spoilers(learner)
        return GlossaryEntry(term, spoilers.gives_away(f"{term.term}. {term.means}"))

    async def prompt(self, prompt: str, learner: Learner) -> Source | None:
        """Return the step that asks for this prompt's next token, if they have yet to guess it.

        A prompt that goes on behind the step's own, or begins before it, is another prompt.
        """
        sources = self._asking(squeezed(prompt))
        if not sources:  # most prompts: nothing to look up before the model is asked
            return None
        secrets = (await self._spoilers(learner)).secrets
        return next((one.source for one in secrets if one.source in sources), None)

    def _asking(self, prompt: str) -> frozenset[Source]:
        """Return the steps that ask for this prompt's next token."""
        return frozenset(
            Source(lesson.number, step=step.id)
            for lesson in self.course.lessons
            for step in lesson.sequence
            if isinstance(step, TokenStep) and squeezed(step.prompt) == prompt
        )

    async def _spoilers(self, learner: Learner) -> Spoilers:
        if await self.check(learner):
            return Spoilers()
        brief = await brief_of(
            self.course, self.open_records, self.open_rounds, learner, is_private=True
        )
        return brief.spoilers
