"""A year's workbook for Excel and WPS: ranking, score sheet, deductions, what is not counted.

Owns the sheets, their columns, widths and number formats. Must not say anything that the result
object does not say: an amount is a number where a decimal says it exactly, and text (p/q) where
none does; it never passes through a float.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any
from unicodedata import east_asian_width
from zipfile import ZipFile

import xlsxwriter

from generator.engine.book import Rulebook, Wording
from generator.engine.model import City
from generator.engine.result import YearResult
from generator.pages.downloads import deduction_rows, following_columns, score_columns
from generator.pages.packed import packed
from generator.words.escape import cell
from generator.words.messages import Catalogue
from generator.words.results import only_deducts
from generator.words.vocabulary import BASES

Row = Mapping[str, Any]
Value = str | int | None
"""What stands in a cell: a text, a whole number, an amount as text, or nothing."""

_DIGITS = 15
"""So many significant digits a spreadsheet keeps; an amount with more stays text."""

_LONGEST = 32_000
"""A cell takes 32,767 characters; a text beyond this is cut, and ends in an ellipsis."""

_NARROWEST, _WIDEST, _WIDTH_OF_NUMBERS = 6, 60, 12
_LINE, _HIGHEST = 15, 405
_A4 = 9
_LONGEST_HEADER = 200
"""Of the 255 characters that the head of a printed page takes."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `of` gives its cell for a row of the result; `amount` if that is a number."""

    head: str
    of: Callable[[Any], Value]
    amount: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; the first `fixed` columns stay in sight."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Any]
    fixed: int


