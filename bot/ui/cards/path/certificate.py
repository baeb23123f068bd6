"""Draw what a finished course says: for the learner, and for the channel if they show it."""

from datetime import date

from bot.domain.path.certificate import Certificate
from bot.domain.progress.mastery import most_telling
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import OpenHome
from bot.ui.buttons.path import OpenRedo, PostCertificate
from bot.ui.cards.kit import Card, card, percent, row
from bot.ui.cards.progress.progress import calibration_picture

_SHOWN_BELIEFS = 6


def draw_certificate(certificate: Certificate, *, is_posted: bool = False) -> Card:
    """Return the learner's own card: with the beliefs in words.

    Args:
        certificate: What there is to say.
        is_posted: Whether it stands in the channel already, so that posting isn't offered.
    """
    post = [] if is_posted else [PressButton.of(PostCertificate(), "Post it here", is_main=True)]
    open_ones = certificate.beliefs_met - len(certificate.put_right)
    redo = [PressButton.of(OpenRedo(), "Redo what's left")] if open_ones else []
    return card(
        "-# Certificate",
        f"### {certificate.title}: done\n" + "\n".join(_lines(certificate)),
        calibration_picture(certificate.levels),
        "-# Posted in this channel." if is_posted else None,
        row([*post, PressButton.of(OpenHome(), "Course map"), *redo]),
        _beliefs(certificate),
        "-# All of it is from your own first guesses, as they were recorded.",
    )


def draw_certificate_post(certificate: Certificate, learner_id: int) -> Card:
    """Return what the channel sees: numbers and the picture; no belief, which would tell a key."""
    return card(
        f"<@{learner_id}> has finished the course.",
        f"### {certificate.title}\n" + "\n".join(_lines(certificate)),
        calibration_picture(certificate.levels),
        row([PressButton.of(OpenHome(), "Take it yourself", is_main=True)]),
    )


def _lines(certificate: Certificate) -> list[str]:
    lessons = f"{certificate.lessons} lessons" if certificate.lessons != 1 else "1 lesson"
    lines = [f"{lessons}, {_days(certificate.began, certificate.ended)}."]
    if certificate.scored:
        share = percent(certificate.right / certificate.scored)
        lines.append(
            f"**{certificate.right} of {certificate.scored}** right at first try ({share})."
        )
    level = most_telling(certificate.levels)
    if level:
        lines.append(f"Said {level.said:.0%} sure, was right {level.right:.0%}.")
    if certificate.calibration.mean_brier is not None:
        lines.append(f"Brier {certificate.calibration.mean_brier:.2f}: 0 is best, 0.25 is a coin.")
    if certificate.bits is not None:
        count = certificate.token_guesses
        guesses = f"{count} token guesses" if count != 1 else "1 token guess"
        lines.append(f"{guesses}, **{certificate.bits:.1f} bits** of surprise each.")
    if certificate.beliefs_met:
        put_right = len(certificate.put_right)
        lines.append(f"Common beliefs put right: **{put_right} of {certificate.beliefs_met}** met.")
    return lines


def _days(began: date, ended: date) -> str:
    if began == ended:
        return f"on {_day(ended)}"
    return f"{_day(began)} to {_day(ended)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _beliefs(certificate: Certificate) -> str | None:
    shown = certificate.put_right[:_SHOWN_BELIEFS]
    if not shown:
        return None
    rest = len(certificate.put_right) - len(shown)
    lines = ["**You believed, and don't any more**", *(f"- *{belief}*" for belief in shown)]
    return "\n".join([*lines, *([f"-# and {rest} more"] if rest else [])])
