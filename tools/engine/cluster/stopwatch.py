"""When the tokens of a stream came, from its events. Pure: times come in."""

from dataclasses import dataclass
from itertools import accumulate, pairwise

from tools.engine.cluster.answers import Chunk
from tools.engine.cluster.top_lists import nonsense
from tools.engine.serving import Timed
from tools.errors import Nonsense


@dataclass(frozen=True, slots=True)
class _Event:
    at_s: float
    text: str
    ids: int | None


class Stopwatch:
    """Started when a request is sent.

    An event may bring several tokens, or a part of one. How many there were in all is told by the
    ids that come along, else by the server's own count (`usage`), else by its reason to end: as
    many as were asked for. Only where it tells none of these is each event taken for one token.
    """

    def __init__(self, started_s: float, asked: int | None = None) -> None:
        """Start at a time, in seconds on the caller's clock; `asked` is the most that may come."""
        self._started_s = started_s
        self._asked = asked
        self._events: list[_Event] = []
        self._prompt_tokens: int | None = None
        self._made: int | None = None

    def saw(self, chunk: Chunk, now_s: float) -> None:
        """Note an event."""
        if chunk.prompt_tokens is not None:
            self._prompt_tokens = chunk.prompt_tokens
        if chunk.made is not None:
            self._made = chunk.made
        elif chunk.is_cut and self._made is None:
            self._made = self._asked
        if chunk.text or chunk.ids:
            self._events.append(_Event(now_s, chunk.text, chunk.ids))

    def timed(self) -> Timed:
        """Return all that was seen; tokens that came together share the time since the last one.

        Raises:
            Nonsense: no token came.
        """
        first: float | None = None
        gaps: list[float] = []
        last_s = self._started_s
        for event, tokens in zip(self._events, self._counts(), strict=True):
            if not tokens:
                continue
            passed = event.at_s - last_s
            if first is None:
                first = passed
                gaps += [0.0] * (tokens - 1)
            else:
                gaps += [passed / tokens] * tokens
            last_s = event.at_s
        if first is None:
            raise Nonsense("The model server ended its answer without a token. Try again.")
        return Timed(
            text="".join(event.text for event in self._events),
            prompt_tokens=self._prompt_tokens,
            started_s=self._started_s,
            first_token_s=first,
            gaps_s=tuple(gaps),
            is_counted=bool(self._made) or any(event.ids is not None for event in self._events),
        )

    def _counts(self) -> list[int]:
        """Return how many tokens each event brought."""
        if any(event.ids is not None for event in self._events):
            return [event.ids or 0 for event in self._events]
        made = self._made or len(self._events)
        if self._asked is not None and made > self._asked and self._made:
            raise nonsense(f"{made} tokens where {self._asked} were asked for")
        return shared_out(made, [len(event.text) for event in self._events])


def shared_out(made: int, lengths: list[int]) -> list[int]:
    """Return how many of the tokens each text brought, by its length; they sum to all of them.

    Each has one at least, if there are as many. If not, the first and the last have one, and some
    between: the time from first to last is then that of all tokens.

    Args:
        made: Tokens in all.
        lengths: Of the texts, in characters.
    """
    places = len(lengths)
    if made <= places:
        upto = [1 + place * (made - 1) // max(1, places - 1) for place in range(places)]
    else:
        left, whole = made - places, sum(lengths)
        read = [*accumulate(lengths)]
        upto = [place + round(left * read[place - 1] / whole) for place in range(1, places + 1)]
    return [now - before for before, now in pairwise([0, *upto])]
