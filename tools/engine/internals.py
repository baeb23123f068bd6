"""What an engine can be asked about the inside of its model. No model library is imported here.

Every question is a method of `Looking`, made of one `look`: the local engine answers it, the shared
engine passes it on, and equal questions at the same time become one.
"""

from collections.abc import Hashable
from typing import Any, Protocol, cast

from tools.engine.base import Capability, Engine, Token
from tools.engine.findings import (
    AttentionMap,
    Embedded,
    HeadLook,
    HeadScores,
    Journey,
    KnockedOut,
    Lens,
    ModelBuild,
    Neighbours,
    Plane,
    Quantized,
    RawScores,
    Rounding,
    Trained,
)
from tools.engine.masking import Masked, Rule
from tools.engine.prompts import clean_piece, clean_prompt, clean_text
from tools.engine.templates import Conversation, Templated
from tools.engine.timings import Bandwidth, CacheTime, DecodeSpeed, PassTime
from tools.errors import Missing

MOST_TOKENS = 256  # that a look inside takes, unless it says less
KEPT_QUESTIONS = frozenset({"raw_scores", "knocked_out"})  # a knob that is turned asks again
HEAVY_QUESTIONS = frozenset(  # seconds of a processor, or further copies of the weights
    {"train", "quantized", "cache_timing", "decode_speed", "memory_bandwidth"}
)


