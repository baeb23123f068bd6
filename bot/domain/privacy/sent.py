"""What of a learner's words goes to which model, and where that model runs. Pure."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Receiver:
    """A model, and the host that runs it; None: this machine does, and nothing leaves it."""

    model: str
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Receivers:
    """The models of this bot.

    Attributes:
        live: Answers prompts and scores token guesses.
        chat: Writes answers and reads teach-backs; None: no model does either.
    """

    live: Receiver
    chat: Receiver | None = None


def host_of(url: str) -> str:
    """Return the host of an address with its port: never a name, key or path that is in it."""
    parts = urlsplit(url)
    host = parts.hostname or "an unnamed host"
    try:
        port = parts.port
    except ValueError:
        port = None
    return f"{host}:{port}" if port else host
