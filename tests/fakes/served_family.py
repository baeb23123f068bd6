"""A server that answers as vLLM does, with the tokenizer of one family."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from tokenizers import Tokenizer

from tests.fakes.servers import LyingServer

NEVER_THOUGHT_OF = -12.0


def served_family(
    server: LyingServer, tokenizer: Tokenizer, likely: Mapping[str, float]
) -> LyingServer:
    """Let a server answer with that tokenizer.

    Args:
        server: Which.
        tokenizer: Cuts, and spells what is cut.
        likely: Raw pieces of the vocabulary that may come next, to log-probabilities.
    """
    by_id = {tokenizer.token_to_id(piece): value for piece, value in likely.items()}
    assert None not in by_id, likely

    def complete(body: Any) -> dict[str, Any]:
        sent = body["prompt"]
        ids = sent if isinstance(sent, list) else tokenizer.encode(sent).ids
        named = {f"token_id:{number}": value for number, value in by_id.items()}
        if not body.get("return_tokens_as_token_ids"):
            named = {text_of(number): value for number, value in by_id.items()}
        choice = {
            "text": text_of(next(iter(by_id))),
            "finish_reason": "length",
            "prompt_token_ids": ids,
            "logprobs": {"top_logprobs": [named]},
        }
        if body.get("prompt_logprobs") is not None:
            choice["prompt_logprobs"] = [None, *map(row, ids[1:])]
        return {"choices": [choice]}

    def row(number: int) -> dict[str, Any]:
        ranks = sorted(by_id, key=lambda one: -by_id[one])
        rank = 1 + ranks.index(number) if number in by_id else 99
        return {str(number): {"logprob": by_id.get(number, NEVER_THOUGHT_OF), "rank": rank}}

    def text_of(number: int) -> str:
        return str(tokenizer.decode([number], skip_special_tokens=False))

    def tokenize(body: Any) -> dict[str, Any]:
        cut = tokenizer.encode(body["prompt"], add_special_tokens=body["add_special_tokens"])
        return {"tokens": cut.ids, "count": len(cut.ids), "token_strs": cut.tokens}

    def detokenize(body: Any) -> dict[str, Any]:
        return {"prompt": tokenizer.decode(body["tokens"], skip_special_tokens=False)}

    answers = {"/v1/completions": complete, "/tokenize": tokenize, "/detokenize": detokenize}
    for path, answer in answers.items():
        server.paths[path] = lambda body, answer=answer: web.json_response(answer(body))
    server.says("/v1/models", {"data": [{"id": "served"}]})
    return server
