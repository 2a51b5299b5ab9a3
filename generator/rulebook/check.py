"""What a schema cannot say about a rulebook: everything that its parts ask of each other.

Names given once and there, sums of points and weights, orders, what can never make a difference.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generator.engine.book import DeadlineState
from generator.engine.measures import Condition
from generator.engine.problem import Message, Path, Problem, Severity
from generator.engine.score import FINDING
from generator.reading.source import Document
from generator.rulebook.paths import (
    CLAUSES,
    RULES,
    Keys,
    figures,
    inner_quantities,
    path_problems,
    places,
    rules,
    unknown,
)
from generator.rulebook.raw import Value, conditions, tests
from generator.shape.form import Form

_GIVEN: Mapping[str, tuple[str, ...]] = {
    "rule": tuple(f"{rule}.id" for rule in RULES),
    "clause": (f"{CLAUSES}.id",),
    "section": ("sections.*.id",),
    "reading": ("readings.*.id",),
    "undecidable": ("undecidable.*.id",),
    "deadline": ("deadlines.*.id",),
    "line": ("lines.*.id",),
    "provision": ("provisions.*.id",),
    "ground": ("exclusions.grounds.*.id",),
    "group": ("groups.list.*.id",),
    "period": ("periods.*.id",),
    "adjustment": ("pools.*.id", "vetoes.*.id"),
    "conversion": ("conversions.*.id",),
    "band": ("bands.list.*.id",),
    "streak": ("streaks.*.id",),
    "payment": ("payments.*.id",),
    "outcome": ("outcomes.@",),
    "scorer": ("scorers.@",),
}
"""Where each sort of name is given; of one sort no name may be given twice."""

_PLACES_WITH_GROUPS = ("sections.*", CLAUSES, "pools.*", "lines.*")
_PLACES_BY_GROUP = (
    "total_by_group",
    "sections.*.points_by_group",
    "sections.*.weight_by_group",
    f"{CLAUSES}.points_by_group",
    "payments.*.per_point_by_group",
)

_NAMED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("unknown-group", ("group",), tuple(f"{place}.groups.*" for place in _PLACES_WITH_GROUPS)),
    ("unknown-group", ("group",), tuple(f"{place}.@" for place in _PLACES_BY_GROUP)),
    ("unknown-line", ("line",), ("lines.*.yields_to", "vetoes.*.bars.*")),
    ("unknown-band", ("band",), ("streaks.*.bands.*",)),
    ("unknown-section", ("section",), ("tie_breakers.*.section",)),
    ("unknown-clause", ("clause",), ("tie_breakers.*.clause",)),
    ("unknown-scorer", ("scorer",), tuple(f"{rule}.scorers.@" for rule in RULES)),
    (
        "unknown-clause",
        ("clause", "provision"),
        (
            *("readings.*.clauses.*", "undecidable.*.clauses.*", "vetoes.*.clause"),
            *("streaks.*.clause", "payments.*.clause"),
        ),
    ),
    (
        "unknown-clause",
        ("provision",),
        ("exclusions.grounds.*.clause", "lines.*.clause", "outside_ranking.clause"),
    ),
    (
        "unknown-outcome",
        ("outcome",),
        (
            *("lines.*.outcomes.*", "lines.*.undecided", "outside_ranking.outcome"),
            *("vetoes.*.outcomes.*", "bands.list.*.outcomes.*", "streaks.*.outcomes.*"),
        ),
    ),
)
"""The code of a name that is nowhere given, what it may be a name of, and where it is used."""


def name_problems(document: Document) -> Iterator[Problem]:
    """Every name given twice, and every name of something that is not there."""
    value: Mapping[str, Any] = document.value
    given = {sort: list(_found(value, patterns)) for sort, patterns in _GIVEN.items()}
    for names in given.values():
        yield from _twice(document, names)
    yield from _reserved(document, given["rule"])
    for code, sorts, patterns in _NAMED:
        known = [str(name) for sort in sorts for _, name in given[sort]]
        for keys, name in _found(value, patterns):
            if name not in known:
                yield unknown(document, keys, code, name, known, key=_is_key(value, keys))
    yield from _circles(document)


def _found(value: Mapping[str, Any], patterns: Iterable[str]) -> Iterator[tuple[Keys, str]]:
    for pattern in patterns:
        yield from places(value, pattern)


def _is_key(value: Any, keys: Keys) -> bool:
    """Whether a name stands as a key of a table, and not as a value."""
    for key in keys:
        value = value[key]
    return isinstance(value, Mapping)


def _twice(document: Document, names: Iterable[tuple[Keys, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for keys, name in names:
        if name in seen:
            message = Message("«{id}» stands twice; give each its own id.", {"id": name})
            yield Problem(document.location(keys), "duplicate-id", message)
        seen.add(name)


def _reserved(document: Document, names: Iterable[tuple[Keys, str]]) -> Iterator[Problem]:
    for keys, name in names:
        if name == FINDING:
            message = Message(
                "What an inspection finds is listed under «{id}»; choose another id.",
                {"id": FINDING},
            )
            yield Problem(document.location(keys), "duplicate-id", message)


def _circles(document: Document) -> Iterator[Problem]:
    """Lines that yield to each other."""
    lines = document.value.get("lines", [])
    after = {line["id"]: line.get("yields_to") for line in lines}
    for number, line in enumerate(lines):
        seen: set[str] = set()
        name = line.get("yields_to")
        while name in after and name not in seen and name != line["id"]:
            seen.add(name)
            name = after[name]
        if name is not None and name == line["id"]:
            message = Message("The lines yield to each other in a circle; let one go first.")
            place = document.location(("lines", number, "yields_to"))
            yield Problem(place, "circular-line", message)


_NO_GROUP = ""


def sum_problems(document: Document) -> list[Problem]:
    """Everything that does not add up or stands in the wrong order."""
    return [
        *_points(document),
        *_weights(document),
        *_in_force(document),
        *_periods(document),
        *_bands(document),
        *_scales(document),
        *_discretion(document),
    ]


def _number(figure: Value) -> Fraction:
    return Fraction(figure["value"])


# --- sums -----------------------------------------------------------------------------


def _points(document: Document) -> Iterator[Problem]:
    """Clauses add up to their section and sections to the total, for every group alike."""
    value = document.value
    groups = [group["id"] for group in value.get("groups", {}).get("list", [])] or [_NO_GROUP]
    wrong: dict[tuple[Keys, Fraction, Fraction], list[str]] = {}

    def compare(keys: Keys, whole: Fraction, parts: Iterable[Fraction], group: str) -> None:
        found = sum(parts, Fraction())
        if whole != found:
            wrong.setdefault((keys, whole, found), []).append(group)

    for group in groups:
        sections = [s for s in value["sections"] if _applies(s, group)]
        keys, whole = _by_group(value, "total", group)
        counted = (
            _by_group(s, "points", group)[1] * _share(s, group) * _times(value, s) for s in sections
        )
        compare(keys, whole, counted, group)
        for number, section in enumerate(value["sections"]):
            if _applies(section, group):
                keys, whole = _by_group(section, "points", group)
                clauses = (c for c in section["clauses"] if _applies(c, group))
                parts = (_by_group(clause, "points", group)[1] for clause in clauses)
                compare(("sections", number, *keys), whole, parts, group)
    for (keys, whole, found), those in wrong.items():
        yield _off(document, keys, whole, found, tuple(those))


def _applies(value: Value, group: str) -> bool:
    return not value.get("groups") or group in value["groups"]


def _share(section: Value, group: str) -> Fraction:
    """What part of its points a section counts for."""
    if "weight" not in section and group not in section.get("weight_by_group", {}):
        return Fraction(1)
    return _by_group(section, "weight", group)[1] / 100


def _times(value: Value, section: Value) -> int:
    """How often a section's points can be had: in every period, where these add up."""
    periods = value.get("periods", [])
    adding = section.get("each") == "period" and not any("weight" in one for one in periods)
    return (len(periods) or 1) if adding else 1


