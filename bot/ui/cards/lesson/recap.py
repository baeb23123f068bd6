"""Draw the end of a lesson."""

from bot.domain.lesson.recap import Recap
from bot.domain.lesson.screens import RecapScreen
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import Begin, OpenHome, OpenOne
from bot.ui.cards.kit import Button, Card, card, note_lines, row


def draw_recap(screen: RecapScreen, note: str | None) -> Card:
    """Return the card: how it went, one thing to look at again, what comes next."""
    return card(
        f"-# Lesson {screen.number} · done",
        f"### {screen.title}\n" + "\n".join(_lines(screen.recap, screen.cards)),
        _sources(screen),
        _coming(screen),
        None if screen.is_first_run else "-# Your first guesses stay the ones that count.",
        note_lines(note),
        row(_buttons(screen)),
    )


def calibration_line(recap: Recap) -> str | None:
    """Say in one sentence what the learner's confidence was worth."""
    sure = recap.calibration.sure
    if not sure:
        return "You were never *sure*. A guess is allowed to be bold." if recap.scored else None
    right = recap.calibration.sure_and_right
    times = "time" if sure == 1 else "times"
    return f"When you were *sure*, you were right {right} of {sure} {times}."


def _lines(recap: Recap, cards: int) -> list[str]:
    lines = [f"**{recap.right} of {recap.scored}** right at first try."]
    if recap.skipped:
        lines[0] += f" {recap.skipped} skipped."
    if line := calibration_line(recap):
        lines.append(line)
    if recap.mean_surprisal_bits is not None:
        lines.append(
            f"Your token guess surprised the model by {recap.mean_surprisal_bits:.1f} bits."
        )
    if recap.worth_another_look:
        lines.append(f"Worth another look: *{recap.worth_another_look}* It's a common belief.")
    if cards:
        kept = "1 card is" if cards == 1 else f"{cards} cards are"
        lines.append(f"{kept} kept for you: `/review` brings each back when it is due.")
    return lines


def _sources(screen: RecapScreen) -> str:
    shown = (
        f"[{title}](<{url}>), {by}" if url else f"{title}, {by}"
        for title, by, url in screen.sources
    )
    return "-# To read or watch: " + " · ".join(shown)


def _coming(screen: RecapScreen) -> str | None:
    if screen.next_title is None or screen.next_slug:
        return None
    return f"-# Next is *{screen.next_title}* It is being written."


def _buttons(screen: RecapScreen) -> list[Button]:
    buttons: list[Button] = []
    if screen.next_slug and screen.next_title:
        label = f"Next: {screen.next_title}"
        buttons.append(PressButton.of(OpenOne(screen.next_slug), label, is_main=True))
    buttons.append(PressButton.of(OpenHome(), "Course map", is_main=not buttons))
    buttons.append(PressButton.of(Begin(screen.slug), "Take it again"))
    return buttons
