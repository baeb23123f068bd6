"""The house rules, as failing tests: formatting, lint, architecture, names, sizes, map."""

import ast
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import Settings
from docs.map import FILE, house

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
LONGEST_FILE, LONGEST_FUNCTION = 300, 40

RULES = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
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


def test_every_public_type_has_one_meaning() -> None:
    meant: dict[str, list[str]] = defaultdict(list)
    for path, tree in modules():
        for node in tree.body:
            name = _type_named(node)
            if name and not name.startswith("_"):
                meant[name].append(path)
    assert {name: where for name, where in meant.items() if len(where) > 1} == {}


def _type_named(node: ast.stmt) -> str | None:
    """Return the type that a statement names: a class, or what is written like one."""
    match node:
        case ast.ClassDef():
            return node.name
        case ast.Assign(targets=[ast.Name(id=name)]) if name[:1].isupper() and not name.isupper():
            return name
        case _:
            return None


def test_no_file_is_longer_than_300_lines_and_no_function_than_40() -> None:
    long = []
    for path, tree in modules():
        count = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        long += [(path, count)] if count > LONGEST_FILE else []
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [(f"{path}:{node.name}", lines)] if lines > LONGEST_FUNCTION else []
    assert long == []


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module of the program, migrations aside, by its path."""
    for floor in ("bot", "curriculum", "tools"):
        for file in sorted((ROOT / floor).rglob("*.py")):
            yield str(file.relative_to(ROOT)), ast.parse(file.read_text(encoding="utf-8"))


def test_the_readme_names_every_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    unnamed = [name for name in Settings.model_fields if f"`HUNCH_{name.upper()}`" not in text]
    assert unnamed == []
