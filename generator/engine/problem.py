"""What is said to people: wordings, messages, places, problems.

Owns no language: a message is its English form with named places, and `words.messages` turns
it into a string.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

Path: TypeAlias = tuple[str, ...]
"""Keys from the top of a report or of a record down to one fact."""


@dataclass(frozen=True, slots=True)
class Text:
    """One wording in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of a unit: 5分, 500元, 1 point."""

    value: Fraction
    unit: Text


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the catalogue: its English form with `{named}` places, and what fills them.

    Arguments may be `str`, `int`, `Fraction`, `Amount`, `Text`, another `Message`, or a tuple of
    these (printed as a list). Only `messages` turns one into a string.
    """

    text: str
    args: Mapping[str, object] = field(default_factory=dict)

    def about(self, args: Mapping[str, object]) -> "Message":
        """The same sentence, its places filled with these."""
        return Message(self.text, args)


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where something stands: path from the root; line and column (characters) from 1."""

    path: str
    line: int
    column: int
    address: str = ""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the data: a value, collected and shown, never raised."""

    location: Location
    code: str
    message: Message
    severity: Severity = Severity.ERROR


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a result; warnings alone do not."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]


class Stop(Exception):  # noqa: N818 - it is no mistake of the program
    """What ends a run: it could not be done, and `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message
