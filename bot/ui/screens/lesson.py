"""Draw where a learner stands in a lesson."""

from typing import Any, assert_never

from discord import ui

from bot.domain.commands import AskHint, CommitGuess, Draft, Next, Rate, Reveal, Skip, Tick
from bot.domain.screens import (
    IntroScreen,
    LessonScreen,
    LockedScreen,
    Place,
    QuestionScreen,
    ReadScreen,
    RecallAnswerScreen,
    RecallScreen,
    RecapScreen,
    RevealScreen,
    RubricScreen,
)
from bot.ui.controls import PressButton
from bot.ui.presses import Begin, Live, OpenHome, TryPrompt, Write, WriteWhy
from bot.ui.screens.kit import (
    Button,
    Item,
    card,
    code_block,
    cut,
    exhibit_lines,
    gauge,
    note_lines,
    numbered,
    percent,
    row,
)
from bot.ui.screens.recap import draw_recap
from bot.ui.screens.reveal import draw_reveal
from tools.exhibit import Exhibit
from tools.visible import safe_markdown

_WRITE = {
    "number": "Type your number",
    "token": "Type what comes next",
    "text": "Write your sentence",
    "teachback": "Write it",
}
_SHOWN_CHARS = 700  # of a learner's own words, on one card


def draw(
    screen: LessonScreen,
    exhibit: Exhibit | None = None,
    note: str | None = None,
    *,
    can_retry: bool = False,
) -> ui.LayoutView:
    """Return the card of a screen, with an exhibit on it and a line on what went wrong."""
    match screen:
        case IntroScreen():
            return _intro(screen)
        case QuestionScreen():
            return _question(screen)
        case LockedScreen():
            return _locked(screen, note, can_retry)
        case RevealScreen():
            return draw_reveal(screen, exhibit, note)
        case RecallScreen():
            return _recall(screen)
        case RecallAnswerScreen():
            return _recall_answer(screen)
        case RubricScreen():
            return _rubric(screen)
        case ReadScreen():
            return _read(screen, exhibit, note)
        case RecapScreen():
            return draw_recap(screen)
        case _:
            assert_never(screen)


def head(place: Place) -> str:
    """Return the line on top of each step's card."""
    where = f"Lesson {place.lesson} · {place.index} of {place.total}"
    return f"-# {where}  {gauge(place.index, place.total)}"


def _intro(screen: IntroScreen) -> ui.LayoutView:
    return card(
        f"-# Lesson {screen.number} · {screen.minutes} min",
        f"### {screen.title}\n{screen.setup.strip()}",
        f"-# {screen.promise}",
        row([PressButton.of(Begin(screen.slug), "Start", is_main=True)]),
    )


def _question(screen: QuestionScreen) -> ui.LayoutView:
    lead = f"\n{screen.lead.strip()}" if screen.lead else ""
    prompt = f"\n{code_block(screen.prompt + '▁')}" if screen.prompt else ""
    return card(
        head(screen.place),
        f"### {screen.ask}{lead}{prompt}",
        numbered([(choice.key, choice.text) for choice in screen.choices]) or None,
        "\n".join(f"> 💡 {hint}" for hint in screen.hints) or None,
        row(_answer_buttons(screen)),
        *_confidence(screen),
        row(_ways_out(screen)),
    )


def _answer_buttons(screen: QuestionScreen) -> list[Button]:
    place = screen.place
    if not screen.choices:
        press = Write(place.attempt_id, place.step, place.lesson)
        label = "Change it" if screen.draft else _WRITE[screen.kind]
        return [PressButton.of(press, label, is_main=not screen.draft)]
    if screen.kind == "order":
        return _order_buttons(screen)
    return [
        PressButton.of(
            Draft(place.attempt_id, place.step, choice.key),
            f"● {choice.key}" if choice.key == screen.draft else choice.key,
            is_main=screen.draft is None,
            is_chosen=choice.key == screen.draft,
        )
        for choice in screen.choices
    ]


def _order_buttons(screen: QuestionScreen) -> list[Button]:
    """One button for each stage not yet placed; when all are, one to start over."""
    place, placed = screen.place, screen.draft or ""
    if len(placed) == len(screen.choices):
        blank = Draft(place.attempt_id, place.step, "")
        return [PressButton.of(blank, "Start over")]
    ordinal = ("first", "second", "third", "fourth", "fifth")[len(placed)]
    return [
        PressButton.of(
            Draft(place.attempt_id, place.step, placed + choice.key),
            f"{choice.key} {ordinal}",
            is_main=True,
        )
        for choice in screen.choices
        if choice.key not in placed
    ]


