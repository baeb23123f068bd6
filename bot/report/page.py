"""The instructor's page: one HTML file that needs nothing else, online or off."""

import json
from collections.abc import Mapping
from importlib.resources import files

from bot.content_policy import content_policy, digest
from bot.domain.classroom.report import Report
from bot.report.charts import charts_of, labels_of
from bot.report.plain import escaped
from bot.report.sections import NOTHING, beliefs, figures, learners, lessons, questions, said, steps
from bot.report.vega import vega_script


def page_of(report: Report) -> bytes:
    """Return the page."""
    screen = report.screen
    charts, told = charts_of(screen), labels_of(screen)
    made = report.made.strftime("%d %B %Y, %H:%M UTC")
    body = [
        f"<h1>{escaped(report.title)}</h1>",
        f'<p class="dim">The class on {made}. First guesses only.</p>',
        figures(screen),
        _part("Who is where", _place("chart-lessons", told) + lessons(screen)),
        _part("First tries, step by step", _place("chart-steps", told) + steps(screen)),
        _part("What they believe", beliefs(screen)),
        _part("How sure, and how right", _place("chart-said", told) + said(screen)),
        _part("Learners", learners(report)),
        _part("Unanswered questions", questions(report)),
    ]
    return _document(report.title, "\n".join(body), json.dumps(charts)).encode()


def _document(title: str, body: str, charts: str) -> str:
    own = files("bot.report")
    style = own.joinpath("page.css").read_text(encoding="utf-8")
    script = own.joinpath("page.js").read_text(encoding="utf-8")
    data = charts.replace("<", "\\u003c")  # so that no text in it can end the element
    drawing, script, style = vega_script(), f"\n{script}", f"\n{style}"
    policy = content_policy((drawing, script), digest(style))
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escaped(title)}: the class</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
<script type="application/json" id="charts">{data}</script>
<script>{drawing}</script>
<script>{script}</script>
</body>
</html>
"""


def _part(title: str, inside: str) -> str:
    return f"<section><h2>{escaped(title)}</h2>{inside or NOTHING}</section>"


def _place(name: str, told: Mapping[str, str]) -> str:
    if name not in told:
        return ""
    label = escaped(told[name])
    return f'<div class="chart" id="{name}" role="img" aria-label="{label}"></div>'
