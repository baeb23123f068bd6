"""Draw an answer of the tutor: while it is written, as it stands, or as it was cut off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.mode import Mode
from bot.domain.tutor.talk import OpenQuestion, Outcome, Ran, Reply
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.custom_ids import Press
from bot.ui.buttons.tutor import OpenTrial, StopAnswer, WriteQuestion
from bot.ui.cards.kit import (
    CARD_CHARS,
    ROW_BUTTONS,
    Card,
    Item,
    Picture,
    card,
    exhibit_items,
    note_lines,
    quote,
    row,
    safe,
)
from bot.ui.cards.onward import lesson_row
from tools.exhibit.visible import safe_prose

ANSWER_CHARS = 2400
EXHIBITS = 2  # shown with one answer
_PARTS = 6  # of an exhibit that is shown in an answer
_QUESTION_CHARS = 200
_TOLD_CHARS = 1700
_LOOKED_CHARS = 80
_FEW_LEFT = 10  # questions of a day: worth saying
_BY_MODEL = "written by a chat model, checked against the course"
_CUT = " … *(cut here: ask for one part of it)*"


@dataclass(frozen=True, slots=True)
class Writing:
    """An answer on its way.

    Attributes:
        asker_id: Who may stop it.
        question: What was asked, where the message doesn't stand in reply to it.
        text: The answer so far.
        looked: What is being read or run.
    """

    asker_id: int
    question: str | None = None
    text: str = ""
    looked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerScreen:
    """A whole answer.

    Attributes:
        question: What was asked, where the message doesn't stand in reply to it.
        standing: Where the learner is in the course, where nothing was asked.
        goes_to: Where its buttons lead: a label and a press each.
        trials: The instruments that were run, to be taken up; in the order of `reply.ran`.
        left: Questions left today, where they are counted.
        on_list: Whether the question went to the instructors.
        is_private: Whether only the learner reads it.
        told: A question of theirs that an instructor has answered since.
    """

    reply: Reply
    question: str | None = None
    standing: str | None = None
    goes_to: Sequence[tuple[str, Press]] = ()
    trials: Sequence[int] = ()
    left: int | None = None
    on_list: bool = False
    is_private: bool = True
    told: OpenQuestion | None = None


def draw_writing(writing: Writing) -> Card:
    """Return the card of an answer that is being written."""
    looked = f"-# {safe(' · '.join(writing.looked) or 'writing', _LOOKED_CHARS)} …"
    if writing.text:  # only a chat model writes bit by bit
        looked = f"-# {_BY_MODEL}\n{looked}"
    return card(
        _asked(writing.question),
        prose(writing.text, ANSWER_CHARS),
        looked,
        row([PressButton.of(StopAnswer(writing.asker_id), "Stop")]),
    )


def draw_ended(writing: Writing, why: str, *, asks_again: bool = True) -> Card:
    """Return the card of an answer that broke off, with the reason, and a way to ask again."""
    again = [PressButton.of(WriteQuestion(), "Ask again")] if asks_again else []
    question, text = _asked(writing.question), prose(writing.text, ANSWER_CHARS)
    by = f"-# {_BY_MODEL}; it broke off" if text else None
    return card(question, text, by, note_lines(why) if text else why, row(again))


def draw_answer(screen: AnswerScreen) -> Card:
    """Return the card: the answer, where it is from, what was run for it."""
    reply = screen.reply
    around = [told_lines(screen.told), _asked(screen.question), note_lines(_note(reply))]
    footer = _footer(screen)
    room = CARD_CHARS - sum(len(text) for text in (*around, footer) if text)
    text = prose(reply.text, min(ANSWER_CHARS, room))
    exhibits = _exhibits(reply.ran, screen.trials, room - len(text))
    answer = [*around[:2], text, screen.standing, around[2], _sources(screen), *exhibits, footer]
    return card(*answer, None if _leads_on(screen.reply) else lesson_row())


def draw_stopped(questions: Sequence[str]) -> Card:
    """Return the card that says what was stopped."""
    if not questions:
        return card("I'm not writing anything for you just now.")
    return card("Stopped:", *(quote(one, _QUESTION_CHARS) for one in questions))


def draw_forgotten(exchanges: int) -> Card:
    """Return the card that says how much of a conversation was let go."""
    if exchanges == 0:
        return card("There was nothing to forget: you haven't asked me anything here.")
    questions = "one question" if exchanges == 1 else f"{exchanges} questions"
    return card(
        f"Forgotten: {questions} that you asked here, and the answers. What I said stands in the"
        " channel until it is deleted; I don't go by it any more."
    )


def told_lines(told: OpenQuestion | None) -> str | None:
    """Return an instructor's answer to what was asked in vain."""
    if told is None:
        return None
    lead = f"**An instructor answered you.** You had asked:\n{quote(told.text, _QUESTION_CHARS)}"
    return f"{lead}\n{prose(told.answer or '', _TOLD_CHARS)}"


