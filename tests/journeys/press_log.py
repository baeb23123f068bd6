"""How long a lesson takes, reckoned from what is on its cards and what is pressed on them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean

SHORTEST, LONGEST = 10, 15  # minutes
WORDS_A_MINUTE = 200  # prose that explains, read on a phone to be understood
PRESS_S = 2
GUESS_S = 5  # to weigh what was just read, before the first press of an answer
TYPING_S = 5
EXHIBIT_S = 10  # to look at a picture or a table
TRIAL_S = 30  # to give an instrument a line of one's own
RECALL_S = 5
TEACHBACK_S = 60  # two or three sentences in a learner's own words
CODE = re.compile(r"```.*?```", re.DOTALL)  # to copy
COVERED = re.compile(r"\|\|.*?\|\|", re.DOTALL)  # a press shows it, for who wants it
WORD = re.compile(r"[^\W_](?:[^\s]*[^\W_])?")


@dataclass
class PressLog:
    """What a learner read and did, card by card.

    Small print is glanced at, and a line whose words all stood on the card before is one's own
    answer said again: neither is read.
    """

    entries: list[tuple[str, int]] = field(default_factory=list)  # what was pressed, words read
    thinking_s: float = 0.0
    _before: frozenset[str] = frozenset()

    def note(self, pressed: str, text: str) -> None:
        """Note a press and the card that it brought."""
        lines = [*_lines_read(text)]
        new = [words for words in lines if not self._before.issuperset(words)]
        self.entries.append((pressed, sum(map(len, new))))
        self._before = frozenset(word for words in lines for word in words)

    def think(self, seconds: float) -> None:
        """Note time that goes by without a press."""
        self.thinking_s += seconds

    @property
    def words(self) -> int:
        """All words read."""
        return sum(words for _, words in self.entries)

    @property
    def minutes(self) -> float:
        """How long it takes, in minutes."""
        done_s = PRESS_S * len(self.entries) + self.thinking_s
        return self.words / WORDS_A_MINUTE + done_s / 60

    def __str__(self) -> str:
        return f"{self.minutes:.1f} minutes: {self.words} words, {len(self.entries)} presses"


def unlike_a_lesson(right: PressLog, wrong: Sequence[PressLog]) -> Iterator[str]:
    """Say so if a lesson is too short or too long for who is right every other time.

    Args:
        right: A way through it on which every answer is right.
        wrong: Ways on which every answer is wrong, without hints.
    """
    minutes = (right.minutes + fmean(way.minutes for way in wrong)) / 2
    for way in (right, *wrong):
        print(way)  # noqa: T201  `pytest -rP` shows it
    if not SHORTEST <= round(minutes) <= LONGEST:
        yield f"takes {minutes:.1f} minutes, not {SHORTEST} to {LONGEST}"


def _lines_read(text: str) -> Iterator[list[str]]:
    for line in COVERED.sub("", CODE.sub("", text)).splitlines():
        if not line.startswith(("-#", "[")):
            yield WORD.findall(line.lower().replace("\\", ""))
