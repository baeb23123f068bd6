"""Class: code on a card of a lesson that scrolls sideways, or breaks where a name reads as two."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from bot.domain.lesson.projection import screen_for
from bot.ui.cards.lesson.draw import draw
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import walked
from tests.ui.cards.test_limits import texts_of
from tools.exhibit.monospace import PHONE, columns

FENCED = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
NAMES = re.compile(r"`([^`\n]+)`")
LONGEST_NAME = 25  # columns of a line 360 points wide, in the page that tests look at
BREAKS = re.compile(r"[\s-]+")  # a line may end there, and nobody takes it for a sign


def said_in(part: Any) -> Iterator[str]:
    """Yield every text of a lesson, of a step or of what they are made of."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for each in part.values():
            yield from said_in(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from said_in(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from said_in(getattr(part, field.name))
    elif hasattr(type(part), "model_fields"):
        for name in type(part).model_fields:
            if name not in ("numbers", "sources"):  # no card shows where a number is from
                yield from said_in(getattr(part, name))


def too_long_in(text: str) -> list[str]:
    """Return the lines and names of a card's text that don't fit a phone."""
    lines = [line for block in FENCED.findall(text) for line in block.split("\n")]
    found = [line for line in lines if columns(line) > PHONE]
    for code in NAMES.findall(FENCED.sub("", text)):
        found += [word for word in BREAKS.split(code) if columns(word) > LONGEST_NAME]
    return found


def test_no_code_in_any_lesson_is_wider_than_a_phone(shipped: Course) -> None:
    looked_at = 0
    for lesson in shipped.lessons:
        for text in said_in(lesson):
            assert too_long_in(text) == [], (lesson.number, text)
            looked_at += 1
        assert [line for text in end_of(lesson) for line in too_long_in(text)] == [], lesson.number
    assert looked_at > 4_000


def end_of(lesson: Lesson) -> list[str]:
    """Return what the card says that ends a lesson: its command stands there."""
    return texts_of(draw(screen_for(walked(lesson, is_right=True)[-1], lesson)))


def test_every_lesson_ends_in_one_thing_to_do_on_ones_own_cluster(shipped: Course) -> None:
    for lesson in shipped.lessons:
        assert lesson.try_this, lesson.number
        command = lesson.try_this.command
        assert command, lesson.number
        assert f"```\n{command}\n```" in "\n".join(end_of(lesson)), lesson.number


def test_what_is_too_wide_is_found() -> None:
    assert too_long_in(f"```sh\n{'x' * 20}\n```") == []
    assert too_long_in(f"```\n{'x' * 21}\n```") == ["x" * 21]
    assert too_long_in("`num_speculative_tokens_per_batch_size`")
    assert too_long_in("`--long-prefill-token-threshold` is `prefix_cache_hits_total`") == []
