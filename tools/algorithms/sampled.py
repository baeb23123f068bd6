"""The knobs of a sampler, and what they made of a distribution: plain data, and one bound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LEAST_TEMPERATURE = 0.01  # that is drawn with: a lower one, above 0, is raised to it


@dataclass(frozen=True, slots=True)
class SamplingKnobs:
    """The knobs. As they stand they change nothing."""

    temperature: float = 1.0  # 0 is greedy
    top_k: int = 0  # 0 is off
    top_p: float = 1.0
    min_p: float = 0.0
    repetition: float = 1.0  # on what stands in prompt or answer
    presence: float = 0.0  # off what stands in the answer
    frequency: float = 0.0  # off it for each time that it stands there
    bias: Mapping[int, float] = field(default_factory=dict)  # id -> what is added


@dataclass(frozen=True, slots=True)
class SampledToken:
    """One token before and after the knobs."""

    id: int
    was: float  # its probability before
    now: float  # what it is drawn with; 0 if it is cut
    cut_by: str  # which knob cut it; empty where none did
    drawn: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """What the knobs made of all tokens together.

    Attributes:
        top: Some of the likeliest before and after, likeliest after the knobs first.
        kept: How many can be drawn.
        kept_was: What those had before, of 1.
        cut: How many each knob cut, in the order that it was turned.
        beyond: What all but the 20 likeliest are drawn with, of 1.
    """

    top: tuple[SampledToken, ...]
    kept: int
    kept_was: float
    cut: Mapping[str, int]
    beyond: float


def unseen_bounds(shown: Sequence[float], temperature: float) -> tuple[float, float]:
    """Return the least and the most that tokens not shown can hold at a temperature.

    At temperature 1 they hold what is left. None is likelier than the last shown, and how many
    there are is not known: as few as can be hold the least above temperature 1, and the most
    below.

    Args:
        shown: Probabilities at temperature 1, likeliest first, none 0.
        temperature: Above 0.
    """
    rest = max(0.0, 1.0 - sum(shown))
    if temperature == 1 or rest == 0:
        return rest, rest
    power = 1 / max(temperature, LEAST_TEMPERATURE)
    top = shown[0]  # all are divided by it, so that it stays when others vanish
    whole, part = divmod(rest, shown[-1])
    fewest = whole * (shown[-1] / top) ** power + (part / top) ** power
    share = fewest / (fewest + sum((one / top) ** power for one in shown))
    return (share, 1.0) if temperature > 1 else (0.0, share)
