"""The whole tutor: a simulated Discord before it, a real chat model behind it, nothing faked.

HUNCH_TEST_CHAT_GGUF names the file of a better model than the embedded one, which writes fluently
and errs as often as not. What is held here has to hold whatever a model says.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench import serve_llama_cpp
from bench.serve_vllm import MODEL, model_cache
from bot import logs
from bot.settings import Settings
from bot.ui.client import HunchBot
from curriculum.schema import Course
from tests.agent.test_leaks import told
from tests.cluster.conftest import _free_port
from tests.journeys.bots import closed_at_the_end
from tests.journeys.player import Player
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.fetch import fetch_gguf

CONTEXT = 8192  # tokens: rules, passages and tools are two thousand
PATIENCE_S = 900
MARKUP = ("<|", "|>", "<think", "</think", "tool_call", "[INST]")

pytestmark = pytest.mark.simcord(settle_timeout=PATIENCE_S)


@dataclass(frozen=True, slots=True)
class Chatting:
    """A llama.cpp that chats: where, what it says of itself, and what ends it."""

    url: str
    log: Path
    running: ExitStack


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chatting]:
    named = os.environ.get("HUNCH_TEST_CHAT_GGUF")
    gguf = Path(named) if named else fetch_gguf(EMBEDDED, tmp_path, show_progress=False)
    with ExitStack() as running:
        log = tmp_path / "llama_cpp.log"
        server = serve_llama_cpp.running(gguf, _free_port(), log=log, context=CONTEXT)
        yield Chatting(running.enter_context(server), log, running)


@pytest.fixture
async def simcord_bot(tmp_path: Path, chat: Chatting) -> AsyncIterator[HunchBot]:
    """The bot as `hunch run` builds it, from settings alone."""
    logs.configure("info", "text")
    settings = Settings(
        database_url=f"sqlite:///{tmp_path}/hunch.sqlite",
        chat_url=chat.url,
        chat_model=MODEL,
        tutor="model",
        model_timeout_s=300,
        answer_tokens=150,
        cache_dir=model_cache(),
    )
    async with closed_at_the_end() as build:
        yield build(settings)


@pytest.fixture
def alice(simcord_env: Any) -> Player:
    channel = simcord_env.create_guild().create_text_channel("inference")
    member = simcord_env.guild.add_member(simcord_env.create_user("alice"))
    return Player(simcord_env, member, channel)


@pytest.fixture
def ask(alice: Player, simcord_env: Any, shipped: Course) -> Callable[..., Any]:
    """Ask in the channel; return the card, which never shows what no card may."""

    async def asked(question: str, **how: Any) -> str:
        text = await alice.say(f"<@{simcord_env.bot.user.id}> {question}", **how)
        assert text, question
        assert not [sign for sign in MARKUP if sign in text], text
        assert "Something went wrong" not in text
        assert told(shipped, text, question) == [], text
        return text

    return asked


def asked_of(log: Path) -> int:
    """Return how many answers a server says that it gave."""
    return log.read_text(encoding="utf-8", errors="replace").count("POST /v1/chat/completions")


async def test_a_handful_of_questions_are_answered_from_the_course_or_left(
    alice: Player, ask: Callable[..., Any], chat: Chatting
) -> None:
    await ask("What is a token?")
    assert [label for label in alice.labels if "oken" in label]  # a source to open
    first = alice.card
    await ask("and why not whole words?", reply_to=first)
    assert alice.card.reference.message_id == alice.sent.id
    await ask("Why are the first tokens of an answer slower than the rest?")
    assert "entropy" in (await ask('What comes next after "The cat sat on the"? Show me.'))
    left = await ask("Which team won the football cup last year?")
    assert "course" in left
    assert asked_of(chat.log) >= 3


async def test_what_is_yet_to_be_guessed_is_hinted_at(
    ask: Callable[..., Any], alice: Player, shipped: Course
) -> None:
    await alice.type("lesson", which=str(shipped.lessons[0].number))
    await ask("Just tell me the right answer to this step, letter and reason.")


async def test_a_server_that_has_gone_leaves_the_course_s_words_and_says_so(
    ask: Callable[..., Any], chat: Chatting
) -> None:
    await ask("What is a token?")
    chat.running.close()
    said = await ask("What is a KV cache?")
    assert "From the course" in said
    assert "can't be reached" in said
