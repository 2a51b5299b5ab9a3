"""Why one value does not fit its schema: type, allowed values, form, size.

Owns the wording for single values, with the correction that is most likely meant. Must not
know where the value stands or how it was found out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from generator.engine.problem import Message, Text
from generator.shape import hints

Schema = Mapping[str, Any]
Misfit = tuple[str, Message]
"""The code of a problem and its message."""

_FORMS = {
    "date": Message("a date like {example}", {"example": "2025-05-02"}),
    "date-minute": Message("a date and time like {example}", {"example": "2025-05-02T09:00"}),
    "month": Message("a month like {example}", {"example": "2025-05"}),
    "quarter": Message("a quarter like {example}", {"example": "2025-Q1"}),
}
_TYPES = {
    "boolean": Message("true or false"),
    "integer": Message("a whole number"),
    "number": Message("a number"),
    "string": Message("text"),
    "array": Message("a list"),
    "object": Message("a group of keys"),
    "null": Message("null"),
}


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """A schema's pattern as JSON Schema means it: `$` is the very end, classes are ASCII."""
    ends = re.sub(r"(\\.|\[(?:\\.|[^\]\\])*\])|\$", lambda m: m[1] or r"\Z", pattern)
    return re.compile(ends, re.ASCII)


def expected(schema: Schema) -> Message:
    """What a schema asks for, as the object of a sentence."""
    if "enum" in schema:
        return Message("one of {values}", {"values": values(schema)})
    kinds = schema.get("type", ())
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds == ["string"] and (form := _form(schema)) is not None:
        return form
    if len(kinds) == 1:
        return _TYPES[kinds[0]]
    return Message("one of {values}", {"values": tuple(_TYPES[kind] for kind in kinds)})


def values(schema: Schema) -> tuple[object, ...]:
    """The values of an enumeration, each with its name where the schema has one."""
    found = schema["enum"]
    names = schema.get("markdownEnumDescriptions", found)
    english = schema.get("x-enum-en", found)
    return tuple(
        Text(f"{value}（{zh}）", f"{value} ({en})") if zh != value else str(value)
        for value, zh, en in zip(found, names, english, strict=True)
    )


def misfit(keyword: str, limit: Any, value: object, schema: Schema) -> Misfit:
    """The problem of a value that the keyword with this limit refuses."""
    if value is None or (value == "" and keyword in ("minLength", "pattern")):
        return unfilled(schema, optional=False)
    return _MISFITS.get(keyword, _other)(limit, value, schema)


def unfilled(schema: Schema, *, optional: bool) -> Misfit:
    """Nothing stands where a value is expected."""
    args = {"expected": expected(schema)}
    if optional:
        message = Message(
            "Nothing is filled in. Write {expected}, or delete the key if there is none.", args
        )
    elif schema.get("type") == "array":
        message = Message("Nothing is filled in. Write the list, or [] if there is nothing.")
    else:
        message = Message("Nothing is filled in. Write {expected}.", args)
    return "unfilled", message


# --- one function a keyword -----------------------------------------------------------


def _type(limit: Any, value: object, schema: Schema) -> Misfit:
    wanted = limit if isinstance(limit, str) else limit[0]
    return "wrong-type", _instead(schema, value, _typed(wanted, value, schema))


def _enum(limit: Sequence[Any], value: object, schema: Schema) -> Misfit:
    known = {str(one): str(one) for one in limit}
    labels = dict(zip(known, schema.get("markdownEnumDescriptions", known), strict=True))
    args = {"found": hints.shown(value), "values": values(schema)}
    near = hints.nearest(str(value), known, labels)
    if near is None:
        return "unknown-value", Message("{found} is no value known here: {values}.", args)
    message = Message(
        "{found} is no value known here; did you mean {near}? Known are: {values}.",
        {**args, "near": near},
    )
    return "unknown-value", message


def _const(limit: object, value: object, schema: Schema) -> Misfit:  # noqa: ARG001 - one signature for all
    args = {"found": hints.shown(value), "limit": hints.shown(limit)}
    return "unknown-value", Message("{found} is not what must stand here: {limit}.", args)


def _pattern(limit: str, value: object, schema: Schema) -> Misfit:
    text = str(value)
    hint = hints.calendar(text, str(schema.get("format"))) or hints.reshaped(text, compiled(limit))
    fits = hint is not None and compiled(limit).search(hint) is not None
    return "bad-format", _instead(schema, value, hint if fits else None)


