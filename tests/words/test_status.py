"""Who has reported, whose files are wrong, who is late."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from generator.engine.problem import Location, Message, Problem, Severity, Text
from generator.engine.year import Assessment, City, Period, Township
from generator.words.messages import catalogue
from generator.words.status import State, Status, status, status_object, status_text

DUE = {"submit_by": "2026-01-10"}
REPORTS = [f"data/2025/townships/{name}.yaml" for name in ("beihe", "gaopo", "songhe")]


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
    problem(REPORTS[0]),
    problem(REPORTS[0], "not-carried-over", Severity.WARNING),
    problem("data/2025/inspections/beihe.yaml"),
    problem(REPORTS[1], "unfilled"),
    problem(REPORTS[1], "unfilled"),
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
        "gaopo": (State.BEGUN, 2, 0),
        "songhe": (State.SUBMITTED, 1, 0),
    }


@pytest.mark.parametrize(
    ("today", "late", "days"),
    [("2026-01-09", [], 1), ("2026-01-10", [], 0), ("2026-01-11", ["baiyun", "gaopo"], -1)],
)
def test_late_is_who_has_not_submitted_after_the_last_day(
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
    assert (judgement.errors, judgement.warnings, judgement.elsewhere) == (5, 1, 2)


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
        "Id      Township  Report                  Errors  Warnings",
        "baiyun  Baiyun    not submitted (late)         0         0",
        "beihe   Beihe     submitted                    2         1",
        "gaopo   Gaopo     being filled in (late)       2         0",
        "songhe  Songhe    submitted                    1         0",
        "",
        "submitted: 2, being filled in: 1, missing: 1, late: 2; errors: 5, warnings: 1",
        "errors in other files: 2; «kaohe check» shows them all",
    ]


def test_the_text_keeps_quiet_about_other_files_without_errors() -> None:
    well = status(CITY, YEAR, REPORTS, [], date(2026, 1, 1))
    assert status_text(well, catalogue("en")).endswith("errors: 0, warnings: 0")
    assert "baiyun镇" in status_text(well, catalogue("zh"))


def test_the_object_says_the_same() -> None:
    data = status_object(judged("2026-01-13"))
    totals = {"townships": 4, "missing": 1, "begun": 1, "submitted": 2, "late": 2}
    totals |= {"errors": 5, "warnings": 1, "elsewhere": 2}
    year = {"year": 2025, "status": "open", "today": "2026-01-13", "submit_by": "2026-01-10"}
    townships = data.pop("townships")
    assert data == year | {"days": -3, "totals": totals}
    gaopo = {"id": "gaopo", "name": {"zh": "gaopo镇", "en": "Gaopo"}, "state": "begun"}
    assert townships[2] == gaopo | {"submitted": False, "late": True, "errors": 2, "warnings": 0}
    assert status_object(judged(dates={}))["submit_by"] is None
