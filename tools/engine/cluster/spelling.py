"""A served model's tokens and how they are spelt: ids and texts, asked of the server, kept.

Used by `cluster` alone. Texts collide (many half characters look alike), ids don't.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

from tools.engine.base import Token
from tools.engine.byte_signs import piece_bytes, raw_of
from tools.engine.cluster import answers
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.server import Server
from tools.errors import Nonsense

KEPT_TEXTS = 20_000
AT_ONCE = 20  # a server whose line is full cuts connections off


class TokenSpelling:
    """The vocabulary of one served model, as far as it has been asked for.

    Attributes:
        has_detokenize: Whether texts can be had by id; True until the server has said no.
    """

    def __init__(self, server: Server) -> None:
        """Remember whom to ask."""
        self.has_detokenize = True
        self._server = server
        self._texts: OrderedDict[int, str] = OrderedDict()
        self._pieces: OrderedDict[int, str] = OrderedDict()  # as /tokenize spelt them
        self._raw: dict[int, bytes] = {}  # of tokens that are no whole characters: a few hundred
        self._line = asyncio.Lock()
        self._control: tuple[str, ...] | None = None  # not asked for yet

    async def cut(self, model: str, text: str, *, is_start: bool = True) -> Any:
        """Return what /tokenize says of a text; `is_start` lets it add a beginning-of-text token.

        Raises:
            NoSuchPath: there is no /tokenize.
        """
        body = {"model": model, "prompt": text, "add_special_tokens": is_start}
        return await self._server.post("tokenize", body | {"return_token_strs": True}, at_root=True)

    def named(self, answer: Any) -> tuple[Token, ...]:
        """Return /tokenize's answer as tokens; a text already known by id is the better one."""
        ids = answers.read_ids(answer)
        pieces = answers.read_pieces(answer)
        texts = piece_texts(pieces) if pieces else (answers.UNKNOWN,) * len(ids)
        if pieces:
            self._pieces.update(zip(ids, texts, strict=True))
            self._raw |= _halves(ids, texts, pieces)
        while len(self._pieces) > KEPT_TEXTS:
            self._pieces.popitem(last=False)
        return tuple(
            self.token(number, self._texts.get(number, text))
            for number, text in zip(ids, texts, strict=True)
        )

    def token(self, number: int, text: str) -> Token:
        """Return a token, with its bytes where /tokenize has told them and the text doesn't."""
        return Token(number, text, self._raw.get(number))

    def remembered(self, ids: Sequence[int]) -> tuple[Token, ...] | None:
        """Return tokens as `named` would, if each has been seen before; asks nobody."""
        texts = [self._texts.get(number, self._pieces.get(number)) for number in ids]
        found = [
            self.token(n, text) for n, text in zip(ids, texts, strict=True) if text is not None
        ]
        return tuple(found) if ids and len(found) == len(ids) else None

    async def texts_of(self, model: str, ids: Iterable[int]) -> dict[int, str]:
        """Return the text of each id, from what is kept or from /detokenize, all at once."""
        wanted = list(dict.fromkeys(ids))
        if any(number not in self._texts for number in wanted):
            async with self._line:  # who waits here may find that others have asked already
                await self._learn(model, [n for n in wanted if n not in self._texts])
        texts = {number: self._texts.get(number, answers.UNKNOWN) for number in wanted}
        while len(self._texts) > KEPT_TEXTS:
            self._texts.popitem(last=False)
        return texts

    async def control_tokens(self) -> tuple[str, ...]:
        """Return the tokenizer's control tokens, if the server tells (vLLM can); asked once."""
        if self._control is None:
            try:
                told = await self._server.get("tokenizer_info", at_root=True)
                self._control = answers.read_control_tokens(told)
            except (NoSuchPath, Nonsense):
                self._control = ()
        return self._control

    async def _learn(self, model: str, unknown: Sequence[int]) -> None:
        """Ask for texts by id, 20 at a time: as many as one distribution shows."""
        try:
            for start in range(0, len(unknown) if self.has_detokenize else 0, AT_ONCE):
                some = unknown[start : start + AT_ONCE]
                texts = await asyncio.gather(*(self._detokenize(model, n) for n in some))
                self._texts.update(zip(some, texts, strict=True))
        except NoSuchPath:
            self.has_detokenize = False

    async def _detokenize(self, model: str, number: int) -> str:
        body = {"model": model, "tokens": [number]}
        return answers.read_text(await self._server.post("detokenize", body, at_root=True))


def piece_texts(pieces: Sequence[str]) -> tuple[str, ...]:
    """Return what a tokenizer's raw pieces stand for: `Ġthe` and `▁the` both mean ` the`.

    Pieces that are spelt in byte-level BPE's alphabet of bytes are decoded from it, unless the
    SentencePiece sign occurs; part of a character becomes U+FFFD.
    """
    if any("▁" in piece for piece in pieces):
        return tuple(piece.replace("▁", " ") for piece in pieces)
    spelt = [piece_bytes(piece) for piece in pieces]
    return tuple(
        piece if raw is None else raw.decode("utf-8", errors="replace")
        for piece, raw in zip(pieces, spelt, strict=True)
    )


def _halves(ids: Sequence[int], texts: Sequence[str], pieces: Sequence[str]) -> dict[int, bytes]:
    found = zip(ids, map(raw_of, texts, pieces), strict=True)
    return {number: raw for number, raw in found if raw is not None}
