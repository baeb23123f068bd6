"""A text cut by a server's own /tokenize, in each of the ways that servers want to be asked.

vLLM and SGLang take `prompt`; llama.cpp takes `content` and answers no tokens to anything else; TGI
takes `inputs`. A server that gives no tokens for a text that isn't empty, or the same for another
text, cuts nothing: that is never taken for a count. Used by `spelling` alone.

Source:
    vLLM 0.32.0, entrypoints/serve/tokenize/protocol.py; llama.cpp, tools/server/README.md
    (POST /tokenize: with_pieces gives text, or a list of bytes); TGI 3, docs/openapi.json.
"""

from typing import Any

from tools.engine.cluster.refusals import NoSuchPath
from tools.engine.cluster.server import Server
from tools.engine.cluster.top_lists import nonsense, read_token_id
from tools.errors import EngineError, Nonsense

_WAYS = ("prompt", "content", "inputs")


class Cutting:
    """How one server wants to be asked, once that is known."""

    def __init__(self, server: Server) -> None:
        """Remember whom to ask."""
        self._server = server
        self._way: str | None = None

    async def cut(self, model: str, text: str, *, is_start: bool = True) -> Any:
        """Return ids in `tokens`, and where they are told pieces in `token_strs`.

        Pieces are as the vocabulary writes them; a server that gives the tokens' bytes instead has
        them in `token_bytes`, and no pieces.

        Args:
            model: The name it is served under.
            text: Outside text, its control tokens broken up.
            is_start: Lets it add a beginning-of-text token.

        Raises:
            NoSuchPath: there is no /tokenize, or none that cuts this text.
        """
        if self._way is not None:
            return await self._asked(self._way, model, text, is_start=is_start)
        why: EngineError | None = None
        for way in _WAYS:
            try:
                found = await self._asked(way, model, text, is_start=is_start)
                await self._require_reader(way, model, text, found, is_start=is_start)
            except (NoSuchPath, Nonsense) as refused:
                why = why or refused
                if getattr(refused, "status", 0) in (404, 405, 501):
                    break  # it isn't the way of asking
                continue
            self._way = way if text else None
            return found
        assert why is not None
        raise why

    async def _require_reader(
        self, way: str, model: str, text: str, found: Any, *, is_start: bool
    ) -> None:
        """Refuse a server that doesn't read what it is sent, and frames the nothing that it read.

        Raises:
            NoSuchPath: another text has the same tokens.
        """
        if len(found["tokens"]) < len(text.split()):  # few vocabularies have tokens of two words
            other = await self._asked(way, model, f"{text}, or {text}", is_start=is_start)
            if other["tokens"] == found["tokens"]:
                raise self._cuts_nothing("the same tokens to every text")

    async def _asked(self, way: str, model: str, text: str, *, is_start: bool) -> Any:
        body: dict[str, Any] = {"model": model, way: text}
        match way:
            case "prompt":
                body |= {"add_special_tokens": is_start, "return_token_strs": True}
            case "content":
                body |= {"add_special": is_start, "with_pieces": True, "parse_special": False}
            case _:
                body |= {"add_special_tokens": is_start}
        found = _in_one_shape(await self._server.post("tokenize", body, at_root=True))
        if text and not found["tokens"]:
            raise self._cuts_nothing("no tokens")
        return found

    def _cuts_nothing(self, given: str) -> NoSuchPath:
        host = self._server.host
        return NoSuchPath(
            f"The model server at {host} has no /tokenize that cuts a text: it gives {given}."
        )


def _in_one_shape(answer: Any) -> Any:
    """Return ids under `tokens`; tokens told as objects also give their bytes, if they all do."""
    listed = answer.get("tokens") if isinstance(answer, dict) else answer
    if not isinstance(listed, list):
        raise nonsense("no token ids")
    if not all(isinstance(one, dict) for one in listed) or not listed:
        return answer if isinstance(answer, dict) else {"tokens": listed}
    ids = [read_token_id(one.get("id")) for one in listed]
    spelt = [_bytes(one.get("piece")) for one in listed]
    return {"tokens": ids} | ({} if None in spelt else {"token_bytes": spelt})


def _bytes(piece: Any) -> bytes | None:
    """Return llama.cpp's piece: text where it is whole characters, else a list of bytes."""
    if isinstance(piece, str):
        return piece.encode("utf-8", errors="replace")
    try:
        return bytes(piece) if isinstance(piece, list) else None
    except (ValueError, TypeError):
        return None
