"""Speculative decoding with a draft that costs nothing: what followed the same tokens before.

Source:
    Leviathan et al. 2023, arXiv:2211.17192 (a draft checked in one pass); the n-gram draft is
    vLLM's `ngram` method, prompt lookup decoding (Saxena 2023).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DraftPass:
    """One forward pass: what was drafted, how much of it the model agrees with, what it gives.

    `made` is the accepted draft and one token of the model's own, unless the text ended first.
    """

    drafted: tuple[int, ...]
    accepted: int
    made: tuple[int, ...]


def draft(ids: Sequence[int], longest_match: int, most: int) -> tuple[int, ...]:
    """Return what followed the last tokens where they stood before, latest place first.

    Args:
        ids: The text so far.
        longest_match: How many last tokens to look for; if they aren't there, one fewer, to one.
        most: How many tokens to draft.
    """
    for length in range(min(longest_match, len(ids) - 1), 0, -1):
        end = tuple(ids[-length:])
        for start in range(len(ids) - length - 1, -1, -1):
            if tuple(ids[start : start + length]) == end:
                return tuple(ids[start + length : start + length + most])
    return ()


def passes(
    prompt: Sequence[int], greedy: Sequence[int], longest_match: int, most: int
) -> tuple[DraftPass, ...]:
    """Return the passes that make a greedy text with drafts, checked against that very text.

    A pass over the draft gives the model's own token after each drafted one, so as many are
    accepted as agree, and the model's next comes free. The text is the same as without drafts.

    Args:
        prompt: Ids that are read.
        greedy: Ids that the model makes of it by itself, one a pass.
        longest_match: As `draft`.
        most: As `draft`.
    """
    done: list[DraftPass] = []
    at = 0
    while at < len(greedy):
        drafted = draft([*prompt, *greedy[:at]], longest_match, most)
        accepted = _agreeing(drafted, greedy[at:])
        made = tuple(greedy[at : at + accepted + 1])
        done.append(DraftPass(drafted, accepted, made))
        at += len(made)
    return tuple(done)


def _agreeing(drafted: Sequence[int], truth: Sequence[int]) -> int:
    """Return how many first ids are the same."""
    agreed = 0
    for guess, token in zip(drafted, truth, strict=False):
        if guess != token:
            break
        agreed += 1
    return agreed
