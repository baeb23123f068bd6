"""The parts of the instructor's page: what stands in each section, as HTML."""

from collections.abc import Iterable, Sequence

from bot.domain.classroom.cohort import (
    CohortScreen,
)
from bot.domain.classroom.report import MOST_LISTED, Report
from bot.domain.crowd import FEWEST, part_text
from bot.report.plain import escaped
from bot.report.table import Cell, number, table

_FEW = f'<p class="dim">What was answered is shown once {FEWEST} have, never who.</p>'
NOTHING = '<p class="dim">Nothing yet.</p>'


def figures(screen: CohortScreen) -> str:
    """Return the class in six numbers; empty where there is nothing."""
    judged = sum(step.judged for step in screen.steps)
    right = sum(step.right for step in screen.steps)
    sure, sure_right = screen.sure
    shown = [
        ("first guesses", f"{sum(step.tries for step in screen.steps):,}"),
        ("right at first try", _part(right, judged)),
        ("right when sure", _part(sure_right, sure)),
        ("Brier, 0 is best", "–" if screen.mean_brier is None else f"{screen.mean_brier:.2f}"),
        ("on one step for days", f"{screen.all_stuck:,}"),
        ("unanswered questions", f"{screen.questions:,}"),
    ]
    return "<dl>" + "".join(f"<div><dt>{n}</dt><dd>{v}</dd></div>" for n, v in shown) + "</dl>"


def lessons(screen: CohortScreen) -> str:
    """Return a line a lesson; empty where there is nothing."""
    rows = [
        (
            number(line.number, str(line.number)),
            Cell(line.title),
            number(line.begun, f"{line.begun:,}"),
            number(line.under_way, f"{line.under_way:,}"),
            number(line.done, f"{line.done:,}"),
        )
        for line in screen.lessons
    ]
    heads = [
        ("Lesson", True),
        ("Title", False),
        ("Begun", True),
        ("Under way", True),
        ("Done", True),
    ]
    return _table(heads, rows)


def steps(screen: CohortScreen) -> str:
    """Return a line a step that was tried; empty where there is nothing."""
    rows = [
        (
            number(line.number + line.index / 1000, f"{line.number}.{line.index}"),
            Cell(line.ask),
            number(line.tries, f"{line.tries:,}"),
            number(line.rate, "–" if line.rate is None else _part(line.right, line.judged)),
            Cell(line.belief or ""),
        )
        for line in screen.steps
    ]
    heads = [
        ("Step", True),
        ("Question", False),
        ("Guesses", True),
        ("Right", True),
        ("Behind most wrong guesses", False),
    ]
    return _table(heads, rows) and _FEW + _table(heads, rows)


def beliefs(screen: CohortScreen) -> str:
    """Return misconceptions, the most chosen first; empty where there is nothing."""
    rows = [
        (Cell(one.text), number(one.number, str(one.number)), number(one.votes, f"{one.votes:,}"))
        for one in screen.beliefs
    ]
    return _table([("Belief", False), ("Lesson", True), ("Chosen", True)], rows)


def said(screen: CohortScreen) -> str:
    """Return a line for each confidence; empty where there is nothing."""
    rows = [
        (
            number(line.said, f"{line.said:.0%}"),
            number(line.judged, f"{line.judged:,}"),
            number(line.right / line.judged, _part(line.right, line.judged)),
        )
        for line in screen.said
    ]
    return (
        table([("They said", True), ("Guesses", True), ("Were right", True)], rows) if rows else ""
    )


def learners(report: Report) -> str:
    """Return those who agreed to be shown; empty where there is nothing."""
    note = "Those who agreed to be shown, since they joined."
    if len(report.rows) >= MOST_LISTED:
        note += f" The {MOST_LISTED:,} who moved last."
    rows = [
        (
            Cell(row.who),
            number(row.done, str(row.done)),
            number(row.scored or None, str(row.scored)),
            number(row.right / row.scored if row.scored else None, _percent(row.right, row.scored)),
            number(row.mean_brier, f"{row.mean_brier or 0:.2f}"),
            Cell(row.place),
            Cell(row.since.strftime("%Y-%m-%d") if row.since else ""),
        )
        for row in report.rows
    ]
    heads = [
        ("Learner", False), ("Lessons done", True), ("Judged", True), ("Right", True),
        ("Brier", True), ("At step", False), ("Since", False),
    ]  # fmt: skip
    return f'<p class="dim">{note}</p>' + (_table(heads, rows) or NOTHING)


def questions(report: Report) -> str:
    """Return what nobody has answered; empty where there is nothing."""
    items = "".join(f"<li><bdi>{escaped(text)}</bdi></li>" for text in report.questions)
    return f"<ul>{items}</ul>" if items else ""


def _part(part: int, whole: int) -> str:
    return part_text(part, whole) if whole else "–"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "–"


def _table(heads: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Cell]]) -> str:
    found = list(rows)
    return table(heads, found) if found else ""
