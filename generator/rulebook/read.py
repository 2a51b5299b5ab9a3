"""From a rulebook file to a `Rulebook`: the meaning of every key of `rulebook.yaml`.

The file's shape has been checked against its schema before; what a schema cannot say is `check`'s.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, Literal, TypeVar

from generator.engine import quantities
from generator.engine.book import (
    Above,
    Alternative,
    Band,
    Bands,
    Clause,
    Conversion,
    Deadline,
    Exclusions,
    Ground,
    Group,
    Grouping,
    Line,
    NotApplicable,
    OutsideRanking,
    Part,
    Payment,
    Pool,
    Provision,
    Reading,
    RecordKind,
    Restoration,
    Rule,
    Rulebook,
    Section,
    Streak,
    TieBreaker,
    Undecidable,
    Veto,
    Wording,
)
from generator.engine.facts import PARTS
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.check_list import CheckList
from generator.engine.kinds.choice import Choice
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.kinds.per_record import AmountTable, Delay, Factor, PerRecord
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.kinds.requirement import Requirement
from generator.engine.kinds.scale import Point, Scale
from generator.engine.kinds.target import Target
from generator.engine.measures import (
    Basis,
    Bounds,
    Condition,
    Figure,
    Quantity,
    Rounding,
    Selection,
    Test,
)
from generator.engine.problem import Path, Text
from generator.engine.quantities import (
    BeforeQuantity,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    IncreaseQuantity,
    PeerQuantity,
    PercentQuantity,
    ShareQuantity,
    SumQuantity,
    TotalQuantity,
    YearBeforeQuantity,
)
from generator.reading.source import Document
from generator.shape.form import FieldType, Form

Value = Mapping[str, Any]
"""A group of keys of a well-shaped rulebook."""

BOUNDS = ("at_least", "above", "at_most", "below")
"""The keys of bounds, from the lower ones to the upper ones."""


def path(dotted: str) -> Path:
    """A path as rulebooks write it: keys joined by dots."""
    return tuple(dotted.split("."))


def text(value: Mapping[str, str]) -> Text:
    """A word of the rulebook in both languages."""
    return Text(value["zh"], value["en"])


def figure(value: Value) -> Figure:
    """A number with its ground."""
    return Figure(
        Fraction(value["value"]), Basis(value["basis"]), value["reference"], value.get("reading")
    )


def maybe(value: Value, key: str) -> Figure | None:
    """The number under a key that may be missing."""
    return figure(value[key]) if key in value else None


def figures(value: Value) -> dict[str, Figure]:
    """A table of numbers, by group or by the value of a fact."""
    return {key: figure(inner) for key, inner in value.items()}


# --- conditions -----------------------------------------------------------------------


def conditions(value: Value) -> tuple[Condition, ...]:
    """What `where` asks of a record."""
    return tuple(_condition(path(field), wanted) for field, wanted in value.items())


def _condition(field: Path, wanted: object) -> Condition:
    if not isinstance(wanted, Mapping):
        return Condition(field, _values(wanted))
    if "present" in wanted:
        return Condition(field, present=wanted["present"])
    return Condition(field, bounds=bounds(wanted))


def _values(wanted: object) -> tuple[object, ...]:
    return tuple(wanted) if isinstance(wanted, list) else (wanted,)


def selection(value: Value, key: str = "records") -> Selection:
    """The records under a key that meet the `where` beside it."""
    return Selection(path(value[key]), conditions(value.get("where", {})))


def bounds(value: Value) -> Bounds:
    """The bounds among the keys of a group, if there are any."""
    return Bounds(*(maybe(value, key) for key in BOUNDS))


def tests(value: Sequence[Value]) -> tuple[Test, ...]:
    """Questions about one unit, all of which must be answered with yes."""
    return tuple(map(_test, value))


def _test(value: Value) -> Test:
    if "is" in value:
        return Test(fact=path(value["fact"]), values=_values(value["is"]))
    return Test(quantity(value), bounds(value))


# --- quantities -----------------------------------------------------------------------


def quantity(value: Value) -> Quantity:
    """The quantity that the first known key among those of a group begins."""
    return QUANTITIES[quantity_key(value)](value)


def quantity_key(value: Value) -> str:
    """Which quantity a group of keys is, by the key that only this one has."""
    return next(key for key in QUANTITIES if key in value)


def rounding(value: Value) -> Rounding | None:
    """How to round, where a group says it under `round`."""
    how = value.get("round")
    if how is None or isinstance(how, Mapping):
        return Rounding(how["mode"], how["places"]) if how else None
    return Rounding(how)


def _several(value: Sequence[Value]) -> tuple[Quantity, ...]:
    return tuple(map(quantity, value))


def _of_peers(made: type[PeerQuantity], value: Value) -> Quantity:
    better = {"better": value["better"]} if "better" in made.__annotations__ else {}
    return made(quantity(value[made.key]), **better)


QUANTITIES: Mapping[str, Callable[[Value], Quantity]] = {
    "fact": lambda v: FactQuantity(path(v["fact"])),
    "count": lambda v: CountQuantity(selection(v, "count")),
    "sum": lambda v: SumQuantity(selection(v, "sum"), path(v["field"])),
    "increase": lambda v: IncreaseQuantity(
        selection(v, "increase"),
        path(v["on"]),
        v["every"],
        path(v["field"]) if "field" in v else None,
    ),
    "figure": lambda v: FigureQuantity(figure(v["figure"])),
    "percent": lambda v: PercentQuantity(figure(v["percent"]), quantity(v["of"]), rounding(v)),
    "share": lambda v: ShareQuantity(quantity(v["share"]), quantity(v["of"]), rounding(v)),
    "total": lambda v: TotalQuantity(_several(v["total"])),
    "difference": lambda v: DifferenceQuantity(*_several(v["difference"])),
    "before": lambda v: BeforeQuantity(quantity(v["before"])),
    "year_before": lambda v: YearBeforeQuantity(quantity(v["year_before"])),
    **{
        key: partial(_of_peers, made)
        for key, made in quantities.QUANTITIES.items()
        if issubclass(made, PeerQuantity)
    },
}
"""The quantities by the key that tells each of them; a test holds them equal to the schema's."""


