"""A logit bias as people type it: `be: -5, ␣the: 2, #260: 100`."""

from collections.abc import Sequence
from dataclasses import dataclass

from tools.engine.base import Token
from tools.errors import BadInput
from tools.exhibit.visible import SPACE, visible
from tools.numerals import UnreadableNumber, entries_in, read_number

MOST = 100.0  # vLLM cuts a bias to -100..100; here more is refused
MOST_BIASES = 10


@dataclass(frozen=True, slots=True)
class Bias:
    """What is added to the raw score of one token: of a word, or of an id where there is no word.

    `word` begins with a space unless it was typed with `=` before it.
    """

    word: str
    id: int
    added: float


def biases(text: str) -> tuple[Bias, ...]:
    """Return the biases in a text; none in an empty one.

    Raises:
        ValueError: it can't be read; the text says how to write it.
    """
    found = tuple(map(_bias, entries_in(text)))
    if len(found) > MOST_BIASES:
        raise ValueError(f"Give {MOST_BIASES} biases or fewer.")
    return found


def by_id(
    found: Sequence[Bias], words: Sequence[Sequence[Token]], vocabulary: int
) -> dict[int, float]:
    """Return what is added to which id.

    Args:
        found: The biases.
        words: The tokens of each that has a word, in their order.
        vocabulary: How many tokens there are.

    Raises:
        BadInput: a word is no single token, or there is no token of an id.
    """
    cut = iter(words)
    return {_only(one, next(cut) if one.word else (), vocabulary): one.added for one in found}


def _bias(piece: str) -> Bias:
    name, colon, number = piece.rpartition(":")
    try:
        added = read_number(number).value
    except UnreadableNumber:
        added = MOST + 1
    name = name.strip().replace(SPACE, " ")
    if not (colon and name.strip() and -MOST <= added <= MOST):
        raise ValueError(f"Write a bias as be: -5, or #260: 5, from -{MOST:g} to {MOST:g}.")
    if name.startswith("#") and name[1:].isdecimal():
        return Bias("", int(name[1:]), added)
    return Bias(name[1:] if name.startswith("=") else f" {name.lstrip()}", -1, added)


def _only(one: Bias, tokens: Sequence[Token], vocabulary: int) -> int:
    if one.word and len(tokens) != 1:
        cut = ", ".join(f"{token.label} #{token.id}" for token in tokens[:6])
        raise BadInput(
            f"{visible(one.word)} is {len(tokens)} tokens ({cut}), and a bias goes on one. "
            "Name one by its number."
        )
    number = tokens[0].id if one.word else one.id
    if number >= vocabulary:
        raise BadInput(f"There is no token {number}: ids go from 0 to {vocabulary - 1:,}.")
    return number
