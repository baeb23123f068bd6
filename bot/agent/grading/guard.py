"""What is said to the grader rather than to a colleague: orders, pleas, roles, things in code.

A text that holds any of it can't have a criterion met by a machine: an instructor has to look.
"""

import re

from bot.agent.grading.words import FOREIGN, GLUE, stem, words

_ORDERS = re.compile(
    r"""
      \b(?:ignore|disregard|forget|override|bypass|skip)\b[^.?!\n]{0,40}
        \b(?:rubric|instructions?|rules?|criteri\w+|prompts?|above|previous|prior|everything|grading)\b
    | \b(?:mark|grade|rate|count|score|treat|accept|consider|judge|set|give|return|output|respond
        |print|say|answer)\b [^.?!\n]{0,50}
        \b(?:met|pass(?:ed|ing)|fulfilled|satisfied|correct|complete|verdicts?
        |(?:full|top)\s+(?:marks?|points?|credit))\b
    | \b(?:all|every|each|four|three|the|these|any)\s+(?:\w+\s+){0,2}criteri\w+
    | \bcriteri(?:on|a)\b | \brubrics?\b | \bverdicts?\b | \bgrad(?:er|ers|ing)\b
    | \bteach-?backs?\b | \b(?:full|top)\s+(?:marks?|points?|credit)\b
    | \b(?:my|student'?s?|learner'?s?)\s+(?:answer|explanation|text|submission)\b [^.?!\n]{0,30}
        \b(?:is|are|says?|states?|covers?|contains?|mentions?|deserves?|should|complete|correct
        |counts?|means?)\b
    | \b(?:this|the|that)\s+(?:answer|explanation|submission)\s+
        (?:covers?|mentions?|deserves?|should|counts?|satisfies)\b
    | \b(?:the\s+)?(?:learner|student|candidate)\s+
        (?:has|have|had|said|says|stated|did|is|was|met|passed|wrote)\b
    | \b(?:same\s+as|see|as\s+in|equal\s+to|copy)\s+the\s+(?:model\s+)?(?:solution|answer)\b
    | \bmodel\s+answer\b | \bgive\s+me\s+(?:an?\s+)?(?:pass|credit|marks?|points?)\b
    | \bpass(?:ing)?\s+(?:me|this|us)\b | \blet\s+me\s+(?:pass|through)\b
    | \bi\s+(?:should|must|deserve|need)\s+(?:to\s+)?pass\b
    | \bplease\b [^.?!\n]{0,60}
        \b(?:pass|kind|accept|approve|credit|count|lenient|generous|mercy|points?|fail)\b
    | \bi\s+(?:\w+\s+){0,2}(?:worked|studied|tried)\s+(?:\w+\s+){0,2}hard\b
    | \b(?:don'?t|do\s+not)\s+fail\s+me\b
    | \byou\s+(?:are\s+(?:now|the|a)|must|should|will|have\s+to|need\s+to|shall)\b [^.?!\n]{0,60}
        \b(?:met|grade\w*|rubric|output|accept|pass|mark\w*|generous|approve|evaluat\w+|assess\w*
        |agree)\b
    | \b(?:words|phrases|keywords|terms|answers?)\s+(?:that\s+)?you(?:'re|\s+are)?\s+
        (?:look|want|expect|search)
    | \bact\s+as\b | \bpretend\b | \bjailbreak\b | \b(?:dan|developer)\s+mode\b
    | \b(?:system|new)\s+(?:override|rubric|rules?|instructions?|message)\b | \badministrator\b
    | \b(?:i|we)\s+(?:have\s+)?met\s+(?:all|every|each|it|them)\b
    | \b(?:is|are|was|were|be|been|count\w*)\s+(?:all\s+)?met\b
    | ^\W*(?:(?:all\s+)?met\W*){2,} | \ball\s+met\b | [✓✔✅☑]
    """,
    re.I | re.X | re.M,
)  # fmt: skip
_ROLES = re.compile(
    r"^\s*(?:system|assistant|user|human|developer|tool|grader(?:\s+note)?)\s*:"
    r"|<\|.*?\|>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:s|system|user|assistant|learner|text|instructions?|rubric|grader)>|^\s*#{2,}\s"
    r"|(?-i:\bBEGIN\s+[A-Z]{3,}\b)",
    re.I | re.M,
)  # fmt: skip
_JSON = re.compile(r"[{\[]\s*[\"'{][^{}\[\]]*[\"']\s*:")
_CODED = re.compile(
    r"(?<![\w/])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[0-9a-z])[A-Za-z0-9+/]{24,}={0,2}"
)
_HEXED = re.compile(
    r"\b(?:[0-9a-f]{2}[\s:]?){12,}\b|(?:%[0-9a-f]{2}){6,}|(?:\\u[0-9a-f]{4}){4,}", re.I
)
FOREIGN_SHARE = 0.2
ENGLISH_SHARE = 0.12


def is_addressed_to_grader(text: str, ids: frozenset[str] = frozenset()) -> bool:
    """Whether a text gives orders, pleads, plays a role, or brings its own verdicts.

    Args:
        text: What the learner wrote.
        ids: The criteria's ids, which a learner never sees; a one-word id may be plain English.
    """
    plain = text.replace("’", "'")
    if any("-" in one and one in plain.casefold() for one in ids):
        return True
    return any(sign.search(plain) for sign in (_ORDERS, _ROLES, _JSON, _CODED, _HEXED))


def is_in_another_language(text: str) -> bool:
    """Whether a text isn't in the English of the rubric, so that comparing them tells nothing."""
    letters = [c for c in text if c.isalpha()]
    if sum(c.isascii() for c in letters) < 0.8 * len(letters):
        return True
    said = words(text)
    if len(said) < 4:
        return False
    foreign = sum(word in FOREIGN for word in said) / len(said)
    english = sum(word in GLUE for word in said) / len(said)
    return foreign > FOREIGN_SHARE and foreign > english


def repeats(said: str, asked: str) -> bool:
    """Whether words only repeat what was asked."""
    own, theirs = _content(said), _content(asked)
    return len(own & theirs) >= 0.8 * len(own)


def _content(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in GLUE}
