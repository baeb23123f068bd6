"""When the tokens of a stream came, from its events. Pure: times come in."""

from tools.engine.cluster.answers import Chunk
from tools.engine.serving import Timed
from tools.errors import Nonsense


class Stopwatch:
    """Started when a request is sent."""

    def __init__(self, started_s: float) -> None:
        """Start at a time, in seconds on the caller's clock."""
        self._started_s = self._last_s = started_s
        self._first_s: float | None = None
        self._gaps_s: list[float] = []
        self._texts: list[str] = []
        self._prompt_tokens: int | None = None

    def saw(self, chunk: Chunk, now_s: float) -> None:
        """Note an event; tokens that came together share the time since the last one."""
        self._texts.append(chunk.text)
        if chunk.prompt_tokens is not None:
            self._prompt_tokens = chunk.prompt_tokens
        if not chunk.tokens:
            return
        passed = now_s - self._last_s
        if self._first_s is None:
            self._first_s = passed
            self._gaps_s += [0.0] * (chunk.tokens - 1)
        else:
            self._gaps_s += [passed / chunk.tokens] * chunk.tokens
        self._last_s = now_s

    def timed(self) -> Timed:
        """Return all that was seen.

        Raises:
            Nonsense: no token came.
        """
        if self._first_s is None:
            raise Nonsense("The model server ended its answer without a token. Try again.")
        return Timed(
            text="".join(self._texts),
            prompt_tokens=self._prompt_tokens,
            started_s=self._started_s,
            first_token_s=self._first_s,
            gaps_s=tuple(self._gaps_s),
        )
