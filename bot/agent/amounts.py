"""Amounts with their units: read out of a text, turned into one another, worked out again. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

_STEPS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}
_POWERS = {f"{name}i": 1024.0**power for power, name in enumerate("kmgt", 1)}
_UNITS: dict[str, tuple[str, float]] = {
    **{f"{name}b": ("bytes", size) for name, size in (_STEPS | _POWERS).items() if name},
    **dict.fromkeys(("byte", "bytes"), ("bytes", 1.0)),
    **dict.fromkeys(("bit", "bits"), ("bits", 1.0)),
    **dict.fromkeys(("µs", "us", "microsecond", "microseconds"), ("seconds", 1e-6)),
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), ("seconds", 1e-3)),
    **dict.fromkeys(("s", "sec", "second", "seconds"), ("seconds", 1.0)),
    **dict.fromkeys(("min", "minute", "minutes"), ("seconds", 60.0)),
    **dict.fromkeys(("h", "hour", "hours"), ("seconds", 3600.0)),
    **dict.fromkeys(("%", "percent"), ("share", 0.01)),
    **dict.fromkeys(("token", "tokens"), ("tokens", 1.0)),
    **dict.fromkeys(("layer", "layers"), ("layers", 1.0)),
    **dict.fromkeys(("request", "requests"), ("requests", 1.0)),
}
_NUMBER = r"(?:\d{1,3}(?:[,' ]\d{3})+(?!\d)(?:\.\d+)?|\d*\.?\d+)"
_ANY_NUMBER = re.compile(_NUMBER)
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\w.])(?P<number>{_NUMBER})(?P<thousand>[km](?![a-z]))?"
    rf"(?:[\s-]*(?P<unit>{_UNIT})(?![a-z]))?"
    r"(?:\s*(?:/|\bper\b|\ba\b|\ban\b|\bfor (?:each|every|one)\b|\beach\b|\bevery\b)\s*"
    r"(?P<per>s|second|token|layer|request)\b)?",
    re.IGNORECASE,
)
_SUM = re.compile(r"^\s*(?P<sign>[×x*÷/+])\s*$", re.IGNORECASE)
_MAKES = re.compile(r"^\s*(?:=|≈|is|makes|gives|are|or about|is about)\s*$", re.IGNORECASE)
_IN_ALL = re.compile(r"^\W*(?:for|at|over|in|with|of)\s+(?:all\s+)?$", re.IGNORECASE)
_BINARY = {1e3: 1024.0, 1e6: 1024.0**2}  # 8k tokens are 8,000 or 8,192


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a text gives it.

    Attributes:
        value: In bytes, seconds or whatever `kind` counts; a share is from 0 to 1.
        kind: What is counted; None: the text doesn't say, or it is nothing that is known here.
        per: Of a rate, one of what; None otherwise.
        slack: Half of the last digit that was told, on the scale of `value`.
        text: As it stands.
        start: Where that begins, in characters.
        scale: What one of its units is, so that `value / scale` is the number as it stands.
        others: What `value` may mean as well.
    """

    value: float
    kind: str | None
    per: str | None
    slack: float
    text: str
    start: int
    scale: float = 1.0
    others: tuple[float, ...] = ()

    @property
    def number(self) -> float:
        """The number as it stands, whatever it counts."""
        return self.value / self.scale

    def is_near(self, value: float) -> bool:
        """Whether it may be a rounding of a value on the same scale."""
        room = self.slack + 1e-9 * abs(value)
        return any(abs(one - value) <= room for one in (self.value, *self.others))


def numbers_in(text: str) -> Iterator[float]:
    """Yield each number of a text, however its thousands are marked and whatever stands around."""
    return map(_read, _ANY_NUMBER.findall(text))


def amounts_in(text: str) -> Iterator[Amount]:
    """Yield each number of a text with its unit."""
    for found in _AMOUNT.finditer(text):
        number = _read(found["number"])
        kind, scale = _UNITS.get((found["unit"] or "").lower(), (None, 1.0))
        step = _STEPS[(found["thousand"] or "").lower()]
        last = 10.0 ** -len(found["number"].partition(".")[2])
        value = number * step * scale
        others = (number * _BINARY[step] * scale,) if step in _BINARY else ()
        per = (found["per"] or "").lower() or None
        per = "second" if per == "s" else per
        yield Amount(
            value, kind, per, last * step * scale / 2, found[0], found.start(), scale * step, others
        )


def wrong_unit(told: Amount, known: Sequence[Amount]) -> str | None:
    """Return what is wrong with a figure whose number is known, but only with other units.

    A figure without a unit is taken for any: a table says it once, at its top.
    """
    if told.kind is None:
        return None
    alike = [one for one in known if one.number == told.number]
    if not alike or any(one.kind is None or is_known(told, [one]) for one in alike):
        return None
    return f"{told.text.strip()} is {alike[0].text.strip()} in the source"


def is_known(told: Amount, known: Iterable[Amount]) -> bool:
    """Whether one of the known figures says the same, in this unit or in another."""
    return any(one.kind == told.kind and told.is_near(one.value) for one in known)


def worked_out(sentence: str) -> tuple[frozenset[float], str | None]:
    """Do the sums of a sentence again: `131,072 × 8,192 = 1 GiB`.

    Returns:
        The numbers, as they stand, that a sum bears out; and what is wrong with the first that
        isn't right, None if all are.
    """
    each, right = list(amounts_in(sentence)), set[float]()
    value: float | None = None
    for one, after in pairwise(each):
        between = sentence[one.start + len(one.text) : after.start]
        if sign := _SUM.match(between):
            value = _combined(one.value if value is None else value, sign["sign"], after.value)
        elif value is not None and _MAKES.match(between):
            if not (after.is_near(value) or abs(after.value - value) <= 0.01 * abs(value)):
                return frozenset(right), f"that sum makes {value:,.6g}, not {after.text.strip()}"
            right.add(after.number)
            value = None
        else:
            value = None
    return frozenset(right), None


def wrong_whole(sentence: str, known: Sequence[Amount]) -> str | None:
    """Return what is wrong with a total, where the sources tell the rate that it follows from.

    `131,072 bytes for 8k tokens` is wrong where one token takes that much.
    """
    each = list(amounts_in(sentence))
    for total, count in pairwise(each):
        between = sentence[total.start + len(total.text) : count.start]
        if total.per or total.kind is None or not _IN_ALL.match(between) or count.value == 1:
            continue
        rates = [r for r in known if r.kind == total.kind and count.kind == f"{r.per}s"]
        sums = [rate.value * n for rate in rates for n in (count.value, *count.others)]
        is_rate = any(total.is_near(rate.value) for rate in rates)
        if is_rate and not any(abs(total.value - one) <= 0.01 * one for one in sums):
            return f"{total.text.strip()} is for one of the {count.text.strip()}"
    return None


def _read(number: str) -> float:
    return float(re.sub(r"[,' ]", "", number))


def _combined(left: float, sign: str, right: float) -> float:
    match sign:
        case "+":
            return left + right
        case "÷" | "/":
            return left / right if right else float("inf")
        case _:
            return left * right
