"""Where a learner stands, and what a word means."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import NotFound
from bot.domain.learner import NO_COHORT, Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.progress.standing import HomeScreen, Practice, ProgressScreen, home_of, progress_of
from bot.usecases.clock import Clock
from bot.usecases.instrument.ports import OpenTrials
from bot.usecases.lesson.ports import StartOf, from_the_first
from bot.usecases.practice.desk import Desk, Rules, desk_of
from bot.usecases.practice.ports import OpenReviews
from bot.usecases.practice.reviewing import count_rank
from curriculum.schema import Course, Term


@dataclass(frozen=True, slots=True)
class Way:
    """What the map tells of a learner's way.

    Attributes:
        start_of: The number of the lesson that a placement told them to begin with; 0: none did.
        question_of: Which question waits, from 1, where a placement was left in the middle.
        to_redo: How many steps they could redo, given all of their runs.
    """

    start_of: StartOf
    question_of: Callable[[int], Awaitable[int | None]]
    to_redo: Callable[[int, Sequence[Attempt]], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class ShowHome:
    """Show the map of the course."""

    course: Course
    open_reviews: OpenReviews
    now: Clock
    rules: Rules
    way: Way | None = None

    async def __call__(self, learner: Learner) -> HomeScreen:
        """Return the map as this learner has walked it."""
        async with self.open_reviews() as reviews:
            desk = await desk_of(reviews, self.course, learner.id, self.rules, self.now())
        start = await self.way.start_of(learner.id) if self.way else 0
        to_redo = await self.way.to_redo(learner.id, desk.attempts) if self.way else 0
        question = await self.way.question_of(learner.id) if self.way else None
        return home_of(self.course, desk.attempts, _practice(desk), start, to_redo, question)


@dataclass(frozen=True, slots=True)
class ShowProgress:
    """Show what a learner has done."""

    course: Course
    open_reviews: OpenReviews
    open_trials: OpenTrials
    now: Clock
    rules: Rules
    start_of: StartOf = from_the_first

    async def __call__(self, learner: Learner, *, is_ranked: bool | None = None) -> ProgressScreen:
        """Return what the learner's first runs say.

        Args:
            learner: Whose.
            is_ranked: Whether to show their rank, and count them in the ranks of others, from
                now on; None leaves it as it is.
        """
        async with self.open_reviews() as reviews:
            is_changed = is_ranked is not None
            desk = await desk_of(
                reviews, self.course, learner.id, self.rules, self.now(), is_plan_held=is_changed
            )
            if is_ranked is not None:
                await reviews.enrol(learner, desk.now)
                desk = replace(desk, plan=replace(desk.plan, is_ranked=is_ranked))
                await reviews.save_plan(desk.plan)
                await reviews.drop_ranks(learner.id)
            rank = None
            if desk.plan.is_ranked and learner.cohort_id != NO_COHORT:
                points = await count_rank(reviews, self.course, desk, learner)
                rank = await reviews.rank(learner.cohort_id, points)
        async with self.open_trials() as trials:
            foretold = await trials.guessed_right(learner.id)
        practice = replace(_practice(desk, rank), foretold=foretold)
        start = await self.start_of(learner.id)
        return progress_of(self.course, desk.attempts, practice, start)


def _practice(desk: Desk, rank: tuple[int, int] | None = None) -> Practice:
    return Practice(
        due=desk.due,
        next_due=desk.next_due,
        streak=desk.streak,
        is_ranked=desk.plan.is_ranked,
        rank=rank,
        now=desk.now,
    )


def look_up(course: Course, wanted: str) -> Term:
    """Return the glossary entry of a term, by its name, an alias, or a beginning of either.

    Raises:
        NotFound: nothing fits; the text names what is near.
    """
    word = wanted.strip().casefold()
    for term in course.terms:
        if word in (name.casefold() for name in (term.term, *term.aliases)):
            return term
    near = terms_like(course, word)
    if len(near) == 1:
        return near[0]
    hint = ", ".join(term.term for term in near[:6]) or "the list as you type"
    raise NotFound(f"I don't have that word. Near it: {hint}.")


def terms_like(course: Course, typed: str) -> list[Term]:
    """Return the terms that a few typed letters may mean, best first."""
    word = typed.strip().casefold()
    ranked = []
    for term in course.terms:
        names = [name.casefold() for name in (term.term, *term.aliases)]
        if any(name.startswith(word) for name in names):
            ranked.append((0, term.term.casefold(), term))
        elif any(word in name for name in names):
            ranked.append((1, term.term.casefold(), term))
    return [term for _, _, term in sorted(ranked, key=lambda row: row[:2])]
