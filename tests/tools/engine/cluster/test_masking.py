"""A server's structured output: found by asking, and what its mask cut, worked out."""

from typing import Any

import pytest
from aiohttp import web

from tests.fakes.servers import LyingServer, serving
from tests.tools.instruments.test_mask import prose, tables
from tools import catalogue
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import Missing, Nonsense
from tools.instruments import mask
from tools.instruments.mask import MaskParams

FLOOR, ROOF, END, OTHER = 3, 4, 5, 6  # ids of the server below


class MaskingServer:
    """Would say " other" (80 %), " floor" (15 %) or " roof" (5 %); a rule leaves the last two."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.is_before_mask = self.is_deaf = False

    def answer(self, body: dict[str, Any]) -> web.Response:
        self.bodies.append(body)
        if "prompt_logprobs" in body:
            return web.json_response({"choices": [self.raw()]})
        if "structured_outputs" in body and not self.is_deaf:
            if "zqxj" in str(body["structured_outputs"]):
                return web.json_response({"choices": [said("zqx", [9], [{9: 0.0}])]})
            return web.json_response({"choices": [self.masked()]})
        return web.json_response({"choices": [said(" other", [OTHER], [{OTHER: -0.223}])]})

    def masked(self) -> dict[str, Any]:
        first = {FLOOR: -0.28768, ROOF: -1.38629, OTHER: -9999.0}
        if self.is_before_mask:
            first = {OTHER: -0.22314, FLOOR: -1.89712, ROOF: -2.99573}
        return said(" floor", [FLOOR, END], [first, {END: 0.0, OTHER: -9999.0}])

    def raw(self) -> dict[str, Any]:
        first = {OTHER: (-0.22314, 1), FLOOR: (-1.89712, 2), ROOF: (-2.99573, 3)}
        second = {OTHER: (-0.01005, 1), END: (-4.60517, 7)}
        rows = [
            {str(number): {"logprob": value, "rank": rank} for number, (value, rank) in row.items()}
            for row in (first, second)
        ]
        return said(" other", [OTHER], [{OTHER: -0.2}]) | {"prompt_logprobs": [None, None, *rows]}


def said(text: str, ids: list[int], tops: list[dict[int, float]]) -> dict[str, Any]:
    spelt = [{f"token_id:{number}": value for number, value in top.items()} for top in tops]
    return {
        "text": text,
        "token_ids": ids,
        "prompt_token_ids": [1, 2],
        "finish_reason": "stop",
        "logprobs": {"top_logprobs": spelt},
    }


TEXTS = {FLOOR: " floor", ROOF: " roof", END: "<end>", OTHER: " other"}


def obeying(server: LyingServer) -> MaskingServer:
    """Let a server mask as vLLM does."""
    masking = MaskingServer()
    server.paths["/v1/completions"] = masking.answer
    server.paths["/detokenize"] = lambda body: web.json_response(
        {"prompt": TEXTS.get(body["tokens"][0], "?")}
    )
    return masking


CHOSEN = {"prompt": "The cat", "rule": "floor, roof"}


async def test_a_servers_mask_is_worked_out_from_before_and_after() -> None:
    async with serving() as server:
        asked = obeying(server)
        engine = SharedEngine(ClusterEngine(server.base_url, "served", timeout_s=5))
        shown = await mask.run(engine, MaskParams.model_validate(CHOSEN))
        await engine.close()
    steps, allowed = tables(shown)
    assert steps.rows == (("␣floor", "80.0", "␣other"), ("‹end›", "99.0", "␣other"))
    assert allowed.rows == (
        ("␣floor", "15.0", "75.0"),
        ("␣roof", "5.0", "25.0"),
        ("forbidden", "80.0", "cut"),
    )
    assert "2 tokens are allowed" in prose(shown)
    assert shown.provenance.engine == "cluster"
    assert asked.bodies[0]["structured_outputs"] == {"choice": ["floor", "roof"]}
    assert [1, 2, FLOOR, END] in [body["prompt"] for body in asked.bodies]


async def test_a_server_that_ignores_rules_is_found_out_and_told() -> None:
    async with serving() as server:
        asked = obeying(server)
        engine = ClusterEngine(server.base_url, "served", timeout_s=5)
        assert (await engine.find_out()).masks
        asked.is_deaf = True
        assert "lacks" in str(found := await engine.find_out())
        assert "structured_outputs" in str(found).partition("lacks")[2]
        with pytest.raises(Missing, match="takes no `structured_outputs`"):
            await mask.run(engine, MaskParams())
        await engine.close()


async def test_log_probabilities_from_before_the_mask_are_not_taken_for_those_after() -> None:
    async with serving() as server:
        obeying(server).is_before_mask = True
        engine = ClusterEngine(server.base_url, "served", timeout_s=5)
        with pytest.raises(Missing, match="are from before the mask"):
            await mask.run(engine, MaskParams.model_validate(CHOSEN))
        await engine.close()


async def test_a_server_that_has_no_ranks_is_not_believed() -> None:
    async with serving() as server:
        asked = obeying(server)
        asked.raw = lambda: said("x", [OTHER], [{OTHER: -0.2}])  # type: ignore[method-assign]
        engine = ClusterEngine(server.base_url, "served", timeout_s=5)
        with pytest.raises(Nonsense):
            await mask.run(engine, MaskParams.model_validate(CHOSEN))
        await engine.close()


async def test_the_embedded_model_masks_where_the_server_can_not(embedded: LocalEngine) -> None:
    async with serving() as server:
        obeying(server).is_deaf = True
        engine = ClusterEngine(server.base_url, "served", timeout_s=5)
        await engine.find_out()
        shown = await catalogue.run(engine, "mask", {}, instead=embedded)
        await engine.close()
    assert shown.provenance.engine == "embedded"
