"""Rules to write under, each with a prompt; the model comes to an end of all of them."""

import json
import re

import jsonschema

from tools.engine.masking import Rule, RuleKind

_CHOICES = {
    "The disk is full. Severity:": "low, medium, high",
    "Is the sky blue? Answer:": "yes, no",
    "2 + 2 =": "3, 4, 5, 22",
    "The pod was killed because of": 'OOM, a "probe", \\n, eviction',
    "Status:": "ok, okay, not ok",
    "Say it in one sign:": "é, 😀, 猫",
    "The capital of France is": "Berlin",
}
_REGEXES = {
    "The address of the gateway is": r"[0-9]{1,3}(\.[0-9]{1,3}){3}",
    "The date today is": r"20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "Its hash is": r"[0-9a-f]{8}",
    "Latency:": r"[0-9]{1,3}(\.[0-9]{1,2})?ms",
    "The release is": r"v[0-9]\.[0-9]{1,2}\.[0-9]{1,2}",
    "Write to": r"[a-z]{2,8}@example\.(com|org)",
    "The path is": r"/var/[a-z]{3,6}/[a-z]{3,6}",
    "Grade:": r"[A-F][+-]?",
    "HTTP/1.1": r"[1-5][0-9]{2}",
}
_SCHEMAS: dict[str, object] = {
    "The severity as JSON:": {"enum": ["low", "high"]},
    "Its port as JSON:": {"type": "integer", "minimum": 1, "maximum": 65535},
    "Is it up? As JSON:": {"type": "boolean"},
    "Nothing at all, as JSON:": {"type": "null"},
    "Three small numbers as JSON:": {
        "type": "array",
        "items": {"type": "integer", "minimum": 0, "maximum": 9},
        "minItems": 3,
        "maxItems": 3,
    },
    "The node as JSON:": {
        "type": "object",
        "properties": {"node": {"type": "integer", "maximum": 99, "minimum": 0}},
        "required": ["node"],
        "additionalProperties": False,
    },
    "A short name as JSON:": {"type": "string", "pattern": "^[a-z]{3,8}$"},
    "The share as JSON:": {"const": 0.5},
    "Either, as JSON:": {"anyOf": [{"const": "on"}, {"const": False}]},
}
RULES = [
    *((prompt, Rule(RuleKind.CHOICE, text)) for prompt, text in _CHOICES.items()),
    *((prompt, Rule(RuleKind.REGEX, text)) for prompt, text in _REGEXES.items()),
    *((prompt, Rule(RuleKind.JSON, json.dumps(one))) for prompt, one in _SCHEMAS.items()),
]


def obeys(rule: Rule, text: str) -> bool:
    """Tell whether a text is what the rule wants, without llguidance."""
    match rule.kind:
        case RuleKind.CHOICE:
            return text in rule.choices
        case RuleKind.REGEX:
            return re.fullmatch(rule.text, text) is not None
        case RuleKind.JSON:
            try:
                jsonschema.validate(json.loads(text), json.loads(rule.text))
            except (ValueError, jsonschema.ValidationError):
                return False
            return True
