"""The records of learners, in SQL. Implements `Records` and `Roles`."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, Table, select

from bot.domain.classroom.change import Change
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.teachback import Grading
from bot.store import statements as sql
from bot.store.database import Database, Link, transactions
from bot.store.lesson import gradings
from bot.store.lesson.evidence_json import from_json, to_json
from bot.store.tables.learner import COHORT, LEARNER, MEMBERSHIP
from bot.store.tables.lesson import ATTEMPT, GUESS, TEACHBACK


class SqlRecords:
    """Records inside one transaction."""

    def __init__(self, connection: Link) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    async def enrol(self, learner: Learner, now: datetime) -> None:
        """Remember a learner and their class; once is enough."""
        await self._add(LEARNER, {"id": learner.id, "first_seen": now})
        if learner.cohort_id == NO_COHORT:
            return
        await self._add(COHORT, {"id": learner.cohort_id, "first_seen": now})
        member = {"learner_id": learner.id, "cohort_id": learner.cohort_id, "joined": now}
        await self._add(MEMBERSHIP, member)

    async def instructor_role(self, cohort_id: int) -> int | None:
        """Return the role that a class's instructors have; None: none was named."""
        query = select(COHORT.c.instructor_role).where(COHORT.c.id == cohort_id)
        role: int | None = (await self._connection.execute(query)).scalar()
        return role

    async def attempt(self, attempt_id: int) -> Attempt | None:
        """Load one attempt and hold it until the transaction ends."""
        which = {"which": attempt_id}
        if self._dialect != "sqlite":  # whose transactions take turns
            # hold it first: a query that has to wait reads the guesses as before the wait
            await self._rows(sql.HOLD, which)
        rows = await self._rows(sql.LOAD_ONE, which)
        found = _one(rows)
        return found and replace(found, has_seen_answer=bool(rows[0].has_seen))

    async def latest_attempt(self, learner_id: int, lesson: str) -> Attempt | None:
        """Load a learner's last run of a lesson."""
        query = sql.LOAD.where(ATTEMPT.c.learner_id == learner_id, ATTEMPT.c.lesson == lesson)
        found = attempts_in(await self._rows(query))
        return max(found, key=lambda attempt: attempt.run) if found else None

    async def attempts_of(self, learner_id: int) -> Sequence[Attempt]:
        """Load every run of every lesson."""
        return attempts_in(await self._rows(sql.LOAD_ALL, {"who": learner_id}))

    async def begin(
        self, learner: Learner, lesson: str, run: int, step: str, now: datetime
    ) -> Attempt:
        """Open a run and count it; the same run asked for twice is the same attempt."""
        row = {
            "learner_id": learner.id,
            "cohort_id": learner.cohort_id,
            "lesson": lesson,
            "run": run,
            "step": step,
            "phase": Phase.ASKING.value,
            "hints": 0,
            "begun": now,
            "changed": now,
        }
        adding = sql.upsert(self._dialect, ATTEMPT).on_conflict_do_nothing()
        added = await self._connection.execute(adding.returning(ATTEMPT.c.id), row)
        if added.first() is not None:
            await self._stand(learner.id, lesson, step, now)
            if run == 1:
                await self._count_run(learner.cohort_id, lesson, begun=1, done=0)
        begun = await self.latest_attempt(learner.id, lesson)
        assert begun is not None  # it was just written, or stood there already
        return begun

    async def save(self, before: Attempt, after: Attempt, now: datetime) -> None:
        """Write what changed: the position, a new guess, or what was learnt about one."""
        if before != after:
            position = {
                "which": after.id,
                "step": after.step,
                "phase": after.phase.value,
                "draft": after.draft,
                "hints": after.hints,
                "changed": now,
            }
            await self._connection.execute(sql.MOVE, position)
        for guess in after.guesses:
            former = before.guess_at(guess.step)
            if former is None:
                row = {"attempt_id": after.id, **_guess_row(guess)}
                await self._connection.execute(sql.KEEP_GUESS, row)
            elif former != guess:
                await self._amend(after.id, guess)

    async def first_guess(self, learner_id: int, lesson: str, step: str) -> Guess | None:
        """Load the guess of the first run at a step."""
        first = sql.LOAD.where(
            ATTEMPT.c.learner_id == learner_id,
            ATTEMPT.c.lesson == lesson,
            ATTEMPT.c.run == 1,
        )
        attempt = _one(await self._rows(first))
        return attempt.guess_at(step) if attempt else None

    async def count_vote(
        self, cohort_id: int, lesson: str, step: str, answer: str, *, right: int, vote: int
    ) -> None:
        """Add to the class's tally of an answer, in one statement."""
        key = {"cohort_id": cohort_id, "lesson": lesson, "step": step, "answer": answer}
        row = {**key, "votes": vote, "right_votes": right}
        await self._connection.execute(sql.COUNT_VOTE[self._dialect], row)

    async def count(self, attempt: Attempt, change: Change, now: datetime) -> None:
        """Add what a turn changes to the class's counts; `attempt` is as it stands after it."""
        for tried in change.tried:
            row = {
                "cohort_id": attempt.cohort_id,
                "lesson": attempt.lesson,
                "step": tried.step,
                "said": tried.said,
                "tries": tried.tries,
                "judged": tried.judged,
                "right_tries": tried.right,
            }
            await self._connection.execute(sql.COUNT_TRY[self._dialect], row)
        if change.is_done:
            await self._count_run(attempt.cohort_id, attempt.lesson, begun=0, done=1)
        if change.has_moved:
            is_over = attempt.phase is Phase.FINISHED
            place = (None, None, None) if is_over else (attempt.lesson, attempt.step, now)
            await self._stand(attempt.learner_id, *place)

    async def votes(self, cohort_id: int, lesson: str, step: str) -> Mapping[str, int]:
        """Return how often each answer was given in a class."""
        place = {"cohort": cohort_id, "of": lesson, "where": step}
        return {row.answer: row.votes for row in await self._rows(sql.VOTES, place)}

    async def grading(self, attempt_id: int, step: str) -> Grading | None:
        """Load the grading of a teach-back."""
        which = {"which": attempt_id, "where": step}
        return gradings.grading_of(await self._rows(gradings.LOAD, which))

    async def keep_grading(self, attempt_id: int, step: str, grading: Grading) -> None:
        """Keep a grading; the first of a teach-back stays."""
        for row in gradings.rows_of(attempt_id, step, grading):
            await self._add(TEACHBACK, row)

    async def say_again(self, attempt_id: int, step: str, words: str) -> None:
        """Put words in place of those of a teach-back, and let go of its grading."""
        which = {"which": attempt_id, "where": step}
        await self._connection.execute(gradings.FORGET, which)
        await self._connection.execute(sql.AMEND, which | {"answer": words})

    async def keep_override(
        self, attempt_id: int, step: str, grading: Grading, criterion: str
    ) -> None:
        """Write what instructors said of a criterion."""
        which = {"which": attempt_id, "where": step, "what": criterion}
        said = {"overrides": gradings.overrides_of(grading, criterion)}
        await self._connection.execute(gradings.OVERRULE, which | said)

    async def _amend(self, attempt_id: int, guess: Guess) -> None:
        """Write what was learnt about a guess; its answer and confidence stay as they are."""
        learnt = {k: v for k, v in _guess_row(guess).items() if k in _LEARNT}
        which = {"which": attempt_id, "where": guess.step}
        await self._connection.execute(sql.AMEND, which | learnt)

    async def _count_run(self, cohort_id: int, lesson: str, *, begun: int, done: int) -> None:
        row = {"cohort_id": cohort_id, "lesson": lesson, "begun": begun, "done": done}
        await self._connection.execute(sql.COUNT_RUN[self._dialect], row)

    async def _stand(
        self, learner_id: int, lesson: str | None, step: str | None, since: datetime | None
    ) -> None:
        """Note where a learner stands, for each class they are in."""
        place = {"who": learner_id, "lesson": lesson, "step": step, "since": since}
        await self._connection.execute(sql.STAND, place)

    async def _add(self, table: Table, row: dict[str, Any]) -> None:
        query = sql.upsert(self._dialect, table).on_conflict_do_nothing()
        await self._connection.execute(query, row)

    async def _rows(
        self, query: Select[Any], values: Mapping[str, object] | None = None
    ) -> Sequence[Row[Any]]:
        rows: Sequence[Row[Any]] = (await self._connection.execute(query, values)).all()
        return rows


