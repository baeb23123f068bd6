"""How often what a follow-up leans on is found: as it stands, and as the whole question it is."""

import yaml

from bot.agent.follow_up import whole
from bot.agent.nodes.gate import Gate
from bot.agent.search.search import CourseSearch
from curriculum.loader import load_course
from tests.eval.questions import HERE, named
from tests.eval.table import Share
from tests.fakes.encoders import cache_dir, sentence_encoder

RIGHT = 0.85


async def measure() -> list[Share]:
    """Measure both halves with the encoder and without; the goal is for the untouched half."""
    course = load_course()
    both = CourseSearch.of(course, sentence_encoder(), cache_dir())
    await both.learn_meanings()
    shares = []
    for name, search in (("words and meaning", both), ("words alone", CourseSearch.of(course))):
        for part in ("tuned", "held"):
            wrong = await missed(search, part)
            many, goal = len(posed(part)), RIGHT if part == "held" else None
            shares.append(Share(f"follow-ups, {name}, {part}", many - len(wrong), many, goal))
    return shares


async def missed(search: CourseSearch, part: str) -> list[str]:
    """Return the follow-ups of a half for which the first thing found isn't what answers."""
    return [str(one["asks"]) for one in posed(part) if not await _is_right(search, one)]


def posed(part: str) -> list[dict[str, object]]:
    """Return the follow-ups of a half."""
    found: list[dict[str, object]] = yaml.safe_load((HERE / "followups.yaml").read_text())[part]
    return found


async def _is_right(search: CourseSearch, one: dict[str, object]) -> bool:
    said, asked = one["said"], one["asks"]
    assert isinstance(said, list)
    assert isinstance(asked, str)
    found = whole(asked, said, search.names_in)
    route = found.computes.route if found.computes else None
    if isinstance(wanted := one.get("computes"), dict):
        told = {"instrument": route.instrument, **route.chosen} if route else {}
        return all(told.get(name) == value for name, value in wanted.items())
    _, passages = await Gate(search).sought(found)
    accepts = one["accepts"]
    assert isinstance(accepts, list)
    return route is None and bool(passages) and named(passages[0].passage.source) in accepts
