"""A course in which everything is wrong that a test of the check breaks: a lesson a mistake."""

import shutil
from pathlib import Path
from typing import NamedTuple

from tests.curriculum.conftest import EVERY_KIND, LESSON, edit, line_of
from tests.curriculum.test_check import BELIEFS, FILES, NUMBERS, ROOM, STEPS, Mistake

HARD = (
    "Notwithstanding considerable organisational heterogeneity, institutional administrators "
    "characteristically underestimate infrastructural interdependencies. "
)
TOLD_ELSEWHERE = (
    Mistake(
        "a first card that overflows a phone",
        "setup: A lesson",
        "setup: " + "And so on. " * 40 + "A lesson",
        "setup:",
        "first card takes ",
    ),
    Mistake(
        "a text that reads hard",
        "text: Watch it",
        f"text: {4 * HARD}It",
        "id: play",
        "school grade",
    ),
    Mistake("a mark of YAML's", "text: All at", "text: &all at", "text: &all", "`&all` is a mark"),
    Mistake(
        "a key that isn't one",
        "of: embedded}",
        "of: embedded, is_key: true}",
        "value: 49152",
        "is for choices and orders",
    ),
)
_STAGE = "  - {{number: {number}, slug: {slug}, title: T}}"
IN_A_LESSON = (*STEPS, *BELIEFS, *ROOM, *NUMBERS, *FILES, *TOLD_ELSEWHERE)
GLOSSARY = (
    Mistake(
        "a term twice",
        "term: vocabulary\n",
        "term: vocabulary\n  aliases: [Token]\n",
        "Token]",
        "term 'token' is taken",
    ),
    Mistake(
        "an unplanned lesson",
        "lesson: 1\n  means: All",
        "lesson: 99\n  means: All",
        "lesson: 99",
        "no lesson 99",
    ),
    Mistake(
        "no such name",
        "aliases: [tokens]",
        "aliases: [tokens]\n  everyday: [piece]",
        "piece]",
        "'piece' is no name",
    ),
)


class Planted(NamedTuple):
    """Where a mistake stands, and what must be said of it."""

    file: Path
    line: int
    says: str


def planted_course(folder: Path) -> list[Planted]:
    """Write a course with all mistakes into a folder; return them."""
    shutil.copytree(EVERY_KIND, folder)
    good, found = (folder / LESSON).read_text("utf-8"), []
    stages = ["title: Everything wrong", "grade: 4", "stages:"]
    for number, slug in enumerate(("every-kind", "not-yet"), 1):
        stages.append(_STAGE.format(number=number, slug=slug))
    for number, mistake in enumerate(IN_A_LESSON, 3):
        slug = f"broken-{number}"
        text = good.replace("number: 1\n", f"number: {number}\n", 1)
        file = folder / "lessons" / f"{number:02}-{slug}.yaml"
        file.write_text(text.replace("slug: every-kind\n", f"slug: {slug}\n", 1), "utf-8")
        edit(file, mistake.old, mistake.new)
        found.append(Planted(file, line_of(file, mistake.marker, mistake.nth), mistake.says))
        stages.append(_STAGE.format(number=number, slug=slug))
    (folder / "course.yaml").write_text("\n".join(stages) + "\n", "utf-8")
    glossary = folder / "glossary.yaml"
    for mistake in GLOSSARY:
        edit(glossary, mistake.old, mistake.new)
    found += [Planted(glossary, line_of(glossary, m.marker), m.says) for m in GLOSSARY]
    return [*found, *_passed_over(folder, good)]


def _passed_over(folder: Path, good: str) -> list[Planted]:
    names = ("lessons/98-a.yml", "lessons/98-b.YAML", "lessons/98-c.yaml.txt", "passages.yml")
    for name in names:
        (folder / name).write_text(good, "utf-8")
    for name in ("98-d.yaml~", ".#98-e.yaml", "._98-f.yaml", ".DS_Store", "#98-g.yaml#", "98.bak"):
        (folder / "lessons" / name).write_bytes(b"\0\5\x16\7")  # of an editor: nobody's lesson
    return [Planted(folder / name, 1, "isn't read") for name in names]
