"""Draw what an instrument asks before it shows anything."""

from bot.domain.instrument.trial import GuessAtTrial, ShowAtOnce, Trial, TrialGuess
from bot.ui.buttons.controls import PressButton, PressMenu
from bot.ui.buttons.instrument import GuessFromMenu
from bot.ui.cards.kit import Card, Item, card, row, safe
from tools.asking import FirstQuestion
from tools.catalogue import INSTRUMENTS
from tools.instrument import READ_BY_A_MODEL

_TEXT_SHOWN = 160
_BUTTONS = 4  # one more shows it at once


def draw_asked(trial: Trial, question: FirstQuestion) -> Card:
    """Return the card: what it will be shown on, the question, one tap an option."""
    about = INSTRUMENTS.get(trial.instrument)
    texts = [str(trial.chosen[name]) for name in READ_BY_A_MODEL if trial.chosen.get(name)]
    shown = f"> {safe(texts[0], _TEXT_SHOWN)}" if texts else None
    return card(
        f"-# {trial.instrument} · {about.line if about else ''}",
        shown,
        f"### {safe(question.text, _TEXT_SHOWN)}",
        *_options(trial, question),
    )


def verdict(guess: TrialGuess | None) -> str | None:
    """Say what came of a guess, in a line; None where there was none, or nothing to tell."""
    if guess is None or guess.said is None or guess.right is None:
        return None
    said, right = (safe(text, _TEXT_SHOWN) for text in (guess.said, guess.right))
    if guess.is_right:
        return f"✓ You said it: *{right}*."
    return f"✗ You said *{said}*. It is *{right}*."


def _options(trial: Trial, question: FirstQuestion) -> list[Item | None]:
    at_once = PressButton.of(ShowAtOnce(trial.id), "Just show me")
    if len(question.options) > _BUTTONS:
        settings = [(str(place), text, "") for place, text in enumerate(question.options)]
        menu = PressMenu.of(GuessFromMenu(trial.id), "Your guess", settings)
        return [row([menu]), row([at_once])]
    guesses = [
        PressButton.of(GuessAtTrial(trial.id, place), text, is_main=True)
        for place, text in enumerate(question.options)
    ]
    return [row(guesses), row([at_once])]
