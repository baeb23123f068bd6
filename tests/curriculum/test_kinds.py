"""Every kind of step says all that it must: what is prose, what is offered, what can be wrong."""

import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from curriculum.check import check
from curriculum.kinds.base import CoursePart, StepBase
from curriculum.kinds.registry import STEPS, ByKind, KindName, Step
from tests.curriculum.conftest import LESSON, edit
from tools.figures import FIGURES

KINDS = list(STEPS.values())
APART = frozenset({"numbers", "after", "recorded", "illustrative", "counts", "near_misses"})


def members(of: object) -> set[type[StepBase]]:
    """Return the classes of a union, however it is put together."""
    inner = typing.get_args(of)
    if isinstance(of, type) and issubclass(of, StepBase):
        return {of}
    return set().union(*(members(one) for one in inner)) if inner else set()


def test_union_table_and_names_list_the_same_kinds() -> None:
    assert members(Step) == set(KINDS)
    assert list(STEPS) == [*typing.get_type_hints(ByKind)] == [*typing.get_args(KindName)]
    assert {kind.model_fields["kind"].annotation for kind in KINDS} == {
        typing.Literal[name] for name in STEPS
    }


@pytest.mark.parametrize("kind", KINDS, ids=list(STEPS))
def test_no_kind_leaves_out_a_part(kind: type[StepBase]) -> None:
    assert not inspect.isabstract(kind)


def texts_in(model: type[BaseModel]) -> Iterator[tuple[str, object]]:
    """Yield each field that holds text, with what kind of part it holds inside."""
    for name, field in model.model_fields.items():
        inner = [one for one in _types(field.annotation)]
        parts = [one for one in inner if isinstance(one, type) and issubclass(one, CoursePart)]
        if parts:
            yield name, parts[0]
        elif str in inner:
            yield name, None


def _types(annotation: object) -> Iterator[object]:
    yield annotation
    for one in typing.get_args(annotation):
        yield from _types(one)


@pytest.mark.parametrize("kind", KINDS, ids=list(STEPS))
def test_every_text_of_a_step_is_prose_or_said_not_to_be(kind: type[StepBase]) -> None:
    """A field that neither list names would hold numbers that nothing checks."""
    for name, part in texts_in(kind):
        if name in kind.UNREAD or name in APART:
            continue
        assert name in kind.PROSE, f"{kind.__name__}.{name}: prose, or UNREAD?"
        if part is not None:
            inner = (
                {n for n, _ in texts_in(part)} - {"id", "misconception", "things", "order"} - APART
            )
            assert set(kind.PROSE[name]) == inner, f"{kind.__name__}.{name}"
    assert set(kind.PROSE) <= set(kind.model_fields)


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("belongs: one step}", "belongs: every answer}", "read the same: tell them apart"),
        ("thing: Activations", "thing: Weights", "read the same: tell them apart"),
        ("things: [Weights, Key", "things: [Biases, Key", "a mix-up is of two of the things"),
        ("misconception: learns", "misconception: lerns", "misconception `lerns` isn't declared"),
        ("Go by how long", "Go by 77", "77 has no source"),
        ("gets into the weights", "gets into 78 weights", "78 has no source"),
        ("belongs: one step", "belongs: 79 steps", "79 has no source"),
        ("belongs: one step", f"belongs: {'x' * 61}", "`belongs` is too long: 61 characters"),
    ],
)
def test_a_match_with_a_mistake_is_told_by_line(
    folder: Path, was: str, becomes: str, says: str
) -> None:
    edit(folder / LESSON, was, becomes)
    told = [str(problem) for problem in check(folder, FIGURES)]
    assert any(says in line for line in told), told
