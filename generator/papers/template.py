"""The wording of a paper: a template that an office may edit, filled safely.

Owns the language of these templates: one line is one paragraph, and what a line is shows in its
first signs, which only the template can write. What data fill in carries a mark until the lines
are read, so that no name and no reason becomes a heading, a field or a table. How a template is
filled is `filling`'s. Must not know what a paper is about.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.engine.problem import Message, Stop
from generator.papers.filling import rendered
from generator.papers.parts import Kind, Line, one_line

_DATA = "\ue000"
"""Stands before whatever data fill in; taken out of data and templates themselves."""

_FIELD = re.compile(r"([^\ue000：【】]{2,8})：(.*)")
_PLACE = re.compile(r"【([^\ue000【】]+)】")
_ANNEX = re.compile(r"【([^\ue000【】]+)】(.*)")
_ANNEX_FIELD = "附件"
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Place:
    """A line on which a table is put, by the name that the template gives it."""

    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled: its fields by name, the annexes (table, title), and the body."""

    fields: Mapping[str, str]
    annexes: tuple[tuple[str, str], ...]
    body: tuple[Line | Place, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What a kind of paper lets its template say: fields, tables, annexes."""

    fields: Sequence[str]
    places: Sequence[str]
    annexes: Sequence[str]


def filled(text: str, path: str, values: Mapping[str, object], language: Language) -> Filled:
    """The template at `path` filled with `values`. Raises Stop, saying what to mend and where."""
    written = rendered(text.replace(_DATA, ""), path, values, _marked)
    return _read(written.splitlines(), path, language)


def _marked(value: object) -> str:
    """Data, marked as such."""
    return _DATA + one_line(value)


def _read(lines: Sequence[str], path: str, language: Language) -> Filled:
    fields: dict[str, str] = {}
    annexes: list[tuple[str, str]] = []
    body: list[Line | Place] = []
    for line in (found.strip() for found in lines):
        named = _FIELD.fullmatch(line)
        if named and named[1] == _ANNEX_FIELD:
            annexes.append(_annex(named[2].strip(), path, language))
        elif named and named[1] in language.fields:
            fields[named[1]] = _plain(named[2])
        elif place := _PLACE.fullmatch(line):
            body.append(Place(_known(place[1], path, language.places)))
        elif _plain(line):
            body.append(_line(line))
    return Filled(fields, tuple(annexes), tuple(_numbered(_with_something_below(body))))


def _line(line: str) -> Line:
    for sign, kind in (("##", Kind.SUBHEADING), ("#", Kind.HEADING)):
        if line.startswith(sign):
            return Line(kind, _plain(line[len(sign) :]))
    return Line(Kind.TEXT, _plain(line))


def _annex(text: str, path: str, language: Language) -> tuple[str, str]:
    found = _ANNEX.fullmatch(text)
    name, title = (found[1], _plain(found[2])) if found else ("", "")
    return _known(name, path, language.annexes), title or name


def _known(name: str, path: str, names: Sequence[str]) -> str:
    if name in names:
        return name
    args = {"path": path, "name": name, "names": tuple(names)}
    raise Stop(Message("{path}: there is no table «{name}»; there are: {names}", args))


def _plain(text: str) -> str:
    return one_line(text.replace(_DATA, ""))


_RANKS = {Kind.HEADING: 0, Kind.SUBHEADING: 1, Kind.TEXT: 2}


def _with_something_below(body: Sequence[Line | Place]) -> list[Line | Place]:
    """All but headings below which nothing stands."""
    kept: list[Line | Place] = []
    below = 0
    for one in reversed(body):
        rank = _RANKS[one.kind] if isinstance(one, Line) else len(_RANKS)
        if rank >= _RANKS[Kind.TEXT] or rank < below:
            kept.append(one)
            below = rank
    return kept[::-1]


def _numbered(body: Sequence[Line | Place]) -> Iterator[Line | Place]:
    """Headings with their numbers: 一、 and below it （一）."""
    first = second = 0
    for one in body:
        if isinstance(one, Line) and one.kind is Kind.HEADING:
            first, second = first + 1, 0
            yield Line(one.kind, f"{chinese(first)}、{one.text}")
        elif isinstance(one, Line) and one.kind is Kind.SUBHEADING:
            second += 1
            yield Line(one.kind, f"（{chinese(second)}）{one.text}")
        else:
            yield one


def chinese(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    many = _NUMERALS[tens] if tens > 1 else ""
    return f"{many}十{_NUMERALS[ones] if ones else ''}" if tens else _NUMERALS[ones]
