"""Sentences as vectors whose cosine says how alike they are in meaning; on a thread of its own."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.engine.encoder.encodes import Encodes
from tools.engine.encoder.opening import NAMES, open_encoder
from tools.engine.encoder.weights import WIDTH
from tools.engine.kernels import Kernels
from tools.engine.worker import Worker

if TYPE_CHECKING:
    from tools.engine.encoder.encodes import Vectors

AT_A_TIME = 16  # texts side by side in one pass
CLOSING_S = 5.0  # longer than any pass
KEPT = 512  # vectors of recent texts: a question is searched for more than once


class SentenceEncoder:
    """Loads the encoder with the first text; one pass at a time, never on the event loop.

    Attributes:
        name: Whose vectors they are: other arithmetic gives others.
    """

    def __init__(self, folder: Callable[[], Path], kernels: Kernels = Kernels.OWN) -> None:
        """Remember what to load; nothing is loaded yet.

        Args:
            folder: Returns where the encoder's files are. Called on the thread: it may fetch them.
            kernels: Who does the arithmetic.
        """
        self.name = NAMES[kernels]
        self._folder, self._kernels = folder, kernels
        self._encodes: Encodes | None = None
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
        """Stop after the present pass, and wait for that; not for what is still being loaded.

        A process that ends around a thread inside torch may be aborted.
        """
        self._worker.close()
        if self._encodes is not None:
            self._worker.join(CLOSING_S)

    async def _encode(self, texts: Sequence[str]) -> "list[Vectors]":
        rows: list[Vectors] = []
        for first in range(0, len(texts), AT_A_TIME):  # others get their turn between passes
            part = texts[first : first + AT_A_TIME]
            rows += list(await self._worker.run(lambda part=part: self._pass(part)))  # type: ignore[misc]
        return rows

    def _pass(self, texts: Sequence[str]) -> "Vectors":
        if self._encodes is None:
            self._encodes = open_encoder(self._folder(), self._kernels)
        return self._encodes.encode(texts)

    def _remember(self, made: "dict[str, Vectors]") -> None:
        for text, vector in list(made.items())[:KEPT]:
            self._recent[text] = vector
        while len(self._recent) > KEPT:
            self._recent.popitem(last=False)
