"""A few gradient steps on a learner's own sentence, on a throw-away copy of the model."""

from typing import Annotated

from pydantic import Field

from tools.asking import asking, fact, over
from tools.engine.base import Capability, Engine
from tools.engine.findings import Trained
from tools.engine.internals import inside
from tools.exhibit.exhibit import Curve, Entry, Exhibit, Fact, Knob, Prose, Series, Table
from tools.instrument import Instrument, Params, Topic, Try
from tools.instruments.looking import live, names
from tools.instruments.next_token import percent
from tools.knobs import menu, that_fit

_ROWS = 12
_RATES = {"0.003": "timid", "0.01": "careful", "0.03": "fair", "0.1": "bold", "0.3": "too bold"}


class Train(Params):
    """What a learner may choose."""

    text: Annotated[str, Field(max_length=300)] = Field(
        "Our cluster is named Marmot and it runs in Oslo",
        description="The sentence to learn, at most 48 tokens.",
    )
    steps: Annotated[int, Field(ge=1, le=20)] = Field(5, description="How many gradient steps.")
    rate: Annotated[float, Field(ge=0.001, le=0.3)] = Field(
        0.03, description="How far the weights may go in one step."
    )


async def run(engine: Engine, params: Train) -> Exhibit:
    """Fit a copy of the model to a sentence, and show the loss and each token's probability.

    Raises:
        BadInput: the sentence is too short or too long.
        EngineError: the model could not be loaded.
    """
    found = await inside(engine).train(params.text, params.steps, params.rate)
    points = tuple((float(step), loss) for step, loss in enumerate(found.losses_bits))
    return Exhibit(
        title="A sentence, learnt by a throw-away copy",
        parts=(
            Curve((Series("", points),), "steps", "loss, bits a token"),
            table(found),
            Prose(
                "How likely each token was, given those before it. The copy is gone now; the "
                "running model is as it was."
            ),
        ),
        provenance=live(engine),
        facts=(
            Fact("loss before", round(found.losses_bits[0], 2), "bits a token"),
            Fact("loss after", round(found.losses_bits[-1], 2), "bits a token"),
            Fact("steps", params.steps),
            Fact("rate", f"{params.rate:g}"),
        ),
        controls=that_fit(
            params,
            *(Knob(_steps(steps), "steps", str(steps)) for steps in (1, 5, 10, 20)),
            Entry("My sentence", "text", longest=300),
            menu("Rate", "rate", _RATES, params.rate),
        ),
    )


def table(found: Trained) -> Table:
    """Return P of each token given those before it, before and after; the last twelve at most."""
    rows = [
        (name, percent(before).strip(), percent(after).strip())
        for name, before, after in zip(
            names(found.tokens[1:]), found.before, found.after, strict=True
        )
    ]
    return Table(("token", "before", "after"), tuple(rows[-_ROWS:]))


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"


def _fall(exhibit: Exhibit) -> float | None:
    left = over(fact("loss after"), fact("loss before"))(exhibit)
    return None if left is None else 1 - left


INSTRUMENT = Instrument(
    name="train",
    line="A few gradient steps on your own sentence: loss and probabilities before and after.",
    topic=Topic.TRAINING,
    lesson=2,
    params=Train,
    run=run,
    asks=asking(
        "After a few steps on it, what becomes of the loss?",
        ("it rises", "it falls by less than a third", "by a third to two thirds", "by more"),
        _fall,
        (0, 1 / 3, 2 / 3),
    ),
    needs=frozenset({Capability.INTERNALS}),
    sees="The loss falls as the copy learns it.",
    tries=(Try("steps", "more steps, less surprise"),),
)
