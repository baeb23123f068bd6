"""How often search finds what answers, and leaves alone what isn't the course."""

from bot.agent.search.search import CourseSearch
from curriculum.loader import load_course
from tests.eval.questions import PARTS, Part, named, off_course, on_course
from tests.eval.table import Share
from tests.fakes.encoders import cache_dir, sentence_encoder

FOUND, ABSTAINED = 0.95, 0.95


async def measure() -> list[Share]:
    """Measure with the encoder and without; goals are for held-out questions and both rankings."""
    course = load_course()
    by_both = CourseSearch.of(course, sentence_encoder(), cache_dir())
    await by_both.learn_meanings()
    shares: list[Share] = []
    for name, search in (("words and meaning", by_both), ("words alone", CourseSearch.of(course))):
        for part in PARTS:
            shares += await measured(search, f"{name}, {part}", part)
    return shares


async def measured(search: CourseSearch, name: str, part: Part) -> list[Share]:
    """Return hit@1, hit@3, on-course questions kept and off-course ones abstained."""
    posed, topics = on_course(part), off_course(part)
    first = third = kept = abstained = 0
    for question in posed:
        found = await search.find(question.text, 3)
        is_hit = [named(one.passage.source) in question.accepts for one in found]
        first += any(is_hit[:1])
        third += any(is_hit)
        kept += search.is_about_course(found)
    for topic in topics:
        abstained += not search.is_about_course(await search.find(topic, 3))
    has_goal = part in ("held", "blind", "promised") and search.knows_meanings
    shares = [
        Share(f"search, {name}: hit@1", first, len(posed)),
        Share(f"search, {name}: hit@3", third, len(posed), FOUND if has_goal else None),
        Share(f"search, {name}: course questions kept", kept, len(posed)),
    ]
    if topics:
        goal = ABSTAINED if has_goal else None
        name = f"search, {name}: other topics abstained"
        shares.append(Share(name, abstained, len(topics), goal))
    return shares
