"""Who has reported, whose files are wrong, who is late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from generator.engine.problem import Location, Message, Problem, Severity, Text
from generator.engine.year import Assessment, City, Period, Township
from generator.words.messages import catalogue
from generator.words.status import State, Status, status, status_object, status_text
from generator.year.load import HandedIn

DUE = {"submit_by": "2026-01-10"}
PATHS = [f"data/2025/townships/{name}.yaml" for name in ("beihe", "gaopo")]
REPORTS = {
    "beihe": HandedIn(pending=False, day="2026-01-14"),
    "gaopo": HandedIn(pending=True, day=None),
    "songhe": HandedIn(pending=False, day="2026-01-10"),
}


def township(name: str, first: int = 2023, last: int | None = None) -> Township:
    return Township(name, Text(f"{name}镇", name.title()), "township", "a", first, last)


REGISTER = (
    *map(township, ("songhe", "gaopo", "baiyun", "beihe")),
    *(township("later", 2026), township("gone", 2023, 2024)),
)
CITY = City(Text("示例市", "Shili"), Text("科", "Office"), None, True, REGISTER)  # noqa: FBT003
YEAR = Assessment(2025, "book", 1, Period(date(2025, 1, 1), date(2025, 12, 31)), "open", DUE, ())


def problem(path: str, code: str = "syntax", severity: Severity = Severity.ERROR) -> Problem:
    return Problem(Location(path, 1, 1), code, Message("wrong"), severity)


PROBLEMS = [
    problem(PATHS[0]),
    problem(PATHS[0], "not-carried-over", Severity.WARNING),
    problem("data/2025/inspections/beihe.yaml"),
    problem(PATHS[1], "unfilled", Severity.NOTE),
    problem(PATHS[1], "unfilled", Severity.NOTE),
    problem("data/2025/inspections/songhe.yaml", "unfilled"),
    problem("data/2024/townships/songhe.yaml"),
    problem("data/2025/corrections/01.yaml"),
    problem("data/x.tmp", "unexpected-file", Severity.WARNING),
]


def judged(today: str = "2026-01-10", dates: Mapping[str, str] = DUE) -> Status:
    year = replace(YEAR, dates=dates)
    return status(CITY, year, REPORTS, PROBLEMS, date.fromisoformat(today))


def test_every_registered_township_has_a_row_by_id() -> None:
    rows = {row.township.id: (row.state, row.errors, row.warnings) for row in judged().rows}
    assert list(rows) == ["baiyun", "beihe", "gaopo", "songhe"]
    assert rows == {
        "baiyun": (State.MISSING, 0, 0),
        "beihe": (State.SUBMITTED, 2, 1),
        "gaopo": (State.BEGUN, 0, 0),
        "songhe": (State.SUBMITTED, 1, 0),
    }


@pytest.mark.parametrize(
    ("today", "late", "days"),
    [
        ("2026-01-09", ["beihe"], 1),
        ("2026-01-10", ["beihe"], 0),
        ("2026-01-11", ["baiyun", "beihe", "gaopo"], -1),
    ],
)
def test_late_is_who_handed_in_late_or_has_not_after_the_last_day(
    today: str, late: list[str], days: int
) -> None:
    judgement = judged(today)
    assert [row.township.id for row in judgement.rows if row.late] == late
    assert (judgement.late, judgement.days) == (len(late), days)


@pytest.mark.parametrize("dates", [{}, {"submit_by": "2026-02-30"}])
def test_nobody_is_late_without_a_last_day(dates: dict[str, str]) -> None:
    never = judged("2030-01-01", dates)
    assert (never.submit_by, never.days, never.late) == (None, None, 0)


def test_errors_elsewhere_are_counted_apart_and_warnings_there_are_none() -> None:
    judgement = judged()
    assert (judgement.errors, judgement.warnings, judgement.elsewhere) == (3, 1, 2)


def rows(year: Assessment, today: date | None) -> dict[str, tuple[State, int | None, bool]]:
    judgement = status(CITY, year, REPORTS, (), today)
    return {row.township.id: (row.state, row.days_late, row.late) for row in judgement.rows}


@pytest.mark.parametrize("today", [None, date(2026, 1, 1), date(2030, 1, 1)])
def test_how_late_a_report_came_is_known_on_every_day_and_in_every_year(
    today: date | None,
) -> None:
    for year in (YEAR, replace(YEAR, status="provisional"), replace(YEAR, status="final")):
        found = rows(year, today)
        assert found["songhe"] == (State.SUBMITTED, 0, False)
        assert found["beihe"] == (State.SUBMITTED, 4, True)


def test_without_a_day_nothing_is_late_that_has_not_come() -> None:
    found = rows(YEAR, None)
    assert found["baiyun"] == (State.MISSING, None, False)
    assert found["gaopo"] == (State.BEGUN, None, False)


def test_a_report_without_a_day_is_handed_in_and_neither_late_nor_on_time() -> None:
    reports = {"songhe": HandedIn(pending=False, day=None)}
    row = status(CITY, replace(YEAR, status="final"), reports, (), date(2030, 1, 1)).rows[-1]
    assert (row.state, row.submitted, row.days_late, row.late) == (
        *(State.SUBMITTED, None),
        *(None, False),
    )


@pytest.mark.parametrize(
    ("today", "dates", "words"),
    [
        ("2026-01-08", DUE, "reports until 2026-01-10, days left: 2"),
        ("2026-01-13", DUE, "reports were due on 2026-01-10, days since: 3"),
        ("2026-01-13", {}, "no last day for reports is set"),
    ],
)
def test_the_text_says_until_when(today: str, dates: dict[str, str], words: str) -> None:
    first = status_text(judged(today, dates), catalogue("en")).split("\n")[0]
    assert first == f"2025, open for submission; {words}"


def test_the_text_is_a_table_with_sums() -> None:
    lines = status_text(judged("2026-01-13"), catalogue("en")).split("\n")
    assert lines[2:] == [
        "Id      Township  Report                   Submitted on  Errors  Warnings",
        "baiyun  Baiyun    not submitted (late)     -                  0         0",
        "beihe   Beihe     submitted, days late: 4  2026-01-14         2         1",
        "gaopo   Gaopo     being filled in (late)   -                  0         0",
        "songhe  Songhe    submitted on time        2026-01-10         1         0",
        "",
        "submitted: 2, being filled in: 1, missing: 1, late: 3; errors: 3, warnings: 1",
        "errors in other files: 2; «kaohe check» shows them all",
    ]


def test_the_text_keeps_quiet_about_other_files_without_errors() -> None:
    well = status(CITY, YEAR, REPORTS, [], date(2026, 1, 1))
    assert status_text(well, catalogue("en")).endswith("errors: 0, warnings: 0")
    assert "baiyun镇" in status_text(well, catalogue("zh"))


def test_the_object_says_the_same() -> None:
    data = status_object(judged("2026-01-13"))
    totals = {"townships": 4, "missing": 1, "begun": 1, "submitted": 2, "late": 3}
    totals |= {"errors": 3, "warnings": 1, "elsewhere": 2}
    year = {"year": 2025, "status": "open", "today": "2026-01-13", "submit_by": "2026-01-10"}
    townships = data.pop("townships")
    assert data == year | {"days": -3, "totals": totals}
    gaopo = {"id": "gaopo", "name": {"zh": "gaopo镇", "en": "Gaopo"}, "state": "begun"}
    fresh = {"submitted": False, "submitted_on": None, "in_git": None, "days_late": None}
    assert townships[2] == gaopo | fresh | {"late": True, "errors": 0, "warnings": 0}
    day = {"submitted_on": "2026-01-14", "days_late": 4}
    assert day.items() <= townships[1].items()
    assert status_object(judged(dates={}))["submit_by"] is None
