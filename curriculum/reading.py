"""The files of a course, read and held against the schema, with all that didn't fit.

Steps are also validated one by one, so that a mistake in one hides none in the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from curriculum.errors import CourseError, KeyPath, Problem
from curriculum.kinds.base import Number
from curriculum.kinds.registry import Step
from curriculum.marked import Marked, read_marked
from curriculum.schema import CourseQuestion, GuessPassage, HowPeopleAsk, Lesson, Outline, Term
from curriculum.strays import lesson_files, passed_over

T = TypeVar("T")

_STEP: TypeAdapter[Step] = TypeAdapter(Step)
_NUMBERS = TypeAdapter(tuple[Number, ...])
_TERMS = TypeAdapter(tuple[Term, ...])
_QUESTION = TypeAdapter(CourseQuestion)
_QUESTIONS = TypeAdapter(tuple[CourseQuestion, ...])
_PASSAGES = TypeAdapter(tuple[GuessPassage, ...])
_ASKING = TypeAdapter(HowPeopleAsk)
_OUTLINE = TypeAdapter(Outline)
_LESSON = TypeAdapter(Lesson)
_FORMS = {"goes_on": "five plain words, with one space between"}
_ONE_KIND = {"recall": "recall", "quick_check": "choice", "teachback": "teachback"}


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """A step that fits the schema, and where it stands in its file."""

    place: KeyPath
    step: Step


@dataclass(frozen=True, slots=True)
class LessonFile:
    """One lesson file. `lesson` is None when it doesn't fit; `steps` are those that do."""

    marked: Marked
    lesson: Lesson | None
    steps: tuple[PlacedStep, ...]
    numbers: tuple[Number, ...]  # declared for the whole lesson

    @property
    def name(self) -> str:
        """What the file is called, without its ending."""
        return self.marked.file.stem

    def get(self, field: str) -> Any:
        """Return a field of the file as it stands there, or None."""
        return self.marked.data.get(field) if isinstance(self.marked.data, Mapping) else None

    def declared(self) -> list[tuple[KeyPath, tuple[Number, ...]]]:
        """Return the numbers declared for the lesson and for each step, by place."""
        return [((), self.numbers), *((p.place, p.step.numbers) for p in self.steps)]


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    """A question that fits the schema, and where it stands in its file."""

    place: KeyPath
    question: CourseQuestion


@dataclass(frozen=True, slots=True)
class CourseFiles:
    """A course folder as read: what fits, and what didn't."""

    folder: Path
    lessons: tuple[LessonFile, ...]
    outline: Outline | None
    outline_marked: Marked
    terms: tuple[Term, ...] | None
    terms_marked: Marked
    questions: tuple[PlacedQuestion, ...]
    questions_marked: Marked
    passages: tuple[GuessPassage, ...]
    passages_marked: Marked
    asking: HowPeopleAsk
    asking_marked: Marked
    problems: tuple[Problem, ...]


def read_course(folder: Path) -> CourseFiles:
    """Read every file of the course in this folder; raise nothing, note everything."""
    problems: list[Problem] = []
    outline_marked = _marked(folder / "course.yaml", problems)
    terms_marked = _marked(folder / "glossary.yaml", problems)
    questions_marked = _marked_if_there(folder / "questions.yaml", problems)
    _fitted(_QUESTIONS, questions_marked, problems)
    passages_marked = _marked_if_there(folder / "passages.yaml", problems)
    asking_marked = _marked_if_there(folder / "asked.yaml", problems)
    files = [_marked(file, problems) for file in lesson_files(folder)]
    problems.extend(passed_over(folder))
    return CourseFiles(
        folder=folder,
        lessons=tuple(_lesson_file(marked, problems) for marked in files if marked.lines),
        outline=_fitted(_OUTLINE, outline_marked, problems),
        outline_marked=outline_marked,
        terms=_fitted(_TERMS, terms_marked, problems),
        terms_marked=terms_marked,
        questions=tuple(_questions(questions_marked)),
        questions_marked=questions_marked,
        passages=_fitted(_PASSAGES, passages_marked, problems) or (),
        passages_marked=passages_marked,
        asking=_fitted(_ASKING, asking_marked, problems) or HowPeopleAsk(),
        asking_marked=asking_marked,
        problems=tuple(problems),
    )


