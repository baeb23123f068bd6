"""Windows to write in, inside Discord's limits, for every step that is answered in writing."""

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

from bot.ui.areas.instrument.windows import prompt_window
from bot.ui.areas.lesson.windows import answer_window, why_window
from bot.ui.buttons.daily import WriteToken
from bot.ui.buttons.instrument import Enter, TryPrompt
from bot.ui.buttons.lesson import Write, WriteAgain, WriteWhy, WriteWords
from bot.ui.buttons.path import WriteRedo
from bot.ui.buttons.round import WriteVote
from bot.ui.buttons.tutor import WriteAbout, WriteAnswer, WriteQuestion, WriteTerm
from bot.ui.cards.window import Window, field
from bot.ui.client import _windows
from curriculum.kinds.number import NumberStep
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course
from tools.catalogue import INSTRUMENTS

TEXT = 10  # of a part, as Discord numbers them
BOX = partial(field, "Yours", "", 10)
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
    told = [part["content"] for part in data["components"] if part["type"] == TEXT]
    if any(not 1 <= len(text) <= 4000 for text in told):
        wrong.append("text")
    for label in data["components"]:
        if label["type"] == TEXT:
            continue
        if not 1 <= len(label["label"]) <= 45:
            wrong.append(f"label {label['label']!r}")
        if len(label.get("description") or "") > 100:
            wrong.append(f"description {label['description']!r}")
        wrong += _wrong_with(label["component"])
    return wrong


def _wrong_with(part: dict[str, Any]) -> list[str]:
    if "options" not in part:
        return [] if 1 <= part["max_length"] <= 4000 else ["max_length"]
    labels = [option["label"] for option in part["options"]]
    return [] if 2 <= len(labels) <= 10 and max(map(len, labels)) <= 100 else [f"{labels}"]


async def test_every_window_fits_and_quotes_its_question(course: Course, shipped: Course) -> None:
    seen = set()
    for each in (course, shipped):
        for lesson in each.lessons:
            for step in lesson.sequence:
                if not isinstance(step, WRITTEN):
                    continue
                window = answer_window(Write(10**18 - 1, step.id, lesson.number), each)
                assert broken_limits(window) == []
                assert step.ask in window.to_dict()["components"][0]["content"]
                seen.add(window.title)
    assert seen == {"Your number", "The next token", "Your sentence", "Say it back"}


async def test_a_window_for_a_step_that_is_gone_still_opens(shipped: Course) -> None:
    assert broken_limits(answer_window(Write(1, "long-gone", 42), shipped)) == []


async def test_no_window_cuts_a_word_of_its_title(course: Course, shipped: Course) -> None:
    for each in (course, shipped):
        for window in _every_window(each):
            assert broken_limits(window) == []
            assert not window.title.endswith("…"), window.title  # none of ours is too long
    long = Window(TryPrompt(), "Explain to a colleague what happens in a transformer block", BOX())
    assert long.title == "Explain to a colleague what happens in a…"
    assert Window(TryPrompt(), "x" * 60, BOX()).title == "x" * 44 + "…"


def _every_window(course: Course) -> Iterator[Any]:
    path = SimpleNamespace(show_redo=SimpleNamespace(asked=lambda *_: None))  # a step that is gone
    windows: Any = _windows(SimpleNamespace(course=course, path=path))  # type: ignore[arg-type]
    for press in _written(course):
        yield windows[type(press)](press)
    assert {type(press) for press in _written(course)} == set(windows)


def _written(course: Course) -> Iterator[Any]:
    for one in course.lessons:
        for step in one.sequence:
            yield Write(1, step.id, one.number)
            yield WriteWords(1, step.id, one.number)
            yield WriteAgain(1, step.id, one.number)
            yield WriteVote(1, 1, one.number, step.id)
            yield WriteAbout(one.number, step.id)
    for instrument in INSTRUMENTS.values():
        for name in instrument.params.model_fields:
            yield Enter(1, 1, name)
    yield from (WriteWhy(1, "x"), TryPrompt(), WriteToken(1, 0), WriteQuestion(), WriteAnswer(1))
    yield WriteTerm()
    yield WriteRedo(1, "x", 1)


async def test_the_other_windows_fit(shipped: Course) -> None:
    assert broken_limits(why_window(WriteWhy(10**18 - 1, "x" * 24))) == []
    assert broken_limits(prompt_window(TryPrompt())) == []
