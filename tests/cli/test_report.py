"""`hunch report` and `hunch anki`, as an operator types them."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Hunch

pytestmark = pytest.mark.timeout(120)


def test_a_class_that_nobody_joined_has_a_page_and_empty_files(
    hunch: Hunch, tmp_path: Path
) -> None:
    hunch("db", "upgrade")
    files = {name: tmp_path / name for name in ("class.html", "guesses.csv", "xapi.jsonl")}
    page, table, statements = files.values()
    ran = hunch(
        "report", "--cohort", "900", "--out", str(page), "--csv", str(table),
        "--xapi", str(statements), "--no-names",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert ran.out.startswith("Written: ")
    assert "Nothing yet." in page.read_text(encoding="utf-8")
    assert table.read_text(encoding="utf-8-sig").count("\n") == 1
    assert [json.loads(line) for line in statements.read_text().splitlines()] == []


def test_a_database_that_isnt_migrated_is_told_with_what_to_do(
    hunch: Hunch, tmp_path: Path
) -> None:
    ran = hunch("report", "--cohort", "900", "--out", str(tmp_path / "class.html"))
    assert ran.code == 1
    assert "Run `hunch db upgrade`" in ran.complaint
    assert not (tmp_path / "class.html").exists()


def test_a_file_that_cant_be_written_is_told_in_one_line(hunch: Hunch, tmp_path: Path) -> None:
    ran = hunch("anki", "--out", str(tmp_path / "no-such-folder" / "hunch.apkg"))
    assert ran.code == 1
    assert "No such file or directory" in ran.complaint


def test_flashcards_are_written(hunch: Hunch, tmp_path: Path) -> None:
    out = tmp_path / "hunch.apkg"
    assert hunch("anki", "--out", str(out)).code == 0
    assert out.read_bytes()[:2] == b"PK"
