"""What a rulebook says of the report, held against the form: paths, types, values, tables.

Owns every check between the two, each problem at its place in the file as written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from generator.data.rulebook_measures import path
from generator.engine.book import DeadlineState
from generator.engine.problem import Message, Path, Problem
from generator.reading.source import Document
from generator.shape.form import DATED, Field, FieldType, Form

Keys = tuple[str | int, ...]

_COVERED = {
    "week": {FieldType.DATE},
    "month": {FieldType.DATE, FieldType.MONTH},
    "quarter": {FieldType.DATE, FieldType.MONTH, FieldType.QUARTER},
}
_ANYTHING = frozenset(FieldType)


def path_problems(document: Document, form: Form) -> list[Problem]:
    """Everything that a well-shaped rulebook says of reports that its form does not bear out."""
    checker = _Checker(document, form)
    return [*checker.deadlines(), *checker.exclusions(), *checker.rules()]


def unknown(
    document: Document,
    keys: Keys,
    code: str,
    name: object,
    known: Iterable[str],
    *,
    key: bool = False,
) -> Problem:
    """The problem of a name that is not among the known ones."""
    message = Message(
        "There is no «{name}»; there are: {known}", {"name": name, "known": tuple(known) or ("-",)}
    )
    return Problem(document.location(keys, key=key), code, message)


@dataclass(frozen=True, slots=True)
class _Checker:
    """One document looked at against one form; every method yields problems and keeps nothing."""

    document: Document
    form: Form

    @property
    def value(self) -> Mapping[str, Any]:
        return cast(Mapping[str, Any], self.document.value)

    # --- rules ---

    def rules(self) -> Iterator[Problem]:
        for i, section in enumerate(self.value["sections"]):
            for j, clause in enumerate(section["clauses"]):
                for k, rule in enumerate(clause.get("rules", [])):
                    yield from self.rule(("sections", i, "clauses", j, "rules", k), rule)

    def rule(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        records = path(rule["records"]) if "records" in rule else ()
        if records:
            found = self.records((*keys, "records"), rule["records"])
            yield from found
            if found:
                return
        for name in ("where", "met"):
            yield from self.conditions((*keys, name), rule.get(name, {}), records)
        first = rule.get("first", {}).get("where", {})
        yield from self.conditions((*keys, "first", "where"), first, records)
        for name in ("actual", "needed", "limit"):
            if name in rule:
                yield from self.quantity((*keys, name), rule[name])
        check = _BY_KIND.get(rule["kind"])
        if check is not None:
            yield from check(self, keys, rule)

    def requirement(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        yield from self.fact((*keys, "fact"), path(rule["fact"]), {FieldType.BOOLEAN})[1]

    def coverage(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        field, problems = self.fact((*keys, "fact"), path(rule["fact"]), {FieldType.VALUES})
        yield from problems
        if field and field.entry not in _COVERED[rule["every"]]:
            message = Message(
                "«{path}» does not list what can be counted by the {every}; expected: {types}",
                {
                    "path": rule["fact"],
                    "every": rule["every"],
                    "types": tuple(sorted(kind.value for kind in _COVERED[rule["every"]])),
                },
            )
            yield self.problem((*keys, "fact"), "wrong-path-type", message)

    def check_list(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        field, problems = self.fact((*keys, "fact"), path(rule["fact"]), {FieldType.VALUES})
        yield from problems
        if field:
            yield from self.table((*keys, "items"), rule["items"], field)

    def per_record(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        if "by" in rule:
            yield from self.by(keys, path(rule["records"]), rule["by"], "amounts", rule["amounts"])

    def recurrence(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        here, records = (*keys, "order_by"), path(rule["records"])
        yield from self.inside(here, records, rule["order_by"], DATED)[1]

    def quantity(self, keys: Keys, quantity: Mapping[str, Any]) -> Iterator[Problem]:
        if "of" in quantity:
            yield from self.quantity((*keys, "of"), quantity["of"])
        elif "count" in quantity:
            found = self.records((*keys, "count"), quantity["count"])
            yield from found
            if not found:
                where, records = quantity.get("where", {}), path(quantity["count"])
                yield from self.conditions((*keys, "where"), where, records)
        elif "fact" in quantity:
            here, wanted = (*keys, "fact"), {FieldType.INTEGER}
            field, problems = self.fact(here, path(quantity["fact"]), wanted)
            yield from problems
            yield from self.always(here, field)

    def conditions(self, keys: Keys, where: Mapping[str, Any], records: Path) -> Iterator[Problem]:
        """Every field asked about is in the form or derived by a deadline; so is every value."""
        states = [state.value for state in DeadlineState]
        derived = {
            d["id"] for d in self.value.get("deadlines", []) if path(d["records"]) == records
        }
        for name, wanted in where.items():
            here = (*keys, name)
            values = wanted if isinstance(wanted, list) else [wanted]
            if name in derived:
                if not isinstance(wanted, Mapping):
                    yield from self.values(here, values, states)
                continue
            field, problems = self.inside(here, records, name, _ANYTHING, key=True)
            yield from problems
            if field is None or isinstance(wanted, Mapping):
                continue
            if field.type is FieldType.BOOLEAN:
                yield from self.values(here, values, [True, False])
            elif field.values:
                yield from self.values(here, values, list(field.values))

    # --- deadlines and exclusions ---

    def deadlines(self) -> Iterator[Problem]:
        for number, deadline in enumerate(self.value.get("deadlines", [])):
            keys, records = ("deadlines", number), path(deadline["records"])
            found = self.records((*keys, "records"), deadline["records"])
            yield from found
            if found:
                continue
            if self.form.at((*records, deadline["id"])) is not None:
                message = Message(
                    "The records have «{id}» already; give the deadline another id.",
                    {"id": deadline["id"]},
                )
                yield self.problem((*keys, "id"), "duplicate-id", message)
            dated = {FieldType.DATE if deadline["unit"] == "days" else FieldType.DATE_MINUTE}
            for name, wanted in (("start", dated), ("end", dated), ("excused", _ANYTHING)):
                if name in deadline:
                    yield from self.inside((*keys, name), records, deadline[name], wanted)[1]
            if "by" in deadline:
                yield from self.by(keys, records, deadline["by"], "limits", deadline["limits"])

    def exclusions(self) -> Iterator[Problem]:
        rule = self.value.get("exclusions")
        if not rule:
            return
        found = self.records(("exclusions", "records"), rule["records"])
        yield from found
        if found:
            return
        records, here = path(rule["records"]), ("exclusions", "field")
        field, problems = self.inside(here, records, rule["field"], {FieldType.GROUP})
        yield from problems
        if not field:
            return
        named = f"{rule['field']}.ground"
        ground, problems = self.inside(here, records, named, {FieldType.TEXT})
        yield from problems
        if ground:
            yield from self.always(here, ground, (*records, rule["field"]))
            grounds = {entry["id"]: entry for entry in rule["grounds"]}
            yield from self.table(("exclusions", "grounds"), grounds, ground)
        for number, entry in enumerate(rule["grounds"]):
            keys = ("exclusions", "grounds", number)
            yield from self.ground(keys, entry, records, rule["field"])

    def ground(
        self, keys: Keys, entry: Mapping[str, Any], records: Path, field: str
    ) -> Iterator[Problem]:
        yield from self.conditions((*keys, "where"), entry.get("where", {}), records)
        for index, name in enumerate(entry["requires"]):
            here = (*keys, "requires", index)
            yield from self.inside(here, records, f"{field}.{name}", _ANYTHING)[1]
        for late, early in entry.get("not_before", {}).items():
            here = (*keys, "not_before", late)
            yield from self.inside(here, records, late, DATED, key=True)[1]
            yield from self.inside(here, records, early, DATED)[1]
        for name, target in entry.get("refers", {}).items():
            here = (*keys, "refers", name)
            yield from self.inside(here, records, name, {FieldType.TEXT}, key=True)[1]
            found = self.records(here, target)
            yield from found
            if not found:
                yield from self.inside(here, path(target), "id", {FieldType.TEXT})[1]
        for name, values in entry.get("covers", {}).items():
            yield from self.covers((*keys, "covers", name), records, name, values)

    def covers(
        self, keys: Keys, records: Path, dotted: str, values: Iterable[object]
    ) -> Iterator[Problem]:
        """The field of a list inside the records, and values that it can take."""
        full = (*records, *path(dotted))
        field, problems = self.typed(keys, full, {FieldType.TEXT}, key=True)
        yield from problems
        if field and (field.records != full[:-1] or len(path(dotted)) < 2):
            message = Message(
                "«{path}» is no fact of a list inside the records.", {"path": ".".join(full)}
            )
            yield self.problem(keys, "wrong-path-type", message, key=True)
        elif field:
            yield from self.values(keys, values, list(field.values))

    # --- paths and values ---

    def problem(self, keys: Keys, code: str, message: Message, *, key: bool = False) -> Problem:
        return Problem(self.document.location(keys, key=key), code, message)

    def records(self, keys: Keys, dotted: str) -> list[Problem]:
        """A list of records that stands in no other."""
        return self.fact(keys, path(dotted), {FieldType.RECORDS})[1]

    def fact(
        self, keys: Keys, full: Path, wanted: Iterable[FieldType]
    ) -> tuple[Field | None, list[Problem]]:
        """The field of a fact that stands in no list of records."""
        field, problems = self.typed(keys, full, wanted)
        if field and field.records is not None:
            return None, [self.misplaced(keys, full)]
        return field, problems

    def inside(
        self,
        keys: Keys,
        records: Path,
        dotted: str,
        wanted: Iterable[FieldType],
        *,
        key: bool = False,
    ) -> tuple[Field | None, list[Problem]]:
        """The field of a fact of each record, and not of a list inside it."""
        full = (*records, *path(dotted))
        field, problems = self.typed(keys, full, wanted, key=key)
        if field and field.records != records:
            return None, [self.misplaced(keys, full, key=key)]
        return field, problems

    def misplaced(self, keys: Keys, full: Path, *, key: bool = False) -> Problem:
        message = Message(
            "«{path}» does not stand where this rule looks: it looks at one value of the report "
            "or of a record, not into a list.",
            {"path": ".".join(full)},
        )
        return self.problem(keys, "wrong-path-type", message, key=key)

    def typed(
        self, keys: Keys, full: Path, wanted: Iterable[FieldType], *, key: bool = False
    ) -> tuple[Field | None, list[Problem]]:
        """The field at a path of the form if it has one of the types, else the problem."""
        field = self.form.at(full)
        if field is None:
            dotted = ".".join(full)
            args = {"path": dotted, "hint": self.form.nearest(dotted)}
            message = Message("The report has no «{path}»; {hint}", args)
            return None, [self.problem(keys, "unknown-path", message, key=key)]
        if field.type not in wanted:
            message = Message(
                "«{path}» is of the type {found}; here {wanted} is expected.",
                {
                    "path": ".".join(full),
                    "found": field.type.value,
                    "wanted": tuple(sorted(kind.value for kind in wanted)),
                },
            )
            return None, [self.problem(keys, "wrong-path-type", message, key=key)]
        return field, []

    def always(self, keys: Keys, field: Field | None, above: Path = ()) -> Iterator[Problem]:
        """What is counted with must be in every report (or, below `above`, in every group)."""
        full = field.path if field else ()
        around = (full[:end] for end in range(len(above) + 1, len(full) + 1))
        if any(not step.required for part in around if (step := self.form.at(part)) is not None):
            message = Message(
                "«{path}» may be left out of a report; a fact that is always there is expected.",
                {"path": ".".join(full)},
            )
            yield self.problem(keys, "optional-path", message)

    def by(
        self, keys: Keys, records: Path, dotted: str, name: str, table: Mapping[str, Any]
    ) -> Iterator[Problem]:
        """A table by a value that every record has."""
        field, problems = self.inside((*keys, "by"), records, dotted, {FieldType.TEXT})
        yield from problems
        if field:
            yield from self.always((*keys, "by"), field, records)
            yield from self.table((*keys, name), table, field)

    def values(
        self, keys: Keys, values: Iterable[object], known: Iterable[object]
    ) -> Iterator[Problem]:
        in_table = isinstance(values, Mapping)
        for value in values:
            if value not in known or isinstance(value, bool) != (True in known):
                names = ["true" if k is True else "false" if k is False else str(k) for k in known]
                here = (*keys, str(value)) if in_table else keys
                yield unknown(self.document, here, "unknown-enum-value", value, names, key=in_table)

    def table(self, keys: Keys, table: Mapping[str, Any], field: Field) -> Iterator[Problem]:
        """A table by the values of a field has every value, and no other."""
        yield from self.values(keys, table, list(field.values))
        missing = tuple(value for value in field.values if value not in table)
        strange = [value for value in table if value not in field.values]
        if len(missing) > len(strange):  # else each missing one may be a misspelt one
            message = Message(
                "Nothing is said for: {missing}; every value that «{path}» can take needs its own.",
                {"missing": missing, "path": ".".join(field.path)},
            )
            yield self.problem(keys, "amount-missing", message, key=True)


_BY_KIND: Mapping[str, Callable[[_Checker, Keys, Mapping[str, Any]], Iterator[Problem]]] = {
    "requirement": _Checker.requirement,
    "coverage": _Checker.coverage,
    "check_list": _Checker.check_list,
    "per_record": _Checker.per_record,
    "recurrence": _Checker.recurrence,
}
"""What a kind asks besides its records, conditions and quantities."""
