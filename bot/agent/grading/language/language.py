"""What a language file holds: words, endings and patterns, each under the name of what it marks."""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


def _split(block: object) -> list[str]:
    if not isinstance(block, str):
        raise ValueError("words stand in a block of text, not in a list")
    return block.split()


def _compiled(pattern: object) -> re.Pattern[str]:
    try:
        return re.compile(str(pattern), re.IGNORECASE | re.VERBOSE)
    except re.error as wrong:
        raise ValueError(f"no pattern: {wrong}") from wrong


WordSet = Annotated[frozenset[str], BeforeValidator(_split)]
InOrder = Annotated[tuple[str, ...], BeforeValidator(_split)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(_compiled)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lexicon(_Part):
    """Words by what they do in a sentence.

    Attributes:
        glue: They hold sentences together.
        verbs: What claims are made with, in their plain form.
        auxiliaries: Verbs whatever stands behind them.
        negators: They turn a statement round.
        stasis, change: They say that something stays, or changes.
        all: They speak of all there are.
        foreign: They hold sentences of other languages together.
        needs_noun, no_noun: Which can't stand side by side.
        being: Of which no two stand side by side.
        never_last: In no sentence.
        irregular: The plain form of forms that no ending tells.
    """

    glue: WordSet
    verbs: WordSet
    auxiliaries: WordSet
    negators: WordSet
    stasis: WordSet
    change: WordSet
    all: WordSet
    foreign: WordSet
    needs_noun: WordSet
    no_noun: WordSet
    being: WordSet
    never_last: WordSet
    irregular: Mapping[str, str]


class Endings(_Part):
    """What words end in.

    Attributes:
        negating: What makes a negator of any word.
        stem: What is cut off for the stem; the first that fits.
        verb: What a verb's form ends in, and what its plain form has in that place.
    """

    negating: str
    stem: InOrder
    verb: tuple[tuple[str, str], ...]


class Marks(_Part):
    """How a text is cut, and how claims are marked in it; `clauses` uses each by its name."""

    sentence: Pattern
    abbreviation: Pattern
    clause: Pattern
    parts: Pattern
    states: Pattern
    question: Pattern
    contrast: Pattern
    turning: Pattern
    aside: Pattern
    denied_ahead: Pattern
    denied_before: Pattern
    reported: Pattern
    unknown: Pattern
    topic: Pattern
    hedge: Pattern
    supposed: Pattern
    turns_back: Pattern
    goes_on: Pattern
    open: Pattern
    joint: Pattern
    only_some: Pattern
    few: Pattern
    same: Pattern


class Guarding(_Part):
    """What is said to the grader: orders and pleas, and in whose name."""

    orders: Pattern
    roles: Pattern


class Grammar(_Part):
    """By how many words of which kind a sentence is told from a heap, and from another language.

    Attributes:
        stuffed_words: A sentence of fewer needs no grammar.
        glue: The least share of glue.
        run_words, run_glue: So many words without a comma need that share.
        foreign: The largest share of foreign words.
        letters: The least share of letters of the alphabet.
    """

    stuffed_words: int
    glue: float
    run_words: int
    run_glue: float
    foreign: float
    letters: float


class Fitted(_Part):
    """How much each number of a comparison counts; see `features.NAMES` and `calibration`."""

    two: float
    over_near: float
    over_turned: float
    over_other: float
    direction: float
    bias: float


class Calibrations(_Part):
    """Fitted on labelled teach-backs in this language."""

    meaning: Fitted
    words: Fitted


class Language(_Part):
    """All that grading knows of one language.

    Attributes:
        name: The file's.
        alphabet: Its letters, small.
        prompt: What a chat model is told that grades.
    """

    name: str
    alphabet: str
    lexicon: Lexicon
    endings: Endings
    marks: Marks
    guard: Guarding
    grammar: Grammar
    calibration: Calibrations
    prompt: str
