"""The house rules, as failing tests: formatting, lint, types, architecture, the README's tree."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings

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


def test_the_readme_tree_names_every_file_of_the_program() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    tree = re.search(r"```text\n(bot/.*?)```", text, re.DOTALL)
    assert tree, "the README has lost its layout tree"
    named = set(_paths(tree[1]))
    there = {
        str(path.relative_to(ROOT))
        for folder in ("bot", "curriculum", "tools", "migrations")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py"
    }
    assert there - named == set(), "not in the README's tree"
    gone = {name for name in named if name.endswith(".py")} - there
    assert gone == set(), "in the README's tree, but gone"


def _paths(tree: str) -> list[str]:
    """Read an indented tree: a folder ends with /, what stands deeper is inside it."""
    found, folders = [], []
    for line in tree.splitlines():
        name = line.split()[0] if line.strip() else ""
        depth = (len(line) - len(line.lstrip())) // 2
        folders = folders[:depth]
        if name.endswith("/"):
            folders.append(name)
        elif name:
            found.append("".join(folders) + name)
    return found


def test_the_readme_names_every_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    unnamed = [name for name in Settings.model_fields if f"`HUNCH_{name.upper()}`" not in text]
    assert unnamed == []
