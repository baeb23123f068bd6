"""Draw the map of the course."""

from bot.domain.path.placement import QUESTIONS
from bot.domain.progress.standing import HomeScreen, LessonStanding, LessonState
from bot.domain.tutor.talk import OpenQuestion
from bot.ui.buttons.controls import PressButton, PressMenu
from bot.ui.buttons.daily import OpenDaily
from bot.ui.buttons.instrument import OpenInstruments
from bot.ui.buttons.lesson import ChooseLesson, OpenMore
from bot.ui.buttons.path import OpenCertificate, OpenPlacement, OpenRedo
from bot.ui.buttons.practice import OpenProgress, OpenReview
from bot.ui.buttons.tutor import WriteQuestion
from bot.ui.cards.fold import fold_after
from bot.ui.cards.kit import Button, Card, Item, card, note_lines, row
from bot.ui.cards.practice.reminder import review_label
from bot.ui.cards.progress.progress import go_on, practice_line
from bot.ui.cards.tutor.answer import told_lines

_WELCOME = (
    "For people who run LLMs: you guess, then a real model shows you. No maths needed, and you can"
    " stop anywhere."
)
_HOUR = 60
_MARKS = {LessonState.DONE: "✓", LessonState.BEGUN: "▸", LessonState.NEW: "·"}


def draw_home(
    screen: HomeScreen, told: OpenQuestion | None = None, note: str | None = None
) -> Card:
    """Return the card: what to do next, then the map of all; what was answered since, in between.

    The first button stands by the tenth line; a long answer of an instructor comes below it.
    """
    planned = [s for s in screen.lessons if s.state is LessonState.PLANNED]
    written = [s for s in screen.lessons if s.state is not LessonState.PLANNED]
    is_new = all(standing.state is LessonState.NEW for standing in written)
    said = [
        note_lines(note),
        f"### {screen.title}\n{_where(screen)}",
        _WELCOME if is_new else None,
        _placement_line(screen),
        practice_line(screen.practice),
        told_lines(told),
    ]
    above, below = fold_after([part for part in said if part], 1)
    return card(
        *above,
        row(_buttons(screen)),
        *below,
        _map(screen),
        _lines(written),
        f"-# {_range(planned)} to come" if planned else None,
        _menu(written),
        row(
            [
                PressButton.of(OpenDaily(), "Guess game"),
                PressButton.of(OpenInstruments(), "Try the model"),
                PressButton.of(OpenProgress(False), "My progress"),
                PressButton.of(OpenMore(), "More"),
            ]
        ),
    )


def _where(screen: HomeScreen) -> str:
    """Say which lesson is next, how far it has come, and how long all that is left takes."""
    lesson = screen.next
    if lesson is None:
        return "-# all done, so far"
    named = f"**Lesson {lesson.number} of {len(screen.lessons)}: {lesson.title}**"
    is_begun = lesson.is_under_way
    step = f"step {lesson.index} of {lesson.total} · " if is_begun else ""
    left = f"{lesson.minutes_left} min{' left' if is_begun else ''}"
    return f"{named}\n-# {step}{left}\n-# {_time(screen.minutes_left)} to the end of the course"


def _placement_line(screen: HomeScreen) -> str | None:
    """Say how to come back to a placement that was left in the middle."""
    if not _is_placement_open(screen):
        return None
    waits = f"question {screen.question} of {QUESTIONS} waits"
    return f"Where do you stand? Your {waits}: press the button, or type `/more placement`."


def _is_placement_open(screen: HomeScreen) -> bool:
    return screen.question is not None and not screen.is_done


def _time(minutes: int) -> str:
    """Return a time as people say it, in quarters of an hour once it is one: `about 2 ¼ h`."""
    if minutes < _HOUR:
        return f"{minutes} min"
    hours, quarters = divmod(round(minutes * 4 / _HOUR), 4)
    return f"about {hours}{('', ' ¼', ' ½', ' ¾')[quarters]} h"


def _way(screen: HomeScreen) -> list[Button]:
    """Return what leads along: where to begin, what to redo, what it came to."""
    buttons: list[Button] = []
    if _is_placement_open(screen):
        label = f"Go on: question {screen.question} of {QUESTIONS}"
        buttons.append(PressButton.of(OpenPlacement(), label))
    elif screen.next and screen.next.state is LessonState.NEW:
        buttons.append(PressButton.of(OpenPlacement(), "Where do I stand?"))
    if screen.to_redo:
        buttons.append(PressButton.of(OpenRedo(), f"Redo {screen.to_redo} missed"))
    if screen.is_done:
        buttons.append(PressButton.of(OpenCertificate(), "Certificate"))
    return buttons


def _map(screen: HomeScreen) -> str:
    stops = (f"**[{stop}]**" if is_here else stop for stop, is_here in screen.stops)
    return f"-# {' → '.join(stops)}"


def _lines(written: list[LessonStanding]) -> str:
    """Return a lesson a line, on the narrowest phone too; the menu says how long each takes."""
    lines = [
        f"{_MARKS[one.state]} **{one.number}** {one.title}"
        + (f" · {one.right}/{one.scored}" if one.state is LessonState.DONE else "")
        for one in written
    ]
    is_any_done = any(one.state is LessonState.DONE for one in written)
    return "\n".join([*lines, *(["-# ✓ done: how many right at first try"] if is_any_done else [])])


def _range(planned: list[LessonStanding]) -> str:
    numbers = [standing.number for standing in planned]
    if len(numbers) == numbers[-1] - numbers[0] + 1 and len(numbers) > 1:
        return f"lessons {numbers[0]} to {numbers[-1]}"
    return "lessons " + ", ".join(str(number) for number in numbers)


def _menu(written: list[LessonStanding]) -> Item | None:
    options = [(s.slug, f"{s.number} · {s.title}", f"{s.minutes} min") for s in written if s.slug]
    if len(options) < 2:
        return None  # one lesson needs no menu: the button below opens it
    return row([PressMenu.of(ChooseLesson(), "All lessons", options)])


def _buttons(screen: HomeScreen) -> list[Button]:
    due = screen.practice.due
    buttons: list[Button] = [go_on(screen.next)] if screen.next else []
    if due:
        buttons.append(PressButton.of(OpenReview(), review_label(due), is_main=not buttons))
    return [*buttons, *_way(screen), PressButton.of(WriteQuestion(), "Ask")]
