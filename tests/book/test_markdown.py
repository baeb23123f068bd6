"""The book as Markdown."""

import re

import pytest

from bot.book.markdown import markdown_of
from bot.book.recording import StepShown
from curriculum.kinds.base import AskedStep
from curriculum.schema import Course
from tests.fakes.clock import NOW
from tools.exhibit.exhibit import Code, Exhibit, Origin, Provenance

FOLDED = re.compile(r"<details><summary>.*?</details>", re.DOTALL)


def test_all_that_is_asked_stands_open_and_all_that_is_told_is_folded(shipped: Course) -> None:
    text = markdown_of(shipped, {}, NOW)
    opened = FOLDED.sub("", text)
    folded = " ".join(" ".join(FOLDED.findall(text)).split())
    for lesson in shipped.lessons:
        for step in lesson.sequence:
            for said in step.told():
                first = " ".join(said.split())[:40].split("<")[0].split("```")[0]
                assert first in folded
            if isinstance(step, AskedStep):
                assert " ".join(step.ask.split()) in opened
        assert all(line in opened for line in lesson.takeaways)
    assert text.count("<details>") == text.count("</details>") > 300


def test_markup_in_a_lesson_is_text_and_a_fence_in_an_exhibit_ends_nothing(course: Course) -> None:
    lesson = course.lessons[0].model_copy(update={"setup": "Say <b>no</b>.\n`a<b` stays."})
    hostile = course.model_copy(update={"lessons": (lesson,)})
    shown = Exhibit("A fence", (Code("```\n<script>"),), Provenance(Origin.COMPUTED))
    text = markdown_of(hostile, {("every-kind", "play"): StepShown(shown)}, NOW)
    assert "Say &lt;b>no&lt;/b>." in text
    assert "\n```\n<script>" not in text


@pytest.mark.parametrize("missing", ["A model server can: set HUNCH_MODEL_URL."])
def test_what_could_not_be_shown_is_said(course: Course, missing: str) -> None:
    text = markdown_of(course, {("every-kind", "play"): StepShown(missing=missing)}, NOW)
    assert f"*{missing}*" in text
