"""Starting with something broken: what is wrong and what to do, and nothing half-written."""

from pathlib import Path

import pytest

from tests.cli.conftest import NOBODY, Hunch
from tests.curriculum.planted import planted_course

pytestmark = pytest.mark.timeout(120)

SERVER = {"HUNCH_MODEL_URL": NOBODY, "HUNCH_MODEL": "some-model"}
STARTABLE = {"HUNCH_DISCORD_TOKEN": "a.test.token", **SERVER}


def test_forty_mistakes_are_listed_each_on_its_line_and_nothing_starts(
    hunch: Hunch, tmp_path: Path, database: Path
) -> None:
    planted = planted_course(tmp_path / "course")
    course = {"HUNCH_COURSE_DIR": str(tmp_path / "course")}

    checked = hunch("lessons", "check", **course)
    ran = hunch("run", **STARTABLE, **course)
    played = hunch("play", **SERVER, **course)

    listed = checked.out.splitlines()
    places = {f"{one.file}:{one.line}" for one in planted}
    assert len(places) >= 40
    assert checked.code == 1
    assert places <= {":".join(line.split(":")[:2]) for line in listed}
    assert all(line.startswith(f"{tmp_path}/course/") for line in listed)
    for started in (ran, played):
        assert (started.code, started.out) == (1, "")
        assert started.err.splitlines()[:-1] == listed
        assert started.err.splitlines()[-1].startswith("hunch: The course can't be taught")
    assert not database.exists()


def test_keys_are_counted_by_letter_and_by_length(hunch: Hunch) -> None:
    titles, *lessons, whole, shares = hunch("lessons", "keys").out.splitlines()
    assert titles.split() == ["A", "B", "C", "D", "E", "longest", "shortest", "of"]
    figures = [line.split()[1:] for line in lessons]
    counted = [int(figure) for figure in whole.split()[1:]]
    assert counted == [sum(map(int, each)) for each in zip(*figures, strict=True)]
    assert sum(counted[:5]) == counted[-1] > 100
    assert shares.split()[-1] == "100%"


def test_the_shipped_course_has_no_mistakes(hunch: Hunch) -> None:
    ran = hunch("lessons", "check")

    assert (ran.code, ran.out, ran.err) == (0, "No mistakes.\n", "")


def test_a_server_without_a_model_is_one_line(hunch: Hunch) -> None:
    ran = hunch("run", HUNCH_MODEL_URL=NOBODY)

    assert ran.code == 1
    assert "HUNCH_MODEL " in ran.complaint


def test_settings_that_cant_be_used_are_named_together(hunch: Hunch) -> None:
    ran = hunch("doctor", HUNCH_LOG_LEVEL="loud", HUNCH_SHARDS="-1", HUNCH_DISCORD_TOKEN="s3cret")

    assert ran.code == 1
    assert "HUNCH_LOG_LEVEL: input should be 'debug'" in ran.complaint
    assert "HUNCH_SHARDS: input should be greater" in ran.complaint
    assert "s3cret" not in ran.err


def test_without_a_token_run_says_where_to_get_one(hunch: Hunch, database: Path) -> None:
    ran = hunch("run")

    assert ran.code == 1
    assert "Set HUNCH_DISCORD_TOKEN" in ran.complaint
    assert not database.exists()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "Use sqlite:///hunch.sqlite or postgresql+psycopg://"),
        ("mysql://me@here/hunch", "names mysql; SQLite and PostgreSQL work"),
        ("sqlite:///:memory:", "name one in HUNCH_DATABASE_URL"),
        ("postgresql://me:s3cret@127.0.0.1:9/hunch", "Check HUNCH_DATABASE_URL"),
    ],
)
def test_an_address_that_is_no_use_is_one_line(hunch: Hunch, url: str, says: str) -> None:
    ran = hunch("db", "upgrade", HUNCH_DATABASE_URL=url)

    assert (ran.code, ran.out) == (1, "")
    assert says in ran.complaint
    assert "s3cret" not in ran.err


@pytest.mark.parametrize("command", ["run", "play"])
def test_a_file_in_the_way_of_the_folder_is_one_line(
    hunch: Hunch, tmp_path: Path, command: str
) -> None:
    (tmp_path / "way").write_text("mine")
    url = f"sqlite:///{tmp_path}/way/hunch.sqlite"

    ran = hunch(command, **STARTABLE | {"HUNCH_DATABASE_URL": url})

    assert ran.code == 1
    assert "Name another file in HUNCH_DATABASE_URL" in ran.complaint
    assert (tmp_path / "way").read_text() == "mine"


def test_a_file_that_is_something_else_is_left_as_it_is(hunch: Hunch, database: Path) -> None:
    database.parent.mkdir()
    database.write_text("Dear diary, today I guessed first.\n" * 40)
    before = database.read_bytes()

    ran = hunch("play", **SERVER)

    assert ran.code == 1
    assert "The file is something else; move it away, or name another." in ran.complaint
    assert database.read_bytes() == before
    assert [file.name for file in database.parent.iterdir()] == ["hunch.sqlite"]
