"""A guess whose answer a class round had revealed is kept, judged, and no first try."""

from dataclasses import replace

from bot.domain.learner import Learner
from bot.domain.lesson.commands import Next, Reveal
from tests.usecases.conftest import CLASS, SLUG, Stage


async def to_the_end_of(stage: Stage, learner: Learner, step: str, answer: str) -> int:
    at = await stage.guess(learner, step, answer, level=4)
    await stage.give(learner, Reveal(at, step), Next(at, step))
    return at


async def test_it_is_counted_nowhere_but_stays_the_learners_guess(
    stage: Stage, ada: Learner
) -> None:
    stage.store.kept.seen.add((ada.id, SLUG, "pick"))
    at = await to_the_end_of(stage, ada, "pick", "B")
    made = stage.attempt(at).guess_at("pick")
    assert made is not None
    assert (made.answer, made.is_right, made.had_seen_answer) == ("B", True, True)
    assert stage.votes("pick") == {}
    assert stage.store.kept.first_tries == {}
    assert stage.store.kept.standings == {(CLASS, SLUG): (1, 0)}
    screen = await stage.show_progress(ada)
    assert (screen.right, screen.scored, screen.levels, screen.over.brier) == (0, 0, (), ())
    assert screen.calibration.mean_brier is None


async def test_what_is_seen_after_the_guess_changes_nothing(stage: Stage, ada: Learner) -> None:
    at = await stage.guess(ada, "pick", "B", level=4)
    stage.store.kept.seen.add((ada.id, SLUG, "pick"))
    await stage.give(ada, Reveal(at, "pick"))
    assert stage.votes("pick") == {"B": (1, 1)}
    assert [*stage.store.kept.first_tries.values()] == [(1, 1, 1)]


async def test_others_and_other_steps_are_tries_as_ever(
    stage: Stage, ada: Learner, bob: Learner
) -> None:
    stage.store.kept.seen.add((ada.id, SLUG, "pick"))
    at = await to_the_end_of(stage, ada, "pick", "B")
    await to_the_end_of(stage, bob, "pick", "A")
    assert stage.votes("pick") == {"A": (1, 0)}
    await stage.guess(replace(ada), "how-many", "12")
    assert stage.votes("how-many") == {"too low": (1, 0)}
    made = stage.attempt(at).guess_at("how-many")
    assert made is not None
    assert not made.had_seen_answer
