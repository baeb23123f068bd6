"""A plain Llama, several prompts in one pass, from weights as their file has rounded them.

A token is made at the speed of memory, and five bits a weight are read in a fifth of the time of
float32. All that is computed is float32. Matrices that read the same vector are one.

Source:
    Touvron et al. 2023, arXiv:2302.13971; checked against transformers' LlamaForCausalLM in
    tests/tools/engine/forward/test_llama.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import torch
from safetensors import safe_open
from torch import Tensor
from torch.nn import functional

from tools.engine.forward.own.build import Build
from tools.engine.forward.own.kernel import kernel
from tools.engine.forward.own.rows import rows
from tools.engine.weights.manifest import PACKED


@dataclass(frozen=True, slots=True)
class Reading:
    """One prompt to read on.

    Attributes:
        fresh: Ids that haven't been read, at least one.
        past: Keys and values of those before, as `Read.cache`; None where there are none.
        keep: Of how many of the last ids the scores for the next one are wanted.
    """

    fresh: Sequence[int]
    past: Tensor | None = None
    keep: int = 1

    @property
    def known(self) -> int:
        """How many ids were read before."""
        return 0 if self.past is None else self.past.shape[3]


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a reading.

    Attributes:
        scores: Shape (keep, vocabulary).
        cache: Keys and values, shape (layers, 2, kv_heads, ids, head_size).
    """

    scores: Tensor
    cache: Tensor


@dataclass(frozen=True, slots=True)
class Block:
    """One block's weights; matrices as `packed.packed` makes them."""

    attention_norm: Tensor
    qkv: Tensor  # queries, keys, values, one behind the other
    out: Tensor
    mlp_norm: Tensor
    gate_up: Tensor
    down: Tensor


class Llama:
    """Weights, and how a token goes through them."""

    def __init__(self, build: Build, table: Tensor, blocks: Sequence[Block], norm: Tensor) -> None:
        """Take weights as they are.

        Args:
            build: Sizes.
            table: One packed row a token, the first step and the last.
            blocks: In order.
            norm: Before the last step, shape (width,).
        """
        self.build, self.table, self.blocks, self.norm = build, table, blocks, norm
        self._kernel = kernel()
        self._times = self._kernel.multiply
        self._cos, self._sin = _rotary(build)

    @classmethod
    def load(cls, folder: Path, build: Build) -> "Llama":
        """Read a folder that `convert` has made; raises what safetensors raises."""
        with safe_open(folder / PACKED, framework="pt") as file:
            names = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            blocks = [_block(names, f"model.layers.{layer}") for layer in range(build.layers)]
            table = names["model.embed_tokens.weight"].clone()  # or the whole file stays mapped
            return cls(build, table, blocks, names["model.norm.weight"].clone())

    def weights(self) -> list[Tensor]:
        """Return all that is read for a token."""
        each = [getattr(block, part.name) for block in self.blocks for part in fields(Block)]
        return [self.table, *each, self.norm]

    def read(self, readings: Sequence[Reading]) -> list[Read]:
        """Read several prompts in one pass; each gets what it would get alone."""
        with torch.inference_mode():
            spans, caches = _spans(readings), [self._room(reading) for reading in readings]
            places = torch.cat([span.places for span in spans])
            turn = self._cos[places], self._sin[places]  # each (fresh of all, 1, head_size)
            ids = torch.tensor([number for reading in readings for number in reading.fresh])
            x = rows(self.table, ids)  # (fresh of all, width)
            for layer, block in enumerate(self.blocks):
                here = [cache[layer] for cache in caches]
                x = x + self._attended(
                    block, self._normed(x, block.attention_norm), turn, spans, here
                )
                gate_up = self._times(block.gate_up, self._normed(x, block.mlp_norm))
                gate, up = gate_up.chunk(2, -1)
                x = x + self._times(block.down, functional.silu(gate) * up)
            wanted = torch.cat([x[span.stop - span.keep : span.stop] for span in spans])
            scores = self._times(self.table, self._normed(wanted, self.norm))
            each = torch.split(scores, [span.keep for span in spans])
        return [Read(mine, cache) for mine, cache in zip(each, caches, strict=True)]

    def _attended(
        self,
        block: Block,
        x: Tensor,
        turn: tuple[Tensor, Tensor],
        spans: "Sequence[_Span]",
        caches: Sequence[Tensor],
    ) -> Tensor:
        """Return what attention adds, and write keys and values into the caches of this layer."""
        build, cos_sin = self.build, turn
        turned = build.heads + build.kv_heads
        heads = self._times(block.qkv, x).view(len(x), turned + build.kv_heads, build.head_size)
        looks = _turned(heads[:, :turned], *cos_sin)
        out = torch.empty(len(x), build.heads, build.head_size)
        for span, cache in zip(spans, caches, strict=True):
            mine = slice(span.start, span.stop)
            cache[0, :, span.known :] = looks[mine, build.heads :].transpose(0, 1)
            cache[1, :, span.known :] = heads[mine, turned:].transpose(0, 1)
            out[mine] = functional.scaled_dot_product_attention(
                looks[mine, : build.heads].transpose(0, 1)[None],
                cache[0][None],
                cache[1][None],
                attn_mask=span.mask,
                is_causal=span.is_square,
                enable_gqa=True,
            )[0].transpose(0, 1)
        return self._times(block.out, out.flatten(1))

    def _normed(self, x: Tensor, weight: Tensor) -> Tensor:
        return self._kernel.normed(x, weight, self.build.norm_epsilon)

    def _room(self, reading: Reading) -> Tensor:
        """Return a cache that holds what is known, with room for what is fresh."""
        build, length = self.build, reading.known + len(reading.fresh)
        cache = torch.empty(build.layers, 2, build.kv_heads, length, build.head_size)
        if reading.past is not None:
            cache[:, :, :, : reading.known] = reading.past
        return cache


