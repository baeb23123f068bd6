"""Classes in memory, over the same records as `tests.fakes.lesson.MemoryStore`."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from bot.domain.classroom.counts import (
    MOST_COUNTED,
    MOST_STUCK,
    WRONG_KEYS,
    MemberPlace,
    Runs,
    Tallies,
    Tries,
    Votes,
)
from bot.domain.classroom.member import Assignment, Member, Words
from bot.domain.learner import Learner
from bot.domain.lesson.teachback import Grading
from bot.usecases.classroom.ports import Classes, OpenClasses
from tests.fakes.lesson import Kept, MemoryRecords, MemoryStore


class MemoryClasses:
    """What `bot.store.classroom.classes.SqlClasses` does, on dictionaries."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def name_instructors(self, cohort_id: int, role: int | None, now: datetime) -> None:
        self._kept.instructor_roles.pop(cohort_id, None)
        if role is not None:
            self._kept.instructor_roles[cohort_id] = role

    async def member(self, learner_id: int, cohort_id: int) -> Member | None:
        key = (learner_id, cohort_id)
        if key not in self._kept.members:
            return None
        return self._kept.shown.get(key, Member(*key, self._kept.members[key]))

    async def mark_asked(self, learner: Learner, now: datetime) -> bool:
        member = await self.member(learner.id, learner.cohort_id)
        if not member or member.was_asked or learner.cohort_id not in self._kept.instructor_roles:
            return False
        self._keep(replace(member, was_asked=True))
        return True

    async def decide(self, learner: Learner, is_shown: bool, now: datetime) -> None:
        if member := await self.member(learner.id, learner.cohort_id):
            name = learner.name if is_shown else ""
            decided = replace(member, was_asked=True, has_decided=True)
            self._keep(replace(decided, is_shown=is_shown, name=name))

    async def tallies(self, cohort_id: int, since: datetime, until: datetime) -> Tallies:
        kept = self._kept
        members = [await self.member(*key) for key in kept.members if key[1] == cohort_id]
        stuck = [
            (member, kept.places[member.learner_id])
            for member in members
            if member and member.learner_id in kept.places
            if since <= kept.places[member.learner_id][2] <= until
        ]
        shown = [(m, p) for m, p in stuck if m.is_shown and p[2] >= m.joined]
        places = [MemberPlace(m.learner_id, m.name, *p) for m, p in shown]
        return Tallies(
            runs=[Runs(k[1], *v) for k, v in kept.standings.items() if k[0] == cohort_id],
            tries=[Tries(*k[1:], *v) for k, v in kept.first_tries.items() if k[0] == cohort_id],
            votes=[
                Votes(*k[1:], v[0])
                for k, v in kept.tallies.items()
                if k[0] == cohort_id and k[3] in WRONG_KEYS
            ],
            stuck=sorted(places, key=lambda place: place.since)[:MOST_STUCK],
            all_stuck=min(len(stuck), MOST_COUNTED),
        )

    async def words(
        self, cohort_id: int, lesson: str, teachback: str, most: int
    ) -> Sequence[Words]:
        found = []
        for attempt in self._kept.attempts.values():
            member = await self.member(attempt.learner_id, cohort_id)
            if not member or not member.is_shown or (attempt.lesson, attempt.run) != (lesson, 1):
                continue
            for guess in attempt.guesses:
                is_word = guess.why is not None or guess.step == teachback
                if is_word and guess.at >= member.joined:
                    words = Words(attempt.learner_id, guess.step, guess.answer, guess.why)
                    found.append((guess.at, -attempt.id, words))
        return [words for *_, words in sorted(found, key=lambda f: f[:2], reverse=True)][:most]

    async def gradings(self, cohort_id: int, lesson: str, teachback: str) -> Sequence[Grading]:
        found = []
        for (number, step), grading in sorted(self._kept.gradings.items()):
            attempt = self._kept.attempts[number]
            member = await self.member(attempt.learner_id, cohort_id)
            is_here = (attempt.lesson, attempt.run, step) == (lesson, 1, teachback)
            if is_here and member and member.is_shown and grading.at >= member.joined:
                found.append(grading)
        return found

    async def assign(self, wanted: Assignment, now: datetime) -> Assignment:
        former = [
            one.id
            for one, _ in self._kept.assignments.values()
            if (one.cohort_id, one.lesson) == (wanted.cohort_id, wanted.lesson)
        ]
        number = former[0] if former else len(self._kept.assignments) + 1
        self._kept.assignments[number] = (replace(wanted, id=number), False)
        return self._kept.assignments[number][0]

    async def to_remind(self, after: datetime, until: datetime) -> Sequence[Assignment]:
        open_ones = (one for one, is_done in self._kept.assignments.values() if not is_done)
        found = (one for one in open_ones if after < one.due <= until)
        return sorted(found, key=lambda one: (one.due, one.id))

    async def mark_reminded(self, assignment_id: int, now: datetime) -> bool:
        one, is_done = self._kept.assignments.get(assignment_id, (None, True))
        if one is None or is_done:
            return False
        self._kept.assignments[assignment_id] = (one, True)
        return True

    async def unmark_reminded(self, assignment_id: int) -> None:
        if assignment_id in self._kept.assignments:
            one, _ = self._kept.assignments[assignment_id]
            self._kept.assignments[assignment_id] = (one, False)

    def _keep(self, member: Member) -> None:
        self._kept.shown[member.learner_id, member.cohort_id] = member


def classes_in(store: MemoryStore) -> OpenClasses:
    """Open the classes of a store, in its transactions."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Classes]:
        async with store.open() as records:
            assert isinstance(records, MemoryRecords)
            yield MemoryClasses(records._kept)

    return opened
