import asyncio
from collections.abc import Generator, Hashable
from typing import Any

import pytest
from transformers import GPT2Config, GPT2LMHeadModel

from tests.fakes.engine import CountingEngine
from tools.engine.base import Capability
from tools.engine.findings import Rounding
from tools.engine.inside.inside import AS_IT_ANSWERS, TIMED, answer
from tools.engine.inside.looked_into import LOOKED_INTO
from tools.engine.internals import Looking, inside
from tools.engine.local.local import LocalEngine
from tools.engine.masking import Rule, RuleKind
from tools.engine.model.causal_model import CausalModel
from tools.engine.sharing.shared import SharedEngine
from tools.engine.templates import Conversation, RoleMessage
from tools.errors import BadInput, Missing


def answered(found: Any) -> Any:
    """Work to the end of an answer that comes in slices."""
    for _ in found if isinstance(found, Generator) else ():
        pass
    return found


class Recorder(Looking):
    def __init__(self) -> None:
        self.asked: dict[str, tuple[Hashable, ...]] = {}

    async def look(self, question: str, *arguments: Hashable) -> Any:
        self.asked[question] = arguments


async def test_every_question_has_an_answer_and_can_be_kept_by() -> None:
    one = Recorder()
    await asyncio.gather(
        one.shape(), one.merges("x"), one.attention("x", 0), one.head_scores("x"),
        one.hardest("x", 0, 0), one.lens("x"), one.journey("x"), one.embeddings(("x",)),
        one.neighbours(("x",)), one.plane(("x", "y")), one.train("x", 1, 0.1),
        one.quantized("x", "x", Rounding()), one.cache_timing((1,)), one.decode_speed(),
        one.memory_bandwidth(), one.raw_scores("x"), one.named((1,)), one.pass_timing(1, (1,)),
        one.knocked_out("x y", ((0, 1),)), one.masked("x", Rule(RuleKind.CHOICE, "a"), 1),
        one.templated(Conversation((RoleMessage("user", "x"),))),
    )  # fmt: skip
    assert set(one.asked) == {*AS_IT_ANSWERS, *TIMED, *LOOKED_INTO}
    assert all(isinstance(hash(arguments), int) for arguments in one.asked.values())


async def test_a_prompt_that_can_not_be_sent_is_refused_before_it_is() -> None:
    one = Recorder()
    with pytest.raises(BadInput, match="half a character"):
        await one.lens("\ud800")
    assert one.asked == {}


async def test_the_shape_is_that_of_the_config(embedded: LocalEngine) -> None:
    found = await embedded.shape()
    assert (found.layers, found.width, found.heads, found.kv_heads) == (30, 576, 9, 3)
    assert (found.head_size, found.mlp, found.vocabulary) == (64, 1536, 49_152)
    assert found.is_tied
    assert found.parameters == 134_515_008
    assert found.attention_parameters == 576 * (576 + 192 + 192 + 576)
    assert found.mlp_parameters == 3 * 576 * 1536
    block = found.attention_parameters + found.mlp_parameters + 2 * found.norm_parameters
    assert 30 * block + 49_152 * 576 + found.norm_parameters == found.parameters
    assert found.weight_bytes == 4 * found.parameters


class Looked(CountingEngine, Looking):
    def __init__(self) -> None:
        super().__init__()
        self.questions: list[tuple[Hashable, ...]] = []

    async def look(self, question: str, *arguments: Hashable) -> Any:
        self.questions.append((question, *arguments))
        await self.gate.wait()
        return len(self.questions)


async def test_equal_questions_at_the_same_time_are_one() -> None:
    engine = Looked()
    shared = SharedEngine(engine)
    engine.gate.clear()
    asked = [asyncio.create_task(shared.lens("The cat")) for _ in range(20)]
    other = asyncio.create_task(shared.lens("The dog"))
    await asyncio.sleep(0.01)
    engine.gate.set()
    await asyncio.gather(*asked, other)
    assert engine.questions == [("lens", "The cat"), ("lens", "The dog")]


async def test_an_engine_without_an_inside_is_told() -> None:
    class Served(CountingEngine):
        def capabilities(self) -> frozenset[Capability]:
            return frozenset({Capability.NEXT_TOKEN})

    with pytest.raises(Missing, match="can't be looked into"):
        inside(Served())
    with pytest.raises(Missing, match="can't be looked into"):
        await SharedEngine(Served()).lens("The cat")


def test_a_model_built_otherwise_is_told(running: CausalModel) -> None:
    network = GPT2LMHeadModel(GPT2Config(vocab_size=49_152, n_embd=8, n_layer=1, n_head=1))
    other = CausalModel(network, running.tokenizer)
    for question, arguments in (
        ("shape", ()),
        ("lens", ("x",)),
        ("attention", ("x", 0, 0, 8)),
        ("embeddings", (("x",),)),
        ("quantized", ("x", "x y", Rounding(), 3)),
    ):
        with pytest.raises(Missing, match="A gpt2 model is built otherwise"):
            answered(answer(other, question, arguments))


async def test_raw_scores_are_kept_for_the_next_turn_of_a_knob() -> None:
    engine = Looked()
    shared = SharedEngine(engine)
    first, again, other = [await shared.raw_scores(text) for text in ("a", "a", "b")]
    assert (first, again, other) == (1, 1, 2)
    for place in range(9):
        await shared.raw_scores(str(place))
    assert await shared.raw_scores("a") == 12


async def test_a_model_that_transformers_reads_hands_over_the_same_scores(
    running: CausalModel, embedded: LocalEngine
) -> None:
    found = await embedded.raw_scores("The cat sat", " on the")
    ids = [token.id for token in (*found.prompt, *found.written)]
    theirs = running.raw_scores(ids).tolist()
    assert list(found.scores) == pytest.approx(theirs, abs=2e-3)
