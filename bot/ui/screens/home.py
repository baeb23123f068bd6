"""Draw the map of the course, and a learner's progress through it."""

from bot.domain.standing import HomeScreen, LessonStanding, ProgressScreen, State
from bot.domain.tutoring import OpenQuestion
from bot.ui.controls import PressButton, PressMenu
from bot.ui.presses.course import ChooseLesson, OpenHome, OpenOne
from bot.ui.presses.tutor import WriteQuestion
from bot.ui.screens.answer import told_lines
from bot.ui.screens.kit import Card, Item, card, gauge, percent, row

_MARKS = {State.DONE: "✓", State.BEGUN: "▸", State.NEW: "·"}


def draw_home(screen: HomeScreen, told: OpenQuestion | None = None) -> Card:
    """Return the card: where you are, what there is, what to do next; what was answered since."""
    total = len(screen.lessons)
    here = screen.next.number if screen.next else total
    planned = [s for s in screen.lessons if s.state is State.PLANNED]
    written = [s for s in screen.lessons if s.state is not State.PLANNED]
    go_on = [_go_on(screen.next)] if screen.next else []
    return card(
        told_lines(told),
        f"### {screen.title}\n-# lesson {here} of {total}",
        _map(screen),
        "\n".join(_line(standing) for standing in written),
        f"-# {_range(planned)} to come" if planned else None,
        _menu(written),
        row([*go_on, PressButton.of(WriteQuestion(), "Ask")]),
    )


def draw_progress(screen: ProgressScreen) -> Card:
    """Return the card: what was done, how well it was known, what to do next."""
    if not screen.lessons:
        lines = "Nothing yet, and that's fine. Your first guess counts as much as the last."
    else:
        lines = "\n".join(_progress_lines(screen))
    button = _go_on(screen.next) if screen.next else PressButton.of(OpenHome(), "Course map")
    return card("### Your progress", lines, row([button]))


def _map(screen: HomeScreen) -> str:
    stops = (f"**[{stop}]**" if is_here else stop for stop, is_here in screen.stops)
    return " → ".join(stops)


def _line(standing: LessonStanding) -> str:
    match standing.state:
        case State.DONE:
            right = f"{standing.right} of {standing.scored} at first try"
        case State.BEGUN:
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


def _go_on(standing: LessonStanding) -> PressButton:
    verb = "Go on with" if standing.state is State.BEGUN else "Start"
    return PressButton.of(
        OpenOne(standing.slug or ""), f"{verb} lesson {standing.number}", is_main=True
    )


def _progress_lines(screen: ProgressScreen) -> list[str]:
    lines = [
        f"{_MARKS[s.state]} **{s.number}** {s.title}  {gauge(s.index, s.total)}"
        for s in screen.lessons
    ]
    if screen.scored:
        share = percent(screen.right / screen.scored)
        lines.append(f"**{screen.right} of {screen.scored}** right at first try ({share}).")
    sure = screen.calibration
    if sure.sure:
        times = "time" if sure.sure == 1 else "times"
        lines.append(f"When you were *sure*: right {sure.sure_and_right} of {sure.sure} {times}.")
    if sure.mean_brier is not None:
        lines.append(f"Brier {sure.mean_brier:.2f} (0 is best; saying 50 % each time gives 0.25).")
    if screen.mean_surprisal_bits is not None:
        lines.append(f"Token guesses: {screen.mean_surprisal_bits:.1f} bits of surprise each.")
    if screen.terms:
        lines.append(f"{screen.terms} terms learned. Look them up with `/glossary`.")
    return lines
