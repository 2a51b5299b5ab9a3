"""What a rulebook asks of the report, held against the form that townships fill in.

What the path in a field must lead to is said by the field itself (`Asks`); this walks through
everything that measures, and knows no kind of rule and no quantity by name.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_type_hints

from generator.engine.book import Deadline, DeadlineState, Exclusions, Ground, Part, Rulebook
from generator.engine.facts import PARTS
from generator.engine.kinds.per_record import Delay
from generator.engine.measures import (
    DATED,
    NUMBERS,
    TABLED,
    Asks,
    Condition,
    FactTest,
    Selection,
    held,
)
from generator.engine.problem import Message, Path
from generator.reading.slips import meant, nearest
from generator.reading.source import Fault, Keys
from generator.rulebook.read import YES_NO, inner_form
from generator.shape.form import Field, FieldType, Form
from generator.shape.typed import Typed

Types = frozenset[str]
Lookup = Generator[Fault, None, Field | None]
"""Gives the faults of a path; what it returns is the field, None where there is a fault."""

ANYTHING: Types = frozenset(FieldType)
TEXT: Types = frozenset((FieldType.TEXT,))
RECORDS: Types = frozenset((FieldType.RECORDS,))
GROUP: Types = frozenset((FieldType.GROUP,))
_TESTED = TABLED | {FieldType.INTEGER}
_SPANNED = Asks(frozenset((FieldType.VALUES,)), spans=True)
_STATES = tuple(state.value for state in DeadlineState)
_TYPED: Mapping[FieldType, type] = {
    **dict.fromkeys((FieldType.INTEGER, FieldType.NUMBER), int),
    **dict.fromkeys((FieldType.TEXT, *map(FieldType, DATED)), str),
}
"""What a single value of a fact is, where it is no list of known ones."""
_COVERED = {
    "week": {FieldType.DATE},
    "month": {FieldType.DATE, FieldType.MONTH},
    "quarter": {FieldType.DATE, FieldType.MONTH, FieldType.QUARTER},
    "half": {FieldType.DATE, FieldType.MONTH, FieldType.QUARTER},
}


def unknown(
    keys: Keys, code: str, name: object, known: Iterable[str], *, at_key: bool = False
) -> Fault:
    """The fault of a name that is not among the known ones."""
    known = tuple(known)
    message = Message(
        "There is no «{name}»; there are: {known}", {"name": name, "known": known or ("-",)}
    )
    return Fault(keys, code, meant(message, nearest(str(name), known)), at_key)


def path_faults(book: Typed[Rulebook], form: Form) -> list[Fault]:
    """Everything that a well-shaped rulebook says of reports that its form does not bear out."""
    value, above = book.value, book.value.above
    year = _Paths(book, form)
    if faults := list(year.periods()):
        return faults  # else every path of the sections judged in every period would be told
    parts = [inner_form(form, part) for part in above.parts]
    union = {name: field for part in parts for name, field in part.fields.items()}
    records = _Paths(book, Form(form.title, union | dict(form.fields)))
    faults = [fault for deadline in value.deadlines for fault in records.deadline(deadline)]
    faults += records.exclusions(value.exclusions) if value.exclusions else ()
    for section in value.sections:
        for seen in parts if section.each == "period" else [form]:
            count = len(faults)
            faults += _Paths(book, seen).below(section, None)
            if len(faults) > count:  # the next periods mostly look the same, and once is enough
                break
    for item in (*above.pools, *above.vetoes, *above.tie_breakers):
        faults += year.below(item, None)
    return faults


@cache
def _asks(kind: Any) -> Mapping[str, Asks]:
    """What the fields of a type ask of the paths in them."""
    hints = get_type_hints(kind, include_extras=True)
    noted = ((name, note) for name, hint in hints.items() for note in get_args(hint))
    return {name: note for name, note in noted if isinstance(note, Asks)}


@dataclass(frozen=True, slots=True)
class _Paths:
    """A rulebook looked at against one form; every method gives faults and keeps nothing."""

    book: Typed[Rulebook]
    form: Form

    def below(self, item: Any, chosen: Selection | None) -> Iterator[Fault]:
        """What stands in the fields of an object, which is about the chosen records."""
        if isinstance(item, FactTest):
            if field := (yield from self.fact(self.book.keys(item, "fact"), item.fact, _TESTED)):
                yield from self.possible(self.book.keys(item, "values"), item.values, field)
            return
        if isinstance(item, Delay) and chosen is not None:
            yield from self.delay(item, chosen.records)
        for selection in held(item, Selection):
            keys = self.book.keys(selection, "records")
            if keys[-1] == "fact":  # the entries of one list of values, and no records
                yield from self.asked(keys, [selection.records], _SPANNED, item, None)
                continue
            if (yield from self.fact(keys, selection.records, RECORDS)) is None:
                return
            chosen = selection
            yield from self.conditions(selection.where, selection.records)
        yield from self.fields(item, chosen)

    def fields(self, item: Any, chosen: Selection | None) -> Iterator[Fault]:
        kind: Any = type(item)
        asks: Mapping[str, Asks] = _asks(kind)
        for field in fields(item):
            value = getattr(item, field.name)
            if (asking := asks.get(field.name)) is not None:
                paths = value if value and isinstance(value[0], tuple) else [value] if value else []
                keys = self.book.keys(item, field.name) if paths else ()
                yield from self.asked(keys, paths, asking, item, chosen)
                continue
            for inner in value if isinstance(value, tuple) else (value,):
                if isinstance(inner, Condition):
                    yield from self.conditions((inner,), chosen.records if chosen else ())
                elif is_dataclass(inner) and not isinstance(inner, Selection):
                    yield from self.below(inner, chosen)

    def asked(
        self, keys: Keys, paths: Sequence[Path], asks: Asks, item: Any, chosen: Selection | None
    ) -> Iterator[Fault]:
        """What a field asks of its path, or of each of several."""
        records = chosen.records if asks.each and chosen else ()
        fields = []
        for number, path in enumerate(paths):
            here = keys if len(paths) == 1 else (*keys, number)
            field = yield from self.fact(here, (*records, *path), asks.types, records or None)
            if field is None:
                continue
            fields.append(field)
            if asks.spans and field.dated not in _COVERED[item.every]:
                types = tuple(sorted(map(str, _COVERED[item.every])))
                message = Message(
                    "«{path}» does not list what can be counted by the {every}; expected: {types}",
                    {"path": ".".join((*records, *path)), "every": item.every, "types": types},
                )
                yield Fault(here, "wrong-path-type", message)
            if asks.always:
                yield from self.always(here, field, records)
        if asks.table and fields and len(fields) == len(paths):
            names = getattr(item, asks.table)
            names = [name if isinstance(name, tuple) else (name,) for name in names]
            where = chosen.where if chosen else ()
            yield from self.table(self.book.keys(item, asks.table), names, fields, where)

    def conditions(self, where: Iterable[Condition], records: Path) -> Iterator[Fault]:
        """Every field asked about is in the form or derived by a deadline; so is every value."""
        derived = self.derived(records)
        for condition in where:
            keys, name = self.book.keys(condition), ".".join(condition.field)
            if name in derived:
                if condition.bounds is not None:
                    message = Message(
                        "«{name}» is the state of a deadline and no number; name states here: "
                        "{states}",
                        {"name": name, "states": _STATES},
                    )
                    yield Fault(keys, "wrong-path-type", message, at_key=True)
                yield from self.values(keys, condition.values, _STATES)
                continue
            types = NUMBERS if condition.bounds else ANYTHING
            full = (*records, *condition.field)
            if field := (yield from self.fact(keys, full, types, records, at_key=True)):
                yield from self.possible(keys, condition.values, field)

    def delay(self, delay: Delay, records: Path) -> Iterator[Fault]:
        known, keys = self.derived(records), self.book.keys(delay, "deadline")
        if delay.deadline not in known:
            yield unknown(keys, "unknown-deadline", delay.deadline, known)
        elif known[delay.deadline].unit == "hours":
            message = Message(
                "«{deadline}» is counted in hours; a delay needs a deadline in days.",
                {"deadline": delay.deadline},
            )
            yield Fault(keys, "wrong-path-type", message)

    def derived(self, records: Path) -> dict[str, Deadline]:
        """The deadlines of these records by id, which are facts of them as well."""
        return {d.id: d for d in self.book.value.deadlines if d.records == records}

    # --- periods, deadlines, exclusions ---------------------------------------------------

    def periods(self) -> Iterator[Fault]:
        """The form has a group for every period, which is always there, and for no other."""
        parts: tuple[Part, ...] = self.book.value.above.parts
        for part in parts:
            keys = self.book.keys(part, "id")
            if field := (yield from self.typed(keys, (PARTS, part.id), GROUP)):
                yield from self.always(keys, field)
        known = [part.id for part in parts]
        for field in self.form.below((PARTS,)):
            if field.path[-1] not in known and (parts or field.type is FieldType.GROUP):
                message = Message(
                    "The form asks for a period «{id}» that the rulebook does not have; its "
                    "periods are: {known}",
                    {"id": field.path[-1], "known": tuple(known) or ("-",)},
                )
                yield Fault((PARTS,), "periods-differ", message, at_key=True)

    def deadline(self, deadline: Deadline) -> Iterator[Fault]:
        book, records = self.book, deadline.records
        if (yield from self.fact(book.keys(deadline, "records"), records, RECORDS)) is None:
            return
        if self.form.at((*records, deadline.id)) is not None:
            message = Message(
                "The records have «{id}» already; give the deadline another id.",
                {"id": deadline.id},
            )
            yield Fault(book.keys(deadline, "id"), "duplicate-id", message)
        dated = frozenset(("date-minute" if deadline.unit == "hours" else "date",))
        for name, types in (("start", dated), ("end", dated), ("excused", ANYTHING)):
            if (path := getattr(deadline, name)) is not None:
                yield from self.fact(book.keys(deadline, name), records + path, types, records)
        if deadline.by is not None:
            asks = Asks(TABLED, each=True, always=True, table="limits")
            keys, chosen = book.keys(deadline, "by"), Selection(records)
            yield from self.asked(keys, [deadline.by], asks, deadline, chosen)

    def exclusions(self, rule: Exclusions) -> Iterator[Fault]:
        book, records, grouped = self.book, rule.records, (*rule.records, rule.field)
        keys = book.keys(rule, "field")
        if (yield from self.fact(book.keys(rule, "records"), records, RECORDS)) is None:
            return
        if (yield from self.fact(keys, grouped, GROUP, records)) is None:
            return
        if ground := (yield from self.fact(keys, (*grouped, "ground"), TEXT, records)):
            yield from self.always(keys, ground, grouped)
            names = [(name,) for name in rule.grounds]
            yield from self.table(book.keys(rule, "grounds"), names, [ground])
        for entry in book.all(Ground):
            yield from self.ground(entry, records, grouped)

    def ground(self, ground: Ground, records: Path, grouped: Path) -> Iterator[Fault]:
        yield from self.conditions(ground.where, records)
        for number, name in enumerate(ground.requires):
            keys = (*self.book.keys(ground, "requires"), number)
            yield from self.fact(keys, (*grouped, name), ANYTHING, records)
        for late, early in ground.not_before:
            keys = (*self.book.keys(ground, "not_before"), ".".join(late))
            yield from self.fact(keys, records + late, DATED, records, at_key=True)
            yield from self.fact(keys, records + early, DATED, records)
        for path, target in ground.refers.items():
            keys = (*self.book.keys(ground, "refers"), ".".join(path))
            yield from self.fact(keys, records + path, TEXT, records, at_key=True)
            if (yield from self.fact(keys, target, RECORDS)):
                yield from self.fact(keys, (*target, "id"), TEXT, target)
        for path, values in ground.covers.items():
            keys = (*self.book.keys(ground, "covers"), ".".join(path))
            field = yield from self.typed(keys, records + path, TEXT, at_key=True)
            if field and (field.records != (*records, *path)[:-1] or len(path) < 2):
                message = Message(
                    "«{path}» is no fact of a list inside the records.",
                    {"path": ".".join(records + path)},
                )
                yield Fault(keys, "wrong-path-type", message, at_key=True)
            elif field:
                yield from self.values(keys, values, list(field.values))

    def fact(
        self,
        keys: Keys,
        full: Path,
        types: Types,
        records: Path | None = None,
        *,
        at_key: bool = False,
    ) -> Lookup:
        """The field of a fact that stands right in these records, or in no list of records."""
        field = yield from self.typed(keys, full, types, at_key=at_key)
        if field and field.records != records:
            message = Message(
                "«{path}» does not stand where this rule looks: it looks at one value of the "
                "report or of a record, not into a list.",
                {"path": ".".join(full)},
            )
            yield Fault(keys, "wrong-path-type", message, at_key)
            return None
        return field

    def typed(self, keys: Keys, full: Path, types: Types, *, at_key: bool = False) -> Lookup:
        """The field at a path of the form if it has one of the types, else the fault."""
        field, dotted = self.form.at(full), ".".join(full)
        if field is None:
            args = {"path": dotted, "hint": self.form.hint(full)}
            message = Message("The report has no «{path}»; {hint}", args)
            yield Fault(keys, "unknown-path", message, at_key)
            return None
        if field.type in types:
            return field
        message = Message(
            "«{path}» is of the type {found}; here {wanted} is expected.",
            {"path": dotted, "found": field.type.value, "wanted": tuple(sorted(map(str, types)))},
        )
        yield Fault(keys, "wrong-path-type", message, at_key)
        return None

    def always(self, keys: Keys, field: Field, above: Path = ()) -> Iterator[Fault]:
        """What is counted with must be in every report (or, below `above`, in every group)."""
        full = field.path
        around = (full[:end] for end in range(len(above) + 1, len(full) + 1))
        if any(not step.required for part in around if (step := self.form.at(part)) is not None):
            message = Message(
                "«{path}» may be left out of a report; a fact that is always there is expected.",
                {"path": ".".join(full)},
            )
            yield Fault(keys, "optional-path", message)

    # --- values and tables ----------------------------------------------------------------

    def values(
        self, keys: Keys, values: Iterable[Any], known: Sequence[Any], *, table: bool = False
    ) -> Iterator[Fault]:
        """Values, or the keys of a table, that are among the known ones."""
        for value in values:
            if value not in known or isinstance(value, bool) != (True in known):
                names = [str(k).lower() if isinstance(k, bool) else str(k) for k in known]
                here = (*keys, value) if table else keys
                yield unknown(here, "unknown-enum-value", value, names, at_key=table)

    def possible(self, keys: Keys, values: Sequence[Any], field: Field) -> Iterator[Fault]:
        """Values that a fact can take."""
        if field.type is FieldType.BOOLEAN:
            yield from self.values(keys, values, [True, False])
        elif field.type is FieldType.TEXT and field.values:
            yield from self.values(keys, values, list(field.values))
        else:
            fits = _TYPED.get(field.type, ())
            strange = [v for v in values if isinstance(v, bool) or not isinstance(v, fits)]
            if strange:
                path, value = ".".join(field.path), str(strange[0]).lower()
                message = Message(
                    "«{path}» is of the type {found}, so it is never «{value}».",
                    {"path": path, "found": field.type.value, "value": value},
                )
                yield Fault(keys, "unknown-enum-value", message)

    def table(
        self,
        keys: Keys,
        names: Sequence[tuple[str, ...]],
        by: Sequence[Field],
        where: Sequence[Condition] = (),
    ) -> Iterator[Fault]:
        """A table by the values of fields, one level for each, has every value, and no other.

        Of values that `where` does not let through, nothing need be said.
        """
        field, *more = by
        known = list(YES_NO if field.type is FieldType.BOOLEAN else field.values)
        first = list(dict.fromkeys(name[0] for name in names))
        yield from self.values(keys, first, known, table=True)
        missing = tuple(v for v in _let_through(where, field, known) if v not in first)
        strange = [value for value in first if value not in known]
        if len(missing) > len(strange):  # else each missing one may be a misspelt one
            message = Message(
                "Nothing is said for: {missing}; every value that «{path}» can take needs its own.",
                {"missing": missing, "path": ".".join(field.path)},
            )
            yield Fault(keys, "amount-missing", message, at_key=True)
        for value in first if more else ():
            inner = [name[1:] for name in names if name[0] == value]
            yield from self.table((*keys, value), inner, more, where)


def _let_through(where: Iterable[Condition], field: Field, known: list[str]) -> list[str]:
    """The values of a field that records selected by `where` can have."""
    path = field.path[len(field.records or ()) :]
    for condition in where:
        if condition.field == path and condition.values:
            asked = [str(v).lower() if isinstance(v, bool) else v for v in condition.values]
            return [value for value in known if value in asked]
    return known
