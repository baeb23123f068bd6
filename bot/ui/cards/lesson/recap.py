"""Draw the end of a lesson: for the learner, and for the channel if they want to show it."""

from bot.domain.lesson.recap import Missed, Recap, TokenTry
from bot.domain.lesson.screens import RecapScreen
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import Begin, OpenHome, OpenOne, PostRecap
from bot.ui.buttons.path import OpenCertificate, OpenRedo
from bot.ui.cards.fold import fold_after
from bot.ui.cards.kit import (
    Button,
    Card,
    card,
    code_block,
    note_lines,
    percent,
    row,
    safe,
    spoiler,
)
from bot.ui.cards.lesson.reveal import answer_before
from tools.exhibit.exhibit import Bar, Bars
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text
from tools.exhibit.titles import titled
from tools.exhibit.visible import safe_code, visible

_SHOWN_SHARES = 3
_SAID_SHOWN, _PROMPT_SHOWN = 120, 80
_SIGNS = {True: "✓", False: "✗", None: "·"}
_YOURS = "▸"


def draw_recap(screen: RecapScreen, note: str | None, *, is_posted: bool = False) -> Card:
    """Return the card: how it went, the boldest miss, what comes next.

    Args:
        screen: What there is to say.
        note: What went wrong.
        is_posted: Whether it stands in the channel already, so that posting isn't offered.
    """
    recap = screen.recap
    tried, missed = recap.token, recap.missed
    ways = row(_buttons(screen, is_posted=is_posted))
    is_fresh = screen.before is not None  # a long card, and its end is what is in view
    told = [
        f"-# Lesson {screen.number} · done",
        f"### {screen.title}\n" + "\n".join(_standing(recap)),
        f"{_asked(missed)}\n{_correction(missed)}" if missed else None,
        note_lines(note),
    ]
    above, below = fold_after([part for part in told if part], 2)
    return card(
        *answer_before(screen.before),
        *above,
        None if is_fresh else ways,
        *below,
        _kept_in_mind(screen),
        _notebook(screen),
        "-# Posted in this channel." if is_posted else None,
        f"{_prompted(tried)}\n{code_block(_shares(tried))}\n{_source(tried)}" if tried else None,
        "\n".join(_later(recap, screen.cards)),
        _sources(screen),
        _coming(screen),
        None if screen.is_first_run else "-# Your first guesses stay the ones that count.",
        row([*_redo(recap), *_former(screen)]),
        ways if is_fresh else None,
    )


def draw_recap_post(screen: RecapScreen, learner_id: int) -> Card:
    """Return what the channel sees: whatever would give an answer away is behind a spoiler."""
    recap = screen.recap
    tried, missed = recap.token, recap.missed
    button = PressButton.of(OpenOne(screen.slug), "Guess it yourself", is_main=True)
    return card(
        f"<@{learner_id}> has done lesson {screen.number}.",
        f"### {screen.title}\n{_score(recap)}",
        f"{_asked(missed)}\n{spoiler(_correction(missed))}" if missed else None,
        f"{_prompted(tried)}\n{spoiler(_in_lines(_shares(tried)))}\n{_source(tried)}"
        if tried
        else None,
        "-# What is hidden answers a question: guess first." if tried or missed else None,
        row([button]),
    )


def calibration_line(recap: Recap) -> str | None:
    """Say in one sentence what the learner's confidence was worth."""
    sure = recap.calibration.sure
    if not sure:
        return "You were never *sure*. A guess is allowed to be bold." if recap.scored else None
    right = recap.calibration.sure_and_right
    times = "time" if sure == 1 else "times"
    return f"When you were *sure*, you were right {right} of {sure} {times}."


def _standing(recap: Recap) -> list[str]:
    lines = [_score(recap)]
    if recap.skipped:
        lines[0] += f" {recap.skipped} skipped."
    if line := calibration_line(recap):
        lines.append(line)
    return lines


def _score(recap: Recap) -> str:
    signs = "".join(_SIGNS[one] for one in recap.tries)
    return f"**{recap.right} of {recap.scored}** right at first try.\n{signs}"


