"""What a schema cannot say about a rulebook: everything that its parts ask of each other.

Names given once and there, sums of points and weights, orders, what can never make a difference.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generator.engine import book as law
from generator.engine.kinds.discretion import Discretion
from generator.engine.kinds.per_record import Delay, Factor
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.kinds.scale import Scale
from generator.engine.measures import Condition, FactTest, Figure, Selection, held
from generator.engine.problem import Message, Path, Problem, Severity
from generator.engine.quantities import (
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    PercentQuantity,
    SumQuantity,
    TotalQuantity,
)
from generator.engine.year import FINDING
from generator.reading.source import Document, Fault, Keys, placed
from generator.rulebook.paths import path_faults, unknown
from generator.rulebook.read import written
from generator.shape.form import Form
from generator.shape.typed import Typed

Book = Typed[law.Rulebook]
Named = tuple[type, str]
"""A type, and the field of it that holds names: one, several, or those of a table."""


def _ids(*kinds: type) -> dict[str, tuple[Named, ...]]:
    return {kind.__name__.lower(): ((kind, "id"),) for kind in kinds}


_GIVEN: Mapping[str, tuple[Named, ...]] = {
    **_ids(law.Rule, law.Clause, law.Section, law.Reading, law.Undecidable),
    **_ids(law.Deadline, law.Line, law.Provision, law.Ground, law.Group),
    "period": ((law.Part, "id"),),
    "adjustment": ((law.Pool, "id"), (law.Veto, "id")),
    **_ids(law.Conversion, law.Band, law.Streak, law.Payment),
    "outcome": ((law.Rulebook, "outcomes"),),
    "scorer": ((law.Wording, "scorers"),),
}
"""Where each sort of name is given; of one sort no name may be given twice."""

_USED: tuple[tuple[str, tuple[str, ...], tuple[Named, ...]], ...] = (
    (
        "unknown-group",
        ("group",),
        (
            *((kind, "groups") for kind in (law.Section, law.Clause, law.Pool, law.Line)),
            *((law.Rulebook, "total_by_group"), (law.Section, "points_by_group")),
            *((law.Section, "weight_by_group"), (law.Clause, "points_by_group")),
            (law.Payment, "per_point_by_group"),
        ),
    ),
    ("unknown-line", ("line",), ((law.Line, "yields_to"), (law.Veto, "bars"))),
    ("unknown-band", ("band",), ((law.Streak, "bands"),)),
    ("unknown-section", ("section",), ((law.TieBreaker, "section"),)),
    ("unknown-clause", ("clause",), ((law.TieBreaker, "clause"),)),
    ("unknown-scorer", ("scorer",), ((Discretion, "scorers"),)),
    ("unknown-reading", ("reading",), ((Figure, "reading"),)),
    (
        "unknown-clause",
        ("clause", "provision"),
        (
            *((law.Reading, "clauses"), (law.Undecidable, "clauses")),
            *((kind, "clause") for kind in (law.Veto, law.Streak, law.Payment)),
        ),
    ),
    (
        "unknown-clause",
        ("provision",),
        tuple((kind, "clause") for kind in (law.Ground, law.Line, law.OutsideRanking)),
    ),
    (
        "unknown-outcome",
        ("outcome",),
        (
            *((kind, "outcomes") for kind in (law.Line, law.Veto, law.Band, law.Streak)),
            *((law.Line, "undecided"), (law.OutsideRanking, "outcome")),
        ),
    ),
)
"""The code of a name that is nowhere given, what it may be a name of, and where it is used."""


def _names(book: Book, places: Iterable[Named]) -> Iterator[tuple[Keys, str, bool]]:
    """Names with their keys, and whether each stands there as a key."""
    for kind, field in places:
        for item in book.all(kind):
            value, keys = getattr(item, field), book.keys(item, field)
            if isinstance(value, Mapping):
                yield from (((*keys, name), name, True) for name in value)
            elif isinstance(value, tuple):
                yield from (((*keys, number), name, False) for number, name in enumerate(value))
            elif value is not None:
                yield keys, value, False


def _given(book: Book) -> Iterator[Fault]:
    """Names given twice, and the one that stands for what inspections find."""
    for places in _GIVEN.values():
        seen: set[str] = set()
        for keys, name, _ in _names(book, places):
            if name in seen:
                message = Message("«{id}» stands twice; give each its own id.", {"id": name})
                yield Fault(keys, "duplicate-id", message)
            seen.add(name)
    for keys, name, _ in _names(book, _GIVEN["rule"]):
        if name == FINDING:
            message = Message(
                "What an inspection finds is listed under «{id}»; choose another id.",
                {"id": FINDING},
            )
            yield Fault(keys, "duplicate-id", message)


def _used(book: Book) -> Iterator[Fault]:
    """Names of something that is not there."""
    for code, sorts, places in _USED:
        known = [name for sort in sorts for _, name, _ in _names(book, _GIVEN[sort])]
        for keys, name, is_key in _names(book, places):
            if name not in known:
                yield unknown(keys, code, name, known, at_key=is_key)


def _circles(book: Book) -> Iterator[Fault]:
    """Lines that yield to each other."""
    after = {line.id: line.yields_to for line in book.value.lines}
    for line in book.value.lines:
        seen: set[str] = set()
        name = line.yields_to
        while name in after and name not in seen and name != line.id:
            seen.add(name)
            name = after[name]
        if name == line.id:
            message = Message("The lines yield to each other in a circle; let one go first.")
            yield Fault(book.keys(line, "yields_to"), "circular-line", message)


# --- sums -----------------------------------------------------------------------------

_NO_GROUP = ""


def _points(book: Book) -> Iterator[Fault]:
    """Clauses add up to their section and sections to the total, for every group alike."""
    value = book.value
    grouping = value.above.grouping
    groups = [group.id for group in grouping.groups] if grouping else [_NO_GROUP]
    wrong: dict[tuple[Keys, Fraction, Fraction], list[str]] = {}

    def compare(whole: Figure, parts: Iterable[Fraction], group: str) -> None:
        total = sum(parts, Fraction())
        if whole.value != total:
            keys = (*book.keys(whole), "value")
            wrong.setdefault((keys, whole.value, total), []).append(group)

    for group in groups:
        sections = [item for item in value.sections if not item.groups or group in item.groups]
        counted = (_counted(value, section, group) for section in sections)
        compare(_by_group(value, "total", group), counted, group)
        for section in sections:
            clauses = [item for item in section.clauses if not item.groups or group in item.groups]
            parts = (_by_group(clause, "points", group).value for clause in clauses)
            compare(_by_group(section, "points", group), parts, group)
    for (keys, whole, total), concerned in wrong.items():
        message = Message(
            "{whole} points are given, but for {groups} the parts add up to {sum}; make them agree."
        )
        if concerned == [_NO_GROUP]:
            message = Message(
                "{whole} points are given, but the parts add up to {sum}; make them agree."
            )
        args = {"whole": whole, "sum": total, "groups": tuple(concerned)}
        yield Fault(keys, "points-do-not-add-up", message.about(args))


def _by_group(item: Any, field: str, group: str) -> Figure:
    """A figure, or the group's own in its place."""
    figure: Figure = getattr(item, f"{field}_by_group").get(group) or getattr(item, field)
    return figure


