"""`hunch grade`: a teach-back held against its lesson's rubric."""

import asyncio
import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.console import AsJson, fail, read_settings
from bot.closing import close_all
from bot.domain.errors import TutorError
from bot.domain.lesson.teachback import SAID, Graded
from bot.settings import Settings
from bot.usecases.lesson.grading import GradeText
from bot.wiring.engines import build_encoder
from bot.wiring.tutors import build_grader
from curriculum.loader import load_course


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch grade`."""
    app.command()(grade)


def grade(
    lesson: Annotated[str, typer.Argument(help="A lesson's number or slug.")],
    text: Annotated[str, typer.Argument(help="What the learner wrote; - reads standard input.")],
    as_json: AsJson = False,
) -> None:
    """Hold a teach-back against its lesson's rubric."""
    settings = read_settings()
    try:
        said = sys.stdin.read() if text == "-" else text
        graded, mode = asyncio.run(_graded(settings, lesson, said))
    except TutorError as error:
        fail(str(error), 2)
    except UnicodeDecodeError:
        fail("What came on standard input is no UTF-8 text. Save it as UTF-8.", 2)
    rows = [{"id": g.criterion, "verdict": g.verdict, "evidence": g.evidence} for g in graded]
    if as_json:
        typer.echo(json.dumps({"criteria": rows, "mode": mode}))
        return
    for one in graded:
        typer.echo(f"{SAID[one.verdict]:<10}  {one.criterion:<16}  {one.evidence}".rstrip())
    typer.echo(f"mode: {mode}")


async def _graded(settings: Settings, lesson: str, said: str) -> tuple[Sequence[Graded], str]:
    encoder = build_encoder(settings)
    grader = build_grader(settings, encoder)
    try:
        return await GradeText(load_course(settings.course_dir), grader)(lesson, said)
    finally:
        await close_all(grader=grader.close, encoder=encoder.close)