YES_NO = {"true": Text("是", "yes"), "false": Text("否", "no")}
"""The values of a fact that is true or false, as tables of amounts write them."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where rules stand: the form that their paths speak of, who rates, what they do by default."""

    form: Form
    scorers: Mapping[str, Text]
    award: bool


def rules(values: Sequence[Value], setting: Setting) -> tuple[Rule, ...]:
    """The rules of a clause or a pool."""
    return tuple(_rule(value, setting) for value in values)


def _rule(value: Value, setting: Setting) -> Rule:
    common = {
        "id": value["id"],
        "label": text(value["label"]),
        "unit": text(value["unit"]),
        "award": value["effect"] == "award" if "effect" in value else setting.award,
        "most": maybe(value, "most"),
    }
    return KINDS[value["kind"]](value, common, setting)


Common = dict[str, Any]
"""What every rule has, by the names of `RuleBase`."""


def _requirement(value: Value, common: Common, _: Setting) -> Requirement:
    return Requirement(**common, fact=path(value["fact"]), amount=figure(value["amount"]))


def _choice(value: Value, common: Common, setting: Setting) -> Choice:
    fact = path(value["fact"])
    field = setting.form.at(fact)
    names = field.values if field and field.type is not FieldType.BOOLEAN else YES_NO
    return Choice(**common, fact=fact, figures=figures(value["amounts"]), names=names)


def _coverage(value: Value, common: Common, _: Setting) -> Coverage:
    by_records = "records" in value
    return Coverage(
        **common,
        selection=selection(value) if by_records else Selection(path(value["fact"])),
        on=path(value["on"]) if by_records else None,
        every=value["every"],
        amount=figure(value["amount"]),
        excepted=path(value["except"]) if "except" in value else None,
    )


def _check_list(value: Value, common: Common, _: Setting) -> CheckList:
    items = {item: text(label) for item, label in value["items"].items()}
    fact, amount = path(value["fact"]), figure(value["amount"])
    return CheckList(**common, fact=fact, items=items, amount=amount)


def _target(value: Value, common: Common, _: Setting) -> Target:
    side = next(side for side in SIDES if side in value)
    return Target(
        **common,
        actual=quantity(value["actual"]),
        side=side,
        bound=quantity(value[side]),
        amount=figure(value["amount"]),
        step=maybe(value, "step"),
        steps=value.get("steps", "exact"),
    )


SIDES: tuple[Literal["at_least", "at_most", "around"], ...] = ("at_least", "at_most", "around")
"""The keys of a target's bound, of which it has one."""


