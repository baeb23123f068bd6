"""The models that the settings name: one that is shown at work, one that chats, one that compares.

Apart from the wiring, so that the command line need not load a Discord to ask a model.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.privacy.sent import Receiver, Receivers, host_of
from bot.settings import Settings, WhoAnswers
from tools.bound import BoundCatalogue
from tools.engine.base import Engine
from tools.engine.local.local import LocalEngine
from tools.engine.sharing.guard import Guard
from tools.engine.sharing.limits import Limits
from tools.engine.sharing.shared import SharedEngine
from tools.engine.weights.embedded import EMBEDDED
from tools.engine.weights.weights import ensure

if TYPE_CHECKING:
    from bot.agent.chat import Chat
    from tools.engine.encoder.encoder import SentenceEncoder


def build_catalogue(settings: Settings) -> BoundCatalogue:
    """Return the instruments on the engine that the settings name, with the embedded one behind."""
    engine = build_engine(settings)
    return BoundCatalogue(engine, _embedded(settings) if settings.model_url else None)


def build_engine(settings: Settings) -> Engine:
    """Return the engine that the settings name: the cluster, another local model, the embedded."""
    if settings.model_url and settings.model:
        from tools.engine.cluster.cluster import (
            ClusterEngine,  # openai: 1 s and 45 MB that play can spare
        )

        cluster = ClusterEngine(
            settings.model_url,
            settings.model,
            settings.model_key.get_secret_value(),
            timeout_s=settings.model_timeout_s,
            kv_events=settings.kv_events,
            at_once=settings.model_at_once,
            tokenizer=settings.tokenizer,
        )
        return SharedEngine(cluster, guard=Guard(Limits(at_once=settings.model_at_once)))
    if settings.local_model:
        source = settings.local_model
        name, kernels = Path(source).name, settings.kernels
        return SharedEngine(LocalEngine(lambda: source, model=name, name="local", kernels=kernels))
    return _embedded(settings)


def _embedded(settings: Settings) -> Engine:
    return SharedEngine(
        LocalEngine(
            lambda: ensure(settings.cache_dir), model=EMBEDDED.name, kernels=settings.kernels
        )
    )


def build_encoder(
    settings: Settings, on_stage: Callable[[str], None] = lambda stage: None
) -> "SentenceEncoder":
    """Return the sentence encoder; it is fetched when first asked.

    Args:
        settings: What the operator chose.
        on_stage: Told, in a few words, what takes long.
    """
    from tools.engine.encoder.encoder import SentenceEncoder
    from tools.engine.encoder.weights import ensure_encoder

    return SentenceEncoder(
        lambda: ensure_encoder(settings.cache_dir, on_stage, is_quiet=True), settings.kernels
    )


def receivers_of(settings: Settings) -> Receivers:
    """Return which models get what learners type, and where they run."""
    if settings.model_url and settings.model:
        live = Receiver(settings.model, host_of(settings.model_url))
    else:
        live = Receiver(Path(settings.local_model).name if settings.local_model else EMBEDDED.name)
    chat = _chat_of(settings)
    return Receivers(live, Receiver(chat[1], host_of(chat[0])) if chat else None)


def build_chat(settings: Settings) -> "Chat | None":
    """Return the chat model that the settings name; None where the notes have to do."""
    found = _chat_of(settings)
    if found is None:
        return None
    from bot.agent.chat import Chat
    from tools.engine.cluster.server import Server

    url, model = found
    key = (settings.chat_key if settings.chat_url else settings.model_key).get_secret_value()
    server = Server(url, key, timeout_s=settings.model_timeout_s)
    return Chat(server, model, answer_tokens=settings.answer_tokens)


def _chat_of(settings: Settings) -> tuple[str, str] | None:
    """Return the chat model's address and name, if there is one."""
    url, model = settings.chat_url or settings.model_url, settings.chat_model or settings.model
    is_small = settings.tutor == "auto" and model == EMBEDDED.name  # `make cluster` serves it
    if settings.tutor is WhoAnswers.NOTES or is_small or not (url and model):
        return None
    return url, model
