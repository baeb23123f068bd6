"""The served model's own tokenizer, from its files: HUNCH_TOKENIZER. Used by `cluster` alone.

It spells what a server doesn't, and cuts where one has no /tokenize. A tokenizer that cuts a text
otherwise than the server is another model's, and isn't used.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

from tools.engine.cluster import answers
from tools.engine.cluster.refusals import NoSuchPath
from tools.errors import BadInput, EngineError, WeightsError

if TYPE_CHECKING:  # who has none needn't load the library
    from tools.engine.model.fast_tokenizer import FastTokenizer

PROBE = "naïve 日本\n Ω"  # no two ways to write bytes agree on it
ServersCut = Callable[[str], Awaitable[Any]]


class OwnTokenizer:
    """Opened when it is first needed, and held against the server.

    Attributes:
        trouble: Why it isn't used; empty while nothing speaks against it.
    """

    def __init__(self, source: str | None) -> None:
        """Remember where it is: a folder, or a name on the Hugging Face hub; None: nowhere."""
        self.trouble = ""
        self._source = source
        self._opened: FastTokenizer | None = None
        self._line = asyncio.Lock()

    def __str__(self) -> str:
        """Return what to tell an operator of it; empty where there is none."""
        return self.trouble or ("tokens by HUNCH_TOKENIZER" if self._source else "")

    @property
    def is_named(self) -> bool:
        """Whether there is one, and nothing speaks against it."""
        return bool(self._source) and not self.trouble

    @property
    def opened(self) -> "FastTokenizer | None":
        """What can be asked at once; None before `ready`, and where it isn't used."""
        return None if self.trouble else self._opened

    async def ready(self, cut: ServersCut) -> "FastTokenizer | None":
        """Open it, and have the server cut a text that it has to cut alike.

        Args:
            cut: Asks the server's /tokenize.
        """
        async with self._line:
            if self.is_named and self._opened is None:
                await self._open(self._source or "")
                if self._opened is not None:
                    await self._compare(cut)
        return self.opened

    def hold_against(self, text: str, ids: Sequence[int]) -> None:
        """Compare with the ids that the server says it read of a text."""
        if self.opened and ids and not self._has_cut(text, ids):
            self.trouble = f"HUNCH_TOKENIZER={self._source} is another model's: it isn't used"

    async def _open(self, source: str) -> None:
        try:
            from tools.engine.model.fast_tokenizer import FastTokenizer

            self._opened = await asyncio.to_thread(FastTokenizer.of, source)
        except ImportError:
            self.trouble = "HUNCH_TOKENIZER needs a library: pip install 'hunch-tutor[tokenizer]'"
        except WeightsError as unreadable:
            self.trouble = str(unreadable)

    async def _compare(self, cut: ServersCut) -> None:
        try:
            self.hold_against(PROBE, answers.read_ids(await cut(PROBE)))
        except (NoSuchPath, EngineError, BadInput):
            return  # nobody to compare with: the operator's word stands

    def _has_cut(self, text: str, ids: Sequence[int]) -> bool:
        tokenizer = self._opened
        return tokenizer is not None and tuple(ids) in (
            tokenizer.ids(text),
            tokenizer.ids(text, follows=True),
        )
