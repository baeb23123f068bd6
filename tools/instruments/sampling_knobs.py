"""What may be turned on a sampler, within vLLM's bounds, and how a card offers it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from tools.algorithms.sampled import SamplingKnobs
from tools.exhibit.exhibit import Control, Entry, Fact, Knob
from tools.exhibit.visible import visible
from tools.instrument import Params
from tools.instruments.biases import biases
from tools.knobs import menu, that_fit


def _readable(text: str) -> str:
    biases(text)
    return text


class Sampling(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=4000)] = Field(
        "It was a beautiful", description="The text to continue."
    )
    written: Annotated[str, Field(max_length=1000)] = Field(
        "", description="The answer so far: presence and frequency penalty count only this."
    )
    temperature: Annotated[float, Field(ge=0, le=2)] = Field(
        1.0, description="Above 1 flattens, below 1 sharpens; 0 takes the likeliest."
    )
    top_k: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        0, description="Keep this many of the likeliest; 0 keeps all."
    )
    top_p: Annotated[float, Field(ge=0.001, le=1)] = Field(
        1.0, description="Keep the fewest that together reach this share."
    )
    min_p: Annotated[float, Field(ge=0, le=1)] = Field(
        0.0, description="Cut what is less than this times as likely as the first."
    )
    penalty: Annotated[float, Field(ge=0.1, le=3)] = Field(
        1.0, description="Repetition penalty on tokens of prompt and answer; 1 is none."
    )
    presence: Annotated[float, Field(ge=-2, le=2)] = Field(
        0.0, description="Taken off each token that stands in the answer so far."
    )
    frequency: Annotated[float, Field(ge=-2, le=2)] = Field(
        0.0, description="Taken off once for each time that a token stands there."
    )
    bias: Annotated[str, Field(max_length=200), AfterValidator(_readable)] = Field(
        "", description="Added to raw scores: be: -5, #260: 2."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(1, description="Which chance is drawn with.")


def knobs_of(params: Sampling, bias: Mapping[int, float]) -> SamplingKnobs:
    """Return the knobs as the algorithm has them."""
    return SamplingKnobs(
        temperature=params.temperature,
        top_k=params.top_k,
        top_p=params.top_p,
        min_p=params.min_p,
        repetition=params.penalty,
        presence=params.presence,
        frequency=params.frequency,
        bias=bias,
    )


def turned(params: Sampling) -> tuple[Fact, ...]:
    """Return the knobs that stand elsewhere than where they change nothing."""
    fields = Sampling.model_fields
    names = [name for name in fields if name not in ("prompt", "written", "bias", "seed")]
    bias = (Fact("bias", visible(params.bias)),) if params.bias else ()
    turned = (
        Fact(name.replace("_", "-"), f"{getattr(params, name):g}")
        for name in names
        if getattr(params, name) != fields[name].default
    )
    return (*turned, *bias)


_TEMPERATURES = {
    "0": "greedy", "0.2": "tame", "0.6": "cool", "0.7": "usual", "1": "as it is", "1.5": "warm",
    "2": "wild",
}  # fmt: skip
_TOP_K = {"0": "off", "1": "greedy", "5": "few", "20": "usual", "40": "many", "100": "most"}
_TOP_P = {"0.5": "half", "0.8": "tight", "0.9": "usual", "0.95": "loose", "1": "off"}
_MIN_P = {"0": "off", "0.05": "usual", "0.1": "tight", "0.3": "few left"}
_PENALTY = {
    "1": "off",
    "1.05": "a touch",
    "1.1": "usual",
    "1.2": "firm",
    "1.3": "hard",
    "2": "too much",
}
_TAKEN_OFF = {"0": "off", "0.5": "a little", "1": "some", "1.5": "much", "2": "the most"}


def controls(params: Sampling, *, has_scores: bool) -> tuple[Control, ...]:
    """Return what can be turned on; without raw scores, no penalty and no bias."""
    of_scores: tuple[Control, ...] = (
        menu("Repetition penalty", "penalty", _PENALTY, params.penalty),
        *(_of_answer(params) if params.written else ()),
    )
    return that_fit(
        params,
        Knob("Draw again", "seed", str(params.seed + 1), is_main=True),
        Entry("Other prompt", "prompt"),
        *((Entry("Answer so far", "written"), Entry("Bias", "bias", 200)) if has_scores else ()),
        menu("Temperature", "temperature", _TEMPERATURES, params.temperature),
        menu("Top-k", "top_k", _TOP_K, params.top_k),
        menu("Top-p", "top_p", _TOP_P, params.top_p),
        menu("Min-p", "min_p", _MIN_P, params.min_p),
        *(of_scores if has_scores else ()),
    )


def _of_answer(params: Sampling) -> tuple[Control, ...]:
    return (
        Knob("Presence 1.5", "presence", "1.5"),  # a button: a card has room for six menus
        Knob("Presence off", "presence", "0"),
        menu("Frequency penalty", "frequency", _TAKEN_OFF, params.frequency),
    )
