"""A report, its inspection and the corrections about it, read into one submission.

Owns who may speak about what: file name, folder and content agree; findings and ratings stay
within what the rulebook allows.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from generator.engine.book import Rule, Rulebook
from generator.engine.facts import of_group
from generator.engine.kinds.discretion import Discretion
from generator.engine.problem import Location, Message, Problem, Severity
from generator.engine.year import Assessment, Change, Correction, Finding, Rating, Submission
from generator.reading.source import Document, Placed
from generator.shape.form import Form
from generator.shape.schema import Shape
from generator.year.facts import Changed, Places, apply, at, fact_problems, is_date, recorded

Fault = tuple[str, str, Message]
"""The key at which an entry is wrong, a code, and what to say."""


# --- what the rulebook asks of one unit -----------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """A clause that findings may be about: its points for this unit.

    `each`: it is judged in every period inside the year.
    """

    points: Fraction
    each: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A rule left to discretion; `each`: it is rated in every period inside the year."""

    rule: Discretion
    each: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """The clauses and the rules left to discretion, by id, and the periods inside the year."""

    clauses: Mapping[str, Place]
    left: Mapping[str, Left]
    parts: tuple[str, ...]


def asked(rulebook: Rulebook, group: str | None) -> Asked:
    """What a rulebook asks of a unit of that group."""
    mine = of_group(rulebook, group)
    clauses: dict[str, Place] = {}
    left: dict[str, Left] = {}
    for section in mine.sections:
        each = section.each == "period"
        for clause in section.clauses:
            clauses[clause.id] = Place(clause.points.value, each)
            left.update(_left(clause.rules, each=each))
    for pool in mine.above.pools:
        left.update(_left(pool.rules, each=False))
    return Asked(clauses, left, tuple(part.id for part in mine.above.parts))


def _left(rules: Iterable[Rule], *, each: bool) -> Iterator[tuple[str, Left]]:
    return ((rule.id, Left(rule, each)) for rule in rules if isinstance(rule, Discretion))


# --- findings -------------------------------------------------------------------------


def findings(inspection: Document, wanted: Asked) -> tuple[tuple[Finding, ...], list[Problem]]:
    """The findings of an inspection, the wrong ones too, and what is wrong with them."""
    found, problems, seen = [], list[Problem](), set[str]()
    for number, value in enumerate(inspection.value.get("findings", [])):
        finding = _finding(value, inspection.location(("findings", number)))
        problems += _placed(inspection, "findings", number, _finding_faults(finding, wanted, seen))
        found.append(finding)
        seen.add(finding.id)
    return tuple(found), problems


def _finding(value: Mapping[str, Any], location: Location) -> Finding:
    return Finding(
        value["id"],
        value["clause"],
        Fraction(value["deduct"]),
        value["occasion"],
        value["date"],
        value["reason"],
        value["document"],
        location,
        value.get("period"),
    )


def _finding_faults(finding: Finding, wanted: Asked, seen: set[str]) -> Iterator[Fault]:
    if finding.id in seen:
        message = Message("«{id}» stands twice; give each its own id.", {"id": finding.id})
        yield "id", "duplicate-id", message
    place = wanted.clauses.get(finding.clause)
    if place is None:
        message = Message(
            "The rulebook has no clause {clause}; its clauses are {clauses}.",
            {"clause": finding.clause, "clauses": tuple(wanted.clauses)},
        )
        yield "clause", "unknown-clause", message
        return
    if finding.points > place.points:
        message = Message(
            "{points} points are more than clause {clause} has; deduct at most {maximum}.",
            {"points": finding.points, "clause": finding.clause, "maximum": place.points},
        )
        yield "deduct", "deduct-over-maximum", message
    yield from part_faults(finding.part, wanted.parts, each=place.each)


# --- ratings --------------------------------------------------------------------------


def ratings(inspection: Document, wanted: Asked) -> tuple[tuple[Rating, ...], list[Problem]]:
    """The ratings of an inspection, the wrong ones too, and what is wrong with them."""
    found, problems = list[Rating](), list[Problem]()
    for number, value in enumerate(inspection.value.get("ratings", [])):
        rating = _rating(value, inspection.location(("ratings", number)))
        problems += _placed(inspection, "ratings", number, rating_faults(rating, wanted, found))
        found.append(rating)
    return tuple(found), problems


def _rating(value: Mapping[str, Any], location: Location) -> Rating:
    return Rating(
        value["rule"],
        value["scorer"],
        Fraction(value["points"]),
        value["date"],
        value["reason"],
        value["document"],
        value.get("period"),
        location,
    )


