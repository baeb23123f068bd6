"""`hunch doctor` and `hunch db`: what is there, what isn't, and what to do about it."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import NOBODY, Hunch, Ran

pytestmark = pytest.mark.timeout(120)

SERVER = {"HUNCH_MODEL_URL": NOBODY, "HUNCH_MODEL": "some-model"}


def _findings(ran: Ran) -> dict[str, tuple[str, str]]:
    """Return each line of doctor's as name -> (verdict, text)."""
    lines = [line.split(maxsplit=2) for line in ran.out.splitlines()]
    return {name: (verdict, text) for verdict, name, text in lines}


def test_with_nothing_set_doctor_finds_only_the_token_missing_and_makes_nothing(
    hunch: Hunch, database: Path, tmp_path: Path
) -> None:
    ran = hunch("doctor", HUNCH_CACHE_DIR=str(tmp_path / "cache"))

    found = _findings(ran)
    assert list(found) == ["settings", "token", "model", "chat", "database", "migrations", "course"]
    assert found["token"][0] == "FAIL"
    assert "set HUNCH_DISCORD_TOKEN" in found["token"][1]
    assert {name for name, (verdict, _) in found.items() if verdict == "ok"} == {*found} - {"token"}
    assert "the first start fetches it" in found["model"][1]
    assert "the first start makes it" in found["database"][1]
    assert ran.code == 1
    assert list(tmp_path.iterdir()) == []


def test_doctor_tells_of_a_dead_server_and_of_tables_that_are_missing(
    hunch: Hunch, database: Path
) -> None:
    database.parent.mkdir()
    database.touch()

    ran = hunch("doctor", **SERVER)

    found = _findings(ran)
    assert found["model"][0] == "FAIL"
    assert "127.0.0.1:9 can't be reached" in found["model"][1]
    assert "correct HUNCH_MODEL_URL" in found["model"][1]
    assert found["chat"] == found["model"]  # the same server does both
    assert found["database"] == ("ok", f"{database} answers")
    assert found["migrations"][0] == "FAIL"
    assert "Run `hunch db upgrade`" in found["migrations"][1]
    assert ran.code == 1


def test_the_tables_are_made_seen_by_doctor_and_taken_away_again(
    hunch: Hunch, database: Path
) -> None:
    made = hunch("db", "upgrade")
    seen = _findings(hunch("doctor", **SERVER))["migrations"]
    missing = hunch("db", "downgrade", "bogus")
    gone = hunch("db", "downgrade", "base")  # nothing is in them, so nothing is asked

    assert made.out.startswith("The database is at 0")
    assert seen[0] == "ok"
    assert seen[1].endswith(", the newest")
    assert (gone.code, gone.out) == (0, "The database is empty.\n")
    assert missing.code == 1
    assert "'bogus'" in missing.complaint


def _learner(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO learner VALUES (7, '2026-01-01 00:00:00')")
    connection.close()


def test_what_learners_did_is_never_deleted_unasked(hunch: Hunch, database: Path) -> None:
    hunch("db", "upgrade")
    _learner(database)

    asked = hunch("db", "downgrade", "base")
    there = hunch("db", "check")
    gone = hunch("db", "downgrade", "base", "--yes")

    assert asked.code == 1
    assert "deletes for good: learner (1)" in asked.out
    assert "With --yes" in asked.complaint
    assert "It holds 1 learner and 0 guesses" in there.out
    assert (gone.code, gone.out) == (0, "The database is empty.\n")


def test_a_copy_is_made_checked_and_put_back_only_when_that_is_said(
    hunch: Hunch, database: Path, tmp_path: Path
) -> None:
    none = hunch("db", "backup", str(tmp_path / "copy"))
    hunch("db", "upgrade")
    _learner(database)
    made = hunch("db", "backup", str(tmp_path / "copy"))
    again = hunch("db", "backup", str(tmp_path / "copy"))
    asked = hunch("db", "restore", str(tmp_path / "copy"))
    put = hunch("db", "restore", str(tmp_path / "copy"), "--yes")

    assert none.code == 1
    assert "unable to open" in none.complaint
    assert made.out == f"{tmp_path}/copy holds 1 learner and 0 guesses (1 row).\n"
    assert "is there already" in again.complaint
    assert "what was learned since" in asked.out
    assert asked.code == 1
    assert put.out == "The database holds 1 learner and 0 guesses (1 row).\n"


def test_a_check_makes_no_database(hunch: Hunch, database: Path) -> None:
    assert "There is no" in hunch("db", "check").complaint
    assert not database.exists()


def test_for_machines_doctor_tells_the_same_and_ends_the_same(hunch: Hunch) -> None:
    read, ran = hunch("doctor", **SERVER), hunch("doctor", "--json", **SERVER)

    told = json.loads(ran.out)
    assert (ran.code, ran.err) == (read.code, read.err) == (1, "")
    assert {*told} == {"is_well", "findings"}
    assert told["is_well"] is False
    assert all({*found} == {"name", "is_well", "text"} for found in told["findings"])
    assert {
        found["name"]: ("ok" if found["is_well"] else "FAIL", found["text"])
        for found in told["findings"]
    } == _findings(read)


def test_doctor_says_where_the_database_cant_be_made(hunch: Hunch, tmp_path: Path) -> None:
    (tmp_path / "way").touch()
    url = f"sqlite:///{tmp_path}/way/hunch.sqlite"

    verdict, text = _findings(hunch("doctor", HUNCH_DATABASE_URL=url, **SERVER))["database"]

    assert verdict == "FAIL"
    assert f"{tmp_path}/way is no folder that can be written to" in text


def test_doctor_says_where_to_look_for_a_courses_mistakes(hunch: Hunch, tmp_path: Path) -> None:
    ran = hunch("doctor", HUNCH_COURSE_DIR=str(tmp_path), **SERVER)

    verdict, text = _findings(ran)["course"]
    assert verdict == "FAIL"
    assert "course.yaml" in text
    assert "Run `hunch lessons check`" in text
