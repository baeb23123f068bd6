"""Which model a card about cost is on: the connected one, one by name, or one by its config."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from tools.engine.base import Engine
from tools.errors import BadInput
from tools.exhibit.exhibit import Dial, Entry
from tools.instrument import Params, Turning, set_parameter
from tools.knobs import menu
from tools.models import SHAPES, nearby, parameter_total, short_count
from tools.named import precision_in, shape_of
from tools.shape.config_json import LONGEST
from tools.shape.shape import Shape

AUTO = "auto"
_SERVERS = ("cluster", "local")  # engines whose model somebody chose
_MENU = 25


def _known(text: str) -> str:
    if text == AUTO:
        return text
    try:
        found = shape_of(text)
    except BadInput as unreadable:
        raise ValueError(str(unreadable)) from None
    if found is None:
        raise ValueError(
            f"There is no such config. There are: {', '.join(SHAPES)}; or paste a config.json."
        )
    return text


Config = Annotated[
    str,
    Field(max_length=LONGEST),
    AfterValidator(_known),
    WithJsonSchema({"type": "string", "examples": [AUTO, *SHAPES]}),
]


@dataclass(frozen=True, slots=True)
class Subject:
    """The model that a card is on; `note` says what has to be said of the choice."""

    shape: Shape
    note: str = ""


def on_your_model(engine: Engine, params: Params) -> Params:
    """Return parameters that are on the engine's own model, where they leave that open.

    The precision follows its name too: `…-FP8` is in FP8.
    """
    chosen = params.model_dump()
    if chosen.get("config") != AUTO or engine.name not in _SERVERS or not engine.model:
        return params
    found: dict[str, object] = {"config": engine.model}
    if chosen.get("precision") == "native" and (kept := precision_in(engine.model)) != "native":
        found["precision"] = kept
    return params.model_copy(update=found)


async def turn_in_context(engine: Engine, params: Params, turning: Turning) -> Params:
    """Return parameters with a knob turned; a model with less context gets as much as it has.

    Who types a context is told of it instead.

    Raises:
        pydantic.ValidationError: there is no such parameter, or the value doesn't fit.
    """
    after = await set_parameter(params, turning)
    chosen = after.model_dump()
    if turning.knob != "config" or chosen["config"] == AUTO:
        return after
    found = shape_of(str(chosen["config"]))
    if found is None or chosen["context"] <= found.context:
        return after
    return after.model_copy(update={"context": found.context})


def subject(config: str, instead: str) -> Subject:
    """Return the model that a config stands for; `instead` where nothing is known of it.

    Args:
        config: Of parameters, settled or not.
        instead: The name of a shape in the list.
    """
    if config == AUTO:
        return Subject(SHAPES[instead])
    found = shape_of(config)
    if found is None:
        return Subject(
            SHAPES[instead],
            f"I don't know the shape of {config[:60]}, so this is {instead}. Paste its config.json "
            "to see yours. ",
        )
    return Subject(found)


def beside(shape: Shape, most: int = 7) -> tuple[Shape, ...]:
    """Return a shape among those next to it by size; one that stands in no list is put first."""
    if shape.name in SHAPES:
        return tuple(SHAPES[name] for name in nearby(shape.name, most))
    size = parameter_total(shape)
    nearest = min(SHAPES, key=lambda name: abs(parameter_total(SHAPES[name]) - size))
    return (shape, *(SHAPES[name] for name in nearby(nearest, most - 1)))


def model_menu(shape: Shape, meaning: Callable[[Shape], str]) -> Dial:
    """Return a menu of models next to one by size, and what each means in a few words."""
    listed = {one.name: meaning(one) for one in beside(shape, _MENU) if one.name in SHAPES}
    return menu("Model", "config", listed, shape.name)


def own_config() -> Entry:
    """Return the button that takes a config.json, or a few numbers."""
    return Entry("Your config.json", "config")


def sized(shape: Shape) -> str:
    """Return how many weights a shape has, and how many a token uses where that is fewer."""
    return f"{short_count(parameter_total(shape))} weights"
