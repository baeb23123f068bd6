"""Practising, on fakes: cards of learners from before, races, ranks, reminders."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.errors import NotFound, NotYours, StaleClick
from bot.domain.learner import Learner
from bot.domain.practice.commands import BringBack, GradeCard, LookUp, SetAside, TakeBack
from bot.domain.practice.plan import Plan
from bot.domain.practice.review import LOOKED
from bot.domain.practice.scheduling import Scheduling
from bot.domain.practice.screens import AskScreen, RestScreen, TellScreen
from bot.usecases.lesson.judging import JudgeToken
from bot.usecases.practice.desk import Rules
from bot.usecases.practice.reminding import Nudge, Wish
from bot.usecases.practising import Practising, practising
from tests.fakes.clock import NOW
from tests.usecases.conftest import Stage


class Desk:
    """Practising on the stage's store, with a clock to turn."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.now = stage, NOW
        self.use = self.process()

    def process(self) -> Practising:
        """Return all of it anew, as another process would have it."""
        kept = self.stage.practice
        judge = JudgeToken(self.stage.engine)
        ports = (kept.open_reviews, kept.open_dailies, self.stage.store.open)
        return practising(self.stage.take_turn, *ports, judge, self.tell, Rules())

    def tell(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += timedelta(**by)

    @property
    def kept(self):
        return self.stage.practice.kept


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


async def shown_card(desk: Desk, learner: Learner) -> AskScreen:
    screen = await desk.use.show_review(learner)
    assert isinstance(screen, AskScreen)
    return screen


async def look(desk: Desk, learner: Learner) -> TellScreen:
    place = (await shown_card(desk, learner)).place
    told = await desk.use.take_review(LookUp(place.card_id, place.revision, LOOKED), learner)
    assert isinstance(told, TellScreen)
    return told


async def test_learners_from_before_get_their_cards_when_they_look(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)  # by the plain turn, which makes none
    assert desk.kept.cards == {}
    desk.go_on(days=2)
    home = await desk.use.show_home(ada)
    assert home.practice.due == len(desk.kept.cards) == 10
    assert desk.kept.plans[ada.id].weights == Scheduling().weights
    again = await desk.use.show_home(ada)
    assert again.practice.due == len(desk.kept.cards) == 10


async def test_a_steps_card_goes_with_its_step(stage: Stage, desk: Desk, ada: Learner) -> None:
    await stage.finish(ada, is_right=False)
    await desk.use.show_home(ada)
    lesson = stage.course.lessons[0]
    kept = tuple(step for step in lesson.steps if step.id != "pick")
    shorter = lesson.model_copy(update={"steps": kept})
    stage.take_turn = replace(
        stage.take_turn, course=stage.course.model_copy(update={"lessons": (shorter,)})
    )
    desk.go_on(days=2)
    assert (await desk.process().show_home(ada)).practice.due == 9


async def test_stored_weights_count_not_the_defaults(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    weights = list(Scheduling().weights)
    weights[0] = 30.0  # the stability in days that a first Again gives
    async with stage.practice.open_reviews() as reviews:
        await reviews.enrol(ada, NOW)
        await reviews.save_plan(Plan(ada.id, weights=tuple(weights)))
    await stage.finish(ada, is_right=False)
    await desk.use.show_home(ada)
    assert {c.memory.stability for c in desk.kept.cards.values()} == {30.0}


async def test_of_two_clicks_at_once_one_counts(stage: Stage, desk: Desk, ada: Learner) -> None:
    await stage.finish(ada, is_right=False)
    desk.go_on(days=1)
    place = (await look(desk, ada)).place
    grade = GradeCard(place.card_id, place.revision, 1)
    done = await asyncio.gather(
        *(desk.use.take_review(grade, ada) for _ in range(4)), return_exceptions=True
    )
    assert sorted(isinstance(one, StaleClick) for one in done) == [False, True, True, True]
    assert len(desk.kept.reviews) == 1


async def test_undo_gives_back_the_card_the_review_and_the_days_place(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    desk.go_on(days=1)
    place = (await look(desk, ada)).place
    before = desk.kept.cards[place.card_id].memory
    left = await desk.use.take_review(GradeCard(place.card_id, place.revision, 1), ada)
    assert left.before is not None
    back = await desk.use.take_review(TakeBack(left.before.review_id), ada)
    assert isinstance(back, AskScreen)
    assert back.place.card_id == place.card_id
    assert desk.kept.cards[place.card_id].memory == before
    assert desk.kept.reviews == {}
    with pytest.raises(StaleClick, match="can be taken back"):
        await desk.use.take_review(TakeBack(left.before.review_id), ada)
    with pytest.raises(StaleClick):  # the old button of before
        await desk.use.take_review(GradeCard(place.card_id, place.revision, 1), ada)


async def test_only_the_last_grade_can_be_taken_back(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    desk.go_on(days=1)
    numbers = []
    for _ in range(2):
        desk.go_on(seconds=1)
        place = (await look(desk, ada)).place
        after = await desk.use.take_review(GradeCard(place.card_id, place.revision, 1), ada)
        numbers.append(after.before.review_id)
    with pytest.raises(StaleClick):
        await desk.use.take_review(TakeBack(numbers[0]), ada)
    await desk.use.take_review(TakeBack(numbers[1]), ada)
    await desk.use.take_review(TakeBack(numbers[0]), ada)


async def test_anothers_card_is_refused(
    stage: Stage, desk: Desk, ada: Learner, bob: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    desk.go_on(days=1)
    place = (await shown_card(desk, ada)).place
    for command in (
        LookUp(place.card_id, place.revision, "A"),
        GradeCard(place.card_id, place.revision, 3),
        SetAside(place.card_id, place.revision),
    ):
        with pytest.raises(NotYours):
            await desk.use.take_review(command, bob)


@pytest.mark.parametrize("said", ["", "Z", "AB", "pick"])
async def test_a_forged_pick_is_refused(stage: Stage, desk: Desk, ada: Learner, said: str) -> None:
    await stage.finish(ada, is_right=False)
    desk.go_on(days=1)
    place = (await shown_card(desk, ada)).place
    with pytest.raises(StaleClick):
        await desk.use.take_review(LookUp(place.card_id, place.revision, said), ada)


async def test_all_set_aside_is_rest_and_comes_back_whole(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    desk.go_on(days=1)
    screen = await desk.use.show_review(ada)
    while isinstance(screen, AskScreen):
        aside = SetAside(screen.place.card_id, screen.place.revision)
        screen = await desk.use.take_review(aside, ada)
    assert isinstance(screen, RestScreen)
    assert (screen.aside, screen.next_due) == (10, None)
    back = await desk.use.take_review(BringBack(), ada)
    assert isinstance(back, AskScreen)
    assert back.place.left == 10


async def nudges(desk: Desk) -> list[Nudge]:
    reminders = desk.process().due_reminders
    claimed = [await reminders.claim(who) for who in await reminders.who()]
    return [nudge for nudge in claimed if nudge]


async def test_many_processes_remind_once(
    stage: Stage, desk: Desk, ada: Learner, bob: Learner
) -> None:
    for learner in (ada, bob):
        await stage.finish(learner, is_right=False)
        await desk.use.remind(Wish(9, "UTC"), learner)
    desk.now = datetime(2026, 1, 2, 9, 0, 30, tzinfo=NOW.tzinfo)
    found = await asyncio.gather(*(nudges(desk) for _ in range(4)))
    assert sorted(n.learner_id for some in found for n in some) == [ada.id, bob.id]
    assert {n.due for some in found for n in some} == {10}


async def test_a_crash_after_the_claim_sends_nothing_twice(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    await desk.use.remind(Wish(9, "UTC"), ada)
    desk.now = datetime(2026, 1, 2, 9, 0, 30, tzinfo=NOW.tzinfo)
    assert await desk.use.due_reminders.claim(ada.id)  # and then the process dies
    assert await nudges(desk) == []


async def test_what_could_not_be_sent_is_due_again_until_it_is_late(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    await desk.use.remind(Wish(9, "UTC"), ada)
    desk.now = nine = datetime(2026, 1, 2, 9, tzinfo=NOW.tzinfo)
    tries = 0
    while desk.now < nine + timedelta(hours=8):
        for nudge in await nudges(desk):
            tries += 1
            await desk.use.due_reminders.put_off(nudge)
        desk.now += timedelta(minutes=1)
    assert tries == 19  # in three hours
    desk.now = nine + timedelta(days=1)
    assert len(await nudges(desk)) == 1


async def test_what_was_put_off_and_then_sent_comes_no_second_time(
    stage: Stage, desk: Desk, ada: Learner
) -> None:
    await stage.finish(ada, is_right=False)
    await desk.use.remind(Wish(9, "UTC"), ada)
    desk.now = datetime(2026, 1, 2, 9, tzinfo=NOW.tzinfo)
    (nudge,) = await nudges(desk)
    await desk.use.due_reminders.put_off(nudge)
    await desk.use.due_reminders.put_off(nudge)  # another process gives back the same
    desk.now += timedelta(minutes=10)
    assert len(await nudges(desk)) == 1
    for _ in range(12):
        desk.now += timedelta(hours=1)
        assert await nudges(desk) == []


async def test_ranks_count_only_those_who_show_theirs_in_their_own_class(
    stage: Stage, desk: Desk, ada: Learner, bob: Learner
) -> None:
    await stage.finish(ada, is_right=True)
    await stage.finish(bob, is_right=False)
    assert (await desk.use.show_progress(bob)).practice.rank is None
    assert (await desk.use.show_progress(bob, is_ranked=True)).practice.rank == (0, 1)
    assert (await desk.use.show_progress(ada, is_ranked=True)).practice.rank == (0, 2)
    assert (await desk.use.show_progress(bob)).practice.rank == (1, 2)
    assert (await desk.use.show_progress(replace(bob, cohort_id=0))).practice.rank is None
    assert (await desk.use.show_progress(ada, is_ranked=False)).practice.rank is None
    assert (await desk.use.show_progress(bob)).practice.rank == (0, 1)


async def test_a_course_without_passages_says_what_else_there_is(desk: Desk, ada: Learner) -> None:
    with pytest.raises(NotFound, match="no passages to guess"):
        await desk.use.daily.show(ada)


async def test_the_model_is_never_asked_inside_a_transaction(
    stage: Stage, shipped, ada: Learner
) -> None:
    turn = replace(stage.take_turn, course=shipped)
    kept = stage.practice
    ports = (kept.open_reviews, kept.open_dailies, stage.store.open)
    use = practising(turn, *ports, JudgeToken(stage.engine), lambda: NOW, Rules())
    screen = await use.daily.guess(NOW.date().toordinal(), 0, "kube", ada)  # the stage asserts it
    assert len(screen.told) == 1
