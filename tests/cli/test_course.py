"""A course of one's own, from the command line: begun, added to, watched, made a book."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Hunch

pytestmark = pytest.mark.timeout(180)


def test_a_course_is_begun_once_and_grows_by_a_lesson(hunch: Hunch, tmp_path: Path) -> None:
    own = tmp_path / "own"
    begun = hunch("course", "new", str(own))
    assert begun.code == 0
    assert f"export HUNCH_COURSE_DIR={own}" in begun.out
    again = hunch("course", "new", str(own))
    assert (again.code, again.out) == (2, "")
    assert "isn't empty" in again.complaint

    grown = hunch("lessons", "new", "After the storm", HUNCH_COURSE_DIR=str(own))
    assert (grown.code, grown.err) == (0, "")
    told = hunch("lessons", "check", HUNCH_COURSE_DIR=str(own))
    assert (told.code, told.out.count("02-after-the-storm.yaml:")) == (1, 37)
    assert "02-after-the-storm.yaml:8: still to be written: after this" in told.out
    refused = hunch("course", "export", "--out", "book.html", HUNCH_COURSE_DIR=str(own))
    assert (refused.code, refused.out) == (1, "")


def test_the_course_that_ships_takes_no_new_lesson(hunch: Hunch) -> None:
    refused = hunch("lessons", "new", "Mine")
    assert refused.code == 2
    assert "hunch course new FOLDER" in refused.complaint


def test_a_book_is_written_without_a_model_where_none_is_wanted(
    hunch: Hunch, tmp_path: Path
) -> None:
    page, text = tmp_path / "book.html", tmp_path / "book.md"
    made = hunch("course", "export", "--no-model", "--out", str(page))
    assert (made.code, made.out) == (0, f"Written: {page}\n")
    assert "No model was at hand when this was made." in page.read_text(encoding="utf-8")
    assert hunch("course", "export", "--no-model", "--markdown", "--out", str(text)).code == 0
    assert text.read_text(encoding="utf-8").startswith("# Inference Engineering\n")
    nowhere = hunch("course", "export", "--no-model", "--out", str(tmp_path / "no" / "book.html"))
    assert (nowhere.code, "Make it first" in nowhere.complaint) == (2, True)


def test_a_watched_course_is_checked_again_at_each_save(hunch: Hunch, tmp_path: Path) -> None:
    own = tmp_path / "own"
    hunch("course", "new", str(own))
    lesson = own / "lessons" / "01-first-ten-minutes.yaml"
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "lessons", "check", "--watch"],
        cwd=ROOT,
        env={**os.environ, "HUNCH_COURSE_DIR": str(own)},
        stdout=subprocess.PIPE,
        text=True,
    ) as watching:
        assert watching.stdout
        assert watching.stdout.readline() == "No mistakes.\n"
        assert watching.stdout.readline().startswith(f"-- watching {own}")
        good = lesson.read_text(encoding="utf-8")
        lesson.write_text(good.replace("correct: true", "corect: true", 1), encoding="utf-8")
        assert "`corect` is no field here" in watching.stdout.readline()
        while not watching.stdout.readline().startswith("-- watching"):
            pass
        lesson.write_text(good, encoding="utf-8")
        assert watching.stdout.readline() == "No mistakes.\n"
        watching.terminate()
