"""The guess game: show the day's passage, guess its next token, ask the model again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date

from bot.domain.daily.game import (
    DailyGuess,
    checked,
    passage_of,
    place_now,
    prompt_at,
    read_guess,
    scored,
)
from bot.domain.daily.screens import DailyScreen, Record, daily_screen
from bot.domain.errors import NotFound, StaleClick
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.practice.zones import local_day
from bot.domain.progress.streak import streak_of
from bot.usecases.clock import Clock
from bot.usecases.daily.ports import Dailies, OpenDailies
from bot.usecases.lesson.turns import AskEvidence
from curriculum.schema import Course, GuessPassage
from tools.engine.asker import asking_as
from tools.errors import Missing, ToolError

_KEPT = "Your guess is kept."


@dataclass(frozen=True, slots=True)
class PlayDaily:
    """Play the day's passage, which is the same for everyone; its day is UTC's."""

    course: Course
    open_dailies: OpenDailies
    judge_token: AskEvidence
    now: Clock

    async def show(self, learner: Learner, note: str | None = None) -> DailyScreen:
        """Return where the learner stands in today's passage.

        Raises:
            NotFound: the course has no passages.
        """
        day = self._today()
        async with self.open_dailies() as dailies:
            return await self._screen(dailies, learner, day, note)

    async def finished(self, ordinal: int, learner: Learner) -> DailyScreen:
        """Return a passage that the learner has finished, today's or an earlier one.

        Raises:
            StaleClick: it isn't finished, or the model scored none of it.
        """
        if not 0 < ordinal <= date.max.toordinal():
            raise StaleClick("I don't know that day. Type `/guess` for today's passage.")
        async with self.open_dailies() as dailies:
            screen = await self._screen(dailies, learner, date.fromordinal(ordinal))
        if screen.result is None:
            raise StaleClick("That passage isn't finished. Type `/guess` to go on.")
        return screen

    async def guess(self, ordinal: int, place: int, text: str, learner: Learner) -> DailyScreen:
        """Keep a guess, then ask the model about it.

        Args:
            ordinal: The passage's day.
            place: Which of its words, from 0.
            text: What the learner typed.
            learner: Who.

        Raises:
            StaleClick: the day is over, or there is a guess at that place.
            UnusableAnswer: the guess can't be taken as it is.
        """
        day, passage = self._day(ordinal)
        made = DailyGuess(place, passage.id, read_guess(text), self.now())
        async with self.open_dailies() as dailies:
            await dailies.enrol(learner, self.now())
            checked(await dailies.made_on(learner.id, day), passage, place)
            if not await dailies.keep(learner, day, made):
                raise StaleClick("You've guessed there already. Nothing changed.")
            zone = await dailies.zone_of(learner.id)
            await dailies.practise(learner.id, local_day(self.now(), zone))
        return await self._scored(learner, day, passage, made)

    async def ask_again(self, ordinal: int, place: int, learner: Learner) -> DailyScreen:
        """Ask the model about a guess that it didn't answer.

        Raises:
            StaleClick: the day is over, or no guess waits there.
        """
        day, passage = self._day(ordinal)
        async with self.open_dailies() as dailies:
            made = _waiting(await dailies.made_on(learner.id, day), place)
        return await self._scored(learner, day, passage, made)

    async def go_on(self, ordinal: int, place: int, learner: Learner) -> DailyScreen:
        """Go on without the model's word on a guess.

        Raises:
            StaleClick: the day is over, or no guess waits there.
        """
        day, _ = self._day(ordinal)
        async with self.open_dailies() as dailies:
            made = _waiting(await dailies.made_on(learner.id, day), place)
            await dailies.settle(learner.id, day, replace(made, is_left=True))
            return await self._screen(dailies, learner, day)

    async def _scored(
        self, learner: Learner, day: date, passage: GuessPassage, made: DailyGuess
    ) -> DailyScreen:
        """Ask the model: after the guess is kept, and outside any transaction."""
        prompt = prompt_at(passage, made.place)
        try:
            with asking_as(learner.id):
                evidence = await self.judge_token(prompt, made.answer)
                text = await self.judge_token(prompt, passage.words[made.place])
        except Missing as never:  # trying again wouldn't help
            async with self.open_dailies() as dailies:
                await dailies.settle(learner.id, day, replace(made, is_left=True))
                return await self._screen(dailies, learner, day, str(never))
        except ToolError as failed:
            return await self.show(learner, f"{failed} {_KEPT}")
        async with self.open_dailies() as dailies:
            after = scored(made, evidence, text.surprisal_bits)
            await dailies.settle(learner.id, day, after)
            return await self._screen(dailies, learner, day)

    async def _screen(
        self, dailies: Dailies, learner: Learner, day: date, note: str | None = None
    ) -> DailyScreen:
        passage = self._passage(day)
        made = await dailies.made_on(learner.id, day)
        is_done = place_now(made, passage) == len(passage.words)
        places = range(len(made)) if is_done else range(max(0, len(made) - 1), len(made))
        crowds = {}
        if learner.cohort_id != NO_COHORT:
            for place in places:
                crowds[place] = await dailies.crowd(learner.cohort_id, day, place)
        record = await _record(dailies, learner.id, day, len(passage.words)) if is_done else None
        return daily_screen(passage, day, made, crowds, record, note)

    def _day(self, ordinal: int) -> tuple[date, GuessPassage]:
        day = self._today()
        if ordinal != day.toordinal():
            raise StaleClick("That passage's day is over. Here is today's.")
        return day, self._passage(day)

    def _passage(self, day: date) -> GuessPassage:
        if not self.course.passages:
            raise NotFound("This course has no passages to guess. `/nexttoken` shows the model.")
        return passage_of(self.course.passages, day)

    def _today(self) -> date:
        return self.now().astimezone(UTC).date()


async def _record(dailies: Dailies, learner_id: int, day: date, places: int) -> Record:
    days = frozenset(await dailies.finished_days(learner_id, places))
    return Record(streak_of(days, day).days, await dailies.best_of(learner_id, places))


def _waiting(made: Sequence[DailyGuess], place: int) -> DailyGuess:
    found = next((g for g in made if g.place == place and g.is_open), None)
    if found is None:
        raise StaleClick("That guess has its answer. Here is where you are.")
    return found
