"""Which passage of the right source is chosen, asked in words of its own that search wasn't told.

Each written answer, and each definition, loses one of its ways of asking, which is then asked. The
ways come from the course's authors, so the figures compare rankings; they are no users' share.
"""

from dataclasses import replace

from bot.agent.search.search import CourseSearch
from bot.domain.tutor.passages import Passage, passages_of
from curriculum.loader import load_course
from curriculum.schema import Course
from tests.eval.table import Share
from tests.fakes.encoders import cache_dir, sentence_encoder


async def measure() -> list[Share]:
    """Measure with the encoder and without."""
    course, shares = load_course(), []
    for name, encoder in (("words and meaning", sentence_encoder()), ("words alone", None)):
        kept, held = held_back(course)
        folder = cache_dir() if encoder else None
        search = CourseSearch(kept, encoder, folder, course.asking.elsewhere)
        await search.learn_meanings()
        for kind in ("answers", "definitions"):
            right, first = await chosen(search, held[kind])
            shares.append(Share(f"passages, {name}: of {kind}", right, first))
    return shares


def held_back(course: Course, turn: int = 0) -> tuple[list[Passage], dict[str, list[Passage]]]:
    """Return all passages without a way of asking each, and those again with that way alone.

    The choice is fitted on the second and third ways, turns 1 and 2: turn 0 measures.
    """
    answers = {question.ask for question in course.questions}
    ways = {term.term: term.asked for term in course.terms}
    kept: list[Passage] = []
    held: dict[str, list[Passage]] = {"answers": [], "definitions": []}
    for passage in passages_of(course):
        own = passage.asked if passage.title in answers else ways.get(passage.title, ())
        way = own[turn : turn + 1]
        if way:
            kind = "answers" if passage.title in answers else "definitions"
            held[kind].append(replace(passage, asked=way))
        kept.append(replace(passage, asked=tuple(p for p in passage.asked if p not in way)))
    several = {one.source for one in kept if sum(two.source == one.source for two in kept) > 1}
    return kept, {kind: [p for p in each if p.source in several] for kind, each in held.items()}


async def chosen(search: CourseSearch, held: list[Passage]) -> tuple[int, int]:
    """Return how often the passage is the right one, of those where its source comes first."""
    right = first = 0
    for passage in held:
        (found,) = await search.find(passage.asked[0], 1) or (None,)
        if found and found.passage.source == passage.source:
            first += 1
            right += found.passage.text == passage.text
    return right, first
