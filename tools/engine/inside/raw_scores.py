"""The raw scores of every token that could come next, and the names of tokens."""

from array import array
from collections.abc import Sequence

from tools.engine.base import Token
from tools.engine.findings import RawScores
from tools.engine.model.language_model import LanguageModel


def raw_scores(model: LanguageModel, text: str, written: str, words: Sequence[str]) -> RawScores:
    """Return what the last step puts out behind a prompt and the answer so far.

    Raises:
        BadInput: too long, or the vocabulary can't spell it.
    """
    prompt = model.tokenize(text)
    answer = model.tokenize_continuation(written) if written else ()
    scores = array("f")
    scores.frombytes(model.raw_scores((*prompt, *answer)).numpy().tobytes())
    return RawScores(
        prompt=named(model, prompt),
        written=named(model, answer),
        words=tuple(named(model, model.tokenize_continuation(word)) for word in words),
        scores=scores,
    )


def named(model: LanguageModel, ids: Sequence[int]) -> tuple[Token, ...]:
    """Return vocabulary entries with their texts."""
    return tuple(model.token(number) for number in ids)
