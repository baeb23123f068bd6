"""What a model server answered, checked before anyone believes it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.engine.cluster.top_lists import (
    MAX_ID,
    Listed,
    nonsense,
    read_logprob,
    read_token_id,
    read_top_list,
)

_VOCABULARY = re.compile(r"[Vv]ocabulary size: (\d{1,9})\b")
UNKNOWN = "\ufffd"


@dataclass(frozen=True, slots=True)
class Completion:
    """One step of a server: likeliest next tokens, as it named them."""

    shown: tuple[Listed, ...]
    prompt_ids: tuple[int, ...]  # empty when the server doesn't tell
    never: int = 0  # tokens that it named too, and that can't come

    @property
    def by_id(self) -> dict[int, float]:
        """Natural logarithms of the probabilities of those whose ids are known."""
        return {one.id: one.logprob for one in self.shown if one.id is not None}

    @property
    def by_text(self) -> dict[str, float]:
        """The same, of those with a text and no id."""
        return {one.text: one.logprob for one in self.shown if one.id is None and one.text}


@dataclass(frozen=True, slots=True)
class PromptScore:
    """How the model saw one token of the prompt coming."""

    id: int
    logprob: float
    rank: int


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """An answer of several tokens; ids are empty where the server names none."""

    text: str
    ids: tuple[int, ...]  # the one that ends it included
    prompt_ids: tuple[int, ...]
    is_ended: bool  # by itself


@dataclass(frozen=True, slots=True)
class Chunk:
    """One event of a stream.

    Attributes:
        text: What came with it.
        ids: How many tokens came with it; None where the server names none.
        prompt_tokens: That were read, where it tells.
        made: Tokens of the whole answer so far, where it tells.
        is_cut: The answer ended because it had as many tokens as were asked for.
    """

    text: str
    ids: int | None
    prompt_tokens: int | None
    made: int | None = None
    is_cut: bool = False


def read_completion(answer: Any, place: int = 0) -> Completion:
    """Return the first choice's log-probabilities of its first token, or of a later one.

    Raises:
        Nonsense: no choice, no log-probabilities, or ones that can't be.
    """
    choice = _first_choice(answer)
    found = read_top_list(choice.get("logprobs"), place)
    return Completion(found.tokens, _prompt_ids(answer, choice), found.never)


def is_unlisted(answer: Any) -> bool:
    """Tell whether a token came without a list, and ends in half a character or has none."""
    choice = _first_choice(answer)
    text = choice.get("text")
    is_half = isinstance(text, str) and (not text or text.endswith(UNKNOWN))
    return choice.get("logprobs") is None and is_half


def read_prompt_scores(answer: Any, continuation: Sequence[int]) -> tuple[PromptScore, ...]:
    """Return how the last tokens of a prompt were seen coming, in order.

    Args:
        answer: A completion with `prompt_logprobs`.
        continuation: The ids of those last tokens.

    Raises:
        Nonsense: some are missing, or can't be.
    """
    choice = _first_choice(answer)
    rows = choice.get("prompt_logprobs")
    if not isinstance(rows, list) or len(rows) <= len(continuation):
        raise nonsense("no log-probabilities of the prompt")
    return tuple(
        _prompt_score(row, number)
        for row, number in zip(rows[-len(continuation) :], continuation, strict=True)
    )


def read_prompt_firsts(answer: Any, count: int) -> tuple[PromptScore, ...]:
    """Return the likeliest token at each of the last places of a prompt; raises as above."""
    try:
        rows = _first_choice(answer)["prompt_logprobs"][-count:]
        ids = [int(min(row, key=lambda number: row[number]["rank"])) for row in rows]
    except (KeyError, TypeError, ValueError) as missing:
        raise nonsense("no ranks of the prompt's tokens") from missing
    return read_prompt_scores(answer, ids)


def read_said(answer: Any) -> WrittenAnswer:
    """Return what a completion says, and its tokens.

    Raises:
        Nonsense: it has no text, or ids that can't be.
    """
    choice = _first_choice(answer)
    text, ids = choice.get("text"), choice.get("token_ids") or ()
    if not isinstance(text, str) or not isinstance(ids, list | tuple):
        raise nonsense("no text")
    is_ended = choice.get("finish_reason") == "stop"
    return WrittenAnswer(
        text, tuple(map(read_token_id, ids)), _prompt_ids(answer, choice), is_ended
    )


def read_chunk(event: Any) -> Chunk:
    """Return what one event of a streamed completion brings.

    Raises:
        Nonsense: it has neither text nor a count.
    """
    if not isinstance(event, dict):
        raise nonsense("an event of the wrong shape")
    read, made = (_counted(event, what) for what in ("prompt_tokens", "completion_tokens"))
    if not event.get("choices"):
        return Chunk("", None, read, made)
    choice = _first_choice(event)
    text, ids = choice.get("text"), choice.get("token_ids")
    if not isinstance(text, str):
        raise nonsense("an event without text")
    is_cut = choice.get("finish_reason") == "length"
    return Chunk(text, len(ids) if isinstance(ids, list) else None, read, made, is_cut)


def read_control_tokens(answer: Any) -> tuple[str, ...]:
    """Return the control tokens that /tokenizer_info names, in either of its spellings.

    Newer servers give only the texts of all added tokens: then each counts that isn't just space.
    """
    added = answer.get("added_tokens_decoder") if isinstance(answer, dict) else None
    if not isinstance(added, dict):
        raise nonsense("no list of control tokens")
    return tuple(filter(None, (_control_token(entry) for entry in added.values())))


def read_ids(answer: Any) -> tuple[int, ...]:
    """Return the ids that /tokenize gave."""
    ids = answer.get("tokens") if isinstance(answer, dict) else None
    if not isinstance(ids, list):
        raise nonsense("no token ids")
    return tuple(read_token_id(number) for number in ids)


def read_context(answer: Any, model: str) -> int | None:
    """Return how many tokens a model takes, from /v1/models; None where it doesn't tell."""
    entry = _entry(answer, model)
    return _positive(entry.get("max_model_len")) or _positive(_meta(entry).get("n_ctx"))


