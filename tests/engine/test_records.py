"""Working days by a calendar, and how late something is; limits in days are in `test_facts`."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from generator.engine.book import DeadlineState
from generator.engine.facts import facts
from generator.engine.kinds.per_record import PerRecord
from generator.engine.quantities import BeforeQuantity, CountQuantity
from generator.engine.rank import judged
from generator.engine.records import begun, covering, deadline_state, delay, due, spans, written
from generator.engine.rules import judge
from generator.engine.year import Calendar, Period
from generator.words.messages import catalogue
from tests.builders import (
    a_year,
    days,
    figure,
    hours,
    one_clause,
    record,
    submission,
    take,
    task,
    tasks,
    text,
    year,
)

# National Day 2025: off from 1 to 8 October; Sunday 28 September and Saturday 11 October worked
AUTUMN = Calendar(
    frozenset(date(2025, 10, day) for day in range(1, 9)),
    frozenset([date(2025, 9, 28), date(2025, 10, 11)]),
    frozenset([2025]),
)


def working(length: int, **changed: Any) -> Any:
    limits = {"": figure(length)}
    return days(unit="working_days", limits=limits, by=None, **changed)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 26), True),  # a Friday
        (date(2025, 9, 27), False),  # a Saturday
        (date(2025, 9, 28), True),  # a Sunday worked
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
    ],
)
def test_which_days_people_work(day: date, works: bool) -> None:
    assert AUTUMN.works(day) is works


@pytest.mark.parametrize(
    ("begun", "length", "last"),
    [
        ("2025-09-26", 1, date(2025, 9, 28)),  # on a Friday; the Sunday is worked
        ("2025-09-26", 3, date(2025, 9, 30)),
        ("2025-09-26", 4, date(2025, 10, 9)),  # over the holidays
        ("2025-09-26", 6, date(2025, 10, 11)),
        ("2025-09-26", 7, date(2025, 10, 13)),
        ("2025-10-03", 1, date(2025, 10, 9)),  # begun on a holiday
        ("2025-06-06", 5, date(2025, 6, 13)),
        ("2025-06-06", 0, date(2025, 6, 6)),
    ],
)
def test_working_days_run_from_the_day_after(begun: str, length: int, last: date) -> None:
    assert due(record(begun=begun), working(length), AUTUMN) == last


def test_without_a_calendar_every_monday_to_friday_is_worked() -> None:
    assert due(record(begun="2025-09-26"), working(4)) == date(2025, 10, 2)


@pytest.mark.parametrize(
    ("done", "state"),
    [
        ("2025-10-09", DeadlineState.ON_TIME),
        ("2025-10-10", DeadlineState.LATE),
        (None, DeadlineState.OVERDUE),
    ],
)
def test_a_limit_in_working_days_is_judged_as_one_in_days(done: Any, state: Any) -> None:
    reported = record(begun="2025-09-26") if done is None else record(begun="2025-09-26", done=done)
    assert deadline_state(reported, working(4), year(2025), AUTUMN) is state


LATE = PerRecord(
    id="late",
    label=text("Late"),
    unit=text(""),
    selection=tasks(closing=("late", "overdue")),
    amount=figure(1),
)


@pytest.mark.parametrize(("calendar", "late"), [(AUTUMN, 0), (Calendar(), 1)])
def test_a_year_and_the_one_before_it_are_judged_by_the_calendar(
    calendar: Calendar, late: int
) -> None:
    reports = {"oak": {"tasks": [task("T-1", "2025-09-26", "2025-10-09")]}}
    book = one_clause(10, LATE, deadlines=(working(4),))
    (oak,) = judged(replace(a_year(book, reports), calendar=calendar)).standings
    assert oak.scorecard is not None
    assert oak.scorecard.score == 10 - late
    lates = BeforeQuantity(CountQuantity(LATE.selection))
    book = one_clause(10, take("lates", actual=lates), deadlines=(working(4),))
    given = a_year(book, {"oak": {}}, before=reports, number=2026)
    (oak,) = judged(replace(given, calendar=calendar)).standings
    assert oak.scorecard is not None
    assert oak.scorecard.score == 10 - late


def test_a_record_over_its_working_days_says_so() -> None:
    reported = submission(
        {
            "tasks": [
                task("T-1", "2025-09-26", "2025-10-09"),
                task("T-2", "2025-09-26", "2025-10-10"),
                task("T-3", "2025-09-26"),
            ]
        }
    )
    book = one_clause(10, deadlines=(working(4),))
    found = list(judge(LATE, facts(reported, book, year(2025), calendar=AUTUMN)))
    assert [catalogue("en").render(d.reason) for d in found] == [
        (
            "Late: T-2 (from 2025-09-26, 4 working days until 2025-10-09, ended 2025-10-10), "
            "deduct 1 point"
        ),
        "Late: T-3 (from 2025-09-26, 4 working days until 2025-10-09, not ended), deduct 1 point",
    ]


@pytest.mark.parametrize(
    ("done", "late"),
    [
        ("2025-03-10", (0, 0, 0)),
        ("2025-03-11", (0, 0, 0)),
        ("2025-03-12", (1, 1, 1)),
        ("2025-03-18", (7, 1, 1)),
        ("2025-03-19", (8, 2, 1)),
        ("2025-04-11", (31, 5, 1)),
        ("2025-04-12", (32, 5, 2)),
        ("2026-05-01", (295, 43, 10)),  # later than the period: counted to its end
        ("", (295, 43, 10)),
    ],
)
def test_days_weeks_and_months_begun_after_the_limit(done: str, late: tuple[int, ...]) -> None:
    reported = record(begun="2025-03-01", done=done)
    limit = days(limits={"": figure(10)}, by=None)
    units: tuple[Any, ...] = ("day", "week", "month")
    assert tuple(delay(reported, limit, every, year(2025)) for every in units) == late


@pytest.mark.parametrize(
    ("begun", "done", "months"),
    [
        ("2025-01-31", "2025-02-01", 1),
        ("2025-01-31", "2025-02-28", 1),
        ("2025-01-31", "2025-03-01", 2),
        ("2025-01-31", "2025-03-31", 2),
        ("2025-02-28", "2025-03-28", 1),
        ("2025-02-28", "2025-03-29", 2),
    ],
)
def test_a_month_begins_anew_after_the_same_day(begun: str, done: str, months: int) -> None:
    limit = days(limits={"": figure(0)}, by=None)
    assert delay(record(begun=begun, done=done), limit, "month", year(2025)) == months


def test_hours_late_count_by_the_day_and_what_never_began_is_not_late() -> None:
    call = {"at": "2025-05-01T22:00", "answered": "2025-05-03T01:00"}
    assert due(record(call=call), hours()) == datetime(2025, 5, 2, 22)  # noqa: DTZ001 - as reported
    assert delay(record(call=call), hours(), "day", year(2025)) == 1
    assert delay(record(), hours(), "day", year(2025)) == 0
    assert written(date(2025, 5, 2)) == "2025-05-02"


# --- weeks, months and quarters: which of them a period has, and which one  -----------


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
