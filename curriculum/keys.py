"""Keys that follow from a number, worked out a second time: a key is typed, and typing slips."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from curriculum.errors import Problem
from curriculum.kinds.base import Number
from curriculum.kinds.choice import ChoiceStep, Option
from curriculum.kinds.order import OrderStep
from curriculum.kinds.registry import Step
from curriculum.numerals import numerals, plain
from curriculum.reading import LessonFile


def wrong_keys(file: LessonFile) -> Iterator[Problem]:
    """List the steps whose key isn't what their numbers marked `is_key` come to.

    A choice has one: its right option alone shows it, or alone has it in its span. An order has
    one for each stage, as listed: they rise, or they fall.
    """
    for placed in file.steps:
        marked = [i for i, number in enumerate(placed.step.numbers) if number.is_key]
        if marked and (text := _fault(placed.step, [placed.step.numbers[i] for i in marked])):
            yield file.marked.problem((*placed.place, "numbers", marked[0]), text)
        elif not marked and isinstance(placed.step, ChoiceStep):
            spans = (i for i, option in enumerate(placed.step.options) if option.between)
            for index in spans:
                place = (*placed.place, "options", index, "between")
                yield file.marked.problem(place, "no number is marked `is_key`: mark the one meant")


def _fault(step: Step, keys: Sequence[Number]) -> str | None:
    if isinstance(step, OrderStep):
        return _out_of_order(step, keys)
    if not isinstance(step, ChoiceStep):
        return "`is_key` is for choices and orders: remove it"
    value = keys[0].value
    if len(keys) > 1 or [o.correct for o in step.options if _has(o, value)] != [True]:
        return f"the right option, and no other, must have {plain(value)}: mend the key"
    return None


def _has(option: Option, value: float) -> bool:
    if option.between is not None:
        return option.would_be_right_at(value)
    return any(shown.agrees_with(value) for shown in numerals(option.text))


def _out_of_order(step: OrderStep, keys: Sequence[Number]) -> str | None:
    if len(keys) != len(step.stages):
        return (
            f"{len(step.stages)} stages and {len(keys)} numbers marked `is_key`: mark one for each"
        )
    steps = [after.value - before.value for before, after in pairwise(keys)]
    if all(step > 0 for step in steps) or all(step < 0 for step in steps):
        return None
    return "the numbers marked `is_key` neither rise nor fall: mend the order of the stages"
