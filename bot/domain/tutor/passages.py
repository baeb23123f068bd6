"""What the course says, in pieces that can be found, quoted and cited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.domain.lesson.kinds.registry import kind_of
from curriculum.kinds.base import AskedStep
from curriculum.schema import Course, Lesson, Term


@dataclass(frozen=True, slots=True)
class Source:
    """Where a passage stands: in a step of a lesson, or in the glossary.

    Attributes:
        lesson: The number of the lesson that teaches it.
        step: The step's id; None for a term.
        term: The term as the glossary spells it; None for a step.
    """

    lesson: int
    step: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the course.

    Attributes:
        source: What to cite.
        title: A question or a name, as a learner knows it.
        text: What it says; may hold the answer to a step, so mind `spoilers.py`.
        asked: Other words in which people look for this passage; searched, never shown.
        names: A term's name and its aliases; only of the passage that defines it.
        ways: Other words in which people look for its source, whatever they want to know of it.
        is_answer: Whether it was written to answer its title, from more than its source says.
    """

    source: Source
    title: str
    text: str
    asked: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    is_answer: bool = False


def passages_of(course: Course) -> tuple[Passage, ...]:
    """Return all passages of a course; several may cite one step or one term."""
    terms = map(_of_term, course.terms)
    steps = (p for lesson in course.lessons for p in _of_lesson(lesson))
    return (*_with_ways((*terms, *steps), course), *_of_questions(course))


def answers_of(course: Course) -> Mapping[Source, Passage]:
    """Return what to quote of each step that says several things, whichever was asked for."""
    found = {}
    for lesson in course.lessons:
        for step in lesson.sequence:
            told = kind_of(step).quoted(step)
            if told is not None and isinstance(step, AskedStep):
                source = Source(lesson.number, step=step.id)
                found[source] = Passage(source, step.ask, told.strip())
    return found


def _with_ways(passages: tuple[Passage, ...], course: Course) -> Iterator[Passage]:
    """Yield the passages, each source's ways of asking with the one that answers it."""
    taught_in = {term.term: term.lesson for term in course.terms}
    ways = {
        Source(c.lesson or taught_in[c.term or ""], step=c.step, term=c.term): each.ways
        for each in course.asking.asked
        for c in [each.cites]
    }
    told = answers_of(course)
    for passage in passages:
        right = told.get(passage.source)
        if passage.source in ways and (right is None or right.text == passage.text):
            passage = replace(passage, ways=ways.pop(passage.source))
        yield passage


def _of_term(term: Term) -> Passage:
    names = (term.term, *term.aliases)
    source = Source(term.lesson, term=term.term)
    return Passage(source, term.term, term.means.strip(), term.aliases + term.asked, names)


def _of_questions(course: Course) -> Iterator[Passage]:
    taught_in = {term.term: term.lesson for term in course.terms}
    for question in course.questions:
        cites = question.cites
        lesson = cites.lesson or taught_in[cites.term or ""]
        source = Source(lesson, step=cites.step, term=cites.term)
        text = question.answer.strip()
        yield Passage(source, question.ask, text, question.also, is_answer=True)


def _of_lesson(lesson: Lesson) -> Iterator[Passage]:
    for step in lesson.sequence:
        source = Source(lesson.number, step=step.id)
        for title, text, *asked in kind_of(step).passages(step):
            yield Passage(source, title, text.strip(), tuple(asked))
