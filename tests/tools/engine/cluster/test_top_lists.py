"""Both shapes of log-probabilities, and what stands in such lists that is no probability."""

import math
from typing import Any

import pytest
from aiohttp import web

from tests.fakes.servers import LyingServer, completion, cut, honest
from tools.engine.base import Distribution, Prompt, bytes_of
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.top_lists import Listed, read_top_list
from tools.errors import Nonsense

FLT_MAX = 3.4028235e38
TOP = {" port": -0.9, " shore": -1.6, " inn": -2.3}


def newer(top: list[Any]) -> dict[str, Any]:
    """As llama.cpp answers."""
    return {"content": [{**(top[0] if top else {}), "top_logprobs": top}]}


def entry(token: str, logprob: Any, **more: Any) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode()), **more}


async def shown(server: LyingServer, logprobs: Any, k: int = 5) -> Distribution:
    honest(server).says("/v1/completions", completion(logprobs=logprobs, prompt_token_ids=None))
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    try:
        return await engine.next_token(Prompt("The ship left"), k)
    finally:
        await engine.close()


@pytest.mark.parametrize("ids", [True, False])
async def test_the_newer_shape_is_read_with_its_ids_and_bytes(
    server: LyingServer, ids: bool
) -> None:
    top = [
        entry(text, value, **({"id": number} if ids else {}))
        for number, (text, value) in enumerate(TOP.items(), 7)
    ]
    found = await shown(server, newer(top))
    assert [(c.token.text, c.logprob) for c in found.top] == list(TOP.items())
    assert [c.token.id for c in found.top] == ([7, 8, 9] if ids else [-1] * 3)
    assert not server.bodies("/detokenize")


async def test_two_halves_of_a_character_are_two_rows_with_their_own_bytes(
    server: LyingServer,
) -> None:
    halves = [
        {"id": n, "token": "\ufffd", "bytes": [byte], "logprob": -1.0 - n}
        for n, byte in enumerate((0xE6, 0xE7))
    ]
    found = await shown(server, newer(halves))
    assert [bytes_of(c.token) for c in found.top] == [b"\xe6", b"\xe7"]


async def test_the_bytes_are_believed_before_the_text(server: LyingServer) -> None:
    found = await shown(server, newer([entry("Ġport", -0.9, bytes=list(b" port"))]))
    assert found.top[0].token.text == " port"


@pytest.mark.parametrize("never", [-math.inf, None, -9999, -9999.0, -FLT_MAX])
@pytest.mark.parametrize("is_newer", [True, False])
async def test_what_cannot_come_is_left_out_and_the_rest_is_shown(
    server: LyingServer, never: Any, is_newer: bool
) -> None:
    told = {" port": -0.05, " inn": never}
    top = newer([entry(*one) for one in told.items()]) if is_newer else {"top_logprobs": [told]}
    found = await shown(server, top)
    assert [c.token.text for c in found.top] == [" port"]
    assert found.never == 1
    assert found.other_probability == pytest.approx(1 - math.exp(-0.05))


async def test_a_list_of_nothing_that_can_come_is_nonsense(server: LyingServer) -> None:
    with pytest.raises(Nonsense, match="an empty list"):
        await shown(server, {"top_logprobs": [{" a": -math.inf, " b": None}]})


async def test_equals_stay_in_the_server_s_own_order(server: LyingServer) -> None:
    found = await shown(server, {"top_logprobs": [{" z": -2.0, " b": -1.0, " a": -1.0}]})
    assert [c.token.text for c in found.top] == [" b", " a", " z"]


def test_bare_numbers_are_ids_where_the_tokens_are_numbers() -> None:
    told = {"tokens": [42], "top_logprobs": [{"42": -0.5, "7": -2.0}]}  # mlx-lm
    assert [one.id for one in read_top_list(told, 0).tokens] == [42, 7]
    assert read_top_list({"top_logprobs": [{"42": -0.5}]}, 0).tokens == (Listed(None, "42", -0.5),)


def test_a_newer_list_without_a_top_has_the_token_itself() -> None:
    told = {"content": [{"token": " a", "logprob": -0.5, "top_logprobs": []}]}
    assert read_top_list(told, 0).tokens == (Listed(None, " a", -0.5),)


def test_a_token_that_is_named_twice_is_one() -> None:
    told = [entry(" a", -0.5, id=3), entry(" a", -0.5, id=3), entry(" b", -2.0, id=4)]
    assert [one.id for one in read_top_list(newer(told), 0).tokens] == [3, 4]


def test_what_a_server_rounded_up_sums_to_1() -> None:
    found = read_top_list({"top_logprobs": [{" a": math.log(0.6), " b": math.log(0.405)}]}, 0)
    assert math.fsum(math.exp(one.logprob) for one in found.tokens) <= 1 + 1e-12


@pytest.mark.parametrize(
    "lie",
    [
        newer([]),
        {"content": []},
        {"content": [None]},
        {"content": [{"top_logprobs": [{"token": 4, "logprob": -1.0}]}]},
        {"content": [{"top_logprobs": [{"token": " a"}]}]},
        newer([entry(" a", -1.0, id="7")]),
        newer([entry(" a", -1.0, id=-7)]),
        newer([entry(" a", math.nan)]),
        newer([entry(" a", -0.1), entry(" b", -0.1)]),
        {"top_logprobs": [[1, 2]]},
    ],
)
async def test_what_cannot_be_true_is_nonsense_in_the_newer_shape_too(
    server: LyingServer, lie: Any
) -> None:
    with pytest.raises(Nonsense):
        await shown(server, lie)


@pytest.mark.parametrize("text", ["\ufffd", " \ufffd", ""])
async def test_a_token_that_is_half_a_character_is_asked_past(
    server: LyingServer, text: str
) -> None:
    """llama.cpp lists nothing beside one; its lists are from before any bias."""
    half = completion(text=text, logprobs=None, prompt_token_ids=None)
    top = newer([{"id": 9, "token": "\ufffd", "bytes": [0xE6], "logprob": -0.9}])

    def answer(body: Any) -> web.Response:
        listed = completion(logprobs=top, prompt_token_ids=None)
        return web.json_response(listed if "logit_bias" in body else half)

    honest(server).paths["/v1/completions"] = answer
    engine = ClusterEngine(server.base_url, "served", timeout_s=5)
    found = await engine.next_token(Prompt("The"), 3)
    assert [(c.token.id, bytes_of(c.token)) for c in found.top] == [(9, b"\xe6")]
    certain = newer([entry(" the", -0.0001, id=cut(" the")[-1])])  # a list from after the bias

    def biased(body: Any) -> web.Response:
        listed = completion(logprobs=certain, prompt_token_ids=None)
        return web.json_response(listed if "logit_bias" in body else half)

    server.paths["/v1/completions"] = biased
    with pytest.raises(Nonsense):
        await engine.next_token(Prompt("The"), 3)
    await engine.close()
