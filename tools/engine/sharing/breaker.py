"""When a model that gives no answer is left alone, and when it is tried again.

Closed: everybody may ask. After some failures in a row it opens: nobody may, for a while. Then one
request may, as a probe. If that fails, the next rest is twice as long; any answer closes it.
"""

from dataclasses import dataclass, replace
from typing import Self

FAILURES = 5  # in a row, before it is left alone
FIRST_REST_S = 5.0
LONGEST_REST_S = 120.0
PROBE_S = 5.0  # when to come back while a probe is out; nobody knows how long it takes


@dataclass(frozen=True, slots=True)
class Breaker:
    """How a model has answered of late.

    Attributes:
        failures: How many in a row.
        until: When a probe may be sent, on the caller's clock in seconds; None while closed.
        rest_s: How long it was left alone the last time.
        is_probing: A probe is out.
        last: What the last failure said.
    """

    failures: int = 0
    until: float | None = None
    rest_s: float = 0.0
    is_probing: bool = False
    last: str = ""

    def wait_s(self, now: float) -> float:
        """Return how long nobody may ask; 0: now."""
        if self.until is None:
            return 0.0
        return PROBE_S if self.is_probing else max(0.0, self.until - now)

    def asked(self) -> tuple[Self, bool]:
        """Return it after a request was let through, and whether that is the probe."""
        is_probe = self.until is not None
        return replace(self, is_probing=self.is_probing or is_probe), is_probe

    def answered(self) -> Self:
        """Return it after an answer, good or bad: somebody is there."""
        return type(self)()

    def failed(self, now: float, last: str, *, is_probe: bool) -> Self:
        """Return it after a request got no answer.

        What was sent before it opened and fails afterwards says nothing new.
        """
        counted = replace(self, failures=self.failures + 1, last=last)
        is_late = self.until is not None and not is_probe
        if is_late or counted.failures < FAILURES:
            return counted
        rest_s = min(LONGEST_REST_S, max(FIRST_REST_S, 2 * self.rest_s))
        return replace(counted, until=now + rest_s, rest_s=rest_s, is_probing=False)

    def given_up(self, *, is_probe: bool) -> Self:
        """Return it after whoever asked has left before an answer; the next may probe."""
        return replace(self, is_probing=False) if is_probe else self
