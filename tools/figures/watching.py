"""Figures of a server under load: what its counters say of queue, cache, gaps and price."""

from collections.abc import Mapping
from math import ceil, sqrt

from tools.algorithms.capacity import cost_per_million
from tools.figures.figure import Figure


def cache_use(of: Mapping[str, float]) -> float:
    """Return the share of the cache that running requests hold, 0 to 1.

    Args:
        of: How many are `running`, the tokens that `each` holds, and those there is `room` for.
    """
    return of["running"] * of["each"] / of["room"]


def written_per_s(of: Mapping[str, float]) -> float:
    """Return the tokens that all running requests write in a second, beside the reading.

    A second is spent on reading prompts, on reading again what was thrown out, and on steps that
    write. As many prompts are read as answers end. Tokens of the steps that read are left out.

    Args:
        of: How many are `running`, the `gap_s` of a step that only writes, the tokens of a `prompt`
            and an `answer`, and the tokens that can be `read_per_s`; where there is any, also how
            many are `thrown_out_per_s`, and the tokens of `each`.
    """
    full = of["running"] / of["gap_s"]
    again = of.get("thrown_out_per_s", 0) * of.get("each", 0) / of["read_per_s"]
    prompts_s = of["prompt"] / of["answer"] / of["read_per_s"]  # of reading, for a token written
    return full * (1 - again) / (1 + full * prompts_s)


def prompt_tokens_per_s(of: Mapping[str, float]) -> float:
    """Return the prompt tokens that are read in a second for the first time; `of` as there."""
    return written_per_s(of) * of["prompt"] / of["answer"]


def read_again_per_s(of: Mapping[str, float]) -> float:
    """Return the tokens that are read again in a second.

    Args:
        of: How many are `thrown_out_per_s`, and the tokens that `each` holds.
    """
    return of["thrown_out_per_s"] * of["each"]


def step_s(of: Mapping[str, float]) -> float:
    """Return the seconds of a step that spends its whole budget on reading.

    Args:
        of: The `budget` of a step in tokens, and how many can be `read_per_s`.
    """
    return of["budget"] / of["read_per_s"]


def budget_for(of: Mapping[str, float]) -> float:
    """Return the tokens of a step that takes no longer than some seconds.

    Args:
        of: The seconds of a `gap_s`, and the tokens that can be `read_per_s`.
    """
    return of["gap_s"] * of["read_per_s"]


def chunks(of: Mapping[str, int]) -> int:
    """Return in how many steps a prompt is read while others write one token a step each.

    Args:
        of: The tokens of the `prompt`, the `budget` of a step, and how many are `writing`.
    """
    return ceil(of["prompt"] / (of["budget"] - of["writing"]))


def long_gap_share(of: Mapping[str, float]) -> float:
    """Return which share of all gaps are the long ones of steps that read a long prompt, 0 to 1.

    Args:
        of: As `chunks` and `step_s`, with the `gap_s` of other steps and the seconds from one such
            prompt to the next, `every_s`.
    """
    long_gaps = chunks({name: int(of[name]) for name in ("prompt", "budget", "writing")})
    short_gaps = (of["every_s"] - of["prompt"] / of["read_per_s"]) / of["gap_s"]
    return long_gaps / (long_gaps + short_gaps)


def long_gap_time(of: Mapping[str, float]) -> float:
    """Return which share of the time goes by in such gaps, 0 to 1; `of` as there."""
    return of["prompt"] / of["read_per_s"] / of["every_s"]


def arrivals_with_retry(of: Mapping[str, float]) -> float:
    """Return the requests that arrive in a second where each that isn't served comes once more.

    More arrive than are served, first tries and second ones with the same chance. Of λ arrivals a
    share q = 1 - served / λ goes unserved, and λ = new × (1 + q).

    Args:
        of: How many are `new` in a second, and how many are `served`, fewer than that.
    """
    new, served = of["new"], of["served"]
    return new + sqrt(new * new - new * served)


def in_system(of: Mapping[str, float]) -> float:
    """Return how many requests are in a system on average.

    Args:
        of: How many `arrive` in a second, and the seconds that each is `inside`.

    Source:
        Little 1961, Operations Research 9(3), L = λW.
    """
    return of["arrive"] * of["inside"]


def served_per_s(of: Mapping[str, float]) -> float:
    """Return the requests a second at which the cache is full, by the same law turned round.

    Args:
        of: The tokens there is `room` for, those that `each` holds on average, the seconds that
            each is `inside`.
    """
    return of["room"] / of["each"] / of["inside"]


def dollars_a_million(of: Mapping[str, float]) -> float:
    """Return what a million tokens cost.

    Args:
        of: Dollars an hour for each GPU as `price`, how many `gpus`, the tokens they make in a
            second as `per_s`, and the share of the paid time that they do, as `busy`.
    """
    return cost_per_million(of["price"], int(of["gpus"]), of["per_s"], of["busy"])


FIGURES: tuple[Figure, ...] = (
    cache_use,
    written_per_s,
    prompt_tokens_per_s,
    read_again_per_s,
    step_s,
    budget_for,
    chunks,
    long_gap_share,
    long_gap_time,
    arrivals_with_retry,
    in_system,
    served_per_s,
    dollars_a_million,
)
