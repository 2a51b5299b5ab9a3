"""What a rulebook does to records before any rule looks: deadlines and exclusions, on the form.

Owns these checks against the form of the reports. Must not know any kind of rule.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from generator.data.rulebook_fields import ANYTHING, Fields
from generator.data.rulebook_measures import path
from generator.data.rulebook_walk import Keys
from generator.engine.problem import Message, Path, Problem
from generator.shape.form import DATED, FieldType


def record_problems(fields: Fields) -> list[Problem]:
    """Deadlines and exclusions that the form does not bear out.

    `fields` are those of the year and of a period inside it together.
    """
    checker = _Checker(fields)
    return [*checker.deadlines(), *checker.exclusions()]


@dataclass(frozen=True, slots=True)
class _Checker:
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
