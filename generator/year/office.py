"""What the office writes: the register, a year, another office's ranking, inspections, corrections.

Owns their meaning, what in them does not fit the register and the rulebook, and what a rulebook
asks an inspection to say. Takes values of the right shape; knows no file.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise, repeat
from typing import Any, NamedTuple
from unicodedata import normalize

from generator.engine.book import Rule, Rulebook
from generator.engine.facts import group_of, of_group
from generator.engine.kinds.discretion import Discretion
from generator.engine.problem import Location, Message, Severity, Text
from generator.engine.year import (
    Assessment,
    City,
    Correction,
    Decision,
    Finding,
    Objection,
    Period,
    Ranking,
    Rating,
    Township,
    Unreported,
)
from generator.reading.slips import meant, nearest
from generator.reading.source import Document, Fault, Keys
from generator.shape.form import no_such_day
from generator.shape.schema import Value

Names = Mapping[str, str]
"""What townships, clauses, rules are called in Chinese, by id."""

OFFICE = "office"
"""Who asked for a correction when it was the office itself."""

_NEEDED = {
    "open": (),
    "provisional": ("published", "objections_until"),
    "final": ("published", "final"),
}
"""Without these dates nobody knows until when to object, or since when a result stands."""

_NO_END = 9999
"""After every last year."""

DATES = ("submit_by", "published", "objections_until", "final")
"""The dates of a year, in the order in which it goes by."""


# --- what a file of any kind says, and what may be wrong with it ------------------------


def fields_in(kind: type, value: Value) -> dict[str, Any]:
    """What a value says of the fields of a type, under their own names."""
    return {field.name: value[field.name] for field in fields(kind) if field.name in value}


def inside(keys: Keys, faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults of a part, as those of the whole that holds it under `keys`."""
    return (fault._replace(keys=(*keys, *fault.keys)) for fault in faults)


@lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Whether a text of the right shape (a time may follow) is a day of the calendar."""
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def no_day(keys: Keys, text: str) -> Iterator[Fault]:
    """A text that is no day of the calendar."""
    if (why := no_such_day(text)) is not None:
        yield Fault(keys, "bad-date", why)


def misnamed(value: Value, **expected: object) -> Iterator[Fault]:
    """File name, folder and content say the same."""
    for key, name in expected.items():
        if value[key] != name:
            message = Message(
                "{key} is {written}, but the file's name and folder say {expected}; "
                "make them agree.",
                {"key": key, "written": value[key], "expected": name},
            )
            yield Fault((key,), "id-mismatch", message)


def doubled(entries: Iterable[Value], keys: Keys) -> Iterator[Fault]:
    """Entries of the list under `keys` whose id another one before them has."""
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        name = entry.get("id")
        if name in seen:
            message = Message("«{id}» stands twice; give each its own id.", {"id": name})
            yield Fault((*keys, number, "id"), "duplicate-id", message)
        elif name is not None:
            seen.add(name)


# --- the register ---------------------------------------------------------------------


def city(value: Value) -> City:
    """Who assesses whom."""
    townships = tuple(
        Township(
            township["id"],
            _text(township["name"]),
            township["kind"],
            township.get("group", ""),
            township["from"],
            township.get("until"),
            _several(township.get("successor", ())),
        )
        for township in value["townships"]
    )
    office = value["office"]
    telephone = office.get("telephone")
    name = _text(value["city"])
    return City(name, _text(office), telephone, value["demonstration"], townships)


def _several(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _text(value: Value) -> Text:
    return Text(value["zh"], value["en"])


def register_faults(value: Value) -> Iterator[Fault]:
    """Townships that stand twice, end before they begin, or go on in none that there is."""
    yield from doubled(value["townships"], ("townships",))
    yield from _name_faults(value["townships"])
    first = {township["id"]: township["from"] for township in value["townships"]}
    names = {township["id"]: township["name"]["zh"] for township in value["townships"]}
    for number, township in enumerate(value["townships"]):
        start, until = township["from"], township.get("until")
        for successor in _several(township.get("successor", ())):
            keys: Keys = ("townships", number, "successor")
            if successor not in first:
                yield from _unknown_township(keys, successor, names)
            elif until is None or successor == township["id"] or first[successor] > until + 1:
                message = Message(
                    "«{successor}» cannot take over from «{id}»: the year after its last one "
                    "(until) must be one in which the successor is assessed.",
                    {"id": township["id"], "successor": successor},
                )
                yield Fault(keys, "successor-out-of-time", message)
        if until is not None and until < start:
            message = Message(
                "until {until} lies before from {start}; the last year comes after the first.",
                {"until": until, "start": start},
            )
            yield Fault(("townships", number, "until"), "date-order", message)


def _name_faults(townships: Sequence[Value]) -> Iterator[Fault]:
    """Two townships of one year that nobody can tell apart by a name."""
    known: list[tuple[str, str, int, int]] = []
    for number, township in enumerate(townships):
        first, last = township["from"], township.get("until", _NO_END)
        for language in ("zh", "en"):
            name = township["name"][language]
            plain = normalize("NFKC", name).strip()
            same = [
                other
                for other, told, start, end in known
                if told == plain and first <= end and start <= last and other != township["id"]
            ]
            if same:
                message = Message(
                    "«{name}» is also the name of «{other}», which is assessed in the same years; "
                    "give one of the two another name.",
                    {"name": name, "other": same[0]},
                )
                yield Fault(("townships", number, "name", language), "duplicate-name", message)
            known.append((township["id"], plain, first, last))


# --- a year ---------------------------------------------------------------------------


def assessment(document: Document) -> Assessment:
    """The year that a document without `year_faults` speaks of."""
    value = document.value
    period = Period(*(date.fromisoformat(value["period"][key]) for key in ("from", "to")))
    count = len(value.get("decisions", []))
    places = [document.location(("decisions", number)) for number in range(count)]
    unreported = tuple(Unreported(**entry) for entry in value.get("unreported", []))
    known = {"dates": {}, **value, "period": period, "decisions": _decisions(value, places)}
    known["unreported"] = unreported
    return Assessment(**fields_in(Assessment, known))


def _decisions(value: Value, places: Iterable[Location]) -> tuple[Decision, ...]:
    return tuple(
        Decision(
            **fields_in(Decision, decision) | {"listed": tuple(decision["listed"])}, location=place
        )
        for decision, place in zip(value.get("decisions", []), places, strict=False)
    )


def year_faults(value: Value, year: int) -> Iterator[Fault]:
    """Another year than the folder says, or a period outside it: such a file cannot be used."""
    yield from misnamed(value, year=year)
    period = value["period"]
    for key in ("from", "to"):
        yield from no_day(("period", key), period[key])
    if period["to"] < period["from"]:
        yield misordered(("period", "to"), period["to"], "from", period["from"])
    for key in ("from", "to"):
        if is_date(period[key]) and period[key][:4] != str(value["year"]):
            message = Message(
                "{date} is outside {year}; the period lies in the year assessed.",
                {"date": period[key], "year": value["year"]},
            )
            yield Fault(("period", key), "date-outside-period", message)


def dates_faults(value: Value) -> Iterator[Fault]:
    """Days of the calendar, in the order in which a year goes by; one decision for each line."""
    dates = value.get("dates", {})
    known = [key for key in DATES if key in dates]
    for key in known:
        yield from no_day(("dates", key), dates[key])
    yield from day_faults(value, "unreported")
    yield from _decision_days(value)
    for before, after in pairwise(known):
        if dates[after] < dates[before]:
            yield misordered(("dates", after), dates[after], before, dates[before])
    end = value["period"]["to"]
    if dates.get("published", end) < end:
        yield misordered(("dates", "published"), dates["published"], "to", end)
    missing = [name for name in _NEEDED[value["status"]] if name not in dates]
    if missing:
        message = Message(
            "The status is {status}, but these dates are missing: {missing}; "
            "readers must know them.",
            {"status": value["status"], "missing": tuple(missing)},
        )
        yield Fault(("status",), "missing-date", message, severity=Severity.WARNING)


def _decision_days(value: Value) -> Iterator[Fault]:
    """Decisions whose date is no day, and two about one line."""
    decisions = value.get("decisions", [])
    yield from day_faults(value, "decisions")
    for number, decision in enumerate(decisions):
        if decision["line"] in [earlier["line"] for earlier in decisions[:number]]:
            message = Message(
                "There are two decisions for the line «{line}»; keep one.",
                {"line": decision["line"]},
            )
            yield Fault(("decisions", number, "line"), "duplicate-decision", message)


def force_faults(year: Assessment, book: Rulebook) -> Iterator[Fault]:
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
        yield Fault(("version",), "rulebook-not-in-force", message)


def decision_faults(
    decisions: Sequence[Decision], book: Rulebook, townships: Names
) -> Iterator[Fault]:
    """Decisions name a line of the rulebook and townships that are assessed."""
    lines = tuple(line.id for line in book.lines)
    for number, decision in enumerate(decisions):
        if decision.line not in lines:
            message = Message(
                "The rulebook has no line «{line}»; its lines are {lines}.",
                {"line": decision.line, "lines": lines},
            )
            near = nearest(decision.line, lines, {line.id: line.label.zh for line in book.lines})
            yield Fault(("decisions", number, "line"), "unknown-value", meant(message, near))
        for index, township in enumerate(decision.listed):
            yield from _unknown_township(
                ("decisions", number, "listed", index), township, townships
            )


def unreported_faults(
    year: Assessment, townships: Names, reported: Collection[str]
) -> Iterator[Fault]:
    """A word on townships that are assessed and have not reported, one each."""
    for number, entry in enumerate(year.unreported):
        keys: Keys = ("unreported", number, "township")
        yield from _unknown_township(keys, entry.township, townships)
        if entry.township in reported:
            message = Message(
                "«{township}» has reported for {year}; delete what is said of it here.",
                {"township": entry.township, "year": year.year},
            )
            yield Fault(keys, "unreported-has-reported", message)


def misordered(keys: Keys, after: str, name: str, before: str) -> Fault:
    message = Message(
        "{after} lies before {name} {before}; put the two dates in order.",
        {"after": after, "name": name, "before": before},
    )
    return Fault(keys, "date-order", message)


def _unknown_township(
    keys: Keys, township: str, known: Names, *, at_key: bool = False
) -> Iterator[Fault]:
    if township not in known:
        message = Message(
            "«{township}» is no township registered for this year; there are: {known}",
            {"township": township, "known": tuple(sorted(known)) or ("-",)},
        )
        near = nearest(township, known, known, 0.4)
        yield Fault(keys, "unknown-township", meant(message, near), at_key)


# --- somebody else's ranking ----------------------------------------------------------


def ranking(document: Document) -> Ranking:
    """Where each township stands in a ranking of another office."""
    return Ranking(**fields_in(Ranking, document.value), location=document.start)


def ranking_faults(value: Value, year: int, townships: Names, book: Rulebook) -> Iterator[Fault]:
    """Ranks that nothing reads, of others than this year's townships, beyond how many there are."""
    yield from misnamed(value, year=year)
    if book.outside_ranking is None:
        message = Message(
            "Nothing reads this: the rulebook {id}, version {version}, draws nothing from somebody "
            "else's ranking (outside_ranking). Delete the file, or write that into the rulebook.",
            {"id": book.id, "version": book.version},
        )
        yield Fault(("ranks",), "unread-figure", message, at_key=True)
    for township, rank in value["ranks"].items():
        keys = ("ranks", township)
        yield from _unknown_township(keys, township, townships, at_key=True)
        if rank > value["of"]:
            message = Message(
                "Rank {rank} of {of}: a rank is at most how many are ranked.",
                {"rank": rank, "of": value["of"]},
            )
            yield Fault(keys, "out-of-range", message)


