"""A command-line twin for each instrument, made from the instrument's own declaration."""

import asyncio
import inspect
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from bot.engines import build_catalogue
from bot.settings import Settings
from tools.catalogue import INSTRUMENTS
from tools.exhibit.exhibit import Exhibit
from tools.exhibit.text import exhibit_text
from tools.instrument import Instrument, Option, options_of

ReadSettings = Callable[[], Settings]
OTHERWISE = frozenset({"nexttoken"})  # has JSON of its own


def add_twins(app: typer.Typer, read_settings: ReadSettings) -> None:
    """Give the command line `hunch NAME … --json` for each instrument, and their list."""
    for instrument in INSTRUMENTS.values():
        if instrument.name not in OTHERWISE:
            app.command(instrument.name, help=instrument.line)(_twin(instrument, read_settings))


def listed() -> list[dict[str, Any]]:
    """Return every instrument for machines: name, line, topic, lesson, parameters, needs."""
    return [
        {
            "name": one.name,
            "line": one.line,
            "topic": one.topic.value,
            "lesson": one.lesson,
            "needs": sorted(capability.value for capability in one.needs),
            "parameters": one.params.model_json_schema()["properties"],
        }
        for one in INSTRUMENTS.values()
    ]


def as_json(exhibit: Exhibit) -> dict[str, Any]:
    """Return an exhibit for machines; each part names its kind."""
    parts = [{"part": type(part).__name__.lower(), **asdict(part)} for part in exhibit.parts]
    source = asdict(exhibit.provenance)
    source["origin"] = exhibit.provenance.origin.value
    source["at"] = exhibit.provenance.at.isoformat() if exhibit.provenance.at else None
    facts = [asdict(fact) for fact in exhibit.facts]
    return {"title": exhibit.title, "parts": parts, "facts": facts, "provenance": source}


def _twin(instrument: Instrument, read_settings: ReadSettings) -> Callable[..., None]:
    def command(**chosen: Any) -> None:
        is_json = chosen.pop("as_json")
        exhibit = asyncio.run(_run(read_settings(), instrument.name, chosen))
        typer.echo(json.dumps(as_json(exhibit)) if is_json else exhibit_text(exhibit))

    parameters = [_parameter(option) for option in options_of(instrument.params)]
    parameters.append(_AS_JSON)
    signed: Any = command  # typer reads a command's options off its signature
    signed.__signature__ = inspect.Signature(parameters)
    signed.__annotations__ = {one.name: one.annotation for one in parameters}
    return command


async def _run(settings: Settings, name: str, chosen: dict[str, Any]) -> Exhibit:
    catalogue = build_catalogue(settings)
    try:
        return await catalogue.run(name, chosen)
    finally:
        await catalogue.close()


def _parameter(option: Option) -> inspect.Parameter:
    of, note = option.of, option.description
    if get_origin(of) is Literal:
        of, note = str, f"{note} One of: {', '.join(get_args(option.of))}."
    limits: dict[str, Any] = {}
    if of in (int, float):
        limits = {"min": option.low, "max": option.high}
    if option.is_required:
        how: Any = typer.Argument(help=note, **limits)
    else:
        how = typer.Option(help=note, **limits)
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if option.is_required else option.default,
        annotation=Annotated[of, how],
    )


_AS_JSON = inspect.Parameter(
    "as_json",
    inspect.Parameter.KEYWORD_ONLY,
    default=False,
    annotation=Annotated[bool, typer.Option("--json", help="Print JSON for machines.")],
)
