"""A command-line twin for each instrument, made from the instrument's own declaration."""

import asyncio
import inspect
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import typer

from bot.cli.console import AsJson, read_settings
from bot.settings import Settings
from bot.wiring.engines import build_catalogue, build_engine
from tools.catalogue import INSTRUMENTS, parameters, require_usable
from tools.engine.base import Distribution, Prompt
from tools.exhibit.exhibit import Exhibit
from tools.exhibit.text import exhibit_text
from tools.instrument import Instrument, ParameterOption, options_of
from tools.instruments import next_token

OTHERWISE = frozenset({"nexttoken"})  # has JSON of its own


def add_to(app: typer.Typer) -> None:
    """Give the command line `hunch NAME … --json` for each instrument, and their list."""
    app.command("instruments")(list_instruments)
    app.command()(nexttoken)
    for instrument in INSTRUMENTS.values():
        if instrument.name not in OTHERWISE:
            app.command(instrument.name, help=instrument.line)(_twin(instrument))


def nexttoken(
    prompt: str,
    top: Annotated[int, typer.Option(help="How many tokens to show, 1 to 20.")] = 8,
    as_json: AsJson = False,
) -> None:
    """Show what a model would say next, and how sure it is."""
    require_usable({"prompt": prompt})
    distribution = asyncio.run(_ask(prompt, top))
    if as_json:
        typer.echo(json.dumps(next_token.as_json(distribution)))
    else:
        typer.echo(exhibit_text(next_token.exhibit(distribution)))


async def _ask(prompt: str, top: int) -> Distribution:
    engine = build_engine(read_settings())
    try:
        return await engine.next_token(Prompt(prompt), top)
    finally:
        await engine.close()


def list_instruments(as_json: AsJson = False) -> None:
    """List the instruments: each is a command here and in Discord."""
    if as_json:
        typer.echo(json.dumps(listed()))
        return
    for one in listed():
        typer.echo(f"{one['lesson']:>2}  {one['name']:<12} {one['line']}")


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


def _twin(instrument: Instrument) -> Callable[..., None]:
    def command(**chosen: Any) -> None:
        is_json = chosen.pop("as_json")
        chosen = {name: _read_file(name, value) for name, value in chosen.items()}
        parameters(instrument.name, chosen)  # refused before anything is built or loaded
        require_usable(chosen)
        exhibit = asyncio.run(_run(read_settings(), instrument.name, chosen))
        typer.echo(json.dumps(as_json(exhibit)) if is_json else exhibit_text(exhibit))

    typed = [_parameter(option) for option in options_of(instrument.params)]
    typed.append(_AS_JSON)
    signed: Any = command  # typer reads a command's options off its signature
    signed.__signature__ = inspect.Signature(typed)
    signed.__annotations__ = {one.name: one.annotation for one in typed}
    return command


def _read_file(name: str, value: Any) -> Any:
    """Return what stands in the file that a model's config names; any other value as it is.

    Only here: who types a command may read files, who writes to the bot may not.
    """
    if name == "config" and str(value).endswith(".json") and Path(value).is_file():
        return Path(value).read_text(encoding="utf-8", errors="replace")
    return value


async def _run(settings: Settings, name: str, chosen: dict[str, Any]) -> Exhibit:
    catalogue = build_catalogue(settings)
    try:
        return await catalogue.run(name, chosen)
    finally:
        await catalogue.close()


def _parameter(option: ParameterOption) -> inspect.Parameter:
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
    annotation=AsJson,
)
