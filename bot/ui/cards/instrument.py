"""Draw an instrument: what it produced, and its knobs; and the list of all instruments."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from bot.domain.instrument.trial import Trial, TurnKnob
from bot.ui.buttons.controls import MOST_OPTIONS, PressButton, PressMenu
from bot.ui.buttons.instrument import ChooseInstrument, Dialled, Enter
from bot.ui.cards.fold import fold
from bot.ui.cards.kit import ROW_BUTTONS, Button, Card, Item, card, exhibit_items, note_lines, row
from bot.ui.cards.notation import legend
from tools.exhibit.exhibit import Dial, Entry, Exhibit, Knob, Tokens
from tools.instrument import Instrument

MOST_DIALS = 6
T = TypeVar("T")


def draw_instrument(trial: Trial, exhibit: Exhibit, note: str | None = None) -> Card:
    """Return the card: what to look at, what can be turned, then what is read at leisure."""
    leads = [
        n
        for n, part in enumerate(exhibit.parts, 1)
        if isinstance(part, Tokens) and not part.is_point
    ]
    items = exhibit_items(exhibit)
    above, below = fold(items, leads)
    told = legend(items) if trial.revision == 0 else None  # as it is opened, not at each turn
    return card(*above, note_lines(note), *_controls(trial, exhibit), *below, told)


def draw_instruments(instruments: Mapping[str, Instrument]) -> Card:
    """Return the card that lists every instrument by lesson, and opens any."""
    lines = [f"`{one.name}`" for one in instruments.values()]
    by_lesson: dict[int, list[str]] = {}
    for one, line in zip(instruments.values(), lines, strict=True):
        by_lesson.setdefault(one.lesson, []).append(line)
    listed = "\n".join(f"**{n}**  {' '.join(names)}" for n, names in sorted(by_lesson.items()))
    return card(
        "### Instruments\nEach shows a model at work. By the lesson that needs it first:",
        listed,
        *_menus(instruments.values()),
    )


def _menus(instruments: Iterable[Instrument]) -> Iterator[Item | None]:
    for page, some in enumerate(_batched(list(instruments), MOST_OPTIONS)):
        options = [(one.name, one.name, one.line) for one in some]
        label = "Open one" if page == 0 else "Open one (more)"
        yield row([PressMenu.of(ChooseInstrument(page), label, options)])


def _batched(items: list[T], size: int) -> Iterator[list[T]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _controls(trial: Trial, exhibit: Exhibit) -> Iterator[Item | None]:
    presses = [c for c in exhibit.controls if not isinstance(c, Dial)]
    for some in _batched(presses, ROW_BUTTONS):
        yield row([_button(trial, control) for control in some])
    dials = [control for control in exhibit.controls if isinstance(control, Dial)]
    for dial in dials[:MOST_DIALS]:
        press = Dialled(trial.id, trial.revision, dial.name)
        yield row([PressMenu.of(press, dial.label, dial.settings)])


def _button(trial: Trial, control: Knob | Entry) -> Button:
    if isinstance(control, Entry):
        press = Enter(trial.id, trial.revision, control.name)
        return PressButton.of(press, control.label)
    turn = TurnKnob(trial.id, trial.revision, control.name, control.value)
    return PressButton.of(turn, control.label, is_main=control.is_main)
