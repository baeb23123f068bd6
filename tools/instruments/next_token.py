"""The distribution over the next token: the one thing a model puts out."""

import json
import math
import random
import shlex
from typing import Annotated, Any

from pydantic import Field

from tools.engine.base import Candidate, Capability, Distribution, Engine, Prompt
from tools.engine.prompts import break_control_tokens, clean_prompt
from tools.exhibit import Bar, Bars, Code, Exhibit, Fact, Origin, Provenance
from tools.instrument import Instrument, Params, Topic
from tools.visible import visible

DEFAULT_BASE_URL = "http://localhost:8000/v1"


class NextToken(Params):
    """What a learner may choose."""

    prompt: str = Field(description="The text to continue.")
    top: Annotated[int, Field(ge=1, le=20)] = Field(8, description="How many tokens to show.")
    appended: tuple[Annotated[int, Field(ge=0)], ...] = Field(
        (), description="Ids of tokens put behind the prompt."
    )


async def run(engine: Engine, params: NextToken) -> Exhibit:
    """Ask for the next token and show the likeliest, with all the others as one row.

    Raises:
        BadInput: the prompt can't be used.
        EngineError: the engine gave no usable answer.
    """
    prompt = Prompt(clean_prompt(params.prompt), params.appended)
    return exhibit(await engine.next_token(prompt, params.top))


def exhibit(distribution: Distribution) -> Exhibit:
    """Return a distribution as bars and facts."""
    return Exhibit(
        title="What could come next",
        parts=(bars(distribution),),
        provenance=provenance(distribution),
        facts=facts(distribution),
    )


def bars(distribution: Distribution) -> Bars:
    """Return the shown tokens as rows, most likely first, and a last row for all the others."""
    rows = [
        Bar(
            label=visible(candidate.token.text),
            share=candidate.probability,
            note=percent(candidate.probability),
            detail=f"id {candidate.token.id}",
        )
        for candidate in distribution.top
    ]
    rest = distribution.other_probability
    return Bars((*rows, Bar(others(distribution), rest, percent(rest), is_rest=True)))


def others(distribution: Distribution) -> str:
    """Return what to call the tokens that are not shown: `other 49,144 tokens`."""
    if distribution.vocabulary is None:
        return "all others"
    return f"other {distribution.vocabulary - len(distribution.top):,} tokens"


def facts(distribution: Distribution) -> tuple[Fact, ...]:
    """Return the entropy, what it could be at most, and the number of tokens read."""
    name = "entropy" if distribution.is_entropy_exact else "entropy at least"
    unit = "bits"
    if distribution.vocabulary is not None:
        unit = f"bits of {math.log2(distribution.vocabulary):.1f}"
    entropy = Fact(name, round(distribution.entropy_bits, 2), unit)
    return entropy, Fact("tokens read", len(distribution.prompt_tokens))


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

    The tokens not shown can't be drawn: with 20 shown this is top-20 sampling, and must be
    called so (`sampled_from`).
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
    line="The probabilities of the next token, for any prompt.",
    topic=Topic.TOP,
    lesson=1,
    params=NextToken,
    run=run,
    needs=frozenset({Capability.NEXT_TOKEN}),
)
