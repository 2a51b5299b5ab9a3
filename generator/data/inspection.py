"""What only an inspection can say: findings under clauses, ratings of what is left to discretion.

Owns reading them and what their schema cannot say: names that the rulebook knows for this
unit, points within its limits, days of the calendar, periods inside the year. Must not score.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.data.fact_check import is_date
from generator.engine.book import Rulebook
from generator.engine.groups import of_group
from generator.engine.kinds import Discretion, Rule
from generator.engine.model import Assessment, Finding, Rating
from generator.engine.problem import Location, Message, Problem, Severity
from generator.reading.source import Document

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
