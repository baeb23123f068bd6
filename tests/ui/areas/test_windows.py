"""Windows to write in, inside Discord's limits, for every step that is answered in writing."""

from bot.ui.areas.instrument.windows import prompt_window
from bot.ui.areas.lesson.windows import answer_window, why_window
from bot.ui.buttons.instrument import TryPrompt
from bot.ui.buttons.lesson import Write, WriteWhy
from curriculum.kinds.number import NumberStep
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course

WRITTEN = NumberStep | TokenStep | TextStep | TeachbackStep


def broken_limits(window: object) -> list[str]:
    data = window.to_dict()  # type: ignore[attr-defined]
    wrong = []
    if not 1 <= len(data["title"]) <= 45:
        wrong.append(f"title {data['title']!r}")
    if len(data["custom_id"]) > 100:
        wrong.append("custom_id")
    if not 1 <= len(data["components"]) <= 5:
        wrong.append("parts")
    for label in data["components"]:
        if not 1 <= len(label["label"]) <= 45:
            wrong.append(f"label {label['label']!r}")
        if len(label.get("description") or "") > 100:
            wrong.append(f"description {label['description']!r}")
        if not 1 <= label["component"]["max_length"] <= 4000:
            wrong.append("max_length")
    return wrong


async def test_every_window_fits_and_quotes_its_question(course: Course, shipped: Course) -> None:
    seen = set()
    for each in (course, shipped):
        for lesson in each.lessons:
            for step in lesson.sequence:
                if not isinstance(step, WRITTEN):
                    continue
                window = answer_window(Write(10**18 - 1, step.id, lesson.number), each)
                assert broken_limits(window) == []
                seen.add(window.title)
    assert seen == {"Your number", "The next token", "Your sentence", "Say it back"}


async def test_a_window_for_a_step_that_is_gone_still_opens(shipped: Course) -> None:
    assert broken_limits(answer_window(Write(1, "long-gone", 42), shipped)) == []


async def test_the_other_windows_fit(shipped: Course) -> None:
    assert broken_limits(why_window(WriteWhy(10**18 - 1, "x" * 24))) == []
    assert broken_limits(prompt_window(TryPrompt())) == []
