"""Sizes in a text, in whatever unit they are told: 56 KiB is what a step asks as 57,344 bytes."""

import math
import re
from collections.abc import Iterable, Iterator

from bot.domain.tutor.passages import Source
from bot.domain.tutor.spoilers import Secret
from bot.domain.words import digits
from tools.measures import MEASURES

_BYTES = MEASURES["size"]
_WHOLE = r"\d{1,18}+(?!\d)"
_TOLD = re.compile(
    r"(?<!\d)(?<!\d,)(\d[\d,]*+(?:\.\d+)?)[\s\u202f\xa0]*+([kmgtp]i?b|bytes?)\b", re.I
)
_PRODUCT = re.compile(rf"(?<!\d){_WHOLE}(?:\s*[×*]\s*\(?{_WHOLE}(?:\s*\+\s*{_WHOLE}\))?)+")


def tells_size(text: str, secrets: Iterable[Secret]) -> Source | None:
    """Return the step whose key is a size that a text tells, in another unit or as a product."""
    told = list(_bytes_in(text))
    for secret in secrets:
        unit = _BYTES.get(secret.unit.lower().split(" ")[0])
        if secret.number and unit and any(_is(secret.number, size / unit) for size in told):
            return secret.source
    return None


def _bytes_in(text: str) -> Iterator[float]:
    for figure, unit in _TOLD.findall(text):
        yield float(figure.replace(",", "")) * _BYTES[unit.lower()]
    for product in _PRODUCT.findall(text):
        factors = [sum(map(float, re.findall(r"\d+", one))) for one in re.split("[×*]", product)]
        yield math.prod(factors)


def _is(number: str, value: float) -> bool:
    """Whether a value has a key's digits, to as many places as the key has."""
    places = len(number.lstrip("0"))
    return value > 0 and digits(f"{value:.{places}g}") == number
