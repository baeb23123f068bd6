"""A mixture of experts: which expert takes each token, how even the load is, what EP would move."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from tools.algorithms.experts import Mixture
from tools.asking import fact, ranges
from tools.engine.base import Capability, Engine, Token
from tools.engine.prompts import clean_prompt
from tools.engine.serving import RoutedExperts, serving
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Control,
    Entry,
    Exhibit,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
)
from tools.instrument import Instrument, Params, Topic, Try, Turning, set_parameter
from tools.instruments.expert_parts import (
    Shown,
    batches,
    by_layer,
    by_rank,
    choices,
    facts,
    meaning,
    ranks,
)
from tools.instruments.looking import live, names
from tools.instruments.your_model import AUTO, Config, on_your_model
from tools.knobs import menu, that_fit
from tools.models import SHAPES
from tools.named import find_shape, shape_of
from tools.shape.shape import Experts, Shape

INSTEAD = "gpt-oss-20b"
MOST_TOKENS = 256
TEXT = (
    "Dogs and cats and birds and fish: every token goes to a few experts. Which ones, the router "
    "has learned; nobody gives an expert a subject."
)
HOW_TO_TELL = (
    "vLLM 0.32 does for a mixture of experts, started with --enable-return-routed-experts (on a "
    "GPU: it takes model runner V2)."
)
HOW_MANY = (
    "The server doesn't say how many experts there are, nor how wide its vectors: give its "
    "config.json as config. "
)
_MIXTURES = {name: shape.experts for name, shape in SHAPES.items() if shape.experts}


class ExpertsParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=1000)] = Field(
        TEXT, description="The text whose tokens are routed."
    )
    config: Config = Field(
        AUTO, description="Which model: a name, a config.json, or auto for the connected one."
    )
    layer: Annotated[int, Field(ge=1, le=200)] = Field(
        1, description="Which of the layers that have experts."
    )
    ep: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Ranks that the experts are spread over (expert parallel size)."
    )
    skew: Annotated[float, Field(ge=0, le=10)] = Field(
        0.0, description="How much the made-up router favours some experts; 0 is none."
    )
    seed: Annotated[int, Field(ge=0, le=9999)] = Field(7, description="Which made-up router.")
    show: Literal["layer", "layers"] = Field(
        "layer", description="One layer, expert by expert; or all layers, rank by rank."
    )


async def run(engine: Engine, params: ExpertsParams) -> Exhibit:
    """Show the served model's own routing where the server tells it, else a made-up router's.

    Raises:
        BadInput: the prompt can't be used, or the model has no experts, not such a layer, or fewer
            experts than ranks.
        Missing: nobody can cut the prompt into tokens.
        EngineError: the engine gave no usable answer.
    """
    text = clean_prompt(params.prompt)
    shape = _chosen(params.config)
    told, note = await _told(engine, shape, params.config, text)
    tokens = told.tokens if told else await engine.tokenize(text)
    if len(tokens) > MOST_TOKENS:
        raise BadInput(f"That is {len(tokens):,} tokens; {MOST_TOKENS} is the most. Cut it.")
    mixture = _told_of(told, shape) if told else mixture_of(shape or SHAPES[INSTEAD])
    _check(params, mixture)
    shown = _routed(params, mixture, tokens, told)
    return Exhibit(
        title=f"{mixture.name}: who takes each token",
        parts=_parts(params, shown, note),
        provenance=live(engine) if told else Provenance(Origin.ILLUSTRATIVE),
        facts=facts(shown),
        controls=_controls(params, shown),
    )


def settled(engine: Engine, params: ExpertsParams) -> Params:
    """Return parameters on the connected model, where its name is one of a mixture of experts."""
    found = on_your_model(engine, params)
    shape = find_shape(engine.model) if found != params else None
    return found if shape and shape.experts else params


async def turned(engine: Engine, params: ExpertsParams, turning: Turning) -> Params:
    """Return parameters with a knob turned; another model gets a layer and ranks that it has.

    Raises:
        pydantic.ValidationError: there is no such parameter, or the value doesn't fit.
    """
    after = await set_parameter(params, turning)
    shape = shape_of(str(after.model_dump()["config"])) if turning.knob == "config" else None
    if shape is None or shape.experts is None:
        return after
    fitting = {
        "layer": min(params.layer, shape.expert_layers),
        "ep": min(params.ep, shape.experts.count),
    }
    return after.model_copy(update=fitting)


def mixture_of(shape: Shape) -> Mixture:
    """Return the mixture that a shape has.

    Raises:
        BadInput: it has none.
    """
    if (experts := shape.experts) is None:
        there = ", ".join(_MIXTURES)
        raise BadInput(f"{shape.name} has no experts. Choose one that has: {there}.")
    return Mixture(shape.name, experts.count, experts.used, shape.expert_layers, shape.width)


def _told_of(told: RoutedExperts, shape: Shape | None) -> Mixture:
    """Return the mixture that a server tells of; only a shape says how many, and how wide.

    Where none is known that fits, there are at least as many as were seen.
    """
    layers, used = len(told.experts), len(told.experts[0][0])
    seen = 1 + max(expert for layer in told.experts for one in layer for expert in one)
    if shape and shape.experts and shape.experts.used == used and shape.experts.count >= seen:
        return Mixture(shape.name, shape.experts.count, used, layers, shape.width)
    return Mixture("the served model", seen, used, layers, None)


def _chosen(config: str) -> Shape | None:
    """Return the shape that was chosen; None where that was left open.

    Raises:
        BadInput: it has no experts.
    """
    shape = None if config == AUTO else shape_of(config)
    if shape:
        mixture_of(shape)
    return shape


async def _told(
    engine: Engine, shape: Shape | None, config: str, text: str
) -> tuple[RoutedExperts | None, str]:
    """Return the served model's routing if it is the one chosen; else what there is to say."""
    if Capability.STREAM not in engine.capabilities():
        return None, ""
    served = find_shape(engine.model)
    if shape is None and served is not None:  # settled: it has no experts
        return None, f"{engine.model} has no experts, so this is {INSTEAD}. "
    if shape and shape is not served and config in SHAPES:
        return None, ""
    found = await serving(engine).routed_experts(text)
    if found is None:
        return None, f"The server doesn't tell which experts took which token. {HOW_TO_TELL} "
    return found, ""


