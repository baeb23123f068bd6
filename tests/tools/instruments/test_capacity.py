import pytest

from tests.fakes.engine import CountingEngine
from tests.fakes.stub_vllm import StubVllm
from tests.tools.instruments.turning import assert_it_fits_and_turns, values
from tools import catalogue
from tools.engine.base import Capability
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.sharing.shared import SharedEngine
from tools.errors import BadInput
from tools.exhibit.exhibit import Bars, Curve, Exhibit, Origin, Prose, Table
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text
from tools.gpus import GPUS
from tools.models import SHAPES


class Alone(CountingEngine):
    def capabilities(self) -> frozenset[Capability]:
        return frozenset({Capability.NEXT_TOKEN})


async def shown_of(**chosen: object) -> Exhibit:
    return await catalogue.run(Alone(), "capacity", chosen)


def rows_of(shown: Exhibit) -> dict[str, str]:
    (table,) = (part for part in shown.parts if isinstance(part, Table))
    return {row[0]: row[1] for row in table.rows}


def said_of(shown: Exhibit) -> str:
    return " ".join(part.text for part in shown.parts if isinstance(part, Prose))


async def test_the_first_line_says_whether_it_fits_and_for_how_many() -> None:
    shown = await shown_of()
    first = shown.parts[0]
    assert isinstance(first, Prose)
    assert first.text == (
        "It fits: about 166 sequences of 2,000 + 300 tokens at once; the gap sets the limit."
    )
    assert rows_of(shown)["cache holds"] == "212"
    assert rows_of(shown)["at once"] == "166"
    assert values(shown)["vLLM would say"] == "459,136 tokens, 3.50x"
    assert shown.provenance.origin is Origin.COMPUTED
    await assert_it_fits_and_turns(Alone(), "capacity", shown)


async def test_where_the_memory_goes_adds_up_to_the_gpu() -> None:
    (bars,) = (part for part in (await shown_of()).parts if isinstance(part, Bars))
    assert sum(row.share for row in bars.rows) == pytest.approx(1)
    assert bars.rows[0].note == "15.0 GiB"


async def test_what_does_not_fit_says_what_would() -> None:
    shown = await shown_of(config="llama-3.1-405b")
    assert said_of(shown).startswith("It doesn't fit. It takes 16 × H100.")
    assert not [part for part in shown.parts if isinstance(part, Table | Curve)]
    assert "It takes 2 × L40S" in said_of(await shown_of(config="gemma-3-27b", gpu="L40S"))
    said = said_of(await shown_of(config="llama-3.1-405b", gpu="L4", precision="float32"))
    assert "Not even 64 × L4 would do." in said


async def test_a_cache_too_small_for_one_sequence_is_said() -> None:
    shown = await shown_of(config="qwen3-32b", prompt_tokens=38_000, answer_tokens=2_000)
    assert "The weights fit, but the cache holds not one sequence" in said_of(shown)


async def test_a_gap_that_nothing_meets_is_said() -> None:
    said = said_of(await shown_of(itl_ms=1))
    assert "not even one keeps 1 ms from token to token" in said


async def test_without_a_limit_the_cache_sets_it() -> None:
    shown = await shown_of(itl_ms=0)
    assert "212 sequences" in said_of(shown)
    assert "the cache sets the limit" in said_of(shown)
    (curve,) = (part for part in shown.parts if isinstance(part, Curve))
    assert [series.name for series in curve.series] == ["gap between tokens", "here"]


async def test_a_slow_first_token_is_said() -> None:
    said = said_of(await shown_of(prompt_tokens=100_000, ttft_ms=1_000))
    assert "a prompt takes longer to read than 1000 ms" in said


async def test_a_length_that_vllm_would_not_start_with_is_said() -> None:
    said = said_of(await shown_of(config="qwen3-32b"))
    assert "vLLM won't start with max_model_len 40,960; 38,256 would do." in said
    assert "won't start" not in said_of(await shown_of(config="qwen3-32b", max_model_len=8_192))


async def test_fp8_in_the_cache_holds_twice_as_many() -> None:
    assert rows_of(await shown_of(kv="fp8"))["cache holds"] == "425"


async def test_the_price_follows_yours_and_how_busy_it_is() -> None:
    once = float(rows_of(await shown_of(price=3, busy=1))["$ a million"])
    half = float(rows_of(await shown_of(price=3, busy=0.5))["$ a million"])
    assert half == pytest.approx(2 * once, rel=0.01)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"config": "llama-3.1-405b", "gpus": 6}, "6 GPUs can't share 128 heads evenly. Take 1, 2"),
        ({"config": "llama-3.1-8b", "split": "ep"}, "has no experts to spread. Choose split tp."),
        (
            {"config": "gpt-2", "prompt_tokens": 2_000},
            "gpt-2 was made for 1,024 tokens; you ask 2,300.",
        ),
        ({"max_model_len": 1_000}, "You ask 2,300 tokens, more than max_model_len 1,000."),
        ({"config": "llama-3-8b", "max_model_len": 9_000}, "was made for 8,192 tokens, not 9,000"),
        ({"gpu": "H500"}, "gpu: "),
        ({"busy": 0}, "busy: "),
    ],
)
async def test_bad_input_is_refused_in_one_line(chosen: dict[str, object], says: str) -> None:
    engine = CountingEngine()
    with pytest.raises(BadInput) as refused:
        await catalogue.run(engine, "capacity", chosen)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert engine.calls == []


@pytest.mark.parametrize("gpu", GPUS)
@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape.context >= 8_192])
async def test_every_card_stays_whole_on_a_phone(name: str, gpu: str) -> None:
    for split in ("tp", "ep") if SHAPES[name].experts else ("tp",):
        gpus = 8 if SHAPES[name].heads % 8 == 0 else 1
        shown = await shown_of(config=name, gpu=gpu, gpus=gpus, split=split)
        for part in shown.parts:
            if isinstance(part, Table | Bars):
                text = part_text(part, PHONE)
                assert "…" not in text
                assert len(text.splitlines()) <= 8


async def test_the_connected_server_has_its_own_word(stub: StubVllm, served: SharedEngine) -> None:
    shown = await catalogue.run(served, "capacity", {"config": "smollm2-135m"})
    said = said_of(shown)
    assert "The connected server (served) says: 364 blocks of 128 tokens" in said
    assert "46,592 tokens, 22.75 sequences of 2,048" in said
    assert "so 21 of yours if it serves this model" in said  # 364 ÷ 17 blocks of 2,150 tokens
    await assert_it_fits_and_turns(served, "capacity", shown)


async def test_a_server_that_tells_nothing_is_said_to(stub: StubVllm, served: SharedEngine) -> None:
    stub.has_metrics = False
    said = said_of(await catalogue.run(served, "capacity", {"config": "llama-3.1-8b"}))
    assert "The connected server (served) doesn't tell what its cache holds" in said


async def test_a_server_that_is_gone_does_not_hide_the_estimate() -> None:
    gone = ClusterEngine("http://127.0.0.1:9/v1", "openai/gpt-oss-20b", timeout_s=2)
    shown = await catalogue.run(gone, "capacity", {})
    assert "gpt-oss-20b on 1 × H100" in shown.title
    assert "What the connected server says of itself is missing: " in said_of(shown)
    assert rows_of(shown)
    await gone.close()
