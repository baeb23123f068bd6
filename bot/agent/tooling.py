"""The instruments as tools of a chat model: read-only, and told nothing of who asks."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.agent.arithmetic import calculated
from bot.agent.chat_turn import Call, parsed
from bot.agent.sizes import tells_size
from bot.domain.tutor.passages import Source
from bot.domain.tutor.talk import Brief, Ran
from bot.usecases.instrument.ports import Instruments
from tools.catalogue import INSTRUMENTS
from tools.engine.asker import asking_as
from tools.errors import BadInput, ToolError
from tools.exhibit.exhibit import Exhibit
from tools.exhibit.text import exhibit_text
from tools.instrument import STATE

CALCULATE = "calculate"
LONGEST_RESULT = 2500  # characters that a model gets to read of one exhibit
WITHHELD = (
    "The learner has yet to guess this, so it is withheld. Do not answer it: give a hint in your"
    " own words and ask for their guess."
)


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave.

    Attributes:
        text: For the model, and what its answer may rest on.
        ran: For the learner to see, where an instrument was run.
        withheld_for: The step whose key it would have told.
    """

    text: str
    ran: Ran | None = None
    withheld_for: Source | None = None


@cache
def declarations() -> tuple[Mapping[str, Any], ...]:
    """Return the tools as a chat completion takes them."""
    return (_declaration(CALCULATE, "Work out an arithmetic expression.", _SUM), *_instruments())


@dataclass(frozen=True, slots=True)
class Toolbox:
    """Runs what a model asked for. Nothing it raises reaches the graph: it tells the model."""

    instruments: Instruments

    async def run(self, call: Call, brief: Brief) -> ToolResult:
        """Run one call; a failing tool says what went wrong, in words a model can act on."""
        try:
            arguments = parsed(call)
        except ValueError:
            return ToolResult(
                "Those arguments aren't a JSON object. Correct them, or answer without."
            )
        if call.name == CALCULATE:
            return ToolResult(calculated(str(arguments.get("expression", ""))))
        if call.name not in INSTRUMENTS:
            known = ", ".join((CALCULATE, *INSTRUMENTS))
            return ToolResult(f"There is no such tool. There are: {known}.")
        return await self.show(call.name, arguments, brief)

    async def show(self, name: str, chosen: Mapping[str, Any], brief: Brief) -> ToolResult:
        """Run an instrument, unless its answer is a key that the learner has yet to guess."""
        spoilers = brief.spoilers
        if step := next(filter(None, map(spoilers.asks_model, _texts(chosen))), None):
            return ToolResult(WITHHELD, withheld_for=step)
        try:
            checked = self.instruments.checked(name, chosen)
            with asking_as(brief.learner_id):
                exhibit = await self.instruments.run(name, checked)
        except BadInput as wrong:
            return ToolResult(f"{name} refused its input: {wrong}")
        except ToolError as failed:
            return ToolResult(f"{name} could not run: {failed}")
        text = as_told(exhibit)
        if step := spoilers.gives_away(text) or tells_size(text, spoilers.secrets):
            return ToolResult(WITHHELD, withheld_for=step)
        return ToolResult(text, Ran(name, checked, exhibit))


def as_told(exhibit: Exhibit) -> str:
    """Return an exhibit as a model reads it, and as an answer may quote it."""
    text = exhibit_text(exhibit)
    return text if len(text) <= LONGEST_RESULT else text[:LONGEST_RESULT] + " …"


def _instruments() -> Sequence[Mapping[str, Any]]:
    return [
        _declaration(one.name, one.line, _schema(one.params.model_json_schema()))
        for one in INSTRUMENTS.values()
    ]


def _schema(full: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without what only knobs set, and without what a model can do without.

    Titles, defaults and bounds take more tokens than all else; a call that breaks a bound is told.
    """
    (mark,) = STATE
    kept = {n: _slim(p) for n, p in full["properties"].items() if not p.get(mark)}
    required = {"required": full["required"]} if full.get("required") else {}
    return {"type": "object", "properties": kept, **required}


def _slim(field: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: field[name] for name in _SAID if name in field}


def _declaration(name: str, line: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
    function = {"name": name, "description": line, "parameters": parameters}
    return {"type": "function", "function": function}


def _texts(chosen: Mapping[str, Any]) -> Sequence[str]:
    """Return all that an instrument would be told, whatever the parameter is called."""
    return [value if isinstance(value, str) else json.dumps(value) for value in chosen.values()]


_SUM = {
    "type": "object",
    "properties": {"expression": {"type": "string", "description": "e.g. 2*32*8*128*2/1024"}},
    "required": ["expression"],
}
_SAID = ("type", "enum", "items", "description")  # of a parameter
