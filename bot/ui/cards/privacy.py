"""Draw what is kept, what would be deleted, and that it was."""

from bot.domain.privacy.held import Summary
from bot.domain.privacy.sent import Receivers
from bot.ui.buttons.classroom import OpenSharing
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.privacy import AskDeletion, DeleteAll, KeepAll, TakeMyData
from bot.ui.buttons.tutor import ForgetHere
from bot.ui.cards.fold import fold_after
from bot.ui.cards.kit import Card, card, row
from bot.ui.cards.sent import sent_lines

KEPT = (
    "**Kept:** your Discord number, your guesses and how sure you were, your reasons and"
    " explanations, your questions to the tutor and its answers, your reviews and settings.",
    "**Why:** to show you where you are, what to review, and how well you know what you know.",
    "**Who sees it:** you. Instructors of a server see their class in numbers; you by name only if"
    " you agreed with `/more sharing`, and only what you did since you joined there.",
    "**How long:** until you type `/more deleteme`. `/more mydata` gives you all of it as a file.",
)
_COUNTED = {
    "guess": ("guess", "guesses"),
    "attempt": ("lesson begun", "lessons begun"),
    "exchange": ("answer of the tutor", "answers of the tutor"),
    "card": ("review card", "review cards"),
    "class_vote": ("guess in class rounds", "guesses in class rounds"),
    "trial": ("instrument opened", "instruments opened"),
}


def draw_privacy(receivers: Receivers) -> Card:
    """Return the card of the privacy page, in short; what can be done comes before the details."""
    told = [
        "### What I keep about you",
        *KEPT,
        f"### What goes to which model\n{sent_lines(receivers)}",
        "-# Who you are is never sent along, and nothing goes to anyone else."
        " The whole page is `docs/privacy.md`, with the program.",
    ]
    above, below = fold_after(told, 2)
    return card(
        *above,
        row(
            [
                PressButton.of(TakeMyData(), "All of it as a file"),
                PressButton.of(OpenSharing(), "Who sees me"),
                PressButton.of(ForgetHere(), "Forget what I asked here"),
                PressButton.of(AskDeletion(), "Delete everything"),
            ]
        ),
        *below,
    )


def mydata_text(summary: Summary) -> str:
    """Return what goes with the file."""
    if summary.since is None:
        return "I hold nothing about you."
    shown = f"in {summary.shown_in} of {summary.classes} servers" if summary.classes else "nowhere"
    return (
        f"Everything I hold about you: {_list(summary)}. Instructors see you by name {shown};"
        " `/more sharing` changes that in a server, `/more deleteme` deletes all of it."
    )


def draw_deletion(learner_id: int, summary: Summary) -> Card:
    """Return the card that asks again before everything is deleted."""
    if summary.since is None:
        return card("I hold nothing about you, so there is nothing to delete.")
    return card(
        "### Delete everything about you?",
        f"**Goes, for good:** {_list(summary)}, and all else that is yours.",
        "**Stays:** how often each answer was given in a class, without names; and what stands in"
        " Discord's channels, which you delete there.",
        row(
            [
                PressButton.of(DeleteAll(learner_id, summary.mark), "Delete everything"),
                PressButton.of(KeepAll(), "Keep it", is_main=True),
            ]
        ),
        "-# Want a copy first? `/more mydata`",
    )


def draw_deleted() -> Card:
    """Return the card of a deletion that is done."""
    return card(
        "### Deleted\nI hold nothing about you any more. Cards from before have stopped working."
        " If you come back, you start anew with `/lesson`."
    )


def draw_kept() -> Card:
    """Return the card of a deletion that wasn't wanted after all."""
    return card("Nothing was deleted. `/lesson` goes on where you were.")


def _list(summary: Summary) -> str:
    counted = [
        f"{summary.counts[table]:,} {one if summary.counts[table] == 1 else many}"
        for table, (one, many) in _COUNTED.items()
        if summary.counts.get(table)
    ]
    return ", ".join(counted) or "that you have been here"
