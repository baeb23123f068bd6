"""Servers that can't run here, as their documentation says that they answer; each names it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.servers import LyingServer, completion

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


def _a_word_each(text: str) -> list[int]:
    return [504 + place for place, _ in enumerate(text.split())]


def _bare(server: LyingServer, answer: dict[str, Any]) -> None:
    """Leave only what every one of them has."""
    server.paths.clear()
    server.says("/v1/completions", answer)
    server.says("/v1/models", {"object": "list", "data": [{"id": "served", "object": "model"}]})


def _sglang(server: LyingServer) -> None:
    _bare(server, _by_text())
    models = {"data": [{"id": "served", "owned_by": "sglang", "max_model_len": 4096}]}
    server.says("/v1/models", models)
    server.paths["/tokenize"] = lambda body: web.json_response(
        {"tokens": (ids := _a_word_each(body["prompt"])), "count": len(ids)}
    )
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

    def tokenize(body: Any) -> web.Response:
        if "inputs" in body:
            return web.json_response([{"id": one} for one in _a_word_each(body["inputs"])])
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


SERVERS = (
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
