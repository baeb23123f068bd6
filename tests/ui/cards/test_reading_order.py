"""A card as a screen reader reads it: words first, and no button or picture without any."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from bot.domain.daily.game import Best, DailyGuess
from bot.domain.daily.screens import Record, daily_screen
from bot.domain.lesson.screens import RecapScreen
from bot.ui.cards.daily import draw_daily, draw_daily_post
from bot.ui.cards.kit import Card
from bot.ui.cards.lesson.draw import draw
from bot.ui.cards.lesson.recap import draw_recap_post
from curriculum.schema import Course
from tests.domain.lesson.walks import evidence_of
from tests.fakes.clock import NOW
from tests.journeys.player import parts_of
from tests.ui.cards.test_limits import largest_exhibits, screens_of

TEXT, BUTTON, MENU, GALLERY = 10, 2, 3, 12
PRIMARY, SECONDARY = 1, 2  # blurple and grey
COLOURED = re.compile("[🟥-🟫🔴-🔵🟠-🟤🔶-🔹⬛⬜]")


def daily_cards(course: Course) -> Iterator[Card]:
    if not course.passages:
        return
    passage = course.passages[0]
    made = [
        DailyGuess(n, passage.id, "x", NOW, evidence_of(2, probability), 3.0)
        for n, probability in enumerate((0.5, 0.05, 0.001, 0.2, 0.02))
    ]
    for count in range(6):
        record = Record(3, Best(2.0, 4)) if count == 5 else None
        screen = daily_screen(passage, date(2026, 9, 30), made[:count], {}, record)
        yield draw_daily(screen)
        if screen.is_done:
            yield draw_daily_post(screen, 1)


async def cards_of(course: Course) -> list[Card]:
    exhibits = [None, *await largest_exhibits()]
    cards = [*daily_cards(course)]
    for lesson in course.lessons:
        for screen in screens_of(lesson, course):
            cards += [draw(screen, exhibit) for exhibit in exhibits]
            if isinstance(screen, RecapScreen):
                cards.append(draw_recap_post(screen, 1))
    return cards


async def test_words_come_first_and_every_button_and_picture_has_some(each: Course) -> None:
    for card in await cards_of(each):
        parts = [*parts_of(card.to_components())]
        kinds = [part["type"] for part in parts if part["type"] in (TEXT, BUTTON, MENU, GALLERY)]
        assert kinds[0] == TEXT
        for part in parts:
            if part["type"] == BUTTON:
                assert part["label"].strip()
            for item in part.get("items", ()):
                assert len(item["description"]) > len("a picture")


async def test_no_card_tells_by_colour_alone(each: Course) -> None:
    """Signs of different colours differ in shape too, and their card names each shape.

    No button is green or red: what was picked would look right before the answer is out.
    """
    names = {"🟩": "square", "🟡": "circle", "🔷": "diamond"}
    for card in await cards_of(each):
        parts = [*parts_of(card.to_components())]
        assert {p["style"] for p in parts if p["type"] == BUTTON} <= {PRIMARY, SECONDARY}
        text = "\n".join(p["content"] for p in parts if p["type"] == TEXT)
        for sign in set(COLOURED.findall(text)):
            assert f"{sign} {names[sign]}" in text


@pytest.mark.parametrize("shape", ["square", "circle", "diamond"])
def test_the_signs_of_a_passage_are_explained_where_they_are_posted(
    shipped: Course, shape: str
) -> None:
    post = [*daily_cards(shipped)][-1]
    assert shape in str(post.to_components())