# --- corrections ----------------------------------------------------------------------


def correction(document: Document, number: str) -> Correction:
    """An appeal or erratum; its changes stay in the document."""
    value = {"strike": (), **document.value}
    known = fields_in(Correction, value) | {"strike": tuple(value["strike"])}
    known["decisions"] = _decisions(value, repeat(document.start))
    return Correction(**known, id=number, location=document.start)


def correction_faults(
    correction: Correction,
    year: Assessment,
    book: Rulebook,
    townships: Names,
    reported: Iterable[str],
) -> Iterator[Fault]:
    """A correction is about a township that reported and a clause, and comes after publication."""
    township = correction.township
    yield from no_day(("asked_on",), correction.asked_on)
    yield from no_day(("decided_on",), correction.decided_on)
    if correction.decided_on < correction.asked_on:
        asked_on = correction.asked_on
        yield misordered(("decided_on",), correction.decided_on, "asked_on", asked_on)
    yield from _unknown_township(("township",), township, townships)
    if correction.asked_by != OFFICE:
        yield from _unknown_township(("asked_by",), correction.asked_by, townships)
    yield from unknown_clause(correction.clause, clauses_of(book))
    published = year.dates.get("published")
    if year.status == "open" or (published and correction.asked_on < published):
        message = Message(
            "Nothing had been published yet on {date}; before publication the office "
            "changes facts in an inspection, not by a correction.",
            {"date": correction.asked_on},
        )
        yield Fault(("asked_on",), "correction-too-early", message)
    if township in townships and township not in reported and correction.effective:
        message = Message(
            "{township} has not reported for {year}, so there is nothing to correct; "
            "its report must be there first.",
            {"township": township, "year": year.year},
        )
        yield Fault(("township",), "correction-without-report", message)