def _length(limit: int, value: object, schema: Schema) -> Misfit:  # noqa: ARG001 - one signature for all
    args = {"count": len(str(value)), "limit": limit}
    return "out-of-range", Message(
        "The text has {count} characters; at most {limit} are allowed.", args
    )


def _bound(wording: Message) -> Callable[[Any, object, Schema], Misfit]:
    def bound(limit: Any, value: object, schema: Schema) -> Misfit:  # noqa: ARG001 - one signature for all
        shown = Fraction(limit) if isinstance(limit, int | Decimal) else limit
        args = {"found": hints.shown(value), "limit": shown, "count": _size(value)}
        return "out-of-range", replace(wording, args=args)

    return bound


def _most_entries(limit: int, value: object, schema: Schema) -> Misfit:
    if limit == 0:
        why = Text(**schema["x-why"]) if "x-why" in schema else Message("nothing belongs here")
        return "out-of-range", Message("Delete this: {why}.", {"why": why})
    return _bound(_TOO_MANY)(limit, value, schema)


def _other(limit: object, value: object, schema: Schema) -> Misfit:  # noqa: ARG001 - one signature for all
    return "wrong-type", _instead(schema, value, None)


_TOO_MANY = Message("There are {count} entries; at most {limit} are allowed.")
_MISFITS: Mapping[str, Callable[[Any, Any, Schema], Misfit]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "maxLength": _length,
    "minLength": _bound(Message("The text has {count} characters; at least {limit} are needed.")),
    "minimum": _bound(Message("{found} is too small; at least {limit} is expected.")),
    "maximum": _bound(Message("{found} is too large; at most {limit} is expected.")),
    "exclusiveMinimum": _bound(Message("{found} is too small; more than {limit} is expected.")),
    "exclusiveMaximum": _bound(Message("{found} is too large; less than {limit} is expected.")),
    "x-decimals": _bound(Message("{found} has too many decimals; at most {limit} are allowed.")),
    "minItems": _bound(Message("There are {count} entries; at least {limit} are needed.")),
    "maxItems": _most_entries,
    "minProperties": _bound(Message("There are {count} keys; at least {limit} are needed.")),
    "maxProperties": _bound(Message("There are {count} keys; at most {limit} are allowed.")),
}


# --- corrections ----------------------------------------------------------------------


def _instead(schema: Schema, value: object, hint: object) -> Message:
    args = {"expected": expected(schema), "found": hints.shown(value), "hint": hint}
    if hint is None:
        return Message("Expected {expected}, found {found}.", args)
    return Message("Expected {expected}, found {found}. Write {hint}.", args)


def _typed(wanted: str, value: object, schema: Schema) -> object:
    """The value in the type wanted, as it should be written."""
    if wanted == "boolean" and isinstance(value, str):
        return hints.truth(value)
    if wanted in ("integer", "number") and isinstance(value, str | Decimal):
        return _number(wanted, value)
    if wanted == "string" and (text := hints.quotable(value)) is not None:
        return _text(text, schema)
    if wanted == "array" and isinstance(value, str):
        if hints.truth(value) == "false":
            return "[]"
        listed = hints.entries(value)
        return None if listed is None else f"[{listed}]"
    return None


def _number(wanted: str, value: str | Decimal) -> object:
    if isinstance(value, Decimal):
        return str(int(value)) if value == int(value) else None
    number = hints.number(value)
    if number is None or (wanted == "integer" and "." in number):
        return None
    if hints.quoted_number(value):
        return Message("{value}, without quotation marks", {"value": number})
    return number


def _text(text: str, schema: Schema) -> object:
    if "format" in schema:
        return hints.calendar(text, schema["format"])
    if "pattern" in schema and not compiled(schema["pattern"]).search(text):
        return None
    return Message('"{value}", with the quotation marks', {"value": text})


def _form(schema: Schema) -> Message | None:
    """The form that a text must have, by its format or what the schema says of its pattern."""
    if (form := _FORMS.get(str(schema.get("format")))) is not None:
        return form
    if "pattern" not in schema:
        return None
    said = schema.get("patternErrorMessage")
    if said is None:
        return Message("text that matches {pattern}", {"pattern": schema["pattern"]})
    english = schema.get("x-form-en", f"that matches {schema['pattern']}")
    return Message("text ({form})", {"form": Text(str(said).rstrip("\u3002"), english)})


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | list | dict) else 0
