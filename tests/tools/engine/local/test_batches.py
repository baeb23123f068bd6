from tools.engine.base import Prompt
from tools.engine.local.batches import TOKENS_TOGETHER, Cut, DistributionRequest, batches


def waiting(*lengths: int) -> list[Cut]:
    return [Cut(DistributionRequest(Prompt("x"), 1, 0), (5,) * length) for length in lengths]


def lengths(found: list[list[Cut]]) -> list[list[int]]:
    return [[len(one.ids) for one in batch] for batch in found]


def test_short_prompts_go_together_in_the_order_they_came() -> None:
    asked = waiting(8, 3, 100)
    assert batches(asked) == [asked]
    assert batches([]) == []


def test_a_long_prompt_makes_no_short_one_wait_for_it() -> None:
    assert lengths(batches(waiting(8, 2000, 9, 10))) == [[8], [2000], [9, 10]]


def test_a_pass_is_filled_up_to_its_bound() -> None:
    half = TOKENS_TOGETHER // 2
    assert lengths(batches(waiting(half, half, 1, half))) == [[half, half], [1, half]]
