"""A served model's tokens and how they are spelt: ids and texts, asked of the server, kept.

Used by `cluster` alone. Texts collide (many half characters look alike), ids don't. The bytes of a
token come from the model's own tokenizer, where its files were named (`own_tokenizer`); from the
pieces of a text that was cut, where they spell it (`told_bytes`); else from its text by id, asked
for twice in a row; else it is shown as the server wrote it, and says so.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tools.engine.base import Token, of_bytes
from tools.engine.cluster import answers
from tools.engine.cluster.cutting import Cutting
from tools.engine.cluster.own_tokenizer import PROBE, OwnTokenizer
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.server import Server
from tools.engine.cluster.told_bytes import PieceReading, doubled, spelt_by
from tools.errors import Nonsense

if TYPE_CHECKING:  # who has no tokenizer needn't load the library
    from tools.engine.model.fast_tokenizer import FastTokenizer

KEPT_TOKENS = 20_000
AT_ONCE = 20  # a server whose line is full cuts connections off


class TokenSpelling:
    """The vocabulary of one served model, as far as it has been asked for.

    Attributes:
        has_detokenize: Whether texts can be had by id; True until the server has said no.
        own: The model's own tokenizer.
    """

    def __init__(self, server: Server, tokenizer: str | None = None) -> None:
        """Remember whom to ask, and where the model's own tokenizer is."""
        self.has_detokenize = True
        self.own = OwnTokenizer(tokenizer)
        self._server = server
        self._cutting = Cutting(server)
        self._known: OrderedDict[int, Token] = OrderedDict()
        self._reading: PieceReading | None = None  # of pieces, once a text has proved it
        self._is_probed = False
        self._line = asyncio.Lock()
        self._control: tuple[str, ...] | None = None  # not asked for yet

    async def cut(self, model: str, text: str, *, is_start: bool = True) -> Any:
        """Return what /tokenize says of a text; `is_start` lets it add a beginning-of-text token.

        Raises:
            NoSuchPath: there is no /tokenize, or none that cuts this text, and no tokenizer of
                the model's own.
        """
        own = await self.ready(model)
        try:
            return await self._cutting.cut(model, text, is_start=is_start)
        except (NoSuchPath, Nonsense):
            if own is None:
                raise
            return {"tokens": list(own.ids(text, follows=not is_start))}

    async def ready(self, model: str) -> "FastTokenizer | None":
        """Return the model's own tokenizer, opened and held against the server; None without."""
        return await self.own.ready(lambda text: self._cutting.cut(model, text, is_start=True))

    async def named(self, model: str, answer: Any, text: str | None) -> tuple[Token, ...]:
        """Return /tokenize's answer as tokens.

        Args:
            model: Which was asked.
            answer: Its own.
            text: What was cut; None where nobody knows it: a conversation in a template.
        """
        ids, pieces = answers.read_ids(answer), answers.read_pieces(answer)
        if told := answer.get("token_bytes"):  # each token's own: nothing is left to read
            self._known.update(zip(ids, map(of_bytes, ids, told), strict=True))
        if pieces is None or (text is not None and self._learn_from(ids, pieces, text)):
            pieces = pieces or (answers.UNKNOWN,) * len(ids)
        elif text is None:
            await self._probe(model)
            self._read(ids, pieces)
        await self.texts_of(model, ids)
        return tuple(self.token(n, piece) for n, piece in zip(ids, pieces, strict=True))

    def token(self, number: int, text: str) -> Token:
        """Return a token as it is known; else with this text, which the server wrote."""
        known = self._known.get(number)
        own = self.own.opened
        if own is not None and 0 <= number < own.size():
            known = own.token(number)
        return known or Token(number, text, is_as_written=text != answers.UNKNOWN)

    def remembered(self, ids: Sequence[int]) -> tuple[Token, ...] | None:
        """Return tokens as `named` would, if each has been seen before; asks nobody."""
        is_known = self.own.opened is not None or all(number in self._known for number in ids)
        return tuple(self.token(n, answers.UNKNOWN) for n in ids) if ids and is_known else None

    async def texts_of(self, model: str, ids: Iterable[int]) -> dict[int, str]:
        """Return the text of each id, from what is kept or from /detokenize, all at once."""
        wanted = list(dict.fromkeys(ids))
        if await self.ready(model) is None and any(n not in self._known for n in wanted):
            async with self._line:  # who waits here may find that others have asked already
                await self._ask(model, [n for n in wanted if n not in self._known])
        texts = {number: self.token(number, answers.UNKNOWN).text for number in wanted}
        while len(self._known) > KEPT_TOKENS:
            self._known.popitem(last=False)
        return texts

    async def control_tokens(self) -> tuple[str, ...]:
        """Return the tokenizer's control tokens, if the server tells (vLLM can); asked once."""
        if self._control is None:
            try:
                told = await self._server.get("tokenizer_info", at_root=True)
                self._control = answers.read_control_tokens(told)
            except (NoSuchPath, Nonsense):
                self._control = ()
        own = self.own.opened
        spelt = () if own is None else tuple(own.token(n).text for n in sorted(own.special()))
        return (*self._control, *spelt)

    def _learn_from(self, ids: Sequence[int], pieces: Sequence[str], text: str) -> bool:
        """Keep the bytes of pieces that spell the text; tell whether they do."""
        found = spelt_by(pieces, text)
        if found is None:
            return False
        self._reading = found.reading or self._reading
        for number, piece, raw in zip(ids, pieces, found.raw, strict=True):
            self._known[number] = Token(number, piece) if raw is None else of_bytes(number, raw)
        return True

    async def _probe(self, model: str) -> None:
        """Have a text cut that shows how this tokenizer writes bytes; once."""
        if self._reading is None and not self._is_probed:
            self._is_probed = True
            answer = await self.cut(model, PROBE)
            pieces = answers.read_pieces(answer)
            self._learn_from(answers.read_ids(answer), pieces or (), PROBE)

    def _read(self, ids: Sequence[int], pieces: Sequence[str]) -> None:
        """Keep what pieces stand for by the reading that was proved, if one was."""
        for number, piece in zip(ids, pieces, strict=True):
            if self._reading is not None and number not in self._known:
                raw = self._reading(piece)
                self._known[number] = Token(number, piece) if raw is None else of_bytes(number, raw)

    async def _ask(self, model: str, unknown: Sequence[int]) -> None:
        """Ask for texts by id, 20 at a time: as many as one distribution shows."""
        try:
            for start in range(0, len(unknown) if self.has_detokenize else 0, AT_ONCE):
                some = unknown[start : start + AT_ONCE]
                found = await asyncio.gather(*(self._detokenized(model, n) for n in some))
                self._known.update(zip(some, found, strict=True))
        except NoSuchPath:
            self.has_detokenize = False

    async def _detokenized(self, model: str, number: int) -> Token:
        """Return a token with the text that it adds to others."""
        if (text := doubled(await self._text(model, [number, number]))) is not None:
            return Token(number, text)
        text = await self._text(model, [number])
        return Token(number, text, is_as_written=answers.UNKNOWN not in text)

    async def _text(self, model: str, ids: Sequence[int]) -> str:
        body = {"model": model, "tokens": list(ids)}
        return answers.read_text(await self._server.post("detokenize", body, at_root=True))
