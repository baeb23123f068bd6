"""Draw the answer beside what the learner guessed."""

from bot.domain.lesson.commands import Next, NextPast, Rate
from bot.domain.lesson.confidence import SURE, Level
from bot.domain.lesson.evidence import Evidence
from bot.domain.lesson.kinds.base import AnswerPiece
from bot.domain.lesson.kinds.token import recorded_place
from bot.domain.lesson.reasons import nearest
from bot.domain.lesson.screens import RevealScreen
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.instrument import TryPrompt
from bot.ui.buttons.lesson import Live, TakeUp, WriteWhy
from bot.ui.buttons.tutor import WriteAbout
from bot.ui.cards.fold import MOST_LINES, led, lines
from bot.ui.cards.kit import (
    Button,
    Card,
    Item,
    card,
    code_block,
    exhibit_items,
    note_lines,
    one_in,
    percent,
    place_line,
    row,
    safe,
    tells_of_failure,
    token,
)
from bot.ui.cards.notation import FIRST_LESSON, legend
from curriculum.budgets import PHONE_WIDTH
from curriculum.kinds.base import Recorded
from tools.exhibit.exhibit import Bar, Bars, Exhibit
from tools.exhibit.monospace import PHONE
from tools.exhibit.text import part_text
from tools.exhibit.titles import titled
from tools.exhibit.visible import visible

_SAID_SHOWN = 240
_HEADING_LINES = 4
_SHOWN_SHARES = 4
_SHOWN_RECORDED = 3


def draw_reveal(screen: RevealScreen, exhibit: Exhibit | None, note: str | None) -> Card:
    """Return the card; a live exhibit takes the place of recorded figures."""
    place = recorded_place(screen.recorded, screen.said)
    verdict, details = _judged(screen, place)
    shown = [*exhibit_items(exhibit), _figures(screen, exhibit, place)]
    read = screen.passage
    told = [
        place_line(screen.place, read.place if read else None),
        f"### {verdict}",
        screen.reply.strip(),
        details,
        note_lines(note),
    ]
    below = [
        *shown,
        legend([verdict, *shown]) if screen.place.lesson == FIRST_LESSON else None,
        _standing(screen),
        f"### {read.title}\n{read.text.strip()}" if read else None,
    ]
    return card(*led(told, below, _onward(screen), _aside(screen, exhibit, note)))


def answer_before(screen: RevealScreen | None) -> list[Item | str | None]:
    """Return an answer in short, for the card of what comes after it in a quick check."""
    if screen is None:
        return []
    place = recorded_place(screen.recorded, screen.said)
    about = WriteAbout(screen.place.lesson, screen.place.step)
    verdict, reply = f"**{_verdict(screen, place)}**", screen.reply.strip()
    asking = row([PressButton.of(about, "Ask about this")])
    told = f"{verdict}\n{reply}"
    # the place in the lesson stands above it
    return [told, asking] if lines([told], PHONE_WIDTH) < MOST_LINES else [verdict, asking, reply]


def _judged(screen: RevealScreen, place: int | None) -> tuple[str, str | None]:
    """Return the heading, and the parts of an answer that is too long for one."""
    verdict = _verdict(screen, place)
    if screen.pieces:
        return verdict, "\n".join(map(_piece, screen.pieces))
    if screen.evidence or lines([verdict], PHONE_WIDTH) <= _HEADING_LINES:
        return verdict, None
    said = safe(screen.said, _SAID_SHOWN)
    if screen.is_right:
        return "✓ That's it", f"You said {said}"
    return "✗ That isn't it", f"You said {said}\nIt's **{screen.answer}**"


def _verdict(screen: RevealScreen, place: int | None) -> str:
    if screen.evidence:
        return _token_verdict(screen, screen.evidence, place)
    if screen.pieces:
        right = sum(piece.said == piece.right for piece in screen.pieces)
        return f"{'✓' if screen.is_right else '✗'} {right} of {len(screen.pieces)}"
    said = safe(screen.said, _SAID_SHOWN)
    if screen.is_right is True:
        is_near = screen.letter is None and screen.answer not in (None, screen.said)
        return f"✓ Near enough: you said {said}, it's {screen.answer}" if is_near else f"✓ {said}"
    if screen.is_right is False and screen.answer:
        return f"✗ You said {screen.letter or said}. It's {screen.answer}"
    return f"You said {said}"


