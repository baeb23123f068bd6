"""Draw what is read, played with, recalled or held against a rubric."""

from bot.domain.lesson.commands import Next, Rate, Reveal, Skip, Tick
from bot.domain.lesson.screens import (
    IntroScreen,
    ReadScreen,
    RecallAnswerScreen,
    RecallScreen,
    RubricScreen,
)
from bot.domain.lesson.teachback import Grading, Verdict
from bot.domain.mode import Mode
from bot.ui.buttons.controls import PressButton
from bot.ui.buttons.lesson import Begin, Live, OpenOne, TakeUp, WriteAgain
from bot.ui.cards.fold import fold_after, led
from bot.ui.cards.kit import (
    Button,
    Card,
    card,
    exhibit_items,
    note_lines,
    percent,
    place_line,
    row,
    safe,
    tells_of_failure,
)
from bot.ui.cards.notation import FIRST_LESSON, legend
from curriculum.kinds.base import Illustration
from tools.exhibit.exhibit import Bar, Bars, Exhibit, Origin, Provenance, Stages
from tools.exhibit.visible import visible

_SHOWN_BASES = 2
_SAID_SHOWN = 160  # of the learner's own words: they know them


def draw_intro(screen: IntroScreen, note: str | None) -> Card:
    """Return the card of a lesson not begun; a long promise stands below its button."""
    told = [
        f"-# Lesson {screen.number} · {screen.minutes} min",
        f"### {screen.title}\n{screen.setup.strip()}",
        note_lines(note),
        _built_on(screen),
        f"-# {screen.promise}",
    ]
    start = PressButton.of(Begin(screen.slug), "Start", is_main=not screen.builds_on)
    before = [
        PressButton.of(OpenOne(slug), f"Lesson {number} first", is_main=True)
        for number, _, slug in screen.builds_on[:_SHOWN_BASES]
    ]
    return card(*led(told, [], [start, *before], []))


def _built_on(screen: IntroScreen) -> str | None:
    """Say what a lesson takes for known; whoever knows it anyway may go on."""
    if not screen.builds_on:
        return None
    named = " and ".join(f"lesson {number}, *{title}*" for number, title, _ in screen.builds_on)
    return f"It builds on {named}, which you haven't done. If that's no news to you, go on."


def draw_recall(screen: RecallScreen, note: str | None) -> Card:
    """Return the card that asks; the answer stays off it."""
    place = screen.place
    return card(
        place_line(place),
        f"### {screen.ask}\nSay it to yourself first. Then look.",
        note_lines(note),
        row(
            [
                PressButton.of(Reveal(place.attempt_id, place.step), "Show me", is_main=True),
                PressButton.of(Skip(place.attempt_id, place.step), "Skip"),
            ]
        ),
    )


def draw_recall_answer(screen: RecallAnswerScreen, note: str | None) -> Card:
    """Return the card that answers."""
    place = screen.place
    return card(
        place_line(place),
        f"### {screen.ask}\n{screen.answer.strip()}",
        note_lines(note),
        row(
            [
                PressButton.of(Rate(place.attempt_id, place.step, True), "I had it", is_main=True),
                PressButton.of(Rate(place.attempt_id, place.step, False), "I didn't"),
            ]
        ),
    )


def draw_rubric(screen: RubricScreen, note: str | None) -> Card:
    """Return the card of a teach-back beside its rubric; the model answer is folded."""
    place, graded = screen.place, screen.grading
    ticks = [
        PressButton.of(
            Tick(place.attempt_id, place.step, criterion),
            f"{'✓' if done else '○'} {n}",
            is_main=done,
        )
        for n, (criterion, _, done) in _count(screen)
    ]
    told = [place_line(place), *(_verdicts(screen, graded) if graded else _unread(screen))]
    above, below = fold_after([*told, *filter(None, [note_lines(note)])], 2)
    return card(
        *above,
        row(ticks),
        *below,
        f"> {safe(' '.join(screen.said.split()), _SAID_SHOWN)}",
        f"-# {_GRADED_BY[graded.mode]}" if graded else None,
        f"One good answer: ||{screen.answer.strip()}||",
        row(_from_rubric(screen)),
    )


