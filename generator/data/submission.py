"""A report, its inspection and the corrections about it, read into one submission.

Owns who may speak about what: file name, folder and content agree; changes fall into the
year. Every check on facts runs on the report and again on the changed facts. Findings and
ratings are read by `inspection`. Must not score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator.data.changes import Changed, Places, apply, at, recorded
from generator.data.fact_check import fact_problems
from generator.data.inspection import asked, dates, days, findings, ratings
from generator.engine.book import Rulebook
from generator.engine.model import Assessment, Change, Correction, Finding, Rating, Submission
from generator.engine.problem import Message, Problem
from generator.reading.source import Document, Placed
from generator.shape.form import Form
from generator.shape.schema import Shape


@dataclass(frozen=True, slots=True)
class Year:
    """What one year's reports are read against.

    `later` are the corrections that the year after does not rest on: it was published before.
    `asked` are changes that somebody supposes, by township: they come after everything else.
    """

    assessment: Assessment
    rulebook: Rulebook
    form: Form
    shape: Shape
    corrections: Mapping[str, tuple[tuple[Correction, Document], ...]]
    later: frozenset[str] = frozenset()
    asked: Mapping[str, Document] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """A township's submission with all corrections, and as it was before any of them.

    `known` is what the year after rests on.
    """

    current: Submission
    first: Submission
    known: Submission


def received(
    year: Year,
    township: str,
    report: Document | None,
    inspection: Document | None,
    group: str | None = None,
) -> tuple[Received | None, list[Problem]]:
    """The submission in these files, None without a sound report; and every problem found.

    `group` is that of the rulebook which the township belongs to.
    """
    problems: list[Problem] = []
    facts = _report(year, township, report, problems) if report else None
    said = _Said()
    changes: tuple[Change, ...] = ()
    judged: Placed | None = facts
    if inspection is not None:
        problems += _identity(inspection, township, year.assessment.year)
        listed = inspection.value.get("changes", [])
        said = _said(inspection, year, group, problems)
        if judged is not None and facts is not None:
            judged = _changed(year, judged, inspection, listed, problems)
            changes = recorded(facts, inspection, listed, {})
    if facts is None or judged is None:
        return None, problems
    places = Places(judged, changes)
    first = Submission(township, judged.value, places, changes, said.findings, said.ratings)
    current = _corrected(year, first, facts, judged, problems)
    known = _corrected(_as_known(year), first, facts, judged, []) if year.later else current
    return Received(current, first, known), problems


def _as_known(year: Year) -> Year:
    """The year without the corrections that came too late for the year after."""
    kept = {
        township: tuple(one for one in about if one[0].id not in year.later)
        for township, about in year.corrections.items()
    }
    return replace(year, corrections=kept)


@dataclass(frozen=True, slots=True)
class _Said:
    """What an inspection says besides its changes."""

    findings: tuple[Finding, ...] = ()
    ratings: tuple[Rating, ...] = ()


def _said(inspection: Document, year: Year, group: str | None, problems: list[Problem]) -> _Said:
    wanted = asked(year.rulebook, group)
    for key in ("changes", "findings", "ratings"):
        problems += dates(inspection, key, year.assessment)
    found, wrong = findings(inspection, wanted)
    rated, more = ratings(inspection, wanted)
    problems += [*wrong, *more]
    return _Said(found, rated)


def _report(
    year: Year, township: str, report: Document, problems: list[Problem]
) -> Document | None:
    shape = year.shape.problems(report)
    problems += shape
    if shape:
        return None
    problems += _identity(report, township, year.assessment.year)
    if report.value["year"] != year.assessment.year:
        return None  # every date of another year would be wrong as well
    problems += fact_problems(report, year.form, year.rulebook, year.assessment.period)
    return report


def _identity(document: Document, township: str, year: int) -> list[Problem]:
    """File name, folder and content say the same."""
    found = []
    for key, expected in (("township", township), ("year", year)):
        written = document.value[key]
        if written != expected:
            message = Message(
                "{key} is {written}, but the file's name and folder say {expected}; "
                "make them agree.",
                {"key": key, "written": written, "expected": expected},
            )
            found.append(Problem(document.location((key,)), "id-mismatch", message))
    return found


def _changed(
    year: Year,
    facts: Placed,
    by: Document,
    changes: Sequence[Mapping[str, Any]],
    problems: list[Problem],
) -> Placed:
    """The facts with one file's changes applied and everything checked again."""
    changed, found = apply(facts, by, changes, year.form)
    problems += found
    if isinstance(changed, Changed):
        shape = year.shape.problems(changed)
        found = shape or fact_problems(changed, year.form, year.rulebook, year.assessment.period)
        known = {_what(problem) for problem in problems}
        new = (problem for problem in found if _what(problem) not in known)
        problems += [_blamed(problem, by, changes) for problem in new]
        if shape:
            return facts  # nobody after this could make anything of the changed ones
    return changed


def _what(problem: Problem) -> tuple[str, str, str]:
    """What is wrong, wherever it is shown: a change moves the places of what it does not touch."""
    return problem.location.address, problem.code, repr(problem.message)


def _blamed(problem: Problem, by: Document, changes: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem at the change that brought it about, though it shows in what stood before."""
    if problem.location.path == by.path:
        return problem
    address = problem.location.address
    shared = [_shared(address.split("."), change["fact"].split(".")) for change in changes]
    place = by.location(("changes", shared.index(max(shared)), "fact"))
    return replace(problem, location=at(place, address))


def _shared(parts: Sequence[str], others: Sequence[str]) -> int:
    """How many parts two addresses begin with alike."""
    pairs = enumerate(zip(parts, others, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(parts), len(others)))


def _corrected(
    year: Year, first: Submission, facts: Placed, judged: Placed, problems: list[Problem]
) -> Submission:
    """The first submission with the corrections about this township applied, in their order."""
    changes, struck = first.changes, set[str]()
    for correction, document in year.corrections.get(first.township, ()):
        listed = document.value.get("changes", [])
        problems += days(document, "changes")
        judged = _changed(year, judged, document, listed, problems)
        defaults = {
            "date": correction.decided_on,
            "reason": correction.reason,
            "document": correction.document,
        }
        changes += recorded(facts, document, listed, defaults, correction.id)
        problems += _strikes(correction, document, first)
        struck |= set(correction.strike)
    asked = year.asked.get(first.township)
    if asked is not None:
        judged = _changed(year, judged, asked, asked.value["changes"], problems)
    if len(changes) == len(first.changes) and not struck and asked is None:
        return first
    kept = tuple(finding for finding in first.findings if finding.id not in struck)
    where = Places(judged, changes)
    return Submission(first.township, judged.value, where, changes, kept, first.ratings)


# --- findings struck by a correction ---------------------------------------------------


def _strikes(correction: Correction, document: Document, first: Submission) -> list[Problem]:
    known = tuple(finding.id for finding in first.findings)
    return [
        Problem(
            document.location(("strike", number)),
            "unknown-finding",
            Message(
                "There is no finding {id} about {township}; its findings are: {known}.",
                {"id": struck, "township": first.township, "known": known or ("-",)},
            ),
        )
        for number, struck in enumerate(correction.strike)
        if struck not in known
    ]
