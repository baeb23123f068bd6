"""The class's counts, made anew from attempts, guesses and votes; nothing of the program's own."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curriculum.kinds.choice import ChoiceStep
from curriculum.kinds.match import MatchStep
from curriculum.kinds.number import NumberStep
from curriculum.kinds.order import OrderStep
from curriculum.kinds.registry import Step
from curriculum.schema import Course
from tests.domain.lesson.walks import right_order, right_pairs
from tests.semester.ledger import Ledger, Rows
from tests.semester.raw import all_rows, rows

Key = tuple[Any, ...]


@dataclass
class Recount:
    """Everything that was guessed, with what was known of it.

    Attributes:
        attempts: By id, of everybody who ever was here.
        guesses: Of first runs that were first tries or would be, oldest first.
        votes: Of all rounds.
    """

    database: Path
    ledger: Ledger
    course: Course

    def __post_init__(self) -> None:
        self.attempts = {row["id"]: row for row in self._all("attempt")}
        self.guesses = sorted(self._all("guess"), key=lambda row: row["at"])
        self.votes = self._all("class_vote")
        self.rounds = {row["id"]: row for row in rows(self.database, "class_round")}
        self.seen = {
            (vote["learner_id"], at["lesson"], at["step"]): at["changed"]
            for vote in self.votes
            if (at := self.rounds[vote["round_id"]])["stage"] == "revealed"
        }

    def _all(self, table: str) -> Rows:
        return all_rows(self.database, self.ledger, table)

    def step(self, guess: dict[str, Any]) -> Step:
        """Return the step of a guess."""
        return self.course.lesson(self.attempts[guess["attempt_id"]]["lesson"]).step(guess["step"])

    def had_seen(self, guess: dict[str, Any]) -> bool:
        """Whether a round that its learner voted in had revealed the answer before."""
        attempt = self.attempts[guess["attempt_id"]]
        revealed = self.seen.get((attempt["learner_id"], attempt["lesson"], guess["step"]))
        return revealed is not None and revealed <= guess["at"]

    @property
    def first_guesses(self) -> Rows:
        """Guesses of first runs whose answer wasn't known."""
        return [
            guess
            for guess in self.guesses
            if self.attempts[guess["attempt_id"]]["run"] == 1 and not self.had_seen(guess)
        ]

    def tries(self) -> dict[Key, Key]:
        """Return tries, those judged, and those right, by class, lesson, step and thousandths."""
        tries: Counter[Key] = Counter()
        judged, right = Counter(tries), Counter(tries)
        for guess in self.first_guesses:
            if guess["confidence"] is not None:
                key = (*self._place(guess), guess["step"], round(guess["confidence"] * 1000))
                tries[key] += 1
                judged[key] += guess["is_right"] is not None
                right[key] += guess["is_right"] is True
        return {key: (tries[key], judged[key], right[key]) for key in tries}

    def tally(self) -> dict[Key, Key]:
        """Return votes and right votes, by class, lesson, step and heading."""
        votes: Counter[Key] = Counter()
        right = Counter(votes)
        for guess in self.first_guesses:
            heading = heading_of(self.step(guess), guess["answer"])
            if heading is not None:
                key = (*self._place(guess), guess["step"], heading)
                votes[key] += 1
                right[key] += guess["is_right"] is True
        return {key: (votes[key], right[key]) for key in votes}

    def runs(self) -> dict[Key, Key]:
        """Return first runs begun and done, by class and lesson."""
        begun: Counter[Key] = Counter()
        done = Counter(begun)
        for attempt in self.attempts.values():
            if attempt["run"] == 1:
                key = (attempt["cohort_id"], attempt["lesson"])
                begun[key] += 1
                done[key] += attempt["phase"] == "finished"
        return {key: (begun[key], done[key]) for key in begun}

    def beliefs(self) -> Counter[str]:
        """Return how often the belief behind a wrong first guess was met, by its words."""
        found: Counter[str] = Counter()
        for guess in self.first_guesses:
            step = self.step(guess)
            lesson = self.course.lesson(self.attempts[guess["attempt_id"]]["lesson"])
            belief = belief_of(step, guess["answer"])
            if belief is not None:
                found[f"{lesson.number} {lesson.misconceptions[belief]}"] += 1
        return found

    def counted_votes(self) -> dict[Key, Key]:
        """Return votes and sure ones, by round, turn, first answer and answer."""
        talkers = [vote for vote in self.votes if vote["turn"] == 1]
        first = {(vote["round_id"], vote["learner_id"]): vote["answer"] for vote in talkers}
        votes: Counter[Key] = Counter()
        sure = Counter(votes)
        for vote in self.votes:
            before = first.get((vote["round_id"], vote["learner_id"]), "")
            before = before if vote["turn"] == 2 else ""
            key = (vote["round_id"], vote["turn"], before, vote["answer"])
            votes[key] += 1
            sure[key] += vote["confidence"] is not None and vote["confidence"] >= 0.85
        return {key: (votes[key], sure[key]) for key in votes}

    def _place(self, guess: dict[str, Any]) -> tuple[int, str]:
        attempt = self.attempts[guess["attempt_id"]]
        return attempt["cohort_id"], attempt["lesson"]


def heading_of(step: Step, answer: str) -> str | None:
    """Return under which heading an answer is counted."""
    match step:
        case ChoiceStep():
            return answer
        case NumberStep():
            ratio = float(answer) / step.answer
            far = "too low" if ratio < 1 else "too high"
            return "close" if 1 / step.factor <= ratio <= step.factor else far
        case OrderStep():
            return "in order" if answer == right_order(step) else "another order"
        case MatchStep():
            if answer == (right := right_pairs(step)):
                return "all paired right"
            swapped = answer[0] == right[1] and answer[1] == right[0]
            return "Weights ↔ Key-value cache" if swapped else "paired otherwise"
        case _:
            return answer.strip() if step.kind == "token" else None


def is_right(step: Step, answer: str) -> bool | None:
    """Return what the lesson says of an answer; None where it takes a model or the learner."""
    heading = heading_of(step, answer)
    if isinstance(step, ChoiceStep):
        return answer == step.answer
    rights = ("close", "in order", "all paired right")
    return heading in rights if isinstance(step, NumberStep | OrderStep | MatchStep) else None


def belief_of(step: Step, answer: str) -> str | None:
    """Return the misconception behind an answer."""
    heading = heading_of(step, answer)
    match step:
        case ChoiceStep():
            return step.option(answer).misconception
        case NumberStep():
            miss = {"too low": step.too_low, "too high": step.too_high}.get(heading or "")
            return miss.misconception if miss else None
        case OrderStep():
            return step.misconception if heading == "another order" else None
        case MatchStep():
            swapped = step.mixups[0].misconception if "↔" in (heading or "") else None
            return swapped or (step.misconception if heading == "paired otherwise" else None)
        case _:
            return None
