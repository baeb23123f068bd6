"""Structured output at work: what a rule allows at each step, what it cuts, what was wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo

from tools.asking import asking, share_of
from tools.engine.base import Capability, Engine, Token, joined_label
from tools.engine.grammars import LONGEST, grammar_of
from tools.engine.masking import MOST_STEPS, Masked, MaskedStep, Rule, RuleKind, masking
from tools.engine.prompts import clean_prompt
from tools.errors import BadInput
from tools.exhibit.exhibit import Control, Dial, Entry, Exhibit, Fact, Knob, Part, Prose, Table
from tools.exhibit.monospace import padded
from tools.exhibit.visible import visible_prompt
from tools.instrument import Instrument, Params, Topic, Try, Turning, set_parameter
from tools.instruments.looking import live
from tools.instruments.next_token import percent
from tools.knobs import that_fit

RuleForm = Literal["choice", "regex", "json"]
_ROWS = 5  # of steps: with the answers, all that stands above the first button
_LABEL = 7
_IN_SIGHT = 30  # characters of an answer that keep to one line of a phone
_BLANKS = 4  # tokens of white space at the end of an answer that are no accident


@dataclass(frozen=True, slots=True)
class MaskExample:
    """A rule as it comes, and a prompt that it suits."""

    prompt: str
    rule: str


EXAMPLES: Mapping[RuleForm, MaskExample] = {
    "choice": MaskExample(
        'Severity of "disk full on node-7", one of low, medium, high:', "low, medium, high"
    ),
    "regex": MaskExample(
        "The address of the default gateway is ",
        r"((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])",
    ),
    "json": MaskExample(
        "Alert: disk full on node-7. As JSON: ",
        '{"type": "object", "properties": {"severity": {"enum": ["low", "high"]}, '
        '"node": {"type": "integer"}}, "required": ["severity", "node"], '
        '"additionalProperties": false}',
    ),
}
_NAMES: Mapping[RuleForm, str] = {"choice": "choices", "regex": "a regex", "json": "a JSON schema"}


def _usable(text: str, told: ValidationInfo) -> str:
    """Refuse a rule before any model is loaded."""
    if text and "kind" in told.data:
        try:
            grammar_of(Rule(RuleKind(told.data["kind"]), text))
        except BadInput as refused:
            raise ValueError(str(refused)) from None
    return text


class MaskParams(Params):
    """What a learner may choose."""

    prompt: Annotated[str, Field(max_length=1000)] = Field(
        EXAMPLES["choice"].prompt, description="The text to continue."
    )
    kind: RuleForm = Field("choice", description="How the rule is written.")
    rule: Annotated[str, Field(max_length=LONGEST), AfterValidator(_usable)] = Field(
        "", description="Choices with commas between, a regex, or a JSON schema; empty: an example."
    )
    steps: Annotated[int, Field(ge=1, le=MOST_STEPS)] = Field(
        24, description="The most tokens to write, as max_tokens."
    )
    look: Annotated[int, Field(ge=1, le=MOST_STEPS)] = Field(
        1, description="The step to look at closely."
    )


def rule_of(params: MaskParams) -> Rule:
    """Return the rule: the example of its kind, where none is written."""
    return Rule(RuleKind(params.kind), params.rule or EXAMPLES[params.kind].rule)


def prompt_of(params: MaskParams) -> str:
    """Return the prompt; an example's goes with the kind."""
    is_example = params.prompt in {one.prompt for one in EXAMPLES.values()}
    return EXAMPLES[params.kind].prompt if is_example and not params.rule else params.prompt


