"""What a schema cannot say about a rulebook: sums, names that must exist, paths into the form.

Owns every check between the parts of one rulebook and between it and its form. Looks at
the file as written, so that each problem has its place. Must not judge a report.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.form import DATED, Field, FieldType, Form
from generator.model import DeadlineState, Message, Path, Problem
from generator.rulebook import path
from generator.source import Document

Keys = tuple[str | int, ...]

_COVERED = {
    "week": {FieldType.DATE},
    "month": {FieldType.DATE, FieldType.MONTH},
    "quarter": {FieldType.DATE, FieldType.MONTH, FieldType.QUARTER},
}


def rulebook_problems(document: Document, form: Form, folder: tuple[str, int]) -> list[Problem]:
    """Everything wrong with a well-shaped rulebook in the folder of that id and version."""
    checker = _Checker(document, form)
    return [
        *checker.identity(*folder),
        *checker.sums(),
        *checker.names(),
        *checker.deadlines(),
        *checker.exclusions(),
        *checker.rules(),
        *checker.consequences(),
    ]


@dataclass(frozen=True, slots=True)
class _Checker:
    """One document looked at against one form; every method yields problems and keeps nothing."""

    document: Document
    form: Form

    @property
    def value(self) -> Mapping[str, Any]:
        value: Mapping[str, Any] = self.document.value
        return value

    def problem(self, keys: Keys, code: str, message: Message, *, key: bool = False) -> Problem:
        return Problem(self.document.location(keys, key=key), code, message)

    # --- the whole ---

    def identity(self, name: str, version: int) -> Iterator[Problem]:
        for key, expected in (("id", name), ("version", version)):
            if self.value[key] != expected:
                message = Message(
                    "{key} is {written}, but the file's name and folder say {expected}; "
                    "make them agree.",
                    {"key": key, "written": self.value[key], "expected": expected},
                )
                yield self.problem((key,), "id-mismatch", message)

    def sums(self) -> Iterator[Problem]:
        """Clauses add up to their section, sections to the total."""
        sections = self.value["sections"]
        yield from self._sum(("total",), self.value["total"], sections)
        for number, section in enumerate(sections):
            keys = ("sections", number, "points")
            yield from self._sum(keys, section["points"], section["clauses"])

    def _sum(
        self, keys: Keys, whole: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]
    ) -> Iterator[Problem]:
        found = sum((Fraction(part["points"]["value"]) for part in parts), Fraction())
        if found != Fraction(whole["value"]):
            message = Message(
                "{whole} points are given, but the parts add up to {sum}; make them agree.",
                {"whole": Fraction(whole["value"]), "sum": found},
            )
            yield self.problem((*keys, "value"), "points-do-not-add-up", message)

    def names(self) -> Iterator[Problem]:
        """No id twice; every reading named is there, and speaks of clauses that are there."""
        rules = [rule for _, _, rule in self._rules()]
        yield from self._unique([keys for keys, _, _ in self._rules()], rules)
        clauses = [keys for keys, _ in self._clauses()]
        yield from self._unique(clauses, [clause for _, clause in self._clauses()])
        for name in ("sections", "readings", "deadlines", "lines", "provisions"):
            entries = self.value.get(name, [])
            yield from self._unique([(name, n) for n in range(len(entries))], entries)
        readings = [reading["id"] for reading in self.value.get("readings", [])]
        for keys, figure in _figures(self.value, ()):
            if "reading" in figure and figure["reading"] not in readings:
                yield self._unknown(
                    (*keys, "reading"), "unknown-reading", figure["reading"], readings
                )
        known = [clause["id"] for _, clause in self._clauses()]
        known += [provision["id"] for provision in self.value.get("provisions", [])]
        for number, reading in enumerate(self.value.get("readings", [])):
            for index, clause in enumerate(reading["clauses"]):
                yield from self._clause_known(("readings", number, "clauses", index), clause, known)

    def _clause_known(self, keys: Keys, clause: str, known: Iterable[str]) -> Iterator[Problem]:
        if clause not in known:
            yield self._unknown(keys, "unknown-clause", clause, known)

    def _unique(
        self, places: Iterable[Keys], entries: Iterable[Mapping[str, Any]]
    ) -> Iterator[Problem]:
        seen: set[str] = set()
        for keys, entry in zip(places, entries, strict=True):
            if entry["id"] in seen:
                message = Message("«{id}» stands twice; give each its own id.", {"id": entry["id"]})
                yield self.problem((*keys, "id"), "duplicate-id", message)
            seen.add(entry["id"])

    def _unknown(self, keys: Keys, code: str, name: object, known: Iterable[str]) -> Problem:
        message = Message(
            "There is no «{name}»; there are: {known}",
            {"name": name, "known": tuple(known) or ("-",)},
        )
        return self.problem(keys, code, message)

    def consequences(self) -> Iterator[Problem]:
        """Lines and the outside ranking name outcomes, clauses and lines that are there."""
        outcomes = list(self.value.get("outcomes", {}))
        provisions = [provision["id"] for provision in self.value.get("provisions", [])]
        lines = [line["id"] for line in self.value.get("lines", [])]
        for number, line in enumerate(self.value.get("lines", [])):
            keys = ("lines", number)
            for index, outcome in enumerate(line["outcomes"]):
                if outcome not in outcomes:
                    yield self._unknown(
                        (*keys, "outcomes", index), "unknown-outcome", outcome, outcomes
                    )
            if line["undecided"] not in outcomes:
                yield self._unknown(
                    (*keys, "undecided"), "unknown-outcome", line["undecided"], outcomes
                )
            if line.get("yields_to", line["id"]) not in lines:
                yield self._unknown((*keys, "yields_to"), "unknown-line", line["yields_to"], lines)
            yield from self._clause_known((*keys, "clause"), line["clause"], provisions)
        outside = self.value.get("outside_ranking")
        if outside and outside["outcome"] not in outcomes:
            here = ("outside_ranking", "outcome")
            yield self._unknown(here, "unknown-outcome", outside["outcome"], outcomes)

    # --- rules ---

    def _clauses(self) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
        for i, section in enumerate(self.value["sections"]):
            for j, clause in enumerate(section["clauses"]):
                yield ("sections", i, "clauses", j), clause

    def _rules(self) -> Iterator[tuple[Keys, Mapping[str, Any], Mapping[str, Any]]]:
        for keys, clause in self._clauses():
            for k, rule in enumerate(clause.get("rules", [])):
                yield (*keys, "rules", k), clause, rule

    def rules(self) -> Iterator[Problem]:
        for keys, _, rule in self._rules():
            records = path(rule["records"]) if "records" in rule else ()
            if records:
                yield from self._records((*keys, "records"), rule["records"])
            for name in ("where", "met"):
                yield from self._conditions((*keys, name), rule.get(name, {}), records)
            first = rule.get("first", {}).get("where", {})
            yield from self._conditions((*keys, "first", "where"), first, records)
            for name in ("actual", "needed", "limit"):
                if name in rule:
                    yield from self._quantity((*keys, name), rule[name])
            yield from getattr(self, f"_{rule['kind']}", self._nothing)(keys, rule)

    def _nothing(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        return iter(())

    def _requirement(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        yield from self._typed((*keys, "fact"), path(rule["fact"]), {FieldType.BOOLEAN})[1]

    def _coverage(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        field, problems = self._typed((*keys, "fact"), path(rule["fact"]), {FieldType.VALUES})
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

    def _check_list(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        field, problems = self._typed((*keys, "fact"), path(rule["fact"]), {FieldType.VALUES})
        yield from problems
        if field:
            yield from self._table((*keys, "items"), rule["items"], field)

    def _per_record(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        if "by" in rule:
            full = (*path(rule["records"]), *path(rule["by"]))
            field, problems = self._typed((*keys, "by"), full, {FieldType.TEXT})
            yield from problems
            if field:
                yield from self._table((*keys, "amounts"), rule["amounts"], field)

    def _recurrence(self, keys: Keys, rule: Mapping[str, Any]) -> Iterator[Problem]:
        full = (*path(rule["records"]), *path(rule["order_by"]))
        yield from self._typed((*keys, "order_by"), full, DATED)[1]

    def _quantity(self, keys: Keys, quantity: Mapping[str, Any]) -> Iterator[Problem]:
        if "of" in quantity:
            yield from self._quantity((*keys, "of"), quantity["of"])
        elif "count" in quantity:
            yield from self._records((*keys, "count"), quantity["count"])
            where, records = quantity.get("where", {}), path(quantity["count"])
            yield from self._conditions((*keys, "where"), where, records)
        elif "fact" in quantity:
            wanted = {FieldType.INTEGER}
            yield from self._typed((*keys, "fact"), path(quantity["fact"]), wanted)[1]

    def _conditions(self, keys: Keys, where: Mapping[str, Any], records: Path) -> Iterator[Problem]:
        """Every field asked about is in the form or derived by a deadline; so is every value."""
        states = [state.value for state in DeadlineState]
        derived = {
            d["id"] for d in self.value.get("deadlines", []) if path(d["records"]) == records
        }
        for name, wanted in where.items():
            here = (*keys, name)
            values = wanted if isinstance(wanted, list) else [wanted]
            if name in derived:
                yield from self._values(here, values, states)
                continue
            field, problems = self._typed(here, (*records, *path(name)), set(FieldType), key=True)
            yield from problems
            if field is None or isinstance(wanted, Mapping):
                continue
            if field.type is FieldType.BOOLEAN:
                yield from self._values(here, values, [True, False])
            elif field.values:
                yield from self._values(here, values, list(field.values))

    # --- deadlines and exclusions ---

    def deadlines(self) -> Iterator[Problem]:
        for number, deadline in enumerate(self.value.get("deadlines", [])):
            keys, records = ("deadlines", number), path(deadline["records"])
            yield from self._records((*keys, "records"), deadline["records"])
            dated = {FieldType.DATE if deadline["unit"] == "days" else FieldType.DATE_MINUTE}
            for name, wanted in (("start", dated), ("end", dated), ("excused", set(FieldType))):
                if name in deadline:
                    full = (*records, *path(deadline[name]))
                    yield from self._typed((*keys, name), full, wanted)[1]
            if "by" in deadline:
                full = (*records, *path(deadline["by"]))
                field, problems = self._typed((*keys, "by"), full, {FieldType.TEXT})
                yield from problems
                if field:
                    yield from self._table((*keys, "limits"), deadline["limits"], field)

    def exclusions(self) -> Iterator[Problem]:
        rule = self.value.get("exclusions")
        if not rule:
            return
        records = path(rule["records"])
        yield from self._records(("exclusions", "records"), rule["records"])
        full = (*records, rule["field"])
        field, problems = self._typed(("exclusions", "field"), full, {FieldType.GROUP})
        yield from problems
        if not field:
            return
        ground = self.form.at((*full, "ground"))
        grounds = {entry["id"]: entry for entry in rule["grounds"]}
        if ground:
            yield from self._table(("exclusions", "grounds"), grounds, ground)
        provisions = [provision["id"] for provision in self.value.get("provisions", [])]
        for number, entry in enumerate(rule["grounds"]):
            yield from self._ground(("exclusions", "grounds", number), entry, records, full)
            yield from self._clause_known(
                ("exclusions", "grounds", number, "clause"), entry["clause"], provisions
            )

    def _ground(
        self, keys: Keys, entry: Mapping[str, Any], records: Path, full: Path
    ) -> Iterator[Problem]:
        anything = set(FieldType)
        yield from self._conditions((*keys, "where"), entry.get("where", {}), records)
        for index, name in enumerate(entry["requires"]):
            yield from self._typed((*keys, "requires", index), (*full, name), anything)[1]
        for late, early in entry.get("not_before", {}).items():
            here = (*keys, "not_before", late)
            yield from self._typed(here, (*records, *path(late)), DATED, key=True)[1]
            yield from self._typed(here, (*records, *path(early)), DATED)[1]
        for name, target in entry.get("refers", {}).items():
            here = (*keys, "refers", name)
            yield from self._typed(here, (*records, *path(name)), anything, key=True)[1]
            yield from self._records(here, target)
        for name, values in entry.get("covers", {}).items():
            here = (*keys, "covers", name)
            text = {FieldType.TEXT}
            field, problems = self._typed(here, (*records, *path(name)), text, key=True)
            yield from problems
            if field:
                yield from self._values(here, values, list(field.values))

    # --- paths and values ---

    def _records(self, keys: Keys, dotted: str) -> list[Problem]:
        return self._typed(keys, path(dotted), {FieldType.RECORDS})[1]

    def _typed(
        self, keys: Keys, full: Path, wanted: Iterable[FieldType], *, key: bool = False
    ) -> tuple[Field | None, list[Problem]]:
        """The field at a path of the form if it has one of the types, else the problem."""
        field = self.form.at(full)
        if field is None:
            hint = self.form.nearest(".".join(full))
            message = Message(
                "The report has no «{path}»; {hint}", {"path": ".".join(full), "hint": hint}
            )
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

    def _values(
        self, keys: Keys, values: Iterable[object], known: Iterable[object]
    ) -> Iterator[Problem]:
        for value in values:
            if value not in known or isinstance(value, bool) != (True in known):
                yield self._unknown(keys, "unknown-enum-value", value, map(str, known))

    def _table(self, keys: Keys, table: Mapping[str, Any], field: Field) -> Iterator[Problem]:
        """A table by the values of a field has every value, and no other."""
        yield from self._values(keys, table, list(field.values))
        missing = tuple(value for value in field.values if value not in table)
        if missing:
            message = Message(
                "Nothing is said for: {missing}; every value that «{path}» can take needs its own.",
                {"missing": missing, "path": ".".join(field.path)},
            )
            yield self.problem(keys, "amount-missing", message, key=True)


def _figures(value: Any, keys: Keys) -> Iterator[tuple[Keys, Mapping[str, Any]]]:
    """Every number with its ground, wherever it stands in the file."""
    if isinstance(value, Mapping):
        if "basis" in value:
            yield keys, value
        for key, inner in value.items():
            yield from _figures(inner, (*keys, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _figures(inner, (*keys, index))
