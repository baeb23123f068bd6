"""`hunch ask`: the tutor on the command line, without a learner and without a database."""

import asyncio
import json
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from bot.cli.console import AsJson, fail, read_settings
from bot.cli.sources import place_in_json, place_in_words
from bot.closing import close_all
from bot.domain.errors import TutorError
from bot.domain.tutor.briefing import newcomer
from bot.domain.tutor.talk import Brief, Outcome, Question, Reply, checked_question
from bot.settings import Settings
from bot.wiring.engines import build_catalogue, build_encoder
from bot.wiring.tutors import build_tutor
from curriculum.loader import load_course
from tools.exhibit.text import exhibit_text

ABSTAINED = (Outcome.ABSTAINED, Outcome.OUTSIDE)


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch ask`."""
    app.command()(ask)


def ask(
    question: str,
    as_json: AsJson = False,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Answer as to one who has guessed everything; else a newcomer."),
    ] = False,
) -> None:
    """Ask the tutor; it tells a newcomer nothing that they have yet to guess."""
    try:
        answer = asyncio.run(put(read_settings(), question, everything=everything))
    except TutorError as error:
        fail(str(error), 2)
    typer.echo(json.dumps(answer.as_json()) if as_json else answer.as_text())


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """An answer for a terminal or a machine."""

    reply: Reply

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "answer": self.reply.text,
            "citations": [place_in_json(source) for source in self.reply.citations],
            "instruments": [ran.instrument for ran in self.reply.ran],
            "mode": self.reply.mode.value,
            "abstained": self.reply.outcome in ABSTAINED,
        }

    def as_text(self) -> str:
        """Return it for people: the answer, what was run, where it stands, what went wrong."""
        parts = [self.reply.text, *(exhibit_text(ran.exhibit) for ran in self.reply.ran)]
        if self.reply.citations:
            parts.append("From: " + " · ".join(map(place_in_words, self.reply.citations)))
        if self.reply.note:
            parts.append(f"Note: {self.reply.note}")
        return "\n\n".join(parts)


async def put(settings: Settings, question: str, *, everything: bool) -> AskedAnswer:
    """Put one question to the tutor.

    Args:
        settings: What the operator chose.
        question: As it was typed.
        everything: Answer as to one who has guessed every step; else as to a newcomer.

    Raises:
        UnusableAnswer: the question can't be read.
    """
    asked = Question(checked_question(question))
    course = load_course(settings.course_dir)
    instruments, encoder = build_catalogue(settings), build_encoder(settings)
    tutor = build_tutor(settings, course, instruments, encoder, is_patient=True)
    try:
        brief = Brief() if everything else newcomer(course)
        events = [event async for event in tutor.answer(asked, brief)]
    finally:
        await close_all(tutor=tutor.close, instruments=instruments.close, encoder=encoder.close)
    return AskedAnswer(next(event for event in events if isinstance(event, Reply)))
