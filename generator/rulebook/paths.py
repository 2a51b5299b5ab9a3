"""What a rulebook asks of the report, held against the form that townships fill in.

Owns which path of which kind of rule must lead to what, each misfit at its place in the file as
written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.engine.book import DeadlineState
from generator.engine.facts import PARTS
from generator.engine.problem import Message, Path, Problem
from generator.reading.source import Document
from generator.rulebook.raw import BOUNDS, inside, path, quantity_key
from generator.rulebook.read import YES_NO
from generator.shape.form import DATED, Field, FieldType, Form

Keys = tuple[str | int, ...]
Entry = tuple[Keys, Mapping[str, Any]]


def places(value: Any, pattern: str) -> Iterator[tuple[Keys, Any]]:
    """Every value that a pattern leads to, with its keys.

    A pattern is keys joined by dots; `*` stands for every entry of a list and every value of a
    group, a final `@` for every key of one.
    """
    return _places(value, tuple(pattern.split(".")), ())


def _places(value: Any, pattern: tuple[str, ...], keys: Keys) -> Iterator[tuple[Keys, Any]]:
    if not pattern:
        yield keys, value
        return
    step, rest = pattern[0], pattern[1:]
    if step == "@":
        yield from (((*keys, key), key) for key in _group(value))
    elif step == "*":
        for key, inner in _entries(value):
            yield from _places(inner, rest, (*keys, key))
    elif step in _group(value):
        yield from _places(value[step], rest, (*keys, step))


def _group(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _entries(value: Any) -> Iterable[tuple[str | int, Any]]:
    return enumerate(value) if isinstance(value, list) else _group(value).items()


CLAUSES = "sections.*.clauses.*"
RULES = ("sections.*.clauses.*.rules.*", "pools.*.rules.*")


def rules(value: Mapping[str, Any]) -> Iterator[Entry]:
    """Every rule, those of pools too."""
    for pattern in RULES:
        yield from places(value, pattern)


def figures(value: Any, keys: Keys = ()) -> Iterator[Entry]:
    """Every number with its ground, wherever it stands below a value."""
    if isinstance(value, Mapping) and isinstance(value.get("basis"), str):
        yield keys, value
    for key, inner in _entries(value):
        yield from figures(inner, (*keys, key))


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


ANYTHING = frozenset(FieldType)
NUMBERS = frozenset((FieldType.INTEGER, FieldType.NUMBER))
TABLED = frozenset((FieldType.TEXT, FieldType.BOOLEAN))
"""What a table of amounts may go by."""

_STATES = tuple(state.value for state in DeadlineState)
_TYPED: Mapping[FieldType, type] = {
    **dict.fromkeys(NUMBERS, int),
    **dict.fromkeys((FieldType.TEXT, *DATED), str),
}
"""What a single value of a fact is, where it is no list of known ones."""


@dataclass(frozen=True, slots=True)
class Fields:
    """One document looked at against one form; every method gives problems and keeps nothing."""

    document: Document
    form: Form

    def problem(self, keys: Keys, code: str, message: Message, *, key: bool = False) -> Problem:
        return Problem(self.document.location(keys, key=key), code, message)

    # --- facts ---

    def records(self, keys: Keys, dotted: str) -> list[Problem]:
        """A list of records that stands in no other."""
        return self.fact(keys, path(dotted), {FieldType.RECORDS})[1]

    def fact(
        self, keys: Keys, full: Path, wanted: Iterable[FieldType]
    ) -> tuple[Field | None, list[Problem]]:
        """The field of a fact that stands in no list of records."""
        field, problems = self.typed(keys, full, wanted)
        if field and field.records is not None:
            return None, [self._misplaced(keys, full)]
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
            return None, [self._misplaced(keys, full, key=key)]
        return field, problems

    def _misplaced(self, keys: Keys, full: Path, *, key: bool = False) -> Problem:
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

    # --- values and tables ---

    def values(
        self, keys: Keys, values: Iterable[object], known: Iterable[object]
    ) -> Iterator[Problem]:
        in_table = isinstance(values, Mapping)
        for value in values:
            if value not in known or isinstance(value, bool) != (True in known):
                names = ["true" if k is True else "false" if k is False else str(k) for k in known]
                here = (*keys, str(value)) if in_table else keys
                yield unknown(self.document, here, "unknown-enum-value", value, names, key=in_table)

    def possible(
        self, keys: Keys, values: Iterable[object], field: Field, *, key: bool = False
    ) -> Iterator[Problem]:
        """Values that a fact can take."""
        if field.type is FieldType.BOOLEAN:
            yield from self.values(keys, values, [True, False])
        elif field.type is FieldType.TEXT and field.values:
            yield from self.values(keys, values, list(field.values))
        else:
            fits = _TYPED.get(field.type, ())
            strange = [v for v in values if isinstance(v, bool) or not isinstance(v, fits)]
            if strange:
                message = Message(
                    "«{path}» is of the type {found}, so it is never «{value}».",
                    {
                        "path": ".".join(field.path),
                        "found": field.type.value,
                        "value": str(strange[0]).lower(),
                    },
                )
                yield self.problem(keys, "unknown-enum-value", message, key=key)

    def table(
        self,
        keys: Keys,
        table: Mapping[str, Any],
        *by: Field,
        where: Mapping[str, Any] | None = None,
    ) -> Iterator[Problem]:
        """A table by the values of fields, one level for each, has every value, and no other.

        Of values that `where` does not let through, nothing need be said.
        """
        field, *more = by
        known = YES_NO if field.type is FieldType.BOOLEAN else field.values
        yield from self.values(keys, table, list(known))
        needed = _let_through(where or {}, field, known)
        missing = tuple(value for value in needed if value not in table)
        strange = [value for value in table if value not in known]
        if len(missing) > len(strange):  # else each missing one may be a misspelt one
            message = Message(
                "Nothing is said for: {missing}; every value that «{path}» can take needs its own.",
                {"missing": missing, "path": ".".join(field.path)},
            )
            yield self.problem(keys, "amount-missing", message, key=True)
        if more:
            for value, inner in table.items():
                yield from self.table((*keys, value), inner, *more, where=where)

    def by(
        self,
        keys: Keys,
        records: Path,
        dotted: Sequence[str],
        name: str,
        table: Mapping[str, Any],
        where: Mapping[str, Any] | None = None,
    ) -> Iterator[Problem]:
        """A table by one or two values that every record has, of those that `where` selects."""
        fields = []
        for number, one in enumerate(dotted):
            here = (*keys, "by") if len(dotted) == 1 else (*keys, "by", number)
            field, problems = self.inside(here, records, one, TABLED)
            yield from problems
            if field:
                yield from self.always(here, field, records)
                fields.append(field)
        if len(fields) == len(dotted):
            yield from self.table((*keys, name), table, *fields, where=where)

    # --- conditions ---

    def derived(self, records: Path) -> dict[str, Mapping[str, Any]]:
        """The deadlines of these records by id, which are facts of them as well."""
        deadlines = self.document.value.get("deadlines", [])
        return {d["id"]: d for d in deadlines if path(d["records"]) == records}

    def conditions(self, keys: Keys, where: Mapping[str, Any], records: Path) -> Iterator[Problem]:
        """Every field asked about is in the form or derived by a deadline; so is every value."""
        derived = self.derived(records)
        for name, wanted in where.items():
            here = (*keys, name)
            values = wanted if isinstance(wanted, list) else [wanted]
            bounded = isinstance(wanted, Mapping) and not wanted.keys().isdisjoint(BOUNDS)
            if name in derived:
                if bounded:
                    message = Message(
                        "«{name}» is the state of a deadline and no number; name states here: "
                        "{states}",
                        {"name": name, "states": _STATES},
                    )
                    yield self.problem(here, "wrong-path-type", message, key=True)
                elif not isinstance(wanted, Mapping):
                    yield from self.values(here, values, _STATES)
                continue
            types = NUMBERS if bounded else ANYTHING
            field, problems = self.inside(here, records, name, types, key=True)
            yield from problems
            if field and not isinstance(wanted, Mapping):
                yield from self.possible(here, values, field)


def _let_through(where: Mapping[str, Any], field: Field, known: Iterable[str]) -> Iterator[str]:
    """The values of a field that records selected by `where` can have."""
    name = ".".join(field.path[len(field.records or ()) :])
    wanted = where.get(name)
    if wanted is None or isinstance(wanted, Mapping):
        yield from known
        return
    listed = wanted if isinstance(wanted, list) else [wanted]
    asked = [str(value).lower() if isinstance(value, bool) else value for value in listed]
    yield from (value for value in known if value in asked)


def record_problems(fields: Fields) -> list[Problem]:
    """Deadlines and exclusions that the form does not bear out.

    `fields` are those of the year and of a period inside it together.
    """
    checker = _RecordChecker(fields)
    return [*checker.deadlines(), *checker.exclusions()]


@dataclass(frozen=True, slots=True)
class _RecordChecker:
    fields: Fields

    def deadlines(self) -> Iterator[Problem]:
        for number, deadline in enumerate(self.fields.document.value.get("deadlines", [])):
            keys: Keys = ("deadlines", number)
            found = self.fields.records((*keys, "records"), deadline["records"])
            yield from found or self.deadline(keys, deadline)

    def deadline(self, keys: Keys, deadline: Mapping[str, Any]) -> Iterator[Problem]:
        records, fields = path(deadline["records"]), self.fields
        if fields.form.at((*records, deadline["id"])) is not None:
            message = Message(
                "The records have «{id}» already; give the deadline another id.",
                {"id": deadline["id"]},
            )
            yield fields.problem((*keys, "id"), "duplicate-id", message)
        dated = {FieldType.DATE_MINUTE if deadline["unit"] == "hours" else FieldType.DATE}
        for name, wanted in (("start", dated), ("end", dated), ("excused", ANYTHING)):
            if name in deadline:
                yield from fields.inside((*keys, name), records, deadline[name], wanted)[1]
        if "by" in deadline:
            yield from fields.by(keys, records, [deadline["by"]], "limits", deadline["limits"])

    def exclusions(self) -> Iterator[Problem]:
        rule = self.fields.document.value.get("exclusions")
        if not rule:
            return
        found = self.fields.records(("exclusions", "records"), rule["records"])
        yield from found
        if found:
            return
        records, here = path(rule["records"]), ("exclusions", "field")
        field, problems = self.fields.inside(here, records, rule["field"], {FieldType.GROUP})
        yield from problems
        if not field:
            return
        named = f"{rule['field']}.ground"
        ground, problems = self.fields.inside(here, records, named, {FieldType.TEXT})
        yield from problems
        if ground:
            yield from self.fields.always(here, ground, (*records, rule["field"]))
            grounds = {entry["id"]: entry for entry in rule["grounds"]}
            yield from self.fields.table(("exclusions", "grounds"), grounds, ground)
        for number, entry in enumerate(rule["grounds"]):
            keys = ("exclusions", "grounds", number)
            yield from self.ground(keys, entry, records, rule["field"])

    def ground(
        self, keys: Keys, entry: Mapping[str, Any], records: Path, field: str
    ) -> Iterator[Problem]:
        fields = self.fields
        yield from fields.conditions((*keys, "where"), entry.get("where", {}), records)
        for index, name in enumerate(entry["requires"]):
            here = (*keys, "requires", index)
            yield from fields.inside(here, records, f"{field}.{name}", ANYTHING)[1]
        for late, early in entry.get("not_before", {}).items():
            here = (*keys, "not_before", late)
            yield from fields.inside(here, records, late, DATED, key=True)[1]
            yield from fields.inside(here, records, early, DATED)[1]
        for name, target in entry.get("refers", {}).items():
            here = (*keys, "refers", name)
            yield from fields.inside(here, records, name, {FieldType.TEXT}, key=True)[1]
            found = fields.records(here, target)
            yield from found
            if not found:
                yield from fields.inside(here, path(target), "id", {FieldType.TEXT})[1]
        for name, values in entry.get("covers", {}).items():
            yield from self.covers((*keys, "covers", name), records, name, values)

    def covers(
        self, keys: Keys, records: Path, dotted: str, values: Iterable[object]
    ) -> Iterator[Problem]:
        """The field of a list inside the records, and values that it can take."""
        full = (*records, *path(dotted))
        field, problems = self.fields.typed(keys, full, {FieldType.TEXT}, key=True)
        yield from problems
        if field and (field.records != full[:-1] or len(path(dotted)) < 2):
            message = Message(
                "«{path}» is no fact of a list inside the records.", {"path": ".".join(full)}
            )
            yield self.fields.problem(keys, "wrong-path-type", message, key=True)
        elif field:
            yield from self.fields.values(keys, values, list(field.values))


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
