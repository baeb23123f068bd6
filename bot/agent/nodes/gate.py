"""The first node: is it about the course, and may it be answered yet?"""

import re
from dataclasses import dataclass

from langgraph.runtime import Runtime

from bot.agent.follow_up import WholeQuestion, whole
from bot.agent.routing import Route, route
from bot.agent.search.search import CourseSearch, Found
from bot.agent.state import AskContext, GraphState
from bot.domain.tutor.passages import Passage, Source
from bot.domain.tutor.small_talk import small_talk, without_greeting
from bot.domain.tutor.spoilers import Spoilers
from bot.domain.tutor.talk import Brief, Outcome
from bot.domain.words import stems

LOOKED_AT = 8
FEW = 3  # words: so short a question leans on the one before it
_FOR_THE_ANSWER = re.compile(
    r"\b(answers?|solutions?|hints?|spoil\w*|correct|right (one|option|answer)|which (one|option)"
    r"|(option|is it|answer|pick|choose|choice) [a-e]\b|(this|that|the|my) (step|question|exercise)"
    r"|lesson \d+\W+step|step \d+|quick.?check|key|reveal)\b",
    re.IGNORECASE,
)

_OF_A_STEP = re.compile(r"\b(?:(?:step|lesson) \d+|quick.?check|teach.?back|rubric)\b", re.I)


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides by search and by what the learner has committed; no model is asked."""

    search: CourseSearch

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Say how to go on: answer, hint, or leave it."""
        question, brief = runtime.context.question, runtime.context.brief
        earlier = [one.question for one in question.earlier]
        asked = whole(without_greeting(question.text), earlier, self.search.names_in)
        wanted = route(question.text) or (asked.computes.route if asked.computes else None)
        talk = small_talk(question.text, is_reply=bool(question.earlier))
        if talk and wanted is None and not _is_for_a_key(question.text, brief):
            return {"outcome": Outcome.WELCOMED, "talk": talk}
        sought, found = await self.sought(asked)
        is_ours = wanted is not None or self.search.is_about_course(found)
        step = _key_asked(question.text, wanted, found if is_ours else (), brief)
        if step is not None and wanted is None and question.about is not None:
            # what comes next in the course is near to what was asked: the step itself answers
            return {"outcome": Outcome.ANSWERED, "route": None, "sought": sought, "leans": True}
        if step is not None or _is_about_keys(question.text, brief):
            return {"outcome": Outcome.HINTED, "guess_first": step}
        if is_ours:
            return {"outcome": Outcome.ANSWERED, "route": wanted, "sought": sought}
        talk = small_talk(question.text, is_elsewhere=True)
        return {"outcome": Outcome.WELCOMED if talk else Outcome.OUTSIDE, "talk": talk}

    async def sought(self, asked: WholeQuestion) -> tuple[str, tuple[Found, ...]]:
        """Return what to search for, and what that finds.

        A short question that is about nothing by itself leans on the one before it.
        """
        found = await self.search.find(asked.text, LOOKED_AT)
        leans = asked.about and len(stems(asked.text)) <= FEW
        if not leans or self.search.is_about_course(found):
            return asked.text, found
        sought = f"{asked.about} {asked.text}"
        return sought, await self.search.find(sought, LOOKED_AT)


def _key_asked(
    text: str, wanted: Route | None, found: tuple[Found, ...], brief: Brief
) -> Source | None:
    """Return the step whose key is asked for, if it is one still to be guessed."""
    spoilers = brief.spoilers
    if wanted is not None:
        prompts = [value for value in wanted.chosen.values() if isinstance(value, str)]
        return next(filter(None, map(spoilers.asks_model, prompts)), None)
    if _is_for_a_key(text, brief):
        return brief.here
    return _hidden(found[0].passage, spoilers) if found else None


def _is_for_a_key(text: str, brief: Brief) -> bool:
    """Whether a text wants the answer to the step at which the learner stands."""
    return brief.here in brief.spoilers.steps and _FOR_THE_ANSWER.search(text) is not None


def _is_about_keys(text: str, brief: Brief) -> bool:
    """Whether a question names a step, or what is asked at the end, while keys are hidden."""
    return bool(brief.spoilers.secrets) and _OF_A_STEP.search(text) is not None


def _hidden(passage: Passage, spoilers: Spoilers) -> Source | None:
    """Return the step that a passage would answer."""
    asked = {secret.source for secret in spoilers.secrets}
    if passage.source in asked:
        return passage.source
    return spoilers.gives_away(f"{passage.title}. {passage.text}")
