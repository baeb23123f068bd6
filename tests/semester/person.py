"""A learner with dice: presses what a card offers, sometimes right, sometimes not to the end."""

import random
from typing import Any

from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.schema import Course
from tests.domain.lesson.walks import right_order, right_pairs
from tests.journeys.player import Player, parts_of, text_of
from tests.semester.ledger import Ledger

ONWARD = ("begin", "guess", "draft", "lock", "write", "words", "reveal", "rate", "next", "past")
WORDS = ("kube", "scheduler", "banana", "control", " the ")
SAID = (
    "It gives every token a probability, picks one, and goes round again until it stops.",
    "The whole reply is planned, then shown.",
    "=1+1 <b>bold</b>",
)


class Person(Player):
    """One person of the class, in its channel; `card` is the last card they were shown."""

    def __init__(
        self,
        env: Any,
        actor: Any,
        channel: Any,
        user: Any,
        dice: random.Random,
        course: Course,
        ledger: Ledger,
    ) -> None:
        super().__init__(env, actor, channel)
        self.user, self.dice, self.course, self.ledger = user, dice, course, ledger
        self.skill = dice.uniform(0.3, 0.9)

    @property
    def id(self) -> int:
        return int(self.actor.id)

    @property
    def letters(self) -> list[Any]:
        """What the bot wrote to them directly, as the simulated Discord holds it."""
        mail = self.user.dm_channel.history()
        return [self.env.backend.get_message(m.channel.id, m.id) for m in mail]

    def doors(self) -> dict[str, list[str]]:
        """Return the ids of the card's buttons, by their verb."""
        found: dict[str, list[str]] = {}
        for part in parts_of(self.raw.components):
            if part["type"] == 2 and "custom_id" in part and not part.get("disabled"):
                found.setdefault(part["custom_id"].split(":")[1], []).append(part["custom_id"])
        return found

    async def take(self, custom_id: str) -> None:
        """Press one button of the card, by its id."""
        self.ledger.pressed[custom_id.split(":")[1]] += 1
        await self.press_id(custom_id)

    async def first_day(self) -> None:
        """Open the first lesson; be asked who may see it, and answer, or not."""
        await self.type("lesson")
        lesson = self.card
        (asked,) = self.shown.followups
        if (way := self.dice.choice(("Agree", "Agree", "Keep private", None))) is not None:
            await self.press(way, card=asked.message)
        if way == "Agree":
            self.ledger.agreed.add(self.id)
        self.card = lesson

    async def study(self, presses: int) -> None:
        """Go on with the lesson they are in, for some presses."""
        await self.type("lesson")
        for _ in range(presses):
            if not await self._on():
                return

    async def review(self, cards: int) -> None:
        """Review some of the cards that are due."""
        await self.type("review")
        for _ in range(2 * cards):
            doors = self.doors()
            if "look" in doors:
                await self.take(self.dice.choice(doors["look"]))
            elif "grade" in doors:
                await self.take(self.dice.choice(doors["grade"]))
                if self.dice.random() < 0.06 and "take-back" in self.doors():
                    await self.take(self.doors()["take-back"][0])
            else:
                return

    async def play(self, words: int) -> None:
        """Guess some words of the day's passage."""
        await self.type("guess")
        for _ in range(words):
            if "token" not in (doors := self.doors()):
                return
            await self.take(doors["token"][0])
            await self.write(self.dice.choice(WORDS))
            self.ledger.guessed[self.id] += 1

    async def vote(self, shared: Any) -> bool:
        """Vote in the class's round; return whether they did."""
        self.card = shared
        while doors := self.doors():
            if "vote" in doors:
                custom_id = self.dice.choice(doors["vote"])
            elif "vote-place" in doors:
                custom_id = self.dice.choice(doors["vote-place"])
            elif "vote-write" in doors:
                custom_id = doors["vote-write"][0]
            else:
                break
            await self.take(custom_id)
            if "vote-write" in doors and "vote" not in doors:
                await self.write(self.dice.choice(("12", "50k", "2 million", "49,152")))
            self.card = self._own() or self.card
        sure = self.doors().get("vote-sure", [])
        if sure and self.dice.random() < 0.7:
            await self.take(self.dice.choice(sure))
        return bool(sure)

    def _own(self) -> Any:
        """Return the card that only they see, if the last press brought one."""
        shown = [*self.shown.followups, *([self.shown.response] if self.shown.response else [])]
        return next((one.message for one in reversed(shown) if one.message), None)

    async def _on(self) -> bool:
        """Do one thing that leads on; False where nothing does."""
        doors = self.doors()
        aside = [doors[verb][0] for verb in ("hint", "skip", "why") if verb in doors]
        if aside and self.dice.random() < 0.08:
            await self._aside(self.dice.choice(aside))
            return True
        verb = next((verb for verb in ONWARD if verb in doors), None)
        is_over = "Take it again" in self.labels
        if verb is None or (is_over and self.dice.random() < 0.8):
            return False
        await self._press(verb, doors[verb])
        return True

    async def _aside(self, custom_id: str) -> None:
        verb = custom_id.split(":")[1]
        place = self._place(custom_id) if verb == "skip" else None
        await self.take(custom_id)
        if verb == "why":
            await self.write(self.dice.choice(SAID))
        if place is not None:
            self._note_end(place[0])

    async def _press(self, verb: str, ids: list[str]) -> None:
        match verb:
            case "draft":
                await self.take(self._drafted(ids))
            case "write" | "words":
                kind, place = self._step(ids[0]), self._place(ids[0])
                await self.take(ids[0])
                await self.write(self._written(kind))
                if isinstance(kind, NumberStep):
                    self.ledger.known[place] = self.env.now()
            case "guess" | "lock" | "reveal" | "rate" | "next" | "past":
                custom_id = self._locked(ids) if verb == "lock" else self.dice.choice(ids)
                place = self._place(custom_id)
                by_key = ChoiceStep | NumberStep | OrderStep | MatchStep
                is_judged = isinstance(self._step(custom_id), by_key)
                await self.take(custom_id)
                if verb == "rate" or (verb in ("guess", "lock", "reveal") and is_judged):
                    self.ledger.known[place] = self.env.now()
                self._note_end(place[0])
            case _:
                await self.take(self.dice.choice(ids))

    def _note_end(self, attempt: int) -> None:
        """Remember when a lesson came to its end: no button of it leads on."""
        if not any(":" + str(attempt) + ":" in one for ids in self.doors().values() for one in ids):
            self.ledger.finished.setdefault(attempt, self.env.now())

    def _place(self, custom_id: str) -> tuple[int, str]:
        _, _, attempt, step, *_ = custom_id.split(":")
        return int(attempt), step

    def _step(self, custom_id: str) -> Any:
        """Return the step of a button; the three lessons ask the same."""
        return self.course.lessons[0].step(self._place(custom_id)[1])

    def _drafted(self, ids: list[str]) -> str:
        step = self._step(ids[0])
        if self.dice.random() > self.skill:
            return self.dice.choice(ids)
        match step:
            case ChoiceStep():
                right = step.answer
            case OrderStep():
                right = right_order(step)
            case MatchStep():
                right = right_pairs(step)
        last = [one for one in ids if right.startswith(one.split(":")[4])]
        return max(last or ids, key=len)

    def _locked(self, ids: list[str]) -> str:
        """Return the id of an answer that is right as often as they are, sure or not."""
        answer = self._drafted(ids).split(":")[4]
        return self.dice.choice([one for one in ids if one.split(":")[4] == answer])

    def _written(self, step: Any) -> str:
        if isinstance(step, NumberStep):
            is_right = self.dice.random() < self.skill
            return f"{step.answer:.0f}" if is_right else self.dice.choice(("12", "3 million"))
        return self.dice.choice(WORDS if step.kind == "token" else SAID)


def said(message: Any) -> str:
    """All that a message says."""
    return text_of(message)
