"""Draw a learner's progress: what was done, how well it was known, what to do next."""

from collections.abc import Sequence

from bot.domain.progress.mastery import LevelRecord, most_telling
from bot.domain.progress.standing import LessonStanding, LessonState, Practice, ProgressScreen
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenHome, OpenOne
from bot.ui.buttons.practice import OpenProgress, OpenReview, ShowRank
from bot.ui.cards.kit import Button, Card, Picture, card, gauge, percent, row
from bot.ui.cards.practice.reminder import review_label, reviews_due
from bot.ui.pictures.alt import alt
from tools.exhibit.exhibit import Curve, Series

_DIAGONAL = Series("as right as you said", ((0.0, 0.0), (100.0, 100.0)))


def draw_progress(screen: ProgressScreen) -> Card:
    """Return the card as it stands now, with how sure against how right as a picture."""
    if not screen.lessons:
        lines = "Nothing yet, and that's fine. Your first guess counts as much as the last."
        return card("### Your progress", lines, row(_ways(screen)))
    over = PressButton.of(OpenProgress(True), "Over time")
    return card(
        "### Your progress",
        "\n".join(_lines(screen)),
        calibration_picture(screen.levels),
        row([*_ways(screen), over, _rank_button(screen.practice)]),
    )


def draw_over_time(screen: ProgressScreen) -> Card:
    """Return the card of how it went from guess to guess."""
    brier, bits = screen.over.brier, screen.over.bits
    lines = ["### Over time"]
    if brier:
        lines.append(f"Brier of your last ten: **{brier[-1][1]:.2f}**. 0 is best; it should fall.")
    if bits:
        lines.append(f"Your last token guess surprised the model by **{bits[-1][1]:.1f} bits**.")
    if not brier and not bits:
        lines.append("Nothing to draw yet. Each guess with a confidence adds a point.")
    return card(
        "\n".join(lines),
        _curve("brier.png", "Brier over your guesses", brier, "guess", "Brier, last ten"),
        _curve("bits.png", "Surprise of your token guesses", bits, "token guess", "bits"),
        row([PressButton.of(OpenProgress(False), "Back", is_main=True)]),
    )


def go_on(standing: LessonStanding, *, is_main: bool = True) -> PressButton:
    """Return the button that leads to a lesson."""
    return PressButton.of(OpenOne(standing.slug or ""), go_on_label(standing), is_main=is_main)


def go_on_label(standing: LessonStanding) -> str:
    """Return what the press that leads to a lesson is called."""
    verb = "Go on with" if standing.is_under_way else "Start"
    return f"{verb} lesson {standing.number}"


def practice_line(practice: Practice) -> str | None:
    """Return what is due and the days in a row, in one line; None where there is neither."""
    days = practice.streak.days
    said = [
        reviews_due(practice.due) if practice.due else "",
        f"{days} days in a row" if days > 1 else "",
    ]
    return " · ".join(filter(None, said)) or None


def _ways(screen: ProgressScreen) -> list[Button]:
    """What to do next, reviews first, since they are about to be forgotten; and the way back."""
    due, ways = screen.practice.due, list[Button]()
    if due:
        ways.append(PressButton.of(OpenReview(), review_label(due), is_main=True))
    elif screen.next:
        ways.append(go_on(screen.next))
    return [*ways, PressButton.of(OpenHome(), "Course map", is_main=not ways)]


def _lines(screen: ProgressScreen) -> list[str]:
    return [
        *filter(
            None,
            (_lessons(screen), *_knowing(screen), _foretold(screen), _terms(screen), _rank(screen)),
        )
    ]


def _lessons(screen: ProgressScreen) -> str:
    done = sum(s.state is LessonState.DONE for s in screen.lessons)
    begun = next((s for s in screen.lessons if s.state is LessonState.BEGUN), None)
    lessons = f"**{done}** lesson{'s' * (done != 1)} done"
    if begun is None:
        return f"{lessons}."
    return f"{lessons}, **{begun.number}** under way {gauge(begun.index, begun.total)}"


def _knowing(screen: ProgressScreen) -> list[str]:
    lines = []
    if screen.scored:
        share = percent(screen.right / screen.scored)
        lines.append(f"**{screen.right} of {screen.scored}** right at first try ({share}).")
    level = most_telling(screen.levels)
    if level:
        lines.append(f"When you said {_whole(level.said)}, you were right {_whole(level.right)}.")
    if screen.calibration.mean_brier is not None:
        brier = screen.calibration.mean_brier
        lines.append(f"Brier {brier:.2f}: 0 is best, 0.25 is a coin.")
    if screen.mean_surprisal_bits is not None:
        lines.append(f"Token guesses: {screen.mean_surprisal_bits:.1f} bits each.")
    return lines


def _foretold(screen: ProgressScreen) -> str | None:
    right, told = screen.practice.foretold
    return f"Before an instrument showed it: **{right} of {told}** right." if told else None


def _whole(share: float) -> str:
    return f"{100 * share:.0f} %"


def _terms(screen: ProgressScreen) -> str | None:
    terms = f"{screen.terms} terms learned" if screen.terms else None
    return " · ".join(filter(None, (terms, practice_line(screen.practice)))) or None


def _rank(screen: ProgressScreen) -> str | None:
    if screen.practice.rank is None:
        return None
    ahead, there = screen.practice.rank
    if there < 2:
        return "Nobody else here shows a rank yet."
    return f"Number {ahead + 1} of {there} who show a rank."


def _rank_button(practice: Practice) -> Button:
    label = "Hide my rank" if practice.is_ranked else "Show my rank"
    return PressButton.of(ShowRank(not practice.is_ranked), label)


def calibration_picture(levels: Sequence[LevelRecord]) -> Picture | None:
    """Return how sure against how right, drawn; None where nothing was said yet."""
    if not levels:
        return None
    you = tuple((100 * level.said, 100 * level.right) for level in levels)
    curve = Curve((_DIAGONAL, Series("you", you)), "you said, %", "you were right, %")
    return Picture("calibration.png", curve, alt(curve, "How sure you were, how right"))


def _curve(
    name: str, title: str, points: tuple[tuple[int, float], ...], x: str, y: str
) -> Picture | None:
    if len(points) < 2:
        return None
    series = Series("", tuple((float(nth), value) for nth, value in points))
    curve = Curve((series,), x, y, has_dots=len(points) <= 40)
    return Picture(name, curve, alt(curve, title))
