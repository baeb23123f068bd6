"""A rule for structured output as llguidance's grammar: read and refused without a model.

llguidance is what vLLM has as its backend `guidance`. It is imported when a rule is read.
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tools.engine.masking import Rule, RuleKind
from tools.engine.prompts import clean_text
from tools.errors import BadInput

if TYPE_CHECKING:
    from llguidance import LLTokenizer

LONGEST = 1000  # characters of a rule
MOST_REPEATS = 100  # a grammar has a line for each of them: 100,000,000 take a minute
_COUNTS = ("minItems", "maxItems", "minProperties", "maxProperties")
_KINDS = {
    RuleKind.CHOICE: "choice",
    RuleKind.REGEX: "regex",
    RuleKind.JSON: "JSON schema",
}


@lru_cache(maxsize=64)
def grammar_of(rule: Rule) -> str:
    """Return a rule as a grammar.

    Raises:
        BadInput: it can't be used; the text says why, in one line.
    """
    if len(rule.text) > LONGEST:
        raise BadInput(f"That rule has {len(rule.text):,} characters; {LONGEST:,} is the limit.")
    if not clean_text(rule.text).strip():
        raise BadInput(f"Give a {_KINDS[rule.kind]} that isn't empty.")
    found = _written(rule)
    from llguidance import LLMatcher

    _, told = LLMatcher.validate_grammar_with_warnings(found)
    if told:  # a warning too: a part of the rule would be left out without a word
        raise BadInput(f"That {_KINDS[rule.kind]} can't be used: {_reason(told[0])}.")
    return found


def fits(rule: Rule, text: bytes) -> bool:
    """Tell whether a text is whole by a rule: nothing is wrong with it, and nothing lacks."""
    from llguidance import LLMatcher

    matcher = LLMatcher(_bytewise(), grammar_of(rule), log_level=0)
    return bool(matcher.consume_tokens(list(text))) and bool(matcher.is_accepting())


@lru_cache(maxsize=1)
def _bytewise() -> "LLTokenizer":
    from llguidance import LLTokenizer

    return LLTokenizer("byte")


def _written(rule: Rule) -> str:
    from llguidance import LLMatcher, grammar_from

    match rule.kind:
        case RuleKind.CHOICE:
            if not all(rule.choices):
                raise BadInput("Give choices with commas between them, none empty: low, high.")
            return str(grammar_from("choice", json.dumps(rule.choices)))
        case RuleKind.REGEX:
            return str(grammar_from("regex", rule.text))
        case RuleKind.JSON:
            return str(LLMatcher.grammar_from_json_schema(_schema(rule.text)))


def _schema(text: str) -> str:
    """Return a JSON schema, checked as JSON, and for counts that would take all memory."""
    try:
        found = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as wrong:
        raise BadInput(f"That JSON schema isn't JSON: {wrong}. Quote every key with \".") from None
    if not isinstance(found, dict | bool):
        raise BadInput('A JSON schema is an object, such as {"type": "integer"}.')
    for key, value in _entries(found):
        if key in _COUNTS and isinstance(value, int | float) and value > MOST_REPEATS:
            raise BadInput(f"{key} is {value:,}; {MOST_REPEATS} is the most that is taken here.")
    return text


def _refused(constant: str) -> None:
    raise ValueError(f"it has no {constant}")


def _entries(found: Any) -> Iterator[tuple[str, Any]]:
    """Return every key of a JSON value with what stands there, at any depth."""
    if isinstance(found, dict):
        yield from found.items()
    inner = found.values() if isinstance(found, dict) else found
    for one in inner if isinstance(found, dict | list) else ():
        yield from _entries(one)


def _reason(told: str) -> str:
    """Return the line of a complaint that says what is wrong."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    found = (errors or lines or ["it isn't valid"])[0]
    found = found.replace("Unimplemented keys:", "llguidance doesn't know the keys")
    return found.rstrip(".")[:200]
