"""Text as it can be kept: what a learner typed, without what no database takes."""

from bot.domain.errors import UnusableAnswer

SENTENCE_CHARS = 500
TEACHBACK_CHARS = 1200
TOKEN_CHARS = 60


def read_text(raw: str, limit: int, *, keep_spaces: bool = False) -> str:
    """Return text as it can be kept, without NULs and outer spaces.

    Raises:
        UnusableAnswer: it is empty, too long, or holds what no database takes.
    """
    try:
        raw.encode()
    except UnicodeEncodeError:
        raise UnusableAnswer(
            "Your text holds half a character (a lone surrogate). Type it again, please."
        ) from None
    text = raw.replace("\0", "")
    text = text if keep_spaces else text.strip()
    if not text:
        raise UnusableAnswer("That came through empty. A rough guess is worth more than none.")
    if len(text) > limit:
        raise UnusableAnswer(f"That's {len(text):,} characters; {limit:,} is the most I can keep.")
    return text
