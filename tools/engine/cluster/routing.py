"""Which experts took each token, as vLLM returns it. Used by `cluster` alone.

vLLM 0.32.0 with `--enable-return-routed-experts` puts `routed_experts` into each choice of
/v1/completions that isn't streamed: base64 of a .npy file of shape (tokens - 1, layers, used),
uint8 up to 256 experts, else uint16. The last token of all, just written, hasn't been through the
model. Layers without experts hold zeros. It takes a mixture of experts, prefix caching, and model
runner V2, which needs Triton.

Source:
    vLLM 0.32.0: entrypoints/openai/completion/protocol.py (CompletionResponseChoice),
    utils/serial_utils.py (numpy2base64),
    model_executor/layers/fused_moe/routed_experts_capturer.py, config/vllm.py
    (_verify_aux_output_compatibility).
"""

import base64
import io
from typing import Any

from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.served_model import ServedModel
from tools.engine.serving import RoutedExperts
from tools.errors import Missing, Nonsense

_MOST_EXPERTS = 65_536
Chosen = tuple[tuple[tuple[int, ...], ...], ...]


async def routed_experts(asked: ServedModel, prompt: str) -> RoutedExperts | None:
    """Return which experts took each token of a prompt; None where the server doesn't tell.

    Raises:
        Missing: the server has no /tokenize.
        EngineError: it gave no usable answer.
    """
    text = await asked.harmless(prompt)
    try:
        cut = await asked.spelling.cut(asked.name, text)
        tokens = await asked.spelling.named(asked.name, cut, text)
    except NoSuchPath as missing:
        raise Missing(
            f"The model server at {asked.server.host} has no /tokenize, so nobody can say which "
            "tokens its experts took."
        ) from missing
    body = {
        "model": asked.name,
        "prompt": [token.id for token in tokens],
        "max_tokens": 1,
        "temperature": 0,
    }
    experts = read_routed(await asked.post(body), len(tokens))
    return None if experts is None else RoutedExperts(tokens, experts)


def read_routed(answer: Any, tokens: int) -> Chosen | None:
    """Return the experts in an answer; None where it names none.

    Args:
        answer: A completion of one token.
        tokens: How many its prompt has.

    Returns:
        Shape (layers, tokens, used), without the layers that have no experts.

    Raises:
        Nonsense: it can't be read, is of another shape, or sends a token twice to an expert.
    """
    try:
        written = answer["choices"][0].get("routed_experts")
    except (KeyError, IndexError, TypeError, AttributeError) as missing:
        raise _nonsense("no choices") from missing
    if written is None:
        return None
    found = _array(written)
    if found.ndim != 3 or found.dtype.kind not in "iu" or found.shape[0] != tokens:
        raise _nonsense(f"experts of shape {found.shape} for {tokens} tokens")
    if not found.size or found.min() < 0 or found.max() >= _MOST_EXPERTS:
        raise _nonsense("experts that can't be")
    by_layer: list[list[list[int]]] = found.swapaxes(0, 1).tolist()
    routed = [layer for layer in by_layer if any(map(any, layer))]
    if not routed or any(len(set(one)) < len(one) for layer in routed for one in layer):
        raise _nonsense("a token that goes twice to an expert")
    return tuple(tuple(map(tuple, layer)) for layer in routed)


def _array(written: Any) -> Any:
    """Return a .npy file in base64 as an array; it takes no more memory than what was sent."""
    import numpy as np  # late: a bot starts without it

    try:
        file = io.BytesIO(base64.b64decode(written, validate=True))
        if np.lib.format.read_magic(file) != (1, 0):
            raise _nonsense("another version of .npy")
        shape, is_by_column, kind = np.lib.format.read_array_header_1_0(file)
        flat = np.frombuffer(file.read(), kind)
        return flat.reshape(shape, order="F" if is_by_column else "C")
    except (ValueError, TypeError) as garbled:
        raise _nonsense("no .npy file in base64") from garbled


def _nonsense(what: str) -> Nonsense:
    return Nonsense(
        f"The model server's routed experts can't be shown as true: {what}. Try again in a moment."
    )
