"""A continuation scored token by token: a server's `prompt_logprobs`. Used by `cluster` alone."""

import asyncio
from collections.abc import Sequence

from tools.engine.base import Prompt, Scored
from tools.engine.cluster import answers
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.served_model import ServedModel
from tools.errors import BadInput, Missing


async def scored(asked: ServedModel, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
    """Score each token of a continuation, cut into tokens by itself.

    Raises:
        Missing: the server has no /tokenize.
        BadInput: there is nothing to score, or too much.
        EngineError: the server gave no usable answer.
    """
    text, following = await asyncio.gather(
        asked.harmless(prompt.text), asked.harmless(continuation)
    )
    if not following:
        raise BadInput("Type at least one character as your guess.")
    try:
        first, then = await asyncio.gather(
            asked.spelling.cut(asked.name, text),
            asked.spelling.cut(asked.name, following, is_start=False),
        )
    except NoSuchPath as missing:
        raise Missing(
            f"The model server at {asked.server.host} has no /tokenize, so it can't score a "
            "guess. The embedded model can."
        ) from missing
    continuation_ids = answers.read_ids(then)
    ids = [*answers.read_ids(first), *real_ids(prompt.appended), *continuation_ids]
    body = asked.body(ids, 1) | {"prompt_logprobs": 1}
    scores = answers.read_prompt_scores(await asked.post(body), continuation_ids)
    texts = await asked.spelling.texts_of(asked.name, continuation_ids)
    token = asked.spelling.token
    return tuple(
        Scored(token(score.id, texts[score.id]), score.logprob, score.rank) for score in scores
    )


def real_ids(appended: Sequence[int]) -> Sequence[int]:
    """Return ids as they are, unless one stands for a token whose id nobody knows.

    Raises:
        BadInput: one does.
    """
    if any(number < 0 for number in appended):
        raise BadInput("This server names no token ids, so that token can't be put behind.")
    return appended
