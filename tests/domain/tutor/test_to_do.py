"""Every answer from the notes ends in one thing to do: fresh, one line, and no key."""

from dataclasses import replace
from itertools import pairwise

from bot.domain.lesson.attempt import Phase
from bot.domain.tutor.briefing import brief_for, newcomer
from bot.domain.tutor.passages import passages_of
from bot.domain.tutor.talk import Brief, Exchange, Question
from bot.domain.tutor.to_do import MARK, thing_to_do
from curriculum.schema import Course
from tests.agent.attacks import keys_to
from tests.domain.lesson.walks import standing_at


def test_it_is_never_the_same_line_twice_in_a_row(shipped: Course) -> None:
    passage, lines = passages_of(shipped)[0], list[str]()
    earlier: tuple[Exchange, ...] = ()
    for _ in range(6):
        asked = Question("what is it?", earlier)
        lines.append(thing_to_do(shipped, Brief(), asked, [passage], ["sampling"]))
        earlier = (Exchange("what is it?", f"It is so.\n\n{lines[-1]}"),)
    assert all(line.startswith(MARK) and "\n" not in line for line in lines)
    assert all(one != other for one, other in pairwise(lines))


def test_what_was_run_is_to_be_tried(shipped: Course) -> None:
    assert "sampling" in thing_to_do(shipped, Brief(), Question("?"), (), ["sampling"])


def test_who_stands_before_a_step_is_led_to_it(shipped: Course) -> None:
    at = replace(standing_at(shipped.lessons[0], "one-step"), phase=Phase.ASKING, draft=None)
    brief = brief_for(shipped, [at], is_private=True)
    assert "step 4 of lesson 1" in thing_to_do(shipped, brief, Question("?"))


def test_it_tells_a_newcomer_no_key(shipped: Course) -> None:
    new, asked = newcomer(shipped), Question("?")
    open_to_them = [one for one in passages_of(shipped) if not new.spoilers.hides(one)]
    assert open_to_them
    told = " ".join(thing_to_do(shipped, new, asked, [one]) for one in open_to_them).casefold()
    keys = {k for lesson in shipped.lessons for step in lesson.steps for k in keys_to(step)}
    assert [key for key in keys if key.casefold() in told] == []
