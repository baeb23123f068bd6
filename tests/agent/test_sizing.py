"""Questions about size and cost are computed, with the model and the numbers in the question."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.agent.sizes import tells_size
from bot.agent.sizing import sum_of
from bot.domain.mode import Mode
from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import Secret, spoilers_for
from bot.domain.tutor.talk import Outcome
from curriculum.schema import Course
from tests.agent.conftest import Desk
from tools.exhibit.exhibit import Origin

Make = Callable[..., Awaitable[Desk]]


@pytest.mark.parametrize(
    ("question", "instrument", "chosen"),
    [
        (
            "how big is the KV cache of llama 3 8b at 8k?",
            "cache",
            {"config": "llama-3-8b", "context": 8192},
        ),
        ("KV bytes per token for qwen 3 32b", "cache", {"config": "qwen3-32b"}),
        (
            "kv cache for 64 users at 10k on Llama-3.1-8B-Instruct in fp8, how many GB?",
            "cache",
            {"config": "llama-3.1-8b", "context": 10_000, "batch": 64, "precision": "fp8"},
        ),
        (
            "does a 70B fit on two 80 GB?",
            "capacity",
            {"config": "llama-3.3-70b", "gpu": "H100", "gpus": 2},
        ),
        (
            "can I run qwen3-32b on a 4090 in 4-bit?",
            "capacity",
            {"config": "qwen3-32b", "gpu": "RTX 4090", "gpus": 1, "precision": "int4"},
        ),
        ("how many parameters does qwen3 8b have?", "parameters", {"config": "qwen3-8b"}),
        (
            "how fast is llama 3 8b on one L4?",
            "bandwidth",
            {"config": "llama-3-8b", "gpu": "L4", "gpus": 1, "measure": False},
        ),
    ],
)
def test_a_size_is_computed_with_the_numbers_of_the_question(
    question: str, instrument: str, chosen: Mapping[str, Any]
) -> None:
    found = sum_of(question)
    assert found is not None
    assert (found.route.instrument, dict(found.route.chosen)) == (instrument, chosen)


@pytest.mark.parametrize(
    "question",
    [
        "What is a KV cache?",
        "how big is the KV cache?",  # of which model?
        "why is the KV cache of llama 3 8b so large?",
        "does llama 2 70b fit on 2 A100?",  # a version that isn't in the list is no other version
        "how big is the kv cache of qwen 2.5 32b?",
        "how heavy is an elephant?",
    ],
)
def test_what_names_no_known_model_or_asks_why_is_no_sum(question: str) -> None:
    assert sum_of(question) is None


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        (
            "how big is the KV cache of llama 3 8b at 8k?",
            ("8,192 tokens × 1: 1 GiB", "a token: 128 KiB", "Computed"),
        ),
        ("does a 70B fit on two 80 GB?", ("llama-3.3-70b on 2 × H100", "It fits")),
        ("KV bytes per token for qwen 3 32b", ("256 KiB", "2 × 64 × 8 × 128 × 2")),
        ("how many parameters does llama 3.1 8b have?", ("8,030,261,248",)),
        ("how big is the KV cache of llama 3 8b at 32k?", ("was made for 8,192 tokens",)),
    ],
)
async def test_notes_mode_tells_the_figure_and_that_it_was_computed(
    desk: Make, question: str, figures: tuple[str, ...]
) -> None:
    reply = (await (await desk()).ask(question)).reply
    assert reply.outcome is Outcome.ANSWERED
    assert reply.mode is Mode.NOTES
    assert [figure for figure in figures if figure not in reply.text] == []
    assert all(ran.exhibit.provenance.origin is Origin.COMPUTED for ran in reply.ran)


@pytest.mark.parametrize(
    ("question", "step"),
    [
        ("how many bytes per token does the kv cache of qwen 2.5 7b take?", "one-token"),
        ("kv cache size of qwen2.5-7b for one token", "one-token"),
    ],
)
async def test_a_size_that_a_step_asks_is_kept_until_it_is_guessed(
    desk: Make, shipped: Course, question: str, step: str
) -> None:
    at = await desk()
    others = [
        (lesson.number, one.id)
        for lesson in shipped.lessons
        for one in lesson.sequence
        if one.id != step
    ]
    open_step = replace(at.new, spoilers=spoilers_for(shipped, others))
    kept = (await at.ask(question, open_step)).reply
    assert kept.outcome is Outcome.HINTED
    assert kept.guess_first == Source(7, step=step)
    assert "56 KiB" not in repr(kept)
    told = (await at.ask(question)).reply
    assert "56 KiB" in told.text


@pytest.mark.parametrize(
    ("number", "unit", "text", "is_told"),
    [
        ("57344", "bytes", "a token: 56 KiB", True),
        ("57344", "bytes", "2 × 28 × 4 × 128 × 2", True),
        ("57344", "bytes", "a token: 64 KiB", False),
        ("427", "GB", "weights: 427,000 MB", True),
        ("12", "steps", "12 GiB", False),
    ],
)
def test_a_size_is_the_same_in_every_unit(
    number: str, unit: str, text: str, *, is_told: bool
) -> None:
    secret = Secret(Source(1, step="it"), number=number, unit=unit)
    assert (tells_size(text, [secret]) is not None) is is_told


@pytest.mark.parametrize("text", ["9" * 5000, "9" * 400 + " × 2", " × ".join(["9" * 18] * 40)])
def test_a_number_beyond_all_sizes_is_no_size_and_breaks_nothing(text: str) -> None:
    secret = Secret(Source(1, "x"), number="57344", unit="bytes")
    assert tells_size(f"{text} bytes, {text} * 3", [secret]) is None
