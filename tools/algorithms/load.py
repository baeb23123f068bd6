"""A load, and what comes of it: when requests arrive, and what their times add up to.

Source:
    Little 1961, Operations Research 9(3), L = λW. Goodput: Zhong et al. 2024, arXiv:2401.09670;
    a request counts where all of its limits hold, as in vLLM 0.32.0's benchmarks/serve.py.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from tools.algorithms.workload import most_at_once, percentile
from tools.engine.metrics import Metrics
from tools.engine.serving import Arrival, LoadRound, Timed


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """What an answer has to keep to be a good one, in seconds."""

    first_token_s: float
    per_token_s: float  # of the tokens after the first, on average

    def hold(self, first_token_s: float, timed: Timed) -> bool:
        """Tell whether an answer keeps them, its first token counted from its arrival."""
        later = timed.gaps_s
        return first_token_s <= self.first_token_s and (
            not later or fmean(later) <= self.per_token_s
        )


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a server made of one rate of requests.

    Attributes:
        rate: Requests a second that were to arrive.
        asked: How many did.
        failed: How many of them got no answer.
        held: How many were sent late, because as many as may be were in flight.
        most_in_flight: How many may be.
        took_s: From the first arrival to the last token.
        firsts_s: From each arrival to its first token.
        gaps_s: From each token to the next, of all answers.
        inside_s: From each arrival to its last token.
        good: How many answers kept all limits.
        most: In flight at once, at the most.
        tokens: Made in all.
        counted: By the server meanwhile.
    """

    rate: float
    asked: int
    failed: int
    held: int
    most_in_flight: int
    took_s: float
    firsts_s: tuple[float, ...]
    gaps_s: tuple[float, ...]
    inside_s: tuple[float, ...]
    good: int
    most: int
    tokens: int
    counted: Metrics | None

    @property
    def answered_per_s(self) -> float:
        """Requests answered a second."""
        return len(self.firsts_s) / self.took_s

    @property
    def good_per_s(self) -> float:
        """Requests a second that kept all limits: the goodput."""
        return self.good / self.took_s

    @property
    def good_share(self) -> float:
        """Of those that arrived, 0..1."""
        return self.good / self.asked

    @property
    def in_flight(self) -> float:
        """How many were inside on average, by Little's law: arrivals a second × time inside."""
        return self.answered_per_s * fmean(self.inside_s) if self.inside_s else 0.0

    @property
    def in_flight_at_server(self) -> float | None:
        """The same as the server's own clock has it: seconds inside by seconds passed."""
        inside = self.counted.end_to_end if self.counted else None
        return None if inside is None or inside.total is None else inside.total / self.took_s


def poisson_arrivals(
    rate: float, prompts: Sequence[str], tokens: int, dice: random.Random
) -> tuple[Arrival, ...]:
    """Return requests that arrive by chance, independently, so many a second on average.

    Args:
        rate: Requests a second, above 0.
        prompts: One a request; the first arrives at once.
        tokens: That each makes.
        dice: Of the times.
    """
    at_s, arrivals = 0.0, []
    for prompt in prompts:
        arrivals.append(Arrival(at_s, prompt, tokens))
        at_s += dice.expovariate(rate)
    return tuple(arrivals)


def result_of(rate: float, done: LoadRound, limits: ServiceLimits) -> LoadResult:
    """Return what one round of a load comes to; times count from the arrival, not from sending."""
    answered = [(one.arrived_s, one.timed) for one in done.answers if one.timed]
    firsts = [timed.started_s + timed.first_token_s - at_s for at_s, timed in answered]
    start_s = min(one.arrived_s for one in done.answers)
    end_s = max((timed.ended_s for _, timed in answered), default=start_s)
    return LoadResult(
        rate=rate,
        asked=len(done.answers),
        failed=len(done.answers) - len(answered),
        held=sum(one.is_held for one in done.answers),
        most_in_flight=done.most_in_flight,
        took_s=max(end_s - start_s, 1e-9),
        firsts_s=tuple(firsts),
        gaps_s=tuple(gap for _, timed in answered for gap in timed.gaps_s),
        inside_s=tuple(timed.ended_s - at_s for at_s, timed in answered),
        good=sum(
            limits.hold(first_s, timed)
            for first_s, (_, timed) in zip(firsts, answered, strict=True)
        ),
        most=most_at_once([(at_s, timed.ended_s) for at_s, timed in answered]),
        tokens=sum(timed.tokens for _, timed in answered),
        counted=done.counted,
    )


def middle(seconds: Sequence[float]) -> float:
    """Return the time that half don't exceed; 0 where there is none."""
    return percentile(seconds, 0.5) if seconds else 0.0


def worst(seconds: Sequence[float]) -> float:
    """Return the time that 99 of 100 don't exceed; 0 where there is none."""
    return percentile(seconds, 0.99) if seconds else 0.0
