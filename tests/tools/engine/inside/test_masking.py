"""Masks, against llguidance's own from the tokenizer as Hugging Face has it."""

from pathlib import Path
from typing import Any

import llguidance.hf
import numpy as np
import pytest
import torch
from llguidance import LLMatcher, LLTokenizer
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.tools.engine.inside.rules import RULES, obeys
from tools.engine.base import Prompt
from tools.engine.grammars import fits, grammar_of
from tools.engine.inside.masking import TokenMask
from tools.engine.local.local import LocalEngine
from tools.engine.masking import Rule, RuleKind, written
from tools.engine.model.causal_model import CausalModel
from tools.engine.model.fast_tokenizer import FastTokenizer
from tools.engine.model.language_model import LanguageModel
from tools.errors import BadInput
from tools.instruments.mask import EXAMPLES

EXAMPLE_RULES = [(one.prompt, Rule(RuleKind(kind), one.rule)) for kind, one in EXAMPLES.items()]
FREE_STRING = '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}'
names = [f"{rule.kind.value} {rule.text[:30]}" for _, rule in RULES]


@pytest.fixture(scope="module")
def theirs(embedded_folder: Path) -> LLTokenizer:
    return llguidance.hf.from_tokenizer(AutoTokenizer.from_pretrained(embedded_folder))


@pytest.fixture(scope="module")
def network(embedded_folder: Path) -> Any:
    """The same weights, read by transformers alone."""
    return AutoModelForCausalLM.from_pretrained(embedded_folder, dtype=torch.float32).eval()


@pytest.fixture
async def model(embedded: LocalEngine) -> LanguageModel:
    """The model as it answers: with our own kernel and no transformers."""
    return await embedded._answer(lambda model: model)


def their_mask(matcher: LLMatcher) -> torch.Tensor:
    bits = allocate_token_bitmask(1, 49_152)
    fill_next_token_bitmask(matcher, bits)
    bools = np.unpackbits(bits.view(np.uint8), bitorder="little", count=49_152)
    return torch.from_numpy(bools).bool()


@pytest.mark.against("mask", by="llguidance's masks, bit for bit")
@pytest.mark.parametrize(("prompt", "rule"), [*EXAMPLE_RULES, *RULES])
async def test_every_mask_is_llguidances_own_bit_for_bit(
    prompt: str, rule: Rule, model: LanguageModel, embedded: LocalEngine, theirs: LLTokenizer
) -> None:
    found = await embedded.masked(prompt, rule, 32)
    ours, matcher = TokenMask(model, rule), LLMatcher(theirs, grammar_of(rule))
    for step in found.steps:
        mask = their_mask(matcher)
        assert torch.equal(ours.allowed(), mask)
        assert step.allowed == int(mask.sum())
        assert all(mask[one.token.id] for one in step.top)
        ours.take(step.token.id)
        matcher.consume_token(step.token.id)


def test_each_token_has_the_bytes_that_hugging_face_gives_it(
    running: CausalModel, embedded_folder: Path, theirs: LLTokenizer
) -> None:
    fast = FastTokenizer.load(embedded_folder)
    for one in (fast, running.tokenizes):
        assert one.size() == theirs.vocab_size == 49_152
        assert one.end() == theirs.eos_token
        special = {n for n in range(49_152) if theirs.is_special_token(n)}
        assert one.special() == special
    ours = LanguageModel(fast, running.forward, lambda: running)
    seen = TokenMask(ours, Rule(RuleKind.CHOICE, "a"))._spelt
    assert [seen.decode_bytes([n]) for n in range(49_152)] == [
        theirs.decode_bytes([n]) for n in range(49_152)
    ]


@pytest.mark.against("mask", by="transformers' softmax")
@pytest.mark.parametrize(("prompt", "rule"), EXAMPLE_RULES)
async def test_each_probability_is_transformers_softmax_with_and_without_the_cut(
    prompt: str, rule: Rule, embedded: LocalEngine, network: Any, theirs: LLTokenizer
) -> None:
    found = await embedded.masked(prompt, rule, 10)
    ids = [token.id for token in await embedded.tokenize(prompt)]
    matcher = LLMatcher(theirs, grammar_of(rule))
    for step in found.steps:
        with torch.inference_mode():
            scores = network(torch.tensor([ids])).logits[0, -1].double()
        mask, chances = their_mask(matcher), scores.softmax(-1)
        left = scores.masked_fill(~mask, -torch.inf)
        after = left.softmax(-1)
        assert step.token.id == int(left.argmax())
        assert step.wanted.token.id == int(chances.argmax())
        assert step.wanted.probability == pytest.approx(float(chances.max()), rel=1e-3)
        assert step.cut == pytest.approx(float(chances[~mask].sum()), abs=1e-4)
        order = left.topk(min(5, step.allowed)).indices.tolist()
        assert [one.token.id for one in step.top] == order
        for one in step.top:
            assert one.before == pytest.approx(float(chances[one.token.id]), rel=2e-3)
            assert one.after == pytest.approx(float(after[one.token.id]), rel=2e-3)
        ids.append(step.token.id)
        matcher.consume_token(step.token.id)


