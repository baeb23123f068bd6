"""A class whose learners go by the worst of names, for the report's tests."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.classroom.counts import (
    MemberPlace,
    Runs,
    Tallies,
    Tries,
    Votes,
)
from bot.domain.classroom.member import Member
from bot.domain.classroom.report import ClassRecord, Report, ShownLearner, report_of
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from curriculum.schema import Course
from tests.fakes.clock import NOW

CLASS = 900
SCRIPT = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">'
NAMES = (
    "Ada",
    "Björn 日本",
    '=HYPERLINK("http://evil.example","x")',
    "@SUM(A1)",
    "+1-1",
    "-cmd|' /C calc'!A0",
    "\t=1+1",
    "\u202edlrow\u202c \u200f\u2066x",
    SCRIPT,
    "[link](javascript:alert(1))",
    "nul\0 bell\a esc\x1b[31m",
    "<!-- {{7*7}} ${7*7} -->",
)


def held(course: Course, names: tuple[str, ...] = NAMES) -> ClassRecord:
    """Return a class in which each learner has guessed the first steps of each lesson."""
    lesson = course.lessons[0]
    steps = [step for step in lesson.sequence if hasattr(step, "ask")][:4]
    shown = []
    for number, name in enumerate(names, 1):
        guesses = tuple(
            Guess(
                step.id, "A" if step.kind == "choice" else SCRIPT, 0.85, 0,
                NOW - timedelta(days=number), number % 2 == 0, why=f"=1+1 {name}",
            )
            for step in steps
        )  # fmt: skip
        attempt = Attempt(number, number, lesson.slug, 1, steps[-1].id, cohort_id=CLASS)
        attempt = replace(attempt, phase=Phase.LOCKED, guesses=guesses)
        member = Member(number, CLASS, NOW - timedelta(days=99), True, name)
        shown.append(ShownLearner(member, NOW - timedelta(days=number), (attempt,)))
    said = (250, 475, 700, 850, 970)
    return ClassRecord(
        Tallies(
            runs=[Runs(one.slug, 40 - n, 20 - n) for n, one in enumerate(course.lessons)],
            tries=[
                Tries(one.slug, step.id, each, 10 + n, 10 + n, (3 + 2 * n + index) % (10 + n))
                for one in course.lessons
                for index, step in enumerate(s for s in one.sequence if hasattr(s, "hints"))
                for n, each in enumerate(said)
            ],
            votes=[
                Votes(one.slug, step.id, key, 7 + n)
                for one in course.lessons
                for step in one.sequence
                if step.kind == "choice"
                for n, key in enumerate("AB")
            ],
            stuck=[MemberPlace(1, names[0], lesson.slug, steps[-1].id, NOW - timedelta(days=5))],
            all_stuck=12,
            questions=2,
        ),
        "key of the class",
        shown,
        [f"Why {SCRIPT}?", "=1+1 what is a KV cache?"],
    )


def sample(course: Course, *, has_names: bool = True, names: tuple[str, ...] = NAMES) -> Report:
    """Return that class's report."""
    return report_of(course, CLASS, held(course, names), NOW, has_names=has_names)
