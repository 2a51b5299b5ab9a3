"""What each kind of rule asks: facts in, deductions out, one small pure function a kind.

Must not know a clause's maximum, a floor, another rule, or any number: those are the
rulebook's and `score`'s. Every deduction carries its working as a message.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generator.engine.amount import exact, is_shown_exactly, shown
from generator.engine.book import Deadline
from generator.engine.facts import Facts, due, in_order, limit, lookup, meets, moment, written
from generator.engine.kinds import (
    AmountTable,
    Basis,
    Ceiling,
    CheckList,
    Coverage,
    Figure,
    PerRecord,
    Rate,
    Recurrence,
    Requirement,
    Rule,
    RuleBase,
    Shortfall,
)
from generator.engine.model import Deduction, Record
from generator.engine.problem import Location, Message, Path
from generator.engine.quantities import measure
from generator.engine.spans import covering, spans

_STRENGTH = list(Basis)


def judge(rule: Rule, facts: Facts) -> Iterable[Deduction]:
    """The deductions that one rule asks, in charging order; a figure of 0 asks none."""
    return (asked for asked in _JUDGES[type(rule)](rule, facts) if asked.points)


def weakest(figures: Iterable[Figure]) -> Basis:
    """The weakest basis among the numbers used."""
    return max((figure.basis for figure in figures), key=_STRENGTH.index)


# --- one function a kind --------------------------------------------------------------


def requirement(rule: Requirement, facts: Facts) -> Iterator[Deduction]:
    if facts.value(rule.fact) is True:
        return
    yield Deduction(
        rule.id,
        rule.amount.value,
        (),
        Message(
            "{label}: not fulfilled, deduct {points}",
            {"label": rule.label, "points": rule.amount.value},
        ),
        rule.amount.basis,
        facts.sources(".".join(rule.fact)),
    )


def coverage(rule: Coverage, facts: Facts) -> Iterator[Deduction]:
    units, covered = (
        spans(facts.period, rule.every),
        covering(rule.every, _entries(facts, rule.fact)),
    )
    missing = tuple(unit for unit in units if unit not in covered)
    if missing:
        reason = _COVERAGE[rule.every]
        yield _for_missing(rule, facts, rule.fact, missing, missing, len(units), reason)


def check_list(rule: CheckList, facts: Facts) -> Iterator[Deduction]:
    present = set(_entries(facts, rule.fact))
    missing = tuple(item for item in rule.items if item not in present)
    if missing:
        names = tuple(rule.items[item] for item in missing)
        yield _for_missing(rule, facts, rule.fact, missing, names, len(rule.items), _CHECK_LIST)


def shortfall(rule: Shortfall, facts: Facts) -> Iterator[Deduction]:
    actual, needed = measure(rule.actual, facts), measure(rule.needed, facts)
    short = needed.value - actual.value
    if short <= 0:
        return
    points = short * rule.amount.value
    yield Deduction(
        rule.id,
        points,
        (),
        Message(
            "{label}: {actual}{unit}, needed {needed}{unit}, short {short}{unit}, "
            "{amount} each, deduct {points}",
            {
                "label": rule.label,
                "unit": rule.unit,
                "actual": actual.working,
                "needed": needed.working,
                "short": short,
                "amount": rule.amount.value,
                "points": points,
            },
        ),
        weakest((rule.amount, *actual.figures, *needed.figures)),
        _unique(actual.sources + needed.sources),
    )


def per_record(rule: PerRecord, facts: Facts) -> Iterator[Deduction]:
    deadline = facts.deadline(rule.selection.where)
    for record in facts.select(rule.selection):
        figure = _amount(rule.amount, record)
        detail = _detail(record, rule.selection.records, facts, deadline)
        args = {"label": rule.label, "detail": detail, "points": figure.value}
        reason = Message("{label}: {detail}, deduct {points}", args)
        if isinstance(rule.amount, AmountTable):
            value = _value_label(record, rule.selection.records, rule.amount.by, facts)
            reason = Message(
                "{label}: {detail}, {value}, deduct {points}", {**args, "value": value}
            )
        basis = weakest((figure, *_limits((record,), deadline)))
        yield _for_record(rule, record, figure.value, reason, basis, facts)


def ceiling(rule: Ceiling, facts: Facts) -> Iterator[Deduction]:
    records, allowed = facts.select(rule.selection), measure(rule.limit, facts)
    beyond = records[allowed.value :]
    args = {
        "label": rule.label,
        "unit": rule.unit,
        "count": len(records),
        "limit": allowed.working,
        "over": len(beyond),
        "points": rule.amount.value,
    }
    basis = weakest((rule.amount, *allowed.figures))
    for number, record in enumerate(beyond, start=1):
        reason = Message(
            "{label}: {count}{unit}, limit {limit}{unit}, {over}{unit} over, deduct {points}", args
        )
        if len(beyond) > 1:
            detail = _detail(record, rule.selection.records, facts, None)
            reason = Message(
                "{label}: {count}{unit}, limit {limit}{unit}, {over}{unit} over, "
                "of these no. {number}: {detail}, deduct {points}",
                {**args, "number": number, "detail": detail},
            )
        yield _for_record(rule, record, rule.amount.value, reason, basis, facts, allowed.sources)


def rate(rule: Rate, facts: Facts) -> Iterator[Deduction]:
    records = facts.select(rule.selection)
    deadline = facts.deadline((*rule.selection.where, *rule.met))
    failed = tuple(record for record in records if not meets(record, rule.met))
    if not records:
        return
    share = Fraction(100 * (len(records) - len(failed)), len(records))
    short = rule.at_least.value - share
    if short <= 0:
        return
    points = short * rule.amount.value
    yield Deduction(
        rule.id,
        points,
        tuple(record.id for record in failed),
        Message(
            "{label}: {met} of {of} {share}, below {at_least}%, short {short} percentage points, "
            "{amount} each, deduct {points}",
            {
                "label": rule.label,
                "met": len(records) - len(failed),
                "of": len(records),
                "share": _percent(share),
                "at_least": rule.at_least.value,
                "short": short,
                "amount": rule.amount.value,
                "points": points,
            },
        ),
        weakest((rule.amount, rule.at_least, *_limits(records, deadline))),
        _unique(tuple(place for record in failed for place in facts.sources(record.address))),
    )


def recurrence(rule: Recurrence, facts: Facts) -> Iterator[Deduction]:
    deadline = facts.deadline(rule.first_where)
    records = in_order(facts.select(rule.selection), rule.order_by)
    for number, record in enumerate(records, start=1):
        detail = _detail(record, rule.selection.records, facts, deadline)
        args = {"label": rule.label, "detail": detail, "number": number}
        if number > 1:
            reason = Message(
                "{label}: {detail}, occurrence no. {number}, deduct {points}",
                {**args, "points": rule.later.value},
            )
            yield _for_record(rule, record, rule.later.value, reason, rule.later.basis, facts)
        elif meets(record, rule.first_where):
            reason = Message(
                "{label}: {detail}, the first one, deduct {points}",
                {**args, "points": rule.first.value},
            )
            basis = weakest((rule.first, *_limits((record,), deadline)))
            yield _for_record(rule, record, rule.first.value, reason, basis, facts)


_JUDGES: Mapping[type[RuleBase], Callable[[Any, Facts], Iterable[Deduction]]] = {
    Requirement: requirement,
    Coverage: coverage,
    CheckList: check_list,
    Shortfall: shortfall,
    PerRecord: per_record,
    Ceiling: ceiling,
    Rate: rate,
    Recurrence: recurrence,
}


# --- wordings -------------------------------------------------------------------------

_COVERAGE = {
    "week": Message(
        "{label}: {count} of {of} weeks missing ({missing}), {amount} each, deduct {points}"
    ),
    "month": Message(
        "{label}: {count} of {of} months missing ({missing}), {amount} each, deduct {points}"
    ),
    "quarter": Message(
        "{label}: {count} of {of} quarters missing ({missing}), {amount} each, deduct {points}"
    ),
}
_CHECK_LIST = Message(
    "{label}: {count} of {of} items missing ({missing}), {amount} each, deduct {points}"
)


# --- building deductions --------------------------------------------------------------


def _entries(facts: Facts, path: Path) -> list[str]:
    entries = facts.value(path)
    return list(entries) if isinstance(entries, list | tuple) else []


def _for_missing(
    rule: Coverage | CheckList,
    facts: Facts,
    path: Path,
    missing: tuple[str, ...],
    names: tuple[object, ...],
    of: int,
    reason: Message,
) -> Deduction:
    points = len(missing) * rule.amount.value
    args = {
        "label": rule.label,
        "count": len(missing),
        "of": of,
        "missing": names,
        "amount": rule.amount.value,
        "points": points,
    }
    sources = facts.sources(".".join(path))
    return Deduction(
        rule.id, points, missing, replace(reason, args=args), rule.amount.basis, sources
    )


def _for_record(
    rule: RuleBase,
    record: Record,
    points: Fraction,
    reason: Message,
    basis: Basis,
    facts: Facts,
    sources: tuple[Location, ...] = (),
) -> Deduction:
    places = _unique(facts.sources(record.address) + sources)
    return Deduction(rule.id, points, (record.id,), reason, basis, places)


def _amount(amount: Figure | AmountTable, record: Record) -> Figure:
    if isinstance(amount, Figure):
        return amount
    return amount.figures[str(lookup(record.fields, amount.by))]


def _limits(records: Iterable[Record], deadline: Deadline | None) -> Iterator[Figure]:
    """The limits by which the records were judged."""
    if deadline:
        yield from (limit(record, deadline) for record in records if due(record, deadline))


def _value_label(record: Record, records: Path, by: Path, facts: Facts) -> object:
    value = str(lookup(record.fields, by))
    return facts.rulebook.records[records].labels.get(by, {}).get(value, value)


def _detail(record: Record, records: Path, facts: Facts, deadline: Deadline | None) -> Message:
    """The record by id, with its date, or with how it stands to the limit that is asked about."""
    last = due(record, deadline) if deadline else None
    if deadline is None or last is None:
        day = moment(record, facts.rulebook.records[records].date)
        if not day:
            return Message("{record}", {"record": record.id})
        return Message("{record} ({date})", {"record": record.id, "date": day})
    args = {
        "record": record.id,
        "start": moment(record, deadline.start).replace("T", " "),
        "limit": limit(record, deadline).value,
        "due": written(last).replace("T", " "),
        "end": moment(record, deadline.end).replace("T", " "),
    }
    return replace(_LIMITS[deadline.unit, bool(args["end"])], args=args)


_LIMITS = {
    ("days", True): Message("{record} (from {start}, {limit} days until {due}, ended {end})"),
    ("days", False): Message("{record} (from {start}, {limit} days until {due}, not ended)"),
    ("hours", True): Message("{record} (from {start}, {limit} hours until {due}, ended {end})"),
    ("hours", False): Message("{record} (from {start}, {limit} hours until {due}, not ended)"),
}


def _percent(share: Fraction) -> Message:
    if is_shown_exactly(share):
        return Message("= {percent}%", {"percent": exact(share)})
    return Message("≈ {percent}%", {"percent": shown(share)})


def _unique(places: tuple[Location, ...]) -> tuple[Location, ...]:
    return tuple({(place.path, place.line): place for place in reversed(places)}.values())[::-1]
