"""Sentences as vectors whose cosine says how alike they are in meaning; on a thread of its own."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.engine.encoder.weights import WIDTH
from tools.engine.worker import Worker

if TYPE_CHECKING:  # a bot starts without numpy, and imports it with the first text
    from numpy import float32
    from numpy.typing import NDArray

    Vectors = NDArray[float32]

AT_A_TIME = 16  # texts side by side in one pass
KEPT = 512  # vectors of recent texts: a question is searched for more than once


class SentenceEncoder:
    """Loads the encoder with the first text; one pass at a time, never on the event loop."""

    name = "all-minilm-l6-v2-int8-7"  # other weights give other vectors: those kept bear this name

    def __init__(self, folder: Callable[[], Path]) -> None:
        """Take where the encoder's files are; called on the thread, so it may fetch them."""
        self._folder = folder
        self._model: Any = None
        self._worker = Worker("sentence-encoder")
        self._recent: OrderedDict[str, Vectors] = OrderedDict()

    async def encode(self, texts: Sequence[str]) -> "Vectors":
        """Return a vector of length one for each text, shape (texts, WIDTH).

        Raises:
            ToolError: the encoder could not be fetched, or has been shut down.
        """
        known = {text: self._recent[text] for text in texts if text in self._recent}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        made = dict(zip(fresh, await self._encode(fresh), strict=True))
        self._remember(made)
        known |= made
        import numpy as np

        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), WIDTH)

    def close(self) -> None:
        """Stop after the present pass."""
        self._worker.close()

    async def _encode(self, texts: Sequence[str]) -> "list[Vectors]":
        rows: list[Vectors] = []
        for first in range(0, len(texts), AT_A_TIME):  # others get their turn between passes
            part = texts[first : first + AT_A_TIME]
            rows += list(await self._worker.run(lambda part=part: self._pass(part)))  # type: ignore[misc]
        return rows

    def _pass(self, texts: Sequence[str]) -> "Vectors":
        if self._model is None:
            from tools.engine.encoder.model import EncoderModel

            self._model = EncoderModel.load(self._folder())
        vectors: Vectors = self._model.encode(texts)
        return vectors

    def _remember(self, made: "dict[str, Vectors]") -> None:
        for text, vector in list(made.items())[:KEPT]:
            self._recent[text] = vector
        while len(self._recent) > KEPT:
            self._recent.popitem(last=False)
