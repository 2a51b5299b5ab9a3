"""What an official paper consists of, and the wording that an office may edit, filled safely.

Owns the language of templates: one line is one paragraph, and what a line is shows in its first
signs, which only the template can write. What data fill in carries a mark until the lines are
read, so that no name and no reason becomes a heading, a field or a table.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from generator.engine.measures import exact, is_shown_exactly, shown
from generator.engine.problem import Message, Stop, Text
from generator.engine.year import Standing
from generator.words.messages import Catalogue, catalogue

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff\ue000]+")
"""What XML cannot hold, what would break a line, and the sign with which wordings mark data."""


def one_line(text: object) -> str:
    """A text from data as it may stand in a paper: on one line, with nothing unseen in it."""
    return _UNSEEN.sub(" ", str(text)).strip()


class ParagraphKind(StrEnum):
    HEADING = "heading"
    SUBHEADING = "subheading"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; headings carry their number already."""

    kind: ParagraphKind
    text: str


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: its head, how wide it is beside the others, and how its cells are set."""

    head: str
    width: int
    align: str = "center"


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row; a cell's lines are parted by line feeds. `strong`: a sum or a heading."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as wide as the text; `caption` may be empty, `size` "large" or "small"."""

    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    size: str = ""


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """One unit's score sheet: its name, what it comes to, the table, remarks below."""

    title: str
    result: str
    table: Table | None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    title: str
    content: tuple[Table | ScoreSheet, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """The last lines of a paper (版记): who gets copies, who printed it and when."""

    copied: str = ""
    printer: str = ""
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole official paper. `marks` stand at the head of every page; `day` is its date."""

    mark: str
    number: str
    title: str
    addressee: str
    body: tuple[Paragraph | Table, ...]
    annexes: tuple[Annex, ...]
    issuer: str
    date: str
    note: str
    imprint: Imprint = field(default_factory=Imprint)
    marks: tuple[str, ...] = ()
    day: str = ""


CHINESE: Catalogue = catalogue("zh")
"""Papers are in Chinese: their form is that of a Chinese standard."""


def score(value: Fraction) -> str:
    """Two decimals, and the exact value where these do not say it all: 80.33（241/3）."""
    return shown(value) if is_shown_exactly(value) else f"{shown(value)}（{exact(value)}）"


def in_cell(value: Fraction) -> str:
    """The same for a cell of a table, the exact value on a line of its own."""
    if is_shown_exactly(value):
        return shown(value)
    beside = CHINESE._("that is {exact}", exact=exact(value))
    return f"{shown(value)}\n{beside}"


def points(value: Fraction, unit: Text) -> str:
    """An exact amount inside a sentence: 3.5分; 4.67分，准确值25/6."""
    if "/" not in exact(value):
        return f"{exact(value)}{one_line(unit.zh)}"
    printed = f"{shown(value)}{one_line(unit.zh)}"
    return CHINESE._("{amount}, exactly {exact}", amount=printed, exact=exact(value))


def in_unit(value: Fraction, unit: Text) -> str:
    """The same with what it counts: 80.33分（241/3）."""
    beside = "" if is_shown_exactly(value) else f"（{exact(value)}）"
    return f"{shown(value)}{one_line(unit.zh)}{beside}"


def rank(standing: Standing) -> str:
    """第3名, 并列第3名, 未报."""
    if standing.rank is None:
        return CHINESE._("Not submitted")
    if standing.tied:
        return CHINESE._("Tied at rank {rank}", rank=standing.rank)
    return CHINESE._("Rank {rank}", rank=standing.rank)


def name(text: Text) -> str:
    """A wording from data on one line."""
    return one_line(text.zh)


def listed(words: Iterable[str]) -> str:
    """Several as a list."""
    return CHINESE.listed(words)


def date(day: str) -> str:
    """2025-05-02 as papers write it; a blank to fill in by hand where there is none."""
    if not day:
        return "　　年　月　日"
    year, month, number = day.split("-")
    return f"{year}年{int(month)}月{int(number)}日"


LONGEST = 65_536
"""More characters are no wording of a paper."""

DEEPEST = 20
"""So many levels of a template inside each other, those of expressions included."""

STEPS = 200_000
"""So many parts of a template are gone through in all its loops."""

MOST = 1_000_000
"""So many characters are written; ten times a long circular."""

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.List),
    *(nodes.Tuple, nodes.For, nodes.If, nodes.CondExpr, nodes.Getattr, nodes.Getitem),
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Keyword),
)
_FILTERS = frozenset(("count", "d", "default", "first", "last", "length"))
_TESTS = frozenset(("defined", "none", "undefined"))
_OF_A_LOOP = frozenset(("first", "index", "index0", "last", "length", "revindex"))
_COUNTED = "counted"
_WRITTEN = {
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.FilterBlock: "filter",
    nodes.Call: "( )",
    nodes.Concat: "~",
}
"""How a part is written whose name says it otherwise."""


class _EndlessError(Exception):
    """It went on for too long."""


class _Environment(ImmutableSandboxedEnvironment):
    """Where a name after a dot is a key of the values, and nothing of Python's."""

    def getattr(self, obj: Any, attribute: Any) -> Any:
        if isinstance(obj, LoopContext):
            if attribute in _OF_A_LOOP:
                return getattr(obj, attribute)
        else:
            with suppress(LookupError, TypeError):
                return obj[attribute]
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        return self.getattr(obj, argument)


def rendered(
    text: str, path: str, values: Mapping[str, object], finalize: Callable[[object], str]
) -> str:
    """The template at `path` with `values` in it, each put in by `finalize`.

    Raises Stop, saying what to mend and where.
    """
    if len(text) > LONGEST:
        raise _stop(_TOO_LONG, path, limit=LONGEST)
    environment = _Environment(
        finalize=finalize, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    try:
        tree = environment.parse(text)
        _check(tree, path)
        _count(tree, environment)
        return "".join(_bounded(environment.from_string(tree).generate(values)))
    except jinja2.TemplateSyntaxError as error:
        reason = one_line(error.message or "")
        raise _stop(_WRONG, path, line=error.lineno, reason=reason) from error
    except jinja2.UndefinedError as error:
        raise _stop(_UNKNOWN, path, reason=one_line(error.message or "")) from error
    except RecursionError as error:
        raise _stop(_TOO_DEEP, path, limit=DEEPEST) from error
    except _EndlessError as error:
        raise _stop(_ENDLESS, path, steps=STEPS, most=MOST) from error
    except (TypeError, ValueError, SyntaxError) as error:  # it can compare a word with a number
        reason = one_line(f"{type(error).__name__}: {error}")
        raise _stop(_UNFILLED, path, reason=reason) from error


_WRONG = Message("{path}, line {line}: {reason}")
_UNKNOWN = Message(
    "{path} asks for something that a paper does not have ({reason}); "
    "the names it may use are listed in the manual."
)
_UNFILLED = Message("{path} cannot be filled in ({reason}).")
_STRANGE = Message(
    "{path}, line {line}: «{strange}» is nothing that a wording may use; what it may "
    "use is listed in the manual."
)
_TOO_LONG = Message("{path} is longer than {limit} characters, which no wording is; shorten it.")
_TOO_DEEP = Message(
    "{path} has more than {limit} levels inside each other; put loops and conditions one after "
    "the other."
)
_ENDLESS = Message(
    "{path} does not come to an end: its loops go through more than {steps} parts, or it "
    "writes more than {most} characters; look for a loop inside a loop."
)
_NO_TABLE = Message("{path}: there is no table «{name}»; there are: {names}")


def _stop(message: Message, path: str, **args: object) -> Stop:
    return Stop(message.about({"path": path, **args}))


# --- before it is filled --------------------------------------------------------------


def _below(tree: nodes.Node) -> Iterator[tuple[nodes.Node, int]]:
    """A node and all below it as they are written, and how deep; without recursion."""
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(inner, depth + 1) for inner in node.iter_child_nodes()][::-1]


def _check(tree: nodes.Template, path: str) -> None:
    """Raises Stop at what a wording may not be written with."""
    for node, depth in _below(tree):
        if depth > DEEPEST:
            raise _stop(_TOO_DEEP, path, limit=DEEPEST)
        if (strange := _strange(node)) is not None:
            raise _stop(_STRANGE, path, line=node.lineno, strange=strange)


def _strange(node: nodes.Node) -> str | None:
    """How a part is written that no wording needs; None for one that it may have."""
    if isinstance(node, nodes.Filter):
        return None if node.name in _FILTERS else f"|{node.name}"
    if isinstance(node, nodes.Test):
        return None if node.name in _TESTS else f"is {node.name}"
    if isinstance(node, _ALLOWED):
        return None
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        return node.operator
    return _WRITTEN.get(type(node), type(node).__name__.lower())


def _count(tree: nodes.Template, environment: jinja2.Environment) -> None:
    """Let every loop count what it goes through; all of them count together."""
    for loop in tree.find_all(nodes.For):
        weight = nodes.Const(sum(1 for _ in _below(loop)), lineno=loop.lineno)
        loop.iter = nodes.Filter(loop.iter, _COUNTED, [weight], [], None, None, lineno=loop.lineno)
    tree.set_environment(environment)
    left = STEPS

    def counted(values: Iterable[object], weight: int) -> Iterator[object]:
        nonlocal left
        for value in values:
            left -= weight
            if left < 0:
                raise _EndlessError
            yield value

    environment.filters[_COUNTED] = counted


def _bounded(pieces: Iterable[str]) -> Iterator[str]:
    left = MOST
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise _EndlessError
        yield piece


# --- what a wording's lines are -------------------------------------------------------

_DATA = "\ue000"
"""Stands before whatever data fill in; taken out of data and templates themselves."""

_FIELD = re.compile(r"([^\ue000：【】]{2,8})：(.*)")
_PLACE = re.compile(r"【([^\ue000【】]+)】")
_ANNEX = re.compile(r"【([^\ue000【】]+)】(.*)")
_ANNEX_FIELD = "附件"
_SIGNS = {"##": ParagraphKind.SUBHEADING, "#": ParagraphKind.HEADING}
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class TablePlace:
    """A line on which a table is put, by the name that the template gives it."""

    name: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A template filled: its fields by name, the annexes (table, title), and the body."""

    fields: Mapping[str, str]
    annexes: tuple[tuple[str, str], ...]
    body: tuple[Paragraph | TablePlace, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """What a kind of paper lets its template say: fields, tables, annexes."""

    fields: Sequence[str]
    places: Sequence[str]
    annexes: Sequence[str]


def filled(text: str, path: str, values: Mapping[str, object], language: Language) -> Filled:
    """The template at `path` filled with `values`. Raises Stop, saying what to mend and where."""
    written = rendered(text.replace(_DATA, ""), path, values, lambda value: _DATA + one_line(value))
    fields: dict[str, str] = {}
    annexes: list[tuple[str, str]] = []
    body: list[Paragraph | TablePlace] = []
    for line in map(str.strip, written.splitlines()):
        named = _FIELD.fullmatch(line)
        if named and named[1] == _ANNEX_FIELD:
            annex = _ANNEX.fullmatch(named[2].strip())
            name, title = (annex[1], _plain(annex[2])) if annex else ("", "")
            annexes.append((_known(name, path, language.annexes), title or name))
        elif named and named[1] in language.fields:
            fields[named[1]] = _plain(named[2])
        elif place := _PLACE.fullmatch(line):
            body.append(TablePlace(_known(place[1], path, language.places)))
        elif _plain(line):
            sign = next((sign for sign in _SIGNS if line.startswith(sign)), "")
            kind = _SIGNS.get(sign, ParagraphKind.TEXT)
            body.append(Paragraph(kind, _plain(line.removeprefix(sign))))
    return Filled(fields, tuple(annexes), tuple(_numbered(_with_something_below(body))))


def _known(name: str, path: str, names: Sequence[str]) -> str:
    if name in names:
        return name
    raise _stop(_NO_TABLE, path, name=name, names=tuple(names))


def _plain(text: str) -> str:
    return one_line(text.replace(_DATA, ""))


_RANKS = {ParagraphKind.HEADING: 0, ParagraphKind.SUBHEADING: 1, ParagraphKind.TEXT: 2}


def _with_something_below(body: Sequence[Paragraph | TablePlace]) -> list[Paragraph | TablePlace]:
    """All but headings below which nothing stands."""
    kept: list[Paragraph | TablePlace] = []
    below = 0
    for part in reversed(body):
        rank = _RANKS[part.kind] if isinstance(part, Paragraph) else len(_RANKS)
        if rank >= _RANKS[ParagraphKind.TEXT] or rank < below:
            kept.append(part)
            below = rank
    return kept[::-1]


def _numbered(body: Sequence[Paragraph | TablePlace]) -> Iterator[Paragraph | TablePlace]:
    """Headings with their numbers: 一、 and below it （一）."""
    first = second = 0
    for part in body:
        if isinstance(part, Paragraph) and part.kind is ParagraphKind.HEADING:
            first, second = first + 1, 0
            yield Paragraph(part.kind, f"{chinese(first)}、{part.text}")
        elif isinstance(part, Paragraph) and part.kind is ParagraphKind.SUBHEADING:
            second += 1
            yield Paragraph(part.kind, f"（{chinese(second)}）{part.text}")
        else:
            yield part


def chinese(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十一, 二十."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return str(number)
    many = _NUMERALS[tens] if tens > 1 else ""
    return f"{many}十{_NUMERALS[ones] if ones else ''}" if tens else _NUMERALS[ones]
