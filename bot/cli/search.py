"""`hunch search`: what the course says on a question, best first; no learner, nothing hidden."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from bot.agent.search.search import CourseSearch, Found, is_about_course
from bot.cli.console import AsJson, fail, read_settings
from bot.cli.sources import place_in_json, place_in_words
from bot.domain.errors import TutorError
from bot.domain.tutor.talk import checked_question
from bot.settings import Settings
from bot.wiring.engines import build_encoder
from curriculum.loader import load_course
from tools.errors import ToolError

TellStage = Callable[[str], None]


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch search`."""
    app.command()(search)


def search(
    question: str,
    top: Annotated[int, typer.Option(min=1, max=20, help="How many to show.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Find what the course says on a question, best first."""

    def tell(stage: str) -> None:
        typer.echo(f"hunch: {stage} ...", err=True)

    try:
        found = asyncio.run(find(read_settings(), question, top, tell))
    except TutorError as error:
        fail(str(error), 2)
    if as_json:
        typer.echo(json.dumps(_as_json(found)))
    else:
        typer.echo(_as_text(found, is_about_course(found)))


async def find(settings: Settings, question: str, top: int, tell: TellStage) -> tuple[Found, ...]:
    """Return the best passages, one a source; by words alone where the encoder can't be had.

    Args:
        settings: What the operator chose.
        question: As it was typed.
        top: How many, 1 or more.
        tell: Told what takes long, and what couldn't be done.

    Raises:
        UnusableAnswer: the question can't be read.
        CourseError: a lesson file has a mistake.
    """
    asked = checked_question(question)
    encoder = build_encoder(settings, tell)
    course = load_course(settings.course_dir)
    found = CourseSearch.of(course, encoder, settings.cache_dir)
    try:
        await found.learn_meanings(tell)
    except ToolError as error:
        tell(f"ranked by words alone: {error}")
    try:
        return await found.find(asked, top)
    finally:
        encoder.close()


def _as_json(found: Sequence[Found]) -> list[dict[str, Any]]:
    """Return what was found for machines."""
    return [
        {
            **place_in_json(one.passage.source),
            "title": one.passage.title,
            "text": one.passage.text,
            "score": one.score,
        }
        for one in found
    ]


def _as_text(found: Sequence[Found], is_covered: bool) -> str:
    """Return what was found for people."""
    parts = [] if is_covered else ["The course says little on this. Nearest to it:"]
    for one in found:
        where = place_in_words(one.passage.source)
        parts.append(f"{one.score:.2f}  {one.passage.title}  ({where})\n{one.passage.text}")
    return "\n\n".join(parts)
