"""Words and prompts that would tell what a step asks: kept back until the learner has guessed."""

from dataclasses import dataclass

from bot.domain.learner import Learner
from bot.domain.passages import Source
from bot.domain.spoilers import Spoilers
from bot.domain.words import squeezed
from bot.usecases.instructing import CheckInstructor
from bot.usecases.knowing import brief_of
from bot.usecases.ports import OpenRecords, OpenRounds
from bot.usecases.progress import look_up
from curriculum.schema import Course, Term


@dataclass(frozen=True, slots=True)
class Entry:
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

    async def term(self, wanted: str, learner: Learner) -> Entry:
        """Look up a term.

        Raises:
            NotFound: no term fits; the text names what is near.
        """
        term = look_up(self.course, wanted)
        spoilers = await self._spoilers(learner)
        return Entry(term, spoilers.gives_away(f"{term.term}. {term.means}"))

    async def prompt(self, prompt: str, learner: Learner) -> Source | None:
        """Return the step that asks for this prompt's next token, if they have yet to guess it.

        A prompt that goes on behind the step's own, or begins before it, is another prompt.
        """
        asked = squeezed(prompt)
        secrets = (await self._spoilers(learner)).secrets
        same = (one.source for one in secrets if one.prompt and squeezed(one.prompt) == asked)
        return next(same, None)

    async def _spoilers(self, learner: Learner) -> Spoilers:
        if await self.check(learner):
            return Spoilers()
        brief = await brief_of(
            self.course, self.open_records, self.open_rounds, learner, is_private=True
        )
        return brief.spoilers
