"""A lesson's minutes: what is read and pressed counts, what is said again doesn't."""

from tests.journeys.press_log import LONGEST, WORDS_A_MINUTE, PressLog, unlike_a_lesson

CARD = "### What comes next?\n**A**  this one\n**B**  that one\n[A]\n[B]\n-# Lesson 1 · 2 of 9"


def test_a_card_is_read_once_and_ones_own_answer_said_again_is_not() -> None:
    log = PressLog()
    log.note("Next", CARD)
    read = log.words
    log.note("A", f"{CARD}\n**A: this one**")
    assert (read, log.words) == (9, 9)
    log.note("sure", "### ✓ A: this one\nIt comes ||by far|| first.\n```\ncurl -s\n```")
    assert log.words == 9 + 3


def test_a_lesson_too_long_or_too_short_is_told() -> None:
    fitting, long = PressLog(), PressLog()
    fitting.note("Next", " ".join(map(str, range(12 * WORDS_A_MINUTE))))
    long.note("Next", " ".join(map(str, range(2 * LONGEST * WORDS_A_MINUTE))))
    assert [*unlike_a_lesson(fitting, [fitting])] == []
    assert len([*unlike_a_lesson(fitting, [long])]) == 1
    assert len([*unlike_a_lesson(PressLog(), [PressLog()])]) == 1
