"""A continuation scored token by token: a server's `prompt_logprobs`. Used by `cluster` alone."""

from collections.abc import Sequence

from tools.engine.base import Prompt, Scored
from tools.engine.cluster import answers
from tools.engine.cluster.continuing import continued
from tools.engine.cluster.served_model import ServedModel
from tools.errors import BadInput


async def scored(asked: ServedModel, prompt: Prompt, continuation: str) -> tuple[Scored, ...]:
    """Score each token of a continuation, cut in one with its prompt.

    Raises:
        Missing: nobody can say which tokens it becomes; see `continued`.
        BadInput: there is nothing to score, or too much.
        EngineError: the server gave no usable answer.
    """
    first, then = await continued(asked, prompt, continuation)
    following = [token.id for token in then]
    body = asked.body([*first, *real_ids(prompt.appended), *following], 1)
    scores = answers.read_prompt_scores(await asked.post(body | {"prompt_logprobs": 1}), following)
    texts = await asked.spelling.texts_of(asked.name, following)
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
