"""Numbers that rules compare, worked out from the facts of one unit, of an earlier time, of peers.

Owns how a quantity comes about and how that is told; exact throughout. A quantity that cannot
be had (a share of nothing, no earlier report) is not applicable: None, never 0. Must not deduct
anything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from generator.engine.amount import exact, is_shown_exactly, rounded, shown
from generator.engine.book import Deadline, lists_in
from generator.engine.facts import Facts
from generator.engine.measures import (
    BeforeQuantity,
    Condition,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FactTest,
    Figure,
    FigureQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    Quantity,
    Selection,
    ShareQuantity,
    SumQuantity,
    Test,
    TotalQuantity,
)
from generator.engine.problem import Location, Message
from generator.engine.records import covering, due, limit, lookup, moment, number, spans
from generator.engine.year import Record


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity measured: its value, how it came about, and what it rests on.

    `value` is None where it is not applicable. `records` are those that keep a share down;
    `percent` says that it counts per cent, `ordinal` that it is a place and counts nothing.
    """

    value: Fraction | None
    working: object
    figures: tuple[Figure, ...] = ()
    sources: tuple[Location, ...] = ()
    records: tuple[str, ...] = ()
    percent: bool = False
    ordinal: bool = False

    @property
    def in_per_cent(self) -> object:
        """How it came about, where it is known to be per cent."""
        return self.working if self.percent else _per_cent(self.working)


_NOTHING = Message("not applicable")


def measure(quantity: Quantity, facts: Facts) -> Measure:
    """The quantity as it is in these facts, with its working."""
    return _MEASURES[type(quantity)](quantity, facts)


def holds(test: Test, facts: Facts) -> bool:
    """Whether the unit's facts pass a test."""
    if isinstance(test, FactTest):
        return facts.value(test.fact) in test.values
    value = measure(test.quantity, facts).value
    return value is not None and test.bounds.hold(value)


# --- what stands in the facts ---------------------------------------------------------


def _fact(quantity: FactQuantity, facts: Facts) -> Measure:
    value = number(facts.value(quantity.fact))
    return Measure(value, _plain(value), (), facts.sources(quantity.fact))


def _count(quantity: CountQuantity, facts: Facts) -> Measure:
    records = facts.select(quantity.selection)
    count = Fraction(len(records))
    figures = asked(quantity.selection, records, facts)
    return Measure(count, count, figures, facts.sources(quantity.selection.records))


def _sum(quantity: SumQuantity, facts: Facts) -> Measure:
    records = facts.select(quantity.selection)
    numbers = (number(lookup(record.fields, quantity.field)) for record in records)
    total = sum((value for value in numbers if value is not None), Fraction())
    figures = asked(quantity.selection, records, facts)
    return Measure(total, total, figures, facts.sources(quantity.selection.records))


def _increase(quantity: IncreaseQuantity, facts: Facts) -> Measure:
    now = _by_span(quantity, facts)
    known = facts.before is not None and _reported(quantity, facts.before)
    last = _by_span(quantity, facts.before) if facts.before and known else {}
    there = [*list(last.items())[-1:], *now.items()]
    rises = [(unit, a, b) for (_, a), (unit, b) in pairwise(there) if b > a]
    value = sum((b - a for _, a, b in rises), Fraction())
    told = tuple(
        Message("{unit}: {old} → {new}", {"unit": unit, "old": a, "new": b}) for unit, a, b in rises
    )
    args = {"value": value, "rises": told}
    working: object = Message("{value} ({rises})", args) if told else value
    records = quantity.selection.records
    return Measure(value, working, bounds_in(quantity.selection.where), facts.sources(records))


def _by_span(quantity: IncreaseQuantity, facts: Facts) -> dict[str, Fraction]:
    """What every span of the period has, in their order."""
    found = dict.fromkeys(spans(facts.period, quantity.every), Fraction())
    for record in facts.select(quantity.selection):
        (unit,) = covering(quantity.every, (moment(record, quantity.on),))
        if unit in found:
            field = quantity.field
            found[unit] += (number(lookup(record.fields, field)) or 0) if field else 1
    return found