def open_with(engine: Database) -> Callable[[], AbstractAsyncContextManager[SqlRecords]]:
    """Bind the records to a database."""
    return transactions(engine, SqlRecords)


def attempts_in(rows: Sequence[Row[Any]]) -> list[Attempt]:
    """Fold the rows of `statements.LOAD`, in its order: one a guess, or one without any."""
    by_id: dict[int, list[Row[Any]]] = {}
    for row in rows:
        by_id.setdefault(row[_A["id"]], []).append(row)
    return [_attempt(group) for group in by_id.values()]


# by place: a look at a learner's progress reads fifty guesses, and a row finds a place fastest
_A = {column.name: place for place, column in enumerate(ATTEMPT.c)}
_G = {column.name: place for place, column in enumerate(GUESS.c, start=len(_A))}


def _attempt(group: Sequence[Row[Any]]) -> Attempt:
    first = group[0]
    return Attempt(
        id=first[_A["id"]],
        learner_id=first[_A["learner_id"]],
        lesson=first[_A["lesson"]],
        run=first[_A["run"]],
        step=first[_A["step"]],
        phase=Phase(first[_A["phase"]]),
        draft=first[_A["draft"]],
        hints=first[_A["hints"]],
        guesses=tuple(_guess(row) for row in group if row[_G["attempt_id"]] is not None),
        cohort_id=first[_A["cohort_id"]],
    )


def _guess(row: Row[Any]) -> Guess:
    return Guess(
        step=row[_G["step"]],
        answer=row[_G["answer"]],
        confidence=row[_G["confidence"]],
        hints=row[_G["hints"]],
        at=row[_G["at"]],
        is_right=row[_G["is_right"]],
        why=row[_G["why"]],
        ticked=tuple(row[_G["ticked"]]),
        evidence=from_json(row[_G["evidence"]]),
        had_seen_answer=row[_G["had_seen_answer"]],
        version=row[_G["version"]],
    )


_LEARNT = ("is_right", "why", "ticked", "evidence")


def _guess_row(guess: Guess) -> dict[str, Any]:
    return {
        "step": guess.step,
        "answer": guess.answer,
        "confidence": guess.confidence,
        "hints": guess.hints,
        "at": guess.at,
        "is_right": guess.is_right,
        "why": guess.why,
        "ticked": list(guess.ticked),
        "evidence": to_json(guess.evidence),
        "had_seen_answer": guess.had_seen_answer,
        "version": guess.version,
    }


def _one(rows: Sequence[Row[Any]]) -> Attempt | None:
    return next(iter(attempts_in(rows)), None)
