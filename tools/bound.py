"""The catalogue, bound to the engines at hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools import catalogue
from tools.asking import FirstQuestion
from tools.engine.base import Engine
from tools.exhibit.exhibit import Exhibit
from tools.instrument import Turning


@dataclass(frozen=True, slots=True)
class BoundCatalogue:
    """Runs instruments on the connected engine, or on the embedded one for what that can't do."""

    engine: Engine
    instead: Engine | None = None

    def start(self) -> None:
        """Let the connected engine get ready; the other waits until it is asked."""
        self.engine.start()

    async def close(self) -> None:
        """Let go of both engines, of the second one even where the first can't be."""
        try:
            await self.engine.close()
        finally:
            if self.instead is not None:
                await self.instead.close()

    def checked(self, name: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Return all of an instrument's parameters, checked, as plain data.

        Raises:
            BadInput: unknown instrument or parameter, or a value that doesn't fit.
        """
        return catalogue.parameters(name, chosen).model_dump(mode="json")

    async def run(self, name: str, chosen: Mapping[str, Any]) -> Exhibit:
        """Return what the instrument produced; errors as for `catalogue.run`."""
        return await catalogue.run(self.engine, name, chosen, self.instead)

    async def question(self, name: str, chosen: Mapping[str, Any]) -> FirstQuestion | None:
        """Return what is guessed before it is run; see `catalogue.question`."""
        return await catalogue.question(self.engine, name, chosen, self.instead)

    def right(self, name: str, exhibit: Exhibit) -> int | None:
        """Return the place of the right option, as the exhibit has it; None: it can't be told."""
        return catalogue.instrument(name).asks.right(exhibit)

    async def turned(
        self, name: str, chosen: Mapping[str, Any], turning: Turning
    ) -> dict[str, Any]:
        """Return the parameters after a knob was turned, as plain data."""
        after = await catalogue.turned(self.engine, name, chosen, turning, self.instead)
        return after.model_dump(mode="json")
