"""Tokenizers with the real pipelines of six families, small and made here: nothing is fetched.

Normalizer, pre-tokenizer, decoder and start token are those of each family's own tokenizer.json;
the vocabulary is trained on a few sentences.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

CORPUS = (
    "The cat sat on the mat. The cat sat on the mat and the dog sat on the sofa.",
    "The ship left the port, and the ship came back to the port at the shore.",
    "Kubernetes pods are scheduled by the kube scheduler on the nodes of the cluster.",
    "café straße naïve 日本 language one two three 12 34 567",
)
_LETTERS = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_SHORT = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_QWEN = Regex(f"{_SHORT}|{_LETTERS}|\\p{{N}}|{_REST}")
_LLAMA3 = Regex(f"{_SHORT}|{_LETTERS}|\\p{{N}}{{1,3}}|{_REST}")
_DEEPSEEK = (
    Regex(r"\p{N}{1,3}"),
    Regex("[一-龥\u3040-ゟ゠-ヿ]+"),
    Regex(
        "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+"
        r"|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
)


def gpt2() -> Tokenizer:
    """Byte-level, without a start token; `ï` stands in an added token as it is."""
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return _byte_level(plain, ["<|endoftext|>"], ["naïve"])


def qwen() -> Tokenizer:
    """Byte-level, texts composed (NFC) first, no start token."""
    made = _byte_level(_split(_QWEN), ["<|endoftext|>", "<|im_end|>"], ["<think>"])
    made.normalizer = normalizers.NFC()
    return made


def llama3() -> Tokenizer:
    """Byte-level, with a start token."""
    return _byte_level(_split(_LLAMA3), ["<|begin_of_text|>", "<|eot_id|>"], starts=True)


def deepseek() -> Tokenizer:
    """Byte-level, with a start token that no byte-level alphabet can spell."""
    control = ["<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"]
    return _byte_level(_split(*_DEEPSEEK), control, ["<think>"], starts=True)


def llama2() -> Tokenizer:
    """SentencePiece with byte fallback; puts a space before each text, and drops it again."""
    steps = [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    made = _sentencepiece(["<unk>", "<s>", "</s>"])
    made.normalizer = normalizers.Sequence(steps)
    made.decoder = decoders.Sequence([*_FALLBACK, decoders.Strip(" ", 1, 0)])
    return made


def gemma() -> Tokenizer:
    """SentencePiece with byte fallback, no space of its own, line ends as added tokens."""
    made = _sentencepiece(["<unk>", "<bos>", "<eos>", "<start_of_turn>"])
    made.normalizer = normalizers.Replace(" ", "▁")
    made.decoder = decoders.Sequence(list(_FALLBACK))
    made.add_tokens([AddedToken("\n\n", normalized=False)])
    return made


FAMILIES: dict[str, Callable[[], Tokenizer]] = {
    one.__name__: one for one in (gpt2, qwen, llama3, deepseek, llama2, gemma)
}
ENDS = {  # the token that ends a text
    "gpt2": "<|endoftext|>",
    "qwen": "<|im_end|>",
    "llama3": "<|eot_id|>",
    "deepseek": "<｜end▁of▁sentence｜>",
    "llama2": "</s>",
    "gemma": "<eos>",
}
_FALLBACK = (decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse())


def _split(*patterns: Regex) -> pre_tokenizers.PreTokenizer:
    cuts = [pre_tokenizers.Split(one, "isolated") for one in patterns]
    plain = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return pre_tokenizers.Sequence([*cuts, plain])


def _byte_level(
    cuts: pre_tokenizers.PreTokenizer,
    control: Sequence[str],
    added: Sequence[str] = (),
    *,
    starts: bool = False,
) -> Tokenizer:
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = cuts
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=500, initial_alphabet=alphabet, show_progress=False)
    made.train_from_iterator(CORPUS * 3, trainer)
    made.add_tokens([AddedToken(one, normalized=False) for one in added])
    made.add_special_tokens([AddedToken(one, special=True) for one in control])
    return _starting(made, control[0]) if starts else made


def _sentencepiece(control: Sequence[str]) -> Tokenizer:
    vocabulary, merges = _trained_pieces()
    names = [*control, *(f"<0x{byte:02X}>" for byte in range(256)), *vocabulary]
    ids = {name: number for number, name in enumerate(names)}
    model = models.BPE(ids, list(merges), unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    made = Tokenizer(model)
    made.add_special_tokens([AddedToken(one, special=True) for one in control])
    return _starting(made, control[1])


@cache
def _trained_pieces() -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    trained = Tokenizer(models.BPE())
    trained.normalizer = normalizers.Replace(" ", "▁")
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trained.train_from_iterator(
        CORPUS * 3, trainers.BpeTrainer(vocab_size=300, show_progress=False)
    )
    told = json.loads(trained.to_str())["model"]
    by_id = sorted(told["vocab"], key=told["vocab"].get)
    return tuple(by_id), tuple((left, right) for left, right in told["merges"])


def _starting(made: Tokenizer, start: str) -> Tokenizer:
    made.post_processor = processors.TemplateProcessing(
        single=f"{start} $A", special_tokens=[(start, made.token_to_id(start))]
    )
    return made
