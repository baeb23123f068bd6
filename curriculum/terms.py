"""Terms of the glossary that a lesson uses before any lesson has taught them."""

import re
from collections.abc import Iterator, Sequence

from curriculum.errors import KeyPath, Problem
from curriculum.numerals import without_code
from curriculum.prose import lesson_prose, step_prose
from curriculum.reading import CourseFiles, LessonFile
from curriculum.schema import Term

_AT_THE_END = ("misconceptions", "takeaways", "try_this")  # a lesson's end shows them


def terms_too_early(reading: CourseFiles) -> Iterator[Problem]:
    """List each term that a lesson before its own uses without saying what it is.

    A lesson says so by setting the word in stars where it first stands, as in *logits*, or by
    naming the lesson that will, as in "softmax (lesson 6)". What people know from their own work
    is listed in the glossary as `everyday`; the stops of the course's map are seen there first.
    """
    stages = reading.outline.stages if reading.outline else ()
    stops, planned = {stage.stop for stage in stages}, {stage.number for stage in stages}
    terms = {
        term.term: term
        for term in reading.terms or ()
        if term.lesson in planned and not stops & {term.term, *term.aliases}
    }
    for file in sorted(reading.lessons, key=_number):
        prose = _as_read(file)
        said = "\n".join(text for _, text in prose).casefold()
        for term in [term for term in terms.values() if term.lesson > _number(file)]:
            names = tuple(name for name in _to_be_taught(term) if name.casefold() in said)
            place, is_explained = _first_use(names, term.lesson, prose)
            if is_explained:
                del terms[term.term]  # later lessons may lean on it
            elif place is not None:
                text = f"{term.term!r} is taught in lesson {term.lesson}: say here what it is, in"
                yield file.marked.problem(
                    place, f"{text} stars, or list the word as `everyday` in glossary.yaml"
                )


def _number(file: LessonFile) -> int:
    number = file.get("number")
    return number if isinstance(number, int) else 0


def _as_read(file: LessonFile) -> list[tuple[KeyPath, str]]:
    """Return the prose in the order in which learners meet it."""
    around = [(place, without_code(text)) for place, text in lesson_prose(file)]
    steps = [
        (place, without_code(text))
        for placed in file.steps
        for place, text in step_prose(file, placed)
    ]
    first = [one for one in around if one[0][0] not in _AT_THE_END]
    return [*first, *steps, *(one for one in around if one[0][0] in _AT_THE_END)]


def _to_be_taught(term: Term) -> Iterator[str]:
    yield from (name for name in (term.term, *term.aliases) if name not in term.everyday)


def _first_use(
    names: tuple[str, ...], lesson: int, prose: Sequence[tuple[KeyPath, str]]
) -> tuple[KeyPath | None, bool]:
    """Return where any of a term's names first stands, and whether it is explained there."""
    if names:
        used, explained = _used(names), _explained(names, lesson)
        for place, text in prose:
            if used.search(text):
                return place, explained.search(text) is not None
    return None, False


def _used(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<![\w-]){_form(name)}(?![\w-])" for name in names))


def _explained(names: tuple[str, ...], lesson: int) -> re.Pattern[str]:
    each = "|".join(map(_form, names))
    return re.compile(rf"\*(?:{each})\*|(?:{each})\b[^.!?]*\(?\blesson {lesson}\b")


def _form(name: str) -> str:
    """Return a pattern: one or several of it; its first letter may be large, as in a heading."""
    first, rest = re.escape(name[0]), re.escape(name[1:])
    if not name[0].isalpha() or name.isupper():
        return f"{first}{rest}s?"
    return f"[{first.upper()}{first.lower()}]{rest}(?:e?s)?"
