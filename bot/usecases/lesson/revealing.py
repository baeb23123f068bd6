"""Lock a guess in and reveal at once: two turns for one press, the guess kept after the first."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace

from bot.domain.learner import Learner
from bot.domain.lesson.commands import Command, CommitGuess, LockIn, Next, Reveal
from bot.domain.lesson.screens import RecapScreen, RevealScreen
from bot.usecases.lesson.ports import KeepTogether
from bot.usecases.lesson.turns import LessonShown

Turn = Callable[[Command, Learner], Awaitable[LessonShown]]


@dataclass(frozen=True, slots=True)
class RevealAtOnce:
    """Take a turn; one that locks a guess in is followed by the reveal.

    The guess is stored when the reveal begins. If the model fails then, or the process ends, the
    learner finds a locked card with a button for the reveal. In a quick check what comes next
    follows at once; its card holds the answer.
    """

    take_turn: Turn
    keep_together: KeepTogether = nullcontext

    async def __call__(self, command: Command, learner: Learner) -> LessonShown:
        """Run one command, as the turn does, and raise what it raises."""
        if not isinstance(command, CommitGuess | LockIn):
            return await self.take_turn(command, learner)
        async with self.keep_together():  # nobody sees a card before the end
            return await self._lock_in(command, learner)

    async def _lock_in(self, command: CommitGuess | LockIn, learner: Learner) -> LessonShown:
        shown = await self.take_turn(command, learner)
        here = (command.attempt_id, command.step)
        how_read = shown.how_read
        shown = replace(await self.take_turn(Reveal(*here), learner), how_read=how_read)
        told = shown.screen
        if not isinstance(told, RevealScreen) or not told.is_quick:
            return shown
        coming = await self.take_turn(Next(*here), learner)
        if isinstance(coming.screen, RecapScreen):
            return replace(coming, screen=replace(coming.screen, before=told))
        return coming
