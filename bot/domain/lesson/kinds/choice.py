"""A choice: an option's key in the file is the answer; its letter on a card is where it stands."""

from collections.abc import Iterator, Mapping

from bot.domain.errors import StaleClick
from bot.domain.lesson.kinds.base import (
    AnswerEntry,
    AnswerPiece,
    Choice,
    Flow,
    JudgedBy,
    Judgement,
    Kind,
    StepKey,
)
from bot.domain.lesson.kinds.own_order import order_of
from bot.domain.lesson.kinds.shares import Shares, by_key
from bot.domain.words import sentences
from curriculum.kinds.base import OPTION_KEYS
from curriculum.kinds.choice import ChoiceStep


class ChoiceKind(Kind[ChoiceStep]):
    """Pick one of a few options."""

    flow = Flow.GUESS
    entry = AnswerEntry.PICKED
    judged_by = JudgedBy.KEY

    def passages(self, step: ChoiceStep) -> Iterator[tuple[str, ...]]:
        """Yield a passage for each option: what is said to it."""
        for option in step.options:
            said = f"{option.text}. {option.reply}" if option.correct else option.reply
            yield step.ask, said, option.text

    def quoted(self, step: ChoiceStep) -> str:
        """Return the right option with its reply."""
        right = step.option(step.answer)
        return f"{right.text}. {right.reply.strip()}"

    def key(self, step: ChoiceStep) -> StepKey:
        """Return the right option, and each sentence of the reply to it."""
        right = step.option(step.answer)
        return StepKey((right.text, *sentences(right.reply)))

    def answer(self, step: ChoiceStep) -> str:
        """Return the right option."""
        return self.said(step, step.answer)

    def explained(self, step: ChoiceStep) -> str:
        """Return the reply to the right option."""
        return step.option(step.answer).reply

    def read(self, step: ChoiceStep, raw: str) -> str:
        """Return the key of an option that there is."""
        if raw not in self.headings(step):
            raise StaleClick
        return raw

    def is_complete(self, step: ChoiceStep, draft: str) -> bool:
        """A key is."""
        return True

    def judge(self, step: ChoiceStep, answer: str) -> Judgement:
        """Return what the option says of itself."""
        option = step.option(answer)
        return Judgement(option.correct, option.reply, option.misconception)

    def said(self, step: ChoiceStep, answer: str) -> str:
        """Return the letter with its option."""
        return f"{self.letter(step, answer)}: {step.option(answer).text}"

    def letter(self, step: ChoiceStep, answer: str) -> str:
        """Return the letter that it has on the card."""
        return OPTION_KEYS[order_of(step).index(answer)]

    def pieces(self, step: ChoiceStep, answer: str) -> tuple[AnswerPiece, ...]:
        """It is one piece."""
        return ()

    def chance(self, step: ChoiceStep) -> float:
        """Every option is as likely."""
        return 1 / len(step.options)

    def choices(self, step: ChoiceStep) -> tuple[Choice, ...]:
        """Return the options, in the order of showing."""
        return tuple(
            Choice(key, step.option(key).text, letter)
            for letter, key in zip(OPTION_KEYS, order_of(step), strict=False)
        )

    def slots(self, step: ChoiceStep) -> tuple[str, ...]:
        """One press is the answer."""
        return ()

    def heading(self, step: ChoiceStep, answer: str) -> str:
        """Return the key."""
        return answer

    def headings(self, step: ChoiceStep) -> tuple[str, ...]:
        """Return the keys."""
        return tuple(OPTION_KEYS[: len(step.options)])

    def is_right_heading(self, step: ChoiceStep, heading: str) -> bool:
        """Whether it is the right one."""
        return heading == step.answer

    def belief(self, step: ChoiceStep, heading: str) -> str | None:
        """Return what the option betrays."""
        return step.option(heading).misconception if heading in self.headings(step) else None

    def reply_to(self, step: ChoiceStep, heading: str) -> str:
        """Return the option's reply."""
        return step.option(heading).reply

    def spread(self, step: ChoiceStep, votes: Mapping[str, int]) -> Shares:
        """Return a share for each key."""
        return by_key(votes, self.headings(step))

    def shares(self, step: ChoiceStep, votes: Mapping[str, int]) -> Shares:
        """Return a share for each letter, in the order of showing."""
        cast = by_key(votes, order_of(step))
        return tuple((self.letter(step, key), share) for key, share in cast)
