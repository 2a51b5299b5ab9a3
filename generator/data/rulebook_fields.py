"""Paths and values of a rulebook, looked up in the form of its reports.

Owns finding a fact with the type that is wanted, and tables and conditions by its values, each
misfit at its place in the file as written. Must not know any kind of rule.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.data.rulebook_measures import BOUNDS, path
from generator.data.rulebook_rules import YES_NO
from generator.data.rulebook_walk import Keys, unknown
from generator.engine.book import DeadlineState
from generator.engine.problem import Message, Path, Problem
from generator.reading.source import Document
from generator.shape.form import DATED, Field, FieldType, Form

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
