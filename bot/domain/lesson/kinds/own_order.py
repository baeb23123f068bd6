"""A choice as one learner sees it: its options in an order of their own.

The order follows from a seed alone, so it is the same on every card and after every restart. What
is stored, counted and written in a button's id stays the option's key in the file.
"""

import random
from functools import lru_cache
from typing import TypeVar

from bot.domain.lesson.kinds.mixing import drawn
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.registry import Step
from curriculum.schema import Lesson

S = TypeVar("S", bound=Step)


class OwnChoice(ChoiceStep):
    """A choice with the order in which its options are shown.

    Attributes:
        order: Every option's key, in the order of showing.
    """

    order: tuple[str, ...]


def lesson_for(lesson: Lesson, learner_id: int) -> Lesson:
    """Return a lesson as a learner sees it; their order of each choice is theirs for good."""
    seed = f"{learner_id}:{lesson.slug}"
    return lesson.model_copy(
        update={
            "steps": tuple(in_own_order(step, seed) for step in lesson.steps),
            "quick_check": tuple(in_own_order(step, seed) for step in lesson.quick_check),
        }
    )


def in_own_order(step: S, seed: str) -> S:
    """Return a step with its options in the order of a seed; other kinds come back as they are."""
    if not isinstance(step, ChoiceStep):
        return step
    order = _mixed(OPTION_KEYS[: len(step.options)], step.in_place, f"{seed}:{step.id}")
    return OwnChoice.model_construct(**{**dict(step), "order": order})  # type: ignore[return-value]


def order_of(step: ChoiceStep) -> tuple[str, ...]:
    """Return the keys of a choice in the order of showing: the file's, unless it has its own."""
    return step.order if isinstance(step, OwnChoice) else tuple(OPTION_KEYS[: len(step.options)])


@lru_cache(maxsize=4096)
def _mixed(keys: str, in_place: frozenset[str], seed: str) -> tuple[str, ...]:
    """Return keys mixed by a seed, but for those that stay where they are."""
    free = [key for key in keys if key not in in_place]
    random.Random(drawn(seed)).shuffle(free)
    rest = iter(free)
    return tuple(key if key in in_place else next(rest) for key in keys)
