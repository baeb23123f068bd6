"""Records in memory. They implement the ports.

`tests/store/lesson/test_records.py` holds the records here to what both databases do.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.domain.classroom.change import Change
from bot.domain.classroom.member import Assignment, Member
from bot.domain.instrument.trial import Trial, TrialGuess
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.teachback import Grading
from bot.usecases.lesson.ports import Records


class RefusedError(Exception):
    """What a database would refuse: a twin, or a row that belongs to nobody."""


@dataclass
class Kept:
    """Everything on record. Values are frozen, so a copy of the dictionaries is a snapshot."""

    learners: dict[int, datetime] = field(default_factory=dict)
    members: dict[tuple[int, int], datetime] = field(default_factory=dict)
    attempts: dict[int, Attempt] = field(default_factory=dict)
    tallies: dict[tuple[int, str, str, str], tuple[int, int]] = field(default_factory=dict)
    trials: dict[int, Trial] = field(default_factory=dict)
    trial_guesses: dict[int, TrialGuess] = field(default_factory=dict)
    instructor_roles: dict[int, int] = field(default_factory=dict)
    first_tries: dict[tuple[int, str, str, int], tuple[int, int, int]] = field(default_factory=dict)
    standings: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    places: dict[int, tuple[str, str, datetime]] = field(default_factory=dict)
    shown: dict[tuple[int, int], Member] = field(default_factory=dict)
    assignments: dict[int, tuple[Assignment, bool]] = field(default_factory=dict)
    gradings: dict[tuple[int, str], Grading] = field(default_factory=dict)
    seen: set[tuple[int, str, str]] = field(default_factory=set)

    def copy(self) -> "Kept":
        """Return a snapshot."""
        return Kept(
            dict(self.learners),
            dict(self.members),
            dict(self.attempts),
            dict(self.tallies),
            dict(self.trials),
            dict(self.trial_guesses),
            dict(self.instructor_roles),
            dict(self.first_tries),
            dict(self.standings),
            dict(self.places),
            dict(self.shown),
            dict(self.assignments),
            dict(self.gradings),
            set(self.seen),
        )


@dataclass
class MemoryStore:
    """Records in memory, one transaction at a time. `store.open` is an `OpenRecords`."""

    kept: Kept = field(default_factory=Kept)
    is_open: bool = False
    transactions: int = 0
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Records]:
        """Open a transaction: keeps what was written on a clean exit, drops it on an exception."""
        async with self._turn:
            draft = self.kept.copy()
            self.is_open = True
            self.transactions += 1
            try:
                yield MemoryRecords(draft)
                self.kept = draft
            finally:
                self.is_open = False


class MemoryRecords:
    """What `bot.store.lesson.records.SqlRecords` does, on dictionaries."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def enrol(self, learner: Learner, now: datetime) -> None:
        self._kept.learners.setdefault(learner.id, now)
        if learner.cohort_id != NO_COHORT:
            self._kept.members.setdefault((learner.id, learner.cohort_id), now)

    async def instructor_role(self, cohort_id: int) -> int | None:
        return self._kept.instructor_roles.get(cohort_id)

    async def attempt(self, attempt_id: int) -> Attempt | None:
        found = self._kept.attempts.get(attempt_id)
        if found is None:
            return None
        has_seen = (found.learner_id, found.lesson, found.step) in self._kept.seen
        return replace(found, has_seen_answer=has_seen)

    async def latest_attempt(self, learner_id: int, lesson: str) -> Attempt | None:
        runs = [a for a in await self.attempts_of(learner_id) if a.lesson == lesson]
        return max(runs, key=lambda attempt: attempt.run, default=None)

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        return [a for a in self._kept.attempts.values() if a.learner_id == learner_id]

    async def begin(
        self, learner: Learner, lesson: str, run: int, step: str, now: datetime
    ) -> Attempt:
        self._require_learner(learner.id)
        runs = [a for a in await self.attempts_of(learner.id) if a.lesson == lesson]
        if all(a.run != run for a in runs):
            number = len(self._kept.attempts) + 1
            new = Attempt(number, learner.id, lesson, run, step, cohort_id=learner.cohort_id)
            self._kept.attempts[new.id] = new
            self._kept.places[learner.id] = (lesson, step, now)
            if run == 1:
                self._count_run(learner.cohort_id, lesson, begun=1)
        begun = await self.latest_attempt(learner.id, lesson)
        assert begun is not None
        return begun

    async def save(self, before: Attempt, after: Attempt, now: datetime) -> None:
        stored = self._kept.attempts.get(after.id)
        if stored is None:
            if after.guesses:
                raise RefusedError(f"there is no attempt {after.id}")
            return
        guesses = stored.guesses
        for guess in after.guesses:
            former = before.guess_at(guess.step)
            if former is None:
                guesses = _with_new(guesses, guess)
            elif former != guess:
                guesses = tuple(_amended(g, guess) if g.step == guess.step else g for g in guesses)
        position = (after.step, after.phase, after.draft, after.hints)
        step, phase, draft, hints = position
        self._kept.attempts[after.id] = replace(
            stored, step=step, phase=phase, draft=draft, hints=hints, guesses=guesses
        )

    async def first_guess(self, learner_id: int, lesson: str, step: str) -> Guess | None:
        for attempt in await self.attempts_of(learner_id):
            if (attempt.lesson, attempt.run) == (lesson, 1):
                return attempt.guess_at(step)
        return None

    async def count_vote(
        self, cohort_id: int, lesson: str, step: str, answer: str, *, right: int, vote: int
    ) -> None:
        key = (cohort_id, lesson, step, answer)
        votes, right_votes = self._kept.tallies.get(key, (0, 0))
        self._kept.tallies[key] = (votes + vote, right_votes + right)

    async def count(self, attempt: Attempt, change: Change, now: datetime) -> None:
        for tried in change.tried:
            key = (attempt.cohort_id, attempt.lesson, tried.step, tried.said)
            former = self._kept.first_tries.get(key, (0, 0, 0))
            added = zip(former, (tried.tries, tried.judged, tried.right), strict=True)
            tries, judged, right = (a + b for a, b in added)
            self._kept.first_tries[key] = (tries, judged, right)
        if change.is_done:
            self._count_run(attempt.cohort_id, attempt.lesson, done=1)
        if change.has_moved and attempt.phase is Phase.FINISHED:
            self._kept.places.pop(attempt.learner_id, None)
        elif change.has_moved:
            self._kept.places[attempt.learner_id] = (attempt.lesson, attempt.step, now)

    def _count_run(self, cohort_id: int, lesson: str, *, begun: int = 0, done: int = 0) -> None:
        former = self._kept.standings.get((cohort_id, lesson), (0, 0))
        self._kept.standings[cohort_id, lesson] = (former[0] + begun, former[1] + done)

    async def votes(self, cohort_id: int, lesson: str, step: str) -> Mapping[str, int]:
        return {
            key[3]: votes
            for key, (votes, _) in self._kept.tallies.items()
            if key[:3] == (cohort_id, lesson, step)
        }

    async def open_trial(
        self, learner: Learner, instrument: str, chosen: Mapping[str, Any], now: datetime
    ) -> Trial:
        self._require_learner(learner.id)
        new = Trial(len(self._kept.trials) + 1, learner.id, instrument, dict(chosen))
        self._kept.trials[new.id] = new
        return new

    async def trial(self, trial_id: int) -> Trial | None:
        return self._kept.trials.get(trial_id)

    async def save_trial(self, trial: Trial, now: datetime) -> bool:
        stored = self._kept.trials.get(trial.id)
        if stored is None or stored.revision != trial.revision - 1:
            return False
        self._kept.trials[trial.id] = replace(stored, chosen=trial.chosen, revision=trial.revision)
        return True

    async def has_guessed(self, learner_id: int, instrument: str) -> bool:
        made = self._kept.trial_guesses.values()
        return any((g.learner_id, g.instrument) == (learner_id, instrument) for g in made)

    async def keep_guess(self, guess: TrialGuess, now: datetime) -> TrialGuess:
        return self._kept.trial_guesses.setdefault(guess.trial_id, guess)

    async def guessed_right(self, learner_id: int) -> tuple[int, int]:
        mine = [g for g in self._kept.trial_guesses.values() if g.learner_id == learner_id]
        told = [g.is_right for g in mine if g.is_right is not None]
        return sum(told), len(told)

    async def grading(self, attempt_id: int, step: str) -> Grading | None:
        return self._kept.gradings.get((attempt_id, step))

    async def keep_grading(self, attempt_id: int, step: str, grading: Grading) -> None:
        if attempt_id not in self._kept.attempts:
            raise RefusedError(f"there is no attempt {attempt_id}")
        self._kept.gradings.setdefault((attempt_id, step), grading)

    async def say_again(self, attempt_id: int, step: str, words: str) -> None:
        self._kept.gradings.pop((attempt_id, step), None)
        stored = self._kept.attempts[attempt_id]
        guesses = tuple(replace(g, answer=words) if g.step == step else g for g in stored.guesses)
        self._kept.attempts[attempt_id] = replace(stored, guesses=guesses)

    async def keep_override(
        self, attempt_id: int, step: str, grading: Grading, criterion: str
    ) -> None:
        stored = self._kept.gradings[attempt_id, step]
        said = [o for o in grading.overrides if o.criterion == criterion]
        rest = [o for o in stored.overrides if o.criterion != criterion]
        overrides = tuple(sorted(rest + said, key=lambda one: one.at))
        self._kept.gradings[attempt_id, step] = replace(stored, overrides=overrides)

    def _require_learner(self, learner_id: int) -> None:
        if learner_id not in self._kept.learners:
            raise RefusedError(f"learner {learner_id} was never enrolled")


def _with_new(guesses: tuple[Guess, ...], guess: Guess) -> tuple[Guess, ...]:
    if any(g.step == guess.step for g in guesses):
        raise RefusedError(f"there is a guess at {guess.step} already")
    return (*guesses, guess)


def _amended(stored: Guess, guess: Guess) -> Guess:
    """Learn about a guess; what was locked in stays."""
    return replace(
        stored,
        is_right=guess.is_right,
        why=guess.why,
        ticked=guess.ticked,
        evidence=guess.evidence,
    )
