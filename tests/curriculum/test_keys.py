"""Keys that follow from a number: what the check says of one that doesn't."""

from tests.curriculum.conftest import LESSON

MARKED = "    numbers:\n      - {value: 7, source: the question, is_key: true}\n    hints:\n"
AT_THE_CHOICE = (LESSON, "    hints:\n      - Watch it", f"{MARKED}      - Watch it")
ALL = "text: All at once\n"
ONE = "text: One token at a time\n"
ORDERED = "    hints:\n      - Text has to be cut"


def _spans(first: str, second: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (LESSON, ALL, f"{ALL}        between: {first}\n"),
        (LESSON, ONE, f"{ONE}        between: {second}\n"),
    )


def _ordered(*values: float) -> tuple[str, str, str]:
    lines = "".join(f"      - {{value: {v}, source: it, is_key: true}}\n" for v in values)
    return (LESSON, ORDERED, f"    numbers:\n{lines}{ORDERED}")


def test_a_number_marked_as_key_stands_in_the_right_option_alone(problems_after):
    assert problems_after(AT_THE_CHOICE, (LESSON, "One token at", "One of 7 at")) == []
    (both,) = problems_after((LESSON, "text: All at once", "text: All 7 at once"))
    assert both.text == "the right option, and no other, must have 7: mend the key"
    (other,) = problems_after((LESSON, "One of 7 at a time", "One at a time"))
    assert other.text == both.text


def test_of_options_in_words_the_right_one_alone_has_the_key_in_its_span(problems_after):
    assert problems_after(AT_THE_CHOICE, *_spans("[1, 3]", "[6.5, 7.5]")) == []
    (neither,) = problems_after((LESSON, "[6.5, 7.5]", "[8, 9]"))
    assert neither.text == "the right option, and no other, must have 7: mend the key"
    (wrong,) = problems_after((LESSON, "[1, 3]", "[7, 7]"))
    assert wrong.text == neither.text


def test_a_span_without_a_key_is_told(problems_after):
    (one, other) = problems_after(*_spans("[1, 3]", "[6, 8]"))
    assert one.text == other.text == "no number is marked `is_key`: mark the one meant"


def test_keys_of_an_order_rise_or_fall_one_for_each_stage(problems_after):
    assert problems_after(_ordered(4, 3, 2, 1)) == []


def test_an_order_whose_keys_do_neither_is_told(problems_after):
    (problem,) = problems_after(_ordered(4, 2, 3, 1))
    assert "neither rise nor fall" in problem.text


def test_an_order_with_too_few_keys_is_told(problems_after):
    (problem,) = problems_after(_ordered(4, 3))
    assert problem.text.startswith("4 stages and 2 numbers marked `is_key`")
