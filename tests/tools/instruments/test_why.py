import asyncio
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.against import Differ
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools.catalogue import question
from tools.engine.base import Token
from tools.engine.findings import KnockedOut
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Prose, Table
from tools.instruments import why
from tools.instruments.why import WhyParams, words_of

PROMPT = WhyParams().prompt
WORDS = ("The", "␣capital", "␣of", "␣France")
SPANS = ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5))


@pytest.fixture(scope="module")
def theirs(embedded_folder: Path) -> Any:
    """The same weights, read by transformers alone."""
    network = AutoModelForCausalLM.from_pretrained(
        embedded_folder, dtype=torch.float32, attn_implementation="eager"
    )
    return network.eval()


@pytest.fixture(scope="module")
def model(embedded: LocalEngine) -> SharedEngine:
    """The same as the bot has it, where what was knocked out is kept."""
    return SharedEngine(embedded)


@pytest.fixture(scope="module")
def found(embedded: LocalEngine) -> KnockedOut:
    """What is left of the answer to the prompt."""
    return asyncio.run(embedded.knocked_out(PROMPT, SPANS))


@pytest.fixture(scope="module")
def ids(embedded_folder: Path) -> list[int]:
    return list(AutoTokenizer.from_pretrained(embedded_folder)(PROMPT)["input_ids"])


def chances(network: Any, ids: list[int]) -> torch.Tensor:
    with torch.inference_mode():
        return network(torch.tensor([ids])).logits[0, -1].double().softmax(-1)


@pytest.mark.against("why", by="transformers without that word")
def test_each_word_left_out_is_a_forward_pass_without_it(
    differ: Differ, found: KnockedOut, theirs: Any, ids: list[int]
) -> None:
    answer = int(chances(theirs, ids).argmax())
    assert found.answer.id == answer
    for place, (left, instead) in enumerate(zip(found.without, found.instead, strict=True)):
        wanted = chances(theirs, ids[:place] + ids[place + 1 :])
        assert left == pytest.approx(float(wanted[answer]), rel=1e-3)
        differ(left, float(wanted[answer]))
        assert instead.id == int(wanted.argmax())


def last_row_as_given(_module: Any, given: Any, out: Any) -> Any:
    """A block that hands its last token on as it is."""
    found = out[0] if isinstance(out, tuple) else out
    found[:, -1] = given[0][:, -1]
    return out


@pytest.mark.against("why", by="transformers without that block at the last token")
def test_each_block_left_out_is_a_model_that_lacks_it(
    differ: Differ, found: KnockedOut, theirs: Any, ids: list[int]
) -> None:
    assert len(found.blocks) == 30
    for block in (0, 7, 29):
        hook = theirs.model.layers[block].register_forward_hook(last_row_as_given)
        wanted = float(chances(theirs, ids)[found.answer.id])
        hook.remove()
        assert found.blocks[block] == pytest.approx(wanted, rel=1e-3)
        differ(found.blocks[block], wanted)


@pytest.mark.against("why", by="transformers without that head at the last token")
def test_each_head_left_out_is_a_model_whose_head_writes_nothing(
    differ: Differ, found: KnockedOut, theirs: Any, ids: list[int]
) -> None:
    assert (len(found.heads), len(found.heads[0])) == (30, 9)
    size = theirs.config.head_dim
    for block, head in ((0, 0), (11, 4), (23, 4), (29, 8)):

        def silent(_module: Any, given: Any, head: int = head) -> Any:
            given[0][:, -1, head * size : (head + 1) * size] = 0
            return given

        hook = theirs.model.layers[block].self_attn.o_proj.register_forward_pre_hook(silent)
        wanted = float(chances(theirs, ids)[found.answer.id])
        hook.remove()
        assert found.heads[block][head] == pytest.approx(wanted, rel=1e-3)
        differ(found.heads[block][head], wanted)


def test_the_look_is_the_mean_over_all_heads_and_layers(
    found: KnockedOut, theirs: Any, ids: list[int]
) -> None:
    with torch.inference_mode():
        read = theirs(torch.tensor([ids]), output_attentions=True)
    wanted = torch.stack([layer[0, :, -1] for layer in read.attentions]).mean((0, 1))
    assert found.looks == pytest.approx(wanted.tolist(), rel=1e-3)


async def test_the_word_that_is_needed_most_is_lit(model: SharedEngine) -> None:
    shown = await why.run(model, WhyParams())
    (table,) = [part for part in shown.parts if isinstance(part, Table)]
    assert [row[0] for row in table.rows] == list(WORDS)
    assert table.lit == min(range(4), key=lambda row: float(table.rows[row][1]))
    assert values(shown)["needed most"] == table.rows[table.lit][0]
    await assert_it_fits_and_turns(model, "why", shown)


async def test_it_asks_for_the_word_that_did_it(model: SharedEngine) -> None:
    asked = await question(model, "why", {})
    assert asked is not None
    assert asked.options == WORDS
    shown = await why.run(model, WhyParams())
    right = why.INSTRUMENT.asks.right(shown)
    assert right is not None
    assert WORDS[right] == values(shown)["needed most"]
    verdict = shown.parts[0]
    assert isinstance(verdict, Prose)
    assert verdict.text.startswith(f"{WORDS[right]} did most")


async def test_nothing_is_left_of_the_knocks(embedded: LocalEngine, found: KnockedOut) -> None:
    assert await embedded.knocked_out(PROMPT, SPANS) == found


async def test_two_words_are_too_few(model: SharedEngine) -> None:
    with pytest.raises(BadInput, match="three words or more"):
        await why.run(model, WhyParams(prompt="one two"))


async def test_of_a_long_text_the_last_words_but_one_are_left_out(
    model: SharedEngine,
) -> None:
    shown = await why.run(model, WhyParams(prompt="a b c d e f g h i j k l m n"))
    (table,) = [part for part in shown.parts if isinstance(part, Table)]
    assert [row[0] for row in table.rows] == [f"␣{sign}" for sign in "bcdefghijklm"]


def test_a_word_keeps_all_its_tokens() -> None:
    tokens = [Token(n, text) for n, text in enumerate(("Ku", "bernetes", " pod", "s", "."))]
    assert words_of(tokens) == ((0, 2), (2, 5))
