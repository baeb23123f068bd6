"""A step kind that is only half there doesn't pass the type check, on any floor."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MYPY = Path(sys.executable).parent / "mypy"
REGISTRIES = (
    "bot/domain/lesson/kinds/registry.py",
    "bot/ui/cards/kinds/registry.py",
    "bot/report/xapi.py",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to break, with what mypy knew of it already."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("bot", "curriculum", "tools", "migrations", ".mypy_cache"):
        if (ROOT / name).exists():
            shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def complaints(house: Path) -> str:
    ran = subprocess.run([MYPY], cwd=house, capture_output=True, text=True, check=False)
    return ran.stdout


def test_a_kind_without_its_parts_fails_on_every_floor(house: Path) -> None:
    file = house / "curriculum" / "kinds" / "registry.py"
    whole = file.read_text(encoding="utf-8")
    file.write_text(whole.replace("    match: _P\n", "    match: _P\n    draw: _P\n"), "utf-8")
    told = complaints(house)
    file.write_text(whole, encoding="utf-8")
    for registry in (*REGISTRIES, "curriculum/kinds/registry.py"):
        assert f"{registry}:" in told, told
    assert told.count('Missing key "draw"') == len(REGISTRIES) + 1


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("bot/domain/lesson/kinds/arranged.py", "    def belief("),
        ("bot/domain/lesson/kinds/match.py", "    def known("),
        ("bot/ui/cards/kinds/match.py", "    def label("),
        ("curriculum/kinds/match.py", "    def told("),
    ],
)
def test_a_kind_that_lacks_a_part_fails(house: Path, file: str, part: str) -> None:
    path = house / file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(part, part.replace("def ", "def not_")), encoding="utf-8")
    told = complaints(house)
    path.write_text(whole, encoding="utf-8")
    assert "abstract" in told, told