def workbook(result: YearResult, now: Row, city: City, catalogue: Catalogue) -> bytes:
    """One year's workbook, `now` its result as an object; the same result gives the same bytes."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    year, name = result.inputs.assessment, catalogue.text(city.name)
    title = catalogue._("{city}: results of {year}", city=name, year=year.year)
    # A date of the data's own: the clock would make every build another file.
    created = datetime.combine(year.period.end, datetime.min.time(), UTC)
    book.set_properties({"title": title, "author": catalogue.text(city.office), "created": created})
    about = [title, catalogue._("Demonstration data")] if city.demonstration else [title]
    for sheet in _sheets(now, result, catalogue):
        _write(book, sheet, " ".join(about))
    book.close()
    with ZipFile(made) as parts:
        return packed({name: parts.read(name) for name in parts.namelist()})


# --- the sheets -----------------------------------------------------------------------


def _sheets(now: Row, year: YearResult, catalogue: Catalogue) -> Iterator[Sheet]:
    _, book = catalogue._, year.inputs.rulebook
    townships = sorted(
        now["townships"], key=lambda row: (row["rank"] is None, row["rank"] or 0, row["id"])
    )
    yield Sheet(_("Ranking"), list(_ranking(now, book, catalogue)), townships, 5)
    yield Sheet(_("Score sheet"), list(_scores(now, book, catalogue)), townships, 3)
    heads, *rows = deduction_rows(now, book, catalogue)
    amounts = (5, 6)
    columns = [
        Column(head, partial(_entry, number=number), number in amounts)
        for number, head in enumerate(heads)
    ]
    name = _("Deducted") if only_deducts(book) else _("Deducted and awarded")
    bases = {basis.value: catalogue.render(word) for basis, word in BASES.items()}
    told = [[now["year"], *row[1:7], bases.get(row[7], row[7]), *row[8:]] for row in rows]
    yield Sheet(name, columns, told, 3)
    excluded = [(row, one) for row in townships for one in row["excluded"]]
    yield Sheet(_("Excluded"), list(_excluded(now, book, catalogue)), excluded, 3)


def _entry(row: Sequence[Value], number: int) -> Value:
    return row[number]


def _named(now: Row, book: Rulebook, catalogue: Catalogue) -> Iterator[Column]:
    """Year, id and name of a unit, with which every sheet begins or goes on."""
    assessed = catalogue.text(book.wording.assessed)
    yield Column(catalogue._("Year"), lambda _row: now["year"])
    yield Column(catalogue._("Id"), lambda row: row["id"])
    yield Column(assessed[:1].upper() + assessed[1:], lambda row: row["name"][catalogue.lang])


def _ranking(now: Row, book: Rulebook, catalogue: Catalogue) -> Iterator[Column]:
    _, usual = catalogue._, book.wording.unit == Wording().unit
    first, *rest = _named(now, book, catalogue)
    yield first
    yield Column(_("Rank"), lambda row: row["rank"])
    yield Column(_("Tied"), lambda row: _("yes") if row["tied"] else "")
    yield from rest
    yield Column(_("Score") if usual else _("Amount"), lambda row: row["score"], amount=True)
    yield Column(_("Full") if usual else _("Whole amount"), lambda row: row["max"], amount=True)
    for one in following_columns(book, catalogue):
        yield Column(one.head, one.of, one.amount)
    yield Column(_("Outcome"), partial(_outcome, book=book, catalogue=catalogue))


def _outcome(row: Row, book: Rulebook, catalogue: Catalogue) -> str:
    if not row["submitted"]:
        return catalogue._("Not submitted")
    return "；".join(catalogue.text(book.outcomes[one]) for one in row["outcomes"])


def _scores(now: Row, book: Rulebook, catalogue: Catalogue) -> Iterator[Column]:
    usual = book.wording.unit == Wording().unit
    yield from _named(now, book, catalogue)
    for one in score_columns(book, catalogue):
        yield Column(one.head, one.of, one.amount)
    head = catalogue._("Score") if usual else catalogue._("Amount")
    yield Column(head, lambda row: row["score"], amount=True)


def _excluded(now: Row, book: Rulebook, catalogue: Catalogue) -> Iterator[Column]:
    _ = catalogue._
    grounds = book.exclusions.grounds if book.exclusions else {}
    for column in _named(now, book, catalogue):
        yield Column(column.head, partial(_of_unit, of=column.of))
    yield Column(_("Record"), lambda pair: pair[1]["record"])
    yield Column(
        _("Why not counted"), lambda pair: catalogue.text(grounds[pair[1]["ground"]].label)
    )
    yield Column(_("Clause"), lambda pair: pair[1]["clause"])
    yield Column(
        _("Source"),
        lambda pair: " ".join(f"{s['path']}:{s['line']}" for s in pair[1]["sources"]),
    )


def _of_unit(pair: tuple[Row, Row], of: Callable[[Row], Value]) -> Value:
    return of(pair[0])


# --- writing them ---------------------------------------------------------------------


def _write(book: Any, sheet: Sheet, about: str) -> None:
    into, formats = book.add_worksheet(sheet.name), _formats(book)
    cells = [[column.of(row) for column in sheet.columns] for row in sheet.rows]
    widths = [
        _width(column, [row[number] for row in cells])
        for number, column in enumerate(sheet.columns)
    ]
    for number, (column, width) in enumerate(zip(sheet.columns, widths, strict=True)):
        into.set_column(number, number, width)
        into.write_string(0, number, _short(column.head), formats["head"])
    into.set_row(0, _height([column.head for column in sheet.columns], widths))
    for line, row in enumerate(cells, 1):
        into.set_row(line, _height(row, widths))
        for number, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            found = _number(value) if column.amount or isinstance(value, int) else None
            if found is not None:
                form = formats["amount" if column.amount else "whole"]
                into.write_number(line, number, found, form)
            elif value:
                form = formats["fraction" if column.amount else "text"]
                into.write_string(line, number, _short(str(value)), form)
    into.ignore_errors({"number_stored_as_text": f"A1:XFD{len(cells) + 1}"})
    into.freeze_panes(1, sheet.fixed)
    into.autofilter(0, 0, max(1, len(cells)), len(widths) - 1)
    _page(into, about)


def _formats(book: Any) -> Mapping[str, Any]:
    made: dict[str, dict[str, object]] = {
        "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"},
        "text": {"text_wrap": True, "align": "left", "indent": 1},
        "whole": {"num_format": "0"},
        # Two decimals as printed, and as many more as there are: unequal scores never look alike.
        "amount": {"num_format": "0.00######"},
        "fraction": {"align": "right"},
    }
    return {name: book.add_format({"valign": "top", **form}) for name, form in made.items()}


def _page(into: Any, about: str) -> None:
    """For those who print it."""
    into.set_landscape()
    into.set_paper(_A4)
    into.fit_to_pages(1, 0)
    into.repeat_rows(0)
    left, right = about.replace("&", "&&")[:_LONGEST_HEADER], "&R&P / &N"
    into.set_header(f"&L{left.removesuffix('&') if left.count('&') % 2 else left}{right}")


def _number(value: Value) -> Decimal | int | None:
    """The number that a cell can hold exactly; None where only a text says it."""
    if value is None or isinstance(value, int):
        return value
    if not value or "/" in value or len(value.strip("-").replace(".", "").strip("0")) > _DIGITS:
        return None
    return Decimal(value)


def _short(text: str) -> str:
    """A text as a cell takes it: never like a formula, never too long."""
    safe = cell(text)
    return safe if len(safe) <= _LONGEST else safe[:_LONGEST] + "…"


def _width(column: Column, values: Sequence[Value]) -> int:
    """Wide enough for what is in the column; a Chinese character takes two, and long texts wrap."""
    if column.amount:  # heads of clauses are long, numbers are not
        return _WIDTH_OF_NUMBERS
    longest = max((_cells(str(value)) for value in (column.head, *values) if value), default=0)
    return min(max(longest + 4, _NARROWEST), _WIDEST)  # the filter's arrow needs some room


def _height(row: Sequence[Value], widths: Sequence[int]) -> int:
    """High enough for the longest text; programs differ in whether they see to it themselves."""
    lines = (
        -(-_cells(str(value)) // (width - 3))
        for value, width in zip(row, widths, strict=True)
        if value
    )
    return min(_LINE * max(lines, default=1), _HIGHEST)


@lru_cache(maxsize=20_000)
def _cells(text: str) -> int:
    """How wide a text is; names, rules and reasons recur."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in text[:_LONGEST])