async def run(engine: Engine, params: MaskParams) -> Exhibit:
    """Write under the rule, and show what it did at each step.

    Raises:
        BadInput: the prompt or the rule can't be used.
        Missing: a server that doesn't tell enough.
        EngineError: the engine gave no usable answer.
    """
    prompt = clean_prompt(prompt_of(params))
    found = await masking(engine).masked(prompt, rule_of(params), params.steps)
    look = min(params.look, len(found.steps))
    step = found.steps[look - 1]
    is_ours = Capability.INTERNALS in engine.capabilities()  # else the server's own mask
    answer = [one.token for one in found.steps if not one.is_end]
    parts: list[Part] = [
        Prose(f"Masked: {_in_sight(answer)}\nUnmasked: {_in_sight(found.free)}"),
        steps_table(found.steps, look),
        Prose(f"Step {look}: {_allowed(found, step)}"),
        allowed_table(step),
        Prose(f"{_whole(params, prompt, found)}\n{_truth(found, is_ours=is_ours)}"),
    ]
    return Exhibit(
        title=f"Held to {_NAMES[params.kind]}: {_verdict(found, params)}",
        parts=tuple(parts),
        provenance=live(engine),
        facts=_facts(found),
        controls=_controls(params, found, look),
    )


async def turn(engine: Engine, params: MaskParams, turning: Turning) -> Params:
    """Turn a knob; another kind begins with its example, and other words at the first step."""
    if turning.knob == "kind":
        fresh = {**params.model_dump(), "kind": turning.value, "rule": "", "look": 1}
        return type(params).model_validate(fresh)
    after = await set_parameter(params, turning)
    return after if turning.knob == "look" else after.model_copy(update={"look": 1})


