"""What is wrong with a document's shape, in words a clerk can act on.

Owns turning the findings of the slow validator into problems, one for each mistake, at its place,
with the correction that is most likely meant. Loaded only when a document is not valid.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any
from unicodedata import normalize

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from generator.engine.problem import Message, Text
from generator.reading.screen import brief, masked
from generator.reading.slips import nearest
from generator.reading.source import Fault, Keys, decimals, plain_value
from generator.shape.form import no_such_day

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
    known = schema["enum"]
    names = schema.get("markdownEnumDescriptions", known)
    english = schema.get("x-enum-en", known)
    return tuple(
        Text(f"{value}（{zh}）", f"{value} ({en})") if zh != value else str(value)
        for value, zh, en in zip(known, names, english, strict=True)
    )


def unfilled(schema: Schema, *, optional: bool) -> Misfit:
    """Nothing stands where a value is expected."""
    args = {"expected": expected(schema)}
    if optional:
        message = Message(
            "Nothing is filled in. Write {expected}, or delete the key if there is none.", args
        )
    elif schema.get("type") == "array" and "minItems" not in schema:
        message = Message("Nothing is filled in. Write the list, or [] if there is nothing.")
    else:
        message = Message("Nothing is filled in. Write {expected}.", args)
    return "unfilled", message


# --- one function a keyword -----------------------------------------------------------


def _enum(limit: Sequence[Any], value: object, schema: Schema) -> Misfit:
    known = [str(name) for name in limit]
    labels = dict(zip(known, schema.get("markdownEnumDescriptions", known), strict=True))
    args = {"found": shown(value), "values": values(schema)}
    message = Message("{found} is no value known here: {values}.", args)
    if (near := nearest(str(value), known, labels)) is not None:
        message = Message(
            "{found} is no value known here; did you mean {near}? Known are: {values}.",
            {**args, "near": near},
        )
    return "unknown-value", message


def _const(limit: object, value: object, schema: Schema) -> Misfit:  # noqa: ARG001 - one signature for all
    args = {"found": shown(value), "limit": shown(limit)}
    return "unknown-value", Message("{found} is not what must stand here: {limit}.", args)


def _bound(wording: Message) -> Callable[[Any, object, Schema], Misfit]:
    def bound(limit: Any, value: object, schema: Schema) -> Misfit:  # noqa: ARG001 - one signature for all
        size = len(value) if isinstance(value, str | list | dict) else 0
        bounded = Fraction(limit) if isinstance(limit, int | Decimal) else limit
        args = {"found": shown(value), "limit": bounded, "count": size}
        return "out-of-range", replace(wording, args=args)

    return bound


def _most_entries(limit: int, value: object, schema: Schema) -> Misfit:
    if limit == 0:
        why = Text(**schema["x-why"]) if "x-why" in schema else Message("nothing belongs here")
        return "out-of-range", Message("Delete this: {why}.", {"why": why})
    return _bound(_TOO_MANY)(limit, value, schema)


_TOO_MANY = Message("There are {count} entries; at most {limit} are allowed.")
_MISFITS: Mapping[str, Callable[[Any, Any, Schema], Misfit]] = {
    "enum": _enum,
    "const": _const,
    "maxLength": _bound(Message("The text has {count} characters; at most {limit} are allowed.")),
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


def _instead(schema: Schema, value: object, written: str | None, code: str) -> Misfit:
    """What is expected, and what to write for the value found where that is known."""
    args = {"expected": expected(schema), "found": shown(value), "hint": written}
    if written is None:
        return code, Message("Expected {expected}, found {found}.", args)
    if written.startswith(('"', "'")):
        args["hint"] = Message("{value}, with the quotation marks", {"value": written})
    elif isinstance(value, str) and plain_value(written) == plain_value(value):
        args["hint"] = Message("{value}, without quotation marks", {"value": written})
    return code, Message("Expected {expected}, found {found}. Write {hint}.", args)


Written = Iterator[str]
"""What might be meant by a value, as it is written in YAML, the likeliest first."""


Accepts = Callable[[Schema, str], bool]
"""Whether a schema accepts what is written."""


def corrections(value: object, schema: Schema, items: Schema, accepts: Accepts) -> Written:
    """What might be meant by a value, for a schema; `items` is that of the entries of a list.

    Nobody has asked yet whether the schema accepts it as a whole.
    """
    kinds = schema.get("type", "string")
    wanted = kinds if isinstance(kinds, str) else kinds[0]
    if not isinstance(value, str | int | Decimal):
        return
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if wanted == "boolean" and isinstance(value, str):
        yield from filter(None, [truth(text)])
    elif wanted in ("integer", "number"):
        yield from _numbers(value)
    elif wanted == "string":
        yield from _texts(text, schema)
    elif wanted == "array":
        yield from _lists(text, items, accepts)


def _numbers(value: object) -> Written:
    if isinstance(value, Decimal) and value == value.to_integral_value():
        yield str(int(value))
    if isinstance(value, str):  # full-width digits, thousands commas or a counter word
        plain = re.sub(r"[,\s]", "", normalize("NFKC", value))
        if match := re.fullmatch(r"(-?[0-9]{1,15}(\.[0-9]{1,6})?)\D{0,3}", plain):
            yield match[1]


def _texts(text: str, schema: Schema) -> Written:
    form = schema.get("format")
    day = calendar(text, str(form))
    if day is not None and not (form in DAYS and no_such_day(day)):
        yield day
    plain = normalize("NFKC", text).strip()
    enum = [str(known) for known in schema.get("enum", ())]
    labels = zip(schema.get("markdownEnumDescriptions", ()), enum, strict=False)
    yield from (known for label, known in labels if plain in (label, known))
    for meant in (text, text.strip(), plain, plain.upper(), plain.lower(), plain.replace("_", "-")):
        yield from (meant, json.dumps(meant, ensure_ascii=False))


_NOTHING = frozenset(
    (
        *("", "0", "-", "--", "/", "\\", "none", "null", "nil", "n/a", "na"),
        *("\u2014", "\u2014\u2014", "空", "暂无", "未发生", "无此项"),
    )
)
_AROUND = dict(
    zip("[({\u3010\u3014\u300c\"'\u201c\u2018", "])}\u3011\u3015\u300d\"'\u201d\u2019", strict=True)
)
_QUOTES = " \u3000\"'\u201c\u201d\u2018\u2019\u300c\u300d"
_BETWEEN = ("[,;\u3001\uff0c\uff1b\n]+", "[,;\u3001\uff0c\uff1b\\s]+")
"""What separates the entries of a list written as a text: signs, else blanks as well."""


def is_nothing(text: str) -> bool:
    """Whether a word says that there is nothing."""
    word = normalize("NFKC", _bare(text)).strip().lower()
    return word in _NOTHING or truth(word) == "false"


def _lists(text: str, items: Schema, accepts: Accepts) -> Written:
    """The list that is written as one text."""
    if is_nothing(text):
        yield "[]"
        return
    bare = _bare(text)
    for between in _BETWEEN if len(text) <= _MOST_LISTED else ():
        parts = [part.strip(_QUOTES) for part in re.split(between, bare)]
        entries = [_entry(part, items, accepts) for part in parts if part]
        if entries and None not in entries:
            yield f"[{', '.join(filter(None, entries))}]"


def _entry(text: str, items: Schema, accepts: Accepts) -> str | None:
    """An entry of a list as it should be written, None where nothing is sure to be accepted."""
    return next((c for c in corrections(text, items, {}, accepts) if accepts(items, c)), None)


def _bare(text: str) -> str:
    """A text without the brackets or quotation marks that are around the whole of it."""
    bare = text.strip()
    while len(bare) > 1 and _AROUND.get(normalize("NFKC", bare[0])) == normalize("NFKC", bare[-1]):
        bare = bare[1:-1].strip()
    return bare


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


_MOST_LISTED = 1000
"""A longer text is not read as a list any more."""

TRUE = frozenset({"yes", "y", "on", "true", "是", "有", "真", "√", "对"})
FALSE = frozenset({"no", "n", "off", "false", "否", "无", "没有", "假", "×", "不"})


def shown(value: object) -> object:
    """A found value for a message: short, on one line, without long runs of digits."""
    if value is None:
        return Message("nothing")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return _TYPES["array" if isinstance(value, list) else "object"]
    if not isinstance(value, str):
        return brief(str(value))
    text = value.strip()
    message = Message("\u00ab{text}\u00bb", {"text": brief(text)})
    around = value[: len(value) - len(value.lstrip())] + value[len(value.rstrip()) :]
    if not text or not around:
        return message.about({"text": brief(value)})
    if "\u3000" in around:
        return Message("{found} with a full-width space (U+3000) beside it", {"found": message})
    return Message("{found} with blanks beside it", {"found": message})


def truth(text: str) -> str | None:
    """The boolean that a word for yes or no means."""
    word = normalize("NFKC", text).strip().lower()
    return "true" if word in TRUE else "false" if word in FALSE else None


# --- calendar forms -------------------------------------------------------------------

_SEP = r"\s*[-/.\u5e74\u6708]\s*"
_DAY = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}})\s*\u65e5?"
_TIME = r"[T\s]*([0-9]{1,2})[:\u65f6\u70b9]([0-9]{1,2})?(?::[0-9]{2}|\u5206)?(?:Z|\+0?8:?(?:00)?)?"
_MONTH = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}})\s*\u6708?"
_QUARTER = (
    r"([0-9]{4})[-/.\u5e74\s]*(?:[Qq]|\u7b2c)?\s*([1-4\u4e00\u4e8c\u4e09\u56db])\s*"
    r"(?:[Qq]|\u5b63\u5ea6?)?"
)
_CALENDAR = {
    "date": ("{0}-{1:0>2}-{2:0>2}", _DAY, "([0-9]{4})([0-9]{2})([0-9]{2})"),
    "date-minute": ("{0}-{1:0>2}-{2:0>2}T{3:0>2}:{4:0>2}", _DAY + _TIME),
    "month": ("{0}-{1:0>2}", _MONTH, "([0-9]{4})([0-9]{2})", _DAY),
    "quarter": ("{0}-Q{1}", _QUARTER),
}
"""How each is written, and the patterns of what may be meant by it."""
_DIGITS = str.maketrans("\u4e00\u4e8c\u4e09\u56db", "1234")


def calendar(text: str, form: str) -> str | None:
    """A date, time, month or quarter in the form asked for, if the text is one in another.

    It may be one that never was: 30 February.
    """
    meant = normalize("NFKC", text).strip()
    written, *patterns = _CALENDAR.get(form, ("",))
    for pattern in patterns:
        if match := re.fullmatch(pattern, meant):
            parts = [(part or "00").translate(_DIGITS) for part in match.groups()]
            return written.format(*parts)
    return None


DAYS = ("date", "date-minute")
"""The calendar forms that name a day, which may be none."""


MOST_FAULTS = 500
"""So many in one file have one cause; nobody reads on."""


def faults(schema: Schema, value: object) -> list[Fault]:
    """The mistakes of a value that is not valid, the first few hundred; never none."""
    explained = _Explainer(schema).explain(value)
    distinct = list({str(fault): fault for fault in islice(explained, MOST_FAULTS)}.values())
    nothing = Fault((), "wrong-type", Message("This does not have the expected shape."))
    return distinct or [nothing]


def is_valid(schema: Schema, value: object) -> bool:
    """The slow validator's verdict, which a test holds equal to the fast one's."""
    return bool(_Slow(schema, registry=Registry()).is_valid(value))


# --- the slow validator, made to agree with the fast one -----------------------------


def _pattern_fault(_: object, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
    if isinstance(value, str) and not compiled(pattern).search(value):
        yield ValidationError("pattern")


def _decimals_fault(_: object, places: int, value: object, __: object) -> Iterator[ValidationError]:
    if decimals(value) > places:
        yield ValidationError("decimals")


_Slow: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema has no types here
    Draft202012Validator,
    {"pattern": _pattern_fault, "x-decimals": _decimals_fault},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine(
        "integer", lambda _, value: isinstance(value, int) and not isinstance(value, bool)
    ),
)


# --- from its findings to ours --------------------------------------------------------

_MANY = frozenset({"required", "additionalProperties", "dependentRequired", "uniqueItems"})
"""Keywords that may find several mistakes in one value; of any others only the worst is told."""

_WORST_FIRST = (
    *("not", "oneOf", "anyOf", "enum", "const", "type", "minLength", "maxLength", "pattern"),
)


class _Explainer:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.judge = _Slow(schema, registry=Registry())

    def explain(self, value: object) -> Iterator[Fault]:
        """The mistakes in a value, some of them more than once."""
        errors = list(self.specific(self.judge.iter_errors(value)))
        meant = set[Keys]()
        for error in errors:
            if error.validator == "additionalProperties":
                yield from self.unknown_keys(error, meant)
        for error in errors:
            if "propertyNames" in error.absolute_schema_path:
                key, what = str(error.instance), _dict(error.schema).get("x-keys")
                args = {"key": brief(key), "what": Text(**what) if what else Message("text")}
                message = Message("«{key}» cannot be a key here; expected is: {what}.", args)
                keys = (*error.absolute_path, key)
                yield Fault(keys, "bad-format", message, at_key=True)
            elif error.validator in ("required", "dependentRequired"):
                yield from self.missing_keys(error, meant)
            elif error.validator == "uniqueItems":
                yield from _duplicates(error)
        for error in _worst(errors):
            yield self.value_fault(error)

    def specific(self, errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
        """The errors themselves, and for alternatives those of the one that was meant."""
        for error in errors:
            if error.validator not in ("oneOf", "anyOf"):
                yield error
                continue
            meant = self.alternative(error)
            if meant is None:
                yield error
            elif meant >= 0:
                inner = [e for e in error.context or () if e.relative_schema_path[0] == meant]
                yield from self.specific(inner)

    def alternative(self, error: ValidationError) -> int | None:
        """Which alternative was meant: None if that cannot be told, -1 if a key says none of them.

        A constant key tells them apart, else the keys that each of them requires.
        """
        branches = [self.resolved(branch) for branch in _list(error.validator_value)]
        value = error.instance
        if not isinstance(value, dict):
            fitting = [
                number
                for number, branch in enumerate(branches)
                if "type" in branch and _Slow({"type": branch["type"]}).is_valid(value)
            ]
            return fitting[0] if len(fitting) == 1 else None
        told_apart = False
        for number, branch in enumerate(branches):
            for key, inner in branch.get("properties", {}).items():
                if isinstance(inner, dict) and "const" in inner:
                    told_apart = True
                    if value.get(key) == inner["const"]:
                        return number
        if told_apart:
            return -1
        present = [sum(key in value for key in branch.get("required", ())) for branch in branches]
        return present.index(max(present)) if any(present) else None

    def unknown_keys(self, error: ValidationError, meant: set[Keys]) -> Iterator[Fault]:
        """Unknown keys, each with the known one nearest to it, which is added to `meant`."""
        known = _dict(_dict(error.schema).get("properties"))
        value, here = _dict(error.instance), tuple(error.absolute_path)
        open_keys = [key for key in known if key not in value]
        titles = {key: str(self.resolved(inner).get("title")) for key, inner in known.items()}
        for key in (key for key in value if key not in known):
            args = {"key": brief(str(key)), "known": tuple(known)}
            message = Message("«{key}» is no key known here; known are: {known}.", args)
            if (near := nearest(str(key), open_keys, titles)) is not None:
                meant.add((*here, near))
                message = Message(
                    "«{key}» is no key known here; did you mean «{near}»?", {**args, "near": near}
                )
            yield Fault((*here, key), "unknown-key", message, at_key=True)

    def missing_keys(self, error: ValidationError, meant: set[Keys]) -> Iterator[Fault]:
        value, here = _dict(error.instance), tuple(error.absolute_path)
        needed = error.validator_value
        if isinstance(needed, dict):
            needed = [key for by, keys in needed.items() if by in value for key in keys]
        for key in _list(needed):
            if key in value or (*here, key) in meant:
                continue
            inner = self.resolved(_dict(_dict(error.schema).get("properties")).get(key))
            inner = inner or self.at((*here, key))
            args = {"key": key, "title": Text(inner.get("title", key), inner.get("x-en", key))}
            message = Message("«{key}» ({title}) is missing; add it.", args)
            if inner.get("type") == "array" and "minItems" not in inner:
                message = Message(
                    "«{key}» ({title}) is missing; add it, with [] if there is nothing.", args
                )
            yield Fault((*here, key), "missing-key", message)

    def value_fault(self, error: ValidationError) -> Fault:
        keys, schema = tuple(error.absolute_path), _dict(error.schema)
        if error.validator == "not":
            return _refused(keys, schema, error.instance)
        if error.validator in ("oneOf", "anyOf"):
            return self.no_alternative(keys, error)
        keyword, value = str(error.validator), error.instance
        if value is None:
            return Fault(keys, *unfilled(schema, optional=self.may_go(keys)))
        if value == "" and keyword in ("minLength", "pattern"):
            return Fault(keys, *unfilled(schema, optional=False))
        if (describe := _MISFITS.get(keyword)) is not None:
            return Fault(keys, *describe(error.validator_value, value, schema))
        return Fault(keys, *self.misfit(keyword, keys, value, schema))

    def misfit(self, keyword: str, keys: Keys, value: object, schema: Schema) -> Misfit:
        """A value of another type or form than the one that is expected."""
        written = self.correction(value, schema)
        if written is None and isinstance(value, str):
            day = calendar(value, str(schema.get("format"))) or ""
            if schema.get("format") in DAYS and (why := no_such_day(day)) is not None:
                return "bad-date", why
            if is_nothing(value) and self.may_go(keys):
                return unfilled(schema, optional=True)
        code = "bad-format" if keyword == "pattern" else "wrong-type"
        return _instead(schema, value, written, code)

    def correction(self, value: object, schema: Schema) -> str | None:
        """What to write instead, which is sure to be accepted and shows nobody's number."""
        items = self.resolved(schema.get("items"))
        meant = corrections(value, schema, items, self.accepts)
        return next((written for written in meant if self.accepts(schema, written)), None)

    def accepts(self, schema: Schema, written: str) -> bool:
        """Whether a schema accepts what is written, and it shows nobody's number."""
        value = plain_value(written)
        judge = self.judge.evolve(schema=schema)
        return value is not None and masked(written) == written and bool(judge.is_valid(value))

    def no_alternative(self, keys: Keys, error: ValidationError) -> Fault:
        branches = [self.resolved(branch) for branch in _list(error.validator_value)]
        names = tuple(dict.fromkeys(b["required"][0] for b in branches if b.get("required")))
        if not names or error.instance is None:
            return Fault(keys, *unfilled(branches[0], optional=False))
        message = Message("One of these keys is needed here: {keys}.", {"keys": names})
        code = "missing-key" if isinstance(error.instance, dict) else "wrong-type"
        return Fault(keys, code, message)

    def resolved(self, node: object) -> Schema:
        """A schema with its reference followed; what stands beside the reference wins."""
        resolved = _dict(node)
        while "$ref" in resolved:
            target: Any = self.schema
            for part in str(resolved["$ref"]).removeprefix("#/").split("/"):
                target = _dict(target).get(part)
            beside = {key: inner for key, inner in resolved.items() if key != "$ref"}
            resolved = {**_dict(target), **beside}
        return resolved

    def at(self, keys: Keys) -> Schema:
        """What the schema says of the value under `keys`; nothing if that depends on others."""
        node = self.resolved(self.schema)
        for key in keys:
            below = node.get("items") if isinstance(key, int) else None
            if isinstance(key, str):
                below = _dict(node.get("properties")).get(key, node.get("additionalProperties"))
            node = self.resolved(below)
        return node

    def may_go(self, keys: Keys) -> bool:
        """Whether the key is sure not to be missed if it is deleted."""
        around = self.at(keys[:-1]) if keys else {}
        asked = {name: around[name] for name in _ASKING if name in around}
        known = keys and keys[-1] in _dict(around.get("properties"))
        return bool(known) and keys[-1] not in _words(asked)


