"""The cards of a learner's way: inside Discord's limits, and ten lines before the first button."""

import re
from collections.abc import Iterator
from datetime import date

from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.projection import intro_of
from bot.domain.lesson.recap import Calibration
from bot.domain.path.certificate import Certificate
from bot.domain.path.redo import ToRedo, asked_anew
from bot.domain.path.screens import (
    PlacementOffer,
    PlacementQuestion,
    PlacementResult,
    RedoPlace,
    RedoQuestion,
    RedoRest,
    RedoTold,
)
from bot.domain.progress.mastery import LevelRecord
from bot.ui.cards.kit import Card
from bot.ui.cards.lesson.study import draw_intro
from bot.ui.cards.path.certificate import draw_certificate, draw_certificate_post
from bot.ui.cards.path.placement import draw_placement
from bot.ui.cards.path.redo import draw_redo
from curriculum import budgets
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import answer_to
from tests.domain.path.test_redo import guess
from tests.journeys.player import parts_of
from tests.ui.limits import broken_limits
from tools.figures import FIGURES

TEXT, ROW = 10, 1


def redo_cards(lesson: Lesson) -> Iterator[Card]:
    for step in lesson.sequence:
        if not kind_of(step).is_voted:
            continue
        one = ToRedo(lesson, step, 98, guess(lesson, step.id, is_right=False))  # type: ignore[arg-type]
        asked = asked_anew(one, 2**63 - 1, FIGURES)
        kind, place = kind_of(asked), RedoPlace(lesson.number, step.id, 98, 130)
        choices, slots = kind.choices(asked), kind.slots(asked)
        yield draw_redo(
            RedoQuestion(place, asked.kind, asked.ask, asked.lead, choices, slots, is_varied=True)
        )
        for is_right in (True, False):
            said = answer_to(asked, is_right=is_right)
            verdict = kind.judge(asked, said)
            answer = kind.answer(asked) or ""
            pieces = kind.pieces(asked, said)
            letter = kind.letter(asked, said)
            told = (kind.said(asked, said), letter, is_right, answer, verdict.reply, pieces)
            yield draw_redo(RedoTold(place, asked.ask, *told), "Something went wrong. " * 4)


def placement_cards(course: Course) -> Iterator[Card]:
    yield draw_placement(PlacementOffer(8, 3))
    for lesson in course.lessons:
        for step in lesson.quick_check:
            choices = kind_of(step).choices(step)
            yield draw_placement(PlacementQuestion(7, 8, step.ask, step.lead, choices))
        start = (lesson.number, lesson.title, lesson.slug)
        yield draw_placement(PlacementResult(8, 8, 0.71, start))
    yield draw_placement(PlacementResult(8, 8, 0.97, None))
    yield draw_placement(PlacementResult(0, 0, 1.0, None))


def certificate(course: Course) -> Certificate:
    """Return the fullest there can be."""
    beliefs = tuple(b for one in course.lessons for b in one.misconceptions.values())
    levels = tuple(LevelRecord(said, 0.5, 30) for said in (0.3, 0.5, 0.7, 0.85, 0.97))
    days = (date(2026, 9, 30), date(2027, 12, 31))
    counts = (len(course.lessons), *days, 99, 130)
    calibration = Calibration(60, 40, 0.234)
    met = len(beliefs) + 1
    title = course.outline.title
    return Certificate(title, *counts, levels, calibration, 13.75, 12, met, beliefs)


def lines_above(card: Card) -> int:
    lines = 0
    for part in parts_of(card.to_components()):
        if part["type"] == ROW:
            return lines
        if part["type"] == TEXT:
            shown = re.sub(r"\*\*|^(-# |### )", "", part["content"], flags=re.MULTILINE)
            lines += sum(-(-len(line) // budgets.PHONE_WIDTH) for line in shown.split("\n"))
    return lines


def test_every_card_of_the_way_fits(each: Course) -> None:
    full = certificate(each)
    cards = [
        *placement_cards(each),
        *(card for lesson in each.lessons for card in redo_cards(lesson)),
        draw_redo(RedoRest(has_guessed=True)),
        draw_certificate(full),
        draw_certificate_post(full, 2**63 - 1),
    ]
    for lesson in each.lessons:
        cards += [draw_intro(intro_of(lesson, each.lessons[:5]), "Something went wrong.")]
    assert [broken_limits(card) for card in cards if broken_limits(card)] == []


def test_a_question_has_its_buttons_within_ten_lines(each: Course) -> None:
    for card in placement_cards(each):
        assert lines_above(card) <= budgets.LINES_BEFORE_BUTTON, card.to_components()
