"""Draw an instrument: what it produced, and its knobs; and the list of all instruments."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar, assert_never

from bot.domain.instrument.trial import Trial, TrialGuess, TurnKnob
from bot.ui.buttons.controls import LONGEST_OPTION, MOST_OPTIONS, PressButton, PressMenu
from bot.ui.buttons.instrument import ChooseInstrument, Dialled, Enter
from bot.ui.cards.asked import verdict
from bot.ui.cards.fold import fold
from bot.ui.cards.kit import (
    ROW_BUTTONS,
    Button,
    Card,
    Item,
    card,
    cut,
    exhibit_items,
    note_lines,
    row,
    safe,
)
from bot.ui.cards.notation import legend
from bot.ui.cards.onward import lesson_row
from tools.catalogue import INSTRUMENTS
from tools.exhibit.exhibit import Control, Dial, Entry, Exhibit, Knob, Tokens
from tools.instrument import Instrument, Try

MOST_DIALS = 6
_LONGEST_TRY = 40
T = TypeVar("T")


def draw_instrument(
    trial: Trial, exhibit: Exhibit, note: str | None = None, guess: TrialGuess | None = None
) -> Card:
    """Return the card: what to look at, what can be turned, then what is read at leisure.

    Args:
        trial: The instrument's state.
        exhibit: What it produced.
        note: What went wrong.
        guess: What had been guessed just before; how that went stands on top.
    """
    leads = [
        n
        for n, part in enumerate(exhibit.parts, 1)
        if isinstance(part, Tokens) and not part.is_point
    ]
    about = INSTRUMENTS.get(trial.instrument)
    title, *items = exhibit_items(exhibit)
    told = legend(items) if trial.revision == 0 else None  # as it is opened, not at each turn
    sees = [about.sees] if about and about.sees else []
    told_first = [line] if (line := verdict(guess)) else []
    before = [*told_first, *sees]
    above, below = fold([title, *before, *items], [n + len(before) for n in leads])
    first, *others = _controls(trial, exhibit) or [None]
    try_this = try_line(about.tries if about else (), exhibit.controls)
    return card(*above, note_lines(note), first, try_this, *others, *below, told, lesson_row())


def try_line(tries: Iterable[Try], controls: Iterable[Control]) -> str | None:
    """Return one thing worth doing, that the card has a control for: one to type into first."""
    offered = sorted(controls, key=lambda control: not isinstance(control, Entry))
    for one in tries:
        for control in offered:
            if one.name == control.name and (label := _turned_by(control, one.value)):
                end = "" if one.does.endswith("?") else "."
                return f"-# Try **{safe(label, _LONGEST_TRY)}**: {one.does}{end}"
    return None


def _turned_by(control: Control, value: str) -> str:
    """Return what to press or choose on a control, to set it to a value; empty where it can't."""
    match control:
        case Knob(label=label):
            return label if value in ("", control.value) else ""
        case Dial(label=label, settings=settings):
            chosen = (said for set_to, said, now in settings if set_to == value and now != "now")
            return next(chosen, "").split(" · ")[0] if value else label
        case Entry(label=label):
            return "" if value else label
        case _:
            assert_never(control)


def draw_instruments(instruments: Mapping[str, Instrument]) -> Card:
    """Return the card that lists every instrument by lesson, and opens any."""
    lines = [f"`{one.name}`" for one in instruments.values()]
    by_lesson: dict[int, list[str]] = {}
    for one, line in zip(instruments.values(), lines, strict=True):
        by_lesson.setdefault(one.lesson, []).append(line)
    listed = "\n".join(f"**{n}**  {' '.join(names)}" for n, names in sorted(by_lesson.items()))
    return card(
        "### Instruments\nEach shows a model at work.",
        *_menus(instruments.values()),
        f"By the lesson that needs it first:\n{listed}",
        lesson_row(),
    )


def _menus(instruments: Iterable[Instrument]) -> Iterator[Item | None]:
    for page, some in enumerate(_batched(list(instruments), MOST_OPTIONS)):
        options = [(one.name, one.name, one.line) for one in some]
        label = "Open one" if page == 0 else "Open one (more)"
        yield row([PressMenu.of(ChooseInstrument(page), label, options)])


def _batched(items: list[T], size: int) -> Iterator[list[T]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _controls(trial: Trial, exhibit: Exhibit) -> list[Item | None]:
    presses = [c for c in exhibit.controls if not isinstance(c, Dial)]
    buttons = [[_button(trial, one) for one in some] for some in _batched(presses, ROW_BUTTONS)]
    dials = [control for control in exhibit.controls if isinstance(control, Dial)]
    menus = [[_menu(trial, dial)] for dial in dials[:MOST_DIALS]]
    return [row(some) for some in (*buttons, *menus)]


def _menu(trial: Trial, dial: Dial) -> Button:
    press = Dialled(trial.id, trial.revision, dial.name)
    now = f"{dial.label} {dial.now}".strip()
    return PressMenu.of(press, cut(now, LONGEST_OPTION), dial.settings)


def _button(trial: Trial, control: Knob | Entry) -> Button:
    if isinstance(control, Entry):
        press = Enter(trial.id, trial.revision, control.name)
        return PressButton.of(press, control.label)
    turn = TurnKnob(trial.id, trial.revision, control.name, control.value)
    return PressButton.of(turn, control.label, is_main=control.is_main)