def prose(text: str, longest: int) -> str:
    """Return outside prose, harmless; a long one is cut between words, and says so."""
    if len(text) <= longest and len(whole := safe_prose(text)) <= longest:
        return whole
    room = longest - len(_CUT)
    while len(shown := safe_prose(_words(text, room)) + _CUT) > longest:
        room = room * longest // len(shown)  # what is escaped takes more than what it shows
    return shown


def _words(text: str, longest: int) -> str:
    """Return the beginning of a text, up to the end of a word."""
    return (text[:longest].rsplit(maxsplit=1) or [""])[0]


def _asked(question: str | None) -> str | None:
    """Return the question in bold: what is quoted below it is the course."""
    return f"**{safe(' '.join(question.split()), _QUESTION_CHARS)}**" if question else None


def _note(reply: Reply) -> str | None:
    return safe(reply.note, _QUESTION_CHARS) if reply.note else None


def _sources(screen: AnswerScreen) -> Item | None:
    """Return the buttons; the first is the main one where it leads on, and not to a source."""
    goes_to = screen.goes_to[:ROW_BUTTONS]
    return row(
        PressButton.of(press, label, is_main=_leads_on(screen.reply) and place == 0)
        for place, (label, press) in enumerate(goes_to)
    )


def _leads_on(reply: Reply) -> bool:
    """Whether its buttons lead back to a lesson already."""
    return reply.outcome in (Outcome.HINTED, Outcome.WELCOMED, Outcome.OUTSIDE)


def _exhibits(
    ran: Sequence[Ran], trials: Sequence[int], room: int
) -> Iterator[str | Picture | Item | None]:
    """Yield what was run, as far as it fits, each with a button that takes it up."""
    for number, (one, trial) in enumerate(zip(ran[:EXHIBITS], trials, strict=False)):
        items = exhibit_items(one.exhibit, f"run-{number}")
        needs = sum(len(item) for item in items if isinstance(item, str))
        if needs <= room and len(one.exhibit.parts) <= _PARTS:
            yield from items
            room -= needs
        yield row([PressButton.of(OpenTrial(trial), f"Try {one.instrument} yourself")])


def _footer(screen: AnswerScreen) -> str | None:
    said = [_from(screen.reply), _left(screen.left)]
    if screen.on_list:
        said.append("your question is on the instructors' list")
    lines = [" · ".join(filter(None, said))]
    withheld = screen.reply.outcome in (Outcome.HINTED, Outcome.ABSTAINED)
    if withheld and not screen.is_private:
        lines.append("others read this, and may have yet to guess: `/ask` answers you in private")
    return "\n".join(f"-# {line}" for line in lines if line) or None


def _from(reply: Reply) -> str | None:
    if reply.outcome is Outcome.HINTED:
        return "the hint is a chat model's" if reply.mode is Mode.MODEL else None
    if reply.outcome is not Outcome.ANSWERED:
        return None
    if reply.mode is Mode.NOTES:
        return "from the course, no chat model" if reply.citations else "no chat model"
    return _BY_MODEL


def _left(left: int | None) -> str | None:
    if left is None or left > _FEW_LEFT:
        return None
    if left == 0:
        return "that was today's last question"
    return f"{left} question{'s' if left > 1 else ''} left today"