def steps_table(steps: Sequence[MaskedStep], look: int) -> Table:
    """Return a row a step, those around the one looked at, which is lit."""
    start = max(0, min(look - 1 - _ROWS // 2, len(steps) - _ROWS))
    rows = tuple(
        ("‹end›" if step.is_end else _label(step.token), _share(step.cut), _wanted(step))
        for step in steps[start : start + _ROWS]
    )
    return Table(("wrote", "cut%", "wants"), rows, lit=look - 1 - start)


def allowed_table(step: MaskedStep) -> Table:
    """Return the likeliest tokens that are allowed, before the mask and after."""
    rows = [(_label(one.token), _share(one.before), _share(one.after)) for one in step.top]
    others = step.allowed - len(rows)
    if others or not step.is_counted:
        before = 1 - step.cut - sum(one.before for one in step.top)
        after = 1 - sum(one.after for one in step.top)
        rows.append(("others", _share(max(0.0, before)), _share(max(0.0, after))))
    rows.append(("forbidden", _share(step.cut), "cut"))
    return Table(("allowed", "was%", "now%"), tuple(rows))


def _verdict(found: Masked, params: MaskParams) -> str:
    if found.fits:
        return "it fits"
    if params.kind == "json":
        return "cut off, not valid JSON"
    return "cut off, no match" if params.kind == "regex" else "cut off, none of them"


def _whole(params: MaskParams, prompt: str, found: Masked) -> str:
    """Return what was asked, and all that was written where that is more than stands above."""
    lines = [f"Prompt: {visible_prompt(prompt)}", f"Rule: {visible_prompt(rule_of(params).text)}"]
    tokens = [step.token for step in found.steps if not step.is_end]
    if len(text := _answer(tokens)) > _IN_SIGHT:
        lines.append(f"Masked, all of it: {text}")
    return "\n".join(lines)


def _answer(tokens: Sequence[Token]) -> str:
    return joined_label(tokens) if tokens else "nothing"


def _in_sight(tokens: Sequence[Token]) -> str:
    text = _answer(tokens)
    return text if len(text) <= _IN_SIGHT else f"{text[: _IN_SIGHT - 1]}…"


def _allowed(found: Masked, step: MaskedStep) -> str:
    """Say how many tokens are allowed, and what that leaves of what was wanted."""
    of = f" of {found.vocabulary:,}" if found.vocabulary else ""
    if step.is_forced:
        count = f"one token{of} is allowed, so it is forced."
    elif step.is_counted:
        count = f"{step.allowed:,} tokens{of} are allowed."
    else:
        count = f"{step.allowed} tokens{of} or more are allowed; the server names no others."
    if step.wanted.token.id == step.token.id:
        return f"{count} What the model wanted is among them."
    wanted = f"{step.wanted.token.label} ({percent(step.wanted.probability).strip()})"
    return f"{count} The model wanted {wanted}."


def _truth(found: Masked, *, is_ours: bool) -> str:
    """Say what a mask is, and what it doesn't promise."""
    lines = [
        "The mask takes tokens away before softmax; those left keep their order. It holds the "
        "form, not the truth; and greedy takes one token at a time, so another answer that fits "
        "may be likelier as a whole."
    ]
    if not found.fits:
        lines.append(
            f"Cut off after {len(found.steps)} tokens (max_tokens): the form holds only for an "
            "answer that comes to its end. Check finish_reason before you parse."
        )
    if not found.fits and all(not one.token.text.strip() for one in found.steps[-_BLANKS:]):
        lines.append(
            "It ran on in white space, which JSON allows between its parts; vLLM's "
            "disable_any_whitespace forbids that."
        )
    forced = [step for step in found.steps if step.is_forced]
    if forced:
        lines.append("A forced token needs no model; vLLM 0.32 runs a pass for it all the same.")
    if is_ours and any(not step.is_end for step in forced):
        lines.append(
            "This mask is llguidance's, which forces a word's usual tokens. xgrammar, vLLM's "
            "default, lets any tokens spell it: that can change the answer."
        )
    return "\n".join(lines)


def _facts(found: Masked) -> tuple[Fact, ...]:
    steps = found.steps
    against = sum(step.wanted.token.id != step.token.id for step in steps)
    return (
        Fact("wanted otherwise", f"{against} of {len(steps)}", "steps"),
        Fact("forced", f"{sum(step.is_forced for step in steps)} of {len(steps)}", "steps"),
        Fact("mean cut", percent(sum(step.cut for step in steps) / len(steps)).strip()),
        Fact("ended", "by itself" if found.is_ended else "by max_tokens"),
    )


def _controls(params: MaskParams, found: Masked, look: int) -> tuple[Control, ...]:
    others = (
        Knob(label, "kind", kind)
        for kind, label in (("choice", "Choices"), ("regex", "Regex"), ("json", "JSON schema"))
        if kind != params.kind
    )
    turned = that_fit(
        params,
        Knob("Next step", "look", str(look + 1), is_main=True),
        *([Knob("Cut at 8 tokens", "steps", "8")] if len(found.steps) > 8 else []),
        Knob("Up to 32 tokens", "steps", str(MOST_STEPS)),
    )
    if look == len(found.steps):
        turned = tuple(one for one in turned if one.name != "look")
    settings = tuple(
        (str(place), f"Step {place}: {step.token.label}"[:90], "now" if place == look else "")
        for place, step in enumerate(found.steps[:25], start=1)
    )
    menu = (Dial("Look at a step", "look", settings),) if len(settings) > 1 else ()
    entries = (Entry("Other prompt", "prompt", 1000), Entry("Own rule", "rule", 1000))
    return (*turned, *others, *entries, *menu)


def _wanted(step: MaskedStep) -> str:
    return "=" if step.wanted.token.id == step.token.id else _label(step.wanted.token)


def _label(token: Token) -> str:
    return padded(token.label, _LABEL).rstrip()


def _share(probability: float) -> str:
    """Return a share of 1 in per cent; never 100 nor 0 where a little is left."""
    value = 100 * probability
    if 0 < value < 0.05:
        return "<0.1"
    return ">99.9" if 99.95 <= value < 100 else f"{value:.1f}"


INSTRUMENT = Instrument(
    name="mask",
    line="Structured output: what a schema, regex or choice allows at each step, and what it cuts.",
    topic=Topic.CHOICE,
    lesson=6,
    params=MaskParams,
    run=run,
    asks=asking(
        "Left alone, would it have taken the same tokens?",
        ("yes, each", "some of them", "none"),
        share_of("wanted otherwise"),
        (1e-9, 1),
    ),
    needs=frozenset({Capability.MASK}),
    turn=turn,
    tries=(
        Try("look", "what was wanted, what was allowed"),
        Try("kind", "hold the answer to another rule"),
    ),
)
