"""Every failure of an instrument or engine that a person can be told about.

    ToolError
    ├── BadInput            the prompt or a parameter can't be used as it is
    ├── Missing             the engine can't do what the instrument needs
    └── EngineError
        ├── Unavailable     no answer: down, refused, timed out, overloaded, still loading failed
        │   ├── Busy        over a limit of ours; the model was not asked
        │   └── Resting     it failed again and again, and is left alone; it was not asked
        ├── Nonsense        an answer that can't be true: not JSON, NaN, empty, wrong shape
        └── WeightsError    the embedded model could not be fetched, checked or converted

The text of each says what happened and what to do next, in a sentence or two fit for a card.
"""

import math


class ToolError(Exception):
    """Base of all failures whose text is safe to show."""


class BadInput(ToolError):
    """The prompt or a parameter can't be used as it is."""


class Missing(ToolError):
    """The engine can't do what the instrument needs."""


class EngineError(ToolError):
    """The model behind the engine gave no usable answer.

    Attributes:
        status: The HTTP status of a server's answer; 0 where none came.
        reason: What the server gave as the reason, on one line; may be empty.
    """

    def __init__(self, text: str = "", *, status: int = 0, reason: str = "") -> None:
        """Say what happened and what to do next, and what the server said, if it was one."""
        super().__init__(text)
        self.status, self.reason = status, reason


class Unavailable(EngineError):
    """No answer came: down, refused, timed out or overloaded."""


class Busy(Unavailable):
    """Over a limit. `retry_s` is when it fits again, in seconds from now."""

    def __init__(self, why: str, retry_s: float) -> None:
        """Say why, and when to try again."""
        super().__init__(f"{why} Try again in {whole_seconds(retry_s)} s.")
        self.retry_s = retry_s


class Resting(Unavailable):
    """The model is left alone for a while. `retry_s` is as in `Busy`."""

    def __init__(self, last: str, failures: int, retry_s: float) -> None:
        """Say what the last failure was, how many there were in a row, and when to try again."""
        why = last.removesuffix(" Try again in a moment.")
        wait = f"Try again in {whole_seconds(retry_s)} s."
        super().__init__(f"{why} It failed {failures} times running, so it is left alone. {wait}")
        self.retry_s = retry_s


class Nonsense(EngineError):
    """An answer came that can't be true."""


class WeightsError(EngineError):
    """The embedded model could not be fetched, checked or converted."""


def whole_seconds(seconds: float) -> int:
    """Return whole seconds, at least 1, that are no less than these."""
    return max(1, math.ceil(seconds))
