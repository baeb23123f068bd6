"""The forward by hand against transformers' own, alone and in company."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tools.engine.base import Prompt
from tools.engine.forward.kept_runs import KeptRuns
from tools.engine.forward.own.build import Build, plain_build
from tools.engine.forward.own.llama import Llama, Reading
from tools.engine.forward.own.own_forward import OwnForward
from tools.engine.kernels import Kernels
from tools.engine.local.local import LocalEngine
from tools.engine.model.causal_model import CausalModel
from tools.engine.model.language_model import LanguageModel
from tools.engine.model.opening import open_model
from tools.engine.weights.manifest import PACKED
from tools.engine.weights.packed import unpacked
from tools.errors import BadInput, WeightsError

NEAR = 2e-4  # nat: what the order of additions in float32 makes of 30 blocks
NEAR_AT_RANDOM = 1e-3  # nat: after ids that no text has, <|endoftext|> again and again for one
PROMPTS = ["Kubernetes pods are scheduled by the", "日本", "x", "def f(x):\n\treturn 12", "🙂🙂"]


@pytest.fixture
async def model(embedded: LocalEngine) -> LanguageModel:
    """The embedded model as it answers, with nothing kept."""
    await embedded.check()
    assert embedded._loaded is not None
    own(embedded._loaded)._runs = KeptRuns()
    return embedded._loaded


def own(model: LanguageModel) -> OwnForward:
    assert isinstance(model.forward, OwnForward)
    return model.forward


@pytest.fixture
async def llama(model: LanguageModel) -> Llama:
    return own(model).llama


def logprobs(rows: torch.Tensor) -> torch.Tensor:
    return rows.double().log_softmax(-1)


def theirs(plain: Any, ids: Sequence[int]) -> torch.Tensor:
    """transformers' log-probabilities behind each id, shape (n, vocabulary)."""
    with torch.inference_mode():
        return logprobs(plain(torch.tensor([list(ids)])).logits[0])


def off(found: torch.Tensor, expected: torch.Tensor) -> float:
    return float((found - expected).abs().max())


@pytest.mark.parametrize("text", PROMPTS)
async def test_every_place_of_a_prompt_is_scored_as_by_transformers(
    model: LanguageModel, llama: Llama, plain: Any, text: str
) -> None:
    ids = model.tokenize(text)
    (read,) = llama.read([Reading(ids, keep=len(ids))])
    assert off(logprobs(read.scores), theirs(plain, ids)) < NEAR


IDS = st.lists(st.integers(0, 49_151), min_size=1, max_size=24)


@settings(max_examples=8)
@example(prompts=[[0], [0, 0, 0]], known=0)
@given(prompts=st.lists(IDS, min_size=2, max_size=5), known=st.integers(0, 8))
def test_prompts_read_together_get_what_each_gets_alone(
    embedded: LocalEngine, prompts: list[list[int]], known: int
) -> None:
    asyncio.run(embedded.check())
    assert embedded._loaded is not None
    llama = own(embedded._loaded).llama
    readings = []
    for ids in prompts:
        first = ids[: min(known, len(ids) - 1)]
        past = llama.read([Reading(first)])[0].cache if first else None
        readings.append(Reading(ids[len(first) :], past))
    for ids, together in zip(prompts, llama.read(readings), strict=True):
        (alone,) = llama.read([Reading(ids)])
        assert off(logprobs(together.scores), logprobs(alone.scores)) < NEAR_AT_RANDOM
        assert together.cache.shape == alone.cache.shape
        assert off(together.cache, alone.cache) < 1e-2  # raw keys reach into the hundreds


async def test_what_was_read_is_not_written_to_by_reading_on(llama: Llama) -> None:
    (first,) = llama.read([Reading([5, 6, 7])])
    before = first.cache.clone()
    llama.read([Reading([8, 9], first.cache), Reading([10], first.cache)])
    assert torch.equal(first.cache, before)


async def test_a_wrong_place_would_be_seen(llama: Llama, plain: Any) -> None:
    (first,) = llama.read([Reading([500, 600, 700])])
    (shifted,) = llama.read([Reading([800], first.cache[:, :, :, 1:])])
    assert off(logprobs(shifted.scores)[0], theirs(plain, [500, 600, 700, 800])[-1]) > 100 * NEAR


class Counted:
    """A Llama that remembers how many ids each pass was given."""

    def __init__(self, llama: Llama) -> None:
        self.llama, self.build = llama, llama.build
        self.passes: list[list[int]] = []

    def read(self, readings: Sequence[Reading]) -> Any:
        self.passes.append([len(reading.fresh) for reading in readings])
        return self.llama.read(readings)


@pytest.fixture
def counted(model: LanguageModel, monkeypatch: pytest.MonkeyPatch) -> Counted:
    counted = Counted(own(model).llama)
    monkeypatch.setattr(own(model), "llama", counted)
    return counted


async def test_append_and_predict_reads_only_the_new_token(
    embedded: LocalEngine, counted: Counted
) -> None:
    prompt = Prompt("The loop goes round and")
    for _ in range(5):
        shown = await embedded.next_token(prompt, 3)
        prompt = Prompt(prompt.text, (*prompt.appended, shown.top[0].token.id))
    assert counted.passes == [[5], [1], [1], [1], [1]]


async def test_going_back_reads_only_the_last_token(
    embedded: LocalEngine, counted: Counted
) -> None:
    for appended in ((17_012, 593), (17_012,), (17_012, 30)):
        await embedded.next_token(Prompt("One way", appended), 1)
    assert counted.passes == [[4], [1], [1]]