def _check(params: ExpertsParams, mixture: Mixture) -> None:
    """Refuse a layer or ranks that the mixture doesn't have."""
    if params.layer > mixture.layers:
        raise BadInput(
            f"{mixture.name} has {mixture.layers} layers with experts. Choose layer 1 to "
            f"{mixture.layers}."
        )
    if params.ep > mixture.count:
        raise BadInput(
            f"{mixture.count} experts can't fill {params.ep} ranks. Choose ep 1 to {mixture.count}."
        )


def _routed(
    params: ExpertsParams, mixture: Mixture, tokens: Sequence[Token], told: RoutedExperts | None
) -> Shown:
    labels, place = names(tokens), params.layer - 1
    if told:
        return Shown(mixture, labels, told.experts, None, place, params.ep)
    from tools.algorithms.router import made_up  # late: it imports numpy

    texts = [token.spelt for token in tokens]
    found = made_up(texts, mixture, params.seed, params.skew)
    return Shown(mixture, labels, found.experts, found.weights, place, params.ep)


def _parts(params: ExpertsParams, shown: Shown, note: str) -> tuple[Part, ...]:
    mixture = shown.mixture
    who = "by a made-up router" if shown.weights else "as the served model chose"
    least = "at least " if mixture.width is None else ""
    first = f"Each token goes to {mixture.used} of {least}{mixture.count} experts, {who}."
    rest = (*((ranks(shown),) if params.ep > 1 else ()), batches(mixture))
    last = Prose(f"{note}{HOW_MANY if least else ''}{meaning(shown)}")
    if params.show == "layers":
        return Prose(f"{first} All layers:"), by_layer(shown), *rest, last
    return (
        Prose(f"{first} Layer {params.layer}:"), choices(shown), by_rank(shown), *rest, last,
    )  # fmt: skip


def _controls(params: ExpertsParams, shown: Shown) -> tuple[Control, ...]:
    mixture = shown.mixture
    of_router = (
        Knob("Let it collapse", "skew", "3", is_main=True),
        Knob("Favour none", "skew", "0"),
        Knob("Other router", "seed", str(params.seed + 1)),
    )
    layers = [n for n in (params.layer + 1, params.layer - 1) if 1 <= n <= mixture.layers]
    return that_fit(
        params,
        *(of_router if shown.weights else ()),
        *(Knob(f"Layer {n}", "layer", str(n)) for n in layers),
        *((Knob("Twice the ranks", "ep", str(params.ep * 2)),)
          if params.ep * 2 <= mixture.count else ()),
        Knob("Half the ranks", "ep", str(params.ep // 2)),
        Knob("All layers", "show", "layers"),
        Knob("One layer", "show", "layer"),
        Entry("Other text", "prompt", 1000),
        menu("Model", "config", {name: _sized(one) for name, one in _MIXTURES.items()},
             mixture.name),
    )  # fmt: skip


def _sized(experts: Experts) -> str:
    shared = ", and a shared one" if experts.shared else ""
    return f"{experts.used} of {experts.count} a token{shared}"


INSTRUMENT = Instrument(
    name="experts",
    line="Mixture of experts: which expert takes each token, load, imbalance, what EP would move.",
    topic=Topic.SERVING,
    lesson=10,
    params=ExpertsParams,
    run=run,
    asks=ranges(
        "The busiest expert gets how many times its fair share?",
        fact("imbalance"),
        (1.5, 2.5, 4),
        " times",
    ),
    needs=frozenset({Capability.TOKENIZE}),
    settle=settled,
    turn=turned,
    tries=(Try("skew", "one rank gets most of the work"),),
)
