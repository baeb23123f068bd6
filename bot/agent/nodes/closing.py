"""How an answer ends: it stands, it is tried once more, or the tutor says that it can't."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from langgraph.runtime import Runtime

from bot.agent.nodes.answering import CITED, LEAK, readable
from bot.agent.prompting import NOT_IN_THE_COURSE, asked_again
from bot.agent.sizing import SIZED, computed
from bot.agent.state import MOST_ROUNDS, AskContext, GraphState
from bot.domain.mode import Mode
from bot.domain.tutor.intents import Intent, Meant
from bot.domain.tutor.passages import Passage, Source
from bot.domain.tutor.talk import Outcome, PastGuess, Ran, Reply, Said
from bot.domain.tutor.to_do import thing_to_do
from curriculum.schema import Course

QUOTED = 2  # passages in notes mode,
ROOM = 420  # characters of both: ten lines of a phone
_ABSTAINED = (
    "I can't back an answer to that with the course or with what the instruments show, so I won't"
    " make one up."
)
_NOTHING_FOUND = (
    "The chat model found no answer in this, so here is what the course says nearest to it."
)
_UNBACKED = "What the chat model wrote wasn't borne out by the course, so it isn't shown."
_OUTSIDE = (
    "That seems to be outside this course. I know how large language models are run: tokens,"
    " attention, sampling, caches, batching, memory, clusters. Ask me about one of those."
)
QUOTING = "From the course, word for word:"


@dataclass(frozen=True, slots=True)
class Check:
    """Decides about a draft. What was shown already has passed sentence by sentence.

    A model that has no answer to give is no reason to keep back what the course says of it.
    """

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Reply, ask the model once more, or leave it to the course's own words."""
        draft, fault = state["draft"], state.get("fault")
        if fault == LEAK:
            step = runtime.context.brief.spoilers.gives_away(draft)
            return {"outcome": Outcome.HINTED, "guess_first": step}
        if NOT_IN_THE_COURSE in draft.upper() or not readable(draft):
            return _instead(state.get("cut") or _NOTHING_FOUND)
        if fault is None:
            return {"reply": _stands(state)}
        runtime.stream_writer(Said(""))
        if state["rounds"] >= MOST_ROUNDS or state.get("note"):
            return _instead(_UNBACKED)
        again = (*state["messages"], *asked_again(draft, fault))
        return {"messages": again, "fault": None, "note": fault}


@dataclass(frozen=True, slots=True)
class Notes:
    """Answers without a model: the best passages as they stand, what was run, a thing to do."""

    course: Course

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Quote, or abstain."""
        asking = runtime.context
        reply = in_its_own_words(state, asking.brief.guesses)
        if reply.outcome is not Outcome.ANSWERED:
            return {"reply": reply}
        quoted = _fitting(state.get("passages", ())[:QUOTED])
        names = [one.instrument for one in reply.ran]
        last = thing_to_do(self.course, asking.brief, asking.question, quoted, names)
        return {"reply": replace(reply, text=f"{reply.text}\n\n{last}")}


@dataclass(frozen=True, slots=True)
class Leave:
    """Says that a question is outside the course, or that nothing supports an answer."""

    async def __call__(self, state: GraphState, runtime: Runtime[AskContext]) -> GraphState:
        """Abstain."""
        if state["outcome"] is Outcome.OUTSIDE:
            return {"reply": Reply(_OUTSIDE, Outcome.OUTSIDE, Mode.NOTES)}
        return {"reply": _abstained(state)}


def in_its_own_words(state: GraphState, guesses: Sequence[PastGuess]) -> Reply:
    """Return the best passages that were found, and what was run; without any, an abstention."""
    passages, ran = _fitting(state.get("passages", ())[:QUOTED]), _ran(state)
    if not passages and not ran:
        return _abstained(state)
    said = [*_computed(state), *_to_the_guess(guesses, passages), *_quotes(passages)]
    said += [one.text for one in state.get("results", ()) if not one.ran and not passages]
    return Reply(
        "\n\n".join([*_lead(state), *(said or ["Here is what the model shows."])]),
        Outcome.ANSWERED,
        Mode.NOTES,
        tuple(dict.fromkeys(one.source for one in passages)),
        ran,
        tokens=state.get("tokens", 0),
        note=state.get("note"),
    )


def _computed(state: GraphState) -> list[str]:
    """Return what was asked to be computed, in a line, or why that can't be."""
    wanted = state.get("route")
    if wanted is None or wanted.instrument not in SIZED:
        return []
    return [computed(one.ran) if one.ran else one.text for one in state.get("results", ())]


def _instead(why: str) -> GraphState:
    """Leave it to the course's own words, and say why the model's aren't there."""
    return {"has_failed": True, "note": why}


def _lead(state: GraphState) -> list[str]:
    """Return what comes before a quote that was asked for again."""
    match state.get("wanted"):
        case Meant(Intent.DISAGREE):
            return ["Good: don't take my word for it. This is what the course says; test it."]
        case Meant(Intent.SIMPLER):
            return ["I have only the course's own words here. What helps most is to see it happen."]
        case _:
            return []


def _fitting(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Return the best passage, and the next one where there is room for both."""
    return passages if sum(len(one.text) for one in passages) <= ROOM else passages[:1]


def _abstained(state: GraphState) -> Reply:
    nearest = tuple(one.source for one in state.get("passages", ()))[:QUOTED]
    return Reply(
        _ABSTAINED,
        Outcome.ABSTAINED,
        Mode.NOTES,
        nearest,
        _ran(state),
        tokens=state.get("tokens", 0),
    )


def _stands(state: GraphState) -> Reply:
    cited = _cited(state["draft"], state["passages"])
    return Reply(
        readable(state["draft"]),
        Outcome.ANSWERED,
        Mode.MODEL,
        cited or tuple(one.source for one in state["passages"][:1]),
        _ran(state),
        tokens=state.get("tokens", 0),
        note=state.get("cut"),
    )


def _cited(draft: str, passages: Sequence[Passage]) -> tuple[Source, ...]:
    """Return the sources of the passages whose numbers stand in a draft, in their order there."""
    marks = CITED.findall(draft)
    numbers = [int(n) for mark in marks for n in mark.split(",")]
    found = [passages[n - 1].source for n in numbers if 0 < n <= len(passages)]
    return tuple(dict.fromkeys(found))


def _ran(state: GraphState) -> tuple[Ran, ...]:
    return tuple(result.ran for result in state.get("results", ()) if result.ran)


def _to_the_guess(guesses: Sequence[PastGuess], passages: Sequence[Passage]) -> list[str]:
    """Return a line to the guess that the learner made at the step that answers, if they did."""
    cited = {passage.source for passage in passages}
    made = next((one for one in reversed(guesses) if one.source in cited), None)
    if made is None:
        return []
    how = {
        True: "and were right.",
        False: f"which wasn't it. {made.reply}",
        None: "in your own words.",
    }
    return [f"You guessed “{made.said}”, {' '.join(how[made.is_right].split())}"]


def _quotes(passages: Sequence[Passage]) -> list[str]:
    if not passages:
        return []
    return [QUOTING, *(f"> {' '.join(one.text.split())}" for one in passages)]
