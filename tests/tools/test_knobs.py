from typing import Annotated

from pydantic import Field

from tools.exhibit.exhibit import Dial, Entry, Knob
from tools.instrument import Params
from tools.knobs import menu, that_fit


class Chosen(Params):
    steps: Annotated[int, Field(ge=0, le=10)] = 3
    warmth: Annotated[float, Field(ge=0, le=2)] = 1.0
    text: Annotated[str, Field(max_length=100)] = "x"


def test_a_knob_past_the_bound_or_to_where_it_stands_is_not_offered() -> None:
    more, same, past = (Knob("k", "steps", value) for value in ("4", "3", "11"))
    assert that_fit(Chosen(), more, same, past) == (more,)


def test_two_knobs_to_the_same_place_are_one() -> None:
    first, second = Knob("Half", "warmth", "0.5"), Knob("Cooler", "warmth", "0.5")
    assert that_fit(Chosen(), first, second) == (first,)


def test_what_is_no_parameter_is_left_to_the_instruments_own_turn() -> None:
    assert that_fit(Chosen(), Knob("Draw", "draw")) == (Knob("Draw", "draw"),)


def test_a_value_too_long_for_a_button_is_not_offered() -> None:
    assert that_fit(Chosen(), Knob("Long", "text", "y" * 41)) == ()


def test_menus_and_entries_stay() -> None:
    dial, entry = Dial("Steps", "steps", (("3", "3", ""),)), Entry("Text", "text")
    assert that_fit(Chosen(), dial, entry) == (dial, entry)


def test_a_menu_says_which_setting_is_the_present_one() -> None:
    dial = menu("Warmth", "warmth", {"0.5": "cool", "1": ""}, 1.0)
    assert dial.settings == (("0.5", "Warmth 0.5 · cool", ""), ("1", "Warmth 1", "now"))
