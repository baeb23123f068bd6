"""A database as years of use leave it, made by PostgreSQL itself: no row crosses a wire."""

from importlib import import_module
from typing import Any

from sqlalchemy import text

from bot.domain.classroom.change import thousandths
from bot.domain.lesson.confidence import levels_for
from bot.store.database import Database, transaction
from curriculum.schema import Course, Lesson

EVERYBODY, CLASS = 1, 2  # a server that all learners share; one of 500 of them
CLASS_SIZE = 500
GUESSES = 10  # that a learner has made in each lesson they took
LESSONS = 5  # of the course's twelve, that each learner took

_FILL = (
    # the answers of a lesson's first guessable steps, by place
    "CREATE TEMP TABLE asked (lesson text, place int, step text, said float[])",
    """INSERT INTO learner SELECT g, now() FROM generate_series(1, :learners) g""",
    """INSERT INTO cohort (id, first_seen, instructor_role) VALUES
       (:everybody, now(), 7), (:class, now(), 7)""",
    """INSERT INTO attempt
         (learner_id, cohort_id, lesson, run, step, phase, draft, hints, begun, changed)
       SELECT g, CASE WHEN g <= :size AND k = 0 THEN :class ELSE :everybody END,
              :slug || (g + k) % 12, 1, CASE WHEN k = 0 THEN :step ELSE '' END,
              CASE WHEN k = 0 THEN 'asking' ELSE 'finished' END, NULL, 0,
              now() - interval '90 days', now() - (g % 80) * interval '1 day'
       FROM generate_series(1, :learners) g, generate_series(0, :lessons - 1) k""",
    """INSERT INTO guess
         (attempt_id, step, answer, confidence, hints, at, is_right, why, ticked, evidence)
       SELECT a.id, s.step, substr('ABCD', 1 + ((a.id * 7 + s.place) % 4)::int, 1),
              s.said[1 + ((a.id + s.place) % 5)], 0, a.changed, (a.id * 7 + s.place) % 3 = 0,
              NULL, '[]', NULL
       FROM attempt a JOIN asked s ON s.lesson = a.lesson""",
    """INSERT INTO tally
       SELECT a.cohort_id, a.lesson, g.step, g.answer, count(*), count(*) FILTER (WHERE g.is_right)
       FROM guess g JOIN attempt a ON a.id = g.attempt_id GROUP BY 1, 2, 3, 4""",
    # what people write for a token is never the same: the tallies that a class page must pass by
    """INSERT INTO tally
       SELECT :everybody, :slug || g % 12, 'how-sure', 'word ' || g, 1, 0
       FROM generate_series(1, :learners / 5) g""",
    """INSERT INTO question (cohort_id, learner_id, text, found, asked, answer, is_told)
       SELECT :everybody, g, 'Why?', '[]', now(), CASE WHEN g % 10 > 0 THEN 'Because.' END, true
       FROM generate_series(1, :learners / 20) g""",
    """INSERT INTO membership (learner_id, cohort_id, joined, is_shown)
       SELECT g, :everybody, now() - interval '90 days', g % 3 > 0
       FROM generate_series(1, :learners) g""",
    """INSERT INTO membership (learner_id, cohort_id, joined, is_shown)
       SELECT g, :class, now() - interval '90 days', g % 3 > 0
       FROM generate_series(1, :size) g""",
)


async def fill(store: Database, course: Course, learners: int) -> int:
    """Fill a migrated database; return how many guesses it holds then.

    The class's counts are made by the statements of the migration that brought them.

    Args:
        store: PostgreSQL.
        course: Twelve lessons, of slugs that end with their number from 0.
        learners: How many; at least `CLASS_SIZE`.
    """
    slug = course.lessons[0].slug.removesuffix("0")
    values: dict[str, Any] = {
        "learners": learners,
        "lessons": LESSONS,
        "everybody": EVERYBODY,
        "class": CLASS,
        "size": CLASS_SIZE,
        "slug": slug,
        "step": course.lessons[0].sequence[-1].id,
    }
    counting = import_module("migrations.0005_classes")
    async with transaction(store) as connection:
        for number, statement in enumerate(_FILL):
            query = text(statement)
            used = {name: values[name] for name in query.compile().params}
            await connection.execute(query, used)
            if number == 0:
                for row in _asked(course):
                    await connection.execute(text("INSERT INTO asked VALUES (:l, :p, :s, :c)"), row)
        for statement in (counting._COUNT_TRIES, counting._COUNT_RUNS, counting._FIND_PLACES):
            await connection.execute(text(statement))
        counted = await connection.execute(text("SELECT count(*) FROM guess"))
    return int(counted.scalar_one())


def _asked(course: Course) -> list[dict[str, Any]]:
    return [
        {"l": lesson.slug, "p": place, "s": step, "c": said}
        for lesson in course.lessons
        for place, (step, said) in enumerate(_guessable(lesson))
    ]


def _guessable(lesson: Lesson) -> list[tuple[str, list[float]]]:
    """Return ten steps and five confidences each; a lesson with fewer lends its ids twice."""
    found = [(s.id, [one.probability for one in levels_for(s)]) for s in lesson.sequence]
    found = [(step, said) for step, said in found if said]
    extra = [(f"{step}-2"[:24], said) for step, said in found]
    assert all(thousandths(one) for _, said in found for one in said)
    return (found + extra)[:GUESSES]