class Looking(Protocol):
    """The questions. Each raises `BadInput`, or `Missing` where the model is built otherwise."""

    async def look(self, question: str, *arguments: Hashable) -> Any:
        """Answer the question that has this name; the methods below say which there are."""
        ...

    async def shape(self) -> ModelBuild:
        """How the model is built."""
        return cast(ModelBuild, await self.look("shape"))

    async def merges(self, text: str) -> tuple[tuple[bytes, ...], ...]:
        """Return the states of a text, from single bytes to its tokens, one merge at a time.

        Bytes that the vocabulary lacks are dropped. At most 200 bytes.
        """
        found = await self.look("merges", clean_piece(text))
        return cast(tuple[tuple[bytes, ...], ...], found)

    async def attention(
        self, prompt: str, layer: int, head: int | None = None, most: int = MOST_TOKENS
    ) -> AttentionMap:
        """Return one head's weights over the first `most` tokens; `head` None is the mean."""
        found = await self.look("attention", clean_prompt(prompt), layer, head, most)
        return cast(AttentionMap, found)

    async def head_scores(self, prompt: str) -> HeadScores:
        """Return what every head does on a text, over its first 128 tokens."""
        return cast(HeadScores, await self.look("head_scores", clean_prompt(prompt)))

    async def hardest(
        self, prompt: str, source: int, target: int, k: int = 5
    ) -> tuple[HeadLook, ...]:
        """Return the heads that look hardest from one place to another that isn't after it."""
        found = await self.look("hardest", clean_prompt(prompt), source, target, k)
        return cast(tuple[HeadLook, ...], found)

    async def lens(self, prompt: str) -> Lens:
        """Return the top guess for the next token after every block."""
        return cast(Lens, await self.look("lens", clean_prompt(prompt)))

    async def knocked_out(self, prompt: str, spans: tuple[tuple[int, int], ...]) -> KnockedOut:
        """Return the answer's chance without each span of tokens, and without each block."""
        return cast(KnockedOut, await self.look("knocked_out", clean_prompt(prompt), spans))

    async def templated(self, said: Conversation, k: int = 4) -> Templated:
        """Put a conversation into the model's own template; see `templates.Templating`."""
        for one in said.messages:
            clean_prompt(one.content)
        return cast(Templated, await self.look("templated", said, k))

    async def masked(self, prompt: str, rule: Rule, steps: int) -> Masked:
        """Write some tokens under a rule; see `masking.Masking`."""
        return cast(Masked, await self.look("masked", clean_prompt(prompt), rule, steps))

    async def journey(self, prompt: str, k: int = 5) -> Journey:
        """Return what a prompt becomes at each stage."""
        return cast(Journey, await self.look("journey", clean_prompt(prompt), k))

    async def raw_scores(
        self, prompt: str, written: str = "", words: tuple[str, ...] = ()
    ) -> RawScores:
        """Return the raw score of every token that could come next.

        Args:
            prompt: What is read.
            written: What the model has answered so far; may be empty.
            words: Whose tokens are to be named too, each cut as it stands inside a text.
        """
        cut = tuple(clean_text(word) for word in words)
        found = await self.look("raw_scores", clean_prompt(prompt), clean_text(written), cut)
        return cast(RawScores, found)

    async def named(self, ids: tuple[int, ...]) -> tuple[Token, ...]:
        """Return tokens by their ids, which must be in the vocabulary."""
        return cast(tuple[Token, ...], await self.look("named", ids))

    async def embeddings(self, words: tuple[str, ...]) -> tuple[Embedded, ...]:
        """Return each word's vector; a word is read as it stands inside a sentence, after a space.

        A word that begins with a space or `=` is taken as it is, less the `=`.
        """
        found = await self.look("embeddings", _clean(words))
        return cast(tuple[Embedded, ...], found)

    async def neighbours(
        self,
        plus: tuple[str, ...],
        minus: tuple[str, ...] = (),
        k: int = 10,
        has_inputs: bool = False,
        is_centred: bool = False,
    ) -> Neighbours:
        """Return the tokens nearest to the sum of unit vectors of `plus` less those of `minus`.

        Args:
            plus: Words; see `embeddings`.
            minus: Words.
            k: How many.
            has_inputs: Let the words asked for be among the answers.
            is_centred: Take off first what all rows have in common.
        """
        asked = _clean(plus), _clean(minus), k, has_inputs, is_centred
        found = await self.look("neighbours", *asked)
        return cast(Neighbours, found)

    async def plane(self, words: tuple[str, ...]) -> Plane:
        """Return 2 to 30 words on the plane that keeps most of their variance (PCA)."""
        return cast(Plane, await self.look("plane", _clean(words)))

    async def train(self, text: str, steps: int, rate: float) -> Trained:
        """Take gradient steps on a throw-away copy; at most 48 tokens, 20 steps."""
        return cast(Trained, await self.look("train", clean_prompt(text), steps, rate))

    async def quantized(self, prompt: str, text: str, how: Rounding, k: int = 8) -> Quantized:
        """Read a prompt and a text, each at most 256 tokens, with rounded weights too.

        Nothing is kept of those.
        """
        asked = clean_prompt(prompt), clean_prompt(text), how, k
        return cast(Quantized, await self.look("quantized", *asked))

    async def cache_timing(self, lengths: tuple[int, ...]) -> tuple[CacheTime, ...]:
        """Measure one token's time after so many others, with the cache and without."""
        return cast(tuple[CacheTime, ...], await self.look("cache_timing", lengths))

    async def decode_speed(self, tokens: int = 16) -> DecodeSpeed:
        """Measure how fast one sequence grows."""
        return cast(DecodeSpeed, await self.look("decode_speed", tokens))

    async def memory_bandwidth(self) -> Bandwidth:
        """Measure how fast the weights can be read from memory."""
        return cast(Bandwidth, await self.look("memory_bandwidth"))

    async def pass_timing(self, length: int, sizes: tuple[int, ...]) -> tuple[PassTime, ...]:
        """Measure passes over 1 to 16 new tokens after so many others, scores after each."""
        found = await self.look("pass_timing", length, sizes)
        return cast(tuple[PassTime, ...], found)


class Internals(Engine, Looking, Protocol):
    """An engine whose model can be looked into."""


def inside(engine: Engine) -> Internals:
    """Return the engine as one that can be looked into.

    Raises:
        Missing: it can't be.
    """
    if Capability.INTERNALS not in engine.capabilities():
        raise Missing(
            f"{engine.model} ({engine.name}) can't be looked into; the embedded model can."
        )
    return cast(Internals, engine)


def _clean(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clean_prompt(word) for word in words)
