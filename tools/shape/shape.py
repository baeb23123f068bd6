"""What a decoder-only transformer looks like; sizes are counts of numbers."""

from dataclasses import dataclass
from typing import Literal

Mixer = Literal["F", "S", "R"]  # full attention, a sliding window of it, a recurrent state


@dataclass(frozen=True, slots=True)
class Experts:
    """A mixture of experts in place of the feed-forward part.

    Attributes:
        count: Routed experts in each layer that has them.
        used: How many of those one token goes through.
        width: The wide middle of one.
        shared: The wide middle of what every token goes through as well; 0 where there is none.
        dense: Layers that have a plain feed-forward part instead.
        has_bias: Experts and router have one.
        has_shared_gate: A number for each token says how much the shared part counts.
    """

    count: int
    used: int
    width: int
    shared: int = 0
    dense: int = 0
    has_bias: bool = False
    has_shared_gate: bool = False


@dataclass(frozen=True, slots=True)
class Latent:
    """Multi-head latent attention: a token keeps one short vector a layer, for all heads.

    Attributes:
        kept: Numbers of that vector.
        rotary: Numbers beside it that carry the position.
        query: The narrow middle that queries go through.
        plain: Numbers of a head's query and key that carry no position.
        value: Numbers of a head's value.

    Source:
        DeepSeek-AI 2024, arXiv:2405.04434, section 2.1.
    """

    kept: int
    rotary: int
    query: int
    plain: int
    value: int


@dataclass(frozen=True, slots=True)
class Recurrent:
    """Gated delta-net layers: a state of fixed size, whatever the length of the text.

    Attributes:
        key_heads: Of queries, and of keys.
        value_heads: Of values; each has a square matrix as its state.
        head_size: Numbers of one head's vector.
        convolution: Tokens that the short convolution in front of it sees.
        state_bytes: Of each number of the matrices: 4, in float32, unless the config says less.

    Source:
        Yang et al. 2024, arXiv:2412.06464.
    """

    key_heads: int
    value_heads: int
    head_size: int = 128
    convolution: int = 4
    state_bytes: int = 4

    @property
    def mixed(self) -> int:
        """Numbers of queries, keys and values together: what goes through the convolution."""
        return (2 * self.key_heads + self.value_heads) * self.head_size


@dataclass(frozen=True, slots=True)
class Shape:
    """A model's build.

    Attributes:
        name: What cards and commands call it.
        vocabulary: Entries of the token table.
        width: Of the vector that goes through all blocks.
        layers: Blocks.
        heads: Of queries, in each block.
        kv_heads: Of keys and of values.
        head_size: Numbers of one head's vector.
        feed_forward: The wide middle of a plain feed-forward part.
        context: The most tokens that it was made for.
        is_tied: The head is the token table again.
        is_gated: The feed-forward part has three matrices (SwiGLU), not two.
        has_qkv_bias: Queries, keys and values have a bias.
        is_classic: As GPT-2: a bias everywhere, LayerNorm, learned positions.
        pattern: Which mixer the layers have, first to last, begun anew when it ends.
        window: Tokens that an "S" layer sees.
        is_chunked: It sees those of its own chunk, not the ones just before.
        experts: Where it is a mixture of them.
        latent: Where it keeps that instead of keys and values.
        recurrent: What its "R" layers are.
        norms: In each block.
        has_qk_norm: Queries and keys are normed, head by head.
        has_output_gate: The query matrix is twice as wide: half of it gates what attention gives.
        has_out_bias: So has the matrix behind attention one.
        has_sinks: Each head has a score that takes attention away from all tokens.
        vision: Weights of a vision tower, and of what leads from it.
        native: The precision its makers publish it in; see `precision.py`.
        label: A shorter name, for tables on a phone.
        source: Where all this stands.
    """

    name: str
    vocabulary: int
    width: int
    layers: int
    heads: int
    kv_heads: int
    head_size: int
    feed_forward: int
    context: int
    is_tied: bool = False
    is_gated: bool = True
    has_qkv_bias: bool = False
    is_classic: bool = False
    pattern: str = "F"
    window: int = 0
    is_chunked: bool = False
    experts: Experts | None = None
    latent: Latent | None = None
    recurrent: Recurrent | None = None
    norms: int = 2
    has_qk_norm: bool = False
    has_output_gate: bool = False
    has_out_bias: bool = False
    has_sinks: bool = False
    vision: int = 0
    native: str = "bfloat16"
    label: str = ""
    source: str = ""

    @property
    def short_name(self) -> str:
        """Its name in at most 12 columns, where it has one."""
        return self.label or self.name

    @property
    def attention_layers(self) -> int:
        """Layers that keep something of each token: all but the recurrent ones."""
        return self.layers_of("F") + self.layers_of("S")

    @property
    def expert_layers(self) -> int:
        """Layers whose feed-forward part is a mixture of experts."""
        return self.layers - self.experts.dense if self.experts else 0

    def layers_of(self, mixer: Mixer) -> int:
        """Return how many layers have a mixer."""
        whole, rest = divmod(self.layers, len(self.pattern))
        return whole * self.pattern.count(mixer) + self.pattern[:rest].count(mixer)
