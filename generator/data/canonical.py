"""JSON as RFC 8785 (JCS) writes it: one value, one sequence of bytes.

Owns the order of keys (UTF-16 code units) and the escapes of strings (ECMAScript's). Knows the
values that we write: text, whole numbers, truth values, null, lists, mappings. A number with
a fraction is refused: amounts are text.
"""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Plain: TypeAlias = "str | int | Sequence[Plain] | Mapping[str, Plain] | None"
"""What can be written; `bool` is an `int` here as it is in Python."""

MOST = 2**53 - 1
"""Beyond it two readers of JSON may take a whole number for different ones."""

_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_ESCAPES = {ord(sign): short for sign, short in _SHORT.items()}
_ESCAPES = {code: f"\\u{code:04x}" for code in range(0x20)} | _ESCAPES


def canonical(value: Plain) -> bytes:
    """The bytes of a value, without an end of line. Raises ValueError for what it cannot be."""
    return _written(value).encode("utf-8")


def _written(value: object) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_ESCAPES)}"'
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int) and abs(value) <= MOST:
        return str(value)
    if isinstance(value, Mapping):
        inner = (f"{_written(key)}:{_written(value[key])}" for key in sorted(value, key=_units))
        return "{" + ",".join(inner) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_written, value)) + "]"
    raise ValueError(f"no canonical form: {value!r}")


def _units(key: str) -> bytes:
    """What keys are sorted by: their UTF-16 code units, which big-endian bytes compare as."""
    return key.encode("utf_16_be", "surrogatepass")
