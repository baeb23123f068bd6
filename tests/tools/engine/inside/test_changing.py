"""Training and rounding: what they do, and that nothing of it stays."""

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch

from tests.tools.engine.conftest import fingerprint
from tools.engine.base import Prompt
from tools.engine.forward.kept_runs import KeptRuns
from tools.engine.forward.own.own_forward import OwnForward
from tools.engine.inside import quantizing, training
from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel
from tools.errors import BadInput

SENTENCE = "Our cluster is named Marmot"
KUBERNETES = "Kubernetes pods are scheduled by the"


async def test_the_running_weights_are_the_same_bytes_after_training_and_rounding(
    embedded: LocalEngine, running: CausalModel
) -> None:
    before = fingerprint(running.network)
    told = await embedded.next_token(Prompt(KUBERNETES), 5)
    trained = await embedded.train(SENTENCE, 1, 0.03)
    coarse = await embedded.quantized(KUBERNETES, 4)
    assert fingerprint(running.network) == before
    assert embedded._loaded is not None
    assert isinstance(embedded._loaded.forward, OwnForward)
    embedded._loaded.forward._runs = KeptRuns()  # nothing kept may answer in place of the weights
    again = await embedded.next_token(Prompt(KUBERNETES), 5)
    assert [c.token for c in again.top] == [c.token for c in told.top]
    assert [c.logprob for c in again.top] == pytest.approx([c.logprob for c in told.top], abs=1e-4)
    assert trained.losses_bits[1] < trained.losses_bits[0]
    assert len(trained.before) == len(trained.after) == len(trained.tokens) - 1
    scored = await embedded.score(Prompt("Our"), " cluster is named Marmot")
    assert trained.before == pytest.approx([math.exp(s.logprob) for s in scored], rel=1e-3)
    mean = sum(s.surprisal_bits for s in scored) / len(scored)
    assert trained.losses_bits[0] == pytest.approx(mean, rel=1e-3)
    assert coarse.shifts[0].before == pytest.approx(told.top[0].probability, rel=1e-3)
    assert coarse.shifts[0].after < coarse.shifts[0].before


def test_steps_are_those_of_torchs_own_gradient_descent(tiny: CausalModel) -> None:
    ids = torch.tensor([tiny.tokenize(SENTENCE)])
    own = copy.deepcopy(tiny.network)
    descent = torch.optim.SGD(own.parameters(), lr=0.1)
    losses = []
    for _ in range(3):
        loss = own(ids, labels=ids).loss
        losses.append(float(loss.detach()) / math.log(2))
        descent.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(own.parameters(), 1.0)
        descent.step()
    found = answered(training.train(tiny, SENTENCE, 3, 0.1))
    assert found.losses_bits[:3] == pytest.approx(losses, rel=1e-4)
    with torch.inference_mode():
        shares = own(ids).logits[0, :-1].double().softmax(-1)
    after = shares.gather(1, ids[0, 1:, None])[:, 0].tolist()
    assert found.after == pytest.approx(after, rel=1e-3)


def answered(work: Any) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as ended:
            return ended.value


@pytest.mark.parametrize(("text", "steps"), [("x", 1), (SENTENCE, 0), (SENTENCE, 21)])
async def test_what_can_not_be_trained_is_told(
    embedded: LocalEngine, text: str, steps: int
) -> None:
    with pytest.raises(BadInput, match="2 to 48 tokens and 1 to 20 steps"):
        await embedded.train(text, steps, 0.03)


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("columns", [64, 80, 200])
def test_rounding_is_that_of_a_plain_loop(bits: int, columns: int) -> None:
    weight = np.random.default_rng(columns).normal(size=(3, columns)).astype(np.float32)
    weight[1, :64] = 0
    most = 2 ** (bits - 1) - 1
    wanted = np.zeros_like(weight)
    for row in range(3):
        for start in range(0, columns, 64):
            group = weight[row, start : start + 64]
            scale = np.float32(np.float16(np.float32(np.abs(group).max()) / np.float32(most)))
            if scale:
                steps = np.clip(np.rint(group / scale), -most, most)
                wanted[row, start : start + 64] = steps * scale
    found = quantizing.rounded(torch.tensor(weight), bits).numpy()
    assert found == pytest.approx(wanted, abs=1e-7)
    assert len(np.unique(np.round(found[0, :64] / np.abs(found[0, :64]).max(), 5))) <= 2**bits - 1


@pytest.mark.parametrize("bits", [4, 8])
def test_reading_with_rounded_weights_is_reading_a_model_that_has_them(
    tiny: CausalModel, bits: int
) -> None:
    before = fingerprint(tiny.network)
    ids = torch.tensor([tiny.tokenize(KUBERNETES)])
    other = copy.deepcopy(tiny.network)
    with torch.no_grad():
        for weight in other.parameters():
            if weight.dim() == 2:
                weight.copy_(quantizing.rounded(weight, bits))
        full, coarse = tiny.network(ids).logits[0], other(ids).logits[0]
    p, q = (torch.softmax(rows[-1].double(), -1).numpy() for rows in (full, coarse))
    found = quantizing.quantized(tiny, KUBERNETES, bits, 6)
    assert found.kl_bits == pytest.approx(float((p * np.log2(p / q)).sum()), rel=1e-3)
    for shift in found.shifts:
        assert shift.before == pytest.approx(p[shift.token.id], rel=1e-3)
        assert shift.after == pytest.approx(q[shift.token.id], rel=1e-3)
    flipped = [n for n in range(len(full)) if full[n].argmax() != coarse[n].argmax()]
    assert [flip.place for flip in found.flips] == flipped
    assert fingerprint(tiny.network) == before
    assert not any(module._forward_hooks for module in tiny.network.modules())


async def test_the_bytes_of_rounded_weights_are_counted_by_hand(embedded: LocalEngine) -> None:
    norms = (2 * 30 + 1) * 576
    matrices = 134_515_008 - norms
    for bits in (8, 4):
        found = await embedded.quantized("The cat", bits)
        assert found.bytes_16_bit == 269_030_016
        assert found.bytes_rounded == matrices * bits // 8 + matrices // 64 * 2 + norms * 2


async def test_other_bits_are_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="8 or 4 bits"):
        await embedded.quantized("x", 3)
