"""A bot under a simulated Discord of its own, moved by plain calls, one at a time."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from types import TracebackType
from typing import Any, Literal, NamedTuple, Self

import discord
import simcord

Job = Callable[[], Coroutine[Any, Any, Any]]


class Part(NamedTuple):
    """A piece of a card."""

    kind: Literal["text", "button"]
    text: str


class Stage:
    """Several can stand side by side: each has an event loop, which runs only while it is asked."""

    def __init__(self, bot: discord.Client) -> None:
        self._bot = bot
        self._loop = asyncio.new_event_loop()
        self._jobs: asyncio.Queue[tuple[Job, asyncio.Future[Any]] | None] = asyncio.Queue()
        self._living: asyncio.Task[None] | None = None
        self._env: Any = None

    def __enter__(self) -> Self:
        """Start the bot."""
        self._living = self._loop.create_task(self._live())
        self._do(_nothing)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the bot."""
        self._jobs.put_nowait(None)
        if self._living:
            self._loop.run_until_complete(self._living)
        self._loop.close()

    def open(self, command: str) -> tuple[Any, Any]:
        """Return a new learner, and the card that a slash command gave them."""

        async def type_it() -> tuple[Any, Any]:
            number = len(self._env.guild.channels)
            channel = self._env.guild.create_text_channel(f"bench-{number}")
            actor = self._env.guild.add_member(self._env.create_user(f"learner-{number}"))
            return actor, (await actor.slash(channel, command)).response.message

        learner: tuple[Any, Any] = self._do(type_it)
        return learner

    def click(self, actor: Any, card: Any, **which: str) -> float:
        """Press a button; return the processor time of all threads, in ms."""

        async def press_it() -> float:
            before = time.process_time()
            await actor.click(card, **which)
            return (time.process_time() - before) * 1000

        return float(self._do(press_it))

    def parts(self, card: Any) -> list[Part]:
        """Return the texts and buttons of a card as it stands."""
        return list(_parts(self._env.backend.get_message(card.channel.id, card.id).components))

    def _do(self, job: Job) -> Any:
        assert self._living is not None
        done = self._loop.create_future()
        self._jobs.put_nowait((job, done))
        either = asyncio.wait((done, self._living), return_when=asyncio.FIRST_COMPLETED)
        self._loop.run_until_complete(either)
        if not done.done():
            self._living.result()  # raises what ended the bot
        return done.result()

    async def _live(self) -> None:
        async with self._bot, simcord.run(self._bot) as self._env:
            self._env.create_guild()
            while asked := await self._jobs.get():
                job, done = asked
                try:
                    done.set_result(await job())
                except Exception as failed:  # noqa: BLE001 - raised where the job was asked for
                    done.set_exception(failed)


async def _nothing() -> None:
    """Be done, once the stage stands."""


def _parts(components: list[dict[str, Any]]) -> Iterator[Part]:
    for component in components:
        if component["type"] == 10:
            yield Part("text", component["content"])
        elif component["type"] == 2:
            yield Part("button", component["label"])
        yield from _parts(component.get("components", []))