def _confidence(screen: QuestionScreen) -> list[Item | str | None]:
    """What was picked so far, and the press that commits it."""
    if not screen.draft or not screen.draft_text:
        return []
    place = screen.place
    said = f"**{safe_markdown(cut(screen.draft_text, _SHOWN_CHARS))}**"
    if screen.mark is None:
        return [f"So far: {said}"]
    if not screen.levels:
        commit = CommitGuess(place.attempt_id, place.step, 0, screen.mark)
        return [f"Your words: {said}", row([PressButton.of(commit, "Lock it in", is_main=True)])]
    levels = [
        PressButton.of(CommitGuess(place.attempt_id, place.step, index, screen.mark), level.label)
        for index, level in enumerate(screen.levels)
    ]
    return [f"{said}. How sure are you?", row(levels)]


def _ways_out(screen: QuestionScreen) -> list[Button]:
    place = screen.place
    hint = PressButton.of(AskHint(place.attempt_id, place.step), "Hint")
    skip = PressButton.of(Skip(place.attempt_id, place.step), "Skip")
    return [hint, skip] if screen.has_more_hints else [skip]


def _locked(screen: LockedScreen, note: str | None, can_retry: bool) -> ui.LayoutView:
    place = screen.place
    sure = screen.confidence
    said = f"**{safe_markdown(cut(screen.said, _SHOWN_CHARS))}**"
    how_sure = f", {sure.label} ({percent(sure.probability)})" if sure else ""
    why = f"\n-# Because: {safe_markdown(screen.why)}" if screen.why else ""
    buttons = [
        PressButton.of(
            Reveal(place.attempt_id, place.step),
            "Try again" if can_retry else "Reveal",
            is_main=True,
        )
    ]
    if can_retry:
        without = Reveal(place.attempt_id, place.step, is_without_model=True)
        buttons.append(PressButton.of(without, "Go on without"))
    else:
        label = "Say why differently" if screen.why else "Say why in one line"
        buttons.append(PressButton.of(WriteWhy(place.attempt_id, place.step), label))
    return card(
        head(place),
        f"### {screen.ask}",
        f"🔒 Locked in: {said}{how_sure}.{why}\nYour guess is kept. Nothing changes it now.",
        note_lines(note),
        row(buttons),
    )


def _recall(screen: RecallScreen) -> ui.LayoutView:
    place = screen.place
    return card(
        head(place),
        f"### {screen.ask}\nSay it to yourself first. Then look.",
        row(
            [
                PressButton.of(Reveal(place.attempt_id, place.step), "Show me", is_main=True),
                PressButton.of(Skip(place.attempt_id, place.step), "Skip"),
            ]
        ),
    )


def _recall_answer(screen: RecallAnswerScreen) -> ui.LayoutView:
    place = screen.place
    return card(
        head(place),
        f"### {screen.ask}\n{screen.answer.strip()}",
        row(
            [
                PressButton.of(Rate(place.attempt_id, place.step, True), "I had it", is_main=True),
                PressButton.of(Rate(place.attempt_id, place.step, False), "I didn't"),
            ]
        ),
    )


def _rubric(screen: RubricScreen) -> ui.LayoutView:
    place = screen.place
    lines = [f"{'✓' if done else '○'} **{n}**  {says}" for n, (_, says, done) in _count(screen)]
    ticks = [
        PressButton.of(
            Tick(place.attempt_id, place.step, criterion),
            f"{'✓' if done else '○'} {n}",
            is_chosen=done,
        )
        for n, (criterion, _, done) in _count(screen)
    ]
    return card(
        head(place),
        f"### What did you say?\n> {safe_markdown(cut(' '.join(screen.said.split()), 400))}",
        "Tick what your words hold:\n" + "\n".join(lines),
        row(ticks),
        f"One good answer: ||{screen.answer.strip()}||",
        row([PressButton.of(Next(place.attempt_id, place.step), "Next", is_main=True)]),
    )


def _count(screen: RubricScreen) -> list[tuple[int, tuple[str, str, bool]]]:
    return list(enumerate(screen.criteria, start=1))


def _read(screen: ReadScreen, exhibit: Exhibit | None, note: str | None) -> ui.LayoutView:
    place = screen.place
    buttons = [PressButton.of(Next(place.attempt_id, place.step), "Next", is_main=True)]
    if screen.has_exhibit:
        run = "Run it" if screen.is_play else "See it live"
        again = "Try again" if note else "Run it again" if exhibit else run
        live = PressButton.of(Live(place.attempt_id, place.step), again)
        buttons = [live, *buttons] if screen.is_play and not exhibit else [*buttons, live]
    if exhibit:
        buttons.append(PressButton.of(TryPrompt(), "Try my own prompt"))
    return card(
        head(place),
        f"### {screen.title}\n{screen.text.strip()}",
        exhibit_lines(exhibit),
        note_lines(note),
        row(buttons),
    )


def home_button() -> Any:
    """Return the button that leads back to the map."""
    return PressButton.of(OpenHome(), "Course map")
