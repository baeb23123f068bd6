"""What the answer would be with a part left out: a token of the prompt, a block, or a head.

Source:
    Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation Erasure",
    arXiv:1612.08220.
"""

from collections.abc import Generator, Sequence
from typing import Any

import torch

from tools.engine.findings import KnockedOut
from tools.engine.inside.anatomy import anatomy, prompt_ids, tokens
from tools.engine.inside.attention import weights
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput


def knocked_out(
    model: CausalModel, text: str, spans: Sequence[tuple[int, int]]
) -> Generator[None, None, KnockedOut]:
    """Read a prompt without some spans of its tokens, and whole without each block or head.

    A block left out hands its input on as it is, a head left out adds nothing at any place. Pauses
    after each pass.

    Raises:
        BadInput: a span that isn't in the prompt, or that is all of it.
    """
    ids = prompt_ids(model, text, MOST_TOKENS)
    if any(not 0 <= start < end <= len(ids) or end - start == len(ids) for start, end in spans):
        raise BadInput("Leave out a part of the text, not all of it.")
    whole = _chances(model, ids)
    answer = int(whole.argmax())
    without, instead = [], []
    for start, end in spans:
        yield
        left = _chances(model, (*ids[:start], *ids[end:]))
        without.append(float(left[answer]))
        instead.append(model.token(int(left.argmax())))
    blocks, heads = [], []
    for block in anatomy(model).layers:
        yield
        blocks.append(float(_without(model, ids, block)[answer]))
        yield
        heads.append(tuple(_without_heads(model, ids, block)[:, answer].tolist()))
    return KnockedOut(
        tokens(model, ids),
        model.token(answer),
        float(whole[answer]),
        tuple(without),
        tuple(instead),
        tuple(blocks),
        tuple(heads),
        tuple(weights(model, ids)[:, :, -1].mean((0, 1)).tolist()),
    )


def _without(model: CausalModel, ids: Sequence[int], block: torch.nn.Module) -> torch.Tensor:
    """Return the chances with what one block adds set to zero."""
    skipped = block.register_forward_hook(
        lambda _module, given, out: (given[0], *out[1:]) if isinstance(out, tuple) else given[0]
    )
    try:
        return _chances(model, ids)
    finally:
        skipped.remove()


def _without_heads(model: CausalModel, ids: Sequence[int], block: Any) -> torch.Tensor:
    """Return the chances with one head of a block left out, shape (heads, vocabulary).

    One pass for all: the prompt is read once for each head, side by side, and each copy lacks one.
    """
    count = anatomy(model).config.num_attention_heads

    def leave_out(_module: torch.nn.Module, given: tuple[torch.Tensor]) -> tuple[torch.Tensor]:
        (joined,) = given  # what the heads found, side by side, shape (heads, tokens, heads * size)
        apart = joined.view(*joined.shape[:2], count, -1).clone()
        apart[range(count), :, range(count)] = 0
        return (apart.view_as(joined),)

    skipped = block.self_attn.o_proj.register_forward_pre_hook(leave_out)
    try:
        return _all_chances(model, [ids] * count)
    finally:
        skipped.remove()


def _chances(model: CausalModel, ids: Sequence[int]) -> torch.Tensor:
    """Return the probability of each next token, shape (vocabulary,), in float64."""
    return _all_chances(model, [ids])[0]


def _all_chances(model: CausalModel, rows: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the same for prompts of one length, shape (prompts, vocabulary)."""
    with torch.inference_mode():
        read = model.network(torch.tensor(rows), use_cache=False, logits_to_keep=1)
    chances: torch.Tensor = read.logits[:, -1].double().softmax(-1)
    return chances
