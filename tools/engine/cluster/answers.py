"""What a model server answered, checked before anyone believes it. Pure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.engine.base import Candidate
from tools.errors import Nonsense

_TOKEN_ID = re.compile(r"token_id:(\d+)")
_VOCABULARY = re.compile(r"[Vv]ocabulary size: (\d{1,9})\b")
_SLACK = 1e-3  # servers round: a certain token may come back a hair above 0
MAX_ID = 10_000_000  # no vocabulary is larger
UNKNOWN = "\ufffd"


@dataclass(frozen=True, slots=True)
class Completion:
    """One step of a server: likeliest next tokens, by id or, lacking that, by text."""

    by_id: dict[int, float]  # id -> natural logarithm of its probability
    by_text: dict[str, float]
    prompt_ids: tuple[int, ...]  # empty when the server doesn't tell

    @property
    def count(self) -> int:
        """How many tokens are shown; two texts that look alike are one."""
        return len(self.by_id) or len(self.by_text)


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
    """One event of a stream."""

    text: str
    tokens: int  # that came with it; 0 in the last, which only counts
    prompt_tokens: int | None


def read_completion(answer: Any, place: int = 0) -> Completion:
    """Return the first choice's log-probabilities of its first token, or of a later one.

    Raises:
        Nonsense: no choice, no log-probabilities, or ones that can't be.
    """
    choice = _first_choice(answer)
    try:
        shown = choice["logprobs"]["top_logprobs"][place]
        entries = [(str(key), _logprob(value)) for key, value in shown.items()]
    except (KeyError, IndexError, TypeError, AttributeError) as missing:
        raise _nonsense("no log-probabilities") from missing
    if not entries:
        raise _nonsense("an empty list of tokens")
    ids = [_TOKEN_ID.fullmatch(key) for key, _ in entries]
    by_id: dict[int, float] = {}
    by_text: dict[str, float] = {}
    for (key, logprob), found in zip(entries, ids, strict=True):
        if found:
            by_id[_token_id(int(found[1]))] = logprob
        else:
            by_text[key] = logprob
    total = sum(math.exp(logprob) for _, logprob in entries)
    if total > 1 + 0.01:
        raise _nonsense(f"probabilities that sum to {total:.2f}")
    return Completion(by_id, by_text, _prompt_ids(answer, choice))


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
        raise _nonsense("no log-probabilities of the prompt")
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
        raise _nonsense("no ranks of the prompt's tokens") from missing
    return read_prompt_scores(answer, ids)


def read_said(answer: Any) -> WrittenAnswer:
    """Return what a completion says, and its tokens.

    Raises:
        Nonsense: it has no text, or ids that can't be.
    """
    choice = _first_choice(answer)
    text, ids = choice.get("text"), choice.get("token_ids") or ()
    if not isinstance(text, str) or not isinstance(ids, list | tuple):
        raise _nonsense("no text")
    is_ended = choice.get("finish_reason") == "stop"
    return WrittenAnswer(text, tuple(map(_token_id, ids)), _prompt_ids(answer, choice), is_ended)


def read_chunk(event: Any) -> Chunk:
    """Return what one event of a streamed completion brings.

    A server that doesn't name its tokens is taken to send one at a time.

    Raises:
        Nonsense: it has neither text nor a count.
    """
    if not isinstance(event, dict):
        raise _nonsense("an event of the wrong shape")
    usage = event.get("usage")
    read = usage.get("prompt_tokens") if isinstance(usage, dict) else None
    prompt_tokens = read if isinstance(read, int) and read >= 0 else None
    if not event.get("choices"):
        return Chunk("", 0, prompt_tokens)
    choice = _first_choice(event)
    text, ids = choice.get("text"), choice.get("token_ids")
    if not isinstance(text, str):
        raise _nonsense("an event without text")
    return Chunk(text, len(ids) if isinstance(ids, list) else bool(text), prompt_tokens)


def read_control_tokens(answer: Any) -> tuple[str, ...]:
    """Return the control tokens that /tokenizer_info names, in either of its spellings.

    Newer servers give only the texts of all added tokens: then each counts that isn't just space.
    """
    added = answer.get("added_tokens_decoder") if isinstance(answer, dict) else None
    if not isinstance(added, dict):
        raise _nonsense("no list of control tokens")
    return tuple(filter(None, (_control_token(entry) for entry in added.values())))


def read_ids(answer: Any) -> tuple[int, ...]:
    """Return the ids that /tokenize gave."""
    ids = answer.get("tokens") if isinstance(answer, dict) else None
    if not isinstance(ids, list):
        raise _nonsense("no token ids")
    return tuple(_token_id(number) for number in ids)


def read_context(answer: Any, model: str) -> int | None:
    """Return how many tokens a model takes, from /v1/models; None where it doesn't tell."""
    listed = answer.get("data") if isinstance(answer, dict) else None
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, dict) and entry.get("id") == model:
            found = entry.get("max_model_len")
            return found if isinstance(found, int) and found > 0 else None
    return None


