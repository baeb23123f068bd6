"""The book as Markdown: each answer folded under its question."""

import re
from collections.abc import Iterable
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.book.chapters import chapters_of
from bot.book.odds import odds_source, percent, top_odds
from bot.book.recording import ShownSteps
from bot.book.step import BookStep
from curriculum.schema import Course
from tools.exhibit.exhibit import Exhibit
from tools.exhibit.text import exhibit_text
from tools.exhibit.visible import visible

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)


def markdown_of(course: Course, shown: ShownSteps, made: datetime) -> str:
    """Return the book as one Markdown file.

    Args:
        course: What it teaches.
        shown: What a model shows at each step.
        made: When.
    """
    text = (
        _templates()
        .get_template("book.md.j2")
        .render(
            outline=course.outline,
            chapters=chapters_of(course, shown),
            terms=sorted(course.terms, key=lambda term: term.term.casefold()),
            made=f"{made.day} {made:%B %Y}",
        )
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _templates() -> Environment:
    made = Environment(  # Markdown, so nothing is escaped: the prose is Markdown already
        loader=PackageLoader("bot.book"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"line": _line, "lines": _lines, "code": _code, "shares": _shares}
    made.filters["shown"] = _shown
    return made


def _line(text: str) -> str:
    return _plain(" ".join(text.split()))


def _lines(text: str) -> str:
    """Return prose whose line ends stay."""
    return _plain(text.strip(), line_end="  \n")


def _plain(text: str, line_end: str = "\n") -> str:
    """Return prose in which a tag is text; code in it is left as it is."""
    parts = _CODE.split(text)
    parts[::2] = [one.replace("<", "&lt;").replace("\n", line_end) for one in parts[::2]]
    return "".join(parts)


def _code(text: str) -> str:
    return f"```text\n{text.replace('```', '` ` `')}\n```"


def _shares(top: Iterable[tuple[str, float]]) -> str:
    return _code("\n".join(f"{visible(text):<16} {percent(share):>8}" for text, share in top))


def _shown(one: BookStep) -> str:
    """Return what a model shows at a step, as text."""
    blocks = []
    if one.shown.exhibit:
        blocks.append(_code(_told(one.shown.exhibit)))
    elif one.shown.odds:
        blocks += [_shares(top_odds(one.shown.odds)), odds_source(one.shown.odds)]
    if one.recorded:
        by = f"recorded: {one.recorded.model}, {one.recorded.hardware}, {one.recorded.date}"
        blocks += [_shares(one.recorded.top.items()), by]
    if one.shown.missing:
        blocks.append(f"*{one.shown.missing}*")
    return "\n\n".join(blocks)


def _told(exhibit: Exhibit) -> str:
    return "\n".join(line.rstrip() for line in exhibit_text(exhibit).splitlines())
