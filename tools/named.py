"""A model's shape by the name that it is served under: `Qwen/Qwen3.6-27B-FP8`, `gpt-oss-120b`."""

import re

from tools.models import SHAPES
from tools.shape.config_json import shape_from_text
from tools.shape.shape import Shape

_ALIKE = {  # other names of a shape in the list
    "llama-3.1-70b": "llama-3.3-70b",
    "deepseek-r1": "deepseek-v3",
    "deepseek-r1-distill-llama-8b": "llama-3.1-8b",
    "deepseek-r1-distill-llama-70b": "llama-3.3-70b",
    "deepseek-v3.1": "deepseek-v3",
    "mistral-small-3.1-24b": "mistral-small-24b",
    "mistral-small-3.2-24b": "mistral-small-24b",
    "mistral-7b-instruct": "mistral-7b",
    "qwen3.5-27b": "qwen3.6-27b",
    "qwen3.8-27b": "qwen3.6-27b",
    "qwen3.5-35b-a3b": "qwen3.6-35b-a3b",
    "llama-4-scout-17b-16e": "llama-4-scout",
    "llama-4-maverick-17b-128e": "llama-4-maverick",
    "gpt2": "gpt-2",
}
_PIECES = re.compile(r"[a-z]+|\d+(?:\.\d+)*")
_FAMILIES = "|".join({re.split("[^a-z]", name)[0] for name in SHAPES if name != "tiny"})
_SIZED = re.compile(  # a size without a version: `llama 70b`, `does a 70B`
    rf"(?:^|\b(?:(?P<family>{_FAMILIES})|an?|the|is|does|will|can|for|of|and|about|our|dense|serve|"
    r"run|fit|load|host|hold)[\s-]+)(?P<size>\d+(?:[.]\d+)?)\s?b(?!\w)"
)
_HARMLESS = re.compile(  # what may follow a model's name without changing its shape
    r"(instruct|it|chat|base|pt|hf|thinking|terminus|dynamic|block|original|latest|bf16|fp16|fp8|"
    r"int[48]|nvfp4|mxfp4|awq|gptq|autoround|w4a16|w8a8|w8a16|gguf|q\d(_\w+)?|4bit|8bit|v0\.\d|"
    r"\d{4}|quantized\.?\w*|kv|e4m3|g128)"
)
_FORMATS = {
    "nvfp4": ("nvfp4",),
    "fp8": ("fp8",),
    "int4": ("int4", "awq", "gptq", "w4a16", "4bit", "autoround"),
    "int8": ("int8", "w8a8", "w8a16", "8bit"),
}


def find_shape(name: str) -> Shape | None:
    """Return the shape of a model by a name like those on huggingface.co; None for any other.

    What is put behind a name in many repositories, such as `-Instruct-2507-FP8`, is let pass;
    anything else, such as `-Distill-…`, makes it another model.
    """
    words = _canonical(name)
    for known in sorted([*SHAPES, *_ALIKE], key=len, reverse=True):
        if words == known or words.startswith(f"{known}-"):
            rest = words[len(known) :].strip("-").split("-")
            if all(not word or _HARMLESS.fullmatch(word) for word in rest):
                return SHAPES[_ALIKE.get(known, known)]
    return None


def shape_of(text: str) -> Shape | None:
    """Return the shape that a name, a config.json or numbers typed by hand stand for.

    Raises:
        BadInput: it is a config or numbers, and lacks what a count needs.
    """
    if "{" in text or "=" in text:
        return shape_from_text(text)
    return find_shape(text)


def mentioned(text: str, family: str = "") -> Shape | None:
    """Return the shape that a sentence speaks of, however it is spelled: `Llama 3 8B`, `a 70B`.

    A version may be missing, and a size may stand alone: then it is the latest of that size, of
    `family` where that has one, else of Llama's. Of a version that isn't in the list nothing is
    guessed.
    """
    line = text.lower()
    for known in sorted([*SHAPES, *_ALIKE], key=len, reverse=True):
        spelled = "".join(rf"{re.escape(part)}[\s_-]*" for part in _PIECES.findall(known))
        if known != "tiny" and re.search(rf"(?<![\w.]){spelled}(?<![\s_-])(?![.]?\w)", line):
            return SHAPES[_ALIKE.get(known, known)]
    found = _SIZED.search(line)
    return _of_size(found["size"], found["family"] or family or "llama") if found else None


def precision_in(name: str) -> str:
    """Return the precision that a name tells of; "native" where it tells none."""
    words = set(_canonical(name).split("-"))
    found = (kept for kept, signs in _FORMATS.items() if words & set(signs))
    return next(found, "native")


def _of_size(size: str, family: str) -> Shape | None:
    alike = [name for name in SHAPES if name.endswith(f"-{size}b")]
    found = [name for name in alike if name.startswith(family)] or alike
    return SHAPES[found[-1]] if found else None


def _canonical(name: str) -> str:
    bare = name.strip().rstrip("/").rpartition("/")[2].lower().replace("_", "-").replace(":", "-")
    return bare.removeprefix("meta-")
