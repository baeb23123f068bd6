"""The chat model behind a real llama.cpp: it streams, and takes all that the tutor asks for."""

import json

from bench.serve_vllm import MODEL
from bot.agent.chat import Chat
from tests.cluster.conftest import TIMEOUT_S
from tools.engine.cluster.server import Server

ASKED = [{"role": "user", "content": "Is water wet?"}]
SCHEMA = {
    "type": "object",
    "properties": {"said": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["said"],
    "additionalProperties": False,
}


async def test_a_real_llama_cpp_refuses_nothing_that_the_tutor_asks_for(
    llama_cpp_url: str,
) -> None:
    chat = Chat(Server(llama_cpp_url, timeout_s=TIMEOUT_S), MODEL, answer_tokens=50)
    line = await chat.check()
    said = await chat.complete(ASKED, SCHEMA)
    async with chat.turn(ASKED) as (turn, words):
        pieces = [piece async for piece in words]
    await chat.close()
    assert line.startswith(f"{MODEL} at 127.0.0.1:")
    assert chat.left_out == ()
    assert json.loads(said) in ({"said": "yes"}, {"said": "no"})
    assert len(pieces) > 1
    assert turn.is_whole
    assert turn.text == "".join(pieces)
