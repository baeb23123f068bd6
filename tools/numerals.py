"""A number as people write it: read as it is meant, or refused with what was understood of it.

Two signs mean different things in different countries. One rule holds for everybody:

- A single point is a decimal point: `1.234` is a little over one.
- A single comma before exactly three digits parts thousands: `1,234` is over a thousand. Any other
  single comma is a decimal comma: `1,5`.
- Of two signs, the last is the decimal sign: `1.234,5`, `1,234.5`, `1 234,567`.
- The same sign twice parts thousands, by threes or as in India: `1.234.567`, `12,34,567`.

The book's page reads by the same rules, in `bot/book/templates/numerals.js`.
"""

import math
import re
import unicodedata
from dataclasses import dataclass

from tools.measures import GLUED, LETTERS, MEASURES, PERCENT, SCALES, UNSURE

LONGEST = 60  # characters
POINT = "A single point is a decimal point."
THOUSANDS = "A comma before three digits parts thousands."
COMMA = "Here the comma is a decimal comma."

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_OF_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202d\u202e]")  # an override turns digits round
_UNSEEN = re.compile("[\u061c\u200b-\u200f\u202a-\u202c\u2060-\u2069\ufeff]")
_SPACES = re.compile("[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_ALIKE = str.maketrans("−’‘′`٬٪", "-'''''%")  # the Arabic sign between thousands, and percent
_LEAD = re.compile(
    "(?:(?:[~≈∼+=$€£]|about|around|roughly|approximately|approx[.]?|circa|ca[.]?|nearly|almost"
    "|maybe|perhaps|probably) ?)*"
)
_FRACTION = re.compile("(-?) ?(?:([0-9]+) )?([0-9]+) ?/ ?([0-9]+)(?! ?[0-9/]|[.,][0-9])")
_FIGURE = re.compile("(-?) ?([0-9]+(?:[.,'_٫ ][0-9]+)*|[.,٫][0-9]+)")
_SIGNS = re.compile("[.,'_٫ ]")
_ENDS = "(?![0-9]|[.,][0-9])"
_TIMES_TEN = re.compile(
    rf"e([+-]?[0-9]{{1,3}}){_ENDS}| ?[x×*·⋅] ?10 ?(?:\^|\*\*) ?([+-]?[0-9]{{1,3}}){_ENDS}"
)
_POWER = re.compile(rf" ?(?:\^|\*\*) ?([+-]?[0-9]{{1,3}}){_ENDS}")
_WORD_ENDS = "(?![^ .,;:?!)/-])"  # so that the t of "tokens" is no trillion
_WORDS = "|".join(sorted(SCALES, key=len, reverse=True))
_SCALE = re.compile(f" ?(?:({_WORDS}){_WORD_ENDS}[.]?|([{''.join(GLUED)}]))")
_UNIT = re.compile(" ?(%|[a-zμ]+)")
_OTHER_NUMBER = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202d\u202e0-9]|(?:^|[ -])(?:or(?! so)|to|and|bis|oder|und)(?: |$)"
)
_MOST_AFTER = 30  # characters: a unit, or whatever was said after the number


class UnreadableNumber(ValueError):
    """It is no number.

    Attributes:
        understood: What was read of it; empty: nothing.
        rest: What follows that and can't be a part of it.
        asked: The unit that is asked for, where it measures something else.
    """

    def __init__(self, understood: str = "", rest: str = "", asked: str = "") -> None:
        self.understood, self.rest, self.asked = understood, _sendable(rest), asked
        told = f"and this asks for {asked}" if asked else f"then `{self.rest}`"
        super().__init__(f"I read {understood}, {told}." if understood else "I read no number.")


@dataclass(frozen=True, slots=True)
class NumberRead:
    """A number, finite. `is_plain` is False where it might have been meant otherwise."""

    value: float
    is_plain: bool = True
    rule: str = ""  # by which it was read where it isn't plain, in words


def read_number(raw: str, unit: str = "") -> NumberRead:
    """Read a number as people write it: `12,34,567`, `1.5 mio`, `10⁶`, `½`, `~70B`, `3 GB`.

    Args:
        raw: As typed.
        unit: What is asked for; of a size, a time or a share, the number comes back in it.

    Raises:
        UnreadableNumber: it isn't one, it is more than one, or it measures something else.
    """
    text = _tidy(raw) if len(raw) <= LONGEST else ""
    start = _LEAD.match(text)
    at = start.end() if start else 0
    found, at = _fraction(text, at) or _figure(text, at)
    found, at = _scaled(found, text, at, _measured_in(unit)[0])
    return _in_unit(found, text[at:], unit)


def numbers_in(text: str) -> tuple[float, ...]:
    """Read numbers with blanks between them, or commas where there is no blank: `16 64 1,024`.

    Raises:
        UnreadableNumber: one of them isn't a number.
    """
    text = text.strip()
    parts = re.split(r"[,;]?\s+|;" if re.search(r"\s", text) else "[,;]", text)
    return tuple(read_number(part).value for part in parts if part)


def whole_numbers_in(text: str) -> tuple[int, ...]:
    """Read whole numbers, as `numbers_in`; one that isn't whole is refused."""
    return tuple(map(_whole, numbers_in(text)))


def whole_number(text: str) -> int:
    """Read one number; one that isn't whole is refused."""
    return _whole(read_number(text).value)


def entries_in(text: str) -> tuple[str, ...]:
    """Cut a list at its commas; `cat 2,4, dog 1` at those alone that a blank follows."""
    is_spaced = re.search(r",\s|[;\n]", text.strip())
    parts = re.split(r",\s+|[;\n]" if is_spaced else ",", text)
    return tuple(part.strip(" ,") for part in parts if part.strip(" ,"))


def _whole(found: float) -> int:
    if not found.is_integer():
        raise UnreadableNumber(said(found), asked="whole numbers")
    return int(found)


def _tidy(raw: str) -> str:
    """Return it in small letters, with the digits and signs that stand on every keyboard."""
    found = []
    for part in re.split("([⁰¹²³⁴-⁹⁺⁻]+)", raw):
        if part and part[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻":
            found.append(f"^{part.translate(_SUPERSCRIPT)}")
        else:
            found.extend(map(_plain_sign, part))
    text = _UNSEEN.sub("", "".join(found).translate(_ALIKE))
    return _SPACES.sub(" ", text).strip(" ").lower()


def _plain_sign(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    if "⁄" in plain:  # ½
        return f" {plain.replace('⁄', '/')}"
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in plain)


def _fraction(text: str, at: int) -> tuple[NumberRead, int] | None:
    found = _FRACTION.match(text, at)
    if found is None or not int(found[4]):
        return None
    value = int(found[2] or 0) + int(found[3]) / int(found[4])
    return NumberRead(-value if found[1] else value), found.end()


def _figure(text: str, at: int) -> tuple[NumberRead, int]:
    """Return the digits in front, read by the rule above; behind them may stand a full stop."""
    found = _FIGURE.match(text, at)
    if found is None:
        raise UnreadableNumber
    minus = "-" if found[1] else ""
    if (read := _parted(found[2], minus)) is None:
        cuts = [one.start() for one in _SIGNS.finditer(found[2])]
        known = next(c for c in reversed(cuts) if c and _parted(found[2][:c], minus))
        understood = _parted(found[2][:known], minus)
        raise UnreadableNumber(
            said(understood.value if understood else 0), text[found.start(2) + known :]
        )
    end = found.end()
    is_stop = text[end : end + 1] in (".", ",") and not text[end + 1 : end + 2].isdigit()
    return read, end + is_stop


def _parted(figure: str, minus: str) -> NumberRead | None:
    """Return what digits with signs between them mean; None: nothing by any rule."""
    signs = _SIGNS.findall(figure)
    last = signs[-1] if signs else ""
    digits, rule = figure, ""
    if last == "," and len(signs) == 1 and re.fullmatch("[1-9][0-9]{0,2},[0-9]{3}", figure):
        digits, rule = figure.replace(",", ""), THOUSANDS
    elif last in (".", ",", "٫") and signs.count(last) == 1:
        whole, _, part = figure.partition(last)
        if len(signs) > 1 and not _is_grouped(whole, signs[0]):
            return None
        digits = f"{_SIGNS.sub('', whole)}.{part}"
        if len(signs) == 1 and last == ",":
            rule = COMMA
        if last == "." and re.fullmatch("[1-9][0-9]{0,2}[.][0-9]{3}", figure):
            rule = POINT
    elif signs:
        if not _is_grouped(figure, last):
            return None
        digits = _SIGNS.sub("", figure)
    return NumberRead(float(minus + digits), not rule, rule)


def _is_grouped(figure: str, sign: str) -> bool:
    """Whether one sign parts all digits by threes, or by twos before the last three."""
    by = re.escape(sign)
    western = f"[1-9][0-9]{{0,2}}(?:{by}[0-9]{{3}})+"
    return bool(re.fullmatch(f"{western}|[1-9][0-9]?(?:{by}[0-9]{{2}})+{by}[0-9]{{3}}", figure))


def _scaled(found: NumberRead, text: str, at: int, measure: str) -> tuple[NumberRead, int]:
    """Return the number times what stands behind it: `e6`, `× 10^6`, `^6`, `million`."""
    value, is_plain = found.value, found.is_plain
    if times := _TIMES_TEN.match(text, at):
        exponent, at = int(times[1] or times[2]), times.end()
        ten = _power(10, abs(exponent))
        value = value * ten if exponent > 0 else value / ten
    elif power := _POWER.match(text, at):
        raised = _power(abs(value), int(power[1]))
        value, at = math.copysign(raised, value), power.end()
    scale = _SCALE.match(text, at)
    word = scale[1] or scale[2] if scale else ""
    is_rate = word in UNSURE and text[scale.end() if scale else 0 :].startswith("/")  # t/s
    if scale and word not in LETTERS.get(measure, ()) and not is_rate:
        value, at = value * (SCALES | GLUED)[word], scale.end()
        is_plain = is_plain and word not in UNSURE
    if not math.isfinite(value):
        raise UnreadableNumber
    return NumberRead(value, is_plain, found.rule), at


def _power(base: float, exponent: int) -> float:
    try:
        return float(base**exponent)
    except (OverflowError, ZeroDivisionError):
        return math.inf


def _in_unit(found: NumberRead, after: str, unit: str) -> NumberRead:
    """Return the number in the unit that is asked for, if it was given in another."""
    if len(after) > _MOST_AFTER or _OTHER_NUMBER.search(after):
        raise UnreadableNumber(said(found.value), after)
    match = _UNIT.match(after)
    if match is None:
        return found
    word, (asked, size) = match[1], _measured_in(unit)
    letters = LETTERS.get(asked, {})
    if word in letters and re.match(_WORD_ENDS, after[match.end() :]):
        given, factor = asked, letters[word]
    else:
        given, factor = _measured_in(word)
    if not unit:  # 40 % of nothing that is named: 0.4
        share = factor if word in PERCENT else 1.0
        return NumberRead(found.value * share, found.is_plain and share == 1, found.rule)
    if given and given != asked:
        raise UnreadableNumber(f"{said(found.value)} {word}", asked=unit)
    ratio = factor / size if given else 1.0
    is_asked = bool(given) or word[:3] in unit.lower()
    return NumberRead(found.value * ratio, found.is_plain and ratio == 1 and is_asked, found.rule)


def _measured_in(unit: str) -> tuple[str, float]:
    """Return what a unit's first word measures, and how much of it; nothing that is known: ''."""
    word = _UNIT.match(unit.lower())
    for measure, sizes in MEASURES.items():
        if word and word[1] in sizes:
            return measure, sizes[word[1]]
    return "", 1.0


def said(value: float) -> str:
    """Return a number as cards write it: ten digits of it, all places up to 10¹⁵."""
    text = f"{value:,.10g}"
    return f"{float(f'{value:.10g}'):,.0f}" if "e+" in text and abs(value) < 1e15 else text


def _sendable(text: str) -> str:
    """Return it without half characters, and without what would end its being code."""
    return (
        _OF_CONTROL.sub("�", text.strip(" ")).replace("`", "'").encode("utf-8", "replace").decode()
    )