def read_listed_vocabulary(answer: Any, model: str) -> int | None:
    """Return how many tokens a model has, from llama.cpp's /v1/models; None elsewhere."""
    found = _positive(_meta(_entry(answer, model)).get("n_vocab"))
    return found if found and found <= MAX_ID else None


def read_pieces(answer: Any) -> tuple[str, ...] | None:
    """Return the tokens' raw texts that /tokenize gave, if it did."""
    pieces = answer.get("token_strs")
    if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
        return None
    return tuple(pieces) if len(pieces) == len(answer["tokens"]) else None


def read_text(answer: Any) -> str:
    """Return the text that /detokenize gave."""
    text = None
    if isinstance(answer, dict):  # vLLM's word for it, llama.cpp's, SGLang's
        text = next((answer[key] for key in ("prompt", "content", "text") if key in answer), None)
    if not isinstance(text, str):
        raise nonsense("no text for a token")
    return text.encode("utf-8", errors="replace").decode("utf-8")


def read_vocabulary(refusal: str) -> int | None:
    """Return how many tokens there are, from vLLM's refusal of an id that is none of them."""
    found = _VOCABULARY.search(refusal)
    return int(found[1]) if found and 0 < int(found[1]) <= MAX_ID else None


def _first_choice(answer: Any) -> dict[str, Any]:
    try:
        choice = answer["choices"][0]
    except (KeyError, IndexError, TypeError) as missing:
        raise nonsense("no choices") from missing
    if not isinstance(choice, dict):
        raise nonsense("a choice of the wrong shape")
    return choice


def _counted(event: dict[str, Any], what: str) -> int | None:
    usage = event.get("usage")
    found = usage.get(what) if isinstance(usage, dict) else None
    return found if type(found) is int and found >= 0 else None


def _entry(answer: Any, model: str) -> dict[str, Any]:
    """Return a model's entry in /v1/models; an empty one where there is none."""
    listed = answer.get("data") if isinstance(answer, dict) else None
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and entry.get("id") == model:
            return entry
    return {}


def _meta(entry: dict[str, Any]) -> dict[str, Any]:
    found = entry.get("meta")  # llama.cpp's
    return found if isinstance(found, dict) else {}


def _positive(number: Any) -> int | None:
    return number if type(number) is int and number > 0 else None


def _control_token(entry: Any) -> str:
    if isinstance(entry, str):
        return entry if entry.strip() else ""
    if isinstance(entry, dict) and entry.get("special"):
        return str(entry.get("content", ""))
    return ""


def _prompt_ids(answer: Any, choice: dict[str, Any]) -> tuple[int, ...]:
    found = choice.get("prompt_token_ids") or answer.get("prompt_token_ids") or ()
    if not isinstance(found, list | tuple):
        raise nonsense("prompt token ids of the wrong shape")
    return tuple(read_token_id(number) for number in found)


def _prompt_score(row: Any, number: int) -> PromptScore:
    try:
        entry = row[str(number)]
        logprob, rank = read_logprob(entry["logprob"]), entry["rank"]
    except (KeyError, TypeError) as missing:
        raise nonsense("no log-probability for a token of the guess") from missing
    if logprob is None:
        raise nonsense("a token of the guess that can't come")
    if not isinstance(rank, int) or rank < 1:
        raise nonsense(f"a rank of {rank!r}")
    return PromptScore(number, logprob, rank)
