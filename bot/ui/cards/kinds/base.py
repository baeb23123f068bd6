"""What a card needs to know of a kind of step: its buttons, and its window."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from discord import ui

from bot.domain.lesson.commands import Draft
from bot.domain.lesson.confidence import levels_for
from bot.domain.lesson.screens import QuestionScreen
from bot.domain.round.screens import ArrangingScreen, RoundQuestion
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import Write, WriteAgain, WriteWords
from bot.ui.buttons.path import WriteRedo
from bot.ui.buttons.round import PickVote, PlaceStage, WriteVote
from bot.ui.cards.kit import Button, numbered
from bot.ui.cards.window import Window, sureness
from curriculum.kinds.base import StepBase
from curriculum.kinds.registry import Step

S = TypeVar("S", bound=StepBase)
AnswerWindow = Write | WriteWords | WriteAgain | WriteVote | WriteRedo  # opens one


class KindCards(ABC, Generic[S]):
    """How a kind of step is asked."""

    @abstractmethod
    def answer_buttons(self, screen: QuestionScreen) -> list[Button]:
        """Return what to press to answer, or to go on answering."""

    @abstractmethod
    def vote_buttons(self, question: RoundQuestion, turn: int) -> list[Button]:
        """Return what a class presses to vote."""

    @abstractmethod
    def next_buttons(self, screen: ArrangingScreen) -> list[Button]:
        """Return what one learner presses next, for a vote that takes more than one press."""

    @abstractmethod
    def listed(self, choices: list[tuple[str, str]], slots: tuple[str, ...]) -> str | None:
        """Return the lettered choices, and what they are for, as lines of a card."""

    @abstractmethod
    def window(self, press: AnswerWindow, step: S | None) -> ui.Modal | None:
        """Return the window to write an answer in; None: it is pressed.

        Args:
            press: What the window completes.
            step: What it quotes; None where the course doesn't have it any more.
        """


class Picked(KindCards[S]):
    """One press is a whole answer."""

    def answer_buttons(self, screen: QuestionScreen) -> list[Button]:
        """Return a button for each choice."""
        place = screen.place
        return [
            PressButton.of(
                Draft(place.attempt_id, place.step, choice.key),
                f"● {choice.letter}" if choice.key == screen.draft else choice.letter,
                is_main=screen.draft in (None, choice.key),
            )
            for choice in screen.choices
        ]

    def vote_buttons(self, question: RoundQuestion, turn: int) -> list[Button]:
        """Return a button for each choice."""
        return [
            PressButton.of(PickVote(question.round_id, turn, c.key), c.letter, is_main=True)
            for c in question.choices
        ]

    def next_buttons(self, screen: ArrangingScreen) -> list[Button]:
        """One press was enough."""
        return []

    def listed(self, choices: list[tuple[str, str]], slots: tuple[str, ...]) -> str | None:
        """Return a line for each choice."""
        return numbered(choices)

    def window(self, press: AnswerWindow, step: S | None) -> ui.Modal | None:
        """It is pressed."""
        return None


class Arranged(KindCards[S]):
    """A press for each slot, in turn; when all are filled, one to start over."""

    begin: str  # what the press that begins a vote is called

    @abstractmethod
    def label(self, letter: str, place: int, slots: tuple[str, ...]) -> str:
        """Return what the press is called that puts a letter into the slot at this place."""

    def answer_buttons(self, screen: QuestionScreen) -> list[Button]:
        """Return a button for each letter not yet placed."""
        here, placed = (screen.place.attempt_id, screen.place.step), screen.draft or ""
        if len(placed) == len(screen.choices):
            return [PressButton.of(Draft(*here, ""), "Start over")]
        return self._placing(screen, placed, lambda letters: Draft(*here, letters))

    def vote_buttons(self, question: RoundQuestion, turn: int) -> list[Button]:
        """Return the press that begins; the rest is for the learner's eyes only."""
        blank = PlaceStage(question.round_id, turn, "")
        return [PressButton.of(blank, self.begin, is_main=True)]

    def next_buttons(self, screen: ArrangingScreen) -> list[Button]:
        """Return a button for each letter not yet placed; at the end, to lock it in."""
        here, placed = (screen.round_id, screen.turn), screen.placed
        if len(placed) == len(screen.choices):
            return [
                PressButton.of(PickVote(*here, placed), "Lock it in", is_main=True),
                PressButton.of(PlaceStage(*here, ""), "Start over"),
            ]
        return self._placing(screen, placed, lambda letters: PlaceStage(*here, letters))

    def window(self, press: AnswerWindow, step: S | None) -> ui.Modal | None:
        """It is pressed."""
        return None

    def _placing(
        self,
        screen: QuestionScreen | ArrangingScreen,
        placed: str,
        press: Callable[[str], Draft | PlaceStage],
    ) -> list[Button]:
        """Return a button for each letter not yet placed; `press` gets all placed with it."""
        return [
            PressButton.of(
                press(placed + choice.key),
                self.label(choice.letter, len(placed), screen.slots),
                is_main=True,
            )
            for choice in screen.choices
            if choice.key not in placed
        ]


class Typed(KindCards[S]):
    """An answer is written in a window."""

    label: str  # of the button that opens it
    title: str  # of the window

    @abstractmethod
    def box(self, step: S) -> ui.Label[Any]:
        """Return the field."""

    def answer_buttons(self, screen: QuestionScreen) -> list[Button]:
        """Return the press that opens the window."""
        place = screen.place
        press = Write(place.attempt_id, place.step, place.lesson)
        label = "Change it" if screen.draft else self.label
        return [PressButton.of(press, label, is_main=not screen.draft)]

    def vote_buttons(self, question: RoundQuestion, turn: int) -> list[Button]:
        """Return the press that opens the window."""
        press = WriteVote(question.round_id, turn, question.lesson, question.step)
        return [PressButton.of(press, self.label, is_main=True)]

    def next_buttons(self, screen: ArrangingScreen) -> list[Button]:
        """The window was enough."""
        return []

    def listed(self, choices: list[tuple[str, str]], slots: tuple[str, ...]) -> str | None:
        """There is nothing to choose from."""
        return None

    def window(self, press: AnswerWindow, step: S | None) -> ui.Modal | None:
        """Return the window; a learner says in it how sure they are, too."""
        if step is None:
            return None
        levels = levels_for(cast(Step, step)) if isinstance(press, Write) else ()
        asked = ui.TextDisplay[Any](self.quoted(step))
        how_sure = [sureness(levels)] if levels else []
        return Window(press, self.title, asked, self.box(step), *how_sure)

    def quoted(self, step: S) -> str:
        """Return the question whole: the window covers the card."""
        lead: str | None = getattr(step, "lead", None)
        return f"{getattr(step, 'ask', '')}\n{lead or ''}".strip()


class Unasked(KindCards[S]):
    """Nothing is answered here."""

    def answer_buttons(self, screen: QuestionScreen) -> list[Button]:
        """There are none."""
        return []

    def vote_buttons(self, question: RoundQuestion, turn: int) -> list[Button]:
        """There are none."""
        return []

    def next_buttons(self, screen: ArrangingScreen) -> list[Button]:
        """There are none."""
        return []

    def listed(self, choices: list[tuple[str, str]], slots: tuple[str, ...]) -> str | None:
        """There is nothing to choose from."""
        return None

    def window(self, press: AnswerWindow, step: S | None) -> ui.Modal | None:
        """There is none."""
        return None
