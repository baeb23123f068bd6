"""Draw a step that is asked anew, what came of it, and when there is nothing to redo."""

from typing import assert_never

from bot.domain.lesson.kinds.base import AnswerEntry
from bot.domain.lesson.kinds.registry import KINDS
from bot.domain.path.commands import RedoAnswer
from bot.domain.path.screens import RedoPlace, RedoQuestion, RedoRest, RedoScreen, RedoTold
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenHome
from bot.ui.buttons.path import OpenRedo, WriteRedo
from bot.ui.buttons.tutor import WriteAbout
from bot.ui.cards.kinds.base import Arranged
from bot.ui.cards.kinds.registry import KIND_CARDS
from bot.ui.cards.kit import HELP, Button, Card, card, note_lines, row, safe

_SAID_SHOWN = 240


def draw_redo(screen: RedoScreen, note: str | None = None) -> Card:
    """Return the card."""
    match screen:
        case RedoQuestion():
            return _question(screen, note)
        case RedoTold():
            return _told(screen, note)
        case RedoRest():
            return _rest(screen, note)
        case _:
            assert_never(screen)


def _question(screen: RedoQuestion, note: str | None) -> Card:
    lead = f"\n{screen.lead.strip()}" if screen.lead else ""
    choices = [(choice.letter, choice.text) for choice in screen.choices]
    return card(
        _head(screen.place),
        f"### {screen.ask}{lead}",
        KIND_CARDS[screen.kind].listed(choices, screen.slots),
        "-# Other numbers than in the lesson." if screen.is_varied else None,
        f"So far: **{safe(screen.draft_text, _SAID_SHOWN)}**" if screen.draft_text else None,
        note_lines(note),
        row(_answers(screen)),
        row([PressButton.of(OpenHome(), "Enough for now")]),
    )


def _answers(screen: RedoQuestion) -> list[Button]:
    place = screen.place
    here = (place.lesson, place.step, place.turn)
    cards = KIND_CARDS[screen.kind]
    if KINDS[screen.kind].entry is AnswerEntry.TYPED:
        return [PressButton.of(WriteRedo(*here), "Type your number", is_main=True)]
    if not isinstance(cards, Arranged):
        return [
            PressButton.of(RedoAnswer(*here, choice.key), choice.letter, is_main=True)
            for choice in screen.choices
        ]
    placed = screen.draft
    letters = [
        PressButton.of(
            RedoAnswer(*here, placed + choice.key),
            cards.label(choice.letter, len(placed), screen.slots),
            is_main=True,
        )
        for choice in screen.choices
        if choice.key not in placed
    ]
    return [*letters, *([PressButton.of(RedoAnswer(*here, ""), "Start over")] if placed else [])]


def _told(screen: RedoTold, note: str | None) -> Card:
    place = screen.place
    buttons = [
        PressButton.of(OpenRedo(), "Next" if place.left else "Done", is_main=True),
        PressButton.of(WriteAbout(place.lesson, place.step), "Ask about this"),
    ]
    return card(
        _head(place),
        f"### {_verdict(screen)}\n{screen.reply.strip()}",
        "-# Put right. Your first guess stays what it was."
        if screen.is_right
        else "-# It returns.",
        note_lines(f"{HELP} {screen.how_read}" if screen.how_read else None),
        note_lines(note),
        row(buttons),
    )


def _verdict(screen: RedoTold) -> str:
    said = safe(screen.said, _SAID_SHOWN)
    if screen.is_right:
        return f"✓ {said}"
    if screen.pieces:
        right = sum(piece.said == piece.right for piece in screen.pieces)
        return f"✗ {right} of {len(screen.pieces)}. It's {screen.answer}"
    return f"✗ You said {screen.letter or said}. It's {screen.answer}"


def _rest(screen: RedoRest, note: str | None) -> Card:
    told = (
        "### Nothing to redo\nAll that you got wrong is put right."
        if screen.has_guessed
        else "### Nothing to redo yet\nWhat you guess wrong in a lesson comes here."
    )
    return card(
        "-# Redo",
        told,
        note_lines(note),
        row([PressButton.of(OpenHome(), "Course map", is_main=True)]),
    )


def _head(place: RedoPlace) -> str:
    return f"-# Redo · {place.left} left · lesson {place.lesson}"
