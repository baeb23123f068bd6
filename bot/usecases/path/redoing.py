"""Redo what was guessed wrong: look at the next step, answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import StaleClick
from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt
from bot.domain.lesson.kinds.registry import kind_of
from bot.domain.lesson.scoring import answer_text, how_read, is_complete, judge, read_answer
from bot.domain.path.commands import RedoAnswer
from bot.domain.path.redo import Redone, ToRedo, answered, asked_anew, to_redo, varied
from bot.domain.path.screens import RedoPlace, RedoQuestion, RedoRest, RedoScreen, RedoTold
from bot.usecases.clock import Clock
from bot.usecases.path.ports import OpenPathRecords, PathRecords
from curriculum.kinds.number import NumberStep
from curriculum.kinds.registry import Guessable
from curriculum.schema import Course
from curriculum.varying import Figures


@dataclass(frozen=True, slots=True)
class ShowRedo:
    """Show the step to redo next."""

    course: Course
    open_records: OpenPathRecords
    figures: Figures

    async def __call__(self, learner: Learner) -> RedoScreen:
        """Return its question, or that there is nothing to redo."""
        async with self.open_records() as records:
            attempts, redone = await _done(records, learner)
        waiting = to_redo(self.course, attempts, redone, learner.id)
        if not waiting:
            return RedoRest(has_guessed=any(run.guesses for run in attempts))
        return _question(waiting[0], learner, self.figures, len(waiting))

    def asked(self, lesson: int, step_id: str, turn: int) -> NumberStep | None:
        """Return a number's step as it is asked at this turn; None where the course has none."""
        of = (one for one in self.course.lessons if one.number == lesson)
        step = next((s for one in of for s in one.sequence if s.id == step_id), None)
        return varied(step, turn, self.figures) if isinstance(step, NumberStep) else None


@dataclass(frozen=True, slots=True)
class TakeRedo:
    """Answer a step anew: at once, or letter by letter where things are arranged."""

    course: Course
    open_records: OpenPathRecords
    figures: Figures
    now: Clock

    async def __call__(self, command: RedoAnswer, learner: Learner) -> RedoScreen:
        """Run one command for one learner.

        Raises:
            StaleClick: that step isn't to be redone any more, or was since.
            UnusableAnswer: the answer can't be taken as it is.
        """
        async with self.open_records() as records:
            attempts, redone = await _done(records, learner)
            waiting = to_redo(self.course, attempts, redone, learner.id)
            one = next((one for one in waiting if _is_meant(one, command)), None)
            if one is None:
                raise StaleClick("You've done that one already. Here is what's next.")
            asked = asked_anew(one, learner.id, self.figures)
            answer = read_answer(asked, command.answer)
            if not is_complete(asked, answer):
                question = _question(one, learner, self.figures, len(waiting))
                text = answer_text(asked, answer) if answer else None
                return replace(question, draft=answer, draft_text=text)
            after = answered(one, asked, answer, self.now())
            if not await records.save_redone(learner.id, after):
                raise StaleClick
            told = _told(one, asked, answer, len(waiting) - after.is_right)
            return replace(told, how_read=how_read(asked, command.answer))


@dataclass(frozen=True, slots=True)
class CountRedo:
    """Count what there is to redo."""

    course: Course
    open_records: OpenPathRecords

    async def __call__(self, learner_id: int, attempts: Sequence[Attempt]) -> int:
        """Return how many steps, of a learner whose runs are all at hand."""
        if not attempts:
            return 0
        async with self.open_records() as records:
            redone = await records.redone(learner_id)
        return len(to_redo(self.course, attempts, redone, learner_id))


async def _done(
    records: PathRecords, learner: Learner
) -> tuple[Sequence[Attempt], Sequence[Redone]]:
    return await records.attempts_of(learner.id), await records.redone(learner.id)


def _is_meant(one: ToRedo, command: RedoAnswer) -> bool:
    meant = (command.lesson, command.step, command.turn)
    return meant == (one.lesson.number, one.step.id, one.turns)


def _question(one: ToRedo, learner: Learner, figures: Figures, left: int) -> RedoQuestion:
    asked = asked_anew(one, learner.id, figures)
    kind = kind_of(asked)
    return RedoQuestion(
        place=RedoPlace(one.lesson.number, one.step.id, one.turns, left),
        kind=asked.kind,
        ask=asked.ask,
        lead=asked.lead,
        choices=kind.choices(asked),
        slots=kind.slots(asked),
        is_varied=asked.ask != one.step.ask or asked.lead != one.step.lead,
    )


def _told(one: ToRedo, asked: Guessable, answer: str, left: int) -> RedoTold:
    kind, verdict = kind_of(asked), judge(asked, answer)
    return RedoTold(
        place=RedoPlace(one.lesson.number, one.step.id, one.turns, left),
        ask=asked.ask,
        said=answer_text(asked, answer),
        letter=kind.letter(asked, answer),
        is_right=verdict.is_right is True,
        answer=kind.answer(asked) or "",
        reply=verdict.reply,
        pieces=kind.pieces(asked, answer),
    )
