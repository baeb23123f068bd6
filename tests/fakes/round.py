"""Class rounds in memory. `tests/store/round/test_rounds.py` holds them to both databases."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.learner import NO_COHORT, Learner
from bot.domain.round.round import Ballot, Count, Round, Seen, Stage, Vote
from bot.usecases.round.ports import Rounds
from tests.fakes.lesson import RefusedError


@dataclass
class KeptRounds:
    """Everything on record. Values are frozen, so a copy of the dictionaries is a snapshot."""

    learners: set[int] = field(default_factory=set)
    members: set[tuple[int, int]] = field(default_factory=set)
    rounds: dict[int, Round] = field(default_factory=dict)
    begun: dict[int, datetime] = field(default_factory=dict)
    votes: dict[tuple[int, int, int], Vote] = field(default_factory=dict)
    sure: dict[tuple[int, int, int], float] = field(default_factory=dict)
    counts: dict[tuple[int, int, str | None, str], Count] = field(default_factory=dict)

    def copy(self) -> "KeptRounds":
        """Return a snapshot."""
        return KeptRounds(
            set(self.learners),
            set(self.members),
            dict(self.rounds),
            dict(self.begun),
            dict(self.votes),
            dict(self.sure),
            dict(self.counts),
        )


@dataclass
class MemoryRoundStore:
    """Rounds in memory, one transaction at a time. `store.open` is an `OpenRounds`."""

    kept: KeptRounds = field(default_factory=KeptRounds)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Rounds]:
        """Open a transaction: keeps what was written on a clean exit, drops it on an exception."""
        async with self._turn:
            draft = self.kept.copy()
            yield MemoryRounds(draft)
            self.kept = draft


class MemoryRounds:
    """What `bot.store.round.rounds.SqlRounds` does, on dictionaries."""

    def __init__(self, kept: KeptRounds) -> None:
        self._kept = kept

    async def enrol(self, learner: Learner, now: datetime) -> None:
        self._kept.learners.add(learner.id)
        if learner.cohort_id != NO_COHORT:
            self._kept.members.add((learner.id, learner.cohort_id))

    async def begin(self, new: Round, now: datetime) -> Round | None:
        if await self.live_in(new.channel_id):
            return None
        kept = replace(new, id=len(self._kept.rounds) + 1)
        self._kept.rounds[kept.id], self._kept.begun[kept.id] = kept, now
        return kept

    async def round(self, round_id: int) -> Round | None:
        return self._kept.rounds.get(round_id)

    async def live_in(self, channel_id: int) -> Round | None:
        running = (r for r in self._kept.rounds.values() if r.is_live)
        return next((r for r in running if r.channel_id == channel_id), None)

    async def live_since(self, begun: datetime) -> Sequence[int]:
        return [
            r.id
            for r in self._kept.rounds.values()
            if r.is_live and r.message_id is not None and self._kept.begun[r.id] >= begun
        ]

    async def place(self, round_id: int, message_id: int | None) -> None:
        if present := self._kept.rounds.get(round_id):
            self._kept.rounds[round_id] = replace(present, message_id=message_id)

    async def move(self, after: Round, now: datetime) -> bool:
        present = self._kept.rounds.get(after.id)
        if present is None or present.revision != after.revision - 1:
            return False
        moved = replace(present, stage=after.stage, revision=after.revision)
        self._kept.rounds[after.id] = moved
        return True

    async def ballot(self, round_id: int, learner_id: int) -> Ballot | None:
        present = self._kept.rounds.get(round_id)
        if present is None:
            return None
        votes = self._kept.votes
        said = {
            turn: votes[round_id, turn, learner_id].answer
            for turn in (1, 2)
            if (round_id, turn, learner_id) in votes
        }
        is_member = (learner_id, present.cohort_id) in self._kept.members
        return Ballot(present, learner_id, said, is_member)

    async def cast(self, vote: Vote, now: datetime) -> bool:
        if vote.learner_id not in self._kept.learners:
            raise RefusedError(f"learner {vote.learner_id} was never enrolled")
        if vote.round_id not in self._kept.rounds:
            raise RefusedError(f"there is no round {vote.round_id}")
        key = (vote.round_id, vote.turn, vote.learner_id)
        if key in self._kept.votes:
            return False
        self._kept.votes[key] = vote
        self._add(vote, votes=1, sure=0)
        return True

    async def say_sure(self, vote: Vote, confidence: float, *, is_sure: bool) -> bool:
        key = (vote.round_id, vote.turn, vote.learner_id)
        if key not in self._kept.votes or key in self._kept.sure:
            return False
        self._kept.sure[key] = confidence
        if is_sure:
            self._add(vote, votes=0, sure=1)
        return True

    async def counts(self, round_id: int) -> Sequence[Count]:
        mine = [count for key, count in self._kept.counts.items() if key[0] == round_id]
        return sorted(mine, key=lambda count: (count.turn, count.answer, count.before or ""))

    async def seen_by(self, learner_id: int) -> Sequence[Seen]:
        seen: dict[tuple[str, str], Seen] = {}
        for (round_id, _, voter), vote in sorted(self._kept.votes.items()):
            of = self._kept.rounds[round_id]
            if voter == learner_id and of.stage is Stage.REVEALED:
                new = Seen(of.lesson, of.step, vote.answer)
                seen.setdefault((of.lesson, of.step.id), new)
        return list(seen.values())

    def _add(self, vote: Vote, *, votes: int, sure: int) -> None:
        key = (vote.round_id, vote.turn, vote.before, vote.answer)
        old = self._kept.counts.get(key, Count(vote.turn, vote.before, vote.answer, 0, 0))
        self._kept.counts[key] = replace(old, votes=old.votes + votes, sure=old.sure + sure)
