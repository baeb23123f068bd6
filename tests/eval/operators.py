"""How often what operators ask finds what answers it, past the gate; and what is left alone."""

from pathlib import Path
from typing import Any

import yaml

from bot.agent.search.search import CourseSearch
from curriculum.loader import load_course
from tests.eval.questions import Posed, named
from tests.eval.table import Share
from tests.fakes.encoders import cache_dir, sentence_encoder


async def measure() -> list[Share]:
    """Measure with the encoder and without."""
    course, shares = load_course(), []
    for name, encoder in (("words and meaning", sentence_encoder()), ("words alone", None)):
        search = CourseSearch.of(course, encoder, cache_dir() if encoder else None)
        await search.learn_meanings()
        shares += await measured(search, f"operators, {name}")
    return shares


async def measured(search: CourseSearch, name: str) -> list[Share]:
    """Return hit@1 and hit@3 of what passed the gate, and what was fairly left alone besides."""
    posed, missing = operators()
    first = third = left = 0
    for question in posed:
        found = await search.find(question.text, 3)
        hits = [named(one.passage.source) in question.accepts for one in found]
        passed = search.is_about_course(found)
        first += passed and any(hits[:1])
        third += passed and any(hits)
    for text in missing:
        left += not search.is_about_course(await search.find(text, 3))
    return [
        Share(f"{name}: hit@1", first, len(posed)),
        Share(f"{name}: hit@3", third, len(posed)),
        Share(f"{name}: right first or fairly refused", first + left, len(posed) + len(missing)),
    ]


def operators() -> tuple[list[Posed], list[str]]:
    """Return what the course answers, and what it doesn't teach."""
    read: Any = yaml.safe_load((Path(__file__).parent / "operators.yaml").read_text("utf-8"))
    posed = [Posed(one["asks"], frozenset(one["accepts"])) for one in read["course"]]
    return posed, read["missing"]
