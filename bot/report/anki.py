"""Recall cards and the glossary as an Anki package.

Ids come from the course's own names, so a newer package updates the cards of an older one and
keeps what Anki knows of their reviews.
"""

import hashlib
import tempfile
from pathlib import Path

import genanki

from bot.report.plain import escaped
from curriculum.schema import Course

_STYLE = ".card { font-family: sans-serif; font-size: 20px; text-align: center; }"
_MODEL = genanki.Model(
    1_700_412_907,
    "Hunch",
    fields=[{"name": "Front"}, {"name": "Back"}, {"name": "Where"}],
    templates=[
        {
            "name": "Recall",
            "qfmt": "{{Front}}",
            "afmt": "{{FrontSide}}<hr id=answer>{{Back}}<br><small>{{Where}}</small>",
        }
    ],
    css=_STYLE,
)


def anki_of(course: Course) -> bytes:
    """Return the package: a deck of what lessons ask to recall, and one of the glossary."""
    title = course.outline.title
    recalls = genanki.Deck(_number(f"{title}: recall"), f"{title}::Recall")
    for lesson in course.lessons:
        for step in lesson.recall:
            where = f"Lesson {lesson.number}: {lesson.title}"
            recalls.add_note(_note(f"recall:{lesson.slug}:{step.id}", step.ask, step.answer, where))
    glossary = genanki.Deck(_number(f"{title}: glossary"), f"{title}::Glossary")
    for term in course.terms:
        name = ", ".join((term.term, *term.aliases))
        glossary.add_note(_note(f"term:{term.term}", name, term.means, f"Lesson {term.lesson}"))
    with tempfile.TemporaryDirectory() as folder:  # genanki writes files only
        file = Path(folder) / "hunch.apkg"
        genanki.Package([recalls, glossary]).write_to_file(str(file))
        return file.read_bytes()


def _note(key: str, front: str, back: str, where: str) -> genanki.Note:
    fields = [escaped(front), escaped(back), escaped(where)]
    return genanki.Note(model=_MODEL, fields=fields, guid=genanki.guid_for("hunch", key))


def _number(name: str) -> int:
    """Return a deck's id: Anki wants one that never changes, in 31 bits."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) >> 1