def _marked(file: Path, problems: list[Problem]) -> Marked:
    try:
        marked = read_marked(file)
    except CourseError as error:
        problems.extend(error.problems)
        return Marked(file, None)
    if not marked.lines:
        problems.append(Problem(file, 1, "is empty: write it or remove the file"))
    return marked


def _marked_if_there(file: Path, problems: list[Problem]) -> Marked:
    """Read a file that a course may do without."""
    return _marked(file, problems) if file.exists() else Marked(file, None)


def _fitted(form: TypeAdapter[T], marked: Marked, problems: list[Problem]) -> T | None:
    if not marked.lines:
        return None  # unreadable or empty, and noted as such
    try:
        return form.validate_python(marked.data)
    except ValidationError as error:
        problems.extend(_problem(marked, detail) for detail in error.errors())
        return None


def _lesson_file(marked: Marked, problems: list[Problem]) -> LessonFile:
    lesson = _fitted(_LESSON, marked, problems)
    numbers = marked.data.get("numbers", ()) if isinstance(marked.data, Mapping) else ()
    return LessonFile(marked, lesson, tuple(_steps(marked)), _valid(_NUMBERS, numbers) or ())


def _steps(marked: Marked) -> Sequence[PlacedStep]:
    found = []
    for place, data in _raw_steps(marked.data):
        kind = _ONE_KIND.get(str(place[0]))
        known = {"kind": kind} | data if kind else data
        step = _valid(_STEP, known)
        if step is not None:
            found.append(PlacedStep(place, step))
    return found


def _questions(marked: Marked) -> Sequence[PlacedQuestion]:
    items = marked.data if isinstance(marked.data, list) else []
    tried = [((index,), _valid(_QUESTION, item)) for index, item in enumerate(items)]
    return [PlacedQuestion(place, question) for place, question in tried if question is not None]


def _raw_steps(data: Any) -> list[tuple[KeyPath, dict[str, Any]]]:
    if not isinstance(data, Mapping):
        return []
    placed: list[tuple[KeyPath, Any]] = []
    for field in ("steps", "recall", "quick_check"):
        items = data.get(field)
        if isinstance(items, list):
            placed += [((field, i), item) for i, item in enumerate(items)]
    placed.append((("teachback",), data.get("teachback")))
    return [(place, item) for place, item in placed if isinstance(item, dict)]


def _valid(form: TypeAdapter[T], data: Any) -> T | None:
    try:
        return form.validate_python(data)
    except ValidationError:
        return None  # the whole file's validation reports it, with its place


def _problem(marked: Marked, detail: ErrorDetails) -> Problem:
    place = detail["loc"]
    field = place[-1] if place else "the file"
    context = detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            text = f"`{field}` is missing: add it"
        case "extra_forbidden":
            text = f"`{field}` is no field here: check its spelling or remove it"
        case "string_too_long":
            length = len(str(detail["input"]))
            text = f"`{field}` is too long: {length} characters, cut it to {context['max_length']}"
        case "string_too_short":
            text = f"`{field}` is empty: write it or remove the line"
        case "string_pattern_mismatch":
            form = _FORMS.get(str(field), "small letters and digits, joined by hyphens")
            text = f"`{field}` must be {form}"
        case "union_tag_invalid":
            text = f"no kind of step is called {context['tag']!r}: use {context['expected_tags']}"
        case "union_tag_not_found":
            text = "`kind` is missing: say which kind of step this is"
        case _:
            text = f"`{field}`: {detail['msg'][:1].lower()}{detail['msg'][1:]}"
    return marked.problem(place, text)
