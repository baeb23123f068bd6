"""Asking and answering: where an answer's buttons lead, and what an instructor does for a class."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import assert_never, get_args

from bot.domain.learner import Learner
from bot.domain.lesson.commands import Next
from bot.domain.lesson.screens import RevealScreen
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import OpenQuestion, Outcome, Reply
from bot.domain.words import stems
from bot.ui.areas.tutor.answering import IncomingQuestion
from bot.ui.areas.tutor.onward import ASKED_NOTHING, onward
from bot.ui.areas.tutor.windows import question_window, reply_window, term_window
from bot.ui.buttons.tutor import (
    Ask,
    GiveAnswer,
    GoAndGuess,
    HandledTutorPress,
    OpenStep,
    OpenTerm,
    OpenTrial,
    WriteAbout,
    WriteAnswer,
    WriteQuestion,
    WriteTerm,
)
from bot.ui.cards.kit import Card
from bot.ui.cards.tutor.answer import EXHIBITS, AnswerScreen, draw_answer
from bot.ui.cards.tutor.questions import QuestionTopic, draw_questions, draw_told
from bot.ui.edge.drawn import draw_shown, draw_trial
from bot.ui.edge.glossary import named, step_press, term_card
from bot.ui.edge.handler import Refusal, Windows
from bot.ui.edge.inbox import Deliver
from bot.usecases.catalogue import UseCases
from bot.usecases.lesson.turns import step_of
from bot.usecases.tutor.asking import Answered
from curriculum.schema import Course

_TOLD = "Answered, and sent to them as a direct message."
_KEPT = "Answered. Their inbox is closed to me; they'll see it on their next `/ask` or `/hunch`."
_OUTSIDE = "Outside the lessons"
_FEW = 3  # words: so short a question leans on the step that it is about


@dataclass(frozen=True, slots=True)
class TutorHandler:
    """What stands below an answer, and the instructors' list."""

    use: UseCases
    deliver: Deliver  # to a learner's inbox; False where it is closed

    presses = frozenset(get_args(HandledTutorPress))

    async def card(self, press: HandledTutorPress, learner: Learner) -> Card:
        """Return the card that a press leads to."""
        match press:
            case OpenStep(slug):
                shown = await self.use.open_lesson(slug, learner)
                return draw_shown(self.use.see_live.still(shown))
            case GoAndGuess(slug, step):
                return await self._to_guess(slug, step, learner)
            case OpenTerm(term):
                return await term_card(self.use, term, learner)
            case OpenTrial(trial_id):
                return draw_trial(await self.use.present_trial(trial_id, learner))
            case GiveAnswer():
                return await self._give(press, learner)
            case _:
                assert_never(press)

    async def present(self, press: HandledTutorPress, learner: Learner, refused: Refusal) -> Card:
        """Return the list as it stands, with the reason on it."""
        if not isinstance(press, GiveAnswer):
            raise refused
        return await questions_card(self.use, learner, str(refused))

    async def _to_guess(self, slug: str, step: str, learner: Learner) -> Card:
        """Open the lesson; where an answer stands that was read, go on to the next question."""
        shown = await self.use.open_lesson(slug, learner)
        screen = shown.screen
        if isinstance(screen, RevealScreen) and not screen.needs_rating:
            place = screen.place
            if place.step != step:
                shown = await self.use.take_turn(Next(place.attempt_id, place.step), learner)
        return draw_shown(self.use.see_live.still(shown))

    async def _give(self, press: GiveAnswer, learner: Learner) -> Card:
        answered = await self.use.answer_question(press.question_id, press.text, learner)
        is_told = await self.deliver(answered.learner_id, draw_told(answered))
        if is_told:
            await self.use.read_answers.mark(answered.id)
        return await questions_card(self.use, learner, _TOLD if is_told else _KEPT)


def tutor_windows(course: Course) -> Windows:
    """Return where a question is written, and an answer to one."""
    ask = partial(question_window, course=course)
    return {WriteQuestion: ask, WriteAbout: ask, WriteTerm: term_window, WriteAnswer: reply_window}


@dataclass(frozen=True, slots=True)
class Finishing:
    """Draws a whole answer."""

    use: UseCases

    async def __call__(
        self, answered: Answered, asked: IncomingQuestion
    ) -> tuple[Card, Callable[[], Awaitable[None]]]:
        """Return the card, and what to remember once it was seen."""
        reply, told = answered.reply, None
        if asked.place.is_private:
            told = next(iter(await self.use.read_answers(asked.learner)), None)
        place = asked.place
        ways = None
        if reply.outcome in ASKED_NOTHING:
            ways = await onward(self.use, asked.learner, is_private=place.is_private)
        screen = AnswerScreen(
            reply=reply,
            question=asked.text if asked.is_quoted else None,
            standing=ways.standing if ways else None,
            goes_to=ways.presses if ways else tuple(goes_to(self.use.course, reply)),
            trials=await self._kept(reply, asked.learner),
            left=answered.left,
            on_list=answered.on_list,
            is_private=place.is_private,
            told=told,
        )

        async def seen() -> None:
            if told is not None:
                await self.use.read_answers.mark(told.id)

        return draw_answer(screen), seen

    async def _kept(self, reply: Reply, learner: Learner) -> list[int]:
        """Keep what was run, so that its button works after any restart."""
        return [
            (await self.use.keep_trial(one.instrument, one.chosen, learner)).id
            for one in reply.ran[:EXHIBITS]
        ]


def goes_to(course: Course, reply: Reply) -> Iterator[tuple[str, OpenStep | GoAndGuess | OpenTerm]]:
    """Yield a label and a press for each source; for a hint, the way to the guess alone."""
    for source in reply.citations:
        press = _press(course, source)
        if press is not None and reply.outcome is Outcome.HINTED:
            yield (
                "Go and guess",
                GoAndGuess(press.slug, press.step) if isinstance(press, OpenStep) else press,
            )
            return
        if press is not None:
            yield named(course, source), press


def with_step(ask: Ask, course: Course) -> str:
    """Return a question with the step in it that it leans on; one that says enough stays as is."""
    step = step_of(course, ask.lesson, ask.step) if ask.lesson and ask.step else None
    about = getattr(step, "ask", None) or getattr(step, "title", None)
    return f"{ask.text} ({about})" if about and len(stems(ask.text)) <= _FEW else ask.text


async def questions_card(use: UseCases, learner: Learner, note: str | None = None) -> Card:
    """Return the instructors' list, by topic; what is outside of the lessons comes last."""
    waiting = await use.list_questions(learner)
    titles = {one.number: one.title for one in use.course.outline.stages}
    topics: dict[int | None, list[OpenQuestion]] = {}
    for question in waiting:
        topics.setdefault(question.topic if question.topic in titles else None, []).append(question)
    ordered = sorted(topics, key=lambda number: (number is None, number or 0))
    return draw_questions([_topic(use.course, n, titles, topics[n]) for n in ordered], note)


def _topic(
    course: Course, number: int | None, titles: dict[int, str], questions: Sequence[OpenQuestion]
) -> QuestionTopic:
    title = _OUTSIDE if number is None else f"Lesson {number}: {titles[number]}"
    found = [", ".join(named(course, source) for source in one.found[:2]) for one in questions]
    return QuestionTopic(title, questions, found)


def _press(course: Course, source: Source) -> OpenStep | OpenTerm | None:
    return OpenTerm(source.term) if source.term is not None else step_press(course, source)
