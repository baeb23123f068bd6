"""Figures of answers that go wrong: what is kept when one is made."""

from collections.abc import Sequence

from tools.figures.figure import Figure


def tokens_kept(of: Sequence[int]) -> int:
    """Return how many tokens have keys and values when the last of some rounds has picked.

    Args:
        of: `[prompt, rounds]`: tokens of the prompt, and how many were picked. The newest one has
            not been through the layers yet.
    """
    prompt, rounds = of
    return prompt + rounds - 1


FIGURES: tuple[Figure, ...] = (tokens_kept,)
