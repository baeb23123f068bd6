from dataclasses import replace

import pytest

from tests.tools.fakes import CountingEngine, distribution
from tools.engine.base import Distribution, Prompt
from tools.engine.local import LocalEngine
from tools.errors import BadInput, Missing
from tools.exhibit import Code, Stages, Tokens
from tools.instruments import generate
from tools.instruments.generate import Generate
from tools.monospace import WIDTH, columns
from tools.text import part_text


async def test_each_round_appends_the_likeliest_token() -> None:
    engine = CountingEngine()
    shown = await generate.run(engine, Generate(prompt="The cat", steps=3))
    assert [prompt.appended for prompt, _ in engine.calls] == [(), (100,), (100, 100)]
    stages, tokens, code = shown.parts
    assert isinstance(stages, Stages)
    assert len(stages.lines) == 3
    assert stages.lines[0].split() == ["1", "␣floor", "50.0", "%"]
    assert tokens == Tokens(("The", "␣cat", "␣floor", "␣floor", "␣floor"), fresh=3)
    assert isinstance(code, Code)
    assert len(code.text.splitlines()) == 4


async def test_every_round_reads_the_whole_text_so_far() -> None:
    shown = await generate.run(CountingEngine(), Generate(prompt="The cat", steps=3))
    facts = {fact.name: fact.value for fact in shown.facts}
    assert facts["rounds"] == 3
    assert facts["read in all"] == 2 + 3 + 4


class Ending(CountingEngine):
    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        self.calls.append((prompt, k))
        text = "<|im_end|>" if prompt.appended else " floor"
        return distribution(1, texts=(text,))


async def test_the_loop_stops_at_the_end_of_text() -> None:
    engine = Ending()
    shown = await generate.run(engine, Generate(prompt="The cat", steps=9))
    assert len(engine.calls) == 2
    assert "<|im_end|>" in part_text(shown.parts[0])


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


async def test_the_real_model_goes_on_and_fits_a_phone(embedded: LocalEngine) -> None:
    shown = await generate.run(embedded, Generate(prompt="The cat sat on the", steps=4))
    for part in shown.parts:
        assert all(columns(line) <= WIDTH + 1 for line in part_text(part).splitlines())
    greedy = [line.split()[1] for line in part_text(shown.parts[0]).splitlines()]
    assert len(greedy) == 4
