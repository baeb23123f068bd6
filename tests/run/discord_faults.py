"""What can go wrong with one request to Discord, for the stand-in to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MESSAGES = {
    10008: "Unknown Message",
    10013: "Unknown User",
    10062: "Unknown interaction",
    20026: "This bot has been flagged",
    40003: "You are opening direct messages too fast",
    40060: "Interaction has already been acknowledged.",
    50007: "Cannot send messages to this user",
    50035: "Invalid Form Body",
}


@dataclass
class Fault:
    """One way to fail, for the next requests of a kind.

    Attributes:
        method: Of HTTP.
        path: A regular expression for the whole path.
        status: The answer's; 0: the connection ends without one.
        code: Discord's own, in the answer.
        times: How many requests are left to fail; None: all.
        is_done: What was asked for is done, although the answer says otherwise.
    """

    method: str
    path: str
    status: int
    code: int = 0
    times: int | None = 1
    is_done: bool = False

    def meets(self, method: str, path: str) -> bool:
        """Take note of a request, and return whether it is to fail like this."""
        if self.times == 0 or self.method != method or not re.fullmatch(self.path, path):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    @property
    def body(self) -> dict[str, object]:
        """What the answer says."""
        return refusal(self.code, self.status)


def refusal(code: int, status: int = 400) -> dict[str, object]:
    """Return what Discord says when it refuses."""
    return {"message": MESSAGES.get(code, f"{status}: failed"), "code": code}


def met(faults: list[Fault], method: str, path: str) -> Fault | None:
    """Return the first fault that a request is to meet."""
    meeting: Iterator[Fault] = (one for one in faults if one.meets(method, path))
    return next(meeting, None)
