"""The second node: what the answer may rest on, all of it open to this learner."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from langgraph.runtime import Runtime

from bot.agent.routing import FITTING, Route
from bot.agent.search.search import CourseSearch, Found
from bot.agent.sizing import SIZED
from bot.agent.state import AskContext, GraphState
from bot.agent.tooling import Toolbox
from bot.domain.tutor.passages import Passage, Source
from bot.domain.tutor.talk import LookingUp, Outcome
from tools.catalogue import as_it_comes

QUOTED = 4  # passages
SHOWN_S = 8.0  # an instrument that nobody asked for by name is left out when it takes longer


@dataclass(frozen=True, slots=True)
class Gather:
    """Searches among what may be read, and runs the instrument that fits."""

    search: CourseSearch
    answers: Mapping[Source, Passage]
    toolbox: Toolbox
    runs_fitting: bool  # where no model chooses instruments

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Collect passages and results; say what is being looked at."""
        asking, wanted = runtime.context, state.get("route")
        spoilers = asking.brief.spoilers
        sought = state.get("sought", asking.question.text)
        found = await self.search.find(sought, QUOTED, lambda one: not spoilers.hides(one))
        is_about = self.search.is_about_course(found)
        own = await self._own(sought, asking) if state.get("leans") else ()
        found = (*own, *(one for one in found if one.passage.source != asking.question.about))
        passages = tuple(self._quoted(one) for one in found) if is_about or own else ()
        if wanted is None and self.runs_fitting:
            wanted = _fitting(passages)
        for name in [wanted.instrument] if wanted else [p.title for p in passages[:1]]:
            runtime.stream_writer(LookingUp(name))
        if wanted is None:
            return {"passages": passages, "results": ()}
        try:
            async with asyncio.timeout(SHOWN_S if state.get("route") is None else None):
                result = await self.toolbox.show(wanted.instrument, wanted.chosen, asking.brief)
        except TimeoutError:
            return {"passages": passages, "results": ()}
        if result.ran:
            runtime.stream_writer(result.ran)
        kept = result.withheld_for
        if kept and (wanted.instrument in SIZED or not passages):
            return {"passages": (), "results": (), "outcome": Outcome.HINTED, "guess_first": kept}
        return {"passages": passages, "results": (result,), "outcome": Outcome.ANSWERED}

    async def _own(self, sought: str, asking: AskContext) -> tuple[Found, ...]:
        """Return the passage of the step that was asked from which fits best."""
        about, spoilers = asking.question.about, asking.brief.spoilers
        return await self.search.find(
            sought, 1, lambda one: one.source == about and not spoilers.hides(one)
        )

    def _quoted(self, found: Found) -> Passage:
        """Return what to quote: of a step with options, the right one."""
        return self.answers.get(found.passage.source, found.passage)


def _fitting(passages: tuple[Passage, ...]) -> Route | None:
    """Return the instrument that shows what the best passage speaks of."""
    term = passages[0].source.term if passages else None
    name = FITTING.get(term or "")
    return Route(name, as_it_comes(name)) if name else None
