"""Addresses within a report: keys joined by dots, a record by its id, other entries from 1.

Owns finding what stands at an address and putting something else there. Knows no form: what
an address may name is for others to say.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Keys = tuple[str | int, ...]
"""The keys and indexes that lead to one value."""

_ID = re.compile(r"(?!.*[0-9]{7})[A-Za-z0-9_.-]{1,40}", re.ASCII)
"""Seven digits in a row may be somebody's number; an address is printed and must hold none."""


def address(value: Any, keys: Sequence[str | int]) -> str:
    """Keys joined by dots; a record by its id, any other entry by its number from 1."""
    return ".".join(names(value, keys))


def names(value: Any, keys: Sequence[str | int]) -> list[str]:
    """The parts of the address that keys lead to, one for each key."""
    parts = []
    for key in keys:
        if isinstance(key, int):
            value = value[key] if isinstance(value, list) and key < len(value) else None
            parts.append(_name(value, key))
        else:
            value = value.get(key) if isinstance(value, Mapping) else None
            parts.append(key)
    return parts


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


def replaced(value: Any, parts: Sequence[str], new: Any) -> Any:
    """The same facts with one of them replaced, added or, by None, struck out."""
    name, rest = parts[0], parts[1:]
    if isinstance(value, Mapping):
        below = replaced(value.get(name, {}), rest, new) if rest else new
        kept = {key: inner for key, inner in value.items() if key != name or below is not None}
        return kept if below is None else {**kept, name: below}
    key = _key(value, name)
    if not isinstance(key, int):
        added = {"id": name, **new} if isinstance(new, Mapping) else new
        return value if new is None else [*value, added]
    before = value[key]
    below = replaced(before, rest, new) if rest else new
    if isinstance(below, Mapping) and isinstance(before, Mapping) and "id" in before:
        below = {"id": name, **below}
    return [*value[:key], *([] if below is None else [below]), *value[key + 1 :]]


def _key(value: Any, part: str) -> str | int | None:
    """The key or index of one part of an address."""
    if isinstance(value, Mapping):
        return part if part in value else None
    if not isinstance(value, Sequence) or isinstance(value, str):
        return None
    for index, entry in enumerate(value):
        if part == _name(entry, index):
            return index
    return None


def _name(entry: Any, index: int) -> str:
    """A record's id; its number where that is none, or could lead to a person."""
    name = entry.get("id") if isinstance(entry, Mapping) else None
    return name if isinstance(name, str) and _ID.fullmatch(name) else str(index + 1)
