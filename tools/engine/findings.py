"""What a look inside a model hands back: plain frozen data, no tensor in it.

Layers, heads and positions count from 0 here; instruments show them from 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.engine.base import Token


@dataclass(frozen=True, slots=True)
class ModelBuild:
    """How a model is built. Parameters are counted, not worked out from the others."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head_size: int
    mlp: int
    vocabulary: int
    context: int
    is_tied: bool  # the embedding table is also the output layer
    parameters: int
    norm_parameters: int  # of one norm of one block
    attention_parameters: int  # of one block
    mlp_parameters: int  # of one block
    weight_bytes: int  # as held in this process


@dataclass(frozen=True, slots=True)
class AttentionMap:
    """Who looks at whom: `weights[i][j]` is how much of token i's look goes to token j.

    Shape (n, n), each row sums to 1, zero above the diagonal. `head` None is the mean of all.
    """

    tokens: tuple[Token, ...]
    layer: int
    head: int | None
    weights: tuple[tuple[float, ...], ...]
    left_out: int  # tokens after these; none of these can see them


@dataclass(frozen=True, slots=True)
class HeadScore:
    """What one head did on a text: mean share of its look, 0..1; None where nothing could count."""

    layer: int
    head: int
    previous: float | None  # on the token just before
    first: float | None  # on the first token
    same: float | None  # on earlier copies of the same token, the first place left out
    far: float | None  # on tokens at least `far_tokens` back, the first place left out


@dataclass(frozen=True, slots=True)
class HeadScores:
    """Every head of the model on one text, by layer, then head."""

    tokens: tuple[Token, ...]
    far_tokens: int
    scores: tuple[HeadScore, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class HeadLook:
    """How hard one head looks from one token to another, 0..1."""

    layer: int
    head: int
    weight: float


@dataclass(frozen=True, slots=True)
class LensRow:
    """What the model would say if it stopped after `blocks` blocks."""

    blocks: int  # 0: the embedding alone
    guess: Token
    probability: float
    answer_probability: float  # of the token that the whole model puts first
    answer_rank: int


@dataclass(frozen=True, slots=True)
class Lens:
    """The top guess after every block, from the embedding (0) to the last; shape (layers + 1,)."""

    tokens: tuple[Token, ...]
    answer: Token
    rows: tuple[LensRow, ...]


@dataclass(frozen=True, slots=True)
class Embedded:
    """A word's row in the embedding table; the mean of the rows, where it is several tokens."""

    word: str
    tokens: tuple[Token, ...]
    vector: tuple[float, ...]  # shape (width,)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A token near a direction, by the cosine of the angle between them, -1..1."""

    token: Token
    cosine: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest tokens, nearest first, and what any token would have.

    Attributes:
        inputs: How the words asked for were cut.
        found: Special and undertrained tokens are not among them.
        mean: The cosine that all tokens have with what was asked for, on average; without the
            words themselves.
        deviation: The standard deviation around it.
        by_lot: The mean cosine of two rows taken by lot.
        left_out: How many tokens can't be an answer.
    """

    inputs: tuple[tuple[str, tuple[Token, ...]], ...]
    found: tuple[Neighbour, ...]
    mean: float
    deviation: float
    by_lot: float
    left_out: int


@dataclass(frozen=True, slots=True)
class WordPlace:
    """Where a word lies on a plane."""

    word: str
    tokens: tuple[Token, ...]
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Words in two dimensions; `shares` is how much of their variance each axis keeps, 0..1."""

    places: tuple[WordPlace, ...]
    shares: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ScoredToken:
    """A token with its raw score and its probability."""

    token: Token
    logit: float
    probability: float


@dataclass(frozen=True, slots=True)
class Journey:
    """One prompt on its way through the model, seen at its last token."""

    tokens: tuple[Token, ...]
    vector: tuple[float, ...]  # the first numbers of the last token's embedding
    lengths: tuple[float, ...]  # of its vector, after 0..layers blocks
    final: tuple[float, ...]  # the first numbers after the last block and the last norm
    lowest: float  # of all raw scores
    highest: float
    top: tuple[ScoredToken, ...]  # most likely first


@dataclass(frozen=True, slots=True)
class RawScores:
    """What the last step puts out, before any softmax: a score for every token.

    Attributes:
        prompt: What was read.
        written: What was read behind it, as the answer so far.
        words: How further words are cut inside a text.
        scores: Shape (vocabulary,), by id; any real numbers, as float32.
    """

    prompt: tuple[Token, ...]
    written: tuple[Token, ...]
    words: tuple[tuple[Token, ...], ...]
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a few gradient steps on one text did to a throw-away copy."""

    tokens: tuple[Token, ...]
    losses_bits: tuple[float, ...]  # mean per predicted token, before each step and after the last
    before: tuple[float, ...]  # P of tokens[1:], each given those before it
    after: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """A token's probability in full precision and with rounded weights."""

    token: Token
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A place in the prompt after which rounding changed the top guess."""

    place: int
    read: Token
    before: Token
    after: Token


@dataclass(frozen=True, slots=True)
class Quantized:
    """The same prompt with weights rounded to `bits`, a scale for each `group` of them."""

    bits: int
    group: int
    tokens: tuple[Token, ...]
    shifts: tuple[Shift, ...]  # by probability before; holds the top guesses of both
    kl_bits: float  # how far the rounded distribution is from the full one; bits, 0 or more
    bytes_16_bit: int
    bytes_rounded: int  # scales included
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class CacheTime:
    """How long the token after `length` others takes, in milliseconds."""

    length: int
    with_ms: float
    without_ms: float


@dataclass(frozen=True, slots=True)
class DecodeSpeed:
    """How fast one sequence grows, one token at a time, with the cache.

    `slowest` and `fastest` are of single tokens, one in ten at either end left out.
    """

    tokens: int
    tokens_per_s: float
    slowest: float
    fastest: float


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """How fast this machine reads weights from memory, bytes per second; the best of a few."""

    bytes_per_s: float
    bytes_read: int
    slowest: float  # of the same few, bytes per second
