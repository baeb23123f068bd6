"""Time zones by their IANA names: found as people type them, refused with what is near."""

from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.domain.errors import UnusableAnswer

UTC_NAME = "UTC"
_NEAR = 3


def zone_named(typed: str) -> str:
    """Return the name of a time zone, however its case; a city alone will do.

    Raises:
        UnusableAnswer: there is none; the text names what is near.
    """
    wanted = _key(typed)
    if found := _by_key().get(wanted):
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
    fitting = [(not key.startswith(wanted), zone) for key, zone in _cities().items()]
    return [zone for _, zone in sorted((late, z) for late, z in fitting if wanted in _key(z))]


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
    return {_key(zone): zone for zone in available_timezones()}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Zones by what stands behind their last slash; only those that name a place."""
    places = (z for z in sorted(available_timezones()) if "/" in z or z == UTC_NAME)
    kept = (z for z in places if not z.startswith(("Etc/", "SystemV/", "posix/", "right/", "US/")))
    found: dict[str, str] = {}
    for zone in kept:
        found.setdefault(_key(zone.rpartition("/")[2]), zone)
    return found


def _key(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum() or c in "/+-")
