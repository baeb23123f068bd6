"""A class's guesses as a table that a spreadsheet opens."""

import csv
import io

from bot.domain.classroom.report import AnswerRow, Report
from bot.domain.lesson.scoring import answer_text
from bot.report.plain import cell

HEADER = (
    "learner", "lesson", "step", "question", "kind", "run",
    "answer", "right", "confidence", "hints", "at", "seen before", "criteria met",
    "reason", "lesson version",
)  # fmt: skip


def csv_of(report: Report) -> bytes:
    """Return the table: a line a guess. UTF-8 with a mark, without which Excel reads it wrongly."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for answer in report.answers:
        writer.writerow(_line(answer, report.has_names))
    return text.getvalue().encode("utf-8-sig", "replace")


def _line(answer: AnswerRow, has_names: bool) -> list[str | int]:
    guess, step = answer.guess, answer.step
    return [
        cell(answer.who),
        answer.lesson.number,
        step.id,
        cell(getattr(step, "ask", "")),
        step.kind,
        answer.run,
        cell(answer_text(step, guess.answer)),
        {True: "yes", False: "no", None: ""}[guess.is_right],
        "" if guess.confidence is None else f"{guess.confidence:.3f}",
        guess.hints,
        guess.at.isoformat(),
        "yes" if guess.had_seen_answer else "no",  # in a class round: no first try
        _of(answer.criteria_met),
        cell(guess.why or "") if has_names else "",  # a reason may tell who wrote it
        "" if guess.version is None else guess.version,
    ]


def _of(met: tuple[int, int] | None) -> str:
    """Return `3 of 4`: no slash, which a spreadsheet takes for a date."""
    return f"{met[0]} of {met[1]}" if met else ""
