"""A guess on models of other families: each likely token, typed, is scored as that token."""

from pathlib import Path

import pytest

from bot.usecases.lesson.judging import JudgeToken
from tests.fakes.tiny_models import BUILDS, write_model
from tools.engine.base import Prompt
from tools.engine.local.local import LocalEngine


@pytest.mark.parametrize("family", BUILDS)
async def test_a_word_that_the_model_shows_is_scored_as_that_word(
    family: str, tmp_path: Path
) -> None:
    """Class: a guess cut without its prompt: as a space first, or as another piece."""
    folder = write_model(tmp_path / family, family)
    engine = LocalEngine(lambda: folder, model=family, name="local")
    prompt = Prompt("The ship left the")
    shown = {one.token.id: one.logprob for one in (await engine.next_token(prompt, 20)).top}
    for word in ("port", "mat", "cluster"):
        tokens = await engine.continuation(prompt, f" {word}")
        assert "".join(token.text for token in tokens) == f" {word}"
        assert tokens == (await engine.tokenize(f"{prompt.text} {word}"))[-len(tokens) :]
        scored = await engine.score(prompt, f" {word}")
        assert scored[0].logprob == pytest.approx(shown.get(tokens[0].id, scored[0].logprob))
        alone = await engine.continuation(Prompt(f"{prompt.text} "), word)
        assert "".join(token.text for token in alone) == word
    evidence = await JudgeToken(engine)(prompt.text, " port")
    first, *_ = await engine.score(prompt, " port")
    assert evidence.probability == pytest.approx(2**-first.surprisal_bits)
    await engine.close()


@pytest.mark.parametrize("family", BUILDS)
async def test_whatever_is_shown_first_can_be_typed(family: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path / family, family)
    engine = LocalEngine(lambda: folder, model=family, name="local")
    shown = await engine.next_token(Prompt("The cat sat on the"), 20)
    for one in shown.top:
        if one.token.raw is None and not one.token.text.startswith("<"):  # a whole text
            following = await engine.continuation(Prompt("The cat sat on the"), one.token.text)
            assert "".join(token.text for token in following) == one.token.text
    await engine.close()