def _worst(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """Of each value the one error that matters most, of those that are about the value alone."""
    by_keys: dict[Keys, list[ValidationError]] = {}
    for error in errors:
        if error.validator not in _MANY and "propertyNames" not in error.absolute_schema_path:
            by_keys.setdefault(tuple(error.absolute_path), []).append(error)
    return [min(several, key=_rank) for several in by_keys.values()]


def _rank(error: ValidationError) -> int:
    name = str(error.validator)
    if name == "type" and isinstance(error.instance, list | dict):
        return -1
    return _WORST_FIRST.index(name) if name in _WORST_FIRST else len(_WORST_FIRST)


def _refused(keys: Keys, schema: Schema, value: object) -> Fault:
    if (beside := schema.get("x-only-with")) is not None:
        args = {"key": keys[-1], "beside": Text(**beside)}
        message = Message("«{key}» belongs only beside «{beside}»; delete it here.", args)
        return Fault(keys, "unknown-key", message, at_key=True)
    message = Message("{found} is reserved; choose another.", {"found": shown(value)})
    return Fault(keys, "unknown-value", message)


def _duplicates(error: ValidationError) -> Iterator[Fault]:
    seen: list[Any] = []
    for number, entry in enumerate(_list(error.instance)):
        if entry in seen:
            args = {"entry": shown(entry)}
            message = Message("{entry} stands twice in this list; delete one of the two.", args)
            yield Fault((*error.absolute_path, number), "duplicate-item", message)
        seen.append(entry)


_ASKING = ("required", "dependentRequired", "minProperties", "oneOf", "anyOf", "allOf", "if")
"""What may ask for a key beside the schema of its value."""


def _words(node: object) -> set[object]:
    """Every text that stands anywhere in plain data."""
    if isinstance(node, Mapping):
        return {*node}.union(*map(_words, node.values()))
    return set[object]().union(*map(_words, node)) if isinstance(node, list) else {str(node)}


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
