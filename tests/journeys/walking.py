"""Ways through a lesson, made from the lesson: every answer to a step, and how it is given."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import permutations, zip_longest
from typing import Any

from bot.domain.lesson.kinds.match import MatchKind
from bot.domain.lesson.kinds.order import ORDINALS
from curriculum import budgets
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.exhibit import ExhibitStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.read import ReadStep
from curriculum.kinds.recall import RecallStep
from curriculum.kinds.registry import Step
from curriculum.kinds.teachback import TeachbackStep
from curriculum.kinds.text import TextStep
from curriculum.kinds.token import TokenStep
from curriculum.lines import lines_of
from curriculum.numerals import plain
from curriculum.schema import Lesson
from tests.domain.lesson.walks import right_pairs
from tests.journeys.player import Player, parts_of
from tests.journeys.press_log import (
    EXHIBIT_S,
    GUESS_S,
    RECALL_S,
    TEACHBACK_S,
    TRIAL_S,
    TYPING_S,
    PressLog,
    unlike_a_lesson,
)

LETTERED = re.compile(r"^\*\*([A-E1-5])\*\*  (.+)$", re.MULTILINE)
MARKS = re.compile(r"^(?:#+|-#|>) |[*_`\\]|\|\|", re.MULTILINE)  # of Markdown, which nobody sees
DISCORD_COMPONENTS = 40
TEXT, BUTTON, PICTURE = 10, 2, 12
PICTURE_LINES = 8
HINTED = 1  # the way on which hints are taken


@dataclass(frozen=True)
class Answer:
    """One answer to a step, in the words of the lesson, and what must be said to it."""

    given: tuple[str, ...]  # the option, the stages in order, what each thing belongs to
    reply: str
    is_right: bool | None = False


def answers_to(step: Step) -> list[Answer]:
    """Return the right answer, then one wrong answer for each reply that the step has."""
    match step:
        case ChoiceStep():
            found = [Answer((o.text,), o.reply, o.correct) for o in step.options]
            return sorted(found, key=lambda each: not each.is_right)
        case NumberStep():
            apart = 2 * step.factor
            return [
                Answer((plain(step.answer),), step.reply, True),
                Answer((plain(step.answer / apart),), step.too_low.reply),
                Answer((plain(step.answer * apart),), step.too_high.reply),
            ]
        case OrderStep():
            known = [Answer(each.order, each.reply) for each in step.known]
            return [Answer(step.stages, step.reply, True), *known, *_another_order(step)]
        case MatchStep():
            return [*_pairings(step)]
        case TokenStep():
            return [Answer((said,), step.reply, None) for said in ("kube", "banana")]
        case TextStep():
            return [Answer(("Something short.",), step.answer, None)]
        case _:
            return []


def _another_order(step: OrderStep) -> Iterator[Answer]:
    taken = {step.stages, *(known.order for known in step.known)}
    free = [order for order in permutations(step.stages) if order not in taken]
    yield from [Answer(order, step.wrong) for order in free[:1]]


def _pairings(step: MatchStep) -> Iterator[Answer]:
    """The right pairing, one for each mix-up that is known first, and one that isn't known."""
    right = right_pairs(step)
    told: set[str] = set()
    for letters in permutations(right):
        known = MatchKind().known_as(step, "".join(letters))
        reply = step.reply if letters == tuple(right) else known.reply if known else step.wrong
        if reply not in told:
            told.add(reply)
            place = {letter: pair.belongs for letter, pair in zip(right, step.pairs, strict=True)}
            yield Answer(tuple(place[one] for one in letters), reply, letters == tuple(right))


def ways_through(lesson: Lesson) -> list[dict[str, Answer]]:
    """Return as many ways as it takes to give every answer; the first is right all along.

    Each way gives an answer to every step that takes one: a step with few takes them in turn.
    """
    asked = {step.id: found for step in lesson.way if (found := answers_to(step))}
    wrong = {step: found[1:] or found for step, found in asked.items()}
    count = max(map(len, wrong.values()))
    ways = [{step: found[0] for step, found in asked.items()}]
    for turn in range(count):
        ways.append({step: found[turn % len(found)] for step, found in wrong.items()})
    return ways


async def walk_every_way(lesson: Lesson, join: Callable[[str], Player]) -> list[str]:
    """Walk a lesson until each answer to each step was given; return all that was wrong."""
    wanted = {f"{s.id}: {each.reply}" for s in lesson.way for each in answers_to(s)}
    faults: set[str] = set()
    logs: list[PressLog] = []
    for turn, way in enumerate(ways_through(lesson)):
        walker = Walker(join(f"learner-{turn}"), lesson, takes_hints=turn == HINTED)
        await walker.walk(way)
        wanted -= walker.heard
        faults |= {*walker.faults}
        logs.append(walker.log)
    faults |= {*unlike_a_lesson(logs[0], logs[HINTED + 1 :])}
    return [*sorted(faults), *(f"never heard: {each}" for each in sorted(wanted))]


