"""All tables at once, for what looks at every one: migrations, and a person's own data."""

from types import ModuleType

from bot.store.tables import (
    classroom,
    daily,
    instrument,
    learner,
    lesson,
    path,
    posting,
    practice,
    round,
    tutor,
)
from bot.store.tables.metadata import metadata

NOUNS: tuple[ModuleType, ...] = (
    classroom,
    daily,
    instrument,
    learner,
    lesson,
    path,
    posting,
    practice,
    round,
    tutor,
)
SCHEMA = metadata  # whole, now that each of them is imported
