"""A report, its inspection and the corrections about it, made into one submission.

Owns the order in which these speak and that facts are checked after every change; what each of
them may say stands in `facts` and `office`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.problem import Message, Problem
from generator.engine.year import Assessment, Correction, Submission
from generator.reading.source import Document, Fault, Placed, placed
from generator.shape.form import Form
from generator.shape.schema import Shape
from generator.year import office
from generator.year.facts import ChangedFacts, Places, apply, fact_faults, recorded


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
    group: str | None = None,
) -> tuple[Received | None, list[Problem]]:
    """The submission in these files, None without a sound report; and every problem found.

    `group` is that of the rulebook which the township belongs to.
    """
    problems: list[Problem] = []
    facts = _sound(year, township, report, problems) if report else None
    findings = office.findings(inspection) if inspection else ()
    ratings = office.ratings(inspection) if inspection else ()
    if inspection is not None:
        value, wanted = inspection.value, office.asked(year.rulebook, group)
        names = office.misnamed(value, township=township, year=year.assessment.year)
        said = office.inspection_faults(value, year.assessment, wanted, findings, ratings)
        problems += placed(inspection, (*names, *said))
    if facts is None:
        return None, problems
    judged = _changed(year, facts, inspection, problems) if inspection else facts
    changes = recorded(facts, inspection) if inspection else ()
    places = Places(judged, changes)
    first = Submission(township, judged.value, places, changes, findings, ratings)
    corrections = year.corrections.get(township, ())
    current = _corrected(year, first, facts, judged, corrections, problems)
    kept = [(one, by) for one, by in corrections if one.id not in year.later]
    known = _corrected(year, first, facts, judged, kept, []) if year.later else current
    return Received(current, first, known), problems


def _sound(year: Year, township: str, report: Document, problems: list[Problem]) -> Document | None:
    """The report if it has the shape and is of this year; what is wrong goes to `problems`."""
    shapeless, number = year.shape.problems(report), year.assessment.year
    problems += shapeless
    if shapeless:
        return None
    problems += placed(report, office.misnamed(report.value, township=township, year=number))
    if report.value["year"] != number:
        return None  # every date of another year would be wrong as well
    problems += placed(report, year.faults(report.value))
    return report


# --- changes --------------------------------------------------------------------------


def _changed(year: Year, facts: Placed, by: Document, problems: list[Problem]) -> Placed:
    """The facts with one file's changes applied and everything checked again."""
    changes = by.value.get("changes", [])
    changed, faults = apply(facts, by, changes, year.form)
    problems += placed(by, faults)
    if isinstance(changed, ChangedFacts):
        shapeless = year.shape.problems(changed)
        known = {_said(problem) for problem in problems}
        for problem in shapeless or placed(changed, year.faults(changed.value)):
            if _said(problem) not in known:
                problems.append(_blamed(problem, by, changes))
        if shapeless:
            return facts  # nobody after this could make anything of the changed ones
    return changed


def _said(problem: Problem) -> tuple[str, str, str]:
    """What is wrong, wherever it is shown: a change moves the places of what it does not touch."""
    return problem.location.address, problem.code, repr(problem.message)


def _blamed(problem: Problem, by: Document, changes: Sequence[Mapping[str, Any]]) -> Problem:
    """The problem at the change that brought it about, though it shows in what stood before."""
    if problem.location.path == by.path:
        return problem
    address = problem.location.address
    shared = [_shared(address.split("."), change["fact"].split(".")) for change in changes]
    place = by.location(("changes", shared.index(max(shared)), "fact"))
    return replace(problem, location=replace(place, address=address))


def _shared(parts: Sequence[str], others: Sequence[str]) -> int:
    """How many parts two addresses begin with alike."""
    pairs = enumerate(zip(parts, others, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(parts), len(others)))


def _corrected(
    year: Year,
    first: Submission,
    facts: Placed,
    judged: Placed,
    corrections: Sequence[tuple[Correction, Document]],
    problems: list[Problem],
) -> Submission:
    """The first submission with corrections applied in their order, then what is supposed."""
    changes, struck = first.changes, set[str]()
    for correction, document in corrections:
        faults = (*office.day_faults(document.value, "changes"), *_strikes(correction, first))
        judged = _changed(year, judged, document, problems)
        problems += placed(document, faults)
        changes += recorded(facts, document, correction)
        struck |= set(correction.strike)
    asked = year.asked.get(first.township)
    if asked is not None:
        judged = _changed(year, judged, asked, problems)
    if len(changes) == len(first.changes) and not struck and asked is None:
        return first
    kept = tuple(finding for finding in first.findings if finding.id not in struck)
    places = Places(judged, changes)
    return Submission(first.township, judged.value, places, changes, kept, first.ratings)


def _strikes(correction: Correction, first: Submission) -> Iterator[Fault]:
    """Findings that a correction strikes out and that nobody made."""
    known = tuple(finding.id for finding in first.findings)
    for number, struck in enumerate(correction.strike):
        if struck not in known:
            message = Message(
                "There is no finding {id} about {township}; its findings are: {known}.",
                {"id": struck, "township": first.township, "known": known or ("-",)},
            )
            yield Fault(("strike", number), "unknown-finding", message)