def _by_group(value: Value, key: str, group: str) -> tuple[Keys, Fraction]:
    """A figure, or the group's own in its place, and where it stands."""
    table = f"{key}_by_group"
    if group in value.get(table, {}):
        return (table, group, "value"), _number(value[table][group])
    return (key, "value"), _number(value[key])


def _off(
    document: Document, keys: Keys, whole: Fraction, found: Fraction, groups: tuple[str, ...]
) -> Problem:
    args: dict[str, object] = {"whole": whole, "sum": found}
    message = Message(
        "{whole} points are given, but the parts add up to {sum}; make them agree.", args
    )
    if groups != (_NO_GROUP,):
        message = Message(
            "{whole} points are given, but for {groups} the parts add up to {sum}; "
            "make them agree.",
            {**args, "groups": groups},
        )
    return Problem(document.location(keys), "points-do-not-add-up", message)


def _weights(document: Document) -> Iterator[Problem]:
    """What counts in per cent of a whole adds up to 100."""
    periods = document.value.get("periods", [])
    weights = [period["weight"] for period in periods if "weight" in period]
    if 0 < len(weights) < len(periods):
        message = Message(
            "Some periods have a weight and some have none; write one for each of them, or for "
            "none: then their points add up."
        )
        place = document.location(("periods",), key=True)
        yield Problem(place, "weights-do-not-add-up", message)
    elif weights:
        yield from _hundred(document, ("periods",), weights)
    for keys, rule in rules(document.value):
        if "scorers" in rule:
            yield from _hundred(document, (*keys, "scorers"), rule["scorers"].values())


