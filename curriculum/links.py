"""Names that one part of a course uses for another: each must lead somewhere, and only there."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from curriculum.errors import KeyPath, Problem
from curriculum.marked import Marked
from curriculum.reading import CourseFiles, LessonFile
from curriculum.schema import Cited, CourseStop


def broken_links(reading: CourseFiles) -> Iterator[Problem]:
    """List names that stand twice, lead nowhere, or disagree with the outline."""
    yield from _outline(reading)
    yield from _glossary(reading)
    for field in ("number", "slug"):
        named = [(file.marked, (field,), file.get(field)) for file in reading.lessons]
        yield from _twins(f"lesson {field}", named)
    for file in reading.lessons:
        yield from _lesson(reading, file)
    yield from _questions(reading)
    yield from _asked(reading)


def _outline(reading: CourseFiles) -> Iterator[Problem]:
    stages = _stages(reading)
    for field in ("number", "slug"):
        named = [
            (reading.outline_marked, ("stages", i, field), getattr(stage, field))
            for i, stage in enumerate(stages)
        ]
        yield from _twins(f"stage {field}", named)


def _glossary(reading: CourseFiles) -> Iterator[Problem]:
    marked, terms = reading.terms_marked, reading.terms or ()
    named: list[tuple[Marked, KeyPath, Hashable]] = []
    for i, term in enumerate(terms):
        named.append((marked, (i, "term"), term.term.casefold()))
        named += [(marked, (i, "aliases", j), a.casefold()) for j, a in enumerate(term.aliases)]
    yield from _twins("term", named)
    for i, term in enumerate(terms):
        if unknown := sorted({*term.everyday} - {term.term, *term.aliases}):
            text = f"{unknown[0]!r} is no name of {term.term!r}: add it to its `aliases` first"
            yield marked.problem((i, "everyday"), text)
    planned = {stage.number for stage in _stages(reading)}
    for i, term in enumerate(terms):
        if planned and term.lesson not in planned:
            text = f"the outline has no lesson {term.lesson}: name one of {_list(planned)}"
            yield marked.problem((i, "lesson"), text)


def _lesson(reading: CourseFiles, file: LessonFile) -> Iterator[Problem]:
    yield from _place_in_course(reading, file)
    yield from _terms_taught(reading, file)
    steps = [(file.marked, (*p.place, "id"), p.step.id) for p in file.steps]
    yield from _twins("step id", steps)
    notebook = file.get("notebook")
    if isinstance(notebook, str) and not (reading.folder / "notebooks" / notebook).is_file():
        text = f"no notebook {notebook!r} in notebooks/: write it or remove the line"
        yield file.marked.problem(("notebook",), text)


def _place_in_course(reading: CourseFiles, file: LessonFile) -> Iterator[Problem]:
    number, slug = file.get("number"), file.get("slug")
    name = f"{number:02}-{slug}.yaml" if isinstance(number, int) else file.marked.file.name
    if file.lesson is not None and name != file.marked.file.name:
        yield file.marked.problem((), f"the file should be called {name}: rename it")
    if reading.outline is None:
        return
    planned = {(stage.number, stage.slug) for stage in _stages(reading)}
    if isinstance(number, int) and isinstance(slug, str) and (number, slug) not in planned:
        text = f"the outline's lesson {number} isn't {slug!r}: make them agree with course.yaml"
        yield file.marked.problem(("slug",), text)
    known = {*(slug for _, slug in planned), *(str(other.get("slug")) for other in reading.lessons)}
    yield from _built_on(file, {stage.slug: stage.number for stage in _stages(reading)})
    following = file.get("next")
    if isinstance(following, str) and following not in known:
        text = f"`next` names {following!r}, which is neither written nor planned"
        yield file.marked.problem(("next",), text + _meant(following, known))


def _built_on(file: LessonFile, planned: Mapping[str, int]) -> Iterator[Problem]:
    number, named = file.get("number"), file.get("builds_on")
    for index, slug in enumerate(named if isinstance(named, list) else ()):
        if not isinstance(slug, str) or planned.get(slug, 0) in range(1, int(number or 0)):
            continue
        text = f"{slug!r} isn't a lesson before this one"
        yield file.marked.problem(("builds_on", index), text + _meant(str(slug), {*planned}))


def _terms_taught(reading: CourseFiles, file: LessonFile) -> Iterator[Problem]:
    taught = file.get("glossary")
    if reading.terms is None or not isinstance(taught, list):
        return
    known = {term.term for term in reading.terms}
    for index, term in enumerate(taught):
        if isinstance(term, str) and term not in known:
            text = f"the glossary has no term {term!r}: add it to glossary.yaml"
            yield file.marked.problem(("glossary", index), text + _meant(term, known))


def _questions(reading: CourseFiles) -> Iterator[Problem]:
    marked = reading.questions_marked
    ids = [(marked, (*asked.place, "id"), asked.question.id) for asked in reading.questions]
    yield from _twins("question", ids)
    for asked in reading.questions:
        text = _leads_nowhere(reading, asked.question.cites)
        if text:
            yield marked.problem((*asked.place, "cites"), text)


def _asked(reading: CourseFiles) -> Iterator[Problem]:
    marked = reading.asking_marked
    ways: list[tuple[Marked, KeyPath, Hashable]] = []
    for index, each in enumerate(reading.asking.asked):
        text = _leads_nowhere(reading, each.cites)
        if text:
            yield marked.problem(("asked", index, "cites"), text)
        ways += [
            (marked, ("asked", index, "ways", number), way.casefold())
            for number, way in enumerate(each.ways)
        ]
    ways += [
        (marked, ("elsewhere", number), way.casefold())
        for number, way in enumerate(reading.asking.elsewhere)
    ]
    yield from _twins("way of asking", ways)


def _leads_nowhere(reading: CourseFiles, cited: Cited) -> str | None:
    """Say what is wrong with what a question cites; None when it leads somewhere."""
    match cited:
        case Cited(term=str(term), lesson=None, step=None):
            known = {entry.term for entry in reading.terms or ()}
            if reading.terms is None or term in known:
                return None
            return f"the glossary has no term {term!r}: cite one it has" + _meant(term, known)
        case Cited(term=None, lesson=int(number), step=str(step)):
            files = [file for file in reading.lessons if file.get("number") == number]
            known = {placed.step.id for file in files for placed in file.steps}
            if step in known or _is_any_lesson_unread(reading):
                return None
            return f"lesson {number} has no step {step!r}: cite one it has" + _meant(step, known)
        case _:
            return "cite either a `term`, or a `lesson` and a `step` of it"


def _is_any_lesson_unread(reading: CourseFiles) -> bool:
    """Whether a lesson, or a step of one, didn't fit: then it may be the one that is named."""
    return any(problem.file.parent.name == "lessons" for problem in reading.problems)


def _twins(what: str, named: Iterable[tuple[Marked, KeyPath, Hashable]]) -> Iterator[Problem]:
    first: dict[Hashable, str] = {}
    for marked, place, name in named:
        if name is None or not isinstance(name, Hashable):
            continue  # missing or misshapen: the schema says so
        here = f"{marked.file.name}:{marked.lines[marked.known(place)]}"
        if name in first:
            text = f"{what} {name!r} is taken at {first[name]}: choose another"
            yield marked.problem(place, text)
        first.setdefault(name, here)


def _stages(reading: CourseFiles) -> tuple[CourseStop, ...]:
    return reading.outline.stages if reading.outline else ()


def _meant(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _list(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(numbers))
