import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from curriculum.check import check
from curriculum.errors import Problem

EVERY_KIND = Path(__file__).parent / "every_kind"
LESSON = "lessons/01-every-kind.yaml"
INSTRUMENTS = {"nexttoken", "generate"}
FIGURES: dict[str, Callable[..., float]] = {
    "vocabulary_size": lambda of: {"embedded": 49152}[of],
    "tokens_read": lambda of: sum(of[0] + step for step in range(of[1])),
}

Edit = tuple[str, str, str]  # file, what stands there once, what to put in its place


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(EVERY_KIND, tmp_path / "course"))


@pytest.fixture
def problems_after(folder) -> Callable[..., list[Problem]]:
    def _edit_and_check(*edits: Edit) -> list[Problem]:
        for name, old, new in edits:
            edit(folder / name, old, new)
        return check(folder, FIGURES, INSTRUMENTS)

    return _edit_and_check


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), "utf-8")


def line_of(file: Path, marker: str, nth: int = 1) -> int:
    hits = [i for i, line in enumerate(file.read_text("utf-8").splitlines(), 1) if marker in line]
    return hits[nth - 1]