def _later(recap: Recap, cards: int) -> list[str]:
    lines = []
    if recap.worth_another_look:
        lines.append(f"A common belief, and not so: *{recap.worth_another_look}*")
    if cards:
        kept = "1 card is" if cards == 1 else f"{cards} cards are"
        lines.append(f"{kept} kept for you: `/review` brings each back when it is due.")
    return lines


def _kept_in_mind(screen: RecapScreen) -> str | None:
    lines = [f"- {sentence}" for sentence in screen.takeaways]
    if lines:
        lines.insert(0, "**To keep**")
    if screen.try_this:
        command = screen.try_this.command
        lines.append(f"**Try this** {screen.try_this.text}")
        lines += [code_block(command)] if command else []
    return "\n".join(lines) or None


def _asked(missed: Missed) -> str:
    return f"**Boldest miss**, {missed.confidence:.0%} sure: {missed.ask}"


def _correction(missed: Missed) -> str:
    return f"✗ {safe(missed.said, _SAID_SHOWN)}\n✓ {safe(missed.answer, _SAID_SHOWN)}"


def _prompted(tried: TokenTry) -> str:
    return f"**What comes next?** {safe(tried.prompt, _PROMPT_SHOWN, keep_end=True)} ▁"


def _shares(tried: TokenTry) -> str:
    """Return the model's distribution with the learner's guess marked, also where it is rare."""
    told = tried.evidence
    top = told.top[:_SHOWN_SHARES]
    rows = [(share.text, share.probability, told.rank == n) for n, share in enumerate(top, 1)]
    if told.rank > len(top):
        rows.append((told.token, told.probability, True))
    rest = max(0.0, 1 - sum(share for _, share, _ in rows))
    bars = [
        Bar(f"{_YOURS if is_yours else ' '}{visible(text)}", share, percent(share))
        for text, share, is_yours in rows
    ]
    others = Bar(" others", rest, percent(rest), is_rest=True)
    return part_text(Bars((*bars, others)), PHONE)


def _in_lines(text: str) -> str:
    """Return each line as code of its own: a spoiler doesn't hide a fence everywhere."""
    return "\n".join(f"`{safe_code(line)}`" for line in text.split("\n"))


def _source(tried: TokenTry) -> str:
    told = tried.evidence
    bits = f"surprise: {told.surprisal_bits:.1f} bits"
    return f"-# {_YOURS} is the guess · {bits} · live · {titled(told.model, told.engine)}"


def _sources(screen: RecapScreen) -> str:
    shown = (
        f"[{title}](<{url}>), {by}" if url else f"{title}, {by}"
        for title, by, url in screen.sources
    )
    return "-# To read or watch: " + " · ".join(shown)


def _notebook(screen: RecapScreen) -> str | None:
    if not screen.has_notebook:
        return None
    command = f"`hunch notebook {screen.number}`"
    return f"-# Build it yourself, from nothing: {command}, where Hunch is installed."


def _coming(screen: RecapScreen) -> str | None:
    if screen.next_title is None or screen.next_slug:
        return None
    return f"-# Next is *{screen.next_title}* It is being written."


def _buttons(screen: RecapScreen, *, is_posted: bool) -> list[Button]:
    buttons: list[Button] = []
    if screen.next_slug and screen.next_title:
        label = f"Next: {screen.next_title}"
        buttons.append(PressButton.of(OpenOne(screen.next_slug), label, is_main=True))
    home = PressButton.of(OpenHome(), "Course map", is_main=not buttons)
    post = PressButton.of(PostRecap(screen.attempt_id), "Post it here")
    can_post = screen.is_first_run and screen.recap.scored and not is_posted
    again = PressButton.of(Begin(screen.slug), "Take it again")
    last = [PressButton.of(OpenCertificate(), "Certificate", is_main=True)]
    return [
        *(last if screen.is_course_done else buttons),
        *([post] if can_post else []),
        home,
        again,
    ]


def _redo(recap: Recap) -> list[Button]:
    wrong = recap.scored - recap.right
    return [PressButton.of(OpenRedo(), "Redo what was wrong")] if wrong else []


def _former(screen: RecapScreen) -> list[Button]:
    if screen.former is None:
        return []
    number, slug = screen.former
    return [PressButton.of(OpenOne(slug), f"Back to lesson {number}")]