def _figure(quantity: FigureQuantity, facts: Facts) -> Measure:  # noqa: ARG001 - as the others
    return Measure(quantity.figure.value, quantity.figure.value, (quantity.figure,))


def asked(
    selection: Selection, records: Iterable[Record], facts: Facts, *more: Condition
) -> tuple[Figure, ...]:
    """The limits by which records were judged, and the bounds they were chosen by."""
    conditions = (*selection.where, *more)
    if not conditions:
        return ()
    return (*limits(facts.deadline(conditions), records, facts), *bounds_in(conditions))


def limits(
    deadline: Deadline | None, records: Iterable[Record], facts: Facts
) -> tuple[Figure, ...]:
    """The limits of a deadline by which records were judged."""
    if deadline is None:
        return ()
    return tuple(limit(r, deadline) for r in records if due(r, deadline, facts.calendar))


def bounds_in(conditions: Iterable[Condition]) -> tuple[Figure, ...]:
    """The numbers that conditions name."""
    bounds = [condition.bounds for condition in conditions if condition.bounds]
    named = (f for b in bounds for f in (b.at_least, b.above, b.at_most, b.below))
    return tuple(figure for figure in named if figure)


# --- what is made of other quantities -------------------------------------------------


def _percent(quantity: PercentQuantity, facts: Facts) -> Measure:
    of = measure(quantity.of, facts)
    if of.value is None:
        return _missing(of)
    value = quantity.percent.value * of.value / 100
    working: object = Message(
        "{percent}% × {of} = {value}",
        {"percent": quantity.percent.value, "of": of.value, "value": value},
    )
    if quantity.rounding:
        value = rounded(value, quantity.rounding)
        args = {"percent": quantity.percent.value, "of": of.value, "value": value}
        working = _ROUNDED[quantity.rounding.mode].about(args)
    return Measure(value, working, (quantity.percent, *of.figures), of.sources)


_ROUNDED = {
    "up": Message("{percent}% × {of} (rounded up) = {value}"),
    "down": Message("{percent}% × {of} (rounded down) = {value}"),
    "half_up": Message("{percent}% × {of} ≈ {value}"),
}


def _share(quantity: ShareQuantity, facts: Facts) -> Measure:
    part, whole = measure(quantity.part, facts), measure(quantity.whole, facts)
    if part.value is None or not whole.value:
        return _missing(part, whole)
    value = 100 * part.value / whole.value
    if quantity.rounding:
        value = rounded(value, quantity.rounding)
    working = Message(
        "{part} of {whole} {percent}",
        {"part": part.value, "whole": whole.value, "percent": percent(value)},
    )
    counted = _in_one_list(quantity)
    lacking = _lacking(*counted, facts) if counted else ()
    at = {record.id: facts.record_sources(record) for record in lacking}
    places = [place for those in at.values() for place in those]
    own = tuple(places) if counted else (*part.sources, *whole.sources)
    figures = (*part.figures, *whole.figures)
    return Measure(value, working, figures, own, tuple(at), percent=True)


def _in_one_list(quantity: ShareQuantity) -> tuple[Selection, Selection] | None:
    """What part and whole count, if both count records of one list: those of the whole can fail."""
    part, whole = quantity.part, quantity.whole
    if not (isinstance(part, CountQuantity) and isinstance(whole, CountQuantity)):
        return None
    same = part.selection.records == whole.selection.records
    return (part.selection, whole.selection) if same else None


def _lacking(part: Selection, whole: Selection, facts: Facts) -> Iterator[Record]:
    """The records of the whole that are not in the part."""
    met = {record.id for record in facts.select(part)}
    yield from (record for record in facts.select(whole) if record.id not in met)


def _total(quantity: TotalQuantity, facts: Facts) -> Measure:
    parts = [measure(part, facts) for part in quantity.parts]
    values = [part.value for part in parts if part.value is not None]
    if len(values) < len(parts):
        return _missing(*parts)
    total = sum(values, Fraction())
    return _made(total, " + ", parts)


def _difference(quantity: DifferenceQuantity, facts: Facts) -> Measure:
    parts = [measure(quantity.first, facts), measure(quantity.less, facts)]
    first, less = parts[0].value, parts[1].value
    if first is None or less is None:
        return _missing(*parts)
    return _made(first - less, " − ", parts)


