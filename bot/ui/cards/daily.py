"""Draw the guess game: the passage so far, what came of the last guess, the sum at the end."""

from bot.domain.daily.screens import DailyScreen, Told
from bot.domain.lesson.evidence import Evidence
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.daily import AskAgain, GoOnWithout, WriteToken
from bot.ui.buttons.instrument import TryPrompt
from bot.ui.buttons.lesson import OpenHome
from bot.ui.cards.kit import (
    Button,
    Card,
    card,
    code_block,
    cut,
    gauge,
    note_lines,
    odds,
    quote,
    row,
    token,
)

_SHOWN, _ROW = 400, 9


def draw_daily(screen: DailyScreen, note: str | None = None) -> Card:
    """Return the card: one word to guess, or the sum of all."""
    day = f"{screen.day.day} {screen.day:%B}"
    head = f"-# Guess · {day}  {gauge(screen.place, screen.total, screen.total)}"
    notes = note_lines(note or screen.note)
    if screen.is_done:
        return card(
            head,
            f"### {_sum(screen)}",
            quote(screen.text, _SHOWN),
            code_block(_table(screen)),
            _best(screen),
            notes,
            row([PressButton.of(OpenHome(), "Course map", is_main=True), _own()]),
        )
    last = screen.told[-1] if screen.told and not screen.waiting else None
    return card(
        head,
        _told(last) if last else _rules(screen),
        f"{quote(screen.text, _SHOWN)} ▁",
        f"🔒 {token(screen.waiting)}" if screen.waiting else None,
        notes,
        row(_buttons(screen)),
    )


def _rules(screen: DailyScreen) -> str | None:
    if screen.waiting:
        return None
    return (
        "### What would the model say next?\n"
        f"{screen.total} words, one after another. The score is its surprise at yours, in bits: "
        "fewer is better."
    )


def _told(told: Told) -> str:
    mark = f"✓ It goes on so: **{told.word}**" if told.is_said else f"It goes on: **{told.word}**"
    if told.evidence is None:
        return f"### {mark}\n-# {token(told.said)} wasn't scored: the model didn't answer."
    said = token(told.evidence.token)
    bits = f"**{told.evidence.surprisal_bits:.1f} bits**"
    lines = [f"### {mark}", f"You said {said}: {bits}, {_rank(told.evidence)}"]
    if told.text_bits is not None and not told.is_said:
        lines.append(f"-# The text's own word surprises it by {told.text_bits:.1f} bits.")
    if told.crowd:
        lines.append(f"-# Your class: {told.crowd.median_bits:.1f} bits, the median.")
    return "\n".join(lines)


def _rank(evidence: Evidence) -> str:
    if evidence.rank == 1:
        return f"the model's first choice too, {odds(evidence.probability)}."
    first = evidence.top[0]
    return (
        f"choice number {evidence.rank:,}.\n"
        f"The model's first is {token(first.text)}, {odds(first.probability)}."
    )


def _sum(screen: DailyScreen) -> str:
    if screen.mean_bits is None:
        return "Done, but the model scored none of it"
    return f"{screen.mean_bits:.1f} bits a word"


def _table(screen: DailyScreen) -> str:
    """One row a word, 22 columns wide at most: what was said, the bits, the class."""
    has_class = any(told.crowd for told in screen.told)
    head = f"{'you said':<{_ROW}} bits" + ("  class" if has_class else "  text")
    rows = [head]
    for told in screen.told:
        bits = f"{told.evidence.surprisal_bits:>4.1f}" if told.evidence else "   -"
        other = told.crowd.median_bits if told.crowd else None
        beside = other if has_class else told.text_bits
        shown = f"{beside:>5.1f}" if beside is not None else "    -"
        rows.append(f"{cut(told.said.strip(), _ROW):<{_ROW}} {bits}  {shown}")
    return "\n".join(rows)


def _best(screen: DailyScreen) -> str:
    later = "The next passage comes at midnight, UTC."
    if screen.best is None:
        return f"-# {later}"
    times = "passage" if screen.best.finished == 1 else "passages"
    best = f"Your best: {screen.best.bits:.1f} bits a word, of {screen.best.finished} {times}."
    return f"-# {best} {later}"


def _buttons(screen: DailyScreen) -> list[Button]:
    here = (screen.day.toordinal(), screen.place)
    if screen.waiting:
        return [
            PressButton.of(AskAgain(*here), "Try again", is_main=True),
            PressButton.of(GoOnWithout(*here), "Go on without"),
        ]
    return [PressButton.of(WriteToken(*here), "Type what comes next", is_main=True)]


def _own() -> PressButton:
    return PressButton.of(TryPrompt(), "Try my own prompt")
