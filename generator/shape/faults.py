"""What is wrong with a document's shape, in words a clerk can act on.

Owns turning the findings of the slow validator into problems: one for each mistake, at its
place. Loaded only when a document is not valid. Must not decide validity: that has been done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from generator.engine.problem import Message, Problem, Text
from generator.reading.source import Placed
from generator.shape.hints import brief, decimals, nearest, shown
from generator.shape.misfit import Schema, compiled, misfit, unfilled

Keys = tuple[str | int, ...]


class Fault(NamedTuple):
    """One mistake: at the value under `keys`, or at its key."""

    keys: Keys
    code: str
    message: Message
    at_key: bool = False


MOST_FAULTS = 500
"""So many in one file have one cause; nobody reads on."""


def faults(schema: Schema, document: Placed) -> list[Problem]:
    """The mistakes of a document that is not valid, the first few hundred; never none."""
    explained = _Explainer(schema).explain(document.value)
    found = list({str(fault): fault for fault in islice(explained, MOST_FAULTS)}.values())
    if not found:
        found.append(Fault((), "wrong-type", Message("This does not have the expected shape.")))
    return [Problem(document.location(f.keys, key=f.at_key), f.code, f.message) for f in found]


def is_valid(schema: Schema, value: object) -> bool:
    """The slow validator's verdict, which a test holds equal to the fast one's."""
    return bool(_validator(schema).is_valid(value))


# --- the slow validator, made to agree with the fast one -----------------------------


def _pattern(_: object, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
    if isinstance(value, str) and not compiled(pattern).search(value):
        yield ValidationError("pattern")


def _decimals(_: object, places: int, value: object, __: object) -> Iterator[ValidationError]:
    if decimals(value) > places:
        yield ValidationError("decimals")


def _is_integer(_: object, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_Slow: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema has no types here
    Draft202012Validator,
    {"pattern": _pattern, "x-decimals": _decimals},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def _validator(schema: Schema) -> Any:
    return _Slow(schema, registry=Registry())


# --- from its findings to ours --------------------------------------------------------

_MANY = frozenset({"required", "additionalProperties", "dependentRequired", "uniqueItems"})
"""Keywords that may find several mistakes in one value; of any others only the worst is told."""

_WORST_FIRST = (
    "not",
    "oneOf",
    "anyOf",
    "enum",
    "const",
    "type",
    "minLength",
    "maxLength",
    "pattern",
)


class _Explainer:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def explain(self, value: object) -> Iterator[Fault]:
        """The mistakes in a value, some of them more than once."""
        errors = list(self.specific(_validator(self.schema).iter_errors(value)))
        meant = set[Keys]()
        for error in errors:
            if error.validator == "additionalProperties":
                yield from self.unknown_keys(error, meant)
        for error in errors:
            if "propertyNames" in error.absolute_schema_path:
                yield self.bad_key(error)
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
            fitting = [n for n, branch in enumerate(branches) if _fits(branch, value)]
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

    # --- keys ---------------------------------------------------------------------

    def unknown_keys(self, error: ValidationError, meant: set[Keys]) -> Iterator[Fault]:
        """Unknown keys, each with the known one nearest to it, which is added to `meant`."""
        known = _dict(_dict(error.schema).get("properties"))
        value, here = _dict(error.instance), tuple(error.absolute_path)
        open_keys = [key for key in known if key not in value]
        titles = {key: str(self.resolved(inner).get("title")) for key, inner in known.items()}
        for key in value:
            if key in known:
                continue
            args = {"key": brief(str(key)), "known": tuple(known)}
            near = nearest(str(key), open_keys, titles)
            if near is None:
                message = Message("«{key}» is no key known here; known are: {known}.", args)
            else:
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
            if key not in value and (*here, key) not in meant:
                yield Fault((*here, key), "missing-key", self.missing(error, here, key))

    def missing(self, error: ValidationError, here: Keys, key: str) -> Message:
        inner = self.resolved(_dict(_dict(error.schema).get("properties")).get(key))
        inner = inner or self.at((*here, key))[0]
        args = {"key": key, "title": Text(inner.get("title", key), inner.get("x-en", key))}
        if inner.get("type") == "array" and "minItems" not in inner:
            return Message(
                "«{key}» ({title}) is missing; add it, with [] if there is nothing.", args
            )
        return Message("«{key}» ({title}) is missing; add it.", args)

    def bad_key(self, error: ValidationError) -> Fault:
        what = _dict(error.schema).get("x-keys")
        key = str(error.instance)
        args = {"key": brief(str(key)), "what": Text(**what) if what else Message("text")}
        message = Message("«{key}» cannot be a key here; expected is: {what}.", args)
        return Fault((*error.absolute_path, key), "bad-format", message, at_key=True)

    # --- values -------------------------------------------------------------------

    def value_fault(self, error: ValidationError) -> Fault:
        keys, schema = tuple(error.absolute_path), _dict(error.schema)
        if error.validator == "not":
            return _refused(keys, schema, error.instance)
        if error.validator in ("oneOf", "anyOf"):
            return self.no_alternative(keys, error)
        if error.instance is None:
            code, message = unfilled(schema, optional=not self.at(keys)[1])
        else:
            code, message = misfit(
                str(error.validator), error.validator_value, error.instance, schema
            )
        return Fault(keys, code, message)

    def no_alternative(self, keys: Keys, error: ValidationError) -> Fault:
        branches = [self.resolved(branch) for branch in _list(error.validator_value)]
        names = tuple(dict.fromkeys(b["required"][0] for b in branches if b.get("required")))
        if not names or error.instance is None:
            return Fault(keys, *unfilled(branches[0], optional=False))
        message = Message("One of these keys is needed here: {keys}.", {"keys": names})
        code = "missing-key" if isinstance(error.instance, dict) else "wrong-type"
        return Fault(keys, code, message)

    # --- looking into the schema --------------------------------------------------

    def resolved(self, node: object) -> Schema:
        """A schema with its reference followed; what stands beside the reference wins."""
        found = _dict(node)
        while "$ref" in found:
            target: Any = self.schema
            for part in str(found["$ref"]).removeprefix("#/").split("/"):
                target = _dict(target).get(part)
            found = {**_dict(target), **{k: v for k, v in found.items() if k != "$ref"}}
        return found

    def at(self, keys: Keys) -> tuple[Schema, bool]:
        """What the schema says of the value under `keys`, and whether it is required there."""
        node, required = self.resolved(self.schema), True
        for key in keys:
            required = isinstance(key, int) or key in node.get("required", ())
            below = node.get("items") if isinstance(key, int) else None
            if isinstance(key, str):
                below = _dict(node.get("properties")).get(key, node.get("additionalProperties"))
            node = self.resolved(below)
        return node, required


def _worst(errors: Iterable[ValidationError]) -> list[ValidationError]:
    """Of each value the one error that matters most, of those that are about the value alone."""
    best: dict[Keys, ValidationError] = {}
    for error in errors:
        if error.validator in _MANY or "propertyNames" in error.absolute_schema_path:
            continue
        keys = tuple(error.absolute_path)
        if keys not in best or _rank(error) < _rank(best[keys]):
            best[keys] = error
    return list(best.values())


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


def _fits(branch: Schema, value: object) -> bool:
    return "type" in branch and _Slow({"type": branch["type"]}).is_valid(value)


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