@dataclass(frozen=True, slots=True)
class _Span:
    """Where one reading stands among the fresh ids of all."""

    start: int
    stop: int
    known: int
    keep: int
    mask: Tensor | None  # (fresh, known + fresh), True where a token may look

    @property
    def is_square(self) -> bool:
        return self.mask is None and self.stop - self.start > 1

    @property
    def places(self) -> Tensor:
        return torch.arange(self.known, self.known + self.stop - self.start)


def _spans(readings: Sequence[Reading]) -> list[_Span]:
    spans, start = [], 0
    for reading in readings:
        fresh, known = len(reading.fresh), reading.known
        mask = torch.ones(fresh, known + fresh, dtype=torch.bool).tril(known)
        has_mask = fresh > 1 and known > 0
        spans.append(_Span(start, start + fresh, known, reading.keep, mask if has_mask else None))
        start += fresh
    return spans


def _rotary(build: Build) -> tuple[Tensor, Tensor]:
    """Return cosines and sines of every place, each of shape (context, 1, head_size).

    The sines of the first half are negative, so that turning is one product with a rolled vector.

    Source:
        Su et al. 2021, arXiv:2104.09864, eq. 34, halves paired as in transformers.
    """
    half = build.head_size // 2
    speeds = build.rope.rope_theta ** -(
        torch.arange(0, build.head_size, 2).float() / build.head_size
    )
    angles = torch.outer(torch.arange(build.context).float(), speeds).repeat(1, 2)
    sines = angles.sin()
    sines[:, :half] *= -1
    return angles.cos()[:, None], sines[:, None]


def _turned(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    return heads * cos + heads.roll(heads.shape[-1] // 2, -1) * sin


def _block(names: Mapping[str, Tensor], prefix: str) -> Block:
    def beside(*parts: str) -> Tensor:
        matrices = [names[f"{prefix}.{part}_proj.weight"] for part in parts]
        return torch.cat(matrices)  # tiles behind each other

    return Block(
        attention_norm=names[f"{prefix}.input_layernorm.weight"].clone(),
        qkv=beside("self_attn.q", "self_attn.k", "self_attn.v"),
        out=beside("self_attn.o"),
        mlp_norm=names[f"{prefix}.post_attention_layernorm.weight"].clone(),
        gate_up=beside("mlp.gate", "mlp.up"),
        down=beside("mlp.down"),
    )