def _piece(piece: AnswerPiece) -> str:
    if piece.said == piece.right:
        return f"✓ {piece.about} → {piece.right}"
    return f"✗ {piece.about} → **{piece.right}** · you said {piece.said}"


def _token_verdict(screen: RevealScreen, evidence: Evidence, place: int | None) -> str:
    """Say in words what the models gave the guess; a guess at a token is never wrong.

    The one that had it comes first: who writes what a large model would say isn't told of a small
    one's miss before.
    """
    sign = "✓ " if screen.is_right else ""
    here, there = _here(screen, evidence), _recorded_said(screen.recorded, place)
    if there and not evidence.is_first_choice:
        return "\n".join([sign + there[0], there[1], f"The model here: {here[0]}", *here[1:]])
    return "\n".join([sign + here[0], *here[1:], *there])


def _here(screen: RevealScreen, evidence: Evidence) -> list[str]:
    """Say what the model that was asked gave the guess's first token, and all of the guess."""
    guessed, first = token(evidence.token), token(evidence.top[0].text)
    chance, whole = one_in(evidence.probability), evidence.whole_probability
    of = "Your" if whole is None else f"Of your {token(screen.said)} the first token,"
    if evidence.rank == 1:
        said = f"{of} {guessed}: the model's first choice too, {chance}"
    elif evidence.is_first_choice:
        said = f"{of} {guessed}: {chance}, too near to {first} to tell apart"
    else:
        said = f"{of} {guessed}: the model gave it {chance}. Its first choice was {first}"
    return [said, *([f"All of it, token by token: {one_in(whole)}."] if whole is not None else [])]


def _recorded_said(recorded: Recorded | None, place: int | None) -> list[str]:
    """Say where the recorded model has the start of the guess, and when that was."""
    if recorded is None or place is None:
        return []
    text, share = list(recorded.top.items())[place - 1]
    how = "would have begun as you did" if place == 1 else f"has your start as its number {place}"
    return [
        f"{recorded.model} {how}: {token(text)}, {percent(share)}.",
        f"-# {_source(recorded)}",
    ]


def _figures(screen: RevealScreen, exhibit: Exhibit | None, place: int | None) -> str | None:
    recorded = _recorded_line(screen.recorded)
    if exhibit:
        return recorded
    if screen.evidence:
        beside = None if place else recorded  # else the verdict says it
        return "\n".join(filter(None, [_evidence_lines(screen.evidence), beside]))
    if screen.recorded:
        return _recorded_bars(screen.recorded)
    return None


def _evidence_lines(evidence: Evidence) -> str:
    top = evidence.top[:_SHOWN_SHARES]
    rest = 1 - sum(share.probability for share in top)
    rows = [_bar(share.text, share.probability) for share in top]
    bars = Bars((*rows, Bar("others", rest, percent(rest), is_rest=True)))
    bits = f"surprise: {evidence.surprisal_bits:.1f} bits"
    source = f"live · {titled(evidence.model, evidence.engine)} · {bits}"
    return f"{code_block(part_text(bars, PHONE))}\n-# {source}"


def _recorded_bars(recorded: Recorded) -> str:
    rows = [_bar(text, share) for text, share in recorded.top.items()]
    rest = Bar("others", recorded.rest, percent(recorded.rest), is_rest=True)
    return f"{code_block(part_text(Bars((*rows, rest)), PHONE))}\n-# {_source(recorded)}"


def _recorded_line(recorded: Recorded | None) -> str | None:
    if recorded is None:
        return None
    shown = list(recorded.top.items())[:_SHOWN_RECORDED]
    shares = " · ".join(f"{token(text)} {percent(share)}" for text, share in shown)
    return f"-# {_source(recorded)}: {shares}"


