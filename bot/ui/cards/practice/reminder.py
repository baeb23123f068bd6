"""Draw a reminder, and what a learner wished for."""

from collections.abc import Sequence

from bot.domain.classroom.screens import AssignmentScreen
from bot.domain.practice.plan import Plan
from bot.domain.practice.zones import has_summer_time
from bot.domain.progress.streak import Streak
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenOne
from bot.ui.buttons.practice import OpenReview, StopReminding
from bot.ui.cards.kit import Card, card, note_lines, row

MOST_LESSONS = 3  # named in one reminder: with the other two buttons, one row


def draw_nudge(due: int, streak: Streak, lessons: Sequence[AssignmentScreen] = ()) -> Card:
    """Return the direct message: what is due, and how to be left alone."""
    named = lessons[:MOST_LESSONS]
    lines = [f"### {reviews_due(due)}" if due else "### A lesson is due"]
    if due:
        lines.append("A few minutes now keep them for weeks.")
    lines += [f"Lesson **{one.number}**, set by your class: <t:{_at(one)}:R>" for one in named]
    if streak.days > 1:
        lines.append(f"{streak.days} days in a row so far.")
    review = [PressButton.of(OpenReview(), review_label(due), is_main=True)] if due else []
    doors = [
        PressButton.of(OpenOne(one.slug), f"Open lesson {one.number}", is_main=not due)
        for one in named
    ]
    return card(
        "\n".join(lines),
        row([*review, *doors, PressButton.of(StopReminding(), "No more reminders")]),
    )


def draw_plan(plan: Plan, note: str | None = None) -> Card:
    """Return the card of a learner's wish."""
    return card(
        "### Reminders\n" + "\n".join(_lines(plan)),
        note_lines(note),
        row(
            [
                PressButton.of(OpenReview(), "Review now", is_main=True),
                *([PressButton.of(StopReminding(), "No more reminders")] if plan.reminder else []),
            ]
        ),
    )


def review_label(due: int) -> str:
    """Return what the press to the review is called: these return on their day, right or not."""
    return f"Review {due} due"


def reviews_due(due: int) -> str:
    """Return how many reviews are due, in words that fit the number."""
    return f"{due} review{'s' * (due != 1)} due"


def _at(one: AssignmentScreen) -> int:
    return int(one.due.timestamp())


def _lines(plan: Plan) -> list[str]:
    if plan.reminder is None:
        why = "Your inbox was closed to me, so I stopped." if plan.is_closed else "None are set."
        return [why, "Type `/more remind` with an hour and your time zone to have one a day."]
    r = plan.reminder
    zone = plan.zone if has_summer_time(plan.zone, r.next_at) else f"{plan.zone} (no summer time)"
    lines = [f"A direct message at **{r.hour}:00**, {zone}, on days with something due."]
    if r.quiet_from != r.quiet_to:
        lines.append(f"Never from {r.quiet_from}:00 to {r.quiet_to}:00. At most one a day.")
    return [*lines, f"-# The next: <t:{int(r.next_at.timestamp())}:f>"]
