"""What the answer would be with a part left out: a token of the prompt, a block, or a head.

Source:
    Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation Erasure",
    arXiv:1612.08220.
"""

import copy
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import torch

from tools.engine.findings import KnockedOut
from tools.engine.inside.anatomy import anatomy, prompt_ids, tokens
from tools.engine.inside.attention import weights
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

_AT_ONCE = 60  # parts that are left out in one pass
_PartOfModel = tuple[int, int | None]  # a layer, and one of its heads or none: the whole block


def knocked_out(
    model: CausalModel, text: str, spans: Sequence[tuple[int, int]]
) -> Generator[None, None, KnockedOut]:
    """Read a prompt without some spans of its tokens, and whole without each block or head.

    A block or a head is left out at the last token, where the answer is made: there a block hands
    its input on as it is, and a head adds nothing. Pauses after each pass.

    Raises:
        BadInput: a span that isn't in the prompt, or that is all of it.
    """
    ids = prompt_ids(model, text, MOST_TOKENS)
    if any(not 0 <= start < end <= len(ids) or end - start == len(ids) for start, end in spans):
        raise BadInput("Leave out a part of the text, not all of it.")
    answer = int(_chances(model, ids).argmax())
    without, instead = [], []
    for start, end in spans:
        yield
        left = _chances(model, (*ids[:start], *ids[end:]))
        without.append(float(left[answer]))
        instead.append(model.token(int(left.argmax())))
    parts = yield from _lacking(model, ids, answer)
    layers = len(anatomy(model).layers)
    heads = parts[layers:]
    each = len(heads) // layers
    return KnockedOut(
        tokens(model, ids),
        model.token(answer),
        tuple(without),
        tuple(instead),
        tuple(parts[:layers]),
        tuple(tuple(heads[layer * each : (layer + 1) * each]) for layer in range(layers)),
        tuple(weights(model, ids)[:, :, -1].mean((0, 1)).tolist()),
    )


def _lacking(
    model: CausalModel, ids: Sequence[int], answer: int
) -> Generator[None, None, list[float]]:
    """Return the chance of the answer without every block, then without every head of each."""
    parts, before = _parts(model), _kept(model, ids[:-1])
    found: list[float] = []
    for start in range(0, len(parts), _AT_ONCE):
        yield
        some = parts[start : start + _AT_ONCE]
        found += _without(model, ids[-1], before, some)[:, answer].tolist()
    return found


def _parts(model: CausalModel) -> list[_PartOfModel]:
    """Return every block, then every head of each."""
    build = anatomy(model)
    layers, heads = range(len(build.layers)), range(build.config.num_attention_heads)
    return [(layer, None) for layer in layers] + [(la, head) for la in layers for head in heads]


def _without(
    model: CausalModel, last: int, before: Any, parts: Sequence[_PartOfModel]
) -> torch.Tensor:
    """Return the chances without each part at the last token, shape (parts, vocabulary).

    That token is read once for each part, side by side, and each copy lacks one.
    """
    kept, build = copy.deepcopy(before), anatomy(model)
    with ExitStack() as until_read, torch.inference_mode():
        kept.batch_repeat_interleave(len(parts))
        for layer, block in enumerate(build.layers):
            rows = [(row, head) for row, (at, head) in enumerate(parts) if at == layer]
            for hook in _hooks(block, rows, build.config.num_attention_heads):
                until_read.callback(hook.remove)
        read = model.network(torch.tensor([[last]] * len(parts)), past_key_values=kept)
    chances: torch.Tensor = read.logits[:, -1].double().softmax(-1)
    return chances


def _kept(model: CausalModel, ids: Sequence[int]) -> Any:
    """Return the keys and values of some tokens, as transformers keeps them."""
    with torch.inference_mode():
        return model.network(torch.tensor([list(ids)]), use_cache=True).past_key_values


def _hooks(block: Any, rows: Sequence[tuple[int, int | None]], heads: int) -> Iterator[Any]:
    """Let a block hand some rows on as they are, and leave a head out of others."""
    skipped = [row for row, head in rows if head is None]
    lacking = [(row, head) for row, head in rows if head is not None]

    def hand_on(_module: torch.nn.Module, given: Any, out: Any) -> Any:
        found = (out[0] if isinstance(out, tuple) else out).clone()
        found[skipped] = given[0][skipped]
        return (found, *out[1:]) if isinstance(out, tuple) else found

    def leave_out(_module: torch.nn.Module, given: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        (joined,) = given  # what the heads found, side by side, shape (rows, 1, heads * size)
        apart = joined.view(*joined.shape[:2], heads, -1).clone()
        for row, head in lacking:
            apart[row, :, head] = 0
        return (apart.view_as(joined),)

    if skipped:
        yield block.register_forward_hook(hand_on)
    if lacking:
        yield block.self_attn.o_proj.register_forward_pre_hook(leave_out)


def _chances(model: CausalModel, ids: Sequence[int]) -> torch.Tensor:
    """Return the probability of each next token, shape (vocabulary,), in float64."""
    with torch.inference_mode():
        read = model.network(torch.tensor([list(ids)]), use_cache=False, logits_to_keep=1)
    chances: torch.Tensor = read.logits[0, -1].double().softmax(-1)
    return chances
