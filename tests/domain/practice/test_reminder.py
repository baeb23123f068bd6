"""Reminders: one a day at the learner's hour, whatever the clocks of the zone do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UnusableAnswer
from bot.domain.practice import zones
from bot.domain.practice.plan import Plan, left_out, reminded, stopped
from bot.domain.practice.reminder import Timing, reminder_at, timing
from bot.domain.practice.zones import (
    clock_of,
    has_summer_time,
    local_day,
    midnight,
    zone_named,
    zones_like,
)

QUIET, NONE = (22, 7), (0, 0)
MINUTE = timedelta(minutes=1)


def plan_at(hour: int, zone: str, now: datetime, quiet: tuple[int, int] = NONE) -> Plan:
    return Plan(1, zone=zone, reminder=reminder_at(hour, quiet, zone, now))


def sent_between(plan: Plan, start: datetime, end: datetime) -> list[datetime]:
    """Look every ten minutes, as the loop does, and send what is due; return the moments."""
    sent, now = [], start
    while now < end:
        assert plan.reminder is not None
        match timing(plan.reminder, plan.zone, now):
            case Timing.SEND:
                sent.append(now)
                plan = reminded(plan, now)
            case Timing.LEAVE_OUT:
                plan = left_out(plan, now)
            case Timing.WAIT:
                pass
        now += 10 * MINUTE
    return sent


CHANGES = {
    "Berlin springs forward": ("Europe/Berlin", 2, date(2026, 3, 29), 3),
    "Berlin falls back": ("Europe/Berlin", 2, date(2026, 10, 25), 2),
    "New York springs forward": ("America/New_York", 2, date(2026, 3, 8), 3),
    "New York falls back": ("America/New_York", 1, date(2026, 11, 1), 1),
    "Lord Howe, by half an hour": ("Australia/Lord_Howe", 2, date(2026, 10, 4), 2),
    "Cairo, at midnight": ("Africa/Cairo", 0, date(2026, 4, 24), 1),
    "Santiago, at midnight": ("America/Santiago", 0, date(2026, 9, 6), 1),
    "a zone without changes": ("Asia/Kolkata", 2, date(2026, 3, 29), 2),
}


@pytest.mark.parametrize(("zone", "hour", "day", "at"), CHANGES.values(), ids=CHANGES.keys())
def test_a_night_of_a_clock_change_has_exactly_one_reminder(
    zone: str, hour: int, day: date, at: int
) -> None:
    start, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    plan = plan_at(hour, zone, start - timedelta(days=3))
    sent = sent_between(plan, start - timedelta(days=3), end + timedelta(days=3))
    that_day = [moment for moment in sent if local_day(moment, zone) == day]
    assert [moment.astimezone(clock_of(zone)).hour for moment in that_day] == [at]
    days = [local_day(moment, zone) for moment in sent]
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
    assert len(days) >= 6


def test_a_day_that_never_was_has_no_reminder_of_its_own() -> None:
    zone = "Pacific/Apia"  # 30 December 2011 was left out
    start = datetime(2011, 12, 28, tzinfo=UTC)
    sent = sent_between(plan_at(9, zone, start), start, start + timedelta(days=6))
    days = [local_day(moment, zone) for moment in sent]
    assert len(set(days)) == len(days)
    assert date(2011, 12, 30) not in days


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran"]),
    st.integers(0, 23),
    st.integers(0, 365 * 24),
)
def test_a_year_has_one_reminder_each_day(zone: str, hour: int, start_h: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=start_h)
    plan = plan_at(hour, zone, now)
    days = []
    for _ in range(60):
        assert plan.reminder is not None
        moment = plan.reminder.next_at
        assert timing(plan.reminder, zone, moment - MINUTE) is Timing.WAIT
        assert timing(plan.reminder, zone, moment) is Timing.SEND
        days.append(local_day(moment, zone))
        plan = reminded(plan, moment)
    assert days == [days[0] + timedelta(days=n) for n in range(60)]


def test_a_reminder_that_was_held_up_for_hours_is_left_out() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    plan = plan_at(9, "UTC", now)
    late = datetime(2026, 1, 1, 12, 1, tzinfo=UTC)
    assert timing(plan.reminder, "UTC", late) is Timing.LEAVE_OUT
    after = left_out(plan, late)
    assert after.reminder.next_at == datetime(2026, 1, 2, 9, tzinfo=UTC)
    assert after.reminded_at is None


def test_a_reminder_that_was_held_up_into_quiet_hours_is_left_out() -> None:
    plan = plan_at(21, "UTC", datetime(2026, 1, 1, tzinfo=UTC), QUIET)
    at = datetime(2026, 1, 1, 21, tzinfo=UTC)
    assert timing(plan.reminder, "UTC", at + 59 * MINUTE) is Timing.SEND
    assert timing(plan.reminder, "UTC", at + 60 * MINUTE) is Timing.LEAVE_OUT


@pytest.mark.parametrize(("hour", "quiet"), [(23, QUIET), (3, QUIET), (13, (12, 14))])
def test_an_hour_inside_quiet_hours_is_refused(hour: int, quiet: tuple[int, int]) -> None:
    with pytest.raises(UnusableAnswer, match="is in your quiet hours"):
        reminder_at(hour, quiet, "UTC", datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(("hour", "quiet"), [(7, QUIET), (21, QUIET), (3, NONE), (14, (12, 14))])
def test_an_hour_outside_quiet_hours_is_taken(hour: int, quiet: tuple[int, int]) -> None:
    assert reminder_at(hour, quiet, "UTC", datetime(2026, 1, 1, tzinfo=UTC)).hour == hour


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Tokyo", 9), ("America/Los_Angeles", 22)])
def test_another_hour_or_zone_brings_no_second_reminder_that_day(zone: str, hour: int) -> None:
    sent = datetime(2026, 1, 5, 9, tzinfo=UTC)
    changed = reminder_at(hour, NONE, zone, sent + MINUTE, sent_at=sent)
    assert changed.next_at - sent >= timedelta(hours=20)
    assert local_day(changed.next_at, zone) > local_day(sent, zone)


def test_stopping_and_wishing_anew_brings_no_second_reminder_that_day() -> None:
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    plan = stopped(reminded(plan_at(9, "UTC", at - timedelta(days=1)), at))
    assert plan.reminder is None
    again = replace(plan, reminder=reminder_at(11, NONE, "UTC", at + MINUTE, plan.reminded_at))
    assert again.reminder.next_at == datetime(2026, 1, 6, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/BERLIN", "Europe/Berlin"),
        (" berlin ", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("utc", "UTC"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("sa\u0303o paulo", "America/Sao_Paulo"),
        ("Zürich", "Europe/Zurich"),
        ("Bogotá", "America/Bogota"),
        ("Reykjavík", "Atlantic/Reykjavik"),
        ("Asunción", "America/Asuncion"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("kolkata", "Asia/Kolkata"),
        ("Mumbai", "Asia/Kolkata"),
        ("München", "Europe/Berlin"),
        ("Genève", "Europe/Zurich"),
        ("St. Petersburg", "Europe/Moscow"),
        ("CET", "CET"),
        ("Etc/GMT+5", "Etc/GMT+5"),
    ],
)
def test_a_zone_is_found_as_people_type_it(typed: str, zone: str) -> None:
    assert zone_named(typed) == zone


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("Europe/Berln", "`Europe/Berlin`"),
        ("Kolkatta", "`Asia/Kolkata`"),
        ("Mars/Olympus", "Begin to type your city"),
        ("", "Begin to type your city"),
        ("EST", "without summer time.*`America/New_York`"),
        ("mst", "without summer time.*`America/Phoenix`"),
        ("IST", "`Asia/Kolkata` or `Europe/Dublin`"),
        ("localtime", "I know no such time zone"),
        ("Factory", "I know no such time zone"),
        ("../../etc/passwd", "I know no such time zone"),
        ("\0\u202e<b>", "I know no such time zone"),
    ],
)
def test_a_zone_that_doesnt_exist_is_refused_with_what_is_near(typed: str, near: str) -> None:
    with pytest.raises(UnusableAnswer, match=near):
        zone_named(typed)


def test_every_city_that_the_list_of_zones_leaves_out_has_a_zone_that_is_there() -> None:
    for zone, cities in ((z, c) for z in zones._ALSO for c in zones._ALSO[z].split(", ")):
        assert zone_named(cities) == zone
    for short in zones._SHORT.values():
        assert set(short) <= available_timezones()


def test_zones_without_summer_time_are_known() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    for zone in ("UTC", "Asia/Kolkata", "America/Phoenix", "Etc/GMT+5"):
        assert not has_summer_time(zone, now)
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"):
        assert has_summer_time(zone, now)


def test_a_city_with_an_accent_is_offered_while_typing() -> None:
    assert zones_like("zür") == ["Europe/Zurich"]
    assert zones_like("mumb") == ["Asia/Kolkata"]


def test_zones_are_offered_while_typing() -> None:
    assert zones_like("ber")[:2] == ["Atlantic/Bermuda", "Europe/Berlin"]
    assert len(zones_like("")) > 300


def test_a_zone_that_the_data_no_longer_has_is_read_as_utc() -> None:
    assert clock_of("Europe/Atlantis").key == "UTC"
