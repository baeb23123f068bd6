"""Speculative decoding with a draft that costs nothing: what followed the same tokens before.

Source:
    Leviathan et al. 2023, arXiv:2211.17192 (a draft checked in one pass). The draft is that of
    vLLM 0.32.0's `ngram` method, v1/spec_decode/ngram_proposer.py (prompt lookup, Saxena 2023).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DraftPass:
    """One forward pass: what was drafted, how much of it the model agrees with, what it gives.

    `drafted` is what could be checked, so no more than was still wanted. `made` is the accepted
    draft and one token of the model's own, unless the text ended first.
    """

    drafted: tuple[int, ...]
    accepted: int
    made: tuple[int, ...]


def draft(ids: Sequence[int], shortest: int, longest: int, most: int) -> tuple[int, ...]:
    """Return what followed the last tokens where they stood first.

    Of all runs of last tokens, the longest that stood before counts; of its places the earliest.

    Args:
        ids: The text so far.
        shortest: How many last tokens must agree at the least: `prompt_lookup_min`.
        longest: How many are looked at: `prompt_lookup_max`.
        most: How many tokens to draft: `num_speculative_tokens`.
    """
    text = tuple(ids)
    for length in range(min(longest, len(text) - 1), shortest - 1, -1):
        end = text[-length:]
        for start in range(len(text) - length):
            if text[start : start + length] == end:
                return text[start + length : start + length + most]
    return ()


def passes(
    prompt: Sequence[int], greedy: Sequence[int], shortest: int, longest: int, most: int
) -> tuple[DraftPass, ...]:
    """Return the passes that make a greedy text with drafts, checked against that very text.

    The first reads the prompt, without a draft. From then on a pass over the draft gives the
    model's own token after each drafted one, so as many are accepted as agree, and the model's next
    comes free. The text is the same as without drafts.

    Args:
        prompt: Ids that are read.
        greedy: Ids that the model makes of it by itself, one a pass.
        shortest: As `draft`.
        longest: As `draft`.
        most: As `draft`.
    """
    done = [DraftPass((), 0, tuple(greedy[:1]))] if greedy else []
    at = len(greedy[:1])
    while at < len(greedy):
        drafted = draft([*prompt, *greedy[:at]], shortest, longest, most)[: len(greedy) - at]
        accepted = _agreeing(drafted, greedy[at:])
        made = tuple(greedy[at : at + accepted + 1])
        done.append(DraftPass(drafted, accepted, made))
        at += len(made)
    return tuple(done)


def times_as_fast(done: Sequence[DraftPass], pass_ms: Callable[[int], float]) -> float:
    """Return how much sooner the tokens after the first are there than with a pass for each.

    Args:
        done: As `passes`; at least two.
        pass_ms: What a pass over so many new tokens takes.
    """
    later = done[1:]
    plain_ms = sum(len(one.made) for one in later) * pass_ms(1)
    return plain_ms / sum(pass_ms(1 + len(one.drafted)) for one in later)


def _agreeing(drafted: Sequence[int], truth: Sequence[int]) -> int:
    """Return how many first ids are the same."""
    agreed = 0
    for guess, token in zip(drafted, truth, strict=False):
        if guess != token:
            break
        agreed += 1
    return agreed