def _counted(book: law.Rulebook, section: law.Section, group: str) -> Fraction:
    """What a section's points count for; periods without weights add up."""
    points = _by_group(section, "points", group).value
    if section.weight or group in section.weight_by_group:
        points *= _by_group(section, "weight", group).value / 100
    periods = book.above.parts
    adding = section.each == "period" and not any(period.weight for period in periods)
    return points * (len(periods) or 1) if adding else points


def _weights(book: Book) -> Iterator[Fault]:
    """What counts in per cent of a whole adds up to 100."""
    above = book.value.above
    weights = [part.weight for part in above.parts if part.weight]
    if 0 < len(weights) < len(above.parts):
        message = Message(
            "Some periods have a weight and some have none; write one for each of them, or for "
            "none: then their points add up."
        )
        yield Fault(book.keys(above, "parts"), "weights-do-not-add-up", message, at_key=True)
    elif weights:
        yield from _hundred(book.keys(above, "parts"), weights)
    for rule in book.all(Discretion):
        shares = [scorer.weight for scorer in rule.scorers.values()]
        yield from _hundred(book.keys(rule, "scorers"), shares)


def _hundred(keys: Keys, weights: Iterable[Figure]) -> Iterator[Fault]:
    total = sum((weight.value for weight in weights), Fraction())
    if total != 100:
        message = Message(
            "The percentages add up to {sum}; make them add up to 100.", {"sum": total}
        )
        yield Fault(keys, "weights-do-not-add-up", message, at_key=True)


