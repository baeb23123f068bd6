"""An instrument in a learner's hands: its state, kept so that a card works after any restart."""

from dataclasses import dataclass, replace

from bot.domain.errors import NotYours, StaleClick, UnusableAnswer

MOST_APPENDED = 64  # tokens by hand; past that the card is no longer one glance


@dataclass(frozen=True, slots=True)
class Trial:
    """The loop by hand: a prompt, and the tokens put behind it so far."""

    id: int
    learner_id: int
    prompt: str
    top: int
    appended: tuple[int, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Append:
    """Put one token behind the text and predict again."""

    trial_id: int
    revision: int
    token_id: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Draw the next token by its probability, put it behind the text, and predict again."""

    trial_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last token back."""

    trial_id: int
    revision: int


Turn = Append | Sample | Undo


def check_turn(trial: Trial, turn: Turn, learner_id: int) -> None:
    """Refuse a turn that isn't this learner's, or that belongs to an older card.

    Raises:
        NotYours: somebody else opened the card.
        StaleClick: the card has moved on.
    """
    check_owner(trial, learner_id)
    if trial.revision != turn.revision:
        raise StaleClick


def check_owner(trial: Trial, learner_id: int) -> None:
    """Refuse somebody else's card: what they wrote is theirs.

    Raises:
        NotYours: somebody else opened the card.
    """
    if trial.learner_id != learner_id:
        raise NotYours("This one is somebody else's. Type `/nexttoken` to try your own text.")


def with_token(trial: Trial, token_id: int) -> Trial:
    """Return the trial with one more token.

    Raises:
        UnusableAnswer: it is as long as a card can show.
    """
    if len(trial.appended) >= MOST_APPENDED:
        raise UnusableAnswer(
            f"{MOST_APPENDED} tokens by hand is plenty. Start afresh with `/nexttoken`."
        )
    appended = (*trial.appended, token_id)
    return replace(trial, appended=appended, revision=trial.revision + 1)


def without_last(trial: Trial) -> Trial:
    """Return the trial with its last token taken back.

    Raises:
        StaleClick: there is none to take back.
    """
    if not trial.appended:
        raise StaleClick
    return replace(trial, appended=trial.appended[:-1], revision=trial.revision + 1)