@pytest.mark.against("mask", by="re.fullmatch and jsonschema")
@pytest.mark.parametrize(("prompt", "rule"), RULES, ids=names)
async def test_what_is_written_obeys_the_rule(
    prompt: str, rule: Rule, embedded: LocalEngine
) -> None:
    found = await embedded.masked(prompt, rule, 32)
    text = written(found.steps).decode()
    assert found.is_ended
    assert found.fits
    assert obeys(rule, text), text


async def test_cut_off_it_does_not_fit_and_says_so(embedded: LocalEngine) -> None:
    found = await embedded.masked("As JSON:", Rule(RuleKind.JSON, FREE_STRING), 4)
    assert (len(found.steps), found.fits, found.is_ended) == (4, False, False)
    assert not obeys(Rule(RuleKind.JSON, FREE_STRING), written(found.steps).decode())


async def test_what_would_fit_already_but_could_go_on_fits(embedded: LocalEngine) -> None:
    found = await embedded.masked("Latency:", Rule(RuleKind.REGEX, "[0-9]+"), 3)
    assert (found.fits, found.is_ended) == (True, False)


async def test_without_the_mask_it_writes_what_it_would(embedded: LocalEngine) -> None:
    prompt, rule = EXAMPLE_RULES[1]
    found = await embedded.masked(prompt, rule, 8)
    free: tuple[int, ...] = ()
    for _ in range(8):
        asked = await embedded.next_token(Prompt(prompt, free), 1)
        free = (*free, asked.top[0].token.id)
    assert tuple(token.id for token in found.free) == free


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("choice", " ", "isn't empty"),
        ("choice", "low,, high", "none empty"),
        ("regex", "(", "unclosed group"),
        ("regex", "a(?=b)", "look-around"),
        ("regex", "a\\bc", "lookarounds not supported"),
        ("json", "{severity: low}", "isn't JSON"),
        ("json", '{"const": NaN}', "no NaN"),
        ("json", "[1]", "is an object"),
        ("json", '{"type": "objec"}', "Invalid type: objec"),
        ("json", '{"not": {}}', r"doesn't know the keys \[\"not\"\]"),
        ("json", '{"x-guidance": {"lenient": true}, "not": {}}', "doesn't know the keys"),
        ("json", '{"type": "integer", "minimum": 5, "maximum": 4}', "Unsatisfiable"),
        ("json", '{"$ref": "http://localhost/x"}', "does not fetch"),
        ("json", '{"items": {"minItems": 100000000}}', "100 is the most"),
        ("json", "[" * 999, "isn't JSON"),
        ("regex", "a" * 1001, "1,000 is the limit"),
        ("regex", "\ud800", "half a character"),
        ("regex", "a\0", "NUL"),
    ],
)
def test_a_rule_that_can_not_be_used_is_refused_in_one_line(kind: str, text: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        grammar_of(Rule(RuleKind(kind), text))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("regex", r"[^\s\S]", "No text fits"),
        ("json", '{"$ref": "#"}', "No text fits"),
        ("regex", "(a{1000}){1000}", "too much for llguidance"),
    ],
)
async def test_a_rule_that_fails_as_it_is_followed_is_refused_too(
    kind: str, text: str, why: str, embedded: LocalEngine
) -> None:
    with pytest.raises(BadInput, match=why) as refused:
        await embedded.masked("x", Rule(RuleKind(kind), text), 2)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("steps", [0, 33])
async def test_so_many_steps_are_refused(steps: int, embedded: LocalEngine) -> None:
    with pytest.raises(BadInput, match="1 to 32"):
        await embedded.masked("x", Rule(RuleKind.CHOICE, "a"), steps)


def test_a_text_is_held_against_a_rule_byte_by_byte() -> None:
    rule = Rule(RuleKind.CHOICE, "é, ab, abc")
    told = {text: fits(rule, text.encode()) for text in ("é", "ab", "abc", "a", "abcd", "")}
    assert told == {"é": True, "ab": True, "abc": True, "a": False, "abcd": False, "": False}