class Walker(Player):
    """Walks a lesson on a given way, and notes what is wrong with what is shown."""

    def __init__(self, player: Player, lesson: Lesson, *, takes_hints: bool = False) -> None:
        super().__init__(player.env, player.actor, player.channel)
        self.lesson, self.takes_hints = lesson, takes_hints
        self.faults: list[str] = []
        self.heard: set[str] = set()
        self.log = PressLog()

    async def press(self, label: str, card: Any = None) -> str:
        """Press a button, and note what it brought."""
        text = await super().press(label, card)
        self.log.note(label, text)
        return text

    async def write(self, text: str, shown: Any = None, how_sure: str = "sure") -> str:
        """Write in the window, and note what it brought."""
        self.log.think(TYPING_S)
        told = await super().write(text, shown, how_sure)
        self.log.note("send", told)
        return told

    async def walk(self, way: dict[str, Answer]) -> None:
        """Go from the first card to the recap."""
        self.log.note("/lesson", await self.type("lesson", which=str(self.lesson.number)))
        self._look("the first card")
        await self.press("Start")
        quick = {step.id for step in self.lesson.quick_check}
        for former, step in zip_longest((None, *self.lesson.way), self.lesson.way):
            if step is None or (former and self.lesson.passage_with(former.id) == step):
                continue  # the end; or it stood on the card before
            self._look(step.id)
            if step.id in way:
                await self._answer(step, way[step.id], is_quick=step.id in quick)
            else:
                await self._read(step)
        self._look("recap")

    async def _answer(self, step: Step, answer: Answer, *, is_quick: bool) -> None:
        self._see(step.id, "asks", getattr(step, "ask", ""))
        self.log.think(GUESS_S + (EXHIBIT_S if step.after else 0))
        for hint in getattr(step, "hints", ()) if self.takes_hints else ():
            await self.press("Hint")
            self._see(step.id, "hints", hint)
            self._look(f"{step.id}, hinted")
        await self._give(step, answer, is_quick=is_quick)
        self._see(step.id, "replies", answer.reply)
        for other in answers_to(step):
            if other.reply != answer.reply and flat(other.reply) in flat(self.text):
                self.faults.append(
                    f"{step.id}: {answer.given} also gets the reply to {other.given}"
                )
        self._verdict(step, answer)
        self.heard.add(f"{step.id}: {answer.reply}")
        if is_quick:
            return
        self._look(f"{step.id}, revealed")
        if along := self.lesson.passage_with(step.id):
            self._see(step.id, "tells", along.text)
        await self.press("I had it" if isinstance(step, TextStep) else "Next")

    async def _give(self, step: Step, answer: Answer, *, is_quick: bool) -> None:
        match step:
            case ChoiceStep():
                # by the letter that the card shows, which is another for other learners
                letter = self._letter(answer.given[0])
                self.shown = await self.actor.click(self.card, label=letter)
                self.log.note(letter, self.text)
                if not is_quick:
                    self._look(f"{step.id}, how sure")
                    await self.press("sure")
            case OrderStep():
                for place, stage in zip(ORDINALS, answer.given[:-1], strict=False):
                    await self.press(f"{self._letter(stage)} {place}")
                self._look(f"{step.id}, how sure")
                await self.press("sure")
            case MatchStep():
                for place, belongs in enumerate(answer.given[:-1], 1):
                    await self.press(f"{place} → {self._letter(belongs)}")
                self._look(f"{step.id}, how sure")
                await self.press("sure")
            case _:
                (label,) = [one for one in self.labels if one.startswith(("Type", "Write"))]
                await self.press(label)
                await self.write(answer.given[0])

    async def _read(self, step: Step) -> None:
        match step:
            case ReadStep() | ExhibitStep():
                self.log.think(TRIAL_S if step.after else 0)
                self._see(step.id, "tells", step.text)
                await self.press("Next")
            case RecallStep():
                self.log.think(RECALL_S)
                self._see(step.id, "asks", step.ask)
                await self.press("Show me")
                self._see(step.id, "answers", step.answer)
                self._look(f"{step.id}, answered")
                await self.press("I had it")
            case TeachbackStep():
                self.log.think(TEACHBACK_S)
                await self.press("Write it")
                await self.write("It goes round and round until told to stop.")
                self._see(step.id, "answers", step.answer)
                self._look(f"{step.id}, graded")
                await self.press("Next")

    def _letter(self, text: str) -> str:
        """Return the letter before a choice, as the card has it: they may stand in any order."""
        found = [letter for letter, said in LETTERED.findall(self.text) if said == text.strip()]
        return next(letter for letter in found if letter in OPTION_KEYS)

    def _see(self, step: str, does: str, text: str) -> None:
        if flat(text) not in flat(self.text):
            self.faults.append(f"{step}: {does} something else than {text!r}: {self.text!r}")

    def _verdict(self, step: Step, answer: Answer) -> None:
        told = {True: "✓", False: "✗"}
        if answer.is_right is not None and told[answer.is_right] not in self.text:
            self.faults.append(f"{step.id}: {answer.given} isn't judged {told[answer.is_right]}")

    def _look(self, where: str) -> None:
        """Note what Discord would refuse of the present card, and what a phone has no room for."""
        self.faults += [f"{where}: {fault}" for fault in faults_of(self.raw.components)]


def faults_of(components: list[dict]) -> list[str]:  # type: ignore[type-arg]
    """Return what is too much of a card that was sent, for Discord or for a phone."""
    parts = [*parts_of(components)]
    texts = [part["content"] for part in parts if part["type"] == TEXT]
    found = []
    if len(parts) > DISCORD_COMPONENTS:
        found.append(f"{len(parts)} components")
    if sum(map(len, texts)) > budgets.CARD:
        found.append(f"{sum(map(len, texts))} characters")
    above = lines_above_button(parts)
    if above > budgets.LINES_BEFORE_BUTTON:
        found.append(f"{above} lines before the first button")
    return found


def lines_above_button(parts: list[dict]) -> int:  # type: ignore[type-arg]
    """Return how many lines of forty characters stand before the first button."""
    above = 0
    for part in parts:
        if part["type"] == BUTTON:
            return above
        if part["type"] == TEXT:
            above += lines_of(MARKS.sub("", part["content"]))
        elif part["type"] == PICTURE:
            above += PICTURE_LINES
    return 0  # a card without any is read to its end


def flat(text: str) -> str:
    """Return text as it is compared: without the backslashes of Markdown, blanks made one."""
    return " ".join(text.replace("\\", "").split())
