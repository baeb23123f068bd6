"""Draw a class round: the card that the channel shares, and what each learner sees of their own."""

from collections.abc import Sequence
from typing import assert_never

from bot.domain.crowd import FEWEST, part_text
from bot.domain.lesson.kinds.base import AnswerEntry, Choice
from bot.domain.lesson.kinds.registry import KINDS
from bot.domain.round.round import Round, Stage
from bot.domain.round.screens import (
    ArrangingScreen,
    Changes,
    Compared,
    EndedScreen,
    RevealedScreen,
    RoundQuestion,
    RoundScreen,
    TalkScreen,
    VotedScreen,
    VotingScreen,
)
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenOne
from bot.ui.buttons.round import MoveOn, SaySure
from bot.ui.cards.kinds.registry import KIND_CARDS
from bot.ui.cards.kit import HELP, Button, Card, card, cut, gauge, note_lines, row, safe
from curriculum import budgets
from curriculum.kinds.registry import KindName

_CELLS = 4  # of a bar: an option stands on the same line
_ARRANGEMENTS = 4  # of a spread, above the buttons
_TURNS = {1: "first vote", 2: "second vote"}
_TOO_FEW = f"Fewer than {FEWEST} guesses: a spread would tell who said what, so it stays hidden."


def draw_round(screen: RoundScreen) -> Card:
    """Return the card of a round as its channel sees it."""
    match screen:
        case VotingScreen():
            return _voting(screen)
        case TalkScreen():
            return _talk(screen)
        case RevealedScreen():
            return _revealed(screen)
        case EndedScreen():
            return card(
                _top(screen.question, "ended"),
                f"### {screen.question.ask}",
                f"{_guesses(screen.guesses)} in. An instructor ended this round; nothing is told.",
            )
        case _:
            assert_never(screen)


def draw_voted(screen: VotedScreen, note: str | None = None) -> Card:
    """Return what one learner locked in."""
    until = " It stands until the second vote." if screen.turn == 1 else ""
    sure = f", {screen.level.label}" if screen.level else ""
    levels = [
        PressButton.of(SaySure(screen.round_id, screen.turn, index), level.label)
        for index, level in enumerate(screen.levels)
    ]
    return card(
        f"🔒 Locked in: **{safe(screen.said, 400)}**{sure}.{until}",
        note_lines(f"{HELP} {screen.how_read}" if screen.how_read else None),
        note_lines(note),
        "How sure are you?" if levels else None,
        row(levels),
    )


def draw_arranging(screen: ArrangingScreen, note: str | None = None) -> Card:
    """Return the stages to put in order; nothing is locked in before the last press."""
    return card(
        f"### {screen.ask}",
        _listed(screen.kind, screen.choices, screen.slots),
        f"So far: **{screen.placed_text}**" if screen.placed else None,
        note_lines(note),
        row(KIND_CARDS[screen.kind].next_buttons(screen)),
    )


def draw_put(channel_id: int) -> Card:
    """Return what the instructor is told once the question is up."""
    return card(
        f"It's up in <#{channel_id}>. When enough guesses are in, press *Show the spread* on it.",
        "-# `/class show` brings the card down again; `/class end` ends the round untold.",
    )


def draw_over(present: Round) -> Card:
    """Return what the instructor is told once they have ended a round."""
    return card(f"Ended. The answer wasn't shown.\n-# It asked: {present.step.ask}")


def draw_lost(present: Round) -> Card:
    """Return the note to the instructor whose card, or channel, is gone."""
    ask = f"-# It asked: {present.step.ask}"
    if present.stage is Stage.ENDED:
        return card(
            "### Your class round has ended\nIts channel was deleted, or I can't see it any more."
            " The guesses are kept. Put the question again elsewhere with `/class ask`.",
            ask,
        )
    return card(
        f"### Your class round lost its card\nIt was deleted in <#{present.channel_id}>. The"
        " guesses are kept: type `/class show` there to put it up again, or `/class end`.",
        ask,
    )


def _voting(screen: VotingScreen) -> Card:
    question = screen.question
    spread, reveal = (Stage.TALK, "Show the spread"), (Stage.REVEALED, "Reveal")
    to, label = spread if screen.turn == 1 else reveal
    return card(
        _top(question, _TURNS[screen.turn]),
        _ask(question),
        _listed(question.kind, question.choices, question.slots),
        row(KIND_CARDS[question.kind].vote_buttons(question, screen.turn)),
        f"**{_guesses(screen.guesses)}** in. Nobody sees yours.",
        row([_onward(question, to, label)]),
    )


