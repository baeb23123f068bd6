import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import torch

from tests.against import Differ
from tests.fakes.engine import CountingEngine, distribution
from tools.algorithms.beams import search
from tools.engine.base import Candidate, Distribution, Prompt, Token
from tools.engine.local.local import LocalEngine
from tools.errors import Missing
from tools.exhibit.exhibit import Node, Prose, Stages, Tree
from tools.exhibit.text import fact_text
from tools.instruments import beam
from tools.instruments.beam import BeamSearch

PROMPTS = ["It was a beautiful", "The capital of France is", "def add(a, b):\n    return"]


@pytest.mark.against("beam", by="transformers' beam search")
@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize(("width", "depth"), [(2, 6), (3, 4), (5, 5)])
async def test_the_beams_are_those_of_transformers(
    differ: Differ, prompt: str, width: int, depth: int, embedded: LocalEngine, plain: Any
) -> None:
    found = await search(embedded, Prompt(prompt), width, depth)
    ids = [token.id for token in await embedded.tokenize(prompt)]
    theirs = plain.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long),
        do_sample=False, num_beams=width, num_return_sequences=width, length_penalty=0.0,
        max_new_tokens=depth, min_new_tokens=depth, pad_token_id=0, output_scores=True,
        return_dict_in_generate=True,
    )  # fmt: skip
    assert [list(one.ids) for one in found.levels[-1]] == theirs.sequences[:, len(ids) :].tolist()
    scores = [one.logprob for one in found.levels[-1]]
    assert differ(scores, theirs.sequences_scores) < 2e-3


# the likeliest first token leads to the less likely text: .5 × .4 against .4 × .9
WORLD = {
    (): {1: 0.5, 2: 0.4, 3: 0.1},
    (1,): {4: 0.4, 5: 0.3, 6: 0.3},
    (2,): {7: 0.9, 8: 0.1},
    (3,): {9: 1.0},
}


class World(CountingEngine):
    """Knows what follows each run of ids; the text of a token is its id."""

    def __init__(self, follows: Mapping[tuple[int, ...], Mapping[int, float]]) -> None:
        super().__init__()
        self.follows = follows

    async def next_token(self, prompt: Prompt, k: int) -> Distribution:
        self.calls.append((prompt, k))
        known = self.follows[prompt.appended]
        top = tuple(
            Candidate(Token(number, "<eos>" if number == 99 else f"t{number}"), math.log(share))
            for number, share in known.items()
        )
        return replace(distribution(), top=top[:k])


async def test_the_likeliest_start_may_lose_by_hand() -> None:
    engine = World(WORLD)
    found = await search(engine, Prompt("x"), width=2, depth=2)
    assert [one.ids for one in found.levels[-1]] == [(2, 7), (1, 4)]
    assert math.exp(found.best.logprob) == pytest.approx(0.36)
    assert found.greedy.ids == (1, 4)
    assert math.exp(found.greedy.logprob) == pytest.approx(0.20)
    assert found.shared == 0
    assert all(k == 2 for _, k in engine.calls)
    assert len(engine.calls) == 3  # no text is asked about twice


async def test_the_tree_lights_both_ways_and_says_where_they_part() -> None:
    shown = await beam.run(World(WORLD), BeamSearch(prompt="x", width=2, depth=2))
    tree, texts, prose = shown.parts
    assert texts == Stages(("greedy t1t4", "best   t2t7"))
    assert tree == Tree(
        (
            Node("prompt", None, is_lit=True),
            Node("t1", 0, "-0.69", is_lit=True),
            Node("t2", 0, "-0.92", is_lit=True),
            Node("t7", 2, "-1.02 best", is_lit=True),
            Node("t4", 1, "-1.61 greedy", is_lit=True),
        )
    )
    assert isinstance(prose, Prose)
    assert "part at token 1" in prose.text
    assert [fact_text(fact) for fact in shown.facts] == [
        "greedy -1.61 nats",
        "best -1.02 nats",
        "best ÷ greedy 1.8 times as likely",
        "same tokens first 0",
    ]


async def test_a_greedy_text_that_left_the_beam_is_in_the_tree() -> None:
    narrow = {
        (): {1: 0.5, 2: 0.4, 3: 0.1},
        (1,): {4: 0.1, 5: 0.1},
        (2,): {7: 0.5, 8: 0.4},
        (2, 7): {10: 1.0, 11: 0.0001},
        (2, 8): {10: 1.0, 11: 0.0001},
        (1, 4): {12: 1.0, 13: 0.0001},
    }
    found = await search(World(narrow), Prompt("x"), width=2, depth=3)
    assert found.greedy.ids == (1, 4, 12)
    labels = [node.label for node in beam.tree(found).nodes]
    assert "t12" in labels
    for node in beam.tree(found).nodes[1:]:
        assert node.parent is not None


async def test_a_text_that_has_ended_grows_no_further() -> None:
    ending = {(): {99: 0.6, 2: 0.4}, (2,): {99: 0.9, 3: 0.1}, (2, 3): {4: 1.0}}
    found = await search(World(ending), Prompt("x"), width=2, depth=3)
    assert [one.ids for one in found.levels[-1]] == [(99,), (2, 99)]
    assert found.greedy.ids == (99,)
    prose = beam.where_they_part(found)
    assert "the same text" in prose


async def test_without_token_ids_no_beam_grows() -> None:
    class Nameless(CountingEngine):
        async def next_token(self, prompt: Prompt, k: int) -> Distribution:
            return replace(distribution(), top=(Candidate(Token(-1, "a"), -1.0),))

    with pytest.raises(Missing):
        await search(Nameless(), Prompt("x"), 2, 1)


async def test_at_its_largest_the_tree_stays_small(embedded: LocalEngine) -> None:
    shown = await beam.run(embedded, BeamSearch(width=5, depth=6))
    tree = shown.parts[0]
    assert isinstance(tree, Tree)
    assert len(tree.nodes) <= 1 + 5 * 6 + 6
    for place, node in enumerate(tree.nodes):
        assert node.parent is None or node.parent < place
