"""Training: what it does, and that nothing of it, nor of rounding, stays."""

import copy
import math
from typing import Any

import pytest
import torch

from tests.against import Differ
from tests.tools.engine.conftest import fingerprint
from tools.engine.base import Prompt
from tools.engine.findings import Rounding
from tools.engine.forward.kept_runs import KeptRuns
from tools.engine.forward.own.own_forward import OwnForward
from tools.engine.inside import training
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
    coarse = await embedded.quantized(KUBERNETES, SENTENCE, Rounding(is_symmetric=True))
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


@pytest.mark.against("train", by="torch's own SGD")
def test_steps_are_those_of_torchs_own_gradient_descent(differ: Differ, tiny: CausalModel) -> None:
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
    assert differ(found.losses_bits[:3], losses, is_relative=True) < 1e-4
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
