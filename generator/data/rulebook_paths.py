"""What a rulebook asks of the report, held against the form: rules, quantities, conditions.

Owns which path of which kind of rule must lead to what. A section that is judged in every
period is looked up in each of them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.data.rulebook import inside
from generator.data.rulebook_fields import NUMBERS, TABLED, Fields
from generator.data.rulebook_measures import path, quantity_key
from generator.data.rulebook_records import record_problems
from generator.data.rulebook_walk import Keys, places, unknown
from generator.engine.facts import PARTS
from generator.engine.problem import Message, Problem
from generator.reading.source import Document
from generator.shape.form import DATED, Field, FieldType, Form

_COVERED = {
    "week": {FieldType.DATE},
    "month": {FieldType.DATE, FieldType.MONTH},
    "quarter": {FieldType.DATE, FieldType.MONTH, FieldType.QUARTER},
    "half": {FieldType.DATE, FieldType.MONTH, FieldType.QUARTER},
}
_QUANTITIES = ("actual", "at_least", "at_most", "around", "limit", "value")
"""The keys of rules under which a quantity stands."""


def path_problems(document: Document, form: Form) -> list[Problem]:
    """Everything that a well-shaped rulebook says of reports that its form does not bear out."""
    problems = list(_periods(document, form))
    if problems:
        return problems  # else every path of the sections judged in every period would be told
    parts = [inside(form, period["id"]) for period in document.value.get("periods", [])]
    union = {name: one for part in parts for name, one in part.fields.items()}
    problems = record_problems(Fields(document, Form(form.title, union | dict(form.fields))))
    for number, section in enumerate(document.value["sections"]):
        for looked_at in parts if section.get("each") == "period" else [form]:
            found = list(_Checker(document, looked_at).section(("sections", number), section))
            problems += found
            if found:  # the other periods mostly look the same, and once told is enough
                break
    return problems + list(_Checker(document, form).above())


def _periods(document: Document, form: Form) -> Iterator[Problem]:
    """The form has a group for every period, which is always there, and for no other."""
    fields = Fields(document, form)
    periods: list[Mapping[str, Any]] = document.value.get("periods", [])
    for number, period in enumerate(periods):
        full, here = (PARTS, period["id"]), ("periods", number, "id")
        field, problems = fields.typed(here, full, {FieldType.GROUP})
        yield from problems
        yield from fields.always(here, field)
    known = [period["id"] for period in periods]
    for field in form.below((PARTS,)):
        if field.path[-1] not in known and (periods or field.type is FieldType.GROUP):
            message = Message(
                "The form asks for a period «{id}» that the rulebook does not have; its periods "
                "are: {known}",
                {"id": field.path[-1], "known": tuple(known) or ("-",)},
            )
            yield fields.problem((PARTS,), "periods-differ", message, key=True)


@dataclass(frozen=True, slots=True)
class _Checker(Fields):
    """Rules looked at against the form that their paths speak of."""

    def section(self, keys: Keys, section: Mapping[str, Any]) -> Iterator[Problem]:
        for number, clause in enumerate(section["clauses"]):
            here = (*keys, "clauses", number)
            where = clause.get("applies", {}).get("where", [])
            yield from self.tests((*here, "applies", "where"), where)
            yield from self.rules((*here, "rules"), clause.get("rules", []))

    def above(self) -> Iterator[Problem]:
        """What stands above the clauses speaks of the year."""
        value = self.document.value
        for keys, pool in places(value, "pools.*"):
            yield from self.rules((*keys, "rules"), pool["rules"])
        for pattern in ("pools.*.where", "vetoes.*.where"):
            for keys, where in places(value, pattern):
                yield from self.tests(keys, where)
        for keys, breaker in places(value, "tie_breakers.*"):
            if breaker.keys().isdisjoint({"section", "clause"}):
                yield from self.quantity(keys, breaker)

    # --- rules ---

    def rules(self, keys: Keys, rules: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
        for number, rule in enumerate(rules):
            yield from self.rule((*keys, number), rule)

    def rule(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        if "records" in rule:
            found = self.records((*keys, "records"), rule["records"])
            yield from found or self.choosing(keys, rule)
            if found:
                return
        for name in _QUANTITIES:
            if name in rule:
                yield from self.quantity((*keys, name), rule[name])
        check = _BY_KIND.get(rule["kind"])
        if check is not None:
            yield from check(self, keys, rule)

    def choosing(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        """The conditions of a rule about records."""
        records = path(rule["records"])
        wheres: list[tuple[Keys, Any]] = [((), rule), *places(rule, "first")]
        for inner, holder in (*wheres, *places(rule, "factors.*")):
            here = (*keys, *inner, "where")
            yield from self.conditions(here, holder.get("where", {}), records)

    def requirement(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        yield from self.fact((*keys, "fact"), path(rule["fact"]), {FieldType.BOOLEAN})[1]

    def choice(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        here = (*keys, "fact")
        field, problems = self.fact(here, path(rule["fact"]), TABLED)
        yield from problems
        if field:
            yield from self.always(here, field)
            yield from self.table((*keys, "amounts"), rule["amounts"], field)

    def coverage(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        if "records" in rule:
            yield from self.dated((*keys, "on"), rule["records"], rule)
        for name in ("fact", "except"):
            if name in rule:
                field, problems = self.fact((*keys, name), path(rule[name]), {FieldType.VALUES})
                yield from problems
                yield from self.spanned((*keys, name), field, rule[name], rule["every"])

    def dated(self, here: Keys, records: str, by: Mapping[str, Any]) -> Iterator[Problem]:
        """The date by which records fall into weeks, months, quarters or halves."""
        field, problems = self.inside(here, path(records), by["on"], DATED)
        yield from problems
        yield from self.spanned(here, field, f"{records}.{by['on']}", by["every"])
        if field:
            yield from self.always(here, field, path(records))

    def spanned(self, here: Keys, field: Field | None, name: str, every: str) -> Iterator[Problem]:
        if field and field.dated not in _COVERED[every]:
            message = Message(
                "«{path}» does not list what can be counted by the {every}; expected: {types}",
                {
                    "path": name,
                    "every": every,
                    "types": tuple(sorted(kind.value for kind in _COVERED[every])),
                },
            )
            yield self.problem(here, "wrong-path-type", message)

    def check_list(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        field, problems = self.fact((*keys, "fact"), path(rule["fact"]), {FieldType.VALUES})
        yield from problems
        if field:
            yield from self.table((*keys, "items"), rule["items"], field)

    def per_record(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        records = path(rule["records"])
        if "by" in rule:
            fields = [rule["by"]] if isinstance(rule["by"], str) else rule["by"]
            where = rule.get("where", {})
            yield from self.by(keys, records, fields, "amounts", rule["amounts"], where)
        for here, delay in places(rule, "delay"):
            known = self.derived(records)
            at = (*keys, *here, "deadline")
            if delay["deadline"] not in known:
                yield unknown(self.document, at, "unknown-deadline", delay["deadline"], known)
            elif known[delay["deadline"]]["unit"] == "hours":
                message = Message(
                    "«{deadline}» is counted in hours; a delay needs a deadline in days.",
                    {"deadline": delay["deadline"]},
                )
                yield self.problem(at, "wrong-path-type", message)

    def recurrence(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        here, records = (*keys, "order_by"), path(rule["records"])
        yield from self.inside(here, records, rule["order_by"], DATED)[1]

    # --- quantities and tests ---

    def quantity(self, keys: Keys, quantity: Mapping[str, Any]) -> Iterator[Problem]:
        kind = quantity_key(quantity)
        if kind == "fact":
            here = (*keys, "fact")
            field, problems = self.fact(here, path(quantity["fact"]), NUMBERS)
            yield from problems
            yield from self.always(here, field)
        elif kind in ("count", "sum", "increase"):
            found = self.records((*keys, kind), quantity[kind])
            yield from found or self.selected(keys, quantity, kind)
        for here, inner in inner_quantities(quantity):
            yield from self.quantity((*keys, *here), inner)

    def selected(self, keys: Keys, quantity: Mapping[str, Any], kind: str) -> Iterator[Problem]:
        records = path(quantity[kind])
        yield from self.conditions((*keys, "where"), quantity.get("where", {}), records)
        if kind == "increase":
            yield from self.dated((*keys, "on"), quantity[kind], quantity)
        if "field" in quantity:
            here = (*keys, "field")
            field, problems = self.inside(here, records, quantity["field"], NUMBERS)
            yield from problems
            yield from self.always(here, field, records)

    def tests(self, keys: Keys, tests: Iterable[Mapping[str, Any]]) -> Iterator[Problem]:
        for number, test in enumerate(tests):
            here = (*keys, number)
            if "is" not in test:
                yield from self.quantity(here, test)
                continue
            wanted = {FieldType.TEXT, FieldType.BOOLEAN, FieldType.INTEGER}
            field, problems = self.fact((*here, "fact"), path(test["fact"]), wanted)
            yield from problems
            if field:
                values = test["is"] if isinstance(test["is"], list) else [test["is"]]
                yield from self.possible((*here, "is"), values, field)


_INNER = (
    *("of", "share", "before", "year_before", "best", "mean", "rank"),
    *("total.*", "difference.*"),
)


def inner_quantities(quantity: Mapping[str, Any]) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    """The quantities that one is made of, with the keys that lead to them."""
    for name in _INNER:
        yield from places(quantity, name)


_BY_KIND: Mapping[str, Callable[[_Checker, Keys, Mapping[str, Any]], Iterator[Problem]]] = {
    "requirement": _Checker.requirement,
    "choice": _Checker.choice,
    "coverage": _Checker.coverage,
    "check_list": _Checker.check_list,
    "per_record": _Checker.per_record,
    "recurrence": _Checker.recurrence,
}
"""What a kind asks besides its records, conditions and quantities."""