# --- orders ---------------------------------------------------------------------------

_COMMON_YEAR = 2001
"""A year without a 29th of February: a period's ends are days that every year has."""


def _days(book: Book) -> Iterator[Fault]:
    """When it is in force and its periods: real days, from the first to the last."""
    spans: list[tuple[object, str, str, str | None, str]] = [
        (part, f"{_COMMON_YEAR}-", part.start, part.end, "end") for part in book.value.above.parts
    ]
    if (force := book.value.in_force) is not None:
        spans.insert(0, (force, "", force.start, force.until, "until"))
    for item, year, start, end, last in spans:
        days = [("start", start), *([(last, end)] if end else [])]
        real = True
        for field, day in days:
            try:
                date.fromisoformat(year + day)
            except ValueError:
                real = False
                message = Message(
                    "{date} is no day of every year; choose one that is in the calendar.",
                    {"date": day},
                )
                yield Fault(book.keys(item, field), "bad-date", message)
        if end and end < start and (year or real):
            message = Message(
                "It ends on {last}, before it begins on {first}; exchange the two or mend one.",
                {"first": start, "last": end},
            )
            yield Fault(book.keys(item, last), "date-order", message)
    for before, after in pairwise(book.value.above.parts):
        if after.start <= before.end:
            message = Message(
                "{period} begins on {from}, but {before} ends only on {to}; let periods follow "
                "each other.",
                {"period": after.id, "from": after.start, "before": before.id, "to": before.end},
            )
            yield Fault(book.keys(after, "start"), "periods-overlap", message)


def _bands(book: Book) -> Iterator[Fault]:
    """From the top down, each band ends where the one above it begins."""
    bands = book.value.above.bands.bands if book.value.above.bands else ()
    if not bands:
        return
    if bands[0].below:
        why = Message("nothing lies above the first band: delete «below»")
        yield _band(book.keys(bands[0], "below"), "bands-gap", why)
    if bands[-1].at_least:
        why = Message("nothing lies below the last band: delete «at_least»")
        yield _band(book.keys(bands[-1], "at_least"), "bands-gap", why)
    for above, band in pairwise(bands):
        yield from _border(book, above, band)
    for band in bands:
        if band.at_least and band.below and band.below.value <= band.at_least.value:
            why = Message("no score is in this band; let «below» be above «at_least»")
            yield _band(book.keys(band, "below"), "bands-overlap", why)


def _border(book: Book, above: law.Band, band: law.Band) -> Iterator[Fault]:
    """What is wrong between a band and the one above it."""
    for item, key, border in ((above, "at_least", above.at_least), (band, "below", band.below)):
        if border is None:
            why = Message("«{key}» is missing, so two bands hold the same scores", {"key": key})
            yield _band(book.keys(item), "bands-overlap", why)
    if above.at_least and band.below and above.at_least.value != band.below.value:
        end, begin = band.below.value, above.at_least.value
        why = Message(
            "this band ends below {end}, but the one above it begins at {begin}; make them agree",
            {"end": end, "begin": begin},
        )
        code = "bands-overlap" if end > begin else "bands-gap"
        yield _band(book.keys(band, "below"), code, why)


def _band(keys: Keys, code: str, why: Message) -> Fault:
    message = Message("Every score must lie in exactly one band: {why}.", {"why": why})
    return Fault(keys, code, message)


