"""What a real llama.cpp lacks is found out, and said; what it has is tested beside vLLM's."""

import pytest

from bench.serve_vllm import CONTEXT, MODEL
from tests.tools.instruments.serving_checks import facts, only
from tools import catalogue
from tools.engine.base import Capability, Prompt, bytes_of
from tools.engine.cluster.cluster import ClusterEngine
from tools.engine.masking import Rule, RuleKind
from tools.engine.sharing.shared import SharedEngine
from tools.engine.templates import Conversation, RoleMessage
from tools.errors import Missing
from tools.exhibit.exhibit import Tokens

CAT = Prompt("The cat sat on the")


async def test_what_it_has_and_lacks_is_found_by_asking(llama_cpp: ClusterEngine) -> None:
    line = await llama_cpp.check()
    assert line.startswith(f"{MODEL} at 127.0.0.1:")
    assert "has logprobs, token ids, /tokenize, /detokenize; " in line
    assert line.endswith("lacks /metrics, structured_outputs, prompt_logprobs")
    assert llama_cpp.capabilities() == {
        Capability.NEXT_TOKEN,
        Capability.TOKENIZE,
        Capability.STREAM,
    }


async def test_who_serves_and_how_many_tokens_it_knows(llama_cpp: ClusterEngine) -> None:
    served = await llama_cpp.served()
    assert (served.version, served.context_tokens) == (None, CONTEXT)
    assert (await llama_cpp.next_token(CAT, 1)).vocabulary == 49_152


async def test_a_guess_is_not_scored_and_it_says_why(llama_cpp: ClusterEngine) -> None:
    with pytest.raises(Missing, match="no log-probabilities of a prompt"):
        await llama_cpp.score(CAT, " zebra")


async def test_it_has_no_counters_and_none_are_made_up(llama_cpp: ClusterEngine) -> None:
    assert await llama_cpp.metrics() is None
    assert await llama_cpp.kv_pool() is None


async def test_neither_its_template_nor_a_mask_is_shown(llama_cpp: ClusterEngine) -> None:
    with pytest.raises(Missing, match="doesn't show its chat template"):
        await llama_cpp.templated(Conversation((RoleMessage("user", "Hello"),)))
    with pytest.raises(Missing):
        await llama_cpp.masked(CAT.text, Rule(RuleKind.CHOICE, "yes, no"), 2)


@pytest.mark.parametrize("text", ["naïve café", "日本語", "🙂", "e\u0301"])
async def test_the_bytes_of_its_tokens_are_those_of_the_text(
    llama_cpp: ClusterEngine, text: str
) -> None:
    found = await llama_cpp.tokenize(text)
    assert b"".join(map(bytes_of, found)) == text.encode()


@pytest.mark.parametrize("name", ["phases", "burst", "load"])
async def test_it_is_timed(llama_cpp: ClusterEngine, name: str) -> None:
    small: dict[str, dict[str, object]] = {
        "phases": {"lengths": "16 128", "tokens": 4, "samples": 1},
        "burst": {"requests": 4, "tokens": 8},
        "load": {"rates": "2 4", "requests": 4, "tokens": 4, "words": 8},
    }
    shown = await catalogue.run(SharedEngine(llama_cpp), name, small[name])
    assert (shown.provenance.model, shown.provenance.engine) == (MODEL, "cluster")


async def test_text_is_shown_in_its_tokens(llama_cpp: ClusterEngine) -> None:
    shown = await catalogue.run(
        SharedEngine(llama_cpp), "tokens", {"text": "The café", "beside": False}
    )
    assert "".join(only(shown, Tokens).texts) == "The␣café"
    assert facts(shown)["tokens"] == "tokens 2"