def _talk(screen: TalkScreen) -> Card:
    question = screen.question
    above, below = _spread(screen)
    return card(
        _top(question, f"{_guesses(screen.guesses)} in"),
        f"### {question.ask}",
        above or None,
        row(
            [
                _onward(question, Stage.SECOND, "Vote again", is_main=True),
                _onward(question, Stage.REVEALED, "Reveal"),
            ]
        ),
        "Find somebody who guessed otherwise and tell them why. Which is right comes later."
        if screen.spread
        else _TOO_FEW,
        below or None,
    )


def _revealed(screen: RevealedScreen) -> Card:
    lesson = PressButton.of(OpenOne(screen.slug), f"To lesson {screen.question.lesson}")
    return card(
        _top(screen.question, f"{_guesses(sum(screen.guesses))} in all"),
        f"### {screen.answer}\n{screen.reply.strip()}",
        _table(screen),
        _moves(screen.changes),
        _sure(screen),
        row([lesson]),
        "\n".join(f"**{c.heading}**  {c.reply}" for c in screen.compared if not c.is_right),
    )


def _top(question: RoundQuestion, where: str) -> str:
    return f"-# Class round · lesson {question.lesson} · {where}"


def _ask(question: RoundQuestion) -> str:
    return f"### {question.ask}" + (f"\n{question.lead.strip()}" if question.lead else "")


def _listed(kind: KindName, choices: Sequence[Choice], slots: tuple[str, ...]) -> str | None:
    return KIND_CARDS[kind].listed([(choice.key, choice.text) for choice in choices], slots)


def _guesses(number: int) -> str:
    return "1 guess" if number == 1 else f"{number:,} guesses"


def _onward(question: RoundQuestion, to: Stage, label: str, *, is_main: bool = False) -> Button:
    press = MoveOn(question.round_id, question.revision, to.value)
    return PressButton.of(press, label, is_main=is_main)


def _spread(screen: TalkScreen) -> tuple[str, str]:
    """Return a line for each heading, and what stands below the buttons.

    An option that is longer than a line is cut above and stands whole below. Arrangements are read
    by letters: the most frequent stand above, their key with the rest below.
    """
    question = screen.question
    listed = _listed(question.kind, question.choices, question.slots)
    texts = {choice.key: choice.text for choice in question.choices}
    shares = dict(screen.spread)
    if KINDS[question.kind].entry is AnswerEntry.PICKED:
        bars = {key: f" {_bar(share, screen.guesses)}" for key, share in shares.items()}
        whole = [f"**{key}**{bars.get(key, ' ')} {text}" for key, text in texts.items()]
        lines = [cut(line, budgets.PHONE_WIDTH + len("****")) for line in whole]
        return "\n".join(lines), (listed or "") if lines != whole else ""
    lines = [f"{_bar(share, screen.guesses)}  {heading}" for heading, share in screen.spread]
    above, rest = lines[:_ARRANGEMENTS], lines[_ARRANGEMENTS:]
    return "\n".join(above), "\n".join(filter(None, [listed, *rest]))


def _bar(share: float, of: int) -> str:
    return f"{gauge(round(share * 100), 100, _CELLS)} {part_text(round(share * of), of)}"


def _table(screen: RevealedScreen) -> str:
    if all(one.first is None for one in screen.compared):
        return f"-# {_TOO_FEW}"
    return "\n".join(_compared(one, *screen.guesses) for one in screen.compared)


def _compared(one: Compared, first_of: int, second_of: int) -> str:
    mark = "✓" if one.is_right else "·"
    first = part_text(one.first, first_of) if one.first is not None else "?"
    if one.second is None:
        return f"{mark} **{one.heading}**  {first}"
    return f"{mark} **{one.heading}**  {first} → {part_text(one.second, second_of)}"


def _moves(changes: Changes | None) -> str | None:
    if changes is None:
        return None
    lines = [
        f"Right before talking **{changes.right_before}**, after **{changes.right_after}**, of"
        f" {changes.learners} who guessed twice."
    ]
    if changes.moves:
        moves = (f"{was} → {now}: {count}" for was, now, count in changes.moves)
        lines.append(f"-# Moved: {' · '.join(moves)}")
    return "\n".join(lines)


def _sure(screen: RevealedScreen) -> str | None:
    if screen.sure is None:
        return None
    sure, right = screen.sure
    return f"-# At first {sure} were sure or certain; {right} of them were right."
