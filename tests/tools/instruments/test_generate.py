from dataclasses import replace
from typing import Any

import pytest
import torch

from tests.fakes.engine import CountingEngine, distribution
from tools.engine.base import Distribution, Prompt
from tools.engine.local.local import LocalEngine
from tools.errors import BadInput, Missing
from tools.exhibit.exhibit import Exhibit, Knob, Stages, Tokens
from tools.exhibit.monospace import PHONE, columns
from tools.exhibit.text import part_text
from tools.instruments import generate
from tools.instruments.generate import Generate


def _facts(shown: Exhibit) -> dict[str, float | str]:
    return {fact.name: fact.value for fact in shown.facts}


def _knobs(shown: Exhibit) -> dict[str, tuple[str, str]]:
    return {one.label: (one.name, one.value) for one in shown.controls if isinstance(one, Knob)}


def _lit(shown: Exhibit) -> str:
    loop = shown.parts[0]
    assert isinstance(loop, Stages)
    assert loop.lit is not None
    return loop.lines[loop.lit].strip()


async def test_each_round_appends_the_likeliest_token() -> None:
    engine = CountingEngine()
    shown = await generate.run(engine, Generate(prompt="The cat", steps=3))
    assert [prompt.appended for prompt, _ in engine.calls] == [(), (100,), (100, 100)]
    _, picks, tokens = shown.parts
    assert isinstance(picks, Stages)
    assert len(picks.lines) == 3
    assert picks.lines[0].split() == ["1", "␣floor", "50.0", "%"]
    assert tokens == Tokens(("The", "␣cat", "␣floor", "␣floor", "␣floor"), fresh=3)


async def test_the_line_that_ran_last_is_lit() -> None:
    engine = CountingEngine()
    before = await generate.run(engine, Generate(prompt="The cat", steps=0))
    assert _lit(before) == "ids = tokens(text)"
    assert before.parts[1] == Tokens(("The", "␣cat"))
    assert _lit(await generate.run(engine, Generate(prompt="The cat"))) == "ids += [pick(p)]"
    stopped = await generate.run(engine, Generate(prompt="The cat", stop=True))
    assert _lit(stopped) == "while not done:"


async def test_every_round_reads_the_whole_text_so_far_but_for_a_cache() -> None:
    shown = await generate.run(CountingEngine(), Generate(prompt="The cat", steps=3))
    assert _facts(shown)["rounds"] == 3
    assert _facts(shown)["read in all"] == 2 + 3 + 4
    assert _facts(shown)["with a cache"] == 2 + 1 + 1


async def test_one_step_and_ten_go_on_from_here() -> None:
    knobs = _knobs(await generate.run(CountingEngine(), Generate(prompt="The cat", steps=3)))
    assert knobs == {
        "Step": ("steps", "4"),
        "Ten steps": ("steps", "13"),
        "Stop": ("stop", "true"),
        "Start over": ("steps", "0"),
        "Sample": ("pick", "sampled"),
    }
    late = _knobs(await generate.run(CountingEngine(), Generate(prompt="The cat", steps=40)))
    assert "Step" not in late
    assert "Ten steps" not in late


async def test_what_was_stopped_can_go_on() -> None:
    shown = await generate.run(CountingEngine(), Generate(prompt="The cat", stop=True))
    assert _facts(shown)["ended by"] == "you"
    assert _knobs(shown) == {"Go on": ("stop", "false")}


async def test_a_sampled_run_can_be_repeated_and_goes_on_from_itself(
    embedded: LocalEngine,
) -> None:
    def text(shown: Exhibit) -> tuple[str, ...]:
        tokens = shown.parts[2]
        assert isinstance(tokens, Tokens)
        return tokens.texts

    chosen = {"prompt": "Once upon a time", "pick": "sampled"}
    first = text(await generate.run(embedded, Generate.model_validate(chosen | {"steps": 6})))
    again = text(await generate.run(embedded, Generate.model_validate(chosen | {"steps": 6})))
    longer = text(await generate.run(embedded, Generate.model_validate(chosen | {"steps": 7})))
    other = text(
        await generate.run(embedded, Generate.model_validate(chosen | {"steps": 6, "seed": 2}))
    )
    assert first == again == longer[:-1]
    assert first != other


class Ending(CountingEngine):
    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        self.calls.append((prompt, k))
        text = "<|im_end|>" if prompt.appended else " floor"
        return distribution(1, texts=(text,))


async def test_the_loop_stops_at_the_end_of_text() -> None:
    engine = Ending()
    shown = await generate.run(engine, Generate(prompt="The cat", steps=9))
    assert len(engine.calls) == 2
    assert "<|im_end|>" in part_text(shown.parts[1])
    assert _lit(shown) == "while not done:"
    assert _facts(shown)["ended by"] == "the model"
    assert _knobs(shown) == {"Start over": ("steps", "0")}


class Nameless(CountingEngine):
    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        found = await super().next_token(prompt, k)
        token = replace(found.top[0].token, id=-1)
        return replace(found, top=(replace(found.top[0], token=token),))


async def test_without_token_ids_there_is_no_loop() -> None:
    with pytest.raises(Missing):
        await generate.run(Nameless(), Generate(prompt="The cat"))


async def test_a_prompt_of_nothing_is_refused() -> None:
    with pytest.raises(BadInput):
        await generate.run(CountingEngine(), Generate(prompt=""))


async def test_a_long_text_shows_its_end() -> None:
    class Long(CountingEngine):
        async def next_token(self, prompt: Prompt, k: int) -> Distribution:
            return replace(
                distribution(k, read=[f" {n}" for n in range(100 + len(prompt.appended))])
            )

    shown = await generate.run(Long(), Generate(prompt="x", steps=2))
    tokens = shown.parts[2]
    assert isinstance(tokens, Tokens)
    assert tokens.texts[0] == "…"
    assert tokens.texts[-3:] == ("␣99", "␣floor", "␣floor")


@pytest.mark.against("generate", by="transformers' generate")
async def test_greedy_is_what_transformers_generates(embedded: LocalEngine, plain: Any) -> None:
    shown = await generate.run(embedded, Generate(prompt="The cat sat on the", steps=8))
    tokens = shown.parts[2]
    assert isinstance(tokens, Tokens)
    ids = [token.id for token in await embedded.tokenize("The cat sat on the")]
    sequence = plain.generate(
        torch.tensor([ids]), do_sample=False, max_new_tokens=8,
        attention_mask=torch.ones(1, len(ids), dtype=torch.long), pad_token_id=0,
    )[0]  # fmt: skip
    made = await embedded.next_token(Prompt("The cat sat on the", tuple(sequence[5:].tolist())), 1)
    assert "".join(tokens.texts).replace("␣", " ").replace("⏎", "\n") == "".join(
        token.text for token in made.prompt_tokens
    )


async def test_the_real_model_goes_on_and_fits_a_phone(embedded: LocalEngine) -> None:
    shown = await generate.run(embedded, Generate(prompt="The cat sat on the", steps=12))
    for part in shown.parts:
        assert all(columns(line) <= 23 for line in part_text(part, 22).splitlines())
    greedy = [line.split()[1] for line in part_text(shown.parts[1]).splitlines()]
    assert len(greedy) == 4
    assert all(line.endswith(" %") for line in part_text(shown.parts[1], PHONE).splitlines())