def _hundred(document: Document, keys: Keys, weights: Iterable[Value]) -> Iterator[Problem]:
    found = sum(map(_number, weights), Fraction())
    if found != 100:
        message = Message(
            "The percentages add up to {sum}; make them add up to 100.", {"sum": found}
        )
        yield Problem(document.location(keys, key=True), "weights-do-not-add-up", message)


# --- orders ---------------------------------------------------------------------------


def _in_force(document: Document) -> Iterator[Problem]:
    span = document.value.get("in_force", {})
    ends = {key: _day(text) for key, text in span.items()}
    for key, day in ends.items():
        if day is None:
            yield _no_day(document, ("in_force", key), span[key])
    first, last = ends.get("from"), ends.get("until")
    if first and last and last < first:
        yield _reversed(document, ("in_force", "until"), span["from"], span["until"])


def _periods(document: Document) -> Iterator[Problem]:
    """Real days of any year, each period from the first to the last, one after the other."""
    periods = document.value.get("periods", [])
    for number, period in enumerate(periods):
        for key in ("from", "to"):
            if _day(f"{_COMMON_YEAR}-{period[key]}") is None:
                yield _no_day(document, ("periods", number, key), period[key])
        if period["to"] < period["from"]:
            yield _reversed(document, ("periods", number, "to"), period["from"], period["to"])
    for number, (before, after) in enumerate(pairwise(periods), 1):
        if after["from"] <= before["to"]:
            message = Message(
                "{period} begins on {from}, but {before} ends only on {to}; let periods follow "
                "each other.",
                {
                    "period": after["id"],
                    "from": after["from"],
                    "before": before["id"],
                    "to": before["to"],
                },
            )
            place = document.location(("periods", number, "from"))
            yield Problem(place, "periods-overlap", message)


_COMMON_YEAR = 2001
"""A year without a 29th of February: a period's ends are days that every year has."""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no_day(document: Document, keys: Keys, text: str) -> Problem:
    message = Message(
        "{date} is no day of every year; choose one that is in the calendar.", {"date": text}
    )
    return Problem(document.location(keys), "bad-date", message)