def _per_record(value: Value, common: Common, _: Setting) -> PerRecord:
    delay = value.get("delay")
    return PerRecord(
        **common,
        selection=selection(value),
        amount=_table(value) if "by" in value else figure(value["amount"]),
        factors=tuple(map(_factor, value.get("factors", ()))),
        delay=Delay(delay["deadline"], delay["every"]) if delay else None,
    )


def _table(value: Value) -> AmountTable:
    fields = by(value["by"])
    return AmountTable(fields, dict(_cells(value["amounts"], len(fields))))


def by(value: str | Sequence[str]) -> tuple[Path, ...]:
    """The fields that a table of amounts goes by: written as one, or as a list."""
    return tuple(map(path, [value] if isinstance(value, str) else value))


def _cells(table: Value, depth: int) -> Sequence[tuple[tuple[str, ...], Figure]]:
    if depth == 1:
        return [((key,), figure(inner)) for key, inner in table.items()]
    return [
        ((key, *more), cell)
        for key, inner in table.items()
        for more, cell in _cells(inner, depth - 1)
    ]


def _factor(value: Value) -> Factor:
    return Factor(text(value["label"]), conditions(value["where"]), figure(value["by"]))


def _ceiling(value: Value, common: Common, _: Setting) -> Ceiling:
    limit, amount = quantity(value["limit"]), figure(value["amount"])
    return Ceiling(**common, selection=selection(value), limit=limit, amount=amount)


def _recurrence(value: Value, common: Common, _: Setting) -> Recurrence:
    return Recurrence(
        **common,
        selection=selection(value),
        order_by=path(value["order_by"]),
        first_where=conditions(value["first"].get("where", {})),
        first=figure(value["first"]["amount"]),
        later=figure(value["later"]),
    )


def _scale(value: Value, common: Common, _: Setting) -> Scale:
    return Scale(
        **common,
        value=quantity(value["value"]),
        along=tuple(Point(figure(p["at"]), figure(p["points"])) for p in value["along"]),
        stepped=value.get("stepped", False),
        otherwise=maybe(value, "otherwise"),
    )


def _discretion(value: Value, common: Common, setting: Setting) -> Discretion:
    return Discretion(
        **common,
        scorers={
            name: Scorer(setting.scorers[name], figure(weight))
            for name, weight in value["scorers"].items()
        },
        least=figure(value["least"]),
        greatest=figure(value["greatest"]),
    )


KINDS: Mapping[str, Callable[[Value, Common, Setting], Rule]] = {
    "requirement": _requirement,
    "choice": _choice,
    "coverage": _coverage,
    "check_list": _check_list,
    "target": _target,
    "per_record": _per_record,
    "ceiling": _ceiling,
    "recurrence": _recurrence,
    "scale": _scale,
    "discretion": _discretion,
}
"""The closed set of rule kinds; a test holds it equal to the schema's."""


_Made = TypeVar("_Made")


def above(value: Value, setting: Setting) -> Above:
    """Everything above the clauses but lines and outcomes; rules of pools stand in `setting`."""
    rounded = value.get("rounding", {})
    return Above(
        grouping=_grouping(value["groups"]) if "groups" in value else None,
        parts=_each(_part, value.get("periods")),
        pools=tuple(_pool(pool, setting) for pool in value.get("pools", ())),
        vetoes=_each(_veto, value.get("vetoes")),
        conversions=_each(_conversion, value.get("conversions")),
        bands=_bands(value["bands"]) if "bands" in value else None,
        streaks=_each(_streak, value.get("streaks")),
        payments=_each(_payment, value.get("payments")),
        tie_breakers=_each(_tie_breaker, value.get("tie_breakers")),
        round_points=maybe(rounded, "points"),
        round_score=maybe(rounded, "score"),
    )


def lines(value: Value) -> tuple[Line, ...]:
    """Consequences by place or score."""
    return _each(_line, value.get("lines"))


def outside_ranking(value: Value) -> OutsideRanking | None:
    """The consequence of somebody else's ranking, where there is one."""
    if "outside_ranking" not in value:
        return None
    outside = value["outside_ranking"]
    return OutsideRanking(outside["outcome"], outside["clause"], figure(outside["last"]))


def _each(make: Callable[[Value], _Made], values: Iterable[Value] | None) -> tuple[_Made, ...]:
    return tuple(map(make, values or ()))


