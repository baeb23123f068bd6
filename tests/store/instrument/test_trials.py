"""What all trials promise: those in memory, those in SQLite and those in PostgreSQL alike."""

from dataclasses import replace

import pytest

from bot.domain.instrument.trial import turned
from bot.domain.learner import Learner
from tests.fakes.clock import NOW
from tests.store.conftest import Records

ADA, BOB = Learner(2**63 - 1, 900), Learner(2)


async def test_what_was_never_opened_is_none(records: Records) -> None:
    async with records.open_trials() as r:
        assert await r.trial(99) is None


async def test_a_trial_that_fails_half_way_leaves_nothing_behind(records: Records) -> None:
    async def fail_half_way() -> None:
        async with records.open_trials() as r:
            await r.enrol(BOB, NOW)
            await r.open_trial(BOB, "nexttoken", {"prompt": "The cat"}, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with records.open_trials() as r:
        assert await r.trial(1) is None


async def test_a_loop_by_hand_comes_back_as_it_was_left(records: Records) -> None:
    async with records.open_trials() as r:
        odd = {"prompt": "日本 ``` @everyone \U0001f600", "appended": [], "sharpen": 0.1}
        await r.enrol(ADA, NOW)
        trial = await r.open_trial(ADA, "nexttoken", odd, NOW)
    once = turned(trial, {**odd, "appended": [49_151]})
    twice = turned(once, {**odd, "appended": [49_151, 0]})
    async with records.open_trials() as r:
        assert await r.trial(trial.id) == trial
        assert await r.save_trial(once, NOW)
        assert await r.save_trial(twice, NOW)
        assert await r.trial(trial.id) == twice


async def test_a_loop_by_hand_is_written_over_its_former_revision_only(
    records: Records,
) -> None:
    async with records.open_trials() as r:
        await r.enrol(BOB, NOW)
        trial = await r.open_trial(BOB, "nexttoken", {"prompt": "The cat"}, NOW)
        other = await r.open_trial(BOB, "nexttoken", {"prompt": "The cat"}, NOW)
        assert trial.id != other.id
        assert await r.save_trial(turned(trial, {"top": 1}), NOW)
        assert not await r.save_trial(turned(trial, {"top": 2}), NOW)
        assert not await r.save_trial(replace(turned(trial, {"top": 2}), id=99), NOW)
        assert (await r.trial(trial.id)).chosen == {"top": 1}
        assert await r.trial(other.id) == other
