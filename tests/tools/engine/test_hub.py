"""A model by its name on the hub that can't be had: one line that says what to do, and at once.

The class: a name in HUNCH_TOKENIZER or HUNCH_LOCAL_MODEL where the hub is out of reach, doesn't
show the model, or has no such file.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from huggingface_hub import constants

from tests.fakes.families import FAMILIES
from tests.fakes.servers import LyingServer, serving
from tools.engine.local.local import LocalEngine
from tools.engine.model.fast_tokenizer import FastTokenizer
from tools.errors import WeightsError

MODEL = "somebody/some-model"


@pytest.fixture
async def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[LyingServer]:
    """A hub that shows nothing, and an empty cache."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    async with serving() as server:
        at(monkeypatch, server.base_url.removesuffix("/v1"))
        yield server


def at(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    template = f"{endpoint}/{{repo_id}}/resolve/{{revision}}/{{filename}}"
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)


async def trouble(source: str = MODEL) -> str:
    """Return what is said of a tokenizer that can't be had."""
    with pytest.raises(WeightsError) as failed:
        await asyncio.to_thread(FastTokenizer.of, source)
    assert "\n" not in str(failed.value)
    return str(failed.value)


def refuses(server: LyingServer, status: int, code: str = "") -> None:
    headers = {"X-Error-Code": code} if code else {}
    path = f"/{MODEL}/resolve/main/tokenizer.json"
    server.paths[path] = lambda body: web.Response(status=status, headers=headers)


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (401, "RepoNotFound", "no model that the Hugging Face hub shows. Correct it; for a pri"),
        (404, "RepoNotFound", "no model that the Hugging Face hub shows"),
        (403, "GatedRepo", "is a gated model. Accept its terms"),
        (404, "EntryNotFound", "has no tokenizer.json on the Hugging Face hub. Name a folder"),
        (503, "", "the Hugging Face hub answered 503. Start again later, or name a folder"),
    ],
)
async def test_what_the_hub_refuses_is_told(
    hub: LyingServer, status: int, code: str, says: str
) -> None:
    refuses(hub, status, code)
    assert says in await trouble()


@pytest.mark.parametrize("is_forbidden", [True, False])
async def test_without_a_hub_it_says_what_to_bring_from_where_there_is_one(
    hub: LyingServer, monkeypatch: pytest.MonkeyPatch, is_forbidden: bool
) -> None:
    """It said to check the connection, after half a minute of trying."""
    at(monkeypatch, "http://127.0.0.1:9")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", is_forbidden)
    said = await trouble()
    assert said.startswith(f"HUNCH_TOKENIZER={MODEL} is no folder here, and the Hugging Face hub")
    assert f"`hf download {MODEL} tokenizer.json --local-dir FOLDER`" in said
    assert said.endswith("set HUNCH_TOKENIZER to it.")


async def test_a_model_of_this_process_says_so_too(
    hub: LyingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, "http://127.0.0.1:9")
    engine = LocalEngine(lambda: MODEL, model="some-model")
    with pytest.raises(WeightsError, match=rf"`hf download {MODEL} --local-dir FOLDER`") as failed:
        await engine.check()
    await engine.close()
    assert str(failed.value).startswith(f"HUNCH_LOCAL_MODEL={MODEL} is no folder here")


@pytest.mark.parametrize("name", ["./models/of mine", "/srv/none", "a/b/c", "x" * 200])
async def test_a_folder_that_isn_t_there_is_not_looked_up(hub: LyingServer, name: str) -> None:
    assert "is no folder here, and no name that a model can have" in await trouble(name)
    assert hub.asked == []


async def test_what_was_fetched_once_is_read_without_a_hub(
    hub: LyingServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    FAMILIES["qwen"]().save(str(tmp_path / "tokenizer.json"))
    text = (tmp_path / "tokenizer.json").read_text(encoding="utf-8")
    headers = {"X-Repo-Commit": "a" * 40, "ETag": '"b"'}
    path = f"/{MODEL}/resolve/main/tokenizer.json"
    hub.paths[path] = lambda body: web.Response(text=text, headers=headers)
    await asyncio.to_thread(FastTokenizer.of, MODEL)
    at(monkeypatch, "http://127.0.0.1:9")
    kept = await asyncio.to_thread(FastTokenizer.of, MODEL)
    assert kept.ids(" mat") == FastTokenizer.of(str(tmp_path)).ids(" mat")


def test_the_file_itself_may_be_named(tmp_path: Path) -> None:
    FAMILIES["qwen"]().save(str(tmp_path / "mine.json"))
    assert FastTokenizer.of(str(tmp_path / "mine.json")).ids(" mat")
