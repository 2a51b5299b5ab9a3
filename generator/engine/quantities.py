"""The quantities: the fields of each, how it is measured in a unit's facts, and how that is told.

Exact throughout. A quantity that cannot be had (a share of nothing, no earlier report) is not
applicable: None, never 0. Must not deduct anything.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, pairwise
from statistics import median
from typing import Annotated, ClassVar, Literal

from generator.engine.facts import Facts
from generator.engine.measures import (
    DATED,
    NUMBERS,
    Asks,
    Figure,
    Measure,
    Names,
    Number,
    Quantity,
    Rounding,
    Selection,
    Span,
    bounds_in,
    exact,
    is_shown_exactly,
    per_cent,
    rounded,
    shown,
)
from generator.engine.problem import Message, Path
from generator.engine.records import covering, lookup, moment, number, spans
from generator.engine.year import Record

_NOTHING = Message("not applicable")


# --- what stands in the facts ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FactQuantity(Quantity):
    """The number reported at `fact`."""

    key = "fact"
    fact: Annotated[Path, Asks(NUMBERS, always=True)]

    def measure(self, facts: Facts) -> Measure:
        value = number(facts.value(self.fact))
        return Measure(value, _NOTHING if value is None else value, (), facts.sources(self.fact))

    def phrase(self, names: Names) -> object:
        return names.fact(self.fact)


@dataclass(frozen=True, slots=True)
class CountQuantity(Quantity):
    """How many records are selected."""

    key = "count"
    selection: Selection

    def measure(self, facts: Facts) -> Measure:
        records = facts.select(self.selection)
        return _chosen(Fraction(len(records)), self.selection, records, facts)

    def phrase(self, names: Names) -> object:
        return Message("number of {records}", {"records": names.selection(self.selection)})


@dataclass(frozen=True, slots=True)
class SumQuantity(Quantity):
    """A number of each selected record, added up."""

    key = "sum"
    selection: Selection
    field: Annotated[Path, Asks(NUMBERS, each=True, always=True)]

    def measure(self, facts: Facts) -> Measure:
        records = facts.select(self.selection)
        numbers = (number(lookup(record.fields, self.field)) for record in records)
        total = sum((value for value in numbers if value is not None), Fraction())
        return _chosen(total, self.selection, records, facts)

    def phrase(self, names: Names) -> object:
        field = names.field(self.selection.records, self.field)
        records = names.selection(self.selection)
        return Message("sum of {field} of {records}", {"field": field, "records": records})


def _chosen(
    value: Fraction, selection: Selection, records: Iterable[Record], facts: Facts
) -> Measure:
    """What selected records come to."""
    figures = facts.figures(selection.where, records)
    return Measure(value, value, figures, facts.sources(selection.records))


@dataclass(frozen=True, slots=True)
class IncreaseQuantity(Quantity):
    """How much there is more in a week, month, quarter or half than in the one before, in all.

    A span has as many as the selected records that lie in it by their date at `on`, or as much
    as their `field` adds up to. The first span is held against the last one of the period (or
    year) before, if that is known. A fall is no rise below 0: it counts nothing.
    """

    key = "increase"
    back = True
    selection: Selection
    on: Annotated[Path, Asks(DATED, each=True, always=True, spans=True)]
    every: Span
    field: Annotated[Path | None, Asks(NUMBERS, each=True, always=True)]

    def measure(self, facts: Facts) -> Measure:
        then = facts.before
        last = self._by_span(then) if then is not None and _reported(self, then) else {}
        there = [*list(last.items())[-1:], *self._by_span(facts).items()]
        rises = [(unit, old, new) for (_, old), (unit, new) in pairwise(there) if new > old]
        value = sum((new - old for _, old, new in rises), Fraction())
        lines = tuple(
            Message("{unit}: {old} → {new}", {"unit": unit, "old": old, "new": new})
            for unit, old, new in rises
        )
        working: object = value
        if lines:
            working = Message("{value} ({rises})", {"value": value, "rises": lines})
        places = facts.sources(self.selection.records)
        return Measure(value, working, bounds_in(self.selection.where), places)

    def _by_span(self, facts: Facts) -> dict[str, Fraction]:
        """What every span of the period has, in their order."""
        amounts = dict.fromkeys(spans(facts.period, self.every), Fraction())
        for record in facts.select(self.selection):
            (unit,) = covering(self.every, (moment(record, self.on),))
            if unit in amounts:
                field = self.field
                amounts[unit] += (number(lookup(record.fields, field)) or 0) if field else 1
        return amounts

    def phrase(self, names: Names) -> object:
        return _INCREASES[self.every].about({"records": names.selection(self.selection)})


_INCREASES = {
    "week": Message("how much {records} rise from week to week"),
    "month": Message("how much {records} rise from month to month"),
    "quarter": Message("how much {records} rise from quarter to quarter"),
    "half": Message("how much {records} rise from half-year to half-year"),
}


@dataclass(frozen=True, slots=True)
class FigureQuantity(Quantity):
    """A fixed number of the rulebook."""

    key = "figure"
    figure: Figure

    def measure(self, facts: Facts) -> Measure:  # noqa: ARG002 - as the others
        return Measure(self.figure.value, self.figure.value, (self.figure,))

    def phrase(self, names: Names) -> object:  # noqa: ARG002 - as the others
        return exact(self.figure.value)

    def numbers(self, names: Names, what: str, sign: str) -> Iterable[Number]:  # noqa: ARG002
        return (Number(what, exact(self.figure.value) + sign, self.figure),)


# --- what is made of other quantities -------------------------------------------------


@dataclass(frozen=True, slots=True)
class PercentQuantity(Quantity):
    """`percent` of another quantity, rounded if it says how."""

    key = "percent"
    percent: Figure
    of: Quantity
    rounding: Rounding | None

    def measure(self, facts: Facts) -> Measure:
        of = self.of.measure(facts)
        if of.value is None:
            return _missing(of)
        value = self.percent.value * of.value / 100
        working = Message("{percent}% × {of} = {value}")
        if self.rounding:
            value = rounded(value, self.rounding)
            working = _ROUNDED[self.rounding.mode]
        args = {"percent": self.percent.value, "of": of.value, "value": value}
        return Measure(value, working.about(args), (self.percent, *of.figures), of.sources)

    def phrase(self, names: Names) -> object:
        args = {"percent": self.percent.value, "of": names.quantity(self.of)}
        return names.rounded(Message("{percent}% of {of}", args), self.rounding)

    def numbers(self, names: Names, what: str, sign: str) -> Iterable[Number]:  # noqa: ARG002
        about = Message("{what}, of {of}", {"what": what, "of": names.quantity(self.of)})
        written = names.rounded(f"{exact(self.percent.value)}%", self.rounding)
        return (Number(about, written, self.percent),)


_ROUNDED = {
    "up": Message("{percent}% × {of} (rounded up) = {value}"),
    "down": Message("{percent}% × {of} (rounded down) = {value}"),
    "half_up": Message("{percent}% × {of} ≈ {value}"),
}


@dataclass(frozen=True, slots=True)
class ShareQuantity(Quantity):
    """What per cent `part` is of `whole`; not applicable where the whole is 0."""

    key = "share"
    part: Quantity
    whole: Quantity
    rounding: Rounding | None = None

    def measure(self, facts: Facts) -> Measure:
        part, whole = self.part.measure(facts), self.whole.measure(facts)
        if part.value is None or not whole.value:
            return _missing(part, whole)
        value = 100 * part.value / whole.value
        if self.rounding:
            value = rounded(value, self.rounding)
        if is_shown_exactly(value):
            percent = Message("= {percent}%", {"percent": exact(value)})
        else:
            percent = Message("≈ {percent}%", {"percent": shown(value)})
        args = {"part": part.value, "whole": whole.value, "percent": percent}
        working = Message("{part} of {whole} {percent}", args)
        figures, places = (*part.figures, *whole.figures), (*part.sources, *whole.sources)
        lacking = self._lacking(facts)
        if lacking is None:
            return Measure(value, working, figures, places, percent=True)
        at = {record.id: facts.record_sources(record) for record in lacking}
        places = tuple(chain(*at.values()))
        return Measure(value, working, figures, places, tuple(at), percent=True)

    def _lacking(self, facts: Facts) -> Sequence[Record] | None:
        """The records of the whole that are not in the part, if both count records of one list."""
        part, whole = self.part, self.whole
        if not (isinstance(part, CountQuantity) and isinstance(whole, CountQuantity)):
            return None
        if part.selection.records != whole.selection.records:
            return None
        met = {record.id for record in facts.select(part.selection)}
        return [record for record in facts.select(whole.selection) if record.id not in met]

    def phrase(self, names: Names) -> object:
        args = {"part": names.quantity(self.part), "whole": names.quantity(self.whole)}
        return names.rounded(Message("share of {part} in {whole}", args), self.rounding)

    def counts_percent(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class TotalQuantity(Quantity):
    """Several quantities added up."""

    key = "total"
    parts: tuple[Quantity, ...]

    def measure(self, facts: Facts) -> Measure:
        parts = [part.measure(facts) for part in self.parts]
        values = [part.value for part in parts if part.value is not None]
        if len(values) < len(parts):
            return _missing(*parts)
        return _made(sum(values, Fraction()), " + ", parts)

    def phrase(self, names: Names) -> object:
        return " + ".join(map(names.quantity, self.parts))

    def counts_percent(self) -> bool:
        return all(part.counts_percent() for part in self.parts)


@dataclass(frozen=True, slots=True)
class DifferenceQuantity(Quantity):
    """One quantity less another."""

    key = "difference"
    first: Quantity
    less: Quantity

    def measure(self, facts: Facts) -> Measure:
        first, less = self.first.measure(facts), self.less.measure(facts)
        if first.value is None or less.value is None:
            return _missing(first, less)
        return _made(first.value - less.value, " − ", (first, less))

    def phrase(self, names: Names) -> object:
        return f"{names.quantity(self.first)} − {names.quantity(self.less)}"

    def counts_percent(self) -> bool:
        return self.first.counts_percent() and self.less.counts_percent()


def _missing(*parts: Measure) -> Measure:
    figures = tuple(figure for part in parts for figure in part.figures)
    return Measure(None, _NOTHING, figures, tuple(s for part in parts for s in part.sources))


def _made(value: Fraction, sign: str, parts: Sequence[Measure]) -> Measure:
    """What several parts come to, with a sign between them."""
    working = sign.join(exact(part.value) for part in parts if part.value is not None)
    percent = all(part.percent for part in parts)
    args = {"working": working, "value": per_cent(value) if percent else value}
    figures = tuple(figure for part in parts for figure in part.figures)
    places = tuple(place for part in parts for place in part.sources)
    return Measure(value, Message("{working} = {value}", args), figures, places, percent=percent)


# --- other times ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EarlierQuantity(Quantity):
    """The same at an earlier time; not applicable where nothing was reported then."""

    back = True
    in_period: ClassVar[Message]
    of: Quantity

    @abstractmethod
    def then(self, facts: Facts) -> Facts | None:
        """The facts of that time."""

    def measure(self, facts: Facts) -> Measure:
        then = self.then(facts)
        if then is None or not _reported(self.of, then):
            return Measure(None, _NOTHING)
        return self.of.measure(then)

    def phrase(self, names: Names) -> object:
        phrase = self.in_period if names.by_period else Message("{of} of the year before")
        return phrase.about({"of": names.quantity(self.of)})

    def counts_percent(self) -> bool:
        return self.of.counts_percent()


def _reported(quantity: Quantity, facts: Facts) -> bool:
    """Whether every list that a quantity counts was asked for then: another form may lack it."""
    return all(facts.value(path) is not None for path in quantity.lists())


@dataclass(frozen=True, slots=True)
class BeforeQuantity(EarlierQuantity):
    """The same a period (or a year) earlier."""

    key = "before"
    in_period = Message("{of} of the period before")

    def then(self, facts: Facts) -> Facts | None:
        return facts.before


@dataclass(frozen=True, slots=True)
class YearBeforeQuantity(EarlierQuantity):
    """The same a year earlier: a period inside the year looks at that one of the year before."""

    key = "year_before"
    in_period = Message("{of} of the same period a year before")

    def then(self, facts: Facts) -> Facts | None:
        return facts.year_before


# --- other units ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeerQuantity(Quantity):
    """What the units ranked together make of a quantity; who lacks it is left out."""

    aside = True
    ordinal: ClassVar[bool] = False
    working: ClassVar[Message]
    of: Quantity

    @abstractmethod
    def among(self, values: Collection[Fraction], own: Fraction | None) -> Fraction | None:
        """It among the values of all that have one; None where it is not applicable."""

    def measure(self, facts: Facts) -> Measure:
        own, known = self.of.measure(facts), facts.peers.measured
        if self.of not in known:  # worked out once for all who are ranked together
            measured = (self.of.measure(view).value for view in facts.peers.views.values())
            known[self.of] = [value for value in measured if value is not None]
        values = known[self.of]
        value = self.among(values, own.value) if values else None
        if value is None:
            return _missing(own)
        percent = own.percent and not self.ordinal
        args = {"value": per_cent(value) if percent else value, "count": len(values)}
        working = self.working.about(args)
        return Measure(value, working, own.figures, own.sources, (), percent, self.ordinal)

    def counts_percent(self) -> bool:
        return not self.ordinal and self.of.counts_percent()


@dataclass(frozen=True, slots=True)
class BestQuantity(PeerQuantity):
    """The highest, or the lowest."""

    key = "best"
    working = Message("{value} (the best of {count})")
    better: Literal["higher", "lower"]

    def among(self, values: Collection[Fraction], own: Fraction | None) -> Fraction:  # noqa: ARG002
        return max(values) if self.better == "higher" else min(values)

    def phrase(self, names: Names) -> object:
        args = {"of": names.quantity(self.of)}
        if self.better == "higher":
            return Message("highest {of} of those ranked together", args)
        return Message("lowest {of} of those ranked together", args)


@dataclass(frozen=True, slots=True)
class MeanQuantity(PeerQuantity):
    """The mean of all."""

    key = "mean"
    working = Message("{value} (the mean of {count})")

    def among(self, values: Collection[Fraction], own: Fraction | None) -> Fraction:  # noqa: ARG002
        return sum(values, Fraction()) / len(values)

    def phrase(self, names: Names) -> object:
        return Message("mean {of} of those ranked together", {"of": names.quantity(self.of)})


@dataclass(frozen=True, slots=True)
class MedianQuantity(PeerQuantity):
    """The middle one in order, or the mean of the middle two."""

    key = "median"
    working = Message("{value} (the median of {count})")

    def among(self, values: Collection[Fraction], own: Fraction | None) -> Fraction:  # noqa: ARG002
        return median(values)

    def phrase(self, names: Names) -> object:
        return Message("median {of} of those ranked together", {"of": names.quantity(self.of)})


@dataclass(frozen=True, slots=True)
class RankQuantity(PeerQuantity):
    """One's own rank, as in sports (1, 2, 2, 4)."""

    key = "rank"
    ordinal = True
    working = Message("no. {value} of {count}")
    better: Literal["higher", "lower"]

    def among(self, values: Collection[Fraction], own: Fraction | None) -> Fraction | None:
        if own is None:
            return None
        higher = self.better == "higher"
        return Fraction(1 + sum((value > own) if higher else (value < own) for value in values))

    def phrase(self, names: Names) -> object:
        args = {"of": names.quantity(self.of)}
        if self.better == "higher":
            return Message("own rank by {of}, the highest first", args)
        return Message("own rank by {of}, the lowest first", args)


QUANTITIES: Mapping[str, type[Quantity]] = {
    quantity.key: quantity
    for quantity in (
        *(FactQuantity, CountQuantity, SumQuantity, IncreaseQuantity, FigureQuantity),
        *(PercentQuantity, ShareQuantity, TotalQuantity, DifferenceQuantity),
        *(BeforeQuantity, YearBeforeQuantity),
        *(BestQuantity, MeanQuantity, MedianQuantity, RankQuantity),
    )
}
"""The quantities by the key that tells each of them in a rulebook."""
