"""The book as one HTML page: it holds all it needs, and asks the network for nothing."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bot.book.chapters import chapters_of
from bot.book.odds import odds_source, percent, top_odds
from bot.book.prose import as_html, as_inline
from bot.book.recording import ShownSteps
from bot.content_policy import content_policy
from curriculum.schema import Course
from tools.exhibit.direction import isolated_runs
from tools.exhibit.exhibit import Drawn
from tools.exhibit.text import fact_text, provenance_line
from tools.exhibit.visible import visible
from tools.measures import GLUED, LETTERS, MEASURES, PERCENT, SCALES, UNSURE
from tools.numerals import COMMA, LONGEST, POINT, THOUSANDS

_SCRIPTS = (
    "numerals.js",
    "judge.js",
    "kept.js",
    "standing.js",
    "book.js",
)  # as they lean on each other
_NUMBERS = {  # what numerals.js reads by
    "scales": SCALES,
    "glued": GLUED,
    "letters": LETTERS,
    "measures": MEASURES,
    "percent": PERCENT,
    "unsure": sorted(UNSURE),
    "longest": LONGEST,
    "rules": {"point": POINT, "thousands": THOUSANDS, "comma": COMMA},
}

DrawPart = Callable[[Drawn, str], str]  # a part and its exhibit's title, as an <svg> or text


def page_of(course: Course, shown: ShownSteps, made: datetime, picture: DrawPart) -> str:
    """Return the page.

    Args:
        course: What it teaches.
        shown: What a model shows at each step.
        made: When.
        picture: Draws what is worth a picture, as SVG with its words for those who don't see it.
    """
    chapters = chapters_of(course, shown)
    script = "".join(_read(f"templates/{name}") for name in _SCRIPTS)
    rules = {one.anchor: one.rules() for c in chapters for one in c.steps if one.form != "look"}
    told = {"title": course.outline.title, "numbers": _NUMBERS, "steps": rules}
    return (
        _templates(picture)
        .get_template("book.html.j2")
        .render(
            outline=course.outline,
            chapters=chapters,
            terms=sorted(course.terms, key=lambda term: term.term.casefold()),
            made=f"{made.day} {made:%B %Y}",
            style=Markup(_read("templates/book.css")),  # ours
            script=Markup(script),  # ours
            rules=_inert(told),
            policy=content_policy((script,), "'unsafe-inline'"),
        )
    )


def _inert(data: Any) -> Markup:
    """Return JSON that no text in it can break out of."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)


def _templates(picture: DrawPart) -> Environment:
    made = Environment(
        loader=PackageLoader("bot.book"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "prose": as_html,
        "inline": as_inline,
        "visible": visible,
        "apart": isolated_runs,
        "percent": percent,
        "form": lambda part: type(part).__name__,
        "picture": partial(_pictured, picture),
        "fact": fact_text,
        "source": provenance_line,
        "top": top_odds,
        "rest": lambda odds: 1 - sum(share for _, share in top_odds(odds)),
        "odds_source": odds_source,
        "web": web_address,
    }
    return made


def web_address(url: str) -> str:
    """Return an address that a browser may be led to; `#` for any other kind."""
    return url if url.startswith(("https://", "http://")) else "#"


def _pictured(picture: DrawPart, part: Drawn, title: str) -> Markup:
    return Markup(picture(part, title))  # the drawing escapes what it writes


def _read(name: str) -> str:
    return files("bot.book").joinpath(name).read_text(encoding="utf-8")
