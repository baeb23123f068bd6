"""What guesses at instruments promise: those in memory and those in both databases alike."""

from bot.domain.instrument.trial import TrialGuess
from bot.domain.learner import Learner
from tests.fakes.clock import NOW
from tests.store.conftest import Records

ADA = Learner(7, 900)


async def test_the_first_guess_of_a_trial_stands_and_is_counted(records: Records) -> None:
    async with records.open_trials() as r:
        await r.enrol(ADA, NOW)
        trials = [await r.open_trial(ADA, name, {}, NOW) for name in ("lens", "beam", "why")]
    guesses = [
        TrialGuess(trials[0].id, ADA.id, "lens", "under", "under", True),
        TrialGuess(trials[1].id, ADA.id, "beam", "no", "yes", False),
        TrialGuess(trials[2].id, ADA.id, "why"),
    ]
    async with records.open_trials() as r:
        assert not await r.has_guessed(ADA.id, "lens")
        assert [await r.keep_guess(one, NOW) for one in guesses] == guesses
        other = TrialGuess(trials[0].id, ADA.id, "lens", "over", "under", False)
        assert await r.keep_guess(other, NOW) == guesses[0]
    async with records.open_trials() as r:
        assert await r.has_guessed(ADA.id, "why")
        assert not await r.has_guessed(8, "why")
        assert await r.guessed_right(ADA.id) == (1, 2)
        assert await r.guessed_right(8) == (0, 0)
