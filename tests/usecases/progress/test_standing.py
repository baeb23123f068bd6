import pytest

from bot.domain.errors import NotFound
from bot.domain.learner import Learner
from bot.domain.progress.standing import LessonState
from bot.usecases.progress.standing import look_up, terms_like
from curriculum.schema import Course
from tests.usecases.conftest import Stage


async def test_home_shows_a_newcomer_where_to_begin(stage: Stage, ada: Learner) -> None:
    home = await stage.show_home(ada)
    assert [(s.state, s.slug) for s in home.lessons] == [
        (LessonState.NEW, "every-kind"),
        (LessonState.PLANNED, None),
    ]
    assert home.next == home.lessons[0]
    assert home.stops == (("text", True), ("tokens", False))


async def test_home_shows_how_far_a_lesson_has_come(stage: Stage, ada: Learner) -> None:
    await stage.guess(ada, "how-many", "12")
    line = (await stage.show_home(ada)).lessons[0]
    assert (line.state, line.index, line.total) == (LessonState.BEGUN, 2, 15)
    assert (line.right, line.scored) == (0, 1)


async def test_home_has_nothing_left_to_do_when_all_that_is_written_is_done(
    stage: Stage, ada: Learner
) -> None:
    await stage.finish(ada, is_right=True)
    home = await stage.show_home(ada)
    assert (home.lessons[0].state, home.next) == (LessonState.DONE, None)


async def test_another_learners_steps_are_not_shown_as_ones_own(
    stage: Stage, ada: Learner, bob: Learner
) -> None:
    await stage.finish(ada, is_right=True)
    assert (await stage.show_home(bob)).lessons[0].state is LessonState.NEW
    assert (await stage.show_progress(bob)).scored == 0


async def test_progress_sums_up_first_runs_only(stage: Stage, ada: Learner) -> None:
    await stage.finish(ada, is_right=False)
    first = await stage.show_progress(ada)
    await stage.finish(ada, is_right=True)
    assert await stage.show_progress(ada) == first
    assert (first.right, first.scored, first.terms) == (0, 9, 2)
    assert (first.calibration.sure, first.calibration.sure_and_right) == (9, 0)
    assert first.calibration.mean_brier == pytest.approx(0.85**2)
    assert first.mean_surprisal_bits is not None


async def test_progress_of_a_newcomer_is_empty_not_an_error(stage: Stage, ada: Learner) -> None:
    progress = await stage.show_progress(ada)
    assert (progress.lessons, progress.scored) == ((), 0)
    assert progress.calibration.mean_brier is None
    assert progress.mean_surprisal_bits is None


@pytest.mark.parametrize("wanted", ["token", "Tokens", " TOKEN ", "tok"])
def test_a_term_is_found_by_name_alias_or_beginning(course: Course, wanted: str) -> None:
    assert look_up(course, wanted).term == "token"


@pytest.mark.parametrize(
    ("wanted", "near"),
    [("o", "Near it: token, vocabulary"), ("", "Near it: token"), ("zzz", "the list as you type")],
)
def test_a_word_that_isnt_there_is_refused_with_what_is_near(
    course: Course, wanted: str, near: str
) -> None:
    with pytest.raises(NotFound, match=near):
        look_up(course, wanted)


def test_an_exact_name_wins_over_a_longer_one(shipped: Course) -> None:
    for term in shipped.terms:
        for name in (term.term, *term.aliases):
            assert look_up(shipped, name).term == term.term


def test_terms_that_begin_with_what_was_typed_come_first(course: Course) -> None:
    assert [t.term for t in terms_like(course, "")] == ["token", "vocabulary"]
    assert [t.term for t in terms_like(course, "o")] == ["token", "vocabulary"]
    assert [t.term for t in terms_like(course, "v")] == ["vocabulary"]
    assert terms_like(course, "zzz") == []
