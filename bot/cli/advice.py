"""What to tell an operator whose model server fails: the culprit, and the one thing to do.

A learner is told to try again, which is all that they can do. Here that is said only of what
passes by itself; a key, a name or an address is as wrong at the next try.
"""

import re
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from socket import gaierror

from tools.errors import Nonsense

_FOR_LEARNERS = re.compile(r" (?:Try again|Ask again|Check HUNCH_)[^.]*\.")
_LONGEST_LIST = 300  # characters of names


@dataclass(frozen=True, slots=True)
class Named:
    """The settings that name a server and its model.

    Attributes:
        host: Where the server is, without name or password.
        chosen: The model's name there.
        url: The variable that holds the address.
        model: The variable that holds the model's name.
        key: The variable that holds the key.
        secret: The key itself, so that one that is wrong is told from one that is missing.
        work: What the server is to do: `complete text`, `chat`.
        otherwise: Where to name a server that does, or how to go without.
        listed: The models that the server says it serves; None where it doesn't say.
    """

    host: str
    chosen: str
    url: str
    model: str
    key: str
    secret: str = field(repr=False)
    work: str
    otherwise: str
    listed: Sequence[str] | None = None


def told(failure: Exception, named: Named) -> str:
    """Return what is wrong with a server and what to do about it, in one line."""
    status = status_of(failure)
    return _of_no_answer(failure, named) if status is None else _of_status(status, failure, named)


def status_of(failure: BaseException) -> int | None:
    """Return the HTTP status that a failure goes back to; None where there was no answer."""
    found = (getattr(cause, "status_code", None) for cause in _causes(failure))
    return next((status for status in found if isinstance(status, int)), None)


def _of_status(status: int, failure: Exception, named: Named) -> str:
    match status:
        case 401 | 403 if not named.secret:
            return f"{named.host} wants a key ({status}). Set {named.key}."
        case 401:
            return f"{named.host} doesn't know the key (401). Copy it anew into {named.key}."
        case 403:
            may = "or ask whoever runs it what yours may do"
            return f"{named.host} refuses this to the key (403). Set {named.key} to another, {may}."
        case 404 | 405 | 410:
            return _of_lack(status, named)
        case 429 if "quota" in _body(failure) or "billing" in _body(failure):
            return (
                f"The account at {named.host} is used up (429). Top it up, or change {named.key}."
            )
        case 429:
            return f"{named.host} is busy (429). Wait a minute, then run `hunch doctor` again."
        case 502 | 503 | 504:
            wait = "If its model is still loading, wait until it is; else look into its log."
            return f"{_what(failure)} {wait}"
        case _ if status >= 500:
            return f"{_what(failure)} Look into the log of that server."
    if named.listed is not None and named.chosen not in named.listed:
        return _of_lack(status, named)
    return f"{_what(failure)} {_other(named)}"


def _of_lack(status: int, named: Named) -> str:
    """Say what is not there: an API, the model, or what the model would have to do."""
    if named.listed is None:
        what = f"Nothing at {named.host} speaks the OpenAI API under this address ({status})."
        return f"{what} {named.url} has to end where the API begins, mostly in /v1."
    if named.chosen not in named.listed:
        there = ", ".join(named.listed)[:_LONGEST_LIST] or "none"
        what = f"The server at {named.host} has no model {named.chosen}. It has: {there}."
        return f"{what} Set {named.model} to one that is there."
    return (
        f"{named.host} serves {named.chosen}, but doesn't {named.work} ({status}). {_other(named)}"
    )


def _other(named: Named) -> str:
    """Say how to get what this server doesn't give."""
    return f"Name another server in {named.otherwise}."


def _of_no_answer(failure: Exception, named: Named) -> str:
    host, causes = named.host, [*_causes(failure)]
    if any(isinstance(cause, gaierror) for cause in causes):
        return f"There is no host {host}. Correct the address in {named.url}."
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        trust = "Install its authority's certificate, and name that file in SSL_CERT_FILE."
        return f"The certificate of {host} isn't trusted. {trust}"
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return f"{host} speaks no https. Write http:// in {named.url}."
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        what = f"{host} can't be reached: nobody listens there."
        return f"{what} Start the server, or correct {named.url}."
    if any(isinstance(cause, ValueError) for cause in causes):  # JSON that isn't any
        what = f"What answers at {host} doesn't speak the OpenAI API."
        return f"{what} {named.url} has to end where the API begins, mostly in /v1."
    if isinstance(failure, Nonsense):
        return f"{_what(failure)} {_other(named)}"
    if any(
        isinstance(cause, TimeoutError) or "Timeout" in type(cause).__name__ for cause in causes
    ):
        return f"{_what(failure)} See that it runs and isn't overloaded, and check {named.url}."
    return f"{_what(failure)} See that it runs, and check {named.url}."


def _what(failure: Exception) -> str:
    """Return a failure's own words, without what a learner could do about it."""
    return _FOR_LEARNERS.sub("", f" {failure}").strip()


def _body(failure: Exception) -> str:
    bodies = (getattr(cause, "body", None) for cause in _causes(failure))
    return next((str(body).lower() for body in bodies if body), "")


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    """Yield a failure and what led to it, the members of a group among them."""
    seen: set[int] = set()
    left = [failure]
    while left:
        one = left.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        left += [one.__cause__ or one.__context__]
        left += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
