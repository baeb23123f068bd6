"""The lessons of the book, each with its steps and words."""

from dataclasses import dataclass

from bot.book.recording import ShownSteps, StepShown
from bot.book.step import BookStep, book_step
from curriculum.schema import Course, Lesson, Term


@dataclass(frozen=True, slots=True)
class Chapter:
    """A lesson with its steps ready to be drawn, and the terms it teaches."""

    lesson: Lesson
    steps: tuple[BookStep, ...]
    terms: tuple[Term, ...]


def chapters_of(course: Course, shown: ShownSteps) -> tuple[Chapter, ...]:
    """Return every lesson of a course with what a model shows in it."""
    terms = {term.term: term for term in course.terms}
    return tuple(
        Chapter(
            lesson,
            tuple(
                book_step(lesson, place, shown.get((lesson.slug, step.id), StepShown()))
                for place, step in enumerate(lesson.sequence, 1)
            ),
            tuple(terms[name] for name in lesson.glossary),
        )
        for lesson in course.lessons
    )
