"""What the answer would be with a part left out: a token of the prompt, or a block's output.

Source:
    Li, Monroe and Jurafsky 2016, "Understanding Neural Networks through Representation Erasure",
    arXiv:1612.08220.
"""

from collections.abc import Generator, Sequence

import torch

from tools.engine.findings import KnockedOut
from tools.engine.inside.anatomy import anatomy, prompt_ids, tokens
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput


def knocked_out(
    model: CausalModel, text: str, spans: Sequence[tuple[int, int]]
) -> Generator[None, None, KnockedOut]:
    """Read a prompt without some spans of its tokens, and whole without each block.

    A block left out hands its input on as it is. Pauses after each pass.

    Raises:
        BadInput: a span that isn't in the prompt, or that is all of it.
    """
    ids = prompt_ids(model, text, MOST_TOKENS)
    if any(not 0 <= start < end <= len(ids) or end - start == len(ids) for start, end in spans):
        raise BadInput("Give a text of two words or more: one of them is left out in turn.")
    whole = _chances(model, ids)
    answer = int(whole.argmax())
    without, instead = [], []
    for start, end in spans:
        yield
        left = _chances(model, (*ids[:start], *ids[end:]))
        without.append(float(left[answer]))
        instead.append(model.token(int(left.argmax())))
    blocks = []
    for block in anatomy(model).layers:
        yield
        blocks.append(float(_without(model, ids, block)[answer]))
    return KnockedOut(
        tokens(model, ids),
        model.token(answer),
        float(whole[answer]),
        tuple(without),
        tuple(instead),
        tuple(blocks),
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


def _chances(model: CausalModel, ids: Sequence[int]) -> torch.Tensor:
    """Return the probability of each next token, shape (vocabulary,), in float64."""
    with torch.inference_mode():
        read = model.network(torch.tensor([list(ids)]), use_cache=False, logits_to_keep=1)
    chances: torch.Tensor = read.logits[0, -1].double().softmax(-1)
    return chances
