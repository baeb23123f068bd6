"""For whom an engine is asked: set where a person's request comes in, read where it is limited.

A context variable, so that no instrument has to hand it on; tasks started meanwhile inherit it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_asker: ContextVar[int | None] = ContextVar("asker", default=None)


@contextmanager
def asking_as(learner_id: int | None) -> Iterator[None]:
    """Count what an engine is asked in this block as one learner's."""
    former = _asker.set(learner_id)
    try:
        yield
    finally:
        _asker.reset(former)


def asker() -> int | None:
    """Return the learner for whom is asked; None for the command line and for instructors."""
    return _asker.get()
