"""A class as its instructors see it: counts of everybody, names of those who agreed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.classroom.counts import MemberPlace, Tallies, Tries, Votes, told, told_votes
from bot.domain.crowd import is_crowd
from bot.domain.lesson.confidence import SURE, brier
from bot.domain.lesson.kinds.registry import kind_of
from curriculum.kinds.registry import Step
from curriculum.schema import Course, Lesson


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One lesson of the class."""

    number: int
    title: str
    begun: int
    done: int

    @property
    def under_way(self) -> int:
        """How many are in it now."""
        return max(0, self.begun - self.done)


@dataclass(frozen=True, slots=True)
class StuckLine:
    """Somebody who stays on one step; `index` of `total` steps of lesson `number`."""

    learner_id: int
    name: str
    number: int
    index: int
    total: int
    since: datetime
    days: int


@dataclass(frozen=True, slots=True)
class StepLine:
    """First tries at a step, and the belief behind most wrong ones."""

    number: int
    index: int
    ask: str
    tries: int
    judged: int
    right: int
    belief: str | None

    @property
    def rate(self) -> float | None:
        """The share that was right, 0..1; None where too few were judged to tell."""
        return self.right / self.judged if is_crowd(self.judged) else None


@dataclass(frozen=True, slots=True)
class Belief:
    """A misconception, and how often it was chosen."""

    number: int
    text: str
    votes: int


@dataclass(frozen=True, slots=True)
class SaidLine:
    """What was said and what was so: guesses of one confidence, 0..1."""

    said: float
    judged: int
    right: int


@dataclass(frozen=True, slots=True)
class CohortScreen:
    """A class, in numbers, and who is stuck."""

    lessons: tuple[LessonLine, ...]  # those that somebody has begun
    steps: tuple[StepLine, ...]  # those that somebody has tried, in the course's order
    beliefs: tuple[Belief, ...]  # the most chosen first
    said: tuple[SaidLine, ...]  # the least sure first
    stuck: tuple[StuckLine, ...]
    all_stuck: int
    questions: int

    @property
    def hardest(self) -> tuple[StepLine, ...]:
        """The three steps most often wrong."""
        judged = [s for s in self.steps if s.rate is not None and s.right < s.judged]
        return tuple(sorted(judged, key=lambda s: s.right / s.judged)[:3])

    @property
    def sure(self) -> tuple[int, int]:
        """How many guesses were made at 85 % or more, and how many of those were right."""
        sure = [line for line in self.said if line.said >= SURE]
        return sum(line.judged for line in sure), sum(line.right for line in sure)

    @property
    def mean_brier(self) -> float | None:
        """0 best, 1 worst; None before the first judged guess."""
        total = sum(line.judged for line in self.said)
        summed = sum(
            line.right * brier(line.said, True)
            + (line.judged - line.right) * brier(line.said, False)
            for line in self.said
        )
        return summed / total if total else None


def cohort_of(course: Course, tallies: Tallies, now: datetime) -> CohortScreen:
    """Return a class's page. What the course doesn't know any more, or few did, is left out."""
    tallies = told(tallies)
    runs = {one.lesson: one for one in tallies.runs}
    known = {lesson.slug for lesson in course.lessons}
    return CohortScreen(
        lessons=tuple(
            LessonLine(lesson.number, lesson.title, found.begun, found.done)
            for lesson in course.lessons
            if (found := runs.get(lesson.slug)) and found.begun
        ),
        steps=tuple(_steps(course, tallies)),
        beliefs=tuple(beliefs_of(course, tallies.votes)),
        said=tuple(_said(one for one in tallies.tries if one.lesson in known)),
        stuck=tuple(_stuck(course, tallies.stuck, now)),
        all_stuck=tallies.all_stuck,
        questions=tallies.questions,
    )


def beliefs_of(course: Course, votes: Sequence[Votes]) -> list[Belief]:
    """Return each misconception chosen where enough have voted, the most chosen first."""
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one in told_votes(votes):
        lesson = lessons.get(one.lesson)
        step = _step(lesson, one.step)
        belief = belief_behind(step, one.answer) if step else None
        if lesson and belief in lesson.misconceptions:
            counts[one.lesson, belief or ""] += one.votes
    found = [
        Belief(lessons[slug].number, lessons[slug].misconceptions[belief], count)
        for (slug, belief), count in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.votes, one.number, one.text))


def belief_behind(step: Step, key: str) -> str | None:
    """Return the misconception behind an answer as it is counted; see `scoring.tally_key`."""
    return kind_of(step).belief(step, key)


def days_since(since: datetime, now: datetime) -> int:
    """Return how many whole days have passed; never fewer than none."""
    return max(0, (now - since).days)


def _steps(course: Course, tallies: Tallies) -> Iterable[StepLine]:
    tries: dict[tuple[str, str], list[Tries]] = defaultdict(list)
    for one in tallies.tries:
        tries[one.lesson, one.step].append(one)
    votes: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for vote in tallies.votes:
        votes[vote.lesson, vote.step][vote.answer] = vote.votes
    for lesson in course.lessons:
        for index, step in enumerate(lesson.sequence, 1):
            if found := tries.get((lesson.slug, step.id)):
                yield StepLine(
                    lesson.number,
                    index,
                    getattr(step, "ask", step.id),
                    sum(one.tries for one in found),
                    sum(one.judged for one in found),
                    sum(one.right for one in found),
                    _worst(lesson, step, votes[lesson.slug, step.id]),
                )


def _worst(lesson: Lesson, step: Step, votes: Mapping[str, int]) -> str | None:
    believed = {
        key: count
        for key, count in votes.items()
        if count and belief_behind(step, key) in lesson.misconceptions
    }
    if not believed:
        return None
    key = max(believed, key=lambda k: (believed[k], k))
    return lesson.misconceptions[belief_behind(step, key) or ""]


def _said(tries: Iterable[Tries]) -> Iterable[SaidLine]:
    counts: dict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in tries:
        judged, right = counts[one.said]
        counts[one.said] = judged + one.judged, right + one.right
    for said, (judged, right) in sorted(counts.items()):
        if judged:
            yield SaidLine(said / 1000, judged, right)


def _stuck(course: Course, places: Iterable[MemberPlace], now: datetime) -> Iterable[StuckLine]:
    lessons = {lesson.slug: lesson for lesson in course.lessons}
    for place in places:
        lesson = lessons.get(place.lesson)
        ids = [step.id for step in lesson.sequence] if lesson else []
        if lesson and place.step in ids:
            yield StuckLine(
                place.learner_id,
                place.name,
                lesson.number,
                ids.index(place.step) + 1,
                len(ids),
                place.since,
                days_since(place.since, now),
            )


def _step(lesson: Lesson | None, step_id: str) -> Step | None:
    return next((s for s in lesson.sequence if s.id == step_id), None) if lesson else None
