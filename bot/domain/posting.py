"""What a learner makes public, by what tells it from everything else they post."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Post:
    """One thing in one channel: there it is posted once.

    Attributes:
        learner_id: Whose it is.
        channel_id: Where.
        what: `daily:` and the day's ordinal, `recap:` and the attempt.
    """

    learner_id: int
    channel_id: int
    what: str