def _scales(book: Book) -> Iterator[Fault]:
    """Points from the lowest up; a line may jump, with two points in one place but not three."""
    for rule in book.all(Scale):
        at = [point.at.value for point in rule.along]
        for before, point in pairwise(rule.along):
            first, second = before.at.value, point.at.value
            jump = first == second and not rule.stepped and at.count(first) == 2
            if second <= first and not jump:
                message = Message(
                    "{second} comes after {first}; let every «at» be greater than the one "
                    "before it.",
                    {"first": first, "second": second},
                )
                yield Fault((*book.keys(point.at), "value"), "scale-order", message)


def _discretion(book: Book) -> Iterator[Fault]:
    for rule in book.all(Discretion):
        if rule.greatest.value < rule.least.value:
            message = Message(
                "At least {least} and at most {greatest} leave no choice; exchange the two or "
                "mend one.",
                {"least": rule.least.value, "greatest": rule.greatest.value},
            )
            yield Fault((*book.keys(rule.greatest), "value"), "range-reversed", message)


# --- what is missing ------------------------------------------------------------------


def _effects(book: Book) -> Iterator[Fault]:
    """Rules of pools say whether they give or take."""
    for rule in (rule for pool in book.value.above.pools for rule in pool.rules):
        if not book.wrote(rule, "award"):
            message = Message(
                "A rule outside the clauses must say whether it gives or takes points; add "
                "«effect: award» or «effect: deduct»."
            )
            yield Fault((*book.keys(rule), "effect"), "missing-key", message)


def _periods_needed(book: Book) -> Iterator[Fault]:
    """What is said of periods inside the year needs some."""
    above = book.value.above
    of_period = above.bands is not None and above.bands.of == "period"
    asking = [(s, "each") for s in book.value.sections if s.each == "period"]
    needy = [*asking, *([(above.bands, "of")] if of_period else [])] if not above.parts else []
    for item, field in needy:
        message = Message("There are no periods inside the year; list them under «periods».")
        yield Fault(book.keys(item, field), "needs-periods", message)
    for streak in above.streaks if not of_period else ():
        message = Message(
            "Periods in a row can only be counted where every period has its band; write "
            "«of: period» under «bands»."
        )
        yield Fault(book.keys(streak, "bands"), "needs-periods", message, at_key=True)


# --- figures that nothing reads --------------------------------------------------------

_ALWAYS_THERE = (
    *(FactQuantity, CountQuantity, SumQuantity, FigureQuantity),
    *(PercentQuantity, TotalQuantity, DifferenceQuantity),
)
"""Quantities that are applicable where everything is that they are made of."""


def _unread(keys: Keys, why: Message) -> Fault:
    message = Message("Nothing reads this: {why}.", {"why": why})
    return Fault(keys, "unread-figure", message, at_key=True)


def _unread_in_pools(book: Book) -> Iterator[Fault]:
    """Pools limit, and make conditional, only what they give."""
    for pool in book.value.above.pools:
        if not any(rule.award for rule in pool.rules):
            for field in ("cap", "minimum", "where"):
                if book.wrote(pool, field):
                    yield _unread(book.keys(pool, field), _GIVES_NOTHING[field])


_GIVES_NOTHING = {
    "cap": Message(
        "«cap» limits what a pool gives, and no rule of this one gives points. Limit what a rule "
        "takes by «most» of that rule, or several together by the points of a clause"
    ),
    **dict.fromkeys(
        ("minimum", "where"),
        Message(
            "it is asked only before a pool gives, and no rule of this one gives points. Delete "
            "it, or write the condition into the rules"
        ),
    ),
}


def _unread_in_clauses(book: Book) -> Iterator[Fault]:
    """Leave to go above its points, where nothing gives any."""
    for clause in book.value.clauses():
        rises = clause.starts == "zero"
        gives = (rule.award if book.wrote(rule, "award") else rises for rule in clause.rules)
        if clause.above_points and not any(gives):
            why = Message(
                "no rule of this clause gives points. Write «effect: award» into one, or delete it"
            )
            yield _unread(book.keys(clause, "above_points"), why)


