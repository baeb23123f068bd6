"""The first node: is it about the course, and may it be answered yet?"""

import re
from dataclasses import dataclass

from langgraph.runtime import Runtime

from bot.agent.follow_up import WholeQuestion, whole
from bot.agent.routing import Route, as_shown, of_lesson, route
from bot.agent.search.search import CourseSearch, Found
from bot.agent.state import AskContext, GraphState
from bot.domain.tutor.intents import Intent, Meant, intent_of
from bot.domain.tutor.passages import Passage, Source
from bot.domain.tutor.small_talk import without_greeting
from bot.domain.tutor.spoilers import Spoilers
from bot.domain.tutor.talk import Brief, Exchange, Outcome, Question
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
        """Say how to go on: answer, hint, serve what is wanted of the tutor, or leave it."""
        question, brief = runtime.context.question, runtime.context.brief
        earlier = [one.question for one in question.earlier]
        whole_asked = whole(without_greeting(question.text), earlier, self.search.names_in)
        computes = whole_asked.computes
        run = route(question.text) or (computes.route if computes else None)
        wanted = None if run else intent_of(question.text, is_reply=bool(question.earlier))
        if wanted is not None:
            if asked := _leant_on(wanted, question):
                return await self._again(wanted, asked, brief)
            if wanted.intent is Intent.SHOW:
                return {"outcome": Outcome.ANSWERED, "route": of_lesson(_lesson(brief))}
            if wanted.intent is Intent.GUESS or not _is_for_a_key(question.text, brief):
                return await self._served(wanted)
        sought, found = await self.sought(whole_asked)
        is_ours = run is not None or self.search.is_about_course(found)
        step = _key_asked(question.text, run, found if is_ours else (), brief)
        if step is not None and run is None and question.about is not None:
            # what comes next in the course is near to what was asked: the step itself answers
            return {"outcome": Outcome.ANSWERED, "route": None, "sought": sought, "leans": True}
        if step is not None or _is_about_keys(question.text, brief):
            return {"outcome": Outcome.HINTED, "guess_first": step}
        if is_ours:
            return {"outcome": Outcome.ANSWERED, "route": run, "sought": sought}
        wanted = intent_of(question.text, is_elsewhere=True)
        return {"outcome": Outcome.WELCOMED if wanted else Outcome.OUTSIDE, "wanted": wanted}

    async def _served(self, wanted: Meant) -> GraphState:
        """Leave it to what serves intents; a quiz on a topic gets the steps nearest to it."""
        if wanted.intent is not Intent.QUIZ or not wanted.topic:
            return {"outcome": Outcome.WELCOMED, "wanted": wanted}
        found = await self.search.find(wanted.topic, LOOKED_AT)
        steps = await self.search.find(wanted.topic, LOOKED_AT, lambda one: bool(one.source.step))
        lesson = found[0].passage.source.lesson if found else None
        near = sorted((x.passage.source for x in steps), key=lambda one: one.lesson != lesson)
        is_ours = self.search.is_about_course(found)
        return {
            "outcome": Outcome.WELCOMED,
            "wanted": wanted,
            "near": tuple(near) if is_ours else (),
        }

    async def _again(self, wanted: Meant, asked: str, brief: Brief) -> GraphState:
        """Go back to what was asked before: to say it otherwise, to show it, to bear it out."""
        found = await self.search.find(asked, LOOKED_AT)
        if not self.search.is_about_course(found):
            return await self._served(wanted)
        step = _hidden(found[0].passage, brief.spoilers)
        if step is not None or _is_about_keys(asked, brief):
            return {"outcome": Outcome.HINTED, "guess_first": step}
        shows = wanted.intent is not Intent.SIMPLER
        run = as_shown([one.passage for one in found]) if shows else None
        return {"outcome": Outcome.ANSWERED, "route": run, "sought": asked, "wanted": wanted}

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


def _leant_on(wanted: Meant, question: Question) -> str | None:
    """Return what an intent goes back to: its topic, or the last question that asked something."""
    if wanted.intent not in (Intent.SIMPLER, Intent.SHOW, Intent.DISAGREE):
        return None
    return wanted.topic or next(filter(None, map(_asked, reversed(question.earlier))), None)


def _lesson(brief: Brief) -> int:
    """Return the lesson under way; the first, where others read it or none is."""
    return brief.here.lesson if brief.here and brief.is_private else 1


def _asked(exchange: Exchange) -> str | None:
    return None if intent_of(exchange.question, is_reply=True) else exchange.question


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
