"""The house rules, as failing tests: formatting, lint, types, architecture, the map."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings
from docs.map import FILE, house

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

RULES = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import-linter": ["lint-imports", "--no-cache"],
}


@pytest.mark.parametrize("command", RULES.values(), ids=RULES.keys())
def test_the_code_keeps_the_rule(command: list[str]) -> None:
    ran = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_map_of_the_house_is_as_the_files_say() -> None:
    assert FILE.read_text(encoding="utf-8") == house(), "run `make map`"


def test_every_file_says_what_it_is() -> None:
    mute = [line for line in house().splitlines() if line.endswith((".py", "/"))]
    assert mute == []


def test_the_readme_names_every_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    unnamed = [name for name in Settings.model_fields if f"`HUNCH_{name.upper()}`" not in text]
    assert unnamed == []