def rating_faults(rating: Rating, wanted: Asked, earlier: Iterable[Rating]) -> Iterator[Fault]:
    """What is wrong with a rating beside those that stand before it."""
    left = wanted.left.get(rating.rule)
    if left is None:
        args = {"rule": rating.rule, "known": tuple(wanted.left) or ("-",)}
        message = Message("«{rule}» is no rule left to discretion; those are: {known}.", args)
        yield "rule", "unknown-rule", message
        return
    if rating.scorer not in left.rule.scorers:
        args = {"scorer": rating.scorer, "rule": rating.rule, "known": tuple(left.rule.scorers)}
        message = Message("«{scorer}» does not rate «{rule}»; those who do are: {known}.", args)
        yield "scorer", "unknown-scorer", message
    least, greatest = left.rule.least.value, left.rule.greatest.value
    if not least <= rating.points <= greatest:
        message = Message(
            "«{rule}» is rated with {least} to {greatest} points, not {points}.",
            {
                "rule": left.rule.label,
                "least": least,
                "greatest": greatest,
                "points": rating.points,
            },
        )
        yield "points", "out-of-range", message
    yield from part_faults(rating.part, wanted.parts, each=left.each)
    if any(_about(rating) == _about(other) for other in earlier):
        known = left.rule.scorers.get(rating.scorer)
        message = Message(
            "«{scorer}» rates «{rule}» twice; keep one of the two ratings.",
            {"rule": left.rule.label, "scorer": known.label if known else rating.scorer},
        )
        yield "scorer", "duplicate-rating", message


def _about(rating: Rating) -> tuple[str, str, str | None]:
    return rating.rule, rating.scorer, rating.part


def missing_ratings(
    given: Iterable[Rating], rulebook: Rulebook, group: str | None, place: Location
) -> Iterator[Problem]:
    """Every rule left to discretion that somebody has still to rate; said at `place`.

    Whoever has rated it wrongly has been told so, and is not told that the rating is missing.
    """
    ratings = tuple(given)
    wanted, there = asked(rulebook, group), {_about(rating) for rating in ratings}
    labels = {part.id: part.label for part in rulebook.above.parts}
    doubtful = _doubtful(ratings, wanted)
    for name, left in wanted.left.items() if doubtful <= wanted.left.keys() else ():
        for part in wanted.parts if left.each else (None,):
            scorers = {} if name in doubtful else left.rule.scorers
            silent = [one.label for who, one in scorers.items() if (name, who, part) not in there]
            if silent:
                args = {"rule": left.rule.label, "scorers": tuple(silent)}
                message = Message("«{rule}» still waits for the rating by: {scorers}.", args)
                if part is not None:
                    message = Message(
                        "«{rule}» in {period} still waits for the rating by: {scorers}.",
                        {**args, "period": labels[part]},
                    )
                yield Problem(place, "rating-missing", message, Severity.WARNING)


def _doubtful(ratings: Sequence[Rating], wanted: Asked) -> set[str]:
    """The rules that something wrong is said of, as it stands there."""
    return {
        rating.rule
        for number, rating in enumerate(ratings)
        if any(rating_faults(rating, wanted, ratings[:number]))
    }


# --- what both must say ---------------------------------------------------------------


def part_faults(
    part: str | None, known: tuple[str, ...], *, each: bool, key: str = "period"
) -> Iterator[Fault]:
    """A period inside the year is named where every period is judged, and only there."""
    if each and part is None:
        message = Message(
            "This is judged in every period; say in which: {known}.", {"known": known}
        )
        yield "", "period-missing", message
    elif part is not None and not each:
        message = Message("This is judged once for the whole year; delete the period.")
        yield key, "period-superfluous", message
    elif part is not None and part not in known:
        args = {"period": part, "known": known}
        message = Message("The rulebook has no period {period}; its periods are: {known}.", args)
        yield key, "unknown-period", message


def _placed(
    document: Document, name: str, number: int, faults: Iterable[Fault]
) -> Iterator[Problem]:
    for key, code, message in faults:
        place = document.location((name, number, *([key] if key else [])))
        yield Problem(place, code, message)


def dates(document: Document, key: str, year: Assessment) -> list[Problem]:
    """The dates of such entries are days between the period's start and the final date."""
    found = days(document, key)
    start = year.period.start.isoformat()
    end = year.dates.get("final")
    for number, entry in enumerate(document.value.get(key, [])):
        if is_date(entry["date"]) and not start <= entry["date"] <= (end or entry["date"]):
            args = {"date": entry["date"], "start": start}
            message = Message(
                "{date} is outside the year; a date from {start} on is expected.", args
            )
            if end is not None:
                message = Message(
                    "{date} is outside the year; "
                    "a date between {start} and the final date {end} is expected.",
                    {**args, "end": end},
                )
            place = document.location((key, number, "date"))
            found.append(Problem(place, "date-outside-period", message))
    return found


def days(document: Document, key: str) -> list[Problem]:
    """The dates of such entries are days of the calendar; a correction may name none."""
    found = []
    for number, entry in enumerate(document.value.get(key, [])):
        if "date" in entry and not is_date(entry["date"]):
            message = Message("{date} is no day of the calendar.", {"date": entry["date"]})
            place = document.location((key, number, "date"))
            found.append(Problem(place, "bad-date", message))
    return found


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
