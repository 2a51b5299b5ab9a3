"""The files that the office writes: the register, a year, somebody else's ranking, corrections.

Owns their meaning, and what the register and the rulebooks ask of each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.facts import group_of
from generator.engine.problem import Message, Problem, Severity, Text
from generator.engine.year import Assessment, City, Correction, Decision, Period, Ranking, Township
from generator.reading.source import Document
from generator.year.facts import is_date

OFFICE = "office"
"""Who asked for a correction when it was the office itself."""

_NEEDED = {
    "open": (),
    "provisional": ("published", "objections_until"),
    "final": ("published", "final"),
}
"""Without these dates nobody knows until when to object, or since when a result stands."""

_ORDER = ("submit_by", "published", "objections_until", "final")


# --- the register ---------------------------------------------------------------------


def city(document: Document) -> tuple[City, list[Problem]]:
    """Who assesses whom."""
    value = document.value
    townships = tuple(map(_township, value["townships"]))
    office = value["office"]
    telephone = office.get("telephone")
    found = City(_text(value["city"]), _text(office), telephone, value["demonstration"], townships)
    return found, list(_register_problems(document, townships))


def _township(value: Mapping[str, Any]) -> Township:
    return Township(
        value["id"],
        _text(value["name"]),
        value["kind"],
        value.get("group", ""),
        value["from"],
        value.get("until"),
    )


def _register_problems(document: Document, townships: tuple[Township, ...]) -> Iterable[Problem]:
    seen: set[str] = set()
    for number, township in enumerate(townships):
        keys = ("townships", number)
        if township.id in seen:
            message = Message("«{id}» stands twice; give each its own id.", {"id": township.id})
            yield Problem(document.location((*keys, "id")), "duplicate-id", message)
        seen.add(township.id)
        if township.last_year is not None and township.last_year < township.first_year:
            message = Message(
                "until {until} lies before from {start}; the last year comes after the first.",
                {"until": township.last_year, "start": township.first_year},
            )
            yield Problem(document.location((*keys, "until")), "date-order", message)


# --- a year ---------------------------------------------------------------------------


def assessment(document: Document, year: int) -> tuple[Assessment | None, list[Problem]]:
    """The year; None if it, or its period, cannot be used."""
    value = document.value
    unusable = [*_year(document, year), *_period(document)]
    problems = [*unusable, *_assessment_dates(document)]
    if unusable:
        return None, problems
    start, end = value["period"]["from"], value["period"]["to"]
    period = Period(date.fromisoformat(start), date.fromisoformat(end))
    decisions = tuple(_decisions(document))
    found = Assessment(
        value["year"],
        value["rulebook"],
        value["version"],
        period,
        value["status"],
        value.get("dates", {}),
        decisions,
    )
    return found, problems


def _decisions(document: Document) -> Iterable[Decision]:
    for number, value in enumerate(document.value.get("decisions", [])):
        yield Decision(
            value["line"],
            tuple(value["listed"]),
            value["date"],
            value["document"],
            value["reason"],
            document.location(("decisions", number)),
        )


def _assessment_dates(document: Document) -> Iterable[Problem]:
    """Days of the calendar, in the order in which a year goes by."""
    value, dates = document.value, document.value.get("dates", {})
    yield from _calendar(document, ("dates",), _ORDER)
    for number, decision in enumerate(value.get("decisions", [])):
        yield from _calendar(document, ("decisions", number), ("date",))
        same = [d["line"] for d in value["decisions"][:number]]
        if decision["line"] in same:
            message = Message(
                "There are two decisions for the line «{line}»; keep one.",
                {"line": decision["line"]},
            )
            place = document.location(("decisions", number, "line"))
            yield Problem(place, "duplicate-decision", message)
    known = [key for key in _ORDER if key in dates]
    for before, after in pairwise(known):
        if dates[after] < dates[before]:
            yield _order(document, ("dates", after), dates[after], before, dates[before])
    end = value["period"]["to"]
    if dates.get("published", end) < end:
        yield _order(document, ("dates", "published"), dates["published"], "to", end)
    missing = [name for name in _NEEDED[value["status"]] if name not in dates]
    if missing:
        message = Message(
            "The status is {status}, but these dates are missing: {missing}; "
            "readers must know them.",
            {"status": value["status"], "missing": tuple(missing)},
        )
        place = document.location(("status",))
        yield Problem(place, "missing-date", message, Severity.WARNING)


def _period(document: Document) -> Iterable[Problem]:
    """The period lies in its year, and its last day not before its first."""
    yield from _calendar(document, ("period",), ("from", "to"))
    period, year = document.value["period"], document.value["year"]
    if period["to"] < period["from"]:
        yield _order(document, ("period", "to"), period["to"], "from", period["from"])
    for key in ("from", "to"):
        if is_date(period[key]) and period[key][:4] != str(year):
            message = Message(
                "{date} is outside {year}; the period lies in the year assessed.",
                {"date": period[key], "year": year},
            )
            yield Problem(document.location(("period", key)), "date-outside-period", message)


def force_problems(document: Document, year: Assessment, book: Rulebook) -> Iterable[Problem]:
    """A year is assessed by a rulebook that was in force in it, at least for a part."""
    if book.in_force is None:
        return
    start, until = book.in_force.start, book.in_force.until
    if year.period.end.isoformat() < start or (until and year.period.start.isoformat() > until):
        message = Message(
            "The rulebook {id} version {version} was in force from {start} to {until}, "
            "which is not in {year}; name the version of that time.",
            {
                "id": book.id,
                "version": book.version,
                "start": start,
                "until": until or "-",
                "year": year.year,
            },
        )
        yield Problem(document.location(("version",)), "rulebook-not-in-force", message)


def decision_problems(
    document: Document, year: Assessment, book: Rulebook, townships: Iterable[str]
) -> Iterable[Problem]:
    """Decisions name a line of the rulebook and townships that are assessed."""
    lines, known = tuple(line.id for line in book.lines), tuple(sorted(townships))
    for number, decision in enumerate(year.decisions):
        if decision.line not in lines:
            message = Message(
                "The rulebook has no line «{line}»; its lines are {lines}.",
                {"line": decision.line, "lines": lines},
            )
            yield Problem(
                document.location(("decisions", number, "line")), "unknown-value", message
            )
        for index, township in enumerate(decision.listed):
            keys = ("decisions", number, "listed", index)
            yield from _known_township(document, keys, township, known)


# --- somebody else's ranking ----------------------------------------------------------


def ranking(
    document: Document, year: int, townships: Iterable[str]
) -> tuple[Ranking, list[Problem]]:
    """Where each township stands in a ranking of another office."""
    value, known = document.value, tuple(sorted(townships))
    problems = list(_year(document, year))
    for township, rank in value["ranks"].items():
        keys = ("ranks", township)
        problems += _known_township(document, keys, township, known, key=True)
        if rank > value["of"]:
            message = Message(
                "Rank {rank} of {of}: a rank is at most how many are ranked.",
                {"rank": rank, "of": value["of"]},
            )
            problems.append(Problem(document.location(keys), "out-of-range", message))
    place = document.location(())
    return Ranking(value["document"], value["of"], value["ranks"], place), problems


# --- corrections ----------------------------------------------------------------------


def correction(document: Document, number: str) -> Correction:
    """An appeal or erratum; its changes stay in the document."""
    value = document.value
    return Correction(
        number,
        value["township"],
        value["clause"],
        value["asked_on"],
        value["asked_by"],
        value["decision"],
        value["decided_on"],
        value["document"],
        value["reason"],
        tuple(value.get("strike", [])),
        document.location(()),
    )


def correction_problems(
    document: Document,
    found: Correction,
    year: Assessment,
    book: Rulebook,
    townships: Iterable[str],
) -> Iterable[Problem]:
    """A correction is about a known township and clause, and comes after publication."""
    known = tuple(sorted(townships))
    yield from _calendar(document, (), ("asked_on", "decided_on"))
    if found.decided_on < found.asked_on:
        yield _order(document, ("decided_on",), found.decided_on, "asked_on", found.asked_on)
    yield from _known_township(document, ("township",), found.township, known)
    if found.asked_by != OFFICE:
        yield from _known_township(document, ("asked_by",), found.asked_by, known)
    clauses = tuple(clause.id for clause in book.clauses())
    if found.clause not in clauses:
        message = Message(
            "The rulebook has no clause {clause}; its clauses are {clauses}.",
            {"clause": found.clause, "clauses": clauses},
        )
        yield Problem(document.location(("clause",)), "unknown-clause", message)
    published = year.dates.get("published")
    if year.status == "open" or (published and found.asked_on < published):
        message = Message(
            "Nothing had been published yet on {date}; before publication the office "
            "changes facts in an inspection, not by a correction.",
            {"date": found.asked_on},
        )
        yield Problem(document.location(("asked_on",)), "correction-too-early", message)


def nothing_to_correct(
    document: Document, found: Correction, year: Assessment
) -> Iterable[Problem]:
    """A correction of a report that is not there, unless it changes nothing anyway."""
    if found.effective:
        message = Message(
            "{township} has not reported for {year}, so there is nothing to correct; "
            "its report must be there first.",
            {"township": found.township, "year": year.year},
        )
        yield Problem(document.location(("township",)), "correction-without-report", message)


# --- what several of them ask ---------------------------------------------------------


def _text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"], value["en"])


def _year(document: Document, year: int) -> Iterable[Problem]:
    written = document.value["year"]
    if written != year:
        message = Message(
            "{key} is {written}, but the file's name and folder say {expected}; make them agree.",
            {"key": "year", "written": written, "expected": year},
        )
        yield Problem(document.location(("year",)), "id-mismatch", message)


def _calendar(
    document: Document, keys: tuple[str | int, ...], names: Iterable[str]
) -> Iterable[Problem]:
    value = document.value
    for key in keys:
        value = value.get(key, {}) if isinstance(value, Mapping) else value[key]
    for name in names:
        if name in value and not is_date(value[name]):
            message = Message("{date} is no day of the calendar.", {"date": value[name]})
            yield Problem(document.location((*keys, name)), "bad-date", message)


def _order(
    document: Document, keys: tuple[str | int, ...], after: str, name: str, before: str
) -> Problem:
    message = Message(
        "{after} lies before {name} {before}; put the two dates in order.",
        {"after": after, "name": name, "before": before},
    )
    return Problem(document.location(keys), "date-order", message)


def _known_township(
    document: Document,
    keys: tuple[str | int, ...],
    township: str,
    known: tuple[str, ...],
    *,
    key: bool = False,
) -> Iterable[Problem]:
    if township not in known:
        near = tuple(get_close_matches(township, known, 3, 0.0))
        message = Message(
            "«{township}» is no township registered for this year; did you mean one of: {near}?",
            {"township": township, "near": near or ("-",)},
        )
        yield Problem(document.location(keys, key=key), "unknown-township", message)


def without_group(
    register: Document, city: City, years: Iterable[tuple[int, Rulebook]]
) -> Iterator[Problem]:
    """Units that the rulebook of a year has no group for, each told once a rulebook.

    Such a unit is asked what is said of no group, and where groups rank apart, ranks alone.
    """
    told: set[tuple[str, str, int]] = set()
    for year, rulebook in years:
        grouping = rulebook.above.grouping
        if grouping is None:
            continue
        groups = tuple(group.id for group in grouping.groups)
        for number, unit in enumerate(city.townships):
            about = (unit.id, rulebook.id, rulebook.version)
            if not unit.assessed_in(year) or group_of(rulebook, unit) or about in told:
                continue
            told.add(about)
            args = {"name": unit.name, "rulebook": f"{rulebook.id} {rulebook.version}"}
            message = Message(
                "{name} is in no group of the rulebook {rulebook} of {year}; give it a «{by}» "
                "that is one of: {groups}.",
                {**args, "year": year, "by": grouping.by, "groups": groups},
            )
            place = register.location(("townships", number, grouping.by))
            yield Problem(place, "unit-without-group", message, Severity.WARNING)