async def test_those_who_wait_are_read_in_one_pass(embedded: LocalEngine, counted: Counted) -> None:
    texts = [f"{number} green bottles" for number in range(16)]
    alone = await embedded.next_token(Prompt("hanging"), 1)
    assert alone.top
    counted.passes.clear()
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold() -> None:
        asyncio.run_coroutine_threadsafe(held.wait(), loop).result()

    blocking = asyncio.create_task(embedded._worker.run(hold))
    await asyncio.sleep(0)
    waiting = [asyncio.create_task(embedded.next_token(Prompt(t), 5)) for t in texts]
    await asyncio.sleep(0)
    held.set()
    answers = await asyncio.gather(*waiting)
    await blocking
    assert [len(one) for one in counted.passes] == [16]
    for text, answer in zip(texts, answers, strict=True):
        assert "".join(token.text for token in answer.prompt_tokens) == text


async def test_one_that_cannot_be_read_does_not_take_the_others_with_it(
    embedded: LocalEngine,
) -> None:
    asked = (Prompt("The cat"), Prompt("a\x04b"), Prompt("The dog"), Prompt("x", (17_012,) * 2100))
    found = await asyncio.gather(
        *(embedded.next_token(prompt, 1) for prompt in asked), return_exceptions=True
    )
    assert [isinstance(one, BadInput) for one in found] == [False, True, False, True]


async def test_what_answers_has_the_very_weights_of_what_is_looked_into(
    running: CausalModel, llama: Llama
) -> None:
    theirs = running.network.state_dict()
    assert np.array_equal(unpacked(llama.table.numpy()), theirs["model.embed_tokens.weight"])
    assert torch.equal(llama.norm, theirs["model.norm.weight"])
    for layer, block in enumerate(llama.blocks):
        at = f"model.layers.{layer}"
        parts = {
            block.qkv: [f"self_attn.{one}_proj" for one in "qkv"],
            block.out: ["self_attn.o_proj"],
            block.gate_up: ["mlp.gate_proj", "mlp.up_proj"],
            block.down: ["mlp.down_proj"],
        }
        for matrix, names in parts.items():
            whole = torch.cat([theirs[f"{at}.{name}.weight"] for name in names])
            assert np.array_equal(unpacked(matrix.numpy()), whole), (layer, names)
        assert torch.equal(block.attention_norm, theirs[f"{at}.input_layernorm.weight"])
        assert torch.equal(block.mlp_norm, theirs[f"{at}.post_attention_layernorm.weight"])


async def test_answers_take_a_fifth_of_the_memory_of_float32(llama: Llama) -> None:
    blocks = [
        getattr(block, name)
        for block in llama.blocks
        for name in ("qkv", "out", "gate_up", "down", "attention_norm", "mlp_norm")
    ]
    held = sum(tensor.untyped_storage().nbytes() for tensor in (llama.table, llama.norm, *blocks))
    assert held < 97e6


async def test_reading_leaves_the_weights_as_they_were(llama: Llama) -> None:
    before = [llama.table.clone(), *(block.down.clone() for block in llama.blocks)]
    llama.read([Reading(range(40), keep=40), Reading([7])])
    after = [llama.table, *(block.down for block in llama.blocks)]
    assert all(torch.equal(one, other) for one, other in zip(before, after, strict=True))


async def test_a_looked_into_model_has_transformers_own_weights(
    running: CausalModel, plain: Any
) -> None:
    theirs = plain.state_dict()
    ours = running.network.state_dict()
    assert ours.keys() == theirs.keys()
    for name, weight in theirs.items():
        assert torch.equal(ours[name], weight), name


async def test_each_token_has_the_text_that_transformers_gives_it(
    model: LanguageModel, running: CausalModel
) -> None:
    for number in range(0, 49_152, 7):
        assert model.token(number) == running.token(number)


@settings(max_examples=60)
@given(text=st.text(min_size=1, max_size=40))
def test_texts_are_cut_as_transformers_cuts_them(embedded: LocalEngine, text: str) -> None:
    asyncio.run(embedded.check())
    assert embedded._loaded is not None
    try:
        ids = embedded._loaded.tokenize(text)
    except (BadInput, TypeError):
        return
    theirs = embedded._loaded.opened()
    assert ids == theirs.tokenize(text)
    assert embedded._loaded.tokenize_continuation(text) == theirs.tokenize_continuation(text)


def test_a_processor_that_our_kernel_can_t_be_made_for_is_told_which_setting_helps(
    embedded_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, build: Build) -> None:
        raise RuntimeError("LLVM ERROR: unknown target")

    monkeypatch.setattr(OwnForward, "load", refuse)
    with pytest.raises(WeightsError, match=r"unknown target\..*HUNCH_KERNELS=transformers"):
        open_model(embedded_folder, Kernels.OWN)


def test_only_what_was_converted_here_is_read_by_hand(
    embedded_folder: Path, tmp_path: Path
) -> None:
    build = plain_build(embedded_folder)
    assert isinstance(build, Build)
    assert (build.layers, build.width, build.heads, build.kv_heads) == (30, 576, 9, 3)
    assert (build.head_size, build.vocabulary, build.context) == (64, 49_152, 8192)
    assert (build.rope.rope_theta, build.norm_epsilon) == (100_000, pytest.approx(1e-5))
    config = (embedded_folder / "config.json").read_text()
    (tmp_path / "config.json").write_text(config)
    assert plain_build(tmp_path) is None  # no manifest
    (tmp_path / "manifest.json").write_text("{}")
    assert plain_build(tmp_path) is None  # its weights aren't packed
    (tmp_path / PACKED).touch()
    assert plain_build(tmp_path) is not None
    for plain, other in (('"silu"', '"gelu"'), ("true", "false"), ('"default"', '"yarn"')):
        (tmp_path / "config.json").write_text(config.replace(plain, other))
        assert plain_build(tmp_path) is None, other
    assert plain_build(tmp_path / "absent") is None
