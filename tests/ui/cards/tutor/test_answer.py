"""The tutor's cards at their largest, inside Discord's limits; and what may stand in them."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.learner import Learner
from bot.domain.mode import Mode
from bot.domain.progress.standing import home_of
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import LONGEST_QUESTION, OpenQuestion, Outcome, Ran, Reply
from bot.ui.areas.tutor.handler import goes_to
from bot.ui.cards.progress.home import draw_home
from bot.ui.cards.tutor.answer import (
    ANSWER_CHARS,
    AnswerScreen,
    Writing,
    draw_answer,
    draw_ended,
    draw_forgotten,
    draw_stopped,
    draw_writing,
    prose,
)
from bot.ui.cards.tutor.questions import QuestionTopic, draw_questions, draw_told
from bot.ui.edge.glossary import named
from bot.usecases.tutor.questions import LONGEST_ANSWER
from curriculum.schema import Course
from tests.fakes.clock import NOW
from tests.fakes.model import FakeEngine
from tests.ui.limits import broken_limits
from tools.bound import BoundCatalogue
from tools.catalogue import INSTRUMENTS, as_it_comes

SIGNS = (
    "x",
    "*",
    "_",
    "`",
    "```",
    "#",
    "[",
    "<@1>",
    "@everyone ",
    "://",
    "\u202e",
    "日",
    "🧑‍💻",
    "\n> ",
)
ASKER = Learner(2**63 - 1)


def longest(sign: str, length: int) -> str:
    return ("a" + sign * length)[:length]


def told(sign: str) -> OpenQuestion:
    asked, answer = longest(sign, LONGEST_QUESTION), longest(sign, LONGEST_ANSWER)
    return OpenQuestion(2**62, 1, ASKER.id, asked, 1, (), NOW, answer)


async def every_run() -> list[Ran]:
    """Run every instrument that a fake model can run, as it comes."""
    catalogue, found = BoundCatalogue(FakeEngine()), []
    for name in ("nexttoken", "generate", "softmax", "batching", "fit"):
        chosen: dict[str, Any] = dict(as_it_comes(name))
        found.append(Ran(name, chosen, await catalogue.run(name, chosen)))
    return found


@pytest.mark.parametrize("sign", SIGNS)
async def test_the_largest_answer_fits(sign: str, shipped: Course) -> None:
    cited = [Source(1, step=step.id) for step in shipped.lessons[0].sequence][:4]
    sources = (*cited, *(Source(term.lesson, term=term.term) for term in shipped.terms))
    runs = await every_run()
    for first, second in zip(runs, runs[1:] + runs[:1], strict=True):
        reply = Reply(
            longest(sign, 9000),
            Outcome.ANSWERED,
            Mode.NOTES,
            sources,
            (first, second, first),
            note=longest(sign, 900),
        )
        screen = AnswerScreen(
            reply=reply,
            question=longest(sign, LONGEST_QUESTION),
            goes_to=tuple(goes_to(shipped, reply)),
            trials=(2**62, 2**62 + 1),
            left=3,
            on_list=True,
            is_private=False,
            told=told(sign),
        )
        for shown in (screen, replace(screen, told=None, question=None)):
            assert broken_limits(draw_answer(shown)) == []


@pytest.mark.parametrize("sign", SIGNS)
def test_an_answer_on_its_way_or_cut_off_fits(sign: str) -> None:
    question, text = longest(sign, LONGEST_QUESTION), longest(sign, 9000)
    looked = tuple(longest(sign, 300) for _ in range(3))
    for writing in (
        Writing(ASKER.id),
        Writing(ASKER.id, question, "", looked),
        Writing(ASKER.id, question, text, looked),
    ):
        assert broken_limits(draw_writing(writing)) == []
        for asks_again in (True, False):
            assert broken_limits(draw_ended(writing, "Why. " * 60, asks_again=asks_again)) == []
    assert broken_limits(draw_stopped([question] * 3)) == []
    assert broken_limits(draw_forgotten(50)) == []


@pytest.mark.parametrize("sign", SIGNS)
def test_the_longest_list_of_questions_fits(sign: str, shipped: Course) -> None:
    questions = [replace(told(sign), id=2**62 + n, answer=None) for n in range(40)]
    found = [longest(sign, 200)] * 40
    for size in (0, 1, 5, 9, 10, 11, 40):
        alone = [QuestionTopic(longest(sign, 200), questions[:size], found[:size])]
        spread = [QuestionTopic(f"{n}", [questions[n]], [found[n]]) for n in range(size)]
        for topics in (alone, spread):
            assert broken_limits(draw_questions(topics, "Note. " * 30)) == []
    assert broken_limits(draw_told(told(sign))) == []
    assert broken_limits(draw_home(home_of(shipped, []), told(sign))) == []


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("length", [1, 200, ANSWER_CHARS, 9000])
def test_prose_is_never_longer_than_it_may_be(sign: str, length: int) -> None:
    shown = prose(longest(sign, length), ANSWER_CHARS)
    assert len(shown) <= ANSWER_CHARS
    if length == 1:
        assert shown == "a"


def test_every_source_has_a_name_and_every_instrument_a_label(shipped: Course) -> None:
    steps = [Source(1, step=step.id) for step in shipped.lessons[0].sequence]
    assert [named(shipped, one) for one in steps][3] == "Lesson 1 · step 4"
    assert len({named(shipped, one) for one in steps}) == len(steps)
    assert named(shipped, Source(1, step="gone")) == "Lesson 1"
    gone = Reply("x", Outcome.ANSWERED, Mode.NOTES, (Source(99, step="gone"),))
    assert list(goes_to(shipped, gone)) == []
    assert all(len(f"Try {name} yourself") <= 80 for name in INSTRUMENTS)


@pytest.mark.parametrize(
    ("outcome", "mode", "label"),
    [
        (Outcome.ANSWERED, Mode.MODEL, "written by a chat model"),
        (Outcome.HINTED, Mode.MODEL, "the hint is a chat model's"),
        (Outcome.HINTED, Mode.NOTES, None),
        (Outcome.ABSTAINED, Mode.MODEL, None),  # those words are ours
    ],
)
def test_words_of_a_model_say_so_and_ours_do_not(
    outcome: Outcome, mode: Mode, label: str | None
) -> None:
    said = str(draw_answer(AnswerScreen(Reply("So it is.", outcome, mode))).to_components())
    assert ("chat model" in said) is (label is not None)
    assert label is None or label in said


def test_words_of_a_model_say_so_while_they_are_written_and_when_they_broke_off() -> None:
    begun = Writing(ASKER.id, text="One.")
    for drawn in (draw_writing(begun), draw_ended(begun, "Stopped.")):
        assert "written by a chat model" in str(drawn.to_components())
    bare = Writing(ASKER.id)
    for drawn in (draw_writing(bare), draw_ended(bare, "Stopped.")):
        assert "chat model" not in str(drawn.to_components())
