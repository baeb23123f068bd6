"""Draw a question, the guess as it forms, and the guess locked in."""

from bot.domain.lesson.commands import AskHint, CommitGuess, Draft, Reveal, Skip
from bot.domain.lesson.screens import LockedScreen, QuestionScreen
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import Write, WriteWhy
from bot.ui.cards.kit import (
    Button,
    Card,
    Item,
    card,
    note_lines,
    numbered,
    place_line,
    quote,
    row,
    safe,
)

_WRITE = {
    "number": "Type your number",
    "token": "Type what comes next",
    "text": "Write your sentence",
    "teachback": "Write it",
}
_PROMPT_SHOWN, _WHY_SHOWN = 600, 400
_SHOWN_CHARS = 1200  # of a learner's own words, on one card


def draw_question(screen: QuestionScreen, note: str | None) -> Card:
    """Return the card of a question; once an answer is picked, it asks how sure."""
    lead = f"\n{screen.lead.strip()}" if screen.lead else ""
    prompt = f"\n{quote(screen.prompt, _PROMPT_SHOWN) + ' ▁'}" if screen.prompt else ""
    return card(
        place_line(screen.place),
        f"### {screen.ask}{lead}{prompt}",
        numbered([(choice.key, choice.text) for choice in screen.choices]) or None,
        "\n".join(f"> 💡 {hint}" for hint in screen.hints) or None,
        note_lines(note),
        row(_answer_buttons(screen)),
        *_confidence(screen),
        row(_ways_out(screen)),
    )


def _answer_buttons(screen: QuestionScreen) -> list[Button]:
    place = screen.place
    if not screen.choices:
        press = Write(place.attempt_id, place.step, place.lesson)
        label = "Change it" if screen.draft else _WRITE[screen.kind]
        return [PressButton.of(press, label, is_main=not screen.draft)]
    if screen.kind == "order":
        return _order_buttons(screen)
    return [
        PressButton.of(
            Draft(place.attempt_id, place.step, choice.key),
            f"● {choice.key}" if choice.key == screen.draft else choice.key,
            is_main=screen.draft is None,
            is_chosen=choice.key == screen.draft,
        )
        for choice in screen.choices
    ]


def _order_buttons(screen: QuestionScreen) -> list[Button]:
    """One button for each stage not yet placed; when all are, one to start over."""
    place, placed = screen.place, screen.draft or ""
    if len(placed) == len(screen.choices):
        blank = Draft(place.attempt_id, place.step, "")
        return [PressButton.of(blank, "Start over")]
    ordinal = ("first", "second", "third", "fourth", "fifth")[len(placed)]
    return [
        PressButton.of(
            Draft(place.attempt_id, place.step, placed + choice.key),
            f"{choice.key} {ordinal}",
            is_main=True,
        )
        for choice in screen.choices
        if choice.key not in placed
    ]


def _confidence(screen: QuestionScreen) -> list[Item | str | None]:
    """What was picked so far, and the press that commits it."""
    if not screen.draft or not screen.draft_text:
        return []
    place = screen.place
    said = f"**{safe(screen.draft_text, _SHOWN_CHARS)}**"
    if screen.mark is None:
        return [f"So far: {said}"]
    if not screen.levels:
        commit = CommitGuess(place.attempt_id, place.step, 0, screen.mark)
        return [f"Your words: {said}", row([PressButton.of(commit, "Lock it in", is_main=True)])]
    levels = [
        PressButton.of(CommitGuess(place.attempt_id, place.step, index, screen.mark), level.label)
        for index, level in enumerate(screen.levels)
    ]
    return [f"{said}. How sure are you?", row(levels)]


def _ways_out(screen: QuestionScreen) -> list[Button]:
    place = screen.place
    hint = PressButton.of(AskHint(place.attempt_id, place.step), "Hint")
    skip = PressButton.of(Skip(place.attempt_id, place.step), "Skip")
    return [hint, skip] if screen.has_more_hints else [skip]


def draw_locked(screen: LockedScreen, note: str | None, can_retry: bool) -> Card:
    """Return the card of a guess that nothing changes any more."""
    place = screen.place
    sure = screen.confidence
    said = f"**{safe(screen.said, _SHOWN_CHARS)}**"
    how_sure = f", {sure.label} ({sure.probability:.0%})" if sure else ""
    why = f"\n-# Because: {safe(screen.why, _WHY_SHOWN)}" if screen.why else ""
    buttons = [
        PressButton.of(
            Reveal(place.attempt_id, place.step),
            "Try again" if can_retry else "Reveal",
            is_main=True,
        )
    ]
    if can_retry:
        without = Reveal(place.attempt_id, place.step, is_without_model=True)
        buttons.append(PressButton.of(without, "Go on without"))
    else:
        label = "Say why differently" if screen.why else "Say why in one line"
        buttons.append(PressButton.of(WriteWhy(place.attempt_id, place.step), label))
    return card(
        place_line(place),
        f"### {screen.ask}",
        f"🔒 Locked in: {said}{how_sure}.{why}\nYour guess is kept. Nothing changes it now.",
        note_lines(note),
        row(buttons),
    )
