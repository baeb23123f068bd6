"""Who answers, or judges, where a chat model may stand in."""

from enum import StrEnum


class Mode(StrEnum):
    """Who did it; kept under these names."""

    MODEL = "model"  # a chat model
    NOTES = "notes"  # nobody but the course: quoted, or compared with
    NONE = "none"  # it couldn't be done
