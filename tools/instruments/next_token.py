"""The distribution over the next token: the one thing a model puts out."""

import json
import math
import random
import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from tools.asking import first_bar, ranges
from tools.engine.base import Candidate, Capability, Distribution, Engine, Prompt
from tools.engine.prompts import break_control_tokens, clean_prompt
from tools.errors import BadInput
from tools.exhibit.exhibit import (
    Bar,
    Bars,
    Code,
    Control,
    Dial,
    Entry,
    Exhibit,
    Fact,
    Knob,
    Origin,
    Part,
    Prose,
    Provenance,
    Tokens,
)
from tools.instrument import STATE, Instrument, Params, Topic, Try, Turning, set_parameter
from tools.instruments.as_written import as_written, numbered

MOST = 20  # tokens that any server shows
_TOKENS_SHOWN = 40
_END = 22  # signs of the text, named above the bars
DEFAULT_BASE_URL = "http://localhost:8000/v1"


class NextToken(Params):
    """What a learner may choose."""

    prompt: str = Field(description="The text to continue.")
    top: Annotated[int, Field(ge=1, le=20)] = Field(8, description="How many tokens to show.")
    appended: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(max_length=64)] = Field(
        (), description="Ids of tokens put behind the prompt."
    )
    sampled: bool = Field(
        False, description="Whether the last was drawn by chance.", json_schema_extra=STATE
    )
    call: bool = Field(False, description="Show the request to repeat.", json_schema_extra=STATE)


async def run(engine: Engine, params: NextToken) -> Exhibit:
    """Ask for the next token and show the likeliest, with all the others as one row.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the engine gave no usable answer.
    """
    prompt = Prompt(clean_prompt(params.prompt), params.appended)
    distribution = await engine.next_token(prompt, params.top)
    shown = exhibit(distribution, fresh=len(params.appended))
    more: list[Part] = [Prose(sampled_from(distribution))] if params.sampled else []
    if params.call:
        code, note = raw_call(distribution, prompt, engine.address)
        more += [code, *([Prose(note)] if note else [])]
    controls = _controls(distribution, params)
    return replace(shown, parts=(*shown.parts, *more), controls=controls)


async def turn(engine: Engine, params: NextToken, turning: Turning) -> Params:
    """Append the token of an id, sample one, or take the last one back; or set a parameter.

    Raises:
        BadInput: there is nothing to take back.
        EngineError: the engine gave no usable answer to sample from.
    """
    match turning.knob:
        case "append":
            ids, sampled = (*params.appended, turning.value), False
        case "sample":
            prompt = Prompt(clean_prompt(params.prompt), params.appended)
            drawn = sample(await engine.next_token(prompt, MOST), turning.dice)
            ids, sampled = (*params.appended, str(drawn.token.id)), True
        case "undo":
            if not params.appended:
                raise BadInput("There is nothing to take back.")
            ids, sampled = params.appended[:-1], False
        case "prompt":
            ids, sampled, params = (), False, params.model_copy(update={"prompt": turning.value})
        case _:
            return await set_parameter(params, turning)
    chosen = {**params.model_dump(), "appended": ids, "sampled": sampled}
    return NextToken.model_validate(chosen)


def exhibit(distribution: Distribution, fresh: int = 0) -> Exhibit:
    """Return a distribution as the text read, bars and facts; the last `fresh` tokens are new."""
    read = tuple(token.label for token in distribution.prompt_tokens)
    left_out = max(0, len(read) - _TOKENS_SHOWN)
    shown = (f"… {left_out} more", *read[left_out:]) if left_out else read
    return Exhibit(
        title="What could come next",
        parts=(
            Prose(_end_of(read)),
            bars(distribution),
            *as_written((*distribution.prompt_tokens, *(one.token for one in distribution.top))),
            *([Tokens(shown, min(fresh, len(shown)))] if read else []),
        ),
        provenance=provenance(distribution),
        facts=facts(distribution),
    )


def _end_of(read: Sequence[str]) -> str:
    """Say what the bars come after: the last of what was read, as much as a line has room for."""
    if not read:
        return "Likeliest first:"
    shown = "".join(read)
    return f"After {shown if len(shown) <= _END else '…' + shown[1 - _END :]}, likeliest first:"


def bars(distribution: Distribution) -> Bars:
    """Return the shown tokens as rows, most likely first, and a last row for all the others."""
    shown = [(c.token, c.probability) for c in distribution.top]
    rows = [Bar(one.label, share, percent(share), numbered(one)) for one, share in shown]
    rest = distribution.other_probability
    return Bars((*rows, Bar("others", rest, percent(rest), others(distribution), is_rest=True)))


def _controls(distribution: Distribution, params: NextToken) -> tuple[Control, ...]:
    """Return what the loop by hand needs; without token ids nothing can be appended."""
    call = Knob("Hide the call", "call", "0") if params.call else Knob("Raw call", "call", "1")
    own = Entry("My own prompt", "prompt")
    if any(candidate.token.id < 0 for candidate in distribution.top):
        return call, own
    first = distribution.top[0].token
    others = tuple(
        (
            str(c.token.id),
            f"Append {c.token.label}",
            f"{percent(c.probability)} · id {c.token.id}".strip(),
        )
        for c in distribution.top
    )
    return (
        Knob(f"Append {first.label}", "append", str(first.id), is_main=True),
        Knob("Sample", "sample"),
        *([Knob("Undo", "undo")] if params.appended else []),
        call,
        own,
        Dial("Append another…", "append", others),
    )


