"""Draw a question, the guess as it forms, and the guess locked in."""

from bot.domain.lesson.commands import AskHint, CommitGuess, LockIn, Reveal, Skip
from bot.domain.lesson.confidence import QUICK
from bot.domain.lesson.screens import LockedScreen, QuestionScreen
from bot.ui.buttons.controls import PressButton
from bot.ui.cards.fold import fold_after, led
from bot.ui.cards.kinds.registry import KIND_CARDS
from bot.ui.cards.kit import (
    Button,
    Card,
    Item,
    card,
    note_lines,
    place_line,
    quote,
    row,
    safe,
)
from bot.ui.cards.lesson.reveal import answer_before

_PROMPT_SHOWN = 600
_SHOWN_CHARS = 1200  # of a learner's own words, on one card


def draw_question(screen: QuestionScreen, note: str | None) -> Card:
    """Return the card of a question; once an answer is picked, it asks how sure."""
    asked = KIND_CARDS[screen.kind]
    lead = f"\n{screen.lead.strip()}" if screen.lead else ""
    unit = f"\n-# A number, in {screen.unit}" if screen.unit else ""
    prompt = f"\n{quote(screen.prompt, _PROMPT_SHOWN) + ' ▁'}" if screen.prompt else ""
    question = [
        f"### {screen.ask}{lead}{prompt}{unit}",
        asked.listed([(choice.letter, choice.text) for choice in screen.choices], screen.slots),
    ]
    helps = [
        "\n".join(f"> 💡 {hint}" for hint in screen.hints),
        note_lines(note),
        _quick_way(screen) if screen.is_quick else None,
    ]
    always = [part for part in (place_line(screen.place), *question) if part]
    shown, below = fold_after([*always, *filter(None, helps)], len(always))
    return card(
        shown[0],
        *answer_before(screen.before),
        *shown[1:],
        *(_quick_rows(screen) if screen.is_quick else [row(asked.answer_buttons(screen))]),
        *below,
        *_confidence(screen),
        row(_ways_out(screen)),
    )


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
    known = " · ".join(f"{level.label} {level.probability:.0%}" for level in screen.levels)
    return [f"{said}. How sure are you? Your press locks it in.\n-# {known}", row(levels)]


def _quick_way(screen: QuestionScreen) -> str:
    sure, unsure = (screen.levels[level] for level in QUICK)
    known = f"**A** {sure.label}, {sure.probability:.0%} · **A?** {unsure.label}, "
    return f"-# {known}{unsure.probability:.0%}. Your press locks it in."


def _quick_rows(screen: QuestionScreen) -> list[Item | None]:
    """A row for those who are sure and one for those who aren't: a press answers and commits."""
    place, rows = screen.place, []
    for level, sign in zip(QUICK, ("", "?"), strict=True):
        locks = [
            PressButton.of(
                LockIn(place.attempt_id, place.step, choice.key, level),
                choice.letter + sign,
                is_main=not sign,
            )
            for choice in screen.choices
        ]
        rows.append(row(locks))
    return rows


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
    told = [
        place_line(place),
        f"### {screen.ask}",
        f"🔒 Locked in: {said}{how_sure}.\nYour guess is kept. Nothing changes it now.",
        note_lines(note),
    ]
    return card(*led(told, [], buttons, []))