def _reversed(document: Document, keys: Keys, first: str, last: str) -> Problem:
    message = Message(
        "It ends on {last}, before it begins on {first}; exchange the two or mend one.",
        {"first": first, "last": last},
    )
    return Problem(document.location(keys), "date-order", message)


def _bands(document: Document) -> Iterator[Problem]:
    """From the top down, each band ends where the one above it begins."""
    bands = document.value.get("bands", {}).get("list", [])
    if not bands:
        return
    for number, key, open_end in (
        (0, "below", Message("nothing lies above the first band: delete «below»")),
        (-1, "at_least", Message("nothing lies below the last band: delete «at_least»")),
    ):
        if key in bands[number]:
            keys = ("bands", "list", number % len(bands), key)
            yield _band(document, keys, "bands-gap", open_end)
    for number, (above, band) in enumerate(pairwise(bands), 1):
        yield from _border(document, number, above, band)
    for number, band in enumerate(bands):
        if (
            "at_least" in band
            and "below" in band
            and _number(band["below"]) <= _number(band["at_least"])
        ):
            why = Message("no score is in this band; let «below» be above «at_least»")
            yield _band(document, ("bands", "list", number, "below"), "bands-overlap", why)


def _border(document: Document, number: int, above: Value, band: Value) -> Iterator[Problem]:
    """What is wrong between a band and the one above it."""
    missing = [
        (index, key)
        for index, one, key in ((number - 1, above, "at_least"), (number, band, "below"))
        if key not in one
    ]
    for index, key in missing:
        why = Message("«{key}» is missing, so two bands hold the same scores", {"key": key})
        yield _band(document, ("bands", "list", index), "bands-overlap", why)
    if missing:
        return
    end, begin = _number(band["below"]), _number(above["at_least"])
    if end != begin:
        code = "bands-overlap" if end > begin else "bands-gap"
        why = Message(
            "this band ends below {end}, but the one above it begins at {begin}; make them agree",
            {"end": end, "begin": begin},
        )
        yield _band(document, ("bands", "list", number, "below"), code, why)


def _band(document: Document, keys: Keys, code: str, why: Message) -> Problem:
    message = Message("Every score must lie in exactly one band: {why}.", {"why": why})
    return Problem(document.location(keys), code, message)


def _scales(document: Document) -> Iterator[Problem]:
    """Points from the lowest up; a line may jump, with two points in one place but not three."""
    for keys, rule in rules(document.value):
        at = [_number(point["at"]) for point in rule.get("along", [])]
        for number, (first, second) in enumerate(pairwise(at), 1):
            jump = first == second and not rule.get("stepped") and at.count(first) == 2
            if second <= first and not jump:
                message = Message(
                    "{second} comes after {first}; let every «at» be greater than the one "
                    "before it.",
                    {"first": first, "second": second},
                )
                place = document.location((*keys, "along", number, "at", "value"))
                yield Problem(place, "scale-order", message)


def _discretion(document: Document) -> Iterator[Problem]:
    for keys, rule in rules(document.value):
        if "greatest" in rule and _number(rule["greatest"]) < _number(rule["least"]):
            message = Message(
                "At least {least} and at most {greatest} leave no choice; exchange the two or "
                "mend one.",
                {"least": _number(rule["least"]), "greatest": _number(rule["greatest"])},
            )
            place = document.location((*keys, "greatest", "value"))
            yield Problem(place, "range-reversed", message)


_LATE = frozenset((DeadlineState.LATE, DeadlineState.OVERDUE, DeadlineState.OVERDUE_EARLIER))
"""States in which a limit has been passed, so that a delay can be counted."""