def read_pieces(answer: Any) -> tuple[str, ...] | None:
    """Return the tokens' raw texts that /tokenize gave, if it did."""
    pieces = answer.get("token_strs")
    if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces):
        return None
    return tuple(pieces) if len(pieces) == len(answer["tokens"]) else None


def read_text(answer: Any) -> str:
    """Return the text that /detokenize gave."""
    text = answer.get("prompt") if isinstance(answer, dict) else None
    if not isinstance(text, str):
        raise _nonsense("no text for a token")
    return text.encode("utf-8", errors="replace").decode("utf-8")


def read_vocabulary(refusal: str) -> int | None:
    """Return how many tokens there are, from vLLM's refusal of an id that is none of them."""
    found = _VOCABULARY.search(refusal)
    return int(found[1]) if found and 0 < int(found[1]) <= MAX_ID else None


def entropy_bounds_bits(
    top: Sequence[Candidate], vocabulary: int | None, *, is_ranked: bool = True
) -> tuple[float, float]:
    """Return the least and the most that the entropy of all tokens can be, in bits.

    It is least if the rest is on as few tokens as can be: no unseen one beats the last shown. It
    is most if the rest is spread evenly over all of them.

    Args:
        top: The tokens shown, likeliest first, at least one.
        vocabulary: How many tokens there are; None where nobody knows.
        is_ranked: Whether those shown are the likeliest. Where a server names texts, of those that
            look alike it shows one; then the rest counts as a single token.
    """
    shares = [candidate.probability for candidate in top]
    rest = max(0.0, 1.0 - sum(shares))
    seen = sum(map(_bits, shares))
    unseen = max(1, (vocabulary or MAX_ID) - len(shares))
    whole, part = divmod(rest, shares[-1]) if is_ranked and shares[-1] > 0 else (0.0, rest)
    least = seen + whole * _bits(shares[-1]) + _bits(part)
    return max(0.0, least), max(0.0, seen + unseen * _bits(rest / unseen))


def _first_choice(answer: Any) -> dict[str, Any]:
    try:
        choice = answer["choices"][0]
    except (KeyError, IndexError, TypeError) as missing:
        raise _nonsense("no choices") from missing
    if not isinstance(choice, dict):
        raise _nonsense("a choice of the wrong shape")
    return choice


def _bits(share: float) -> float:
    """Return what a token of this share adds to an entropy."""
    return -share * math.log2(share) if share > 0 else 0.0


def _control_token(entry: Any) -> str:
    if isinstance(entry, str):
        return entry if entry.strip() else ""
    if isinstance(entry, dict) and entry.get("special"):
        return str(entry.get("content", ""))
    return ""


def _prompt_ids(answer: Any, choice: dict[str, Any]) -> tuple[int, ...]:
    found = choice.get("prompt_token_ids") or answer.get("prompt_token_ids") or ()
    if not isinstance(found, list | tuple):
        raise _nonsense("prompt token ids of the wrong shape")
    return tuple(_token_id(number) for number in found)


def _prompt_score(row: Any, number: int) -> PromptScore:
    try:
        entry = row[str(number)]
        logprob, rank = _logprob(entry["logprob"]), entry["rank"]
    except (KeyError, TypeError) as missing:
        raise _nonsense("no log-probability for a token of the guess") from missing
    if not isinstance(rank, int) or rank < 1:
        raise _nonsense(f"a rank of {rank!r}")
    return PromptScore(number, logprob, rank)


def _logprob(value: Any) -> float:
    """Return a log-probability that can be: finite and not above 0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _nonsense("a log-probability that isn't a number")
    if value > _SLACK:
        raise _nonsense(f"a log-probability above 0 ({value:.3g})")
    return min(0.0, float(value))


def _token_id(number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < MAX_ID:
        raise _nonsense("a token id that can't be")
    return number


def _nonsense(what: str) -> Nonsense:
    return Nonsense(
        f"The model server answered with {what}, which can't be shown as true. "
        "Try again in a moment."
    )