def _from_rubric(screen: RubricScreen) -> list[Button]:
    """Return the ways on; what an instructor has answered isn't written anew."""
    place, graded = screen.place, screen.grading
    buttons: list[Button] = [
        PressButton.of(Next(place.attempt_id, place.step), "Next", is_main=True)
    ]
    if graded is None or not graded.overrides:
        again = WriteAgain(place.attempt_id, place.step, place.lesson)
        buttons.append(PressButton.of(again, "Say it again"))
    return buttons


def _unread(screen: RubricScreen) -> list[str]:
    """Return what stands there until the verdicts do: the rubric."""
    lines = [f"{'✓' if done else '○'} **{n}**  {says}" for n, (_, says, done) in _count(screen)]
    return ["### What did you say?", "Tick what your words hold:\n" + "\n".join(lines)]


def _verdicts(screen: RubricScreen, grading: Grading) -> list[str]:
    """Return each verdict: met in the learner's words, not yet, with one question, can't tell."""
    met = sum(grading.verdict_on(name) is Verdict.MET for name, _, _ in screen.criteria)
    lines = [
        f"{_SIGNS[grading.verdict_on(name)]} **{n}**  {_behind(screen, grading, name, says)}"
        for n, (name, says, _) in _count(screen)
    ]
    return [f"### In your words: {met} of {len(screen.criteria)}", "\n".join(lines)]


def _behind(screen: RubricScreen, grading: Grading, name: str, says: str) -> str:
    """Return what a verdict rests on, or what leads there."""
    overruled = " · your instructor" if grading.is_overruled(name) else ""
    if evidence := grading.evidence_for(name):
        return f"{says} “{safe(' '.join(evidence.split()), _QUOTE_SHOWN)}”{overruled}"
    if screen.push and screen.push[0] == name:
        return f"*{screen.push[1]}*{overruled}"
    return says + overruled


_SIGNS = {Verdict.MET: "✓", Verdict.MISSED: "○", Verdict.UNSURE: "?"}
_QUOTE_SHOWN = 60  # a line and a half of a phone, behind what it stands for
_GRADED_BY = {
    Mode.MODEL: "✓ met · ○ not yet · ? can't tell: a chat model read it, twice."
    " Tick what you'd count.",
    Mode.NOTES: "✓ met · ○ not yet · ? can't tell: compared with the rubric's words, by no chat"
    " model. Tick what you'd count.",
    Mode.NONE: "It can't be graded just now. Tick what your words hold.",
}


def _count(screen: RubricScreen) -> list[tuple[int, tuple[str, str, bool]]]:
    return list(enumerate(screen.criteria, start=1))


def draw_read(screen: ReadScreen, exhibit: Exhibit | None, note: str | None) -> Card:
    """Return the card of a passage or a live instrument."""
    place = screen.place
    is_first = screen.is_play and exhibit is None  # running it is what the step is for
    onward = PressButton.of(Next(place.attempt_id, place.step), "Next", is_main=not is_first)
    buttons: list[Button] = []
    if screen.has_exhibit:
        run = "Run it" if screen.is_play else "See it live"
        again = "Try again" if tells_of_failure(note) else "Run it again" if exhibit else run
        buttons.append(PressButton.of(Live(place.attempt_id, place.step), again, is_main=is_first))
    if exhibit:
        buttons.append(PressButton.of(TakeUp(place.attempt_id, place.step), "Try it yourself"))
    shown = exhibit_items(exhibit or _illustrated(screen.illustration))
    told = [
        place_line(place),
        f"### {screen.title}\n{screen.text.strip()}",
        note_lines(note),
    ]
    if place.lesson == FIRST_LESSON:
        shown.append(legend(shown) or "")
    if is_first:
        return card(*led(told, shown, [*buttons, onward], []))
    return card(*led(told, shown, [onward], buttons))


def _illustrated(illustration: Illustration | None) -> Exhibit | None:
    """Return a made-up example as an exhibit that says what it is."""
    if illustration is None:
        return None
    rows = tuple(
        Bar(visible(text), share, percent(share)) for text, share in illustration.top.items()
    )
    stages = (Stages(illustration.lines),) if illustration.lines else ()
    return Exhibit(
        title=safe(f"{illustration.text} …", 300),
        parts=(Bars(rows), *stages),
        provenance=Provenance(Origin.ILLUSTRATIVE),
    )
