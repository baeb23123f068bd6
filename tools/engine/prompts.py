"""What may be sent to a model: text from outside, checked and made harmless."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from tools.errors import BadInput

MAX_CHARACTERS = 4000
_ZWSP = "\u200b"

# Chat markup of the usual families: <|im_end|>, <｜User｜>, <s>, <bos>, <start_of_turn>, [INST] …
_CONTROL = re.compile(
    r"<[|｜][^<>\n]{1,60}?[|｜]>|</?(?:s|bos|eos|pad|unk|mask|think|tool_call|tool_response)>"
    r"|</?(?:start|end)_of_\w{1,20}>|\[/?[A-Z][A-Z_]{2,30}\]|<<?/?SYS>>?",
    re.IGNORECASE,
)


def clean_prompt(text: str) -> str:
    """Return the prompt as it is, or say why it can't be used.

    Raises:
        BadInput: empty, too long, or holding what no tokenizer takes.
    """
    if not text.strip():
        raise BadInput("Give me some text to continue, for example: The cat sat on the")
    return clean_piece(text)


def clean_piece(text: str) -> str:
    """Return text that is to be cut up, spaces alone too, or say why it can't be used.

    Raises:
        BadInput: empty, too long, or holding what no tokenizer takes.
    """
    if not text:
        raise BadInput("Give me some text: a word, or a space.")
    if len(text) > MAX_CHARACTERS:
        raise BadInput(
            f"That prompt has {len(text):,} characters; {MAX_CHARACTERS:,} is the limit. "
            "Cut it and try again."
        )
    return clean_text(text)


def clean_text(text: str) -> str:
    """Return text that a tokenizer takes, or say why it can't be used; may be empty.

    Raises:
        BadInput: it holds half a character or a NUL.
    """
    for place, character in enumerate(text):
        if "\ud800" <= character <= "\udfff":
            raise BadInput(
                f"Character {place + 1} is half a character (a lone surrogate, "
                f"U+{ord(character):04X}): it can't be sent. Remove it and try again."
            )
    if "\0" in text:
        raise BadInput(
            "The text holds a NUL character, which can't be sent. Remove it and try again."
        )
    return text


def break_control_tokens(text: str, known: Iterable[str] = ()) -> str:
    """Put a zero-width space into whatever a server could take for a control token.

    Args:
        text: Text from outside.
        known: The served tokenizer's own control tokens, when they are known.
    """
    broken = _CONTROL.sub(lambda found: _split(found[0]), text)
    for token in sorted(known, key=len, reverse=True):
        while len(token) > 1 and _ZWSP not in token and token in broken:
            broken = broken.replace(token, _split(token))  # again: occurrences may overlap
    return broken


def checked_ids(ids: Sequence[int], vocabulary: int, context: int) -> tuple[int, ...]:
    """Return ids that a model can read.

    Raises:
        BadInput: none, too many, or one that isn't in the vocabulary.
    """
    if not ids:
        raise BadInput("That text has no tokens. Give me some text to continue.")
    if bad := [number for number in ids if not 0 <= number < vocabulary]:
        raise BadInput(f"There is no token {bad[0]}: ids go from 0 to {vocabulary - 1:,}.")
    if (over := len(ids) - context) > 0:
        raise BadInput(
            f"That is {len(ids):,} tokens, {over:,} more than the {context:,} "
            "that fit. Shorten the text and try again."
        )
    return tuple(ids)


def require_spellable(text: str, respelt: Callable[[str], str]) -> None:
    """Refuse what would be dropped without a word: SmolLM2 lacks six control characters.

    Args:
        text: Text from outside.
        respelt: Cuts a character into tokens and puts those together again; "" where it has none.
    """
    for sign in {sign for sign in text if unicodedata.category(sign)[0] == "C"}:
        found = respelt(sign)
        if not found or "\ufffd" in found:
            raise BadInput(
                f"This model has no token for the character U+{ord(sign):04X}, and would drop it "
                "without a word. Remove it and try again."
            )


def _split(token: str) -> str:
    return token[0] + _ZWSP + token[1:]