def others(distribution: Distribution) -> str:
    """Return how many tokens are not shown, where that is known: `49,144 tokens`."""
    if distribution.vocabulary is None:
        return ""
    return f"{distribution.vocabulary - len(distribution.top):,} tokens"


def facts(distribution: Distribution) -> tuple[Fact, ...]:
    """Return the entropy or its bounds, that of a fair draw, and the number of tokens read."""
    size = distribution.vocabulary
    unit = "bits" if size is None else f"bits of {math.log2(size):.1f}"
    left, read = others(distribution), distribution.prompt_tokens
    return (
        _entropy(distribution, unit),
        *((Fact("others", left),) if left else ()),
        *((Fact("left out", f"{distribution.never} at 0.0 %"),) if distribution.never else ()),
        *((Fact("tokens read", len(read)),) if read else ()),  # unnamed ones were read too
    )


def _entropy(distribution: Distribution, unit: str) -> Fact:
    least, most = distribution.entropy_bits, distribution.entropy_most_bits
    if distribution.is_entropy_exact:
        return Fact("entropy", round(least, 2), unit)
    if most is None:
        return Fact("entropy at least", round(least, 2), unit)
    return Fact("entropy between", f"{least:.2f} and {most:.2f}", unit)


def provenance(distribution: Distribution) -> Provenance:
    """Return who gave these numbers."""
    return Provenance(
        origin=Origin.LIVE,
        model=distribution.model,
        engine=distribution.engine,
        at=distribution.at,
        elapsed_ms=distribution.elapsed_ms,
        is_kept=distribution.is_kept,
    )


def percent(probability: float) -> str:
    """Return a probability as a percentage, five columns and the sign: ` 38.9 %`."""
    share = 100 * probability
    if 0 < share < 0.05:
        return "<0.1 %".rjust(7)
    return f"{share:5.1f} %"


def as_json(distribution: Distribution) -> dict[str, Any]:
    """Return the distribution for machines; ready for `json.dumps`."""
    return {
        "model": distribution.model,
        "engine": distribution.engine,
        "provenance": "kept" if distribution.is_kept else "live",
        "prompt_token_ids": [token.id for token in distribution.prompt_tokens],
        "tokens": [_candidate_json(candidate) for candidate in distribution.top],
        "other_probability": distribution.other_probability,
        "entropy_bits": distribution.entropy_bits,
        "entropy_most_bits": distribution.entropy_most_bits or distribution.entropy_bits,
    }


def raw_call(
    distribution: Distribution, prompt: Prompt, base_url: str | None = None
) -> tuple[Code, str]:
    """Return the call to repeat in a shell, and a note on where it works.

    Sends the text; but the token ids that were read, when tokens were put behind it or a server
    could take something in it for a control token.

    Args:
        distribution: What the call is to repeat.
        prompt: What was asked.
        base_url: The server's address up to /v1; None when the model runs in this process.
    """
    is_plain = not prompt.appended and break_control_tokens(prompt.text) == prompt.text
    body = {
        "model": distribution.model,
        "prompt": prompt.text if is_plain else [t.id for t in distribution.prompt_tokens],
        "max_tokens": 1,
        "temperature": 0,
        "logprobs": len(distribution.top),
        "return_tokens_as_token_ids": True,
    }
    url = (base_url or DEFAULT_BASE_URL).rstrip("/")
    lines = [
        f"curl {shlex.quote(url + '/completions')}",
        "  -H 'Content-Type: application/json'",
        f"  -d {shlex.quote(_inert_json(body))}",
    ]
    note = "" if base_url else f"The model runs inside Hunch; serve it with vLLM to have {url}."
    return Code(" \\\n".join(lines), "sh"), note


def sample(distribution: Distribution, dice: random.Random) -> Candidate:
    """Draw one of the shown tokens, with their probabilities scaled up to sum to 1.

    With 20 shown this is top-20 sampling, and must be called so (`sampled_from`).
    """
    weights = [candidate.probability for candidate in distribution.top]
    return dice.choices(distribution.top, weights)[0] if sum(weights) else distribution.top[0]


def sampled_from(distribution: Distribution) -> str:
    """Say what `sample` draws from."""
    shown = percent(1 - distribution.other_probability).strip()
    return f"drawn from the {len(distribution.top)} shown ({shown} of all), scaled up to 100 %"


def _inert_json(body: dict[str, Any]) -> str:
    r"""Return JSON in ASCII that is also harmless in a chat message, and still the same JSON.

    A fence or a mention in the prompt is spelt as \u0060 and the like.
    """
    text = json.dumps(body)
    for sign in "`@<>":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _candidate_json(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.token.id,
        "text": candidate.token.text,
        "logprob": candidate.logprob,
        "probability": candidate.probability,
    }


INSTRUMENT = Instrument(
    name="nexttoken",
    line="See what a model would say next after your text, and how sure it is of it.",
    topic=Topic.TOP,
    lesson=1,
    params=NextToken,
    run=run,
    asks=ranges("How sure is it of its first choice?", first_bar, (10, 30, 60), " %"),
    turn=turn,
    needs=frozenset({Capability.NEXT_TOKEN}),
    tries=(Try("append", "read the new odds after it"), Try("prompt", "a text of your own")),
)
