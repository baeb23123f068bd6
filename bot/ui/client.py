"""The discord.py client: it listens, and hands on."""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Never

import discord
import structlog
from discord import app_commands
from discord.ext import commands

from bot.closing import close_all
from bot.ui.areas.classroom.commands import ClassroomCommands
from bot.ui.areas.classroom.files import ClassroomFiles
from bot.ui.areas.classroom.handler import ClassroomHandler
from bot.ui.areas.daily.commands import DailyCommands
from bot.ui.areas.daily.handler import DailyHandler, daily_windows
from bot.ui.areas.daily.posting import DailyPosts
from bot.ui.areas.instrument.commands import InstrumentCommands, commands_of, next_token_menu
from bot.ui.areas.instrument.handler import INSTRUMENT_WINDOWS, InstrumentHandler
from bot.ui.areas.lesson.commands import LessonCommands
from bot.ui.areas.lesson.handler import LessonHandler, lesson_windows
from bot.ui.areas.lesson.posting import RecapPosts
from bot.ui.areas.path.commands import PathCommands
from bot.ui.areas.path.handler import PathHandler, path_windows
from bot.ui.areas.path.posting import CertificatePosts
from bot.ui.areas.practice.commands import PracticeCommands
from bot.ui.areas.practice.handler import PracticeHandler
from bot.ui.areas.practice.reminders import Reminders, ReviewLetters
from bot.ui.areas.privacy.commands import PrivacyCommands
from bot.ui.areas.privacy.files import OwnDataFiles
from bot.ui.areas.privacy.handler import PrivacyHandler
from bot.ui.areas.round.board import Board
from bot.ui.areas.round.commands import RoundCommands
from bot.ui.areas.round.handler import RoundHandler, round_windows
from bot.ui.areas.tutor.answering import Answers
from bot.ui.areas.tutor.asking import QuestionIntake
from bot.ui.areas.tutor.commands import TutorCommands, ask_menu
from bot.ui.areas.tutor.handler import Finishing, TutorHandler, tutor_windows
from bot.ui.buttons.controls import PressButton, PressMenu
from bot.ui.edge.bottom import Bottom
from bot.ui.edge.failures import incident_number, show_failure
from bot.ui.edge.handler import Errands, Handler, Windows
from bot.ui.edge.inbox import Deliver, deliver
from bot.ui.edge.live import LiveLessons
from bot.ui.edge.picker import arrange
from bot.ui.edge.posting import Posting
from bot.ui.edge.streaming import Beat, WallBeat
from bot.ui.edge.turn import Turns
from bot.ui.edge.underway import Underway
from bot.ui.gateway import is_of_the_event, read_on, where
from bot.usecases.catalogue import UseCases

log = structlog.get_logger()

Hook = Callable[[], Awaitable[None]]


