"""Who has reported for a year and when, whose files are wrong, who is late; a receipt's outcome.

Works while files are broken, for that is when it is asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Any

from generator import __version__
from generator.engine.book import Wording
from generator.engine.problem import Problem, Severity, Text, errors
from generator.engine.year import Assessment, City, Township
from generator.reading.screen import masked
from generator.words.messages import STATUSES, Catalogue, Style, heading, plain, printable, table
from generator.words.report import problems, problems_object
from generator.year.load import HandedIn
from generator.year.office import is_date
from generator.year.receipt import Point, Receipt, Verified


class State(StrEnum):
    """BEGUN: the file is there, and has not been handed in."""

    MISSING = "missing"
    BEGUN = "begun"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class TownshipStatus:
    """One township; errors and warnings are those of its report and its inspection.

    `submitted` is the day its report was handed in, `days_late` by how many days that was too
    late; None where either day is unknown. `in_git` is the day since which Git has it say so.
    What has not come is `late` once the last day is over.
    """

    township: Township
    state: State
    submitted: date | None
    days_late: int | None
    late: bool
    errors: int
    warnings: int
    in_git: date | None


@dataclass(frozen=True, slots=True)
class Status:
    """A year on a day: `days` are left until the last day for reports, below 0 since then.

    Without a day, as on pages, nothing is said that another day would change. `elsewhere` counts
    the errors in all other files.
    """

    year: int
    status: str
    today: date | None
    submit_by: date | None
    rows: tuple[TownshipStatus, ...]
    elsewhere: int

    @property
    def days(self) -> int | None:
        if self.submit_by is None or self.today is None:
            return None
        return (self.submit_by - self.today).days

    def number(self, state: State) -> int:
        """How many are in a state."""
        return sum(row.state == state for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.late for row in self.rows)

    @property
    def dated(self) -> bool:
        """Whether any report says when it was handed in."""
        return any(row.submitted for row in self.rows)

    @property
    def errors(self) -> int:
        return sum(row.errors for row in self.rows)

    @property
    def warnings(self) -> int:
        return sum(row.warnings for row in self.rows)


def status(
    city: City,
    assessment: Assessment,
    reports: Mapping[str, HandedIn],
    problems: Iterable[Problem] = (),
    today: date | None = None,
    in_git: Mapping[str, date] = MappingProxyType({}),
) -> Status:
    """The state of a year; `reports` are those there are, `problems` those of the whole tree.

    `in_git` says since when each report says in Git that it is handed in, where that is known.
    """
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(problem.location.path, []).append(problem)
    by = assessment.dates.get("submit_by", "")
    submit_by = date.fromisoformat(by) if is_date(by) else None
    over, year = bool(submit_by and today and today > submit_by), assessment.year
    rows = []
    for township in sorted(city.townships, key=lambda township: township.id):
        if township.assessed_in(year):
            folders = ("townships", "inspections")
            paths = [f"data/{year}/{folder}/{township.id}.yaml" for folder in folders]
            own = [problem for path in paths for problem in by_path.pop(path, ())]
            report, since = reports.get(township.id), in_git.get(township.id)
            rows.append(_row(township, report, own, submit_by, since, over=over))
    elsewhere = len(errors(chain(*by_path.values())))
    return Status(year, assessment.status, today, submit_by, tuple(rows), elsewhere)


def _row(
    township: Township,
    report: HandedIn | None,
    own: Iterable[Problem],
    submit_by: date | None,
    in_git: date | None,
    *,
    over: bool,
) -> TownshipStatus:
    state = State.MISSING
    if report is not None:
        state = State.BEGUN if report.pending else State.SUBMITTED
    day = date.fromisoformat(report.day) if report and report.day else None
    days = max((day - submit_by).days, 0) if day and submit_by else None
    late = bool(days) if state is State.SUBMITTED else over
    kinds = [problem.severity for problem in own]
    counts = (kinds.count(Severity.ERROR), kinds.count(Severity.WARNING))
    return TownshipStatus(township, state, day, days, late, *counts, in_git)


# --- as text and as data --------------------------------------------------------------


def status_text(
    status: Status,
    catalogue: Catalogue,
    assessed: Text = Wording().assessed,  # noqa: B008 - a frozen value
) -> str:
    """Until when, a line for each unit, and the sums; `assessed` is the rulebook's word for one."""
    _ = catalogue._
    rows = [[_("Id"), heading(catalogue.text(assessed)), _("Report")]]
    rows[0] += [_("Submitted on"), _("Errors"), _("Warnings")]
    for row in status.rows:
        name, state = catalogue.text(row.township.name), state_text(row, catalogue)
        day = row.submitted.isoformat() if row.submitted else "-"
        rows.append([row.township.id, name, state, day, str(row.errors), str(row.warnings)])
    lines = [_heading(status, catalogue), "", *table(rows, right=range(4, 6)), ""]
    lines.append(
        _(
            "submitted: {submitted}, being filled in: {begun}, missing: {missing}, late: {late}; "
            "errors: {errors}, warnings: {warnings}",
            submitted=status.number(State.SUBMITTED),
            begun=status.number(State.BEGUN),
            missing=status.number(State.MISSING),
            late=status.late,
            errors=status.errors,
            warnings=status.warnings,
        )
    )
    for row in status.rows:
        if row.in_git and row.submitted and row.in_git != row.submitted:
            args = {"unit": row.township.name, "said": row.submitted, "day": row.in_git}
            lines.append(
                _("{unit}: handed in on {said} by its own word, in Git since {day}", **args)
            )
    if status.elsewhere:
        count = status.elsewhere
        lines.append(_("errors in other files: {count}; «kaohe check» shows them all", count=count))
    return "\n".join(lines)


