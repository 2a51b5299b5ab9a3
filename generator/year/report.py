"""A report, its inspection and the corrections about it, made into one submission.

Owns the order in which these speak and that facts are checked after every change; what each of
them may say stands in `facts` and `office`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem
from generator.engine.year import Assessment, Correction, Submission
from generator.reading.slips import meant, nearest
from generator.reading.source import Check, Document, Fault, Placed
from generator.shape.form import DAYS_LATE, SUBMITTED, Form
from generator.shape.schema import Shape, beyond_slips
from generator.year import office
from generator.year.facts import (
    Blamed,
    ChangedFacts,
    Places,
    apply,
    fact_faults,
    faults_beside,
    recorded,
)


@dataclass(frozen=True, slots=True)
class Year:
    """What one year's reports are read against.

    `objections` are the names of those made, which a change may answer. `later` are the corrections
    that the year after does not rest on: it was published before. `asked` are changes that somebody
    supposes, by township: they come after everything else.
    """

    assessment: Assessment
    rulebook: Rulebook
    form: Form
    shape: Shape
    corrections: Mapping[str, tuple[tuple[Correction, Document], ...]]
    demands: Mapping[str, office.UnitDemands]
    objections: Collection[str] = ()
    later: frozenset[str] = frozenset()
    asked: Mapping[str, Document] = field(default_factory=dict)

    def faults(self, facts: Mapping[str, Any]) -> Iterator[Fault]:
        """What is wrong with facts of the right shape."""
        return fact_faults(facts, self.form, self.rulebook, self.assessment.period)


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
    wanted: office.UnitDemands,
) -> tuple[Received | None, list[Problem], list[Check]]:
    """The submission in these files, None without a sound report; and what is wrong with them.

    `wanted` is what the rulebook asks of the township. The problems are those of shape.
    """
    number, wrong = year.assessment.year, _Wrong()
    findings = office.findings(inspection) if inspection else ()
    ratings = office.ratings(inspection) if inspection else ()
    if inspection is not None:
        value = inspection.value
        wrong.checks.append((inspection, office.misnamed(value, township=township, year=number)))
        faults = office.inspection_faults(value, year.assessment, wanted, findings, ratings)
        wrong.checks.append((inspection, faults))
        for index, change in enumerate(value.get("changes", ())):
            answered = change.get("objection")
            faults = office.answer_faults(("changes", index), answered, year.objections)
            wrong.checks.append((inspection, faults))
    shapeless = year.shape.faults(report.value) if report else []
    if report is not None and (shapeless or report.slipped):
        ask = partial(_asked, year, township)
        beside = faults_beside(report.value, shapeless, year.form, ask)
        wrong.problems.extend(beyond_slips(report, [*shapeless, *beside]))
    if report is None or shapeless or report.slipped:
        return None, wrong.problems, wrong.checks
    faults = office.misnamed(report.value, township=township, year=number)
    wrong.checks.append((report, faults))
    if report.value["year"] != number:  # every date of another year would be wrong as well
        return None, wrong.problems, wrong.checks
    wrong.ask(year, report, report)
    judged = _changed(year, report, inspection, wrong) if inspection else report
    changes = recorded(report, inspection) if inspection else ()
    late, places = _lateness(year.assessment, report.value), Places(judged, changes)
    first = Submission(
        township, judged.value | late if late else judged.value, places, changes, findings, ratings
    )
    corrections = year.corrections.get(township, ())
    current = _corrected(year, first, report, judged, corrections, wrong)
    kept = [(correction, by) for correction, by in corrections if correction.id not in year.later]
    known = _corrected(year, first, report, judged, kept, _Wrong()) if year.later else current
    return Received(current, first, known), wrong.problems, wrong.checks


def _asked(year: Year, township: str, facts: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with facts of which some may be missing."""
    expected = {"township": township, "year": year.assessment.year}
    named = {key: name for key, name in expected.items() if key in facts}
    yield from office.misnamed(facts, **named)
    if facts.get("year", year.assessment.year) == year.assessment.year:
        yield from year.faults(facts)


# --- changes --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wrong:
    """What is wrong with a township's files: with their shape, and what else they are asked."""

    problems: list[Problem] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    _seen: set[tuple[str, str, str]] = field(default_factory=set)

    def ask(self, year: Year, facts: Placed, shown: Placed) -> None:
        """Check the facts; what is wrong is shown at its place in another view of them."""
        self.checks.append((shown, self._new(facts, year.faults(facts.value))))

    def _new(self, facts: Placed, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Those not seen before: a change moves the places of what it does not touch."""
        for fault in faults:
            about = facts.address(fault.keys), fault.code, repr(fault.message)
            if about not in self._seen:
                self._seen.add(about)
                yield fault


def _changed(year: Year, facts: Placed, by: Document, wrong: _Wrong) -> Placed:
    """The facts with one file's changes applied and everything checked again."""
    changed, faults = apply(facts, by, by.value.get("changes", []), year.form)
    wrong.checks.append((by, faults))
    if not isinstance(changed, ChangedFacts):
        return changed
    blamed = Blamed(changed, by)
    shapeless = year.shape.problems(blamed)
    wrong.problems.extend(shapeless)
    if shapeless:
        return facts  # nobody after this could make anything of the changed ones
    wrong.ask(year, changed, blamed)
    return changed


def _corrected(
    year: Year,
    first: Submission,
    facts: Placed,
    judged: Placed,
    corrections: Sequence[tuple[Correction, Document]],
    wrong: _Wrong,
) -> Submission:
    """The first submission with corrections applied in their order, then what is supposed."""
    changes, struck = first.changes, set[str]()
    for correction, document in corrections:
        judged = _changed(year, judged, document, wrong)
        wrong.checks.append((document, office.day_faults(document.value, "changes")))
        wrong.checks.append((document, _strikes(correction, first)))
        changes += recorded(facts, document, correction)
        struck |= set(correction.strike)
    asked = year.asked.get(first.township)
    if asked is not None:
        judged = _changed(year, judged, asked, wrong)
    if len(changes) == len(first.changes) and not struck and asked is None:
        return first
    kept = tuple(finding for finding in first.findings if finding.id not in struck)
    places = Places(judged, changes)
    late = _lateness(year.assessment, facts.value)
    value = judged.value | late if late else judged.value
    return Submission(first.township, value, places, changes, kept, first.ratings)


def _lateness(year: Assessment, facts: Mapping[str, Any]) -> dict[str, int]:
    """By how many days a report came too late, where it says when it came; rules may ask for it."""
    handed_in, due = facts.get(SUBMITTED), year.dates.get("submit_by")
    if handed_in is None or due is None or not (office.is_date(handed_in) and office.is_date(due)):
        return {}
    days = (date.fromisoformat(handed_in) - date.fromisoformat(due)).days
    return {DAYS_LATE: max(days, 0)}


def _strikes(correction: Correction, first: Submission) -> Iterator[Fault]:
    """Findings that a correction strikes out and that nobody made."""
    known = tuple(finding.id for finding in first.findings)
    for number, struck in enumerate(correction.strike):
        if struck not in known:
            message = Message(
                "There is no finding {id} about {township}; its findings are: {known}.",
                {"id": struck, "township": first.township, "known": known or ("-",)},
            )
            near = nearest(struck, known)
            yield Fault(("strike", number), "unknown-finding", meant(message, near))
