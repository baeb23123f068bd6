"""What an operator typed into a setting: cleaned of what a paste brings along, or refused in words.

A refusal never repeats a key, nor an address that may hold a password.
"""

from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

_PASTED = "\ufeff\u200b\u2060"  # marks that no editor shows
_QUOTES = ("'", '"', "`")
_PATHS_BELOW = ("/completions", "/chat", "/models", "/embeddings", "/responses")


def cleaned(typed: str) -> str:
    """Return text without blanks, line ends and unseen marks around it."""
    before = None
    while before != typed:
        before, typed = typed, typed.strip().strip(_PASTED)
    return typed


def require_readable(text: str) -> str:
    """Return text that is UTF-8 and stands on one line.

    Raises:
        ValueError: it isn't, or it stands in quotes.
    """
    if not _is_utf8(text):
        raise ValueError("isn't UTF-8; type it anew")
    if text[:1] in _QUOTES and text[:1] == text[-1:]:
        raise ValueError(
            f"stands in {text[0]} marks, which are taken for part of it; leave them out"
        )
    if place := _first(text, lambda sign: not sign.isprintable()):
        raise ValueError(f"has a sign that isn't printable, at place {place}; type it anew")
    return text


def require_header(key: str) -> str:
    """Return a key that can be sent in a header.

    Raises:
        ValueError: it has a sign that no header takes, or more than the key.
    """
    require_readable(key)
    if place := _first(key, lambda sign: not sign.isascii()):
        raise ValueError(f"has a sign that no key has, at place {place}; copy the key anew")
    word, *rest = key.split(maxsplit=1)
    if rest and word.rstrip(":").lower() in ("bearer", "bot", "authorization"):
        raise ValueError(f"begins with {word}, which is no part of the key; leave it out")
    return key


def require_server(address: str) -> str:
    """Return the address of a model server.

    Raises:
        ValueError: it can't be one; the text says what is wrong with it.
    """
    require_readable(address)
    if " " in address:
        raise ValueError("has a space in it; an address has none")
    parts = _split(address)
    if parts.scheme not in ("http", "https") or "://" not in address:
        raise ValueError("has to begin with http:// or https://, as in http://gpu-1:8000/v1")
    _require_place(parts)
    if parts.query or parts.fragment:
        raise ValueError("has to end before the ? or #, mostly in /v1")
    path = parts.path.rstrip("/")
    if path.endswith(_PATHS_BELOW):
        raise ValueError("goes on too far; it has to end where the API begins, mostly in /v1")
    return address


def require_publisher(address: str) -> str:
    """Return an address of ZeroMQ's, tcp://host:port.

    Raises:
        ValueError: it can't be one.
    """
    require_readable(address)
    parts = _split(address)
    if parts.scheme != "tcp" or " " in address or parts.path or ":" not in parts.netloc:
        raise ValueError("has to look like tcp://gpu-1:5557")
    _require_place(parts)
    return address


def require_database(address: str) -> str:
    """Return a database's address; what kind it is, the store looks at.

    Raises:
        ValueError: its password holds a sign that ends it, and would be taken for a host.
    """
    require_readable(address)
    if address.partition("?")[0].count("@") > 1:
        raise ValueError("has more than one @; write an @ of the password as %40")
    return address


def _split(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise ValueError("is no address; one looks like http://gpu-1:8000/v1") from None


def _require_place(parts: SplitResult) -> None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0:
        raise ValueError("has a port that can't be; one is a number from 1 to 65535")
    try:
        is_host = bool((parts.hostname or "").encode("idna"))
    except UnicodeError:
        is_host = False
    if not is_host:
        raise ValueError("names no host; an address looks like http://gpu-1:8000/v1")


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _first(text: str, is_odd: Callable[[str], bool]) -> int:
    """Return the place of the first odd sign, counted from 1; 0 where there is none."""
    return next((place for place, sign in enumerate(text, 1) if is_odd(sign)), 0)
