"""Draw the short pages: a glossary entry, and help."""

from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.lesson import OpenHome, OpenOne
from bot.ui.buttons.tutor import WriteQuestion
from bot.ui.cards.kit import Card, card, row, safe
from curriculum.schema import Term

_TITLE_CHARS = 120
_COMMANDS = (
    ("/home", "the map of the course, and where you are on it"),
    ("/lesson", "go on with your lesson, or open one by name"),
    ("/ask", "a question, in your own words; so does `@Hunch …`"),
    ("/review", "what you are about to forget, one card at a time"),
    ("/remind", "a direct message a day when reviews are due"),
    ("/guess", "today's passage: name the next token"),
    ("/nexttoken", "what the model would say next, and how sure it is"),
    ("/instruments", "every instrument, by lesson"),
    ("/progress", "what you've done and how well you knew it"),
    ("/glossary", "a word, in a sentence or two"),
    ("/forget", "let me forget what you asked here"),
    ("/privacy", "what I keep about you; see or delete it"),
)


def draw_term(term: Term) -> Card:
    """Return the card of a glossary entry."""
    aliases = f"\n-# also: {', '.join(term.aliases)}" if term.aliases else ""
    return card(f"### {term.term}\n{term.means.strip()}{aliases}\n-# lesson {term.lesson}")


def draw_kept_back(title: str, why: str, press: Press) -> Card:
    """Return the card of what a step asks: said when the learner has guessed there.

    Args:
        title: The term, or what was to be run.
        why: What it would tell, and where that is asked.
        press: Goes to the step.
    """
    button = PressButton.of(press, "Go and guess", is_main=True)
    return card(f"### {safe(title, _TITLE_CHARS)}\n{why}", row([button]))


def draw_help() -> Card:
    """Return the card that says what there is."""
    lines = "\n".join(f"`{name}`  {what}" for name, what in _COMMANDS)
    return card(
        "### Guess first, then look\nEvery step asks before it tells. Say how sure you are, lock it"
        " in, and see the model itself answer. A wrong guess is worth making.",
        lines,
        "-# Kept: your guesses, how sure you were, your place in the course, and the last 50"
        " questions that you asked in a channel.",
        row(
            [
                PressButton.of(OpenHome(), "Course map", is_main=True),
                PressButton.of(WriteQuestion(), "Ask"),
            ]
        ),
    )


def draw_welcome(first_lesson: str) -> Card:
    """Return the first message of a channel: what to type, or to press."""
    return card(
        "### Guess what your model does\nThen lock it in, and watch the model answer.",
        "Type `/lesson` to begin, `/ask` whatever you want to know, `/help` for the rest.",
        row([PressButton.of(OpenOne(first_lesson), "Start", is_main=True)]),
    )
