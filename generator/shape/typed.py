"""The value of a well-shaped file as objects, read by what the fields of their types say.

A key is called as the field that it fills, or as `KeyNames` say. What the field's type says:

- a number or an enumeration is made of the value; a dataclass is filled by a group of keys, or
  from its first field on: by a single value, or by the key and value of an entry;
- a tuple is read from a list, from the entries of a group, or from a single value alone; one of
  texts that is written as a text is a path, its keys joined by dots;
- a mapping is read from a group, from a list by the `id` of its entries, or from a single value
  alone, under ""; a mapping by tuples from groups in groups;
- of a union, that member is meant whose tag is there, else the first whose keys are;
- a truth value is true, or the field's own name, or whatever else is there at all;
- what is left out is the field's default, else nothing: None, empty, a literal's first.

Objects know of no file: `Typed` remembers where each of them and of their fields stood. Must not
judge: what cannot be read so has not been held to its schema.
"""

from collections import abc
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from fractions import Fraction
from itertools import chain, count
from operator import itemgetter
from types import NoneType, UnionType
from typing import (
    Any,
    Generic,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from generator.reading.source import Keys

T = TypeVar("T")
_Read = Callable[[Any, Keys, "Typed[Any]"], Any]


class KeyNames(NamedTuple):
    """How fields are called that are not called like their keys, and how members are told apart.

    `keys` are by "Type.field" or "field". A key may lead further down ("first.amount") or be one
    of several ("limits|limit": the first that is there); an empty one says that the keys of what
    the field holds stand among its holder's. With "=" the field is the name of the key itself.
    Of a type with members in `kinds`, the value of `kind` names the one; of one with members in
    `tags`, the first tag that is there, under which stands the member's first field.
    """

    keys: Mapping[str, str]
    kinds: Mapping[str, type]
    tags: Mapping[str, type]


class Typed(Generic[T]):
    """What has been read, and where it stood; objects are told apart by identity."""

    value: T

    def __init__(self) -> None:
        self._objects: dict[type, list[tuple[int, Any]]] = {}
        self._places = count()
        self._keys: dict[tuple[int, str], Keys] = {}

    def all(self, kind: type[Any]) -> Iterator[Any]:
        """Every object of this type, in the order of fields, holders before what they hold."""
        kinds = [items for each, items in self._objects.items() if issubclass(each, kind)]
        return (item for _, item in sorted(chain(*kinds), key=itemgetter(0)))

    def keys(self, item: object, field: str = "") -> Keys:
        """Where an object or a field of it stands; a field that is left out, where it would."""
        return self._keys.get((id(item), field)) or (*self._keys[id(item), ""], field)

    def wrote(self, item: object, field: str) -> bool:
        """Whether the field was written, and not left out."""
        return (id(item), field) in self._keys

    def begin(self) -> int:
        """Take a place in the order for the object that is read next."""
        return next(self._places)

    def keep(self, place: int, item: object, keys: Mapping[str, Keys]) -> None:
        """Put the object there, with the keys of its fields and, under "", its own."""
        self._objects.setdefault(type(item), []).append((place, item))
        name = id(item)
        for field, stood in keys.items():
            self._keys[name, field] = stood


class _Step(NamedTuple):
    """How one field is filled: the ways to its value, and what it is where none leads there."""

    name: str
    ways: Sequence[tuple[Any, ...]]
    read: _Read
    nothing: Callable[[Keys, Typed[Any]], Any]
    among: Sequence[str]
    by_key: bool


class TypeReader:
    """Reads one kind of file; how each type is read is worked out once."""

    def __init__(self, names: KeyNames) -> None:
        self._names = names
        self._plans: dict[Any, _Read] = {}

    def read(self, kind: type[T], value: Any) -> Typed[T]:
        """The value as an object of this type."""
        typed = Typed[T]()
        typed.value = self._plan(kind)(value, (), typed)
        return typed

    def _plan(self, hint: Any) -> _Read:
        """How values of this type are read; a type that holds itself finds its plan begun."""

        def begun(value: Any, keys: Keys, typed: Typed[Any]) -> Any:
            return self._plans[hint](value, keys, typed)

        if hint not in self._plans:
            self._plans[hint] = begun
            self._plans[hint] = self._made(hint)
        return self._plans[hint]

    def _made(self, hint: Any) -> _Read:
        origin, args = get_origin(hint), get_args(hint)
        if (member := self._member(hint)) is not None:
            return member
        if origin in (Union, UnionType):
            return self._union([arg for arg in args if arg is not NoneType])
        if origin is tuple:
            return self._tuple(args)
        if origin is abc.Mapping:
            return self._mapping(*args)
        if origin is Literal:
            return lambda value, _, __: next(iter(value)) if isinstance(value, dict) else value
        if is_dataclass(hint):
            return self._object(hint)
        if hint is Fraction or (isinstance(hint, type) and issubclass(hint, Enum)):
            return lambda value, _, __: hint(value)
        return lambda value, _, __: value

    def _tuple(self, args: tuple[Any, ...]) -> _Read:
        item = self._plan(args[0])

        def several(value: Any, keys: Keys, typed: Typed[Any]) -> tuple[Any, ...]:
            if isinstance(value, dict):
                return tuple(item(entry, (*keys, entry[0]), typed) for entry in value.items())
            if isinstance(value, list):
                return tuple(item(inner, (*keys, n), typed) for n, inner in enumerate(value))
            return tuple(value.split(".")) if args[0] is str else (item(value, keys, typed),)

        def entry(value: Any, keys: Keys, typed: Typed[Any]) -> tuple[Any, ...]:
            return tuple(item(inner, keys, typed) for inner in value)

        return several if args[1:] == (Ellipsis,) else entry

    def _mapping(self, key: Any, kind: Any) -> _Read:
        name, item, needed = self._plan(key), self._plan(kind), self._needed(kind)

        def alone(value: Mapping[str, Any]) -> bool:
            return bool(needed) and all(
                key in value and not isinstance(value[key], dict) for key in needed
            )

        def group(value: Any, keys: Keys, typed: Typed[Any]) -> dict[Any, Any]:
            if isinstance(value, list):
                return {
                    entry["id"]: item(entry, (*keys, n), typed) for n, entry in enumerate(value)
                }
            if alone(value):
                return {"": item(value, keys, typed)}
            return {
                name(under, keys, typed): item(inner, (*keys, under), typed)
                for under, inner in value.items()
            }

        def table(value: Any, keys: Keys, typed: Typed[Any]) -> dict[tuple[str, ...], Any]:
            if alone(value):
                return {(): item(value, keys, typed)}
            return {
                (under, *more): cell
                for under, inner in value.items()
                for more, cell in table(inner, (*keys, under), typed).items()
            }

        return table if get_origin(key) is tuple and needed else group

    def _member(self, hint: Any) -> _Read | None:
        """How a type is read that the members of a table are of."""
        if not (isinstance(hint, type) and is_dataclass(hint)):
            return None

        def below(members: Mapping[str, type]) -> list[tuple[str, type]]:
            return [(n, m) for n, m in members.items() if issubclass(m, hint) and m is not hint]

        kinds = {kind: self._object(member) for kind, member in below(self._names.kinds)}
        tags = {tag: self._object(member, tag) for tag, member in below(self._names.tags)}

        def by_kind(value: Any, keys: Keys, typed: Typed[Any]) -> Any:
            return kinds[value["kind"]](value, keys, typed)

        def by_tag(value: Any, keys: Keys, typed: Typed[Any]) -> Any:
            read = next((read for tag, read in tags.items() if tag in value), None)
            return read and read(value, keys, typed)

        return by_kind if kinds else by_tag if tags else None

    def _union(self, kinds: Sequence[Any]) -> _Read:
        plans = [(self._needed(kind), self._plan(kind)) for kind in kinds]

        def by_keys(value: Any, keys: Keys, typed: Typed[Any]) -> Any:
            plan = next(plan for needed, plan in plans if all(key in value for key in needed))
            return plan(value, keys, typed)

        return by_keys if len(plans) > 1 else plans[0][1]

    def _object(self, kind: Any, tag: str | None = None) -> _Read:
        """How a group of keys fills this type; its first field stands under the tag."""
        hints = get_type_hints(kind)
        steps = [self._step(kind, part, hints[part.name]) for part in fields(kind)]
        if tag is not None:
            first = steps[0]
            if first.ways == [()]:
                steps[0] = first._replace(read=self._object(hints[first.name], tag))
            else:
                steps[0] = first._replace(ways=[*first.ways, (tag,)])
        names = [step.name for step in steps]

        def read(value: Any, keys: Keys, typed: Typed[Any]) -> Any:
            place, stood = typed.begin(), {"": keys}
            leading, group = _led(value)
            filled = [
                step.read(inner, keys, typed) for step, inner in zip(steps, leading, strict=False)
            ]
            for step in steps[len(leading) :]:
                way, inner = _led_to(step.ways, step.among, group)
                if inner is MISSING:
                    filled.append(step.nothing(keys, typed))
                    continue
                stood[step.name] = here = keys + way
                filled.append(step.read(way[-1] if step.by_key else inner, here, typed))
            item = kind(**dict(zip(names, filled, strict=True)))
            typed.keep(place, item, stood)
            return item

        return read

    def _step(self, kind: Any, part: Field[Any], hint: Any) -> _Step:
        written = self._written(kind, part.name)
        ways = [
            tuple(int(key) if key.isdecimal() else key for key in way.split(".") if key)
            for way in written.removeprefix("=").split("|")
        ]
        read = _truth(part.name) if hint is bool else self._plan(hint)
        optional = get_args(hint) if NoneType in get_args(hint) else ()
        groups = [inner for inner in optional if is_dataclass(inner)]
        among = [self._written(group, inner.name) for group in groups for inner in fields(group)]
        return _Step(part.name, ways, read, _nothing(part, hint, read), among, written[:1] == "=")

    def _written(self, kind: Any, field: str) -> str:
        keys = self._names.keys
        return keys.get(f"{kind.__name__}.{field}", keys.get(field, field))

    def _needed(self, kind: Any) -> list[str]:
        """The keys without which a group is no such object."""
        if not is_dataclass(kind):
            return []
        hints = get_type_hints(kind)
        return [
            self._written(kind, part.name)
            for part in fields(kind)
            if part.default is MISSING
            and part.default_factory is MISSING
            and NoneType not in get_args(hints[part.name])
            and self._written(kind, part.name)
        ]


def _led(value: Any) -> tuple[tuple[Any, ...], Mapping[str, Any]]:
    """What fills the first fields of an object, and the group that fills the others."""
    if isinstance(value, dict):
        return (), value
    if not isinstance(value, tuple):
        return (value,), {}
    key, inner = value
    return ((key,), inner) if isinstance(inner, dict) else (value, {})


def _led_to(
    ways: Sequence[tuple[Any, ...]], among: Sequence[str], group: Mapping[str, Any]
) -> tuple[tuple[Any, ...], Any]:
    """The first way that leads to a value, and the value; or what is missing."""
    for way in ways:
        inner: Any = group
        for key in way:
            there = key in inner if isinstance(inner, dict) else isinstance(key, int)
            inner = inner[key] if there else MISSING
        if inner is not MISSING and (way or not among or not group.keys().isdisjoint(among)):
            return way, inner
    return (), MISSING


def _truth(name: str) -> _Read:
    return lambda value, _, __: value == name if isinstance(value, str) else bool(value)


def _nothing(part: Field[Any], hint: Any, read: _Read) -> Callable[[Keys, Typed[Any]], Any]:
    """What a field is that is left out."""
    if part.default is not MISSING:
        return lambda _, __: part.default
    if callable(part.default_factory):
        made = part.default_factory
        return lambda _, __: made()
    if NoneType in get_args(hint):
        return lambda _, __: None
    if get_origin(hint) is Literal:
        return lambda _, __: get_args(hint)[0]
    return lambda keys, typed: read("" if hint is str else {}, keys, typed)