def state_text(row: TownshipStatus, catalogue: Catalogue) -> str:
    """How far a report is, and how late it came or is."""
    _ = catalogue._
    if row.days_late:
        return _("submitted, days late: {count}", count=row.days_late)
    if row.days_late == 0:
        return _("submitted on time")
    states = {
        State.MISSING: _("not submitted"),
        State.BEGUN: _("being filled in"),
        State.SUBMITTED: _("submitted"),
    }
    return states[row.state] + (_(" (late)") if row.late else "")


def _heading(status: Status, catalogue: Catalogue) -> str:
    _ = catalogue._
    year = _("{year}, {status}", year=status.year, status=STATUSES[status.status])
    if status.submit_by is None or status.days is None:
        return _("{year}; no last day for reports is set", year=year)
    args = {"year": year, "date": status.submit_by, "days": abs(status.days)}
    if status.days >= 0:
        return _("{year}; reports until {date}, days left: {days}", **args)
    return _("{year}; reports were due on {date}, days since: {days}", **args)


def status_object(status: Status) -> dict[str, Any]:
    """The same as plain JSON data; dates as text, `days` below 0 once the last day is over."""
    return {
        "year": status.year,
        "status": status.status,
        "today": status.today.isoformat() if status.today else None,
        "submit_by": status.submit_by.isoformat() if status.submit_by else None,
        "days": status.days,
        "townships": [
            {
                "id": row.township.id,
                "name": {"zh": row.township.name.zh, "en": row.township.name.en},
                "state": row.state.value,
                "submitted": row.state is State.SUBMITTED,
                "submitted_on": row.submitted.isoformat() if row.submitted else None,
                "in_git": row.in_git.isoformat() if row.in_git else None,
                "days_late": row.days_late,
                "late": row.late,
                "errors": row.errors,
                "warnings": row.warnings,
            }
            for row in status.rows
        ],
        "totals": {
            "townships": len(status.rows),
            **{state.value: status.number(state) for state in State},
            "late": status.late,
            "errors": status.errors,
            "warnings": status.warnings,
            "elsewhere": status.elsewhere,
        },
    }


def points_text(points: Sequence[Point], catalogue: Catalogue, style: Style = plain) -> str:
    """What is done and what is open before a year is published, a line each."""
    _ = catalogue._
    lines = []
    for point in points:
        mark = _("open") if point.open else _("done")
        message = printable(catalogue.told(point.open or point.done))
        lines.append(f"{style(mark, 'error' if point.open else 'strong')}  {message}")
    return "\n".join(lines)


def points_object(year: int, points: Sequence[Point], catalogue: Catalogue) -> dict[str, Any]:
    """The same as data."""
    return {
        "year": year,
        "ready": not any(point.open for point in points),
        "points": [
            {"done": point.open is None, "message": catalogue.told(point.open or point.done)}
            for point in points
        ],
    }


def verified_text(verified: Verified, catalogue: Catalogue, style: Style = plain) -> str:
    """What was compared, and what differs, a line each."""
    lines = list(_compared(verified, verified.receipt, catalogue)) if verified.receipt else []
    if verified.problems:
        lines.append(problems(verified.problems, catalogue, "text", style))
    else:
        lines.append(style(catalogue._("Nothing differs: the published result stands."), "strong"))
    return "\n".join(lines)


def _compared(verified: Verified, receipt: Receipt, catalogue: Catalogue) -> list[str]:
    _ = catalogue._
    lines = [
        _(
            "{year}: {rulebook} version {version}, final since {final}; check code {code}",
            year=receipt.year,
            rulebook=receipt.rulebook["id"],
            version=receipt.rulebook["version"],
            final=receipt.final,
            code=receipt.code,
        ),
        _(
            "published by kaohe {then}, computed again by kaohe {now}; files: {files}, with a "
            "result each: {townships}",
            then=printable(masked(receipt.engine)),
            now=__version__,
            files=len(receipt.inputs) + 1,
            townships=len(receipt.townships),
        ),
    ]
    if verified.corrections:
        args = {"corrections": verified.corrections}
        lines.append(_("corrections decided later, outside the receipt: {corrections}", **args))
    return lines


def verified_object(verified: Verified, catalogue: Catalogue) -> dict[str, Any]:
    """The same as data."""
    receipt = verified.receipt
    about: dict[str, Any] = {}
    if receipt is not None:
        about = receipt_object(receipt) | {
            "rulebook": receipt.rulebook,
            "final": receipt.final,
            "engine": {"published": masked(receipt.engine), "now": __version__},
            "files": len(receipt.inputs) + 1,
            "townships": len(receipt.townships),
            "corrections": list(verified.corrections),
        }
    return about | {"same": not verified.problems, **problems_object(verified.problems, catalogue)}


def receipt_object(receipt: Receipt) -> dict[str, Any]:
    """Which receipt it is."""
    return {"year": receipt.year, "path": receipt.path, "check_code": receipt.code}
