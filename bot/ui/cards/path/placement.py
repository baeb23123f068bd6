"""Draw the placement: what it is, its questions, where to begin."""

from typing import assert_never

from bot.domain.path.commands import BeginPlacement, PlaceAnswer
from bot.domain.path.screens import (
    PlacementOffer,
    PlacementQuestion,
    PlacementResult,
    PlacementScreen,
)
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenHome, OpenOne
from bot.ui.cards.kit import Card, card, gauge, note_lines, numbered, row

_UNSURE = "-"


def draw_placement(screen: PlacementScreen, note: str | None = None) -> Card:
    """Return the card of where the placement stands."""
    match screen:
        case PlacementOffer():
            return _offer(screen, note)
        case PlacementQuestion():
            return _question(screen, note)
        case PlacementResult():
            return _result(screen, note)
        case _:
            assert_never(screen)


def _offer(screen: PlacementOffer, note: str | None) -> Card:
    return card(
        f"-# Where do you stand? · {screen.questions} questions, about {screen.minutes} min",
        "### Some of this you may know\nEach question follows from your last answer. At the end"
        " you hear with which lesson to begin.",
        "No answer is told, so nothing is given away. Nothing is scored, and every lesson stays"
        " open.",
        note_lines(note),
        row(
            [
                PressButton.of(BeginPlacement(), "Begin", is_main=True),
                PressButton.of(OpenHome(), "Skip it"),
            ]
        ),
    )


def _question(screen: PlacementQuestion, note: str | None) -> Card:
    turn, lead = screen.turn, f"\n{screen.lead.strip()}" if screen.lead else ""
    options = [
        PressButton.of(PlaceAnswer(turn, choice.key), choice.letter, is_main=True)
        for choice in screen.choices
    ]
    where = f"{turn + 1} of {screen.questions}"
    return card(
        f"-# Question {where}  {gauge(turn + 1, screen.questions, screen.questions)}",
        f"### {screen.ask}{lead}",
        numbered([(choice.letter, choice.text) for choice in screen.choices]),
        note_lines(note),
        row(options),
        row(
            [
                PressButton.of(PlaceAnswer(turn, _UNSURE), "I don't know"),
                PressButton.of(OpenHome(), "Later"),
            ]
        ),
    )


def _result(screen: PlacementResult, note: str | None) -> Card:
    main = []
    if screen.start:
        number, title, slug = screen.start
        told = f"### Begin with lesson {number}\n*{title}*"
        main = [PressButton.of(OpenOne(slug), f"Open lesson {number}", is_main=True)]
    else:
        told = "### You seem to know all of it\nPick what you like from the map."
    return card(
        f"-# Where do you stand? · {screen.right} of {screen.asked} right",
        told,
        _worth(screen),
        note_lines(note),
        row(
            [
                *main,
                PressButton.of(OpenHome(), "Course map", is_main=not main),
                PressButton.of(BeginPlacement(), "Take it again"),
            ]
        ),
    )


def _worth(screen: PlacementResult) -> str:
    """Say what so few questions can tell, and what they can't."""
    if screen.asked == 0:
        return "There was nothing left to ask: you have met every question of the lessons."
    sure = f"{screen.asked} questions make that {screen.sure:.0%} likely, no more"
    if screen.start and screen.start[0] == 1:
        return "Your answers give no reason to pass over anything. Lesson 1 is short."
    before = "the lessons before it" if screen.start else "the lessons"
    return (
        f"It means that you probably know most of {before}: {sure}. They aren't marked as done."
        " Look into one whenever something is new to you."
    )
