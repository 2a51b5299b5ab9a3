"""The page for townships and readers: how to submit, how to try it out, how to object.

Owns how the form is put into words. What the form asks comes from the form itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from generator.pages.annual import Year
from generator.pages.layout import Site
from generator.pages.wording import Words
from generator.shape.form import Field, FieldType, Form


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the form: how deep it lies, what it is called, what to write."""

    depth: int
    field: Field
    label: str
    kind: str
    is_group: bool


def submit(site: Site, years: Sequence[Year]) -> str:
    """How to submit and how to object."""
    w, newest = site.words, years[-1]
    return site.page(
        "submit.md.j2",
        "submit.md",
        w._("Submitting and objecting"),
        year=newest,
        book=newest.book,
        example=next((s.township.id for s in newest.result.standings), "…"),
        asked=list(_asked(newest.form, w)) if newest.form else [],
    )


def _asked(form: Form, w: Words) -> Iterator[Asked]:
    for field in form.fields.values():
        is_group = field.type in (FieldType.GROUP, FieldType.RECORDS)
        label, kind = w.text(field.label), _kind(field, w)
        yield Asked(len(field.path) - 1, field, label, kind, is_group)


def _kind(field: Field, w: Words) -> str:
    """What to write, in words; the values to choose from where there are any."""
    if field.values:
        values = tuple(
            w._("{value} ({label})", value=value, label=label)
            for value, label in field.values.items()
        )
        if field.type is FieldType.VALUES:
            return w._("a list of: {values}", values=values)
        return w._("one of: {values}", values=values)
    if field.type is FieldType.VALUES:
        return w._("a list, each: {kind}", kind=_type(field.entry or FieldType.TEXT, w))
    return _type(field.type, w)


def _type(type_: FieldType, w: Words) -> str:
    return {
        FieldType.BOOLEAN: w._("true or false"),
        FieldType.INTEGER: w._("whole number"),
        FieldType.NUMBER: w._("number"),
        FieldType.TEXT: w._("text"),
        FieldType.DATE: w._("date, like 2025-05-02"),
        FieldType.DATE_MINUTE: w._("time, like 2025-05-02T09:00"),
        FieldType.MONTH: w._("month, like 2025-01"),
        FieldType.QUARTER: w._("quarter, like 2025-Q1"),
        FieldType.GROUP: "",
        FieldType.RECORDS: w._("a list of records; [] when nothing happened"),
        FieldType.VALUES: w._("a list"),
    }[type_]
