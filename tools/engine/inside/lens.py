"""What a prompt becomes on its way through the blocks, and what each would say.

Source:
    The logit lens: nostalgebraist 2020, "interpreting GPT: the logit lens".
"""

from collections.abc import Sequence

import torch

from tools.engine.findings import Journey, Lens, LensRow, ScoredToken
from tools.engine.inside.anatomy import anatomy, prompt_ids, tokens
from tools.engine.internals import MOST_TOKENS
from tools.engine.model.causal_model import CausalModel

NUMBERS = 4  # of a vector that are shown


def lens(model: CausalModel, text: str) -> Lens:
    """Return the top guess after every block; the last row is the model's own answer."""
    ids = prompt_ids(model, text, MOST_TOKENS)
    parts = anatomy(model)
    hidden, scores = _read(model, ids)
    with torch.inference_mode():
        early = parts.head(parts.norm(hidden[:-1]))  # (layers, vocabulary)
    # float64: of two near guesses the same one must win as in `CausalModel.top`
    rows = torch.cat([early, scores[None]]).double().log_softmax(-1)
    answer = int(rows[-1].argmax())
    found = tuple(_row(model, blocks, row, answer) for blocks, row in enumerate(rows))
    return Lens(tokens(model, ids), model.token(answer), found)


def journey(model: CausalModel, text: str, k: int) -> Journey:
    """Return a prompt's stages, seen at its last token."""
    ids = prompt_ids(model, text, MOST_TOKENS)
    hidden, scores = _read(model, ids)
    chances = scores.double().softmax(-1)
    best = scores.topk(k).indices.tolist()
    return Journey(
        tokens=tokens(model, ids),
        vector=tuple(hidden[0, :NUMBERS].tolist()),
        lengths=tuple(hidden.norm(dim=-1).tolist()),
        final=tuple(_normed(model, hidden[-1])[:NUMBERS].tolist()),
        lowest=float(scores.min()),
        highest=float(scores.max()),
        top=tuple(ScoredToken(model.token(n), float(scores[n]), float(chances[n])) for n in best),
    )


def _read(model: CausalModel, ids: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the last token's vector after 0..layers blocks, and its scores.

    Shapes (layers + 1, width), before the last norm, and (vocabulary,).
    """
    after: list[torch.Tensor] = []
    last = anatomy(model).layers[-1]
    # transformers hands back the last one only behind the norm, so catch it on its way
    caught = last.register_forward_hook(lambda _module, _given, out: after.append(_vector(out)))
    try:
        with torch.inference_mode():
            read = model.network(
                torch.tensor([ids]), output_hidden_states=True, use_cache=False, logits_to_keep=1
            )
    finally:
        caught.remove()
    hidden = torch.stack([*(state[0, -1] for state in read.hidden_states[:-1]), *after])
    return hidden, read.logits[0, -1]


def _vector(out: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    """Return the last token's vector of a block's output, which some versions wrap in a tuple."""
    return (out[0] if isinstance(out, tuple) else out)[0, -1]


def _normed(model: CausalModel, vector: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        normed: torch.Tensor = anatomy(model).norm(vector)
    return normed


def _row(model: CausalModel, blocks: int, logprobs: torch.Tensor, answer: int) -> LensRow:
    guess = int(logprobs.argmax())
    return LensRow(
        blocks=blocks,
        guess=model.token(guess),
        probability=float(logprobs[guess].exp()),
        answer_probability=float(logprobs[answer].exp()),
        answer_rank=1 + int((logprobs > logprobs[answer]).sum()),
    )
