"""From a rulebook file to a `Rulebook`. Owns the meaning of every key of `rulebook.yaml`.

The file's shape has been checked against its schema before; what a schema cannot say is
checked in `rulebook_check`. Must not judge anything.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, cast

from generator.engine.book import (
    Alternative,
    Clause,
    Deadline,
    Exclusions,
    Ground,
    Line,
    OutsideRanking,
    Provision,
    Reading,
    RecordKind,
    Restoration,
    Rulebook,
    Section,
)
from generator.engine.kinds import (
    AmountTable,
    Basis,
    Ceiling,
    CheckList,
    Condition,
    CountQuantity,
    Coverage,
    FactQuantity,
    Figure,
    FigureQuantity,
    PerRecord,
    Quantity,
    Rate,
    Recurrence,
    Requirement,
    Rule,
    Selection,
    ShareQuantity,
    Shortfall,
)
from generator.engine.problem import Path, Text
from generator.reading.source import Document


def rulebook(document: Document, records: Mapping[Path, RecordKind]) -> Rulebook:
    """The rulebook in a well-shaped document; `records` is what its form says of record lists."""
    value = document.value
    return Rulebook(
        id=value["id"],
        version=value["version"],
        status=value["status"],
        title=_text(value["title"]),
        issuer=_text(value["issuer"]),
        note=_text(value["note"]),
        total=_figure(value["total"]),
        preamble=value.get("preamble", ""),
        sections=tuple(map(_section, value["sections"])),
        provisions=tuple(Provision(p["id"], p["text"]) for p in value.get("provisions", ())),
        deadlines=tuple(map(_deadline, value.get("deadlines", ()))),
        exclusions=_exclusions(value["exclusions"]) if "exclusions" in value else None,
        records=records,
        lines=tuple(map(_line, value.get("lines", ()))),
        outside_ranking=_outside(value.get("outside_ranking")),
        outcomes={name: _text(text) for name, text in value.get("outcomes", {}).items()},
        readings=tuple(map(_reading, value.get("readings", ()))),
        restorations=tuple(Restoration(**r) for r in value.get("restorations", ())),
        sha256=document.sha256,
        path=document.path,
    )


def path(dotted: str) -> Path:
    """A path as rulebooks write it: keys joined by dots."""
    return tuple(dotted.split("."))


# --- parts ----------------------------------------------------------------------------


def _text(value: Mapping[str, str]) -> Text:
    return Text(value["zh"], value["en"])


def _figure(value: Mapping[str, Any]) -> Figure:
    return Figure(
        Fraction(value["value"]), Basis(value["basis"]), value["reference"], value.get("reading")
    )


def _section(value: Mapping[str, Any]) -> Section:
    return Section(
        value["id"],
        _text(value["title"]),
        value.get("requirement", ""),
        _figure(value["points"]),
        tuple(map(_clause, value["clauses"])),
    )


def _clause(value: Mapping[str, Any]) -> Clause:
    return Clause(
        value["id"],
        _text(value["title"]),
        value["text"],
        _figure(value["points"]),
        tuple(map(_rule, value.get("rules", ()))),
    )


def _deadline(value: Mapping[str, Any]) -> Deadline:
    limits = value["limits"] if "limits" in value else {"": value["limit"]}
    return Deadline(
        value["id"],
        path(value["records"]),
        path(value["start"]),
        path(value["end"]),
        path(value["excused"]) if "excused" in value else None,
        path(value["by"]) if "by" in value else None,
        value["unit"],
        {key: _figure(limit) for key, limit in limits.items()},
        value.get("carried_over", False),
    )


def _exclusions(value: Mapping[str, Any]) -> Exclusions:
    grounds = {ground["id"]: _ground(ground) for ground in value["grounds"]}
    return Exclusions(path(value["records"]), value["field"], grounds)


def _ground(value: Mapping[str, Any]) -> Ground:
    return Ground(
        value["id"],
        value["clause"],
        _text(value["label"]),
        _conditions(value.get("where", {})),
        tuple(value["requires"]),
        tuple((path(a), path(b)) for a, b in value.get("not_before", {}).items()),
        {path(a): path(b) for a, b in value.get("refers", {}).items()},
        {path(a): tuple(values) for a, values in value.get("covers", {}).items()},
    )


def _line(value: Mapping[str, Any]) -> Line:
    return Line(
        value["id"],
        _text(value["label"]),
        value["clause"],
        value["end"],
        _figure(value["places"]),
        _figure(value["minimum"]) if "minimum" in value else None,
        value.get("yields_to"),
        _figure(value["yields_below"]) if "yields_below" in value else None,
        tuple(value["outcomes"]),
        value["undecided"],
    )


def _outside(value: Mapping[str, Any] | None) -> OutsideRanking | None:
    if value is None:
        return None
    return OutsideRanking(value["outcome"], value["clause"], _figure(value["last"]))


def _reading(value: Mapping[str, Any]) -> Reading:
    return Reading(
        value["id"],
        tuple(value["clauses"]),
        value["phrase"],
        _text(value["text"]),
        _text(value["ground"]),
        tuple(Alternative(a["id"], _text(a["text"])) for a in value["alternatives"]),
    )


# --- rules, by kind -------------------------------------------------------------------


def _rule(value: Mapping[str, Any]) -> Rule:
    common = {"id": value["id"], "label": _text(value["label"]), "unit": _text(value["unit"])}
    return KINDS[value["kind"]](value, common)


def _requirement(value: Mapping[str, Any], common: dict[str, Any]) -> Requirement:
    return Requirement(**common, fact=path(value["fact"]), amount=_figure(value["amount"]))


def _coverage(value: Mapping[str, Any], common: dict[str, Any]) -> Coverage:
    fact, amount = path(value["fact"]), _figure(value["amount"])
    return Coverage(**common, fact=fact, every=value["every"], amount=amount)


def _check_list(value: Mapping[str, Any], common: dict[str, Any]) -> CheckList:
    items = {item: _text(label) for item, label in value["items"].items()}
    fact, amount = path(value["fact"]), _figure(value["amount"])
    return CheckList(**common, fact=fact, items=items, amount=amount)


def _shortfall(value: Mapping[str, Any], common: dict[str, Any]) -> Shortfall:
    actual, needed = _quantity(value["actual"]), _quantity(value["needed"])
    return Shortfall(**common, actual=actual, needed=needed, amount=_figure(value["amount"]))


def _per_record(value: Mapping[str, Any], common: dict[str, Any]) -> PerRecord:
    amount: Figure | AmountTable
    if "by" in value:
        figures = {key: _figure(figure) for key, figure in value["amounts"].items()}
        amount = AmountTable(path(value["by"]), figures)
    else:
        amount = _figure(value["amount"])
    return PerRecord(**common, selection=_selection(value), amount=amount)


def _ceiling(value: Mapping[str, Any], common: dict[str, Any]) -> Ceiling:
    limit, amount = _quantity(value["limit"]), _figure(value["amount"])
    return Ceiling(**common, selection=_selection(value), limit=limit, amount=amount)


def _rate(value: Mapping[str, Any], common: dict[str, Any]) -> Rate:
    return Rate(
        **common,
        selection=_selection(value),
        met=_conditions(value["met"]),
        at_least=_figure(value["at_least"]),
        amount=_figure(value["amount"]),
    )


def _recurrence(value: Mapping[str, Any], common: dict[str, Any]) -> Recurrence:
    return Recurrence(
        **common,
        selection=_selection(value),
        order_by=path(value["order_by"]),
        first_where=_conditions(value["first"].get("where", {})),
        first=_figure(value["first"]["amount"]),
        later=_figure(value["later"]),
    )


KINDS: Mapping[str, Callable[[Mapping[str, Any], dict[str, Any]], Rule]] = {
    "requirement": _requirement,
    "coverage": _coverage,
    "check_list": _check_list,
    "shortfall": _shortfall,
    "per_record": _per_record,
    "ceiling": _ceiling,
    "rate": _rate,
    "recurrence": _recurrence,
}
"""The closed set of rule kinds; a test holds it equal to the schema's."""


def _quantity(value: Mapping[str, Any]) -> Quantity:
    if "percent" in value:
        # The schema allows a share of facts and counts, not of another share.
        of = cast("FactQuantity | CountQuantity", _quantity(value["of"]))
        return ShareQuantity(_figure(value["percent"]), of, value["round"])
    if "fact" in value:
        return FactQuantity(path(value["fact"]))
    if "figure" in value:
        return FigureQuantity(_figure(value["figure"]))
    return CountQuantity(Selection(path(value["count"]), _conditions(value.get("where", {}))))


def _selection(value: Mapping[str, Any]) -> Selection:
    return Selection(path(value["records"]), _conditions(value.get("where", {})))


def _conditions(value: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple(_condition(path(field), wanted) for field, wanted in value.items())


def _condition(field: Path, wanted: object) -> Condition:
    if isinstance(wanted, Mapping):
        return Condition(field, present=wanted["present"])
    return Condition(field, tuple(wanted) if isinstance(wanted, list) else (wanted,))
