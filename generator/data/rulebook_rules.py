"""From a rulebook's rules to their kinds. Owns the meaning of the keys of every kind.

Must not judge anything, nor check what a schema cannot say (`rulebook_check` does).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generator.data.rulebook_measures import (
    Value,
    conditions,
    figure,
    figures,
    maybe,
    path,
    quantity,
    selection,
    text,
)
from generator.engine.kinds import (
    AmountTable,
    Ceiling,
    CheckList,
    Choice,
    Coverage,
    Delay,
    Discretion,
    Factor,
    PerRecord,
    Point,
    Recurrence,
    Requirement,
    Rule,
    Scale,
    Scorer,
    Target,
)
from generator.engine.measures import Figure, Selection
from generator.engine.problem import Path, Text
from generator.shape.form import FieldType, Form

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