def _named(value: Value) -> dict[str, Any]:
    """What most of these have: an id, a label and, where it stands there, the clause."""
    clause = {"clause": value["clause"]} if "clause" in value else {}
    return {"id": value["id"], "label": text(value["label"]), **clause}


def _grouping(value: Value) -> Grouping:
    groups = tuple(Group(group["id"], text(group["label"])) for group in value["list"])
    return Grouping(value["by"], groups, value["apart"])


def _part(value: Value) -> Part:
    return Part(
        **_named(value), start=value["from"], end=value["to"], weight=maybe(value, "weight")
    )


def _pool(value: Value, setting: Setting) -> Pool:
    return Pool(
        value["id"],
        text(value["title"]),
        value["text"],
        rules(value["rules"], setting),
        cap=maybe(value, "cap"),
        minimum=maybe(value, "at_least"),
        where=tests(value.get("where", ())),
        groups=tuple(value.get("groups", ())),
    )


def _veto(value: Value) -> Veto:
    return Veto(
        **_named(value),
        where=tests(value["where"]),
        score=maybe(value, "score"),
        at_most=maybe(value, "at_most"),
        last=value.get("last", False),
        outcomes=tuple(value.get("outcomes", ())),
        bars=tuple(value.get("bars", ())),
    )


def _conversion(value: Value) -> Conversion:
    of, to = figure(value["of"]), figure(value["to"])
    return Conversion(**_named(value), of=of, to=to, rounding=rounding(value))


def _bands(value: Value) -> Bands:
    return Bands(value["of"], _each(_band, value["list"]))


def _band(value: Value) -> Band:
    return Band(
        **_named(value),
        at_least=maybe(value, "at_least"),
        below=maybe(value, "below"),
        outcomes=tuple(value.get("outcomes", ())),
    )


def _streak(value: Value) -> Streak:
    return Streak(
        **_named(value),
        bands=tuple(value["bands"]),
        periods=figure(value["periods"]),
        outcomes=tuple(value["outcomes"]),
    )


def _line(value: Value) -> Line:
    return Line(
        **_named(value),
        end=value.get("end"),
        places=maybe(value, "places"),
        bounds=bounds(value),
        yields_to=value.get("yields_to"),
        yields_below=maybe(value, "yields_below"),
        outcomes=tuple(value["outcomes"]),
        undecided=value.get("undecided"),
        percent=maybe(value, "percent"),
        rounding=rounding(value),
        groups=tuple(value.get("groups", ())),
    )


def _payment(value: Value) -> Payment:
    return Payment(
        **_named(value),
        unit=text(value["unit"]),
        per_point=figure(value["per_point"]),
        minimum=maybe(value, "at_least"),
        per_point_by_group=figures(value.get("per_point_by_group", {})),
    )


def _tie_breaker(value: Value) -> TieBreaker:
    of_points = value.keys() & {"section", "clause"}
    return TieBreaker(
        text(value["label"]),
        value["better"],
        section=value.get("section"),
        clause=value.get("clause"),
        quantity=None if of_points else quantity(value),
    )


def rulebook(document: Document, form: Form) -> Rulebook:
    """The rulebook in a well-shaped document; `form` is what a report under it looks like."""
    value = document.value
    scorers = {name: text(label) for name, label in value.get("scorers", {}).items()}
    setting = Setting(form, scorers, award=False)
    periods = tuple(period["id"] for period in value.get("periods", ()))
    return Rulebook(
        id=value["id"],
        version=value["version"],
        status=value["status"],
        title=text(value["title"]),
        issuer=text(value["issuer"]),
        note=text(value["note"]),
        total=figure(value["total"]),
        preamble=value.get("preamble", ""),
        sections=tuple(_section(section, setting, periods) for section in value["sections"]),
        provisions=tuple(Provision(p["id"], p["text"]) for p in value.get("provisions", ())),
        deadlines=tuple(map(_deadline, value.get("deadlines", ()))),
        exclusions=_exclusions(value["exclusions"]) if "exclusions" in value else None,
        records=_records(form, periods),
        lines=lines(value),
        outside_ranking=outside_ranking(value),
        outcomes={name: text(label) for name, label in value.get("outcomes", {}).items()},
        readings=tuple(map(_reading, value.get("readings", ()))),
        restorations=tuple(Restoration(**r) for r in value.get("restorations", ())),
        sha256=document.sha256,
        path=document.path,
        wording=_wording(value, setting),
        above=above(value, setting),
        undecidable=tuple(map(_undecidable, value.get("undecidable", ()))),
        in_force=_in_force(value),
        total_by_group=figures(value.get("total_by_group", {})),
        counted_once=value.get("counted_once"),
    )


