"""The pages for those who carry on: what they point to is there, and they stay short."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = "bot|curriculum|tools|migrations|tests|bench|docs"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
RECORDS = sorted(ROOT.glob("docs/decisions/[0-9]*.md"))
# `bot/ui/edge/turn.py`, `bot/domain/`, `bot/domain/lesson/machine.py:advance`, `…py:Turns.press`
_PLACE = re.compile(rf"`((?:{FLOORS})/[\w./-]*)(?::([\w.]+))?`")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_MAKE = re.compile(r"(?:`|\$ )make ([a-z-]+)")
_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
LONGEST_README = 200  # lines: what users need; the rest has pages of its own

of_each_page = pytest.mark.parametrize(
    "page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES]
)


@of_each_page
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    missing = [
        found[0] for found in _PLACE.finditer(text) if not _is_there(ROOT / found[1], found[2])
    ]
    assert missing == []


@of_each_page
def test_where_a_page_leads_there_is_a_page(page: Path) -> None:
    prose = _FENCED.sub("", page.read_text(encoding="utf-8"))
    missing = [link for link in _LINK.findall(prose) if not (page.parent / link).exists()]
    assert missing == []


@of_each_page
def test_what_a_page_makes_can_be_made(page: Path) -> None:
    targets = _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    assert {*_MAKE.findall(page.read_text(encoding="utf-8"))} <= {*targets}


def test_the_readme_stays_short() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= LONGEST_README


def _is_there(path: Path, name: str | None) -> bool:
    """Whether there is such a file or folder and, where a name is given, that name in it."""
    if name is None:
        return path.exists()
    return path.is_file() and name in _names(ast.parse(path.read_text(encoding="utf-8")))


def _names(tree: ast.Module | ast.ClassDef, of: str = "") -> Iterator[str]:
    """Yield what a module defines: `advance`, `INSTRUMENT`, `Turns`, `Turns.press`."""
    for node in tree.body:
        match node:
            case ast.ClassDef(name=name):
                yield of + name
                yield from _names(node, f"{of}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield of + name
            case ast.Assign(targets=targets):
                yield from (of + one.id for one in targets if isinstance(one, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield of + name


def test_a_name_that_is_not_there_is_found_out() -> None:
    machine = ROOT / "bot/domain/lesson/machine.py"
    assert _is_there(machine, "advance")
    assert not _is_there(machine, "retreat")
    assert not _is_there(machine.with_name("engine.py"), None)
    assert _is_there(ROOT / "bot/ui/edge/turn.py", "Turns.press")
    assert not _is_there(ROOT / "bot/ui/edge/turn.py", "press")


@pytest.mark.parametrize("record", RECORDS, ids=[record.name for record in RECORDS])
def test_a_decision_is_short_listed_and_says_when_to_think_again(record: Path) -> None:
    lines = record.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 40
    assert {"## Context", "## Decision", "## What would change our mind"} <= {*lines}
    title = lines[0].partition(". ")[2]
    listed = (record.parent / "README.md").read_text(encoding="utf-8")
    assert f"| [{record.name[:4]}]({record.name}) | {title} |" in listed
