"""`hunch notebook`: listed, refused, run, opened."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from itertools import takewhile
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Hunch

pytestmark = pytest.mark.timeout(180)


def test_without_a_number_it_lists_the_lessons_that_have_one(hunch: Hunch) -> None:
    ran = hunch("notebook")
    assert (ran.code, ran.err) == (0, "")
    assert [int(line.split()[0]) for line in ran.out.splitlines()] == [1, 2, 3, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("number", ["4", "99"])
def test_a_lesson_without_one_is_refused_with_those_that_have(hunch: Hunch, number: str) -> None:
    ran = hunch("notebook", number)
    assert ran.code == 2
    assert ran.complaint == (
        f"hunch: Lesson {number} has no notebook. These have one: 1, 2, 3, 5, 6, 7, 8, 9."
    )


def test_it_runs_a_learner_s_copy_with_their_guess(hunch: Hunch, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    ran = hunch("notebook", "8", "--run", "--folder", str(mine))
    copy = mine / "08-the-engine.ipynb"
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"All 9 cells have run: {copy}\n"
    assert "You haven't guessed" in copy.read_text(encoding="utf-8")

    copy.write_text(copy.read_text(encoding="utf-8").replace("my_guess = None", "my_guess = 900"))
    assert hunch("notebook", "8", "--run", "--folder", str(mine)).code == 0
    assert "In static batching a place stands" in _printed(copy)


def test_one_that_fails_names_its_cell_and_where_to_look(hunch: Hunch, tmp_path: Path) -> None:
    ran = hunch("notebook", "9", "--run", "--folder", str(tmp_path))  # lesson 2's hasn't run
    assert ran.code == 1
    assert ran.complaint == (
        f"hunch: {tmp_path / '09-memory.ipynb'} fails at cell [1], `from math import log`: "
        "FileNotFoundError: Lesson 2's notebook makes it. First run: hunch notebook 2 --run."
    )


def test_a_copy_that_is_no_notebook_is_told_in_one_line(hunch: Hunch, tmp_path: Path) -> None:
    copy = tmp_path / "08-the-engine.ipynb"
    copy.write_text("<html>", encoding="utf-8")
    ran = hunch("notebook", "8", "--run", "--folder", str(tmp_path))
    assert ran.code == 1
    assert ran.complaint == (
        f"hunch: {copy} is no notebook that can be read. Delete it, or mend it."
    )


def test_without_jupyter_it_says_what_to_install(hunch: Hunch, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text("import sys\nsys.modules['jupyterlab'] = None\n")

    ran = hunch("notebook", "8", PYTHONPATH=str(hidden))

    assert ran.code == 1
    assert ran.complaint == (
        "hunch: JupyterLab is missing. Run: pip install 'hunch-tutor[notebooks]'"
    )


def test_it_opens_the_copy_in_jupyterlab_until_it_is_stopped(tmp_path: Path) -> None:
    opened = subprocess.Popen(
        [sys.executable, "-m", "bot", "notebook", "8", "--folder", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "BROWSER": "true", "JUPYTER_CONFIG_DIR": str(tmp_path / "config")},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        said = takewhile(lambda line: "Skipped non-installed" not in line, opened.stderr)
        line = [line for line in said if "lab/tree/08-the-engine.ipynb?token=" in line][-1]
        host, token = re.search(r"(http://[^/]+)/lab.*token=(\w+)", line).groups()
        asked = urllib.request.Request(
            f"{host}/api/contents/08-the-engine.ipynb", headers={"Authorization": f"token {token}"}
        )
        with urllib.request.urlopen(asked) as answer:
            given = json.load(answer)["content"]["cells"]
        assert all(not cell.get("outputs") for cell in given)
    finally:
        os.killpg(opened.pid, signal.SIGINT)  # as Ctrl-C does
        opened.communicate(timeout=60)
    assert opened.returncode == 0


def _printed(file: Path) -> str:
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    outputs = (output for cell in cells for output in cell.get("outputs", ()))
    return "".join(line for output in outputs for line in output["text"])
