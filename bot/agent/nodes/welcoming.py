"""What is wanted of the tutor itself: a greeting back, a quiz, how a guess was, what is left."""

from dataclasses import dataclass

from langgraph.runtime import Runtime

from bot.agent.state import AskContext, GraphState
from bot.domain.tutor.intents import Intent, Meant
from bot.domain.tutor.serving import served
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class Welcome:
    """Serves an intent. Where the learner stands is for the card to add."""

    course: Course

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Say it from where they stand."""
        wanted = state.get("wanted") or Meant(Intent.ABOUT)
        asking = runtime.context
        near = state.get("near", ())
        return {"reply": served(wanted, self.course, asking.brief, asking.question, near)}
