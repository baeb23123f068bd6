"""What the commands share: settings read once, one line for a failure, JSON on request."""

import os
from collections.abc import Sequence
from typing import Annotated, NoReturn

import structlog
import typer
from pydantic import ValidationError

from bot import logs
from bot.cli.unread import unread
from bot.settings import Settings

log = structlog.get_logger()
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


def read_settings(*, tells_unread: bool = True) -> Settings:
    """Return the settings; one that can't be used ends the program in one line.

    Args:
        tells_unread: Log what was set in vain, a line for all of it.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "; ".join(_wrong(e["loc"], e["msg"]) for e in error.errors())
        fail(f"A setting can't be used: {wrong}.")
    logs.configure(settings.log_level, settings.log_format)
    if tells_unread and (vain := unread(os.environ, settings)):
        log.warning(" ".join(vain))
    return settings


def fail(text: str, code: int = 1) -> NoReturn:
    """End with one line on standard error: 1 where something is broken, 2 for bad input."""
    typer.echo(f"hunch: {text}", err=True)
    raise SystemExit(code)


def _wrong(place: Sequence[int | str], message: str) -> str:
    reason = message.removeprefix("Value error, ")
    reason = reason[:1].lower() + reason[1:]
    return f"HUNCH_{'_'.join(map(str, place)).upper()}: {reason}" if place else reason