def clauses_of(book: Rulebook) -> dict[str, str]:
    """The titles of a rulebook's clauses in Chinese, by id."""
    return {clause.id: clause.title.zh for clause in book.clauses()}


def unknown_clause(clause: str, known: Names) -> Iterator[Fault]:
    """A clause that is not among those with these titles."""
    if clause not in known:
        message = Message(
            "The rulebook has no clause {clause}; its clauses are {clauses}.",
            {"clause": clause, "clauses": tuple(known)},
        )
        near = nearest(clause, known, known)
        yield Fault(("clause",), "unknown-clause", meant(message, near))


# --- objections -----------------------------------------------------------------------


def objection(document: Document, name: str) -> Objection:
    """What a township objects to."""
    return Objection(**fields_in(Objection, document.value), id=name, location=document.start)


def objection_faults(
    objection: Objection, value: Value, year: Assessment, book: Rulebook, townships: Names
) -> Iterator[Fault]:
    """An objection is its township's, about what there is, and made while it may be."""
    dates = year.dates
    yield from misnamed(value, year=year.year, township=objection.id.rpartition("-")[0])
    yield from _unknown_township(("township",), objection.township, townships)
    yield from no_day(("asked_on",), objection.asked_on)
    if objection.clause is not None:
        yield from unknown_clause(objection.clause, clauses_of(book))
    start, end = dates.get("published"), dates.get("objections_until")
    if year.status == "open" or start is None or objection.asked_on < start:
        message = Message(
            "Nothing had been published yet on {date}; what is wrong before then is put right in "
            "the report, or told to the office.",
            {"date": objection.asked_on},
        )
        yield Fault(("asked_on",), "objection-too-early", message)
    elif end is not None and objection.asked_on > end:
        message = Message(
            "Objections were taken until {until}; {date} is later. The office can still correct "
            "what is wrong of its own accord.",
            {"until": end, "date": objection.asked_on},
        )
        yield Fault(("asked_on",), "objection-too-late", message)


def answer_faults(keys: Keys, name: str | None, objections: Collection[str]) -> Iterator[Fault]:
    """The objection that a change or a correction answers."""
    if name is not None and name not in objections:
        message = Message(
            "There is no objection «{name}»; there are: {known}.",
            {"name": name, "known": tuple(sorted(objections)) or ("-",)},
        )
        near = nearest(name, objections)
        yield Fault((*keys, "objection"), "unknown-objection", meant(message, near))


# --- what a rulebook asks an inspection to say ----------------------------------------


class AskedClause(NamedTuple):
    """A clause that findings may be about: its points for this unit.

    `each`: it is judged in every period inside the year.
    """

    points: Fraction
    each: bool
    title: str


class AskedRule(NamedTuple):
    """A rule left to discretion; `each`: it is rated in every period inside the year."""

    rule: Discretion
    each: bool


@dataclass(frozen=True, slots=True)
class UnitDemands:
    """The clauses and the rules left to discretion, by id, and the periods inside the year.

    `group` is the rulebook's that the unit belongs to.
    """

    group: str | None
    clauses: Mapping[str, AskedClause]
    rules: Mapping[str, AskedRule]
    parts: tuple[str, ...]


def demands(rulebook: Rulebook, units: Iterable[Township]) -> dict[str, UnitDemands]:
    """What a rulebook asks of each unit, by its id; under "" of one without a group."""
    groups = {"": None, **{unit.id: group_of(rulebook, unit) for unit in units}}
    of_groups = {group: asked(rulebook, group) for group in {*groups.values()}}
    return {unit: of_groups[group] for unit, group in groups.items()}


