"""What leaves the bot as a file can't do harm where it is opened, and says what is so."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bot.report.anki import anki_of
from bot.report.csv_file import HEADER, csv_of
from bot.report.page import page_of
from bot.report.plain import cell, escaped, plain
from bot.report.xapi import xapi_of
from curriculum.schema import Course
from tests.report.samples import NAMES, SCRIPT, sample

BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("  =1", "'=1"),
        ("\u200b=1", "'=1"),
        ("＝1+1", "'＝1+1"),
        ("\tplain", "'plain"),
        ("2 = 1+1", "2 = 1+1"),
        ("", ""),
    ],
)
def test_a_cell_that_would_run_as_a_formula_begins_with_an_apostrophe(raw: str, safe: str) -> None:
    assert cell(raw) == safe


@pytest.mark.parametrize("name", NAMES)
def test_no_hidden_sign_of_a_name_is_left_but_its_letters_are(name: str) -> None:
    shown = plain(name)
    assert not BIDI.search(shown)
    assert not CONTROL.search(shown)
    letters = [c for c in name if c.isalnum()]
    assert [c for c in shown if c.isalnum()] == letters


def test_emoji_and_joined_scripts_stay_whole() -> None:
    assert plain("🧑\u200d💻 می\u200cخواهم") == "🧑\u200d💻 می\u200cخواهم"


def test_markup_is_text_in_html() -> None:
    assert escaped('<b a="1">&\'') == "&lt;b a=&quot;1&quot;&gt;&amp;&#x27;"


def test_each_guess_is_a_line_of_the_table_whatever_it_holds(shipped: Course) -> None:
    report = sample(shipped)
    raw = csv_of(report)
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0] == list(HEADER)
    assert len(rows) == len(report.answers) + 1
    assert {len(row) for row in rows} == {len(HEADER)}
    for field in (f for row in rows[1:] for f in row):
        assert not field.startswith(("=", "+", "-", "@", "\t", "\r"))
        assert not BIDI.search(field)
        assert not CONTROL.search(field)


def test_without_names_nothing_tells_who_it_was(shipped: Course) -> None:
    report = sample(shipped, has_names=False, names=("Ada Lovelace", "Grace Hopper"))
    for made in (csv_of(report), xapi_of(report), page_of(report)):
        text = made.decode("utf-8-sig")
        assert "Lovelace" not in text
        assert "Hopper" not in text
    assert all(re.fullmatch("Learner [0-9a-f]{10}", row.who) for row in report.rows)
    assert all(re.fullmatch("learner-[0-9a-f]{10}", one.account) for one in report.answers)


def test_the_package_holds_every_recall_and_every_term_and_updates_itself(
    shipped: Course, tmp_path: Path
) -> None:
    guids = []
    for n in range(2):
        file = tmp_path / f"{n}.apkg"
        file.write_bytes(anki_of(shipped))
        with zipfile.ZipFile(file) as package:
            package.extract("collection.anki2", tmp_path / str(n))
        with sqlite3.connect(tmp_path / str(n) / "collection.anki2") as anki:
            notes = anki.execute("SELECT guid, flds FROM notes ORDER BY guid").fetchall()
        guids.append([guid for guid, _ in notes])
    assert len(notes) == sum(len(one.recall) for one in shipped.lessons) + len(shipped.terms)
    assert guids[0] == guids[1]
    assert all(fields.count("\x1f") == 2 for _, fields in notes)


def test_the_page_is_one_file_that_names_no_server_and_no_script_of_a_learner(
    shipped: Course,
) -> None:
    text = page_of(sample(shipped)).decode()
    own = text.replace(re.search(r"<script>const n=.*?</script>", text, re.DOTALL)[0], "")
    assert "http://" not in own.replace("http://evil.example", "")
    assert "src=" not in re.sub(r"&lt;.*?&gt;", "", own)
    assert SCRIPT not in text
    assert "hacked = 1&lt;/script&gt;" in text
    assert "default-src 'none'" in text


def test_a_match_is_a_matching_interaction(course: Course) -> None:
    report = sample(course)
    step = course.lessons[0].step("who-holds")
    guess = replace(report.answers[0].guess, step=step.id, answer="BAC", is_right=False)
    told = replace(report, answers=(replace(report.answers[0], guess=guess, step=step),))
    line = json.loads(xapi_of(told))
    assert line["object"]["definition"]["interactionType"] == "matching"
    assert line["result"] | {"response": "BAC", "success": False} == line["result"]
