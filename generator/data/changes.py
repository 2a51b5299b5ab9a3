"""Replacing reported facts: the one way, the same for inspections, corrections and questions.

Owns what may be replaced (values, whole lists of values and whole records, never merged
deeper) and where the facts stand afterwards. Keeps both values and both places. Must not
check what a fact means.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from generator.engine.model import Change
from generator.engine.problem import Location, Message, Problem, Severity
from generator.reading.addresses import Keys, address, keys_of, names, replaced, value_at
from generator.reading.source import Placed
from generator.shape.form import Field, FieldType, Form

Made = tuple[Placed, Keys]
"""The file that makes a change, and the keys of the change in it."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Facts after changes, by fact: what was not replaced stands where it was reported."""

    value: Any
    report: Placed
    made: Mapping[str, Made]
    _reported: dict[str, Keys] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def path(self) -> str:
        return self.report.path

    def address(self, keys: Sequence[str | int]) -> str:
        return address(self.value, keys)

    def location(self, keys: Sequence[str | int], *, key: bool = False) -> Location:
        """In the changing file for what was replaced, else where it was reported."""
        parts = names(self.value, keys)
        here = ".".join(parts)
        for end in range(len(parts), 0, -1):
            made = self.made.get(".".join(parts[:end]))
            if made is not None:
                by, change = made
                return at(by.location((*change, "value", *keys[end:]), key=key), here)
        return at(self.report.location(self._before(here) or keys, key=key), here)

    def _before(self, here: str) -> Keys | None:
        """The keys of an address in the report, which may count its records otherwise."""
        if not self._reported:
            self._reported.update(_standing(self.report.value))
        return self._reported.get(here) or keys_of(self.report.value, here)


def at(location: Location, address: str) -> Location:
    """The same place under another address."""
    return Location(location.path, location.line, location.column, address)


# --- applying -------------------------------------------------------------------------


def apply(
    report: Placed, by: Placed, changes: Sequence[Mapping[str, Any]], form: Form
) -> tuple[Placed, list[Problem]]:
    """The facts with the changes that one file lists applied; the wrong ones are left out."""
    twice = _duplicates(changes)
    problems = [
        Problem(by.location(("changes", number, "fact")), "duplicate-change", message)
        for number, message in twice.items()
    ]
    value = report.value
    made = dict(report.made) if isinstance(report, Changed) else {}
    for number, change in enumerate(changes):
        if number in twice:
            continue
        keys: Keys = ("changes", number)
        problem = _refusal(value, change, form)
        if problem is not None:
            code, message, severity, where = problem
            problems.append(Problem(by.location((*keys, *where)), code, message, severity))
            if severity is Severity.ERROR:
                continue
        fact = change["fact"]
        value = replaced(value, fact.split("."), change["value"])
        # A later file's word about a whole record replaces earlier words about its parts.
        made = {other: at for other, at in made.items() if not other.startswith(f"{fact}.")}
        made[fact] = (by, keys)
    reported = report.report if isinstance(report, Changed) else report
    return Changed(value, reported, made) if made else report, problems


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


def _duplicates(changes: Sequence[Mapping[str, Any]]) -> dict[int, Message]:
    """By its number, each change of a fact replaced before, as a whole or in part."""
    found, whole = dict[int, Message](), dict[str, str]()
    around = dict[str, str]()
    for number, change in enumerate(changes):
        fact = change["fact"]
        parts = fact.split(".")
        groups = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
        others = (around.get(fact), *(whole.get(group) for group in groups))
        other = next((other for other in others if other is not None), None)
        if other is not None:
            found[number] = Message(
                "«{fact}» is changed twice, also as «{other}»; keep one of the two changes.",
                {"fact": fact, "other": other},
            )
        whole[fact] = fact
        around |= dict.fromkeys(groups, fact)
    return found


_FACT: Keys = ("fact",)
_Refusal = tuple[str, Message, Severity, Keys]
"""Code, message, and where in the change it is wrong."""


def _refusal(value: Any, change: Mapping[str, Any], form: Form) -> _Refusal | None:
    """Why this change cannot be made, or has no effect."""
    fact, new = change["fact"], change["value"]
    return (
        _unknown(value, fact, form)
        or _unremovable(fact, new, form)
        or _no_record(fact, new, form)
        or _idle(value, fact, new)
    )


