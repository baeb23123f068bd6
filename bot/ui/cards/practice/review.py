"""Draw a card to review: its question, its answer, and when there is nothing to review."""

from datetime import datetime
from typing import assert_never

from bot.domain.practice.commands import BringBack, GradeCard, LookUp, SetAside, TakeBack
from bot.domain.practice.review import LOOKED
from bot.domain.practice.scheduling import Grade
from bot.domain.practice.screens import (
    AskScreen,
    CardPlace,
    GradedCard,
    RestScreen,
    ReviewScreen,
    TellScreen,
)
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.daily import OpenDaily
from bot.ui.buttons.lesson import OpenHome
from bot.ui.cards.kit import Button, Card, card, note_lines, numbered, row

_NAMES = {Grade.AGAIN: "Again", Grade.HARD: "Hard", Grade.GOOD: "Good", Grade.EASY: "Easy"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_MONTH, _YEAR = 30.4 * _DAY, 365.25 * _DAY


def draw_review(screen: ReviewScreen, note: str | None = None) -> Card:
    """Return the card of a review."""
    match screen:
        case AskScreen():
            return _ask(screen, note)
        case TellScreen():
            return _tell(screen, note)
        case RestScreen():
            return _rest(screen, note)
        case _:
            assert_never(screen)


def span(now: datetime, due: datetime) -> str:
    """Return how long it is until then, in the largest unit that fits: `10 min`, `2 d`."""
    seconds = max(0.0, (due - now).total_seconds())
    if seconds < _HOUR:
        return f"{max(1, round(seconds / _MINUTE))} min"
    for unit, length, end in (("h", _HOUR, _DAY), ("d", _DAY, 2 * _MONTH)):
        if seconds < end:
            return f"{round(seconds / length)} {unit}"
    if seconds < _YEAR:
        return f"{round(seconds / _MONTH)} mo"
    return f"{seconds / _YEAR:.1f} y"


def _ask(screen: AskScreen, note: str | None) -> Card:
    place = screen.place
    lead = f"\n{screen.lead.strip()}" if screen.lead else ""
    if screen.choices:
        answers = [
            PressButton.of(LookUp(place.card_id, place.revision, c.key), c.letter, is_main=True)
            for c in screen.choices
        ]
        ways_out: list[Button] = [_look(place, "I don't know")]
    else:
        lead = "\nSay it to yourself first. Then look."
        answers = [_look(place, "Show me", is_main=True)]
        ways_out = []
    return card(
        _head(place),
        f"### {screen.ask}{lead}",
        numbered([(choice.letter, choice.text) for choice in screen.choices]) or None,
        note_lines(note),
        row(answers),
        row([*ways_out, _aside(place), *_take_back(screen.before)]),
        _before(screen.before),
    )


def _tell(screen: TellScreen, note: str | None) -> Card:
    place = screen.place
    buttons = [
        PressButton.of(
            GradeCard(place.card_id, place.revision, int(grade)),
            f"{_NAMES[grade]} · {span(screen.now, due)}",
            is_main=grade is (Grade.AGAIN if len(screen.returns) == 1 else Grade.GOOD),
        )
        for grade, due in screen.returns
    ]
    reply = f"\n{screen.reply.strip()}" if screen.reply else ""
    how = "It comes again, in" if len(screen.returns) == 1 else "How well did you know it?"
    return card(
        _head(place),
        f"### {_verdict(screen)}{reply}",
        note_lines(note),
        f"{how} {span(screen.now, screen.returns[0][1])}." if len(buttons) == 1 else how,
        row(buttons),
        row([_aside(place)]),
    )


def _verdict(screen: TellScreen) -> str:
    if screen.is_right:
        return f"✓ {screen.said}"
    if screen.said is not None:
        return f"✗ You said {screen.said[:1]}. It's {screen.answer}"
    return f"{screen.ask}\n{screen.answer.strip()}"


def _rest(screen: RestScreen, note: str | None) -> Card:
    lines = []
    if screen.held_back:
        lines.append(f"{screen.held_back} more are due; they are over today's most and can wait.")
    if screen.next_due:
        lines.append(f"The next comes in {span(screen.now, screen.next_due)}.")
    if not screen.cards:
        lines.append("Cards come from lessons: what you recall, and what you missed at first.")
    if screen.aside:
        lines.append(f"{screen.aside} set aside.")
    done = "Done for now" if screen.cards else "No cards yet"
    back = PressButton.of(BringBack(), f"Bring {screen.aside} back") if screen.aside else None
    return card(
        "-# Review",
        f"### {done}\n" + "\n".join(lines),
        note_lines(note),
        row(
            [
                PressButton.of(OpenHome(), "Course map", is_main=True),
                PressButton.of(OpenDaily(), "Guess a passage"),
                *([back] if back else []),
                *_take_back(screen.before),
            ]
        ),
        _before(screen.before),
    )


def _head(place: CardPlace) -> str:
    return f"-# Review · {place.left} left · lesson {place.lesson}"


def _look(place: CardPlace, label: str, *, is_main: bool = False) -> PressButton:
    return PressButton.of(LookUp(place.card_id, place.revision, LOOKED), label, is_main=is_main)


def _aside(place: CardPlace) -> PressButton:
    return PressButton.of(SetAside(place.card_id, place.revision), "Set aside")


def _take_back(before: GradedCard | None) -> list[Button]:
    return [PressButton.of(TakeBack(before.review_id), "Undo")] if before else []


def _before(before: GradedCard | None) -> str | None:
    if before is None:
        return None
    back = span(before.at, before.due)
    return f"-# The last: {_NAMES[before.grade].lower()}. It returns in {back}."