def _unread_in_periods(book: Book) -> Iterator[Fault]:
    """Periods, with their weights and grades, in which nothing is judged."""
    above = book.value.above
    if any(section.each == "period" for section in book.value.sections):
        return
    why = Message("no section is judged in each period. Write «each: period» there, or delete it")
    for part in above.parts:
        if part.weight:
            yield _unread(book.keys(part, "weight"), why)
    if above.parts and above.bands and above.bands.of == "period":
        yield _unread(book.keys(above.bands, "of"), why)
    elif above.parts and not any(part.weight for part in above.parts):
        yield _unread(book.keys(above, "parts"), why)


def _unread_limits(book: Book) -> Iterator[Fault]:
    """Time limits whose states nothing asks about."""
    asked = {condition.field for condition in book.all(Condition)}
    asked |= {(delay.deadline,) for delay in book.all(Delay)}
    for deadline in book.value.deadlines:
        if (deadline.id,) not in asked:
            why = Message(
                "no rule asks how a record stands to «{id}». Ask about it in a «where», or delete "
                "the deadline",
                {"id": deadline.id},
            )
            yield _unread(book.keys(deadline, "limits"), why)


def _unread_otherwise(book: Book) -> Iterator[Fault]:
    """What is asked where a quantity is not applicable, of one that always is."""
    for rule in book.all(Scale):
        there = all(isinstance(inner, _ALWAYS_THERE) for inner in rule.value.deep())
        if rule.otherwise and there:
            why = Message("the number asked about is always there. Delete it")
            yield _unread(book.keys(rule, "otherwise"), why)


def _unread_of_groups(book: Book) -> Iterator[Fault]:
    """Figures of groups to which a section or clause does not apply."""
    for section in book.value.sections:
        yield from _of_others(book, section, section.groups)
        for clause in section.clauses:
            within = section.groups or clause.groups
            both = [group for group in clause.groups if group in within]
            yield from _of_others(book, clause, both or section.groups)


def _of_others(book: Book, item: Any, groups: Sequence[str]) -> Iterator[Fault]:
    for field in ("points_by_group", "weight_by_group"):
        for group in getattr(item, field, ()) if groups else ():
            if group not in groups:
                why = Message("this does not apply to the group «{group}»", {"group": group})
                yield _unread((*book.keys(item, field), group), why)


# --- what can never make a difference -------------------------------------------------

_LATE = frozenset(
    (law.DeadlineState.LATE, law.DeadlineState.OVERDUE, law.DeadlineState.OVERDUE_EARLIER)
)
"""States in which a limit has been passed, so that a delay can be counted."""


def _dead(keys: Keys, why: Message) -> Fault:
    message = Message(
        "This can never make a difference: {why}. Mend it or delete it.", {"why": why}
    )
    return Fault(keys, "dead-rule", message, at_key=True, severity=Severity.WARNING)


def _dead_groups(book: Book) -> Iterator[Fault]:
    """Clauses for groups that do not have their section."""
    for section in book.value.sections:
        for clause in section.clauses:
            within = section.groups or clause.groups
            both = [group for group in clause.groups if group in within]
            if clause.groups and not both:
                why = Message("none of these groups has this section")
                yield _dead(book.keys(clause, "groups"), why)


def _dead_tests(book: Book) -> Iterator[Fault]:
    """Tests of one unit that contradict each other."""
    for kind in (law.NotApplicable, law.Pool, law.Veto):
        for item in book.all(kind):
            values: dict[Path, list[tuple[object, ...]]] = {}
            for test in item.where:
                if isinstance(test, FactTest):
                    values.setdefault(test.fact, []).append(test.values)
            if any(map(_exclusive, values.values())):
                why = Message("no unit passes all of these tests")
                yield _dead(book.keys(item, "where"), why)


