import pytest

from bot.ui.cards.kit import token
from bot.usecases.lesson.judging import KEPT, LOOKED_AT, JudgeToken
from tests.fakes.model import LIKELY, REST, UNLIKELY, FakeEngine
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.errors import Nonsense

PROMPT = "Kubernetes pods are scheduled by the"


@pytest.mark.parametrize(
    ("typed", "token", "rank"),
    [
        ("kube", " kube", 1),  # a learner may leave out the space that the model puts there
        (" kube", " kube", 1),
        ("scheduler", " scheduler", 2),
        ("\n", "\n", 13),
    ],
)
async def test_a_guess_stands_where_the_model_put_it(typed: str, token: str, rank: int) -> None:
    evidence = await JudgeToken(FakeEngine())(PROMPT, typed)
    assert (evidence.token, evidence.rank) == (token, rank)
    assert evidence.probability == pytest.approx(LIKELY[token])


async def test_of_a_word_with_and_without_its_space_the_likelier_counts() -> None:
    likely = {"kube": 0.5, " kube": 0.2, " x": 0.1}
    judge = JudgeToken(FakeEngine(likely=likely))
    assert (await judge(PROMPT, "kube")).token == "kube"
    assert (await judge(PROMPT, " kube")).token == " kube"  # the space was typed: it is meant


async def test_after_a_space_what_was_typed_is_meant() -> None:
    judge = JudgeToken(FakeEngine(likely={" Paris": 0.5, "Paris": 0.01, "2": 0.3}))
    assert (await judge("The capital of France is ", "Paris")).token == "Paris"


async def test_beyond_the_tokens_looked_at_the_likelier_form_is_scored_too() -> None:
    filler = {f" {n}": 0.01 for n in range(LOOKED_AT)}
    engine = FakeEngine(likely={**filler, "sofa": 0.004})
    evidence = await JudgeToken(engine)(PROMPT, "sofa")
    assert (evidence.token, evidence.rank) == ("sofa", LOOKED_AT + 1)
    assert evidence.probability == pytest.approx(0.004)


async def test_a_guess_the_model_never_thought_of_is_very_surprising() -> None:
    evidence = await JudgeToken(FakeEngine())(PROMPT, "sofa")
    assert evidence.probability == pytest.approx(UNLIKELY)
    assert evidence.surprisal_bits == pytest.approx(19.93, abs=0.01)
    assert not evidence.is_first_choice


async def test_the_evidence_says_what_was_likely_and_what_the_rest_share() -> None:
    evidence = await JudgeToken(FakeEngine())(PROMPT, "kube")
    assert [share.text for share in evidence.top] == list(LIKELY)[:KEPT]
    assert evidence.other_probability == pytest.approx(1 - sum(list(LIKELY.values())[:KEPT]))
    assert (evidence.model, evidence.engine) == ("fake-135m", "embedded")


async def test_a_model_that_lies_is_not_taken_for_evidence() -> None:
    with pytest.raises(Nonsense):
        await JudgeToken(FakeEngine(failure=Nonsense("It said NaN.")))(PROMPT, "kube")


async def test_the_fake_model_gives_what_a_model_could() -> None:
    engine = FakeEngine()
    shown = await engine.next_token(Prompt(PROMPT), 20)
    chances = [c.probability for c in shown.top]
    assert chances == sorted(chances, reverse=True)
    assert 0 < shown.other_probability < 1
    longer = await engine.next_token(Prompt(PROMPT, (shown.top[0].token.id,)), 20)
    assert longer.top[0].token != shown.top[0].token
    assert engine.calls == {"next_token": 2}


async def test_of_half_a_character_the_bytes_are_kept(embedded: LocalEngine) -> None:
    evidence = await JudgeToken(embedded)("日本", "語")
    assert token(evidence.token) == "`‹e8›`"
    assert not any("\ufffd" in share.text for share in evidence.top)


async def test_a_guess_of_several_tokens_is_scored_whole_too() -> None:
    """Class: a long guess is told off for its first token alone."""
    engine = FakeEngine(likely={" kube": 0.389, " k": 0.1})
    evidence = await JudgeToken(engine)(PROMPT, "kube-scheduler")
    assert (evidence.token, evidence.rank) == (" kube", 1)
    assert evidence.whole_probability == pytest.approx(0.389 * REST)


async def test_a_guess_of_one_token_has_no_whole_beside_it() -> None:
    assert (await JudgeToken(FakeEngine())(PROMPT, "kube")).whole_probability is None
