"""A guess cut into tokens where it stands: behind its prompt. Used by `cluster` alone."""

import asyncio

from tools.engine.base import Prompt, Token
from tools.engine.boundary import ANCHOR, behind, do_spell, unscored
from tools.engine.cluster import answers
from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.served_model import ServedModel
from tools.errors import BadInput, Missing, Nonsense


async def continued(
    asked: ServedModel, prompt: Prompt, text: str
) -> tuple[tuple[int, ...], tuple[Token, ...]]:
    """Return the ids of a prompt's text, and the tokens that text becomes behind it.

    Raises:
        Missing: the server has no usable /tokenize, or the guess grows together with the prompt.
        BadInput: there is nothing to cut.
        EngineError: the server gave no usable answer.
    """
    before, following = await asyncio.gather(asked.harmless(prompt.text), asked.harmless(text))
    if not following:
        raise BadInput("Type at least one character as your guess.")
    whole = before + following
    try:
        first = answers.read_ids(await asked.spelling.cut(asked.name, before))
        if not prompt.appended and await asked.harmless(whole) == whole:
            cut = await asked.spelling.cut(asked.name, whole)
            if behind(first, answers.read_ids(cut)):
                return first, (await asked.spelling.named(asked.name, cut, whole))[len(first) :]
        return first, await _alone(asked, following)
    except (NoSuchPath, Nonsense) as missing:
        raise Missing(
            f"The model server at {asked.server.host} has no /tokenize that serves, so it can't "
            "score a guess. With HUNCH_TOKENIZER it could; so can the embedded model."
        ) from missing


async def _alone(asked: ServedModel, text: str) -> tuple[Token, ...]:
    """Return the tokens that spell a text and nothing else, cut alone or behind a line end."""
    cut, anchor, anchored = await asyncio.gather(
        *(
            asked.spelling.cut(asked.name, one, is_start=False)
            for one in (text, ANCHOR, ANCHOR + text)
        )
    )
    tokens = await asked.spelling.named(asked.name, cut, text)
    if tokens and do_spell(tokens, text):
        return tokens
    first = answers.read_ids(anchor)
    if behind(first, answers.read_ids(anchored)):
        tokens = (await asked.spelling.named(asked.name, anchored, ANCHOR + text))[len(first) :]
        if do_spell(tokens, text):
            return tokens
    raise unscored(asked.name)
