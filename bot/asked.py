"""`hunch ask`: the tutor on the command line, without a learner and without a database."""

from dataclasses import dataclass
from typing import Any

from bot.domain.tutor.briefing import newcomer
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, Outcome, Question, Reply, checked_question
from bot.engines import build_catalogue, build_encoder
from bot.settings import Settings
from bot.tutors import build_tutor
from curriculum.loader import load_course
from tools.exhibit.text import exhibit_text

ABSTAINED = (Outcome.ABSTAINED, Outcome.OUTSIDE)


@dataclass(frozen=True, slots=True)
class AskedAnswer:
    """An answer for a terminal or a machine."""

    reply: Reply

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "answer": self.reply.text,
            "citations": [_cited(source) for source in self.reply.citations],
            "instruments": [ran.instrument for ran in self.reply.ran],
            "mode": self.reply.mode.value,
            "abstained": self.reply.outcome in ABSTAINED,
        }

    def as_text(self) -> str:
        """Return it for people: the answer, what was run, where it stands, what went wrong."""
        parts = [self.reply.text, *(exhibit_text(ran.exhibit) for ran in self.reply.ran)]
        if self.reply.citations:
            parts.append("From: " + " · ".join(map(_named, self.reply.citations)))
        if self.reply.note:
            parts.append(f"Note: {self.reply.note}")
        return "\n\n".join(parts)


async def ask(settings: Settings, question: str, *, everything: bool) -> AskedAnswer:
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
        await tutor.close()
        await instruments.close()
        encoder.close()
    return AskedAnswer(next(event for event in events if isinstance(event, Reply)))


def _cited(source: Source) -> dict[str, Any]:
    place = {"step": source.step} if source.step else {"term": source.term}
    return {"lesson": source.lesson, **place}


def _named(source: Source) -> str:
    return source.term or f"lesson {source.lesson}, {source.step}"
