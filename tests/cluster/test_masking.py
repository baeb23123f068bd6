"""A real vLLM's structured output, against the embedded engine's under the same rule."""

import pytest

from bench.serve_vllm import MODEL
from tests.cluster.conftest import TIMEOUT_S
from tests.tools.engine.inside.rules import RULES
from tools import catalogue
from tools.engine.base import Capability
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.cluster.masking import constraint
from tools.engine.cluster.server import Server
from tools.engine.local.local import LocalEngine
from tools.engine.masking import Masked, Rule, RuleKind
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput
from tools.instruments.mask import EXAMPLES

STEPS = 32
NEAR = 0.02  # a share of 1: two computations in float32, one from weights of four bits
CASES = [
    *((one.prompt, Rule(RuleKind(kind), one.rule)) for kind, one in EXAMPLES.items()),
    *((prompt, rule) for prompt, rule in RULES),
]
ids = [f"{rule.kind.value} {rule.text[:30]}" for _, rule in CASES]


@pytest.mark.against("mask", by="a live vLLM's tokens")
@pytest.mark.parametrize(("prompt", "rule"), CASES, ids=ids)
async def test_a_real_vllm_writes_the_same_tokens_under_the_same_rule(
    prompt: str, rule: Rule, cluster_url: str, embedded: LocalEngine
) -> None:
    ours = await embedded.masked(prompt, rule, STEPS)
    server = Server(cluster_url, timeout_s=TIMEOUT_S)
    body = {
        "model": MODEL,
        "prompt": prompt,
        "max_tokens": STEPS,
        "temperature": 0,
        "return_token_ids": True,
        "structured_outputs": constraint(rule),
    }
    answer = await server.post("completions", body)
    await server.close()
    theirs = answer["choices"][0]["token_ids"]
    assert theirs == [step.token.id for step in ours.steps]


@pytest.mark.parametrize(("prompt", "rule"), CASES, ids=ids)
async def test_what_its_mask_cut_is_worked_out_as_it_is(
    prompt: str, rule: Rule, cluster: ClusterEngine, embedded: LocalEngine
) -> None:
    theirs, ours = [await one.masked(prompt, rule, STEPS) for one in (cluster, embedded)]
    assert [one.token.id for one in theirs.steps] == [one.token.id for one in ours.steps]
    assert theirs.fits == ours.fits
    assert theirs.is_ended == ours.is_ended
    for there, here in zip(theirs.steps, ours.steps, strict=True):
        assert there.cut == pytest.approx(here.cut, abs=NEAR)
        assert there.wanted.probability == pytest.approx(here.wanted.probability, abs=NEAR)
        if there.is_counted:
            assert there.allowed == here.allowed
        else:
            assert here.allowed >= there.allowed == 20
        shares = {one.token.id: one for one in here.top}
        for one in there.top:
            if one.token.id in shares:
                assert one.before == pytest.approx(shares[one.token.id].before, abs=NEAR)
                assert one.after == pytest.approx(shares[one.token.id].after, abs=NEAR)


async def test_without_a_mask_it_writes_what_the_embedded_one_does(
    cluster: ClusterEngine, embedded: LocalEngine
) -> None:
    rule = Rule(RuleKind.REGEX, EXAMPLES["regex"].rule)
    found: list[Masked] = [
        await one.masked(EXAMPLES["regex"].prompt, rule, 8) for one in (cluster, embedded)
    ]
    theirs, ours = [[token.id for token in one.free] for one in found]
    assert theirs == ours


@pytest.mark.parametrize("kind", EXAMPLES)
async def test_the_card_is_drawn_from_the_server(kind: str, shared: SharedEngine) -> None:
    shown = await catalogue.run(shared, "mask", {"kind": kind})
    assert (shown.provenance.model, shown.provenance.engine) == (MODEL, "cluster")
    assert shown.title.endswith("it fits")


async def test_the_server_is_found_to_mask(cluster: ClusterEngine) -> None:
    found = await cluster.find_out()
    assert found.masks
    assert Capability.MASK in cluster.capabilities()


async def test_a_rule_that_nothing_fits_is_refused_in_one_line(cluster: ClusterEngine) -> None:
    with pytest.raises(BadInput) as refused:
        await cluster.masked("x", Rule(RuleKind.JSON, '{"type": "objec"}'), 4)
    assert "\n" not in str(refused.value)
