"""Between which bounds an entropy lies, of which only the likeliest tokens are known. Pure."""

import math
from collections.abc import Sequence

from tools.engine.base import Candidate
from tools.engine.cluster.top_lists import MAX_ID


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


def _bits(share: float) -> float:
    """Return what a token of this share adds to an entropy."""
    return -share * math.log2(share) if share > 0 else 0.0
