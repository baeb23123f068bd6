"""The type check: it finds nothing in the house, and a step kind that is half there is told."""

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
PARTS = {
    "bot/domain/lesson/kinds/arranged.py": "    def belief(",
    "bot/domain/lesson/kinds/match.py": "    def known(",
    "bot/ui/cards/kinds/match.py": "    def label(",
    "curriculum/kinds/match.py": "    def told(",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program to break; the first check in it is whole, later ones know of it."""
    folder = tmp_path_factory.mktemp("house")
    for name in ("bot", "curriculum", "tools", "migrations"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "pyproject.toml", folder)
    told = complaints(folder)
    assert told.startswith("Success"), told
    return folder


def complaints(house: Path) -> str:
    ran = subprocess.run([MYPY], cwd=house, capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def broken(house: Path, changes: dict[str, tuple[str, str]]) -> str:
    """What is told of a house with some texts replaced; it is whole again afterwards."""
    whole = {house / name: (house / name).read_text(encoding="utf-8") for name in changes}
    for path, change in zip(whole, changes.values(), strict=True):
        assert change[0] in whole[path]
        path.write_text(whole[path].replace(*change), encoding="utf-8")
    told = complaints(house)
    for path, text in whole.items():
        path.write_text(text, encoding="utf-8")
    return told


def test_a_kind_without_its_parts_fails_on_every_floor(house: Path) -> None:
    registry = "curriculum/kinds/registry.py"
    told = broken(house, {registry: ("    match: _P\n", "    match: _P\n    draw: _P\n")})
    for file in (*REGISTRIES, registry):
        assert f"{file}:" in told, told
    assert told.count('Missing key "draw"') == len(REGISTRIES) + 1


def test_a_kind_that_lacks_a_part_fails(house: Path) -> None:
    changes = {file: (part, part.replace("def ", "def not_")) for file, part in PARTS.items()}
    told = broken(house, changes)
    for line in (
        'abstract class "OrderKind" with abstract attribute "belief"',
        'abstract class "MatchKind" with abstract attributes "belief" and "known"',
        'abstract class "MatchCards" with abstract attribute "label"',
        'Only concrete class can be given where "type[StepBase]" is expected',
    ):
        assert line in told, told
