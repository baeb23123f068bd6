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
class KnockedOut:
    """What is left of an answer when a part is left out; probabilities are of `answer`, 0..1."""

    tokens: tuple[Token, ...]
    answer: Token
    without: tuple[float, ...]  # shape (spans,)
    instead: tuple[Token, ...]  # what comes first then
    blocks: tuple[float, ...]  # without what each adds to the last token, shape (layers,)
    heads: tuple[tuple[float, ...], ...]  # the same of heads, shape (layers, heads)
    looks: tuple[float, ...]  # of the last token at each, mean over all heads, shape (tokens,)


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
class Rounding:
    """How weights are rounded.

    Attributes:
        form: "int", or FP8 (E4M3) with a scale for each "fp8-tensor", "fp8-channel", "fp8-block".
        bits: Of a whole number, 2 to 8; FP8 has 8.
        group: Whole numbers of a row that share a scale; 0 is the whole row.
        is_symmetric: Whether whole numbers lie around 0; else each group has a minimum too.
        has_tables: Whether the embedding and the head are rounded as well.
    """

    form: str = "int"
    bits: int = 4
    group: int = 32
    is_symmetric: bool = False
    has_tables: bool = False


@dataclass(frozen=True, slots=True)
class Shift:
    """A token's probability with the weights as they are and rounded."""

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
    """A prompt, and a longer text, with the weights as they are and rounded.

    Attributes:
        kept_as: What the weights are in their file: "Q4_1", "float32", "bfloat16" …
        tokens: Of the prompt.
        shifts: By probability before; holds the top guesses of both.
        kl_bits: Behind the prompt, how far the rounded distribution is from the other; 0 or more.
        flips: Places of the prompt.
        text_tokens: How long the text is.
        mean_kl_bits: The mean over every place of the text.
        perplexity_before: Of the text, with the weights as they are; 1 or more.
        perplexity_after: With rounded weights.
        bytes_16_bit: What all weights would take.
        bytes_rounded: What they take rounded: scales included, what isn't rounded in 16 bits.
    """

    kept_as: str
    tokens: tuple[Token, ...]
    shifts: tuple[Shift, ...]
    kl_bits: float
    flips: tuple[Flip, ...]
    text_tokens: int
    mean_kl_bits: float
    perplexity_before: float
    perplexity_after: float
    bytes_16_bit: int
    bytes_rounded: int
