"""Every card of every lesson, and the largest of each kind, inside Discord's limits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.instrument.trial import Trial
from bot.domain.lesson.attempt import Attempt
from bot.domain.lesson.evidence import Evidence, Share
from bot.domain.lesson.projection import intro_of, screen_for
from bot.domain.lesson.screens import LessonScreen, RecapScreen, RevealScreen
from bot.domain.lesson.written import SENTENCE_CHARS, TEACHBACK_CHARS, TOKEN_CHARS
from bot.domain.privacy.sent import Receiver, Receivers, host_of
from bot.domain.progress.standing import home_of, progress_of
from bot.ui.buttons.tutor import OpenStep
from bot.ui.cards.fold import MOST_LINES
from bot.ui.cards.instrument import draw_instrument, draw_instruments
from bot.ui.cards.kit import Card
from bot.ui.cards.lesson.draw import draw
from bot.ui.cards.lesson.recap import draw_recap_post
from bot.ui.cards.pages import draw_help, draw_kept_back, draw_term, draw_welcome
from bot.ui.cards.privacy import draw_privacy
from bot.ui.cards.progress.home import draw_home
from bot.ui.cards.progress.progress import draw_progress
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep
from curriculum.schema import Course, Lesson
from tests.domain.lesson.walks import drafted, hinted, locked, revealed, standing_at, walked
from tests.fakes.clock import NOW
from tests.fakes.model import FakeEngine
from tests.journeys.player import parts_of
from tests.ui.limits import broken_limits, lines_above
from tools.catalogue import INSTRUMENTS
from tools.engine.base import Candidate, Distribution, Prompt, Token
from tools.engine.prompts import MAX_CHARACTERS
from tools.exhibit.exhibit import Exhibit
from tools.instruments import generate, next_token

NOTE = "The model server at some-quite-long-host.example.org:8000 isn't answering just now. " * 2
NASTY = ("*", "_", "`", "\u202e", "@", "日", "🧑‍💻", "|", "\n")
MANY_VOTES = {"x" * 40: 3, "y" * 40: 3, "z" * 40: 2, "A": 900, "B": 40, "too low": 2}


def screens_of(lesson: Lesson, course: Course) -> Iterator[LessonScreen]:
    """Yield every screen on the way through, right and wrong, on a first run and a later one."""
    screen: LessonScreen = intro_of(lesson)
    yield screen
    for is_right in (True, False):
        for run in (1, 2):
            for attempt in walked(lesson, is_right=is_right, run=run):
                first = attempt.guess if run > 1 else None
                former, screen = screen, screen_for(attempt, lesson, MANY_VOTES, first, course)
                yield screen
                if isinstance(screen, RecapScreen) and isinstance(former, RevealScreen):
                    yield replace(screen, before=former)  # as it is when the lesson has just ended
    for step in lesson.sequence:
        attempt = standing_at(lesson, step.id)
        for _ in getattr(step, "hints", ()):
            attempt = hinted(attempt, lesson)
            yield screen_for(attempt, lesson)


async def largest_exhibits() -> list[Exhibit]:
    """Return what the instruments draw at their largest."""
    engine = FakeEngine({" " + "w" * 30 + str(n): 0.04 for n in range(22)})
    return [
        next_token.exhibit(await engine.next_token(Prompt("x"), 20)),
        await generate.run(engine, generate.Generate(prompt="word " * 60, steps=20)),
    ]


async def test_every_card_of_every_lesson_fits(each: Course) -> None:
    drawn, largest = 0, await largest_exhibits()
    for lesson in each.lessons:
        for screen in screens_of(lesson, each):
            has_one = getattr(screen, "has_exhibit", False)
            for exhibit in (None, *largest) if has_one else (None,):
                for note in (None, NOTE):
                    view = draw(screen, exhibit, note, can_retry=note is not None)
                    assert broken_limits(view) == [], screen
                    assert note is None or NOTE in texts_of(view)[0]
                    drawn += 1
    assert drawn > 100


async def test_what_failed_stands_at_the_top_of_every_instrument() -> None:
    for exhibit in await largest_exhibits():
        trial = Trial(1, 1, "nexttoken", {}, 0)
        assert NOTE in texts_of(draw_instrument(trial, exhibit, NOTE))[0]


def test_every_recap_fits_where_it_is_posted(each: Course) -> None:
    for lesson in each.lessons:
        for screen in screens_of(lesson, each):
            if isinstance(screen, RecapScreen):
                assert broken_limits(draw_recap_post(screen, 2**63 - 1)) == [], screen


@pytest.mark.parametrize("sign", NASTY)
def test_the_longest_words_of_a_learner_fit(each: Course, sign: str) -> None:
    limits = {TextStep: SENTENCE_CHARS, TeachbackStep: TEACHBACK_CHARS, TokenStep: TOKEN_CHARS}
    drawn = 0
    for lesson in each.lessons:
        for step in lesson.sequence:
            longest = limits.get(type(step))
            if longest is None:
                continue
            words = ("x" + sign * longest)[:longest]
            for attempt in _stages(lesson, step.id, words):
                assert broken_limits(draw(screen_for(attempt, lesson), None, NOTE)) == []
                drawn += 1
    assert drawn


def texts_of(view: Card) -> list[str]:
    """What a card says, from top to bottom."""
    return [part["content"] for part in parts_of(view.to_components()) if part["type"] == 10]


def _stages(lesson: Lesson, step: str, words: str) -> list[Attempt]:
    return [make(lesson, step, words) for make in (drafted, locked, revealed)]


def test_evidence_of_odd_tokens_fits(shipped: Course) -> None:
    lesson = shipped.lessons[0]
    step = next(s for s in lesson.sequence if isinstance(s, TokenStep))
    attempt = revealed(lesson, step.id, "x")
    odd = tuple(Share(sign * 40, 0.01) for sign in NASTY[:5])
    evidence = Evidence("`" * 40, 49_000, 1e-12, 39.8, odd, 0.95, "m" * 60, "cluster", NOW)
    guess = attempt.guesses[0]
    shown = replace(attempt, guesses=(replace(guess, evidence=evidence, is_right=False),))
    assert broken_limits(draw(screen_for(shown, lesson), None, NOTE)) == []


def test_the_list_of_instruments_fits() -> None:
    assert broken_limits(draw_instruments(INSTRUMENTS)) == []
    assert lines_above(draw_instruments(INSTRUMENTS)) <= MOST_LINES
    many = {f"name-{n}-{'x' * 12}": INSTRUMENTS["generate"] for n in range(60)}
    renamed = {name: replace(one, name=name) for name, one in many.items()}
    assert broken_limits(draw_instruments(renamed)) == []


@pytest.mark.parametrize("sign", ["x", *NASTY])
async def test_the_largest_loop_by_hand_fits(sign: str) -> None:
    engine = FakeEngine({"\u202e`_\n" * 9 + str(n): 0.04 for n in range(22)})
    prompt = ("x" + f"{sign} " * MAX_CHARACTERS)[:MAX_CHARACTERS].strip()
    for call in (False, True):
        appended = tuple(range(64))
        params = next_token.NextToken(prompt=prompt, top=20, appended=appended, call=call)
        shown = await next_token.run(engine, params)
        assert broken_limits(draw_instrument(LAST, shown, NOTE)) == []


async def test_a_server_without_ids_offers_no_append() -> None:
    engine = NoIds()
    shown = await next_token.run(engine, next_token.NextToken(prompt="x", top=2))
    view = draw_instrument(LAST, shown)
    assert broken_limits(view) == []
    assert "Append" not in str(view.to_components())


class NoIds(FakeEngine):
    """A server that names only texts."""

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        found = await super().next_token(prompt, k)
        top = tuple(Candidate(Token(-1, c.token.text), c.logprob) for c in found.top)
        return replace(found, top=top)


LAST = Trial(10**18 - 1, 1, "nexttoken", {}, 999)


def test_pages_fit(each: Course) -> None:
    far = Receiver("m" * 200, host_of(f"https://{'h' * 200}:8000/v1"))
    for receivers in (Receivers(Receiver("smollm2")), Receivers(far, far)):
        for page in (draw_help(receivers), draw_privacy(receivers)):
            assert broken_limits(page) == []
            assert lines_above(page) <= MOST_LINES
    assert broken_limits(draw_welcome(each.lessons[0].slug)) == []
    for term in each.terms:
        assert broken_limits(draw_term(term)) == []
    longest = draw_kept_back("p" * 4000, "w" * 200, OpenStep("s" * 40, "i" * 40))
    assert broken_limits(longest) == []


def test_home_and_progress_fit_with_every_lesson_written(
    full: Course, attempts: list[Attempt]
) -> None:
    for shown in ([], attempts):
        assert broken_limits(draw_home(home_of(full, shown))) == []
        assert broken_limits(draw_progress(progress_of(full, shown))) == []