class HunchBot(commands.AutoShardedBot):
    """A bot that serves learners, in guilds, direct messages and private channels."""

    def __init__(
        self,
        use: UseCases,
        *,
        shards: int | None,
        on_start: Hook,
        on_stop: Hook,
        beat: Beat | None = None,
    ) -> None:
        """Build the bot.

        Args:
            use: What learners can do.
            shards: Connections to Discord; None lets Discord say.
            on_start: Awaited once before the first event; may refuse to start by raising.
            on_stop: Awaited once when it is closed, even if leaving Discord fails.
            beat: What an answer's edits keep to; by default the clock on the wall.
        """
        read_on()
        super().__init__(shard_count=shards, **_how_it_listens())
        self.unread: Counter[str] = Counter()  # events of Discord's that were left out, by kind
        self._use, self.beat = use, beat or WallBeat()
        self.bottom, self.live, self.underway = Bottom(), LiveLessons(), Underway()
        self._answers = Answers(use, Finishing(use), self.beat)
        self._asking = QuestionIntake(use, self._answers)
        self._deliver: Deliver = partial(deliver, self)
        self._class_files = ClassroomFiles(use.classroom)
        self._board = Board(self, use.rounds, self._deliver, self.beat)
        self.reminders = Reminders(self, [ReviewLetters(use.practice)], WallBeat())
        self._own_files = OwnDataFiles(use.own_data)
        errands = {
            **self._asking.errands,
            **self._class_files.errands,
            **self._own_files.errands,
            **_posts(use),
        }
        self.turns = Turns(self._of_areas(), _windows(use), errands)
        self._on_start, self._on_stop = on_start, on_stop
        self._ending, self._has_ended = asyncio.Lock(), False
        self.tree.error(self._on_command_error)

    def _of_areas(self) -> list[Handler[Never]]:
        use = self._use
        return [
            LessonHandler(use),
            InstrumentHandler(use),
            PathHandler(use.path),
            PracticeHandler(use.practice),
            DailyHandler(use.practice.daily),
            ClassroomHandler(use.classroom),
            TutorHandler(use, self._deliver),
            RoundHandler(use.rounds, self._board.changed),
            PrivacyHandler(use.own_data, use.receivers, self._answers.stop),
        ]

    @property
    def first_lesson(self) -> str:
        """The slug of the lesson that a newcomer begins with."""
        return self._use.course.lessons[0].slug

    async def setup_hook(self) -> None:
        """Get ready: records, cogs, the buttons of messages from before this start."""
        asyncio.get_running_loop().set_exception_handler(self._on_loop_error)
        await self._on_start()
        await self.add_cog(LessonCommands(self._use))
        await self.add_cog(InstrumentCommands(self._use))
        await self.add_cog(PathCommands(self._use.path))
        await self.add_cog(PracticeCommands(self._use.practice))
        await self.add_cog(DailyCommands(self._use.practice.daily))
        classes = ClassroomCommands(self, self._use.classroom, self._class_files, self._deliver)
        await self.add_cog(classes)
        self.reminders.also(classes.remind)
        await self.add_cog(TutorCommands(self, self._use, self._asking, self._answers))
        await self.add_cog(RoundCommands(self._use.rounds, self._board))
        await self.add_cog(
            PrivacyCommands(self._use.own_data, self._use.receivers, self._own_files)
        )
        for command in commands_of(self._use):
            self.tree.add_command(command)
        arrange(self.tree)
        self.tree.add_command(next_token_menu(self._use))
        self.tree.add_command(ask_menu(self._asking))
        self.add_dynamic_items(PressButton, PressMenu)
        await self.tree.sync()
        self.reminders.start()

    async def on_press(
        self, interaction: discord.Interaction[Any], custom_id: str, values: Sequence[str]
    ) -> None:
        """Take the press of a button or menu."""
        await self.turns.press(interaction, custom_id, values)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Take submitted windows; discord.py itself forgets them at a restart."""
        if interaction.type is discord.InteractionType.modal_submit:
            data: Any = interaction.data
            await self.turns.submit(interaction, data["custom_id"])

    async def on_message(self, message: discord.Message) -> None:
        """Note what stands last. A mention is a question to the tutor here, never a command."""
        self.bottom.posted(message.channel.id, message.id)

    async def on_unread(self, event: str, why: str) -> None:
        """Log what of Discord's is left out: once a kind, however many come."""
        kind = f"{event}: {why}"
        self.unread[kind] += 1
        if self.unread[kind] == 1:
            log.warning("an event of Discord's can't be read and is left out", what=kind)

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        """Log what failed where nobody waits for it."""
        self._on_loop_error(None, {"message": event_method, "exception": sys.exception()})

    def _on_loop_error(self, _loop: object, failed: dict[str, Any]) -> None:
        """Take note of what failed in a task that nobody waits for."""
        at, error = failed["message"], failed.get("exception")
        if error is not None and is_of_the_event(error):
            self.dispatch("unread", at, where(error))
        else:
            log.error("incident", incident=incident_number(), at=at, exc_info=error)

    async def close(self) -> None:
        """Finish what was taken, leave Discord, let go of the database and the model.

        Whoever calls it again waits until it has ended. Whoever made the bot closes it, whatever
        happens.

        Raises:
            Exception: something could not be closed; the rest was. Each is in the log.
        """
        async with self._ending:
            if self._has_ended:
                return
            self._has_ended = True
            await close_all(
                underway=self.underway.drain,
                reminders=self.reminders.close,
                answers=self._answers.close,
                board=self._board.close,
                discord=super().close,
                rest=self._on_stop,
            )

    async def _on_command_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await show_failure(interaction, cause)


def _posts(use: UseCases) -> Errands:
    posting = Posting(use.post_once)
    days = DailyPosts(use.practice.daily, posting)
    certificates = CertificatePosts(use.path.show_certificate, posting)
    recaps = RecapPosts(use.show_recap, posting)
    return {**days.errands, **recaps.errands, **certificates.errands}


def _windows(use: UseCases) -> Windows:
    course = use.course
    return {
        **lesson_windows(course),
        **INSTRUMENT_WINDOWS,
        **path_windows(use.path),
        **daily_windows(course),
        **tutor_windows(course),
        **round_windows(course),
    }


def _how_it_listens() -> dict[str, Any]:
    """Everywhere, to commands and mentions; it mentions nobody."""
    return {
        "command_prefix": commands.when_mentioned,
        "help_command": None,
        "intents": _intents(),
        "allowed_mentions": discord.AllowedMentions.none(),
        "allowed_contexts": app_commands.AppCommandContext(
            guild=True, dm_channel=True, private_channel=True
        ),
        "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
    }


def _intents() -> discord.Intents:
    """Guilds and direct messages; not the content of messages, which learning doesn't need."""
    return discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
