"""Draw what a class asked in vain, and an instructor's answer to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.tutor.talk import OpenQuestion
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.tutor import WriteAnswer, WriteQuestion
from bot.ui.cards.kit import ROW_BUTTONS, Card, Item, card, note_lines, row, safe
from bot.ui.cards.tutor.answer import told_lines

SHOWN = 10  # questions on one card
_QUESTION_CHARS = 220
_FOUND_CHARS = 90


@dataclass(frozen=True, slots=True)
class QuestionTopic:
    """The questions about one lesson; `found` says in words what the tutor had found for each."""

    title: str
    questions: Sequence[OpenQuestion]
    found: Sequence[str]


def draw_questions(topics: Sequence[QuestionTopic], note: str | None = None) -> Card:
    """Return the card: unanswered questions by topic, each with a button to answer it."""
    total = sum(len(topic.questions) for topic in topics)
    if not total:
        return card(
            "### Questions\nNothing waits for you. What the tutor can't back with the course"
            " comes here.",
            note_lines(note),
        )
    shown = [question for topic in topics for question in topic.questions][:SHOWN]
    more = f"-# and {total - len(shown)} more, once these are answered" if total > SHOWN else None
    return card(
        f"### Questions\n-# {total} that the tutor could not answer",
        *_listed(topics),
        more,
        note_lines(note),
        *_buttons(shown),
    )


def draw_told(question: OpenQuestion) -> Card:
    """Return the card that tells a learner what an instructor answered."""
    again = PressButton.of(WriteQuestion(), "Ask something else")
    return card(told_lines(question), row([again]))


def _listed(topics: Sequence[QuestionTopic]) -> Iterator[str]:
    number = 0
    for topic in topics:
        lines = [f"__{safe(topic.title, 80)}__"]
        for question, found in zip(topic.questions, topic.found, strict=True):
            number += 1
            if number > SHOWN:
                break
            line = f"**{number}**  {safe(' '.join(question.text.split()), _QUESTION_CHARS)}"
            lines.append(f"{line}\n-# near: {safe(found, _FOUND_CHARS)}" if found else line)
        if len(lines) > 1:
            yield "\n".join(lines)


def _buttons(shown: Sequence[OpenQuestion]) -> Iterator[Item | None]:
    for first in range(0, len(shown), ROW_BUTTONS):
        yield row(
            PressButton.of(WriteAnswer(question.id), f"Answer {first + place}")
            for place, question in enumerate(shown[first : first + ROW_BUTTONS], start=1)
        )
