"""Lock a guess in and reveal at once: two turns for one press, the guess kept after the first."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.domain.learner import Learner
from bot.domain.lesson.commands import Command, CommitGuess, LockIn, Next, Reveal
from bot.domain.lesson.screens import RevealScreen
from bot.usecases.lesson.turns import LessonShown

Turn = Callable[[Command, Learner], Awaitable[LessonShown]]


@dataclass(frozen=True, slots=True)
class RevealAtOnce:
    """Take a turn; one that locks a guess in is followed by the reveal.

    The guess is stored when the reveal begins. If the model fails then, or the process ends, the
    learner finds a locked card with a button for the reveal. In a quick check the next question
    follows at once; its card holds the answer.
    """

    take_turn: Turn

    async def __call__(self, command: Command, learner: Learner) -> LessonShown:
        """Run one command, as the turn does, and raise what it raises."""
        shown = await self.take_turn(command, learner)
        if not isinstance(command, CommitGuess | LockIn):
            return shown
        here = (command.attempt_id, command.step)
        shown = await self.take_turn(Reveal(*here), learner)
        if isinstance(shown.screen, RevealScreen) and shown.screen.is_quick:
            return await self.take_turn(Next(*here), learner)
        return shown
