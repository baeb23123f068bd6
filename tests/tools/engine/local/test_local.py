import asyncio
import json
import math
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.against import Differ
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.errors import BadInput, Unavailable, WeightsError

KUBERNETES = Prompt("Kubernetes pods are scheduled by the")


async def test_the_embedded_model_says_ku(embedded: LocalEngine) -> None:
    shown = await embedded.next_token(KUBERNETES, 3)
    assert [c.token.text for c in shown.top] == [" Ku", " `", " container"]
    assert shown.top[0].token.id == 17_012
    assert shown.top[0].probability == pytest.approx(0.234, abs=5e-4)
    assert shown.top[1].probability == pytest.approx(0.124, abs=1e-3)
    assert [t.text for t in shown.prompt_tokens][:3] == ["K", "uber", "netes"]
    assert shown.vocabulary == EMBEDDED.vocabulary
    assert (shown.model, shown.engine) == ("smollm2-135m", "embedded")


@pytest.fixture(scope="session")
def reference(embedded_folder: Path) -> Callable[[list[int]], Any]:
    """transformers' own softmax over a whole forward pass, with nothing kept."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(
        embedded_folder, dtype=torch.float32, local_files_only=True
    )

    def probabilities(ids: list[int]) -> Any:
        with torch.inference_mode():
            return model(torch.tensor([ids])).logits[0, -1].double().softmax(-1)

    return probabilities


@pytest.mark.against("nexttoken", by="transformers, log-probabilities of 20")
@pytest.mark.parametrize(
    "text", ["Kubernetes pods are scheduled by the", "日本", "x", " \n", "def f(x):\n\treturn 12"]
)
async def test_probabilities_are_those_of_transformers(
    differ: Differ, embedded: LocalEngine, reference: Callable[[list[int]], Any], text: str
) -> None:
    shown = await embedded.next_token(Prompt(text), 20)
    whole = reference([token.id for token in shown.prompt_tokens])
    differ([one.logprob for one in shown.top], [whole[one.token.id].log() for one in shown.top])
    for candidate in shown.top:
        assert candidate.probability == pytest.approx(
            float(whole[candidate.token.id]), rel=1e-3, abs=1e-7
        )
    assert shown.other_probability == pytest.approx(
        1 - float(whole.topk(20).values.sum()), abs=1e-5
    )
    entropy = -float((whole * whole.log2()).nan_to_num().sum())
    assert shown.entropy_bits == pytest.approx(entropy, abs=1e-3)


async def test_appending_reads_on_as_if_all_were_read_at_once(
    embedded: LocalEngine, reference: Callable[[list[int]], Any]
) -> None:
    prompt = Prompt("The loop goes round and")
    for _ in range(6):
        shown = await embedded.next_token(prompt, 2)
        whole = reference([token.id for token in shown.prompt_tokens])
        best = shown.top[0]
        assert best.probability == pytest.approx(float(whole[best.token.id]), rel=1e-3)
        prompt = Prompt(prompt.text, (*prompt.appended, best.token.id))


async def test_going_back_and_another_way_is_not_mixed_up_with_the_first(
    embedded: LocalEngine, reference: Callable[[list[int]], Any]
) -> None:
    text = "One way, another way, and"
    for appended in ((17_012, 593), (17_012,), (2179, 30), (), (17_012, 593, 30)):
        shown = await embedded.next_token(Prompt(text, appended), 1)
        whole = reference([token.id for token in shown.prompt_tokens])
        best = shown.top[0]
        assert best.probability == pytest.approx(float(whole[best.token.id]), rel=1e-3)


async def test_a_guess_is_scored_as_next_token_shows_it(embedded: LocalEngine) -> None:
    shown = await embedded.next_token(KUBERNETES, 20)
    for rank, candidate in enumerate(shown.top[:5], start=1):
        first, *_ = await embedded.score(KUBERNETES, candidate.token.text)
        assert first.token == candidate.token
        assert first.rank == rank
        assert first.logprob == pytest.approx(candidate.logprob, abs=1e-3)


async def test_each_token_of_a_guess_is_scored_after_those_before_it(
    embedded: LocalEngine,
) -> None:
    scored = await embedded.score(KUBERNETES, " Kubernetes scheduler")
    assert "".join(s.token.text for s in scored) == " Kubernetes scheduler"
    after_first = Prompt(KUBERNETES.text, (scored[0].token.id,))
    shown = await embedded.next_token(after_first, 1)
    assert shown.top[0].token == scored[1].token
    assert scored[1].surprisal_bits == pytest.approx(-shown.top[0].logprob / math.log(2), abs=1e-3)


async def test_appended_ids_are_those_of_the_longer_text_where_they_agree(
    embedded: LocalEngine,
) -> None:
    shown = await embedded.next_token(Prompt("The cat sat on the"), 5)
    for candidate in shown.top:
        longer = await embedded.tokenize("The cat sat on the" + candidate.token.text)
        by_hand = (*shown.prompt_tokens, candidate.token)
        if len(longer) == len(by_hand):
            assert longer == by_hand


@pytest.mark.parametrize("text", ["<|im_end|>", "<|endoftext|>", "<|im_start|>user", "<repo_name>"])
async def test_a_control_token_in_a_prompt_is_only_text(embedded: LocalEngine, text: str) -> None:
    tokens = await embedded.tokenize(f"a {text} b")
    assert "".join(token.text for token in tokens) == f"a {text} b"
    assert all(token.id > 16 for token in tokens)  # 0 to 16 are SmolLM2's control tokens
    scored = await embedded.score(Prompt("a"), text)
    assert all(s.token.id > 16 for s in scored)


NO_TOKEN = "\x04\x06\x13\x14\x16\x1d"  # what SmolLM2 cannot spell
SCRIPTS = st.text(
    alphabet=st.one_of(
        st.characters(codec="ascii", exclude_characters="\0" + NO_TOKEN),
        st.sampled_from(
            "שלום عالم नमस्ते ไทย 日本語 한국어 Ελλάδα 👩🏽‍💻 é\u0301 \u202e\u200f\ufeff ```@everyone"
        ),
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cn", "Cs"]),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40)
@given(text=SCRIPTS)
def test_any_script_gives_probabilities(embedded: LocalEngine, text: str) -> None:
    shown = asyncio.run(embedded.next_token(Prompt(text), 20))
    shares = [c.probability for c in shown.top]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1 + 1e-9
    assert 0 <= shown.entropy_bits <= math.log2(49_152)
    assert len({c.token.id for c in shown.top}) == 20


@settings(max_examples=100)
@given(text=SCRIPTS)
def test_tokens_of_any_script_make_up_the_text_again(embedded: LocalEngine, text: str) -> None:
    tokens = asyncio.run(embedded.tokenize(text))
    shown = "".join(token.text for token in tokens)
    if "\ufffd" not in shown:
        assert shown == text


async def test_a_prompt_over_the_context_says_by_how_much(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match=r"2,100 tokens, 52 more than the 2,048"):
        await embedded.next_token(Prompt("x", (17_012,) * 2099), 3)


async def test_an_id_that_is_none_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="no token 49152"):
        await embedded.next_token(Prompt("x", (49_152,)), 3)


@pytest.mark.parametrize("sign", [*NO_TOKEN, "\U00050000"])
async def test_a_character_that_no_token_spells_is_refused_not_dropped(
    embedded: LocalEngine, sign: str
) -> None:
    with pytest.raises(BadInput, match=f"no token for the character U\\+{ord(sign):04X}"):
        await embedded.next_token(Prompt(f"a{sign}b"), 3)


async def test_nothing_to_score_is_refused(embedded: LocalEngine) -> None:
    with pytest.raises(BadInput):
        await embedded.score(KUBERNETES, "")


async def test_many_at_once_all_get_their_own_answer(embedded: LocalEngine) -> None:
    texts = [f"Number {n} is" for n in range(12)]
    answers = await asyncio.gather(*(embedded.next_token(Prompt(t), 1) for t in texts))
    for text, answer in zip(texts, answers, strict=True):
        assert "".join(token.text for token in answer.prompt_tokens) == text


async def test_doctor_gets_one_line(embedded: LocalEngine) -> None:
    assert "\n" not in await embedded.check()
    assert embedded.stage == "ready"


async def test_callers_are_answered_while_the_model_is_still_loading(
    embedded_folder: Path,
) -> None:
    may_load = threading.Event()

    def load() -> Path:
        may_load.wait()
        return embedded_folder

    engine = LocalEngine(load, model="slow")
    engine.start()
    waiting = asyncio.create_task(engine.tokenize("a"))
    await asyncio.sleep(0)  # the loop is free although the model isn't there
    assert not waiting.done()
    may_load.set()
    assert [token.text for token in await waiting] == ["a"]
    await engine.close()
    assert engine._worker.join(10)


async def test_a_failed_load_is_told_to_all_who_wait_and_the_next_one_retries() -> None:
    attempts: list[int] = []
    may_fail = threading.Event()

    def load() -> Path:
        attempts.append(1)
        may_fail.wait()
        raise WeightsError("no network: plug it in")

    engine = LocalEngine(load, model="none")
    engine.start()
    waiting = [asyncio.create_task(engine.next_token(KUBERNETES, 1)) for _ in range(3)]
    await asyncio.sleep(0)
    may_fail.set()
    failed = await asyncio.gather(*waiting, return_exceptions=True)
    assert [str(found) for found in failed] == ["no network: plug it in"] * 3
    assert len(attempts) == 1
    assert engine.stage == "failed"
    with pytest.raises(WeightsError):
        await engine.next_token(KUBERNETES, 1)
    assert len(attempts) == 2
    await engine.close()
    assert engine._worker.join(10)


def _broken_folder(folder: Path, weights: bytes) -> Path:
    config = {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": 8,
        "intermediate_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 1,
        "num_key_value_heads": 1,
        "vocab_size": 16,
    }
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "model.safetensors").write_bytes(weights)
    return folder


NO_WEIGHTS = b"\x02\0\0\0\0\0\0\0{}"  # a sound file that lacks every one


@pytest.mark.parametrize(
    "weights", [b"", b"not safetensors", b"\xff" * 64, NO_WEIGHTS], ids=["0", "1", "2", "3"]
)
async def test_a_folder_that_holds_no_model_is_one_clear_line(
    tmp_path: Path, embedded_folder: Path, weights: bytes
) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((embedded_folder / name).read_bytes())
    engine = LocalEngine(lambda: _broken_folder(tmp_path, weights), model="broken")
    with pytest.raises(WeightsError, match="can't be loaded") as failed:
        await engine.check()
    assert "\n" not in str(failed.value)
    await engine.close()


async def test_an_empty_folder_is_one_clear_line(tmp_path: Path) -> None:
    engine = LocalEngine(lambda: tmp_path, model="empty")
    with pytest.raises(WeightsError, match="can't be loaded") as failed:
        await engine.check()
    assert "\n" not in str(failed.value)
    await engine.close()


async def test_a_folder_of_the_operators_is_never_told_to_be_deleted(tmp_path: Path) -> None:
    engine = LocalEngine(lambda: str(tmp_path), model="theirs")
    with pytest.raises(WeightsError, match="Set HUNCH_LOCAL_MODEL to a folder with a m") as failed:
        await engine.check()
    assert "Delete" not in str(failed.value)
    await engine.close()


async def test_a_closed_engine_says_so(embedded_folder: Path) -> None:
    engine = LocalEngine(lambda: embedded_folder, model="closed")
    await engine.close()
    with pytest.raises(Unavailable, match="shut down"):
        await engine.next_token(KUBERNETES, 1)


async def test_closing_tells_those_who_wait(embedded_folder: Path) -> None:
    may_load = threading.Event()

    def load() -> Path:
        may_load.wait()
        return embedded_folder

    engine = LocalEngine(load, model="closing")
    engine.start()
    waiting = asyncio.create_task(engine.next_token(KUBERNETES, 1))
    await asyncio.sleep(0)
    await engine.close()
    may_load.set()
    with pytest.raises(Unavailable, match="shut down"):
        await waiting
    assert engine._worker.join(60)