# --- other times, other units ---------------------------------------------------------


def _before(quantity: BeforeQuantity, facts: Facts) -> Measure:
    then = facts.year_before if quantity.year else facts.before
    if then is None or not _reported(quantity.of, then):
        return Measure(None, _NOTHING)
    return measure(quantity.of, then)


def _reported(quantity: Quantity, facts: Facts) -> bool:
    """Whether every list that a quantity counts was asked for then: another form may lack it."""
    return all(facts.value(path) is not None for path in lists_in(quantity))


def _peer(quantity: PeerQuantity, facts: Facts) -> Measure:
    own = measure(quantity.of, facts)
    values = _of_peers(quantity.of, facts)
    if not values or (quantity.what == "rank" and own.value is None):
        return _missing(own)
    value = _PEERS[quantity.what](quantity, values.values(), own.value)
    ordinal = quantity.what == "rank"
    per_cent = own.percent and not ordinal
    told = _per_cent(value) if per_cent else value
    working = _TOLD[quantity.what].about({"value": told, "count": len(values)})
    return Measure(value, working, own.figures, own.sources, percent=per_cent, ordinal=ordinal)


def _of_peers(quantity: Quantity, facts: Facts) -> Mapping[str, Fraction]:
    """The quantity of everybody ranked together to whom it applies, worked out once."""
    known = facts.peers.measured
    if quantity not in known:
        found = {name: measure(quantity, view).value for name, view in facts.peers.views.items()}
        known[quantity] = {name: value for name, value in found.items() if value is not None}
    return known[quantity]


def _best(quantity: PeerQuantity, values: Iterable[Fraction], _: Fraction | None) -> Fraction:
    return max(values) if quantity.better == "higher" else min(values)


def _mean(_: PeerQuantity, values: Iterable[Fraction], __: Fraction | None) -> Fraction:
    those = list(values)
    return sum(those, Fraction()) / len(those)


def _rank(quantity: PeerQuantity, values: Iterable[Fraction], own: Fraction) -> Fraction:
    higher = quantity.better == "higher"
    return Fraction(1 + sum((value > own) if higher else (value < own) for value in values))


_PEERS: Mapping[str, Callable[..., Fraction]] = {"best": _best, "mean": _mean, "rank": _rank}
_TOLD = {
    "best": Message("{value} (the best of {count})"),
    "mean": Message("{value} (the mean of {count})"),
    "rank": Message("no. {value} of {count}"),
}


# --- telling --------------------------------------------------------------------------


def percent(share: Fraction) -> Message:
    """= 85%, or ≈ 66.67% where two decimals do not say it all."""
    if is_shown_exactly(share):
        return Message("= {percent}%", {"percent": exact(share)})
    return Message("≈ {percent}%", {"percent": shown(share)})


def _plain(value: Fraction | None) -> object:
    return _NOTHING if value is None else value


def _missing(*parts: Measure) -> Measure:
    figures = tuple(figure for part in parts for figure in part.figures)
    return Measure(None, _NOTHING, figures, tuple(s for part in parts for s in part.sources))


def _per_cent(value: object) -> Message:
    return Message("{value}%", {"value": value})


def _made(value: Fraction, sign: str, parts: Sequence[Measure]) -> Measure:
    """What several parts come to, with a sign between them."""
    told = sign.join(exact(part.value) for part in parts if part.value is not None)
    per_cent = all(part.percent for part in parts)
    shown_as = _per_cent(value) if per_cent else value
    return Measure(
        value,
        Message("{working} = {value}", {"working": told, "value": shown_as}),
        tuple(figure for part in parts for figure in part.figures),
        tuple(place for part in parts for place in part.sources),
        percent=per_cent,
    )


_MEASURES: Mapping[type[Any], Callable[[Any, Facts], Measure]] = {
    FactQuantity: _fact,
    CountQuantity: _count,
    SumQuantity: _sum,
    IncreaseQuantity: _increase,
    FigureQuantity: _figure,
    PercentQuantity: _percent,
    ShareQuantity: _share,
    TotalQuantity: _total,
    DifferenceQuantity: _difference,
    BeforeQuantity: _before,
    PeerQuantity: _peer,
}
