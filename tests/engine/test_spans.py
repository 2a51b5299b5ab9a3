"""Weeks, months and quarters: which of them a period has, and which one a date lies in."""

from datetime import date, timedelta
from typing import Any

import pytest

from generator.engine.records import begun, covering, spans
from generator.engine.year import Period
from tests.builders import year


@pytest.mark.parametrize(
    ("number", "first", "last", "count"),
    [
        (2018, "2018-W01", "2018-W52", 52),  # begins on a Monday, the 31st alone is left over
        (2020, "2020-W02", "2020-W52", 51),  # the ISO year has 53; W01 and W53 cross its ends
        (2023, "2023-W01", "2023-W52", 52),  # from Monday the 2nd to Sunday the 31st
        (2024, "2024-W01", "2024-W52", 52),  # leap year that begins on a Monday
        (2025, "2025-W02", "2025-W52", 51),
        (2026, "2026-W02", "2026-W52", 51),  # ISO year of 53 weeks
        (2028, "2028-W01", "2028-W52", 52),  # leap year, from the 3rd to Sunday the 31st
    ],
)
def test_only_iso_weeks_wholly_inside_the_year_are_asked_for(
    number: int, first: str, last: str, count: int
) -> None:
    found = list(spans(year(number), "week"))
    assert (found[0], found[-1], len(found)) == (first, last, count)
    days_of = [
        [date.fromisocalendar(int(week[:4]), int(week[6:]), day) for day in range(1, 8)]
        for week in found
    ]
    assert all(day.year == number for week in days_of for day in week)
    assert days_of[0][0] - date(number, 1, 1) < timedelta(7)
    assert date(number, 12, 31) - days_of[-1][-1] < timedelta(7)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (date(2025, 1, 6), date(2025, 1, 12), ["2025-W02"]),
        (date(2025, 1, 6), date(2025, 1, 11), []),
        (date(2025, 1, 7), date(2025, 1, 18), []),
        (date(2020, 12, 20), date(2021, 1, 11), ["2020-W52", "2020-W53", "2021-W01"]),
    ],
)
def test_weeks_of_a_shorter_period(start: date, end: date, found: list[str]) -> None:
    assert list(spans(Period(start, end), "week")) == found


def test_months_and_quarters_of_a_period() -> None:
    assert list(spans(year(2024), "month")) == [f"2024-{month:02}" for month in range(1, 13)]
    assert list(spans(year(2024), "quarter")) == [f"2024-Q{quarter}" for quarter in range(1, 5)]
    part = Period(date(2024, 12, 31), date(2025, 2, 1))
    assert list(spans(part, "month")) == ["2024-12", "2025-01", "2025-02"]
    assert list(spans(part, "quarter")) == ["2024-Q4", "2025-Q1"]


@pytest.mark.parametrize(
    ("every", "entries", "found"),
    [
        ("week", ["2024-12-29", "2024-12-30", "2025-01-05"], {"2024-W52", "2025-W01"}),
        ("week", ["2021-01-03", "2021-01-04"], {"2020-W53", "2021-W01"}),
        ("month", ["2024-02-29", "2024-02", "2024-03-01"], {"2024-02", "2024-03"}),
        ("quarter", ["2024-03-31", "2024-04", "2024-Q4"], {"2024-Q1", "2024-Q2", "2024-Q4"}),
        ("quarter", [f"2024-{n:02}" for n in (1, 2, 3)], {"2024-Q1"}),
        ("quarter", [f"2024-{n:02}" for n in (10, 11, 12)], {"2024-Q4"}),
        ("month", [], set()),
    ],
)
def test_what_dates_months_and_quarters_cover(
    every: Any, entries: list[str], found: set[str]
) -> None:
    assert covering(every, entries) == found


def test_a_single_day_has_its_month_and_quarter_and_no_week() -> None:
    day = Period(date(2025, 1, 1), date(2025, 1, 1))
    found = [spans(day, "month"), spans(day, "quarter"), spans(day, "week")]
    assert found == [("2025-01",), ("2025-Q1",), ()]


@pytest.mark.parametrize(
    ("after", "until", "days", "weeks", "months"),
    [
        (date(2025, 3, 11), date(2025, 3, 10), 0, 0, 0),  # not yet
        (date(2025, 3, 11), date(2024, 12, 31), 0, 0, 0),
        (date(2025, 3, 11), date(2025, 3, 11), 0, 0, 0),
        (date(2025, 3, 11), date(2025, 3, 12), 1, 1, 1),
        (date(2025, 3, 11), date(2025, 3, 18), 7, 1, 1),
        (date(2025, 3, 11), date(2025, 3, 19), 8, 2, 1),
        (date(2025, 3, 11), date(2025, 4, 11), 31, 5, 1),
        (date(2025, 3, 11), date(2025, 4, 12), 32, 5, 2),
        (date(2025, 1, 31), date(2025, 2, 28), 28, 4, 1),
        (date(2025, 1, 31), date(2025, 3, 1), 29, 5, 2),  # the calendar's months
        (date(2024, 12, 31), date(2025, 1, 1), 1, 1, 1),
        (date(2023, 11, 20), date(2025, 2, 21), 459, 66, 16),
    ],
)
def test_days_weeks_and_months_that_have_begun(
    after: date, until: date, days: int, weeks: int, months: int
) -> None:
    found = begun("day", after, until), begun("week", after, until), begun("month", after, until)
    assert found == (days, weeks, months)