def _dead_conditions(book: Book) -> Iterator[Fault]:
    """Conditions on one record that contradict each other, and those of a rule's parts with it."""
    contradicted = set[int]()
    for selection in book.all(Selection):
        for why in _contradictions(selection.where):
            contradicted.add(id(selection))
            yield _dead(book.keys(selection, "where"), why)
    for rule in book.all(law.Rule):
        for chosen in held(rule, Selection):
            if id(chosen) not in contradicted:
                yield from _dead_parts(book, rule, chosen.where)


def _dead_parts(book: Book, rule: law.Rule, where: Sequence[Condition]) -> Iterator[Fault]:
    parts: list[tuple[Any, str, tuple[Condition, ...]]] = [
        (factor, "where", factor.where) for factor in held(rule, Factor)
    ]
    if isinstance(rule, Recurrence):
        parts.append((rule, "first_where", rule.first_where))
    for item, field, inner in parts:
        for why in _contradictions((*where, *inner)):
            yield _dead(book.keys(item, field), why)
    for delay in held(rule, Delay):
        states = [set(c.values) for c in where if c.field == (delay.deadline,)]
        if states and not states[0] & _LATE:
            yield _dead(book.keys(delay), Message("none of these records is late"))


def _contradictions(where: Sequence[Condition]) -> Iterator[Message]:
    absent = [condition.field for condition in where if condition.present is False]
    for field in dict.fromkeys(condition.field for condition in where):
        same = [condition for condition in where if condition.field == field]
        asked = any(condition.present is not False for condition in same)
        gone = any(field[: len(above)] == above for above in absent)
        if (asked and gone) or _exclusive([c.values for c in same if c.values]):
            yield Message("no record meets what is asked of «{path}»", {"path": ".".join(field)})


def _exclusive(lists: Sequence[tuple[object, ...]]) -> bool:
    """Whether there are lists of values, and no value is in all of them."""
    return bool(lists) and not set(lists[0]).intersection(*lists[1:])


def _dead_outcomes(book: Book) -> Iterator[Fault]:
    """Consequences of grades, where not the year but every period has its grade."""
    bands = book.value.above.bands
    for band in bands.bands if bands and bands.of == "period" else ():
        if book.wrote(band, "outcomes"):
            why = Message(
                "only the grade of the year has outcomes of its own; what follows from grades of "
                "periods is a streak, of one period if need be"
            )
            yield _dead(book.keys(band, "outcomes"), why)


_CHECKS: tuple[Callable[[Book], Iterable[Fault]], ...] = (
    *(_points, _weights, _days, _bands, _scales, _discretion),
    *(_given, _used, _circles, _effects),
)
# Asked last: a name that is mistyped would leave figures unread as well.
_UNREAD: tuple[Callable[[Book], Iterable[Fault]], ...] = (
    *(_unread_in_pools, _unread_in_clauses, _unread_in_periods),
    *(_unread_limits, _unread_otherwise, _unread_of_groups),
)
_WARNINGS: tuple[Callable[[Book], Iterable[Fault]], ...] = (
    *(_dead_groups, _dead_tests, _dead_conditions, _dead_outcomes),
)


def rulebook_faults(book: Book, form: Form, folder: tuple[str, int]) -> Iterator[Fault]:
    """Everything wrong with a well-shaped rulebook in the folder of that id and version."""
    misnamed = Message(
        "{key} is {written}, but the file's name and folder say {expected}; make them agree."
    )
    names = zip(("id", "version"), (book.value.id, book.value.version), folder, strict=True)
    faults = [
        Fault((key,), "id-mismatch", misnamed.about({"key": key, "written": n, "expected": right}))
        for key, n, right in names
        if n != right
    ]
    faults += (fault for check in _CHECKS for fault in check(book))
    faults += [*_periods_needed(book)] or path_faults(book, form)
    faults = faults or [fault for check in _UNREAD for fault in check(book)]
    yield from faults or (fault for check in _WARNINGS for fault in check(book))


def rulebook_problems(document: Document, form: Form, folder: tuple[str, int]) -> list[Problem]:
    """Everything wrong with a well-shaped rulebook in the folder of that id and version."""
    return placed(document, rulebook_faults(written(document.value), form, folder))