def _source(recorded: Recorded) -> str:
    only_year = recorded.date.isdecimal()
    day = f"{recorded.date}, day not noted" if only_year else recorded.date
    return f"recorded: {recorded.model}, {recorded.hardware}, {day}"


def _standing(screen: RevealScreen) -> str | None:
    """How the class answered, and what the confidence was worth."""
    lines = []
    if screen.votes:
        shares = (f"{safe(key, 60)} {share:.0%}" for key, share in screen.votes)
        lines.append(f"-# Class: {' · '.join(shares)}")
    if screen.confidence and screen.brier is not None:
        lines.append(_worth(screen, screen.confidence, screen.brier))
    if screen.first_said:
        lines.append(f"-# The first time you said {safe(screen.first_said, _SAID_SHOWN)}")
    if screen.why:
        lines += [
            f"-# You said why: {safe(screen.why, _SAID_SHOWN)}",
            _beside(screen.why, screen.reply),
        ]
    return "\n".join(lines) or None


def _beside(why: str, reply: str) -> str:
    """Answer a learner's reason with the lesson's own, without judging it: nobody has read it."""
    told = nearest(why, reply)
    meets = (
        f"Does this say the same? “{told}”" if told else "The reply gives another. Do they meet?"
    )
    return f"-# It's kept with your guess. {meets}"


def _worth(screen: RevealScreen, said: Level, brier: float) -> str:
    """Say in words what the confidence was worth; the number is there for those who want it.

    It stands last on a card that has grown, so it says once more how the guess went.
    """
    sign = "✓ " if screen.is_right else "" if screen.evidence else "✗ "
    how = f"{sign}You said *{said.label}* ({said.probability:.0%})"
    match screen.is_right, said.probability >= SURE:
        case True, True:
            worth = ", and you were right."
        case True, False:
            worth = ", and you were right. You may trust that more."
        case False, True if screen.evidence:
            worth = ". The model's own first choice was another one."
        case False, False if screen.evidence:
            worth = "."
        case False, True:
            worth = ", and it wasn't so. You'll remember this one."
        case _:
            worth = ", so you left room for being wrong."
    number = f"({said.probability:.2f} − {screen.is_right:d})² = {brier:.2f}"
    means = "your error squared, 0 is best"
    return f"-# {how}{worth}\n-# Details, press the bar: ||Brier {number}: {means}||"


def _onward(screen: RevealScreen) -> list[Button]:
    """Return what leads on; past a passage only if it stands on this card."""
    place, read = screen.place, screen.passage
    here = (place.attempt_id, place.step)
    if screen.needs_rating:
        return [
            PressButton.of(Rate(*here, True), "I had it", is_main=True),
            PressButton.of(Rate(*here, False), "I didn't"),
        ]
    onward = NextPast(*here, read.place.step) if read else Next(*here)
    return [PressButton.of(onward, "Next", is_main=True)]


def _aside(screen: RevealScreen, exhibit: Exhibit | None, note: str | None) -> list[Button]:
    """Return what leads nowhere else in the lesson."""
    place = screen.place
    if screen.needs_rating:
        return []
    buttons: list[Button] = []
    if screen.has_exhibit and not exhibit:
        label = "Try again" if tells_of_failure(note) else "See it live"
        buttons.append(PressButton.of(Live(place.attempt_id, place.step), label))
    if exhibit and screen.has_exhibit:
        buttons.append(PressButton.of(TakeUp(place.attempt_id, place.step), "Try it yourself"))
    elif exhibit or screen.evidence or screen.prompt:
        buttons.append(PressButton.of(TryPrompt(), "Try my own prompt"))
    buttons.append(PressButton.of(WriteAbout(place.lesson, place.step), "Ask about this"))
    label = "Say why differently" if screen.why else "Say why"
    buttons.append(PressButton.of(WriteWhy(place.attempt_id, place.step), label))
    return buttons


def _bar(text: str, share: float) -> Bar:
    return Bar(visible(text), share, percent(share))
