"""What the live model said about a token guess: kept with the guess that it scored."""

from dataclasses import dataclass
from datetime import datetime

NEAR_TIE_NATS = 0.1  # probabilities shift by about this with batch and precision


@dataclass(frozen=True, slots=True)
class Share:
    """One token and its probability, 0 to 1."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """The distribution that a guess was scored against, and where the guess stood in it.

    Attributes:
        whole_probability: Of all the guess's tokens in a row; None where it is one token, and in
            what was kept before this was asked.
    """

    token: str  # the guess's first token
    rank: int  # 1 is the model's first choice
    probability: float
    surprisal_bits: float
    top: tuple[Share, ...]  # most likely first
    other_probability: float
    model: str
    engine: str
    at: datetime
    whole_probability: float | None = None

    @property
    def is_first_choice(self) -> bool:
        """Whether the guess is the model's first choice, or too near to it to tell apart."""
        return self.rank == 1 or self.probability >= self.top[0].probability * (1 - NEAR_TIE_NATS)
