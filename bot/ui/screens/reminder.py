"""Draw a reminder, and what a learner wished for."""

from bot.domain.plan import Plan
from bot.domain.streak import Streak
from bot.ui.controls import PressButton
from bot.ui.presses.review import OpenReview, StopReminding
from bot.ui.screens.kit import Card, card, note_lines, row


def draw_nudge(due: int, streak: Streak) -> Card:
    """Return the direct message: what is due, and how to be left alone."""
    days = f"\n{streak.days} days in a row so far." if streak.days > 1 else ""
    return card(
        f"### {reviews(due)} due\nA few minutes now keep them for weeks.{days}",
        row(
            [
                PressButton.of(OpenReview(), f"Review {due}", is_main=True),
                PressButton.of(StopReminding(), "No more reminders"),
            ]
        ),
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


def reviews(due: int) -> str:
    """Return how many reviews, in words that fit the number."""
    return f"{due} review" if due == 1 else f"{due} reviews"


def _lines(plan: Plan) -> list[str]:
    if plan.reminder is None:
        why = "Your inbox was closed to me, so I stopped." if plan.is_closed else "None are set."
        return [why, "Type `/remind` with an hour and your time zone to have one a day."]
    r = plan.reminder
    lines = [f"A direct message at **{r.hour}:00**, {plan.zone}, on days with reviews due."]
    if r.quiet_from != r.quiet_to:
        lines.append(f"Never from {r.quiet_from}:00 to {r.quiet_to}:00. At most one a day.")
    return [*lines, f"-# The next: <t:{int(r.next_at.timestamp())}:f>"]
