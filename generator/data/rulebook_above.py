"""From a rulebook's words to what stands above its clauses: groups, periods, bonuses, grades.

Owns the meaning of those keys. Must not judge anything.
"""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from generator.data.rulebook_measures import (
    Value,
    bounds,
    figure,
    figures,
    maybe,
    quantity,
    rounding,
    tests,
    text,
)
from generator.data.rulebook_rules import Setting, rules
from generator.engine.above import (
    Above,
    Band,
    Bands,
    Conversion,
    Group,
    Grouping,
    Line,
    OutsideRanking,
    Part,
    Payment,
    Pool,
    Streak,
    TieBreaker,
    Veto,
)

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