def asked(rulebook: Rulebook, group: str | None) -> UnitDemands:
    """What a rulebook asks of a unit of that group."""
    book = of_group(rulebook, group)
    clauses: dict[str, AskedClause] = {}
    rules: dict[str, AskedRule] = {}
    for section in book.sections:
        each = section.each == "period"
        for clause in section.clauses:
            clauses[clause.id] = AskedClause(clause.points.value, each, clause.title.zh)
            rules.update(_discretion(clause.rules, each=each))
    for pool in book.above.pools:
        rules.update(_discretion(pool.rules, each=False))
    return UnitDemands(group, clauses, rules, tuple(part.id for part in book.above.parts))


def _discretion(rules: Iterable[Rule], *, each: bool) -> Iterator[tuple[str, AskedRule]]:
    return ((rule.id, AskedRule(rule, each)) for rule in rules if isinstance(rule, Discretion))


# --- inspections ----------------------------------------------------------------------


def findings(inspection: Document) -> tuple[Finding, ...]:
    """The findings of an inspection, the wrong ones too."""
    return tuple(
        finding(entry, inspection.location(("findings", number)))
        for number, entry in enumerate(inspection.value.get("findings", []))
    )


def finding(value: Value, location: Location) -> Finding:
    """One finding; that of an example leaves out who was there and what shows it."""
    known = dict.fromkeys(("occasion", "date", "reason", "document"), "") | dict(value)
    points, part = Fraction(value["deduct"]), value.get("period")
    return Finding(**fields_in(Finding, known), points=points, part=part, location=location)


def ratings(inspection: Document) -> tuple[Rating, ...]:
    """The ratings of an inspection, the wrong ones too."""
    return tuple(
        rating(entry, inspection.location(("ratings", number)))
        for number, entry in enumerate(inspection.value.get("ratings", []))
    )


def rating(value: Value, location: Location) -> Rating:
    """One rating; that of an example leaves out when it was made and what shows it."""
    known = dict.fromkeys(("date", "reason", "document"), "") | dict(value)
    known["points"] = Fraction(value["points"])
    return Rating(**fields_in(Rating, known), part=value.get("period"), location=location)


def inspection_faults(
    value: Value,
    year: Assessment,
    wanted: UnitDemands,
    findings: Sequence[Finding],
    ratings: Sequence[Rating],
) -> Iterator[Fault]:
    """What an inspection must not say of its days, clauses, scorers and points."""
    for key in ("changes", "findings", "ratings"):
        yield from day_faults(value, key)
        yield from _outside(value, key, year)
    yield from doubled(value.get("findings", []), ("findings",))
    for number, finding in enumerate(findings):
        yield from inside(("findings", number), _finding_faults(finding, wanted))
    for number, rating in enumerate(ratings):
        faults = rating_faults(rating, wanted, ratings[:number])
        yield from inside(("ratings", number), faults)


def day_faults(value: Value, key: str) -> Iterator[Fault]:
    """Entries of a list whose date is no day; a correction's changes may name none."""
    for number, entry in enumerate(value.get(key, [])):
        if "date" in entry:
            yield from no_day((key, number, "date"), entry["date"])


def _outside(value: Value, key: str, year: Assessment) -> Iterator[Fault]:
    """Entries dated before the period's start, or after the final date."""
    start, end = year.period.start.isoformat(), year.dates.get("final")
    for number, entry in enumerate(value.get(key, [])):
        day = entry["date"]
        if is_date(day) and not start <= day <= (end or day):
            message = Message(
                "{date} is outside the year; a date from {start} on is expected.",
                {"date": day, "start": start},
            )
            if end is not None:
                message = Message(
                    "{date} is outside the year; "
                    "a date between {start} and the final date {end} is expected.",
                    {**message.args, "end": end},
                )
            yield Fault((key, number, "date"), "date-outside-period", message)


def _finding_faults(finding: Finding, wanted: UnitDemands) -> Iterator[Fault]:
    yield from unknown_clause(finding.clause, {k: c.title for k, c in wanted.clauses.items()})
    clause = wanted.clauses.get(finding.clause)
    if clause is None:
        return
    if finding.points > clause.points:
        message = Message(
            "{points} points are more than clause {clause} has; deduct at most {maximum}.",
            {"points": finding.points, "clause": finding.clause, "maximum": clause.points},
        )
        yield Fault(("deduct",), "deduct-over-maximum", message)
    yield from part_faults(finding.part, wanted.parts, each=clause.each)