def _unknown(value: Any, fact: str, form: Form) -> _Refusal | None:
    around = fact.rpartition(".")[0]
    path = form.path_of(fact)
    field, is_entry = form.at(path), around != "" and form.path_of(around) == path
    if fact in ("township", "year") or (field is not None and path[-1] == "id"):
        message = Message(
            "«{fact}» says what this is about and cannot be changed; "
            "strike the wrong record and add the right one, or mend the report.",
            {"fact": fact},
        )
    elif field is not None and not _whole(field, is_entry, form):
        message = Message(
            "«{fact}» cannot be replaced as such: change a value, a whole list of values, "
            "or a whole record by its id.",
            {"fact": fact},
        )
    elif (nowhere := unaddressed(value, fact, form)) is not None:
        message = nowhere
    else:
        return None
    return "unknown-fact", message, Severity.ERROR, _FACT


def unaddressed(value: Any, fact: str, form: Form) -> Message | None:
    """Why nothing can be put at an address of these facts."""
    around = fact.rpartition(".")[0]
    if form.at(form.path_of(fact)) is None:
        return Message(
            "«{fact}» is no fact of the report that can be changed; {hint}",
            {"fact": fact, "hint": form.nearest(fact)},
        )
    if around and not isinstance(value_at(value, around), Mapping | list):
        return Message(
            "There is no «{around}» in the report, so «{fact}» cannot be changed; "
            "add it as a whole.",
            {"around": around, "fact": fact},
        )
    return None


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
    return "not-removable", message, Severity.ERROR, _FACT


def _no_record(fact: str, new: object, form: Form) -> _Refusal | None:
    """A whole record is a group of keys, and its id is the one in the address."""
    (around, _, name), field = fact.rpartition("."), form.at(form.path_of(fact))
    entry = field is not None and field.type is FieldType.RECORDS and form.path_of(around) != ()
    if not entry or form.path_of(around) != form.path_of(fact) or new is None:
        return None
    if not isinstance(new, Mapping):
        message = Message(
            "«{fact}» is a whole record: its keys and values are expected, or null to strike it.",
            {"fact": fact},
        )
        return "wrong-type", message, Severity.ERROR, ("value",)
    if new.get("id", name) != name:
        message = Message(
            "The record changed is «{id}», but another id stands in its value; delete that.",
            {"id": name},
        )
        return "id-mismatch", message, Severity.ERROR, ("value", "id")
    return None


def _idle(value: Any, fact: str, new: Any) -> _Refusal | None:
    if replaced(value, fact.split("."), new) != value:
        return None
    message = Message("«{fact}» already is so; the change has no effect.", {"fact": fact})
    return "change-without-effect", message, Severity.WARNING, _FACT


# --- where things stand ---------------------------------------------------------------


class Places(Mapping[str, tuple[Location, ...]]):
    """Where every group, list, record and single fact stands; what was changed, in all its places.

    Worked out address by address when asked: a check of ten thousand files asks for none.
    """

    def __init__(self, judged: Placed, changes: Sequence[Change]) -> None:
        self._judged, self._changes = judged, changes

    def __getitem__(self, address: str) -> tuple[Location, ...]:
        return self._changed[address] if address in self._changed else self._standing(address)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._keys, *self._changed)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _standing(self, address: str) -> tuple[Location, ...]:
        keys = self._keys.get(address) or keys_of(self._judged.value, address)
        if keys is None:
            raise KeyError(address)
        return (self._judged.location(keys),)

    @cached_property
    def _keys(self) -> dict[str, Keys]:
        """Of what stands somewhere of its own; looking for each of many records is slow."""
        return dict(_standing(self._judged.value))

    @cached_property
    def _changed(self) -> dict[str, tuple[Location, ...]]:
        """What was changed, and the records around it."""
        found: dict[str, tuple[Location, ...]] = {}
        for change in self._changes:
            found[change.fact] = (change.reported_at,) if change.reported_at else ()
        for change in self._changes:
            found[change.fact] = (change.location, *found[change.fact])
            for around in _records_around(self._judged.value, change.fact):
                found[around] = (*(found.get(around) or self._standing(around)), change.location)
        return found


def _standing(value: Any, keys: Keys = (), around: str = "") -> Iterator[tuple[str, Keys]]:
    """Address and keys of everything but the single values inside records and plain lists."""
    is_group = isinstance(value, dict)
    singles = is_group and not any(isinstance(key, int) for key in keys)
    for key, inner in value.items() if is_group else enumerate(value):
        deeper = isinstance(inner, (dict, list))
        if deeper or singles:
            here = f"{around}{key if is_group else names(value, (key,))[0]}"
            yield here, (*keys, key)
            if deeper:
                yield from _standing(inner, (*keys, key), f"{here}.")


def _records_around(value: Any, fact: str) -> Iterator[str]:
    """The addresses of the record, and the groups in it, that the fact is part of."""
    parts = fact.split(".")
    for end in range(1, len(parts)):
        around = ".".join(parts[:end])
        if any(isinstance(key, int) for key in keys_of(value, around) or ()):
            yield around
