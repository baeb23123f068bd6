"""Text that is read from right to left, kept from moving what stands beside it.

Between two signs, an isolate, such text is one thing in its line: numbers and bars stay where they
are. The first space of a token stays on its left, as with every other token.

Source:
    Unicode Standard Annex 9, revision 48, section 2.4: explicit directional isolates.
"""

import re
import unicodedata

OPEN, CLOSE = "\u2066", "\u2069"  # left-to-right isolate, pop directional isolate
ISOLATED = re.compile(f"{OPEN}([^\u2066-\u2069\u202a-\u202e\n]*){CLOSE}")
_RIGHT = frozenset({"R", "AL", "AN"})
_RUN = re.compile(  # letters of the scripts that are read so, with their marks and inner spaces
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+"
    "(?: [\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]+)*"
)


def is_right_to_left(text: str) -> bool:
    """Whether some of it is read from right to left."""
    return any(unicodedata.bidirectional(character) in _RIGHT for character in text)


def isolated(text: str) -> str:
    """Return one thing of a line, such as a token, so that it moves nothing beside it."""
    return f"{OPEN}{text}{CLOSE}" if is_right_to_left(text) else text


def isolated_runs(line: str) -> str:
    """Return a line that was put together already, each stretch of such text by itself."""
    return _RUN.sub(lambda run: isolated(run[0]), line)


def closed(text: str) -> str:
    """Return text that was cut, with an isolate that lost its end ended."""
    return text + CLOSE * (text.count(OPEN) - text.count(CLOSE))
