"""Replacing reported facts: the one way, the same for inspections, corrections and questions.

Owns addresses within a report (keys joined by dots, records by their id) and what may be
replaced: values, whole lists of values and whole records, never merged deeper. Keeps both
values and both places. Must not check what a fact means.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from generator.form import Field, FieldType, Form
from generator.model import Change, Location, Message, Problem, Severity

Keys = tuple[str | int, ...]


class Placed(Protocol):
    """Facts that know where each of them stands: a document, or one with changes applied."""

    @property
    def path(self) -> str: ...
    @property
    def value(self) -> Any: ...
    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location: ...
    def address(self, keys: Sequence[str | int]) -> str: ...


@dataclass(frozen=True, slots=True)
class Changed:
    """Facts after a change: what was not replaced stands where it stood before."""

    value: Any
    before: Placed
    fact: str
    by: Placed
    at: Keys

    @property
    def path(self) -> str:
        return self.before.path

    def address(self, keys: Sequence[str | int]) -> str:
        return address(self.value, keys)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        """In the changing file for what was replaced, else where it stood before."""
        here = self.address(keys)
        top = keys_of(self.value, self.fact)
        if top is not None and tuple(keys[: len(top)]) == top:
            return at(self.by.location((*self.at, "value", *keys[len(top) :]), key=key), here)
        if top is None and self.fact.startswith(f"{here}."):
            return at(self.by.location((*self.at, "fact")), here)
        old = keys_of(self.before.value, here)
        return self.before.location(keys if old is None else old, key=key)


def at(location: Location, address: str) -> Location:
    """The same place under another address."""
    return Location(location.path, location.line, location.column, address)


def address(value: Any, keys: Sequence[str | int]) -> str:
    """Keys joined by dots; a record by its id, any other entry by its number from 1."""
    parts = []
    for key in keys:
        inside = key in value if isinstance(value, Mapping) else isinstance(key, int)
        value = value[key] if inside else None
        name = value.get("id") if isinstance(key, int) and isinstance(value, Mapping) else None
        parts.append(
            name if isinstance(name, str) else str(key + 1 if isinstance(key, int) else key)
        )
    return ".".join(parts)


def keys_of(value: Any, address: str) -> Keys | None:
    """The keys that lead to what stands at an address, None where nothing does."""
    keys: list[str | int] = []
    for part in address.split(".") if address else ():
        key = _key(value, part)
        if key is None:
            return None
        keys.append(key)
        value = value[key]
    return tuple(keys)


def value_at(value: Any, address: str) -> Any:
    """What stands at an address, None where nothing does."""
    keys = keys_of(value, address)
    for key in keys or ():
        value = value[key]
    return None if keys is None else value


# --- applying -------------------------------------------------------------------------


def apply(
    report: Placed, by: Placed, changes: Sequence[Mapping[str, Any]], form: Form
) -> tuple[Placed, list[Problem]]:
    """The facts with the changes that one file lists applied; the wrong ones are left out."""
    problems = _duplicates(by, changes)
    for number, change in enumerate(changes):
        keys: Keys = ("changes", number)
        problem = _refusal(report.value, change, form)
        if problem is not None:
            code, message, severity = problem
            problems.append(Problem(by.location((*keys, "fact")), code, message, severity))
            if severity is Severity.ERROR:
                continue
        value = replaced(report.value, change["fact"].split("."), change["value"])
        report = Changed(value, report, change["fact"], by, keys)
    return report, problems


def recorded(
    report: Placed,
    by: Placed,
    changes: Sequence[Mapping[str, Any]],
    defaults: Mapping[str, Any],
    correction: str | None = None,
) -> tuple[Change, ...]:
    """Each change with the value reported and the value judged; `defaults` where it is silent."""
    return tuple(
        Change(
            fact=change["fact"],
            reported=value_at(report.value, change["fact"]),
            value=change["value"],
            occasion=change.get("occasion"),
            date=change.get("date", defaults.get("date", "")),
            reason=change.get("reason", defaults.get("reason", "")),
            document=change.get("document", defaults.get("document", "")),
            location=by.location(("changes", number)),
            reported_at=_place(report, change["fact"]),
            correction=correction,
        )
        for number, change in enumerate(changes)
    )


def _place(report: Placed, fact: str) -> Location | None:
    keys = keys_of(report.value, fact)
    return None if keys is None else report.location(keys)


def _duplicates(by: Placed, changes: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """A fact replaced twice, or once as a whole and once in part."""
    found = []
    for number, change in enumerate(changes):
        for other in changes[:number]:
            first, second = f"{other['fact']}.", f"{change['fact']}."
            if first.startswith(second) or second.startswith(first):
                message = Message(
                    "«{fact}» is changed twice, also as «{other}»; keep one of the two changes.",
                    {"fact": change["fact"], "other": other["fact"]},
                )
                place = by.location(("changes", number, "fact"))
                found.append(Problem(place, "duplicate-change", message))
                break
    return found


_Refusal = tuple[str, Message, Severity]


def _refusal(value: Any, change: Mapping[str, Any], form: Form) -> _Refusal | None:
    """Why this change cannot be made, or has no effect."""
    fact, new = change["fact"], change["value"]
    return _unknown(value, fact, form) or _unremovable(fact, new, form) or _idle(value, fact, new)


def _unknown(value: Any, fact: str, form: Form) -> _Refusal | None:
    path, (around, _, name) = form.path_of(fact), fact.rpartition(".")
    field, is_entry = form.at(path), around != "" and form.path_of(around) == path
    if field is None or name == "id" or fact in ("township", "year"):
        message = Message(
            "«{fact}» is no fact of the report that can be changed; {hint}",
            {"fact": fact, "hint": form.nearest(fact)},
        )
    elif not _whole(field, is_entry, form):
        message = Message(
            "«{fact}» cannot be replaced as such: change a value, a whole list of values, "
            "or a whole record by its id.",
            {"fact": fact},
        )
    elif around and keys_of(value, around) is None:
        message = Message(
            "There is no «{around}» in the report, so «{fact}» cannot be changed; "
            "add it as a whole.",
            {"around": around, "fact": fact},
        )
    else:
        return None
    return "unknown-fact", message, Severity.ERROR


def _whole(field: Field, is_entry: bool, form: Form) -> bool:
    """Whether it is a value, a whole list of values, a whole record or an optional group."""
    named = form.at((*field.path, "id")) is not None
    if field.type is FieldType.RECORDS:
        return is_entry == named
    return not is_entry and field.replaceable


def _unremovable(fact: str, new: object, form: Form) -> _Refusal | None:
    field = form.at(form.path_of(fact))
    if new is not None or field is None or field.type is FieldType.RECORDS or not field.required:
        return None
    message = Message(
        "«{fact}» must be in every report and cannot be struck out; give the value it should have.",
        {"fact": fact},
    )
    return "not-removable", message, Severity.ERROR


def _idle(value: Any, fact: str, new: Any) -> _Refusal | None:
    if replaced(value, fact.split("."), new) != value:
        return None
    message = Message("«{fact}» already is so; the change has no effect.", {"fact": fact})
    return "change-without-effect", message, Severity.WARNING


def replaced(value: Any, parts: Sequence[str], new: Any) -> Any:
    """The same facts with one of them replaced, added or, by None, struck out."""
    name, rest = parts[0], parts[1:]
    if isinstance(value, Mapping):
        below = replaced(value.get(name, {}), rest, new) if rest else new
        kept = {key: inner for key, inner in value.items() if key != name or below is not None}
        return kept if below is None else {**kept, name: below}
    key = _key(value, name)
    if not isinstance(key, int):
        return [*value, {"id": name, **new} if isinstance(new, Mapping) else new]
    below = replaced(value[key], rest, new) if rest else new
    if isinstance(below, Mapping) and "id" in value[key]:
        below = {"id": name, **below}
    return [*value[:key], *([] if below is None else [below]), *value[key + 1 :]]


def _key(value: Any, part: str) -> str | int | None:
    """The key or index of one part of an address."""
    if isinstance(value, Mapping):
        return part if part in value else None
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    for index, entry in enumerate(value):
        name = entry.get("id") if isinstance(entry, Mapping) else None
        if part == (name if isinstance(name, str) else str(index + 1)):
            return index
    return None


# --- where things stand ---------------------------------------------------------------


class Places(Mapping[str, tuple[Location, ...]]):
    """Where every group, list, record and single fact stands; what was changed, in all its places.

    Worked out when first asked: a check of ten thousand files asks for none.
    """

    def __init__(self, judged: Placed, changes: Sequence[Change]) -> None:
        self._judged, self._changes = judged, changes

    @cached_property
    def _found(self) -> dict[str, tuple[Location, ...]]:
        value, location = self._judged.value, self._judged.location
        found: dict[str, tuple[Location, ...]] = {
            address(value, keys): (location(keys),) for keys in _standing(value)
        }
        for change in self._changes:
            found[change.fact] = (change.reported_at,) if change.reported_at else ()
        for change in self._changes:
            found[change.fact] = (change.location, *found[change.fact])
            for around in _records_around(value, change.fact):
                found[around] = (*found[around], change.location)
        return found

    def __getitem__(self, address: str) -> tuple[Location, ...]:
        return self._found[address]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def _standing(value: Any, keys: Keys = ()) -> Iterator[Keys]:
    """The keys of everything but the single values inside records and plain lists."""
    entries = value.items() if isinstance(value, Mapping) else enumerate(value)
    in_record = any(isinstance(key, int) for key in keys)
    for key, inner in entries:
        group = isinstance(inner, Mapping | list)
        if group or (isinstance(value, Mapping) and not in_record):
            yield (*keys, key)
        if group:
            yield from _standing(inner, (*keys, key))


def _records_around(value: Any, fact: str) -> Iterator[str]:
    """The addresses of the record, and the groups in it, that the fact is part of."""
    parts = fact.split(".")
    for end in range(1, len(parts)):
        around = ".".join(parts[:end])
        if any(isinstance(key, int) for key in keys_of(value, around) or ()):
            yield around
