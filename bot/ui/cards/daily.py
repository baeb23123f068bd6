"""Draw the guess game: the passage so far, what came of the last guess, the result at the end."""

from datetime import date

from bot.domain.daily.result import DailyResult, Mark
from bot.domain.daily.screens import DailyScreen, Told
from bot.domain.lesson.evidence import Evidence
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.daily import AskAgain, GoOnWithout, OpenDaily, PostDaily, WriteToken
from bot.ui.buttons.instrument import TryPrompt
from bot.ui.buttons.lesson import OpenHome
from bot.ui.cards.kit import (
    Button,
    Card,
    card,
    code_block,
    gauge,
    note_lines,
    odds,
    quote,
    row,
    token,
)
from tools.exhibit.exhibit import Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text

_SHOWN = 400
_NEAR_BITS = 2.0  # above the model's own choices: a quarter as likely
_SIGNS = {Mark.LIKELY: "🟩", Mark.POSSIBLE: "🟡", Mark.UNLIKELY: "🔷", Mark.UNSCORED: "▫️"}
_KEY = {
    Mark.LIKELY: "🟩 square, 1 in 10 or better",
    Mark.POSSIBLE: "🟡 circle, 1 in 100 or better",
    Mark.UNLIKELY: "🔷 diamond, less",
    Mark.UNSCORED: "▫️ frame, it didn't answer",
}


def draw_daily(screen: DailyScreen, note: str | None = None, *, is_posted: bool = False) -> Card:
    """Return the card: one word to guess, or the result of all.

    Args:
        screen: What the learner may see.
        note: What went wrong.
        is_posted: Whether the result stands in the channel already, so that none is offered.
    """
    notes = note_lines(note or screen.note)
    if screen.is_done:
        return _done(screen, notes, is_posted=is_posted)
    last = screen.told[-1] if screen.told and not screen.waiting else None
    return card(
        f"-# Guess · {_day(screen)}  {gauge(screen.place, screen.total, screen.total)}",
        _told(last) if last else _rules(screen),
        f"{quote(screen.text, _SHOWN)} ▁",
        f"🔒 {token(screen.waiting)}" if screen.waiting else None,
        notes,
        row(_buttons(screen)),
    )


def draw_daily_post(screen: DailyScreen, learner_id: int) -> Card:
    """Return what the channel sees of a finished passage: no word of it, and none of a guess."""
    assert screen.result is not None
    return card(
        f"<@{learner_id}> guessed what the model would say next.",
        f"**{share_line(screen.day, screen.result)}**",
        _key(screen.result),
        row([PressButton.of(OpenDaily(), "Guess today's passage", is_main=True)]),
    )


def share_line(day: date, result: DailyResult) -> str:
    """Return a result to show around, as two short lines that give nothing away."""
    marks = "".join(_SIGNS[mark] for mark in result.marks)
    left = "" if result.scored == len(result.marks) else f", {result.scored} scored"
    bits = f"{result.bits:.1f} bits a word{left} · the model {result.model_bits:.1f}"
    return f"Hunch {day.day} {day:%b} {marks}\n{bits}"


def _done(screen: DailyScreen, notes: str | None, *, is_posted: bool) -> Card:
    result = screen.result
    home = PressButton.of(OpenHome(), "Course map", is_main=is_posted or not result)
    post = PressButton.of(PostDaily(screen.day.toordinal()), "Post it here", is_main=True)
    return card(
        f"-# Guess · {_day(screen)}",
        _result(result) if result else "### Done, but the model scored none of it",
        _shared(screen.day, result) if result else None,
        _record(screen),
        notes,
        row([*([post] if result and not is_posted else []), home, _own()]),
        "-# Posted in this channel." if is_posted else None,
        quote(screen.text, _SHOWN),
        code_block(_table(screen)),
        "-# The next passage comes at midnight, UTC.",
    )


def _shared(day: date, result: DailyResult) -> str:
    """Return the two lines set apart, to be copied."""
    lines = share_line(day, result).split("\n")
    return "\n".join([*(f"> {line}" for line in lines), _key(result)])


def _result(result: DailyResult) -> str:
    return (
        f"### {_headline(result)}\n"
        f"Your words surprised it by **{result.bits:.1f} bits** each, the passage's own by "
        f"{result.text_bits:.1f}. Its own first choices would by {result.model_bits:.1f}."
    )


def _headline(result: DailyResult) -> str:
    if result.firsts == result.scored:
        return "You and the model are of one mind"
    if result.bits < result.text_bits:
        return "You read the model better than the author did"
    if result.bits - result.model_bits < _NEAR_BITS:
        return "You think close to the model"
    return "You had other ideas than the model"


def _key(result: DailyResult) -> str:
    """Say once what each sign means: they differ in shape, and have names, beside the colour."""
    said = [text for mark, text in _KEY.items() if mark in result.marks]
    return f"-# How likely the model held each word: {' · '.join(said)}."


def _record(screen: DailyScreen) -> str | None:
    if screen.record is None:
        return None
    lines = []
    if screen.record.row > 1:
        lines.append(f"{screen.record.row} passages in a row.")
    best = screen.record.best
    if screen.is_best:
        lines.append("Your best so far!")
    elif best and best.finished > 1:
        lines.append(f"Your best of {best.finished}: {best.bits:.1f} bits a word.")
    return " ".join(lines) or None


def _day(screen: DailyScreen) -> str:
    return f"{screen.day.day} {screen.day:%B}"


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


def _table(screen: DailyScreen) -> str:
    """One row a word: what was said, the bits, the class."""
    has_class = any(told.crowd for told in screen.told)
    rows = []
    for told in screen.told:
        other = told.crowd.median_bits if told.crowd else None
        beside = other if has_class else told.text_bits
        own = told.evidence.surprisal_bits if told.evidence else None
        rows.append((told.said.strip(), _bits(own), _bits(beside)))
    table = Table(("you said", "bits", "class" if has_class else "text"), tuple(rows))
    return part_text(table, PHONE)


def _bits(bits: float | None) -> str:
    return "-" if bits is None else f"{bits:.1f}"


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