def dead_problems(document: Document) -> list[Problem]:
    """A warning for everything that can never make a difference."""
    checker = _Checker(document)
    problems: list[Problem] = []
    for keys, section in places(document.value, "sections.*"):
        problems += checker.section(keys, section)
    return [*problems, *checker.above()]


@dataclass(frozen=True, slots=True)
class _Checker:
    document: Document

    def dead(self, keys: Keys, why: Message, *, key: bool = False) -> Problem:
        message = Message(
            "This can never make a difference: {why}. Mend it or delete it.", {"why": why}
        )
        place = self.document.location(keys, key=key)
        return Problem(place, "dead-rule", message, Severity.WARNING)

    def section(self, keys: Keys, section: Value) -> Iterator[Problem]:
        groups = section.get("groups", ())
        yield from self.groups(keys, section, groups)
        for here, clause in places(section, "clauses.*"):
            at = (*keys, *here)
            mine = clause.get("groups", ())
            both = [group for group in mine if group in groups] if groups and mine else mine
            if mine and not both:
                why = Message("none of these groups has this section")
                yield self.dead((*at, "groups"), why, key=True)
            yield from self.groups(at, clause, both or groups)
            yield from self.clause(at, clause)

    def groups(self, keys: Keys, value: Value, groups: Sequence[str]) -> Iterator[Problem]:
        """Figures of groups to which it does not apply."""
        for table in ("points_by_group", "weight_by_group"):
            for here, group in places(value, f"{table}.@"):
                if groups and group not in groups:
                    why = Message("it does not apply to the group «{group}»", {"group": group})
                    yield self.dead((*keys, *here), why, key=True)

    def clause(self, keys: Keys, clause: Value) -> Iterator[Problem]:
        for here, where in places(clause, "applies.where"):
            yield from self.tests((*keys, *here), where)
        for here, rule in places(clause, "rules.*"):
            yield from self.rule((*keys, *here), rule)

    def above(self) -> Iterator[Problem]:
        value = self.document.value
        for pattern in ("pools.*.where", "vetoes.*.where"):
            for keys, where in places(value, pattern):
                yield from self.tests(keys, where)
        for keys, rule in places(value, "pools.*.rules.*"):
            yield from self.rule(keys, rule)
        for keys, breaker in places(value, "tie_breakers.*"):
            yield from self.quantity(keys, breaker)
        yield from self.period_grades()

    def period_grades(self) -> Iterator[Problem]:
        """Consequences of grades, where not the year but every period has its grade."""
        bands = self.document.value.get("bands", {})
        for keys, _ in places(bands, "list.*.outcomes") if bands.get("of") == "period" else ():
            why = Message(
                "only the grade of the year has outcomes of its own; what follows from grades of "
                "periods is a streak, of one period if need be"
            )
            yield self.dead(("bands", *keys), why, key=True)

    # --- rules ---

    def rule(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        if "records" in rule:
            yield from self.choosing(keys, rule)
        for name in ("actual", "at_least", "at_most", "around", "limit", "value"):
            if name in rule:
                yield from self.quantity((*keys, name), rule[name])

    def choosing(self, keys: Keys, rule: Value) -> Iterator[Problem]:
        """The rule's condition, and with it those of its parts."""
        where = conditions(rule.get("where", {}))
        found = list(self.where((*keys, "where"), where))
        yield from found
        if found:
            return
        for here, inner in (*places(rule, "first.where"), *places(rule, "factors.*.where")):
            yield from self.where((*keys, *here), (*where, *conditions(inner)))
        for here, delay in places(rule, "delay"):
            states = [set(c.values) for c in where if c.field == (delay["deadline"],)]
            if states and not states[0] & _LATE:
                why = Message("none of these records is late")
                yield self.dead((*keys, *here), why, key=True)

    # --- conditions ---

    def quantity(self, keys: Keys, value: Value) -> Iterator[Problem]:
        for kind in ("count", "sum"):
            if kind in value:
                where = conditions(value.get("where", {}))
                yield from self.where((*keys, "where"), where)
        for here, inner in inner_quantities(value):
            yield from self.quantity((*keys, *here), inner)

    def where(self, keys: Keys, where: Sequence[Condition]) -> Iterator[Problem]:
        """Conditions on one record that contradict each other."""
        absent = [c.field for c in where if c.present is False]
        for field in dict.fromkeys(condition.field for condition in where):
            mine = [c for c in where if c.field == field]
            asked = any(c.present is not False for c in mine)
            gone = any(field[: len(above)] == above for above in absent)
            if (asked and gone) or _exclusive([c.values for c in mine if c.values]):
                why = Message(
                    "no record meets what is asked of «{path}»", {"path": ".".join(field)}
                )
                yield self.dead(keys, why, key=True)

    def tests(self, keys: Keys, where: Sequence[Value]) -> Iterator[Problem]:
        """Tests of one unit that contradict each other."""
        for number, test in enumerate(where):
            yield from self.quantity((*keys, number), test)
        values: dict[Path, list[tuple[object, ...]]] = {}
        for one in tests(where):
            if one.values:
                values.setdefault(one.fact, []).append(one.values)
        if any(map(_exclusive, values.values())):
            yield self.dead(keys, Message("no unit passes all of these tests"), key=True)


def _exclusive(lists: Sequence[tuple[object, ...]]) -> bool:
    """Whether there are lists of values, and no value is in all of them."""
    return bool(lists) and not set(lists[0]).intersection(*lists[1:])


def rulebook_problems(document: Document, form: Form, folder: tuple[str, int]) -> list[Problem]:
    """Everything wrong with a well-shaped rulebook in the folder of that id and version."""
    problems = [
        *_identity(document, *folder),
        *sum_problems(document),
        *name_problems(document),
        *_readings(document),
        *_effects(document),
    ]
    lacking = list(_need_periods(document))
    problems += lacking or path_problems(document, form)
    return problems or dead_problems(document)


def _identity(document: Document, name: str, version: int) -> Iterator[Problem]:
    for key, expected in (("id", name), ("version", version)):
        if document.value[key] != expected:
            message = Message(
                "{key} is {written}, but the file's name and folder say {expected}; "
                "make them agree.",
                {"key": key, "written": document.value[key], "expected": expected},
            )
            yield Problem(document.location((key,)), "id-mismatch", message)


def _readings(document: Document) -> Iterator[Problem]:
    """Every reading that a number rests on is there."""
    known = [reading["id"] for reading in document.value.get("readings", [])]
    for keys, figure in figures(document.value):
        if "reading" in figure and figure["reading"] not in known:
            here = (*keys, "reading")
            yield unknown(document, here, "unknown-reading", figure["reading"], known)


def _effects(document: Document) -> Iterator[Problem]:
    """Rules of pools say whether they give or take."""
    for keys, rule in places(document.value, "pools.*.rules.*"):
        if "effect" not in rule:
            message = Message(
                "A rule outside the clauses must say whether it gives or takes points; add "
                "«effect: award» or «effect: deduct»."
            )
            yield Problem(document.location((*keys, "effect")), "missing-key", message)


def _need_periods(document: Document) -> Iterator[Problem]:
    """What is said of periods inside the year needs some."""
    value = document.value
    of_period = value.get("bands", {}).get("of") == "period"
    asking: list[Keys] = [k for k, each in places(value, "sections.*.each") if each == "period"]
    asking += [("bands", "of")] if of_period else []
    for keys in asking if not value.get("periods") else []:
        message = Message("There are no periods inside the year; list them under «periods».")
        yield Problem(document.location(keys), "needs-periods", message)
    for keys, _ in places(value, "streaks.*.bands") if not of_period else []:
        message = Message(
            "Periods in a row can only be counted where every period has its band; write "
            "«of: period» under «bands»."
        )
        yield Problem(document.location(keys, key=True), "needs-periods", message)