def rating_faults(
    rating: Rating, wanted: UnitDemands, earlier: Iterable[Rating]
) -> Iterator[Fault]:
    """What is wrong with a rating beside those that stand before it."""
    rated = wanted.rules.get(rating.rule)
    if rated is None:
        args = {"rule": rating.rule, "known": tuple(wanted.rules) or ("-",)}
        message = Message("«{rule}» is no rule left to discretion; those are: {known}.", args)
        labels = {name: asked.rule.label.zh for name, asked in wanted.rules.items()}
        near = nearest(rating.rule, labels, labels)
        yield Fault(("rule",), "unknown-rule", meant(message, near))
        return
    rule = rated.rule
    if rating.scorer not in rule.scorers:
        args = {"scorer": rating.scorer, "rule": rating.rule, "known": tuple(rule.scorers)}
        message = Message("«{scorer}» does not rate «{rule}»; those who do are: {known}.", args)
        labels = {who: scorer.label.zh for who, scorer in rule.scorers.items()}
        near = nearest(rating.scorer, labels, labels)
        yield Fault(("scorer",), "unknown-scorer", meant(message, near))
    least, greatest = rule.least.value, rule.greatest.value
    if not least <= rating.points <= greatest:
        message = Message(
            "«{rule}» is rated with {least} to {greatest} points, not {points}.",
            {"rule": rule.label, "least": least, "greatest": greatest, "points": rating.points},
        )
        yield Fault(("points",), "out-of-range", message)
    yield from part_faults(rating.part, wanted.parts, each=rated.each)
    if any(_about(rating) == _about(other) for other in earlier):
        known = rule.scorers.get(rating.scorer)
        message = Message(
            "«{scorer}» rates «{rule}» twice; keep one of the two ratings.",
            {"rule": rule.label, "scorer": known.label if known else rating.scorer},
        )
        yield Fault(("scorer",), "duplicate-rating", message)


def _about(rating: Rating) -> tuple[str, str, str | None]:
    return rating.rule, rating.scorer, rating.part


def part_faults(
    part: str | None, known: tuple[str, ...], *, each: bool, key: str = "period"
) -> Iterator[Fault]:
    """A period inside the year is named where every period is judged, and only there."""
    if each and part is None:
        message = Message(
            "This is judged in every period; say in which: {known}.", {"known": known}
        )
        yield Fault((), "period-missing", message)
    elif part is not None and not each:
        message = Message("This is judged once for the whole year; delete the period.")
        yield Fault((key,), "period-superfluous", message)
    elif part is not None and part not in known:
        args = {"period": part, "known": known}
        message = Message("The rulebook has no period {period}; its periods are: {known}.", args)
        yield Fault((key,), "unknown-period", meant(message, nearest(part, known)))


def missing_ratings(
    ratings: Sequence[Rating], rulebook: Rulebook, wanted: UnitDemands
) -> Iterator[Fault]:
    """Every rule left to discretion that somebody has still to rate.

    Whoever has rated it wrongly has been told so, and is not told that the rating is missing.
    """
    rated = {_about(rating) for rating in ratings}
    labels = {part.id: part.label for part in rulebook.above.parts}
    doubtful = {
        rating.rule
        for number, rating in enumerate(ratings)
        if any(rating_faults(rating, wanted, ratings[:number]))
    }
    if not doubtful <= wanted.rules.keys():
        return
    for name, (rule, each) in wanted.rules.items():
        scorers = {} if name in doubtful else rule.scorers
        for part in wanted.parts if each else (None,):
            silent = tuple(
                scorer.label for who, scorer in scorers.items() if (name, who, part) not in rated
            )
            if silent:
                args = {"rule": rule.label, "scorers": silent}
                message = Message("«{rule}» still waits for the rating by: {scorers}.", args)
                if part is not None:
                    message = Message(
                        "«{rule}» in {period} still waits for the rating by: {scorers}.",
                        {**args, "period": labels[part]},
                    )
                yield Fault((), "rating-missing", message, severity=Severity.WARNING)
