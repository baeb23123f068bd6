"""Figures of answers that go wrong: what a bluff should cost, and what is kept when one is made."""

from collections.abc import Sequence

from tools.figures.figure import Figure


def bluff_cost(of: float) -> float:
    """Return what a wrong answer must cost so that a guess is worth as much as none.

    Args:
        of: How sure the guess is, a probability, 0 to below 1.

    Returns:
        Points taken off for a wrong answer, where a right one gives one point and no answer none.

    Source:
        Kalai et al. 2025, arXiv:2509.04664, on confidence targets: t / (1 - t).
    """
    return of / (1 - of)


def tokens_kept(of: Sequence[int]) -> int:
    """Return how many tokens have keys and values when the last of some rounds has picked.

    Args:
        of: `[prompt, rounds]`: tokens of the prompt, and how many were picked. The newest one has
            not been through the layers yet.
    """
    prompt, rounds = of
    return prompt + rounds - 1


FIGURES: tuple[Figure, ...] = (bluff_cost, tokens_kept)
