"""The controls that an exhibit offers: those that would change something, and nothing refused."""

from pydantic import ValidationError

from tools.exhibit.exhibit import Control, Dial, Knob
from tools.instrument import Params

LONGEST_VALUE = 40  # a knob's value travels in a button's id


def that_fit(params: Params, *controls: Control) -> tuple[Control, ...]:
    """Return the controls without those knobs that are refused, change nothing, or come twice.

    So a knob may simply say `steps + 1`: at the upper bound it is not offered.
    """
    offered: dict[tuple[str, str], Control] = {}
    for control in controls:
        if _is_worth_offering(params, control):
            key = (control.name, control.value if isinstance(control, Knob) else control.label)
            offered.setdefault(key, control)
    return tuple(offered.values())


def menu(label: str, name: str, values: dict[str, str], now: object) -> Dial:
    """Return a menu of settings, each with what it turns: `Temperature 2 · wild`.

    Args:
        label: What is set.
        name: The parameter.
        values: Each value and what it means in a few words.
        now: The parameter's present value.
    """
    present = _written(now)
    settings = tuple(
        (value, f"{label} {_setting(value, meaning, now)}", "now" if value == present else "")
        for value, meaning in values.items()
    )
    return Dial(label, name, settings, _setting(present, values.get(present, ""), now))


def _setting(value: str, meaning: str, now: object) -> str:
    """Return a setting as people read it: `131,072 · a book`."""
    is_count = value.isdecimal() and not isinstance(now, str)
    shown = f"{int(value):,}" if is_count else value.replace("_", " ")
    return " · ".join(filter(None, [shown, meaning]))


def _is_worth_offering(params: Params, control: Control) -> bool:
    if not isinstance(control, Knob) or control.name not in type(params).model_fields:
        return True
    if len(control.value) > LONGEST_VALUE:
        return False
    try:
        after = type(params).model_validate({**params.model_dump(), control.name: control.value})
    except ValidationError:
        return False
    return after != params


def _written(now: object) -> str:
    """Return a value as its knob writes it: 1.0 as `1`."""
    return f"{now:g}" if isinstance(now, float) else str(now)
