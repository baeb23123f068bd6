"""A hint in place of an answer that the learner has yet to guess."""

from dataclasses import dataclass

from langgraph.runtime import Runtime

from bot.agent.chat import Chat
from bot.agent.state import AskContext, GraphState
from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, Outcome, Reply
from curriculum.kinds.registry import Step
from curriculum.schema import Course
from tools.errors import EngineError

LONGEST = 240  # characters of a made hint


@dataclass(frozen=True, slots=True)
class Hint:
    """Gives the step's next hint; when those are used up, a chat model may make one."""

    course: Course
    chat: Chat | None

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Hint, and ask for the guess."""
        source, brief = state.get("guess_first"), runtime.context.brief
        step = self._step(source)
        if source is None or step is None:
            text = "That is something you'll guess first. Open your lesson, and come back after."
            return {"reply": Reply(text, Outcome.HINTED, Mode.NOTES)}
        hint, mode = await self._hint(step, source, brief)
        where = f"step {_place(self.course, source)} of lesson {source.lesson}"
        lead = f"That's {where}, and your guess comes first."
        text = f"{lead} A hint: {hint}" if hint else f"{lead} A wrong one is worth making, too."
        reply = Reply(text, Outcome.HINTED, mode, (source,), guess_first=source)
        return {"reply": reply}

    async def _hint(self, step: Step, source: Source, brief: Brief) -> tuple[str | None, Mode]:
        """Return the authored hint that comes next, or one that speaks to the learner's draft."""
        authored: tuple[str, ...] = getattr(step, "hints", ())
        seen = brief.hints_seen.get(source, 0)
        if seen < len(authored):
            return authored[seen], Mode.NOTES
        may_make = self.chat is not None and brief.here == source and brief.draft is not None
        if may_make and (made := await self._made(step, brief)):
            return made, Mode.MODEL
        return (authored[-1] if authored else None), Mode.NOTES

    async def _made(self, step: Step, brief: Brief) -> str | None:
        """Return a hint of the model's own, if it has one that doesn't tell the key.

        The model isn't told the key either: it sees the question, the hints and the draft.
        """
        assert self.chat is not None
        told = (
            f"Question: {getattr(step, 'ask', '')}\nHints given: {getattr(step, 'hints', ())}\n"
            f"The learner leans towards: {brief.draft}"
        )
        messages = [{"role": "system", "content": _MAKE}, {"role": "user", "content": told}]
        try:
            async with self.chat.turn(messages) as (turn, words):
                async for _ in words:
                    if len(turn.text) > LONGEST:
                        return None
        except EngineError:
            return None
        made = " ".join(turn.text.split())
        return None if not made or brief.spoilers.gives_away(made) else made

    def _step(self, source: Source | None) -> Step | None:
        if source is None:
            return None
        steps = (
            s for one in self.course.lessons if one.number == source.lesson for s in one.sequence
        )
        return next((step for step in steps if step.id == source.step), None)


def _place(course: Course, source: Source) -> int:
    lesson = next(one for one in course.lessons if one.number == source.lesson)
    return [step.id for step in lesson.sequence].index(source.step or "") + 1


_MAKE = (
    "You help a learner who must guess the answer to a question on their own. Ask them ONE short"
    " question (at most 30 words) that makes them test what they lean towards. Never say whether"
    " they are right, never name or paraphrase an answer."
)
