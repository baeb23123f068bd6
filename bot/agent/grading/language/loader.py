"""Reads a language file."""

from functools import cache
from pathlib import Path

import yaml

from bot.agent.grading.language.language import Language

HERE = Path(__file__).parent


@cache
def load_language(name: str) -> Language:
    """Return what stands in the file of this name, read once.

    Raises:
        ValueError: there is none, or something in it can't be used; the text says what.
    """
    there = sorted(file.stem for file in HERE.glob("*.yaml"))
    if name not in there:
        raise ValueError(f"The grader knows no {name}. It knows: {', '.join(there)}.")
    return Language.model_validate(
        yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    )
