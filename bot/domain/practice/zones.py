"""Time zones by their IANA names: found as people type them, refused with what is near."""

import unicodedata
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.errors import UnusableAnswer

UTC_NAME = "UTC"
_NEAR = 3
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_NO_PLACES = frozenset({"EST", "MST", "HST", "Factory", "localtime", "posixrules"})
# Short for a time, which half of those who write it leave in summer: what a place they may mean.
_SHORT = {
    "est": ("America/New_York",),
    "edt": ("America/New_York",),
    "cst": ("America/Chicago", "Asia/Shanghai"),
    "cdt": ("America/Chicago",),
    "mst": ("America/Denver", "America/Phoenix"),
    "mdt": ("America/Denver",),
    "pst": ("America/Los_Angeles",),
    "pdt": ("America/Los_Angeles",),
    "hst": ("Pacific/Honolulu",),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "bst": ("Europe/London",),
    "cest": ("Europe/Berlin",),
    "jst": ("Asia/Tokyo",),
}
# Large cities that the list of zones leaves out, by the zone whose clock they keep.
_ALSO = {
    "America/Chicago": "Dallas, Houston, Austin",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, Las Vegas",
    "America/New_York": "Boston, Washington, Miami, Atlanta, Philadelphia",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte",
    "America/Toronto": "Ottawa",
    "Africa/Johannesburg": "Cape Town, Pretoria",
    "Africa/Lagos": "Abuja",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Jerusalem": "Haifa",
    "Asia/Karachi": "Islamabad, Lahore",
    "Asia/Kolkata": "Mumbai, Bombay, Delhi, New Delhi, Bengaluru, Bangalore, Chennai, Hyderabad",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou",
    "Asia/Tokyo": "Osaka, Kyoto",
    "Europe/Berlin": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Leipzig",
    "Europe/Istanbul": "Ankara, Izmir",
    "Europe/London": "Edinburgh, Manchester",
    "Europe/Madrid": "Barcelona",
    "Europe/Moscow": "St Petersburg",
    "Europe/Paris": "Lyon, Marseille",
    "Europe/Rome": "Milan, Milano, Naples",
    "Europe/Zurich": "Geneva, Genève, Bern, Basel",
    "Pacific/Auckland": "Wellington",
}


def zone_named(typed: str) -> str:
    """Return the name of a time zone, however its case and accents; a city alone will do.

    Raises:
        UnusableAnswer: there is none; the text names what is near.
    """
    wanted = _key(typed)
    if meant := _SHORT.get(wanted):
        places = " or ".join(f"`{zone}`" for zone in meant)
        short = typed.strip().upper()
        raise UnusableAnswer(
            f"{short} is a time, without summer time, and no place. Is it {places}?"
        )
    if found := _by_key().get(wanted) or _cities().get(wanted):
        return found
    cities = zones_like(typed)
    if len(cities) == 1:
        return cities[0]
    city = wanted.rpartition("/")[2]
    close = get_close_matches(city, _cities(), n=_NEAR, cutoff=0.65)
    near = (*(cities[:_NEAR] if wanted else ()), *(_cities()[key] for key in close))
    named = ", ".join(f"`{zone}`" for zone in dict.fromkeys(near)) or "`Europe/Berlin`"
    raise UnusableAnswer(f"I know no such time zone. Is it {named}? Begin to type your city.")


def zones_like(typed: str) -> list[str]:
    """Return the zones that a few typed letters may mean, those that begin so first."""
    wanted = _key(typed)
    fitting = [
        (not key.startswith(wanted), zone)
        for key, zone in _cities().items()
        if wanted in key or wanted in _key(zone)
    ]
    return list(dict.fromkeys(zone for _, zone in sorted(fitting)))


def has_summer_time(zone: str, now: datetime) -> bool:
    """Whether a zone's clocks change within the year that follows."""
    clock, days = clock_of(zone), range(0, 366, 7)
    return len({(now + timedelta(days)).astimezone(clock).utcoffset() for days in days}) > 1


def local_day(moment: datetime, zone: str) -> date:
    """Return the date that a moment has in a zone."""
    return moment.astimezone(clock_of(zone)).date()


def midnight(day: date, zone: str) -> datetime:
    """Return the moment at which a date begins in a zone, in UTC."""
    return datetime.combine(day, time(), clock_of(zone)).astimezone(UTC)


@lru_cache(maxsize=1024)
def clock_of(zone: str) -> ZoneInfo:
    """Return the clock of a zone; UTC's for a name that time zone data no longer has."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(UTC_NAME)


@lru_cache(maxsize=1)
def _by_key() -> dict[str, str]:
    return {_key(zone): zone for zone in available_timezones() - _NO_PLACES}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Zones by what stands behind their last slash; only those that name a place."""
    places = (z for z in sorted(available_timezones()) if "/" in z or z == UTC_NAME)
    kept = (z for z in places if not z.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/")))
    found: dict[str, str] = {}
    for zone in kept:
        found.setdefault(_key(zone.rpartition("/")[2]), zone)
    for zone, cities in _ALSO.items():
        found |= {_key(city): zone for city in cities.split(",")}
    return found


def _key(text: str) -> str:
    """Return a name without case, accents, blanks and dots."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in plain if c.isalnum() or c in "/+-")