def inside(form: Form, period: str) -> Form:
    """The form as rules of a section that is judged in every period see it."""
    return form.below_group((PARTS, period))


# --- parts ----------------------------------------------------------------------------


def _records(form: Form, periods: tuple[str, ...]) -> Mapping[Path, RecordKind]:
    """The lists of records as rules speak of them: those of the periods without the period."""
    kinds = {path: kind for path, kind in form.record_kinds().items() if path[0] != PARTS}
    for period in periods:
        kinds = inside(form, period).record_kinds() | kinds
    return kinds if periods else form.record_kinds()


def _wording(value: Value, setting: Setting) -> Wording:
    own = {key: text(value[key]) for key in ("unit", "assessed") if key in value}
    return Wording(**own, scorers=setting.scorers)


def _in_force(value: Value) -> tuple[str, str | None] | None:
    span = value.get("in_force")
    return (span["from"], span.get("until")) if span else None


def _section(value: Value, setting: Setting, periods: tuple[str, ...]) -> Section:
    each = value.get("each", "year")
    if each == "period":
        setting = Setting(inside(setting.form, periods[0]), setting.scorers, setting.award)
    return Section(
        value["id"],
        text(value["title"]),
        value.get("requirement", ""),
        figure(value["points"]),
        tuple(_clause(clause, setting) for clause in value["clauses"]),
        weight=maybe(value, "weight"),
        each=each,
        groups=tuple(value.get("groups", ())),
        points_by_group=figures(value.get("points_by_group", {})),
        weight_by_group=figures(value.get("weight_by_group", {})),
    )


def _clause(value: Value, setting: Setting) -> Clause:
    starts = value.get("starts", "full")
    here = Setting(setting.form, setting.scorers, award=starts == "zero")
    return Clause(
        value["id"],
        text(value["title"]),
        value["text"],
        figure(value["points"]),
        rules(value.get("rules", ()), here),
        starts=starts,
        floor=not value.get("below_zero", False),
        cap=not value.get("above_points", False),
        applies=_not_applicable(value["applies"]) if "applies" in value else None,
        groups=tuple(value.get("groups", ())),
        points_by_group=figures(value.get("points_by_group", {})),
    )


def _not_applicable(value: Value) -> NotApplicable:
    where, otherwise = tests(value["where"]), value["otherwise"]
    if isinstance(otherwise, Mapping):
        return NotApplicable(where, "points", figure(otherwise["points"]))
    return NotApplicable(where, otherwise)


def _undecidable(value: Value) -> Undecidable:
    return Undecidable(value["id"], tuple(value["clauses"]), value["phrase"], text(value["text"]))


def _deadline(value: Value) -> Deadline:
    limits = value["limits"] if "limits" in value else {"": value["limit"]}
    return Deadline(
        value["id"],
        path(value["records"]),
        path(value["start"]),
        path(value["end"]),
        path(value["excused"]) if "excused" in value else None,
        path(value["by"]) if "by" in value else None,
        value["unit"],
        {key: figure(limit) for key, limit in limits.items()},
        value.get("carried_over", False),
    )


def _exclusions(value: Value) -> Exclusions:
    grounds = {ground["id"]: _ground(ground) for ground in value["grounds"]}
    return Exclusions(path(value["records"]), value["field"], grounds)


def _ground(value: Value) -> Ground:
    return Ground(
        value["id"],
        value["clause"],
        text(value["label"]),
        conditions(value.get("where", {})),
        tuple(value["requires"]),
        tuple((path(a), path(b)) for a, b in value.get("not_before", {}).items()),
        {path(a): path(b) for a, b in value.get("refers", {}).items()},
        {path(a): tuple(values) for a, values in value.get("covers", {}).items()},
    )


def _reading(value: Value) -> Reading:
    return Reading(
        value["id"],
        tuple(value["clauses"]),
        value["phrase"],
        text(value["text"]),
        text(value["ground"]),
        tuple(Alternative(a["id"], text(a["text"])) for a in value["alternatives"]),
    )
