"""What each person saw of a server's counters when they last looked. Lost with the process."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from tools.engine.metrics import Metrics

REMEMBERED = 512  # looks; the longest ago are forgotten first


@dataclass(frozen=True, slots=True)
class CountedSince:
    """What a server counted in the last so many seconds."""

    seconds: float
    counted: Metrics


class LastLooks:
    """The last look of each, by who looked at what."""

    def __init__(self) -> None:
        """Nobody has looked yet."""
        self._looks: OrderedDict[Hashable, tuple[float, Metrics]] = OrderedDict()

    def since(self, who: Hashable, seen: Metrics, now_s: float) -> CountedSince | None:
        """Return what was counted since this one last looked, and remember what is seen now.

        Args:
            who: Looks, at what.
            seen: All that was counted since the server's start.
            now_s: On a clock that only differences of mean something.
        """
        last = self._looks.pop(who, None)
        self._looks[who] = now_s, seen
        while len(self._looks) > REMEMBERED:
            self._looks.popitem(last=False)
        if last is None:
            return None
        then_s, earlier = last
        return CountedSince(now_s - then_s, seen.since(earlier))
