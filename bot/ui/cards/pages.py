"""Draw the short pages: a glossary entry, and help."""

from bot.domain.privacy.sent import Receivers
from bot.ui.buttons.classroom import OpenCohort, TakeCards
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.daily import OpenDaily
from bot.ui.buttons.instrument import OpenInstruments
from bot.ui.buttons.lesson import OpenHome, OpenOne
from bot.ui.buttons.path import OpenPlacement
from bot.ui.buttons.practice import OpenProgress, OpenReminder, OpenReview
from bot.ui.buttons.privacy import OpenMyData
from bot.ui.buttons.tutor import WriteQuestion, WriteTerm
from bot.ui.cards.kit import Card, card, row, safe
from bot.ui.cards.onward import lesson_row
from bot.ui.cards.sent import sent_lines
from curriculum.schema import Term

_TITLE_CHARS = 120


def draw_term(term: Term) -> Card:
    """Return the card of a glossary entry."""
    aliases = f"\n-# also: {', '.join(term.aliases)}" if term.aliases else ""
    said = f"### {term.term}\n{term.means.strip()}{aliases}\n-# lesson {term.lesson}"
    return card(said, lesson_row())


def draw_kept_back(title: str, why: str, press: Press) -> Card:
    """Return the card of what a step asks: said when the learner has guessed there.

    Args:
        title: The term, or what was to be run.
        why: What it would tell, and where that is asked.
        press: Goes to the step.
    """
    button = PressButton.of(press, "Go and guess", is_main=True)
    return card(f"### {safe(title, _TITLE_CHARS)}\n{why}", row([button]))


def draw_help(receivers: Receivers, *, is_instructor: bool = False) -> Card:
    """Return the card that says what there is, and leads there."""
    cohort = [PressButton.of(OpenCohort(), "My class")] if is_instructor else []
    return card(
        "### Guess first, then look\nEvery step asks before it tells. A wrong guess is worth"
        " making.",
        "-# To type: `/hunch` leads everywhere; `/lesson`, `/ask`, `/review`, `/guess`,"
        " `/nexttoken` go straight there. The rest is under `/more`.",
        row(
            [
                PressButton.of(OpenHome(), "Course map", is_main=True),
                PressButton.of(WriteQuestion(), "Ask"),
                PressButton.of(WriteTerm(), "A word"),
                PressButton.of(OpenReview(), "Review"),
            ]
        ),
        row(
            [
                PressButton.of(OpenProgress(False), "My progress"),
                PressButton.of(OpenReminder(), "Reminders"),
                PressButton.of(OpenMyData(), "My data"),
                *cohort,
            ]
        ),
        row(
            [
                PressButton.of(OpenDaily(), "Guess game"),
                PressButton.of(OpenInstruments(), "Instruments"),
                PressButton.of(TakeCards(), "Flashcards"),
            ]
        ),
        sent_lines(receivers),
        "-# Words that a model wrote, or a verdict that it gave, say so where they stand.",
    )


def draw_welcome(first_lesson: str) -> Card:
    """Return the first message of a channel: what to type, or to press."""
    return card(
        "### What does your model do on every call?\nFor people who run LLMs: you guess, then a"
        " real model shows you. A lesson takes 10 to 15 minutes, and you can stop anywhere.",
        "Press *Start*, or type `/hunch`: from there buttons lead everywhere. If you know a lot"
        " already, eight questions say where to begin.",
        row(
            [
                PressButton.of(OpenOne(first_lesson), "Start", is_main=True),
                PressButton.of(OpenPlacement(), "Where do I stand?"),
            ]
        ),
    )
