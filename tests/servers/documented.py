"""Servers that can't run here, as their documentation says that they answer; each names it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.servers import LyingServer, completion, honest

TOP = {" mat": -0.7, " sofa": -1.6, " bed": -2.5}
_ENOUGH_FOR_OPENAI = 5


@dataclass(frozen=True, slots=True)
class Documented:
    """A server by its documentation.

    Attributes:
        name: What it is called.
        source: The page, with version or date.
        note: What a reader should know beside the table.
        set_up: Makes a server answer so.
    """

    name: str
    source: str
    note: str
    set_up: Callable[[LyingServer], None]


def _by_text(**more: Any) -> dict[str, Any]:
    """As OpenAI's completions: texts and no ids."""
    shape = {"tokens": [" mat"], "token_logprobs": [-0.7], "top_logprobs": [TOP]}
    return completion(text=" mat", logprobs=shape, prompt_token_ids=None) | more


def _without(**more: Any) -> dict[str, Any]:
    return completion(text=" mat", logprobs=None, prompt_token_ids=None) | more


def _bare(server: LyingServer, answer: dict[str, Any]) -> None:
    """Leave only what every one of them has."""
    server.paths.clear()
    server.says("/v1/completions", answer)
    server.says("/v1/models", {"object": "list", "data": [{"id": "served", "object": "model"}]})


def _vllm(server: LyingServer) -> None:
    honest(server)
    server.says("/version", {"version": "0.32.0"})

    def answer(body: Any) -> web.Response:
        if "logit_bias" in body:
            reason = "token_id(s) [10000000] in logit_bias contain out-of-vocab token ids. "
            told = {"error": {"message": f"{reason}Vocabulary size: 49152", "code": 400}}
            return web.json_response(told, status=400)
        rule = body.get("structured_outputs")
        said = {"text": rule["choice"][0]} if rule else {}
        scores = [None, {"1": {"logprob": -1.5, "rank": 1, "decoded_token": " the"}}]
        read = {"prompt_logprobs": scores} if body.get("prompt_logprobs") else {}
        return web.json_response(completion(**said, **read))

    server.paths["/v1/completions"] = answer
    server.says_text("/metrics", _VLLM_METRICS, kind="text/plain")


def _sglang(server: LyingServer) -> None:
    _bare(server, _by_text())
    models = {"data": [{"id": "served", "owned_by": "sglang", "max_model_len": 4096}]}
    server.says("/v1/models", models)
    server.says("/tokenize", {"tokens": [504, 2644, 2643], "count": 3, "max_model_len": 4096})
    server.says("/detokenize", {"text": " mat"})
    metrics = '# TYPE sglang:token_usage gauge\nsglang:token_usage{model_name="served"} 0.28\n'
    server.says_text("/metrics", metrics, kind="text/plain")


def _ollama(server: LyingServer) -> None:
    _bare(server, _without())
    server.says("/api/version", {"version": "0.13.5"})


def _lm_studio(server: LyingServer) -> None:
    _bare(server, _without(stats={}))
    for path in ("/tokenize", "/detokenize", "/metrics", "/version", "/tokenizer_info"):
        server.says(path, {"error": f"Unexpected endpoint or method. (POST {path})"})


def _tgi(server: LyingServer) -> None:
    _bare(server, _without(system_fingerprint="3.3.6-native"))
    cut = [{"id": 504, "text": "The", "start": 0, "stop": 3}, {"id": 2644, "text": " cat"}]

    def tokenize(body: Any) -> web.Response:
        if "inputs" in body:
            return web.json_response(cut)
        return web.json_response({"error": "missing field `inputs`"}, status=422)

    server.paths["/tokenize"] = tokenize
    metrics = "# TYPE tgi_queue_size gauge\ntgi_queue_size 0\n"
    server.says_text("/metrics", metrics, kind="text/plain")


def _litellm(server: LyingServer) -> None:
    _bare(server, _by_text())
    refused = {"error": {"message": "Authentication Error", "type": "auth_error", "code": "401"}}
    for path in ("/tokenize", "/detokenize", "/tokenizer_info", "/metrics"):
        server.says(path, refused, 401)


def _openai(server: LyingServer) -> None:
    _bare(server, _by_text())
    known = {"model", "prompt", "max_tokens", "temperature", "logprobs", "logit_bias"}

    def answer(body: Any) -> web.Response:
        if strange := body.keys() - known:
            reason = f"Unrecognized request argument supplied: {min(strange)}"
            return web.json_response({"error": {"message": reason}}, status=400)
        if body["logprobs"] > _ENOUGH_FOR_OPENAI:
            reason = "Integer above maximum value: logprobs. Expected a value <= 5"
            return web.json_response({"error": {"message": reason}}, status=400)
        return web.json_response(_by_text())

    server.paths["/v1/completions"] = answer


_VLLM_METRICS = (
    "# TYPE vllm:num_requests_running gauge\n"
    'vllm:num_requests_running{engine="0",model_name="served"} 0.0\n'
    "# TYPE vllm:num_requests_waiting gauge\n"
    'vllm:num_requests_waiting{engine="0",model_name="served"} 0.0\n'
    "# TYPE vllm:kv_cache_usage_perc gauge\n"
    'vllm:kv_cache_usage_perc{engine="0",model_name="served"} 0.0\n'
)
SERVERS = (
    Documented(
        "vLLM",
        "vLLM 0.32.0, its answers as its source has them; `make test-cluster` asks a live one",
        "Structured output and scores are shown as the server gives them.",
        _vllm,
    ),
    Documented(
        "SGLang",
        "docs.sglang.io: native_api (2026-03-12), production_metrics",
        "Its counters have names of their own, which aren't read.",
        _sglang,
    ),
    Documented(
        "Ollama",
        "ollama/ollama docs/api/openai-compatibility.mdx at 043e990",
        "Its completions have no log-probabilities: it serves as the tutor's chat model.",
        _ollama,
    ),
    Documented(
        "LM Studio",
        "lmstudio.ai/docs/developer/openai-compat; lmstudio-ai/lms #60 (2026-06)",
        "Paths that it doesn't know answer 200 with an error; that is understood.",
        _lm_studio,
    ),
    Documented(
        "TGI",
        "huggingface/text-generation-inference docs/openapi.json at e7248fe",
        "Its completions leave log-probabilities empty.",
        _tgi,
    ),
    Documented(
        "LiteLLM",
        "docs.litellm.ai/docs/text_completion (2026-10-03), with OpenAI's completions behind it",
        "A gateway passes on what the server behind it has under /v1, and nothing beside it.",
        _litellm,
    ),
    Documented(
        "OpenAI",
        "platform.openai.com/docs/api-reference/completions (gpt-3.5-turbo-instruct)",
        "At most 5 tokens are listed, and what its API doesn't have is refused: it is asked "
        "without.",
        _openai,
    ),
)
