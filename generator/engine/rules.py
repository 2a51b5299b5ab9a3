"""What all kinds of rules share: asking within limits, deductions with their working, records told.

Must not know a kind, a clause's maximum, a floor or any number: those are the rulebook's and
`score`'s.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from generator.engine.book import Deadline, Rule
from generator.engine.facts import Facts
from generator.engine.measures import Basis, Figure, Names, Rounding, Selection, rounded
from generator.engine.problem import Location, Message, Path
from generator.engine.records import due, limit, moment, written
from generator.engine.year import Deduction, Record

_STRENGTH = list(Basis)


def judge(rule: Rule, facts: Facts, without: Deduction | None = None) -> Iterable[Deduction]:
    """The deductions that one rule asks, in charging order; 0, or what rounds to it, is none.

    `without` is one that shall not be asked: what the rule may ask is then left to the others.
    """
    asked: Iterable[Deduction] = (each for each in rule.deductions(facts) if each.points)
    if without is not None:
        about = (without.rule, without.records, without.sources)  # whatever was cut from either
        asked = (each for each in asked if (each.rule, each.records, each.sources) != about)
    places = facts.rulebook.above.round_points
    if places is not None:
        rounding = Rounding("half_up", int(places.value))
        exact = (_rounded(each, rounding, facts) for each in asked)
        asked = (each for each in exact if each.points)
    return asked if rule.most is None else _at_most(rule.most, asked, facts)


def _rounded(deduction: Deduction, rounding: Rounding, facts: Facts) -> Deduction:
    points = rounded(deduction.points, rounding)
    if points == deduction.points:
        return deduction
    args = {"reason": deduction.reason, "points": facts.amount(points)}
    return replace(deduction, points=points, reason=_ROUNDED.about(args))


_ROUNDED = Message("{reason}; rounded to {points}")


def _at_most(most: Figure, asked: Iterable[Deduction], facts: Facts) -> Iterator[Deduction]:
    """Each deduction as far as all together stay within what the rule may ask."""
    left = most.value
    for deduction in asked:
        points = min(deduction.points, left)
        left -= points
        if points == deduction.points:
            yield deduction
        elif points:
            yield replace(
                deduction,
                points=points,
                reason=at_most(deduction.reason, facts, most.value, points),
                basis=max(deduction.basis, most.basis, key=_STRENGTH.index),
                figures=(*deduction.figures, most),
            )


def at_most(reason: Message, facts: Facts, most: Fraction, points: Fraction) -> Message:
    """What was asked, cut down to what may still be asked."""
    args = {"reason": reason, "most": facts.amount(most), "points": facts.amount(points)}
    return Message("{reason}; at most {most} in all, so {points}", args)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRule(Rule):
    """A rule about the selected records of one list."""

    selection: Selection

    @property
    def records(self) -> Path:
        return self.selection.records

    def phrase(self, names: Names) -> object:
        return names.selection(self.selection)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRule(Rule):
    """A rule about one fact."""

    fact: Path

    def phrase(self, names: Names) -> object:
        return names.fact(self.fact)


def weakest(figures: Iterable[Figure]) -> Basis:
    """The weakest basis among the numbers used."""
    return max((figure.basis for figure in figures), key=_STRENGTH.index)


def deduction(
    rule: Rule,
    points: Fraction,
    reason: Message,
    figures: tuple[Figure, ...],
    sources: tuple[Location, ...],
    records: tuple[str, ...] = (),
) -> Deduction:
    """What a rule asks, on the weakest basis of the numbers used."""
    basis = weakest(figures)
    return Deduction(rule.id, points, records, reason, basis, sources, None, rule.award, figures)


def key(value: object) -> str:
    """A value as tables of amounts name it."""
    return ("false", "true")[value] if isinstance(value, bool) else str(value)


def entries(facts: Facts, path: Path) -> list[str]:
    """What stands in the list of values at `path`."""
    values = facts.value(path)
    return list(values) if isinstance(values, list | tuple) else []


def unique(places: tuple[Location, ...]) -> tuple[Location, ...]:
    """Each place once, where it first stands."""
    return tuple({(place.path, place.line): place for place in reversed(places)}.values())[::-1]


def words(
    rule: Rule, facts: Facts, points: Fraction, amount: Figure | None = None
) -> dict[str, object]:
    """What every working can speak of: `asked` is "deduct 5 points", `amount` "1 point off"."""
    unit = rule.unit  # in English a space stands between it and its number
    args: dict[str, object] = {
        "label": rule.label,
        "unit": replace(unit, en=f" {unit.en}") if unit.en[:1].isalpha() else unit,
        "asked": _ASKED[rule.award].about({"points": facts.amount(points)}),
    }
    if amount is not None:
        args["amount"] = _EACH[rule.award].about({"points": facts.amount(amount.value)})
    return args


_ASKED = {False: Message("deduct {points}"), True: Message("add {points}")}
_EACH = {False: Message("{points} off"), True: Message("{points} added")}


def record_told(record: Record, records: Path, facts: Facts, deadline: Deadline | None) -> Message:
    """The record by id, with its date, or with how it stands to the limit that is asked about."""
    last = due(record, deadline, facts.calendar) if deadline else None
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
    return _LIMITS[deadline.unit, bool(args["end"])].about(args)


_LIMITS: Mapping[tuple[str, bool], Message] = {
    ("days", True): Message("{record} (from {start}, {limit} days until {due}, ended {end})"),
    ("days", False): Message("{record} (from {start}, {limit} days until {due}, not ended)"),
    ("working_days", True): Message(
        "{record} (from {start}, {limit} working days until {due}, ended {end})"
    ),
    ("working_days", False): Message(
        "{record} (from {start}, {limit} working days until {due}, not ended)"
    ),
    ("hours", True): Message("{record} (from {start}, {limit} hours until {due}, ended {end})"),
    ("hours", False): Message("{record} (from {start}, {limit} hours until {due}, not ended)"),
}
