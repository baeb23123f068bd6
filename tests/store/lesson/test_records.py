"""What all records promise: those in memory, those in SQLite and those in PostgreSQL alike."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from bot.domain.learner import Learner
from bot.domain.lesson.attempt import Attempt, Guess, Phase
from bot.domain.lesson.evidence import Evidence, Share
from tests.fakes.clock import NOW
from tests.store.conftest import Records

ADA, BOB = Learner(2**63 - 1, 900), Learner(2)
EVIDENCE = Evidence(
    token="\ud83d",  # half a character, as a tokenizer may cut it
    rank=3,
    probability=0.1,
    surprisal_bits=3.3219280948873626,
    top=(Share("\ud83d\0", 0.4), Share(" \ufffd`\n", 0.2), Share("日本", 1e-9)),
    other_probability=0.3,
    model="smollm2-135m",
    engine="embedded",
    at=NOW,
)
PLAIN = Guess("pick", "B", 0.7, 1, NOW, True)
FULL = Guess(
    step="next",
    answer=" kube 日本 \u202e`@everyone`",
    confidence=1 / 3,
    hints=2,
    at=NOW,
    is_right=False,
    why="it's 'so' \"said\"; DROP TABLE guess;--",
    ticked=("scores", "appends"),
    evidence=EVIDENCE,
    version=3,
)


async def begun(records: Records, learner: Learner = ADA, lesson: str = "one") -> Attempt:
    async with records.open() as r:
        await r.enrol(learner, NOW)
        return await r.begin(learner, lesson, 1, "pick", NOW)


async def saved(records: Records, before: Attempt, after: Attempt) -> Attempt:
    async with records.open() as r:
        await r.save(before, after, NOW)
    async with records.open() as r:
        found = await r.attempt(after.id)
    assert found is not None
    return found


async def test_an_attempt_comes_back_as_it_was_begun(records: Records) -> None:
    attempt = await begun(records)
    where = ADA.cohort_id
    assert attempt == Attempt(attempt.id, ADA.id, "one", 1, "pick", cohort_id=where)
    async with records.open() as r:
        assert await r.attempt(attempt.id) == attempt
        assert await r.latest_attempt(ADA.id, "one") == attempt
        assert list(await r.attempts_of(ADA.id)) == [attempt]


async def test_what_was_never_kept_is_none_or_empty(records: Records) -> None:
    async with records.open() as r:
        assert await r.attempt(99) is None
        assert await r.latest_attempt(99, "one") is None
        assert list(await r.attempts_of(99)) == []
        assert await r.first_guess(99, "one", "pick") is None
        assert dict(await r.votes(900, "one", "pick")) == {}


async def test_enrolling_twice_is_once(records: Records) -> None:
    for _ in range(2):
        async with records.open() as r:
            await r.enrol(ADA, NOW)
            await r.enrol(replace(ADA, cohort_id=901), NOW)
            await r.enrol(BOB, NOW)
    await begun(records)


async def test_a_run_of_someone_never_enrolled_is_refused(records: Records) -> None:
    with pytest.raises(records.refusal):
        async with records.open() as r:
            await r.begin(Learner(5), "one", 1, "pick", NOW)


async def test_the_same_run_begun_twice_is_the_same_attempt(records: Records) -> None:
    first = await begun(records)
    moved = replace(first, step="how-many", hints=1)
    await saved(records, first, moved)
    assert await begun(records) == moved


async def test_the_latest_attempt_is_the_last_run_of_that_lesson(records: Records) -> None:
    first = await begun(records)
    other = await begun(records, lesson="two")
    async with records.open() as r:
        second = await r.begin(ADA, "one", 2, "pick", NOW)
        assert (second.run, second.id) == (2, max(first.id, other.id) + 1)
        assert await r.latest_attempt(ADA.id, "one") == second
        assert await r.latest_attempt(ADA.id, "two") == other
        assert list(await r.attempts_of(ADA.id)) == [first, other, second]


async def test_learners_dont_see_each_others_attempts(records: Records) -> None:
    hers, his = await begun(records), await begun(records, BOB)
    assert hers.id != his.id
    async with records.open() as r:
        assert await r.latest_attempt(BOB.id, "one") == his
        assert list(await r.attempts_of(ADA.id)) == [hers]


@pytest.mark.parametrize("draft", [None, "A", " 日本 \U0001f600", "x" * 1200])
@pytest.mark.parametrize("phase", Phase)
async def test_a_position_comes_back_as_it_was_saved(
    records: Records, phase: Phase, draft: str | None
) -> None:
    attempt = await begun(records)
    step = "" if phase is Phase.FINISHED else "next"
    after = replace(attempt, step=step, phase=phase, draft=draft, hints=2)
    assert await saved(records, attempt, after) == after


@pytest.mark.parametrize("guess", [PLAIN, FULL, replace(FULL, confidence=None, is_right=None)])
async def test_a_guess_comes_back_with_all_that_was_learnt_about_it(
    records: Records, guess: Guess
) -> None:
    attempt = await begun(records)
    after = replace(attempt, guesses=(guess,))
    assert await saved(records, attempt, after) == after


async def test_times_come_back_aware_and_the_same_moment(records: Records) -> None:
    attempt = await begun(records)
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    late = replace(PLAIN, at=there + timedelta(microseconds=1))
    found = await saved(records, attempt, replace(attempt, guesses=(late,)))
    assert found.guesses[0].at == late.at
    assert found.guesses[0].at.tzinfo is not None


async def test_guesses_come_back_in_the_order_they_were_made(records: Records) -> None:
    attempt = await begun(records)
    for number, step in enumerate(("z", "a", "m")):
        guess = replace(PLAIN, step=step, at=NOW + timedelta(seconds=number))
        attempt = await saved(records, attempt, replace(attempt, guesses=(*attempt.guesses, guess)))
    assert [g.step for g in attempt.guesses] == ["z", "a", "m"]


async def test_what_is_learnt_later_is_added_and_what_was_locked_in_stays(
    records: Records,
) -> None:
    attempt = await begun(records)
    locked = await saved(records, attempt, replace(attempt, guesses=(PLAIN,)))
    learnt = replace(PLAIN, is_right=False, why="so", ticked=("scores",), evidence=EVIDENCE)
    forged = replace(learnt, answer="C", confidence=0.97, hints=0, at=NOW + timedelta(days=1))
    found = await saved(records, locked, replace(locked, guesses=(forged,)))
    assert found.guesses == (learnt,)


async def test_a_second_guess_at_the_same_step_is_refused_with_all_that_came_with_it(
    records: Records,
) -> None:
    attempt = await begun(records)
    await saved(records, attempt, replace(attempt, guesses=(PLAIN,)))
    twin = replace(attempt, phase=Phase.LOCKED, guesses=(replace(PLAIN, answer="C"),))

    async def vote_and_guess() -> None:
        async with records.open() as r:
            await r.count_vote(900, "one", "pick", "C", right=0, vote=1)
            await r.save(attempt, twin, NOW)

    with pytest.raises(records.refusal):
        await vote_and_guess()
    async with records.open() as r:
        assert await r.attempt(attempt.id) == replace(attempt, guesses=(PLAIN,))
        assert dict(await r.votes(900, "one", "pick")) == {}


async def test_what_fails_half_way_leaves_nothing_behind(records: Records) -> None:
    attempt = await begun(records)

    async def fail_half_way() -> None:
        async with records.open() as r:
            await r.enrol(BOB, NOW)
            await r.begin(BOB, "one", 1, "pick", NOW)
            await r.save(attempt, replace(attempt, step="next", guesses=(PLAIN,)), NOW)
            await r.count_vote(900, "one", "pick", "B", right=1, vote=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with records.open() as r:
        assert await r.attempt(attempt.id) == attempt
        assert list(await r.attempts_of(BOB.id)) == []
        assert dict(await r.votes(900, "one", "pick")) == {}


async def test_what_was_just_written_is_read_back_before_it_is_kept(records: Records) -> None:
    attempt = await begun(records)
    after = replace(attempt, step="next", guesses=(PLAIN,))
    async with records.open() as r:
        await r.save(attempt, after, NOW)
        assert await r.attempt(attempt.id) == after


async def test_a_guess_whose_answer_was_known_comes_back_as_such(records: Records) -> None:
    attempt = await begun(records)
    after = replace(attempt, guesses=(replace(PLAIN, had_seen_answer=True),))
    await saved(records, attempt, after)
    async with records.open() as r:
        assert await r.attempt(attempt.id) == after


async def test_only_the_first_runs_guess_is_the_first_guess(records: Records) -> None:
    attempt = await begun(records)
    await saved(records, attempt, replace(attempt, guesses=(PLAIN,)))
    async with records.open() as r:
        second = await r.begin(ADA, "one", 2, "pick", NOW)
    await saved(records, second, replace(second, guesses=(replace(PLAIN, answer="C"),)))
    async with records.open() as r:
        assert await r.first_guess(ADA.id, "one", "pick") == PLAIN
        assert await r.first_guess(ADA.id, "one", "next") is None
        assert await r.first_guess(ADA.id, "two", "pick") is None


async def test_votes_add_up_by_class_lesson_step_and_answer(records: Records) -> None:
    async with records.open() as r:
        for cohort, step, answer in (
            (900, "pick", "A"),
            (900, "pick", "B"),
            (900, "pick", "B"),
            (900, "next", "日本"),
            (0, "pick", "A"),
            (2**63 - 1, "pick", "A"),
        ):
            await r.count_vote(cohort, "one", step, answer, right=0, vote=1)
        await r.count_vote(900, "one", "pick", "B", right=1, vote=0)
    async with records.open() as r:
        assert dict(await r.votes(900, "one", "pick")) == {"A": 1, "B": 2}
        assert dict(await r.votes(900, "one", "next")) == {"日本": 1}
        assert dict(await r.votes(0, "one", "pick")) == {"A": 1}
        assert dict(await r.votes(900, "two", "pick")) == {}
