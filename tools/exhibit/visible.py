"""Outside text made visible and harmless: what a token holds can be seen, and nothing is obeyed."""

import re
import unicodedata

from tools.exhibit.direction import CLOSE, ISOLATED, OPEN, is_right_to_left, isolated

SPACE, NEWLINE, TAB, RETURN = "␣", "⏎", "⇥", "␍"
_SIGNS = {" ": SPACE, "\n": NEWLINE, "\t": TAB, "\r": RETURN, "\ufffd": "\ufffd"}
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800\u034f")  # drawn as nothing
_STYLES = "\ufe0e\ufe0f"  # as text, as a picture: after an emoji they choose its form
_SELECTORS = frozenset(  # what chooses a form of the sign before it; any text can be hidden in them
    map(chr, (*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0), 0x180B, 0x180C, 0x180D, 0x180F))
)
_MARKDOWN = re.compile(r"([\\`*_~|\[\]<>#])")
_LIST_SIGN = re.compile(r"^( *)([-+])", re.MULTILINE)
_LIST_NUMBER = re.compile(r"^( *\d+)\.", re.MULTILINE)
# a mention is made of plain letters and digits, which no backslash stops
_MENTION = re.compile(r"@(?=everyone|here)|<(?=[@#:/]|a:|t:|id:)", re.IGNORECASE)
_ZWSP = "\u200b"
_FIRST_BYTE = 0xDC00  # what `surrogateescape` adds to a byte
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_STRUCTURE = re.compile(r"^([^\S\n]*)(#|-#|>>>)", re.MULTILINE)  # would change the rest of a card
_FENCE = "```"


def visible(text: str) -> str:
    """Return a token so that each character of it can be seen.

    Spaces become ␣, line ends ⏎ and ␍, tabs ⇥; a control, format, private or unassigned character
    and a variation selector become their number, ‹U+202E›. Bytes that are no whole character become
    ‹e7 8c›, if the text has them (see `text_of`); else the replacement sign � stays. A joiner
    between two emoji stays, since the pair is one sign, and what chooses an emoji's form behind it.
    An empty token is shown as ‹empty›.
    """
    if not text:
        return "‹empty›"
    return "".join(_shown(text, place) for place in range(len(text)))


def text_of(raw: bytes) -> str:
    """Return bytes as text. What is no whole character stays in it, as lone surrogates."""
    return raw.decode("utf-8", errors="surrogateescape")


def visible_prompt(text: str) -> str:
    """Return a prompt as it can be read: spaces and line ends stay, hidden characters show."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(
        "".join(" " if c == " " else _shown(line, place) for place, c in enumerate(line))
        for line in lines
    )


def safe_markdown(text: str) -> str:
    """Return text that Discord shows as it stands outside a code block.

    No formatting, no link, no mention: each sign that could start one is escaped or broken up.
    """
    escaped = _MARKDOWN.sub(r"\\\1", _without_mentions(visible_prompt(text)))
    unlisted = _LIST_NUMBER.sub(r"\1\\.", _LIST_SIGN.sub(r"\1\\\2", escaped))
    return unlisted.replace("://", f":{_ZWSP}//")


def safe_prose(text: str) -> str:
    """Return outside prose with its bold, italics, lists, quotes and code, and nothing beyond.

    No mention, link, heading or hidden character; a code block that is left open is closed.
    """
    bare = "".join(map(_readable, text.replace("\r\n", "\n")))
    closed = f"{bare}\n{_FENCE}" if bare.count(_FENCE) % 2 else bare
    pieces = _CODE.split(closed)  # prose and code by turns
    return "".join(
        _without_mentions(piece) if place % 2 else _plain_prose(piece)
        for place, piece in enumerate(pieces)
    )


def safe_code(text: str) -> str:
    """Return text that can stand between ``` fences, or single backticks, and not end them.

    A mention inside code is inert for Discord, yet it is broken up as well: code gets copied.
    Isolates round text that is read from right to left stay: they move nothing (`direction.py`).
    """
    parts = ISOLATED.split(text)  # what is isolated stands at every second place
    shown = "".join(
        isolated(visible_prompt(part))
        if place % 2 and is_right_to_left(part)
        else visible_prompt(f"{OPEN}{part}{CLOSE}" if place % 2 else part)
        for place, part in enumerate(parts)
    )
    return _without_mentions(shown.replace("`", "ˋ"))  # U+02CB looks alike and closes nothing


def _plain_prose(text: str) -> str:
    unlinked = re.sub(r"([\[\]|<])", r"\\\1", _without_mentions(text))
    return _STRUCTURE.sub(r"\1\\\2", unlinked).replace("://", f":{_ZWSP}//")


def _readable(character: str) -> str:
    """Return one character of prose: odd spaces are spaces, what is hidden is left out."""
    kind = unicodedata.category(character)
    if character in "\n\u200d":  # a joiner makes one sign of two emoji
        return character
    if kind == "Cs":
        return "\ufffd"
    if kind == "Zs" or character == "\t":
        return " "
    return "" if _is_unseen(character) else character


def _without_mentions(text: str) -> str:
    return _MENTION.sub(lambda found: found[0] + _ZWSP, text)


def _shown(text: str, place: int) -> str:
    """Return one character as it is to be seen."""
    character = text[place]
    if character in _SIGNS:
        return _SIGNS[character]
    if _is_byte(character):
        before = " " if _is_byte(text[place - 1 : place]) else "‹"
        after = "" if _is_byte(text[place + 1 : place + 2]) else "›"
        return f"{before}{ord(character) - _FIRST_BYTE:02x}{after}"
    if character == "\u200d" and _joins_emoji(text, place):
        return character
    if character in _STYLES and _styles_emoji(text, place):
        return character
    if _is_unseen(character) or character in _STYLES:
        return f"‹U+{ord(character):04X}›"
    if place == 0 and unicodedata.category(character).startswith("M"):
        return f"◌{character}"  # a mark with nothing before it would sit on the card's own text
    return character


def _is_unseen(character: str) -> bool:
    is_hidden = unicodedata.category(character) in _HIDDEN
    return is_hidden or character in _FILLERS or character in _SELECTORS


def _styles_emoji(text: str, place: int) -> bool:
    """Whether an emoji stands before it, or the digit of a keycap around it: 1️⃣."""
    before, after = text[max(0, place - 1) : place], text[place + 1 : place + 2]
    return after == "\u20e3" or (bool(before) and unicodedata.category(before) == "So")


def _is_byte(character: str) -> bool:
    return "\udc80" <= character <= "\udcff"


def _joins_emoji(text: str, place: int) -> bool:
    around = text[max(0, place - 2) : place] + text[place + 1 : place + 2]
    symbols = [c for c in around if unicodedata.category(c) == "So"]
    return 0 < place < len(text) - 1 and len(symbols) >= 2
