"""Draw the map of the course."""

from bot.domain.progress.standing import HomeScreen, LessonStanding, LessonState
from bot.domain.tutor.talk import OpenQuestion
from bot.ui.buttons.controls import PressButton, PressMenu
from bot.ui.buttons.daily import OpenDaily
from bot.ui.buttons.instrument import OpenInstruments
from bot.ui.buttons.lesson import ChooseLesson, OpenMore
from bot.ui.buttons.practice import OpenProgress, OpenReview
from bot.ui.buttons.tutor import WriteQuestion
from bot.ui.cards.kit import Button, Card, Item, card, row
from bot.ui.cards.progress.progress import go_on, practice_line
from bot.ui.cards.tutor.answer import told_lines

_WELCOME = (
    "For people who run LLMs: you guess, then a real model shows you. No maths needed, and you can"
    " stop anywhere."
)
_MARKS = {LessonState.DONE: "✓", LessonState.BEGUN: "▸", LessonState.NEW: "·"}


def draw_home(screen: HomeScreen, told: OpenQuestion | None = None) -> Card:
    """Return the card: where you are, what there is, what to do next; what was answered since."""
    total = len(screen.lessons)
    where = f"lesson {screen.next.number} of {total}" if screen.next else "all done, so far"
    planned = [s for s in screen.lessons if s.state is LessonState.PLANNED]
    written = [s for s in screen.lessons if s.state is not LessonState.PLANNED]
    is_new = all(standing.state is LessonState.NEW for standing in written)
    return card(
        told_lines(told),
        f"### {screen.title}\n-# {where}",
        _WELCOME if is_new else None,
        _map(screen),
        "\n".join(_line(standing) for standing in written),
        f"-# {_range(planned)} to come" if planned else None,
        practice_line(screen.practice),
        _menu(written),
        row(_buttons(screen)),
        row(
            [
                PressButton.of(OpenDaily(), "Guess game"),
                PressButton.of(OpenInstruments(), "Try the model"),
                PressButton.of(OpenProgress(False), "My progress"),
                PressButton.of(OpenMore(), "More"),
            ]
        ),
    )


def _map(screen: HomeScreen) -> str:
    stops = (f"**[{stop}]**" if is_here else stop for stop, is_here in screen.stops)
    return " → ".join(stops)


def _line(standing: LessonStanding) -> str:
    match standing.state:
        case LessonState.DONE:
            right = f"{standing.right} of {standing.scored} at first try"
        case LessonState.BEGUN:
            left = f"{standing.minutes_left} min left"
            right = f"step {standing.index} of {standing.total} · {left}"
        case _:
            right = f"{standing.minutes} min"
    mark = _MARKS[standing.state]
    return f"{mark} **{standing.number}** {standing.title}\n-# {right}"


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
        buttons.append(PressButton.of(OpenReview(), f"Review {due}", is_main=not buttons))
    return [*buttons, PressButton.of(WriteQuestion(), "Ask")]
