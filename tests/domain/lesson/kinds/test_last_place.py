"""Class: a press with nothing to choose. The last of an arrangement places itself."""

from bot.domain.lesson.scoring import is_complete, read_answer
from curriculum.schema import Course


def test_the_last_letter_places_itself(course: Course) -> None:
    for name, count in (("in-order", 4), ("who-holds", 3)):
        step = course.lessons[0].step(name)
        letters = "DCBA"[-count:]
        assert read_answer(step, letters[:-2]) == letters[:-2]
        assert read_answer(step, letters[:-1]) == letters
        assert is_complete(step, read_answer(step, letters[:-1]))
        assert read_answer(step, "") == ""
