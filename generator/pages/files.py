"""Files to take away: tables for Excel and WPS, a year's workbook, feeds, zips of published years.

None says anything that the result object does not say. A number that no decimal says exactly is
text (p/q); none passes through a float. No cell is one that a spreadsheet would take for a
formula; the same input gives the same bytes.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import east_asian_width
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from zipfile import ZipFile

import xlsxwriter

from generator.engine.measures import Basis, exact
from generator.engine.problem import Location, Message, Text
from generator.engine.year import (
    Charge,
    City,
    Correction,
    Paid,
    PartScore,
    SectionScore,
    Standing,
    Township,
    YearResult,
)
from generator.pages.layout import Site, depth, packed
from generator.pages.year import YearView
from generator.words.messages import BASES, Catalogue, cell
from generator.words.report import AMOUNTS, Key, RankCell, RankingColumn, columns, in_rank_order
from generator.words.report import Value as RankingValue
from generator.words.results import only_deducts, result_object, result_text
from generator.year.published import Published

_BOM = "\ufeff"

_RANKING = frozenset(
    {
        *(Key.RANK, Key.TIED, Key.ID, Key.UNIT, Key.SCORE, Key.FULL, Key.GROUP, Key.GRADE),
        *(Key.PAYMENT, Key.OUTCOME),
    }
)
_REACHED = frozenset({Key.SECTION, Key.SECTION_IN_PERIOD, Key.CLAUSE, Key.PERIOD, Key.PERIOD_GRADE})
"""What a plain rulebook's units have reached; another one's have adjustments as well."""

Value = int | Basis | Message | RankingValue
"""What stands in a cell of a table file."""


class Head(NamedTuple):
    """What a column is called, and whether it holds amounts."""

    name: str
    amount: bool = False


@dataclass(frozen=True, slots=True)
class FileTable:
    """A table of typed cells; in a workbook the first `fixed` columns stay in sight."""

    name: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Value]]
    fixed: int = 0


def files(result: YearResult, now: Mapping[str, Any], catalogue: Catalogue) -> Mapping[str, bytes]:
    """Name → content of a year's files; `now` is the result as an object."""
    tables = Tables(result, catalogue)
    made = {
        "results.json": result_text(now).encode(),
        "results.csv": _csv(tables.everything(), catalogue),
        "deductions.csv": _csv(tables.deductions(), catalogue),
    }
    if result.first != result.standings:
        made["results.first.json"] = result_text(result_object(result, first=True)).encode()
    return made


def published(year: Published) -> Mapping[str, bytes]:
    """Name → content of what a locked year has besides: its receipt, and all it rests on."""
    receipt = year.files[year.receipt.path]
    return {"published.json": receipt, "published.zip": packed(year.files)}


def terms(city: City) -> bytes:
    """Names that the search must not cut to pieces, one a line, as jieba reads them.

    Names alone: a word is found by its beginning only, so a rule's label kept whole would hide
    the words inside it.
    """
    words = {city.name.zh, *(township.name.zh for township in city.townships)}
    kept = sorted(word for word in words if word.isalpha() and 1 < len(word) <= 12)
    return "".join(f"{word} 100000\n" for word in kept).encode()


# --- the tables -----------------------------------------------------------------------


class Tables:
    """A year's result as tables."""

    def __init__(self, result: YearResult, catalogue: Catalogue) -> None:
        self._result, self._catalogue, self._ = result, catalogue, catalogue._
        self._book, self._year = result.inputs.rulebook, result.inputs.assessment.year
        self._plain, self._ordered = only_deducts(self._book), in_rank_order(result.standings)
        self._reached = _REACHED if self._plain else _REACHED | {Key.ADJUSTED}

    def everything(self) -> FileTable:
        """One row a unit, in the order of rank, those without a report last."""
        return self._units("", self._columns(_RANKING | self._reached), 0)

    def ranking(self) -> FileTable:
        """The same without what each section and clause counts."""
        return self._units(self._("Ranking"), self._columns(_RANKING), 5)

    def scores(self) -> FileTable:
        """What each unit has reached where."""
        unit, score = self._columns({Key.ID, Key.UNIT}), self._columns({Key.SCORE})
        columns = [*unit, *self._columns(self._reached), *score]
        return self._units(self._("Score sheet"), columns, 3)

    def _columns(self, keys: Collection[Key]) -> list[RankingColumn]:
        return columns(self._book, self._ordered, keys)

    def _units(self, name: str, columns: Sequence[RankingColumn], fixed: int) -> FileTable:
        heads = [Head(full_title(one, self._catalogue), one.key in AMOUNTS) for one in columns]
        rows = [[self._year, *(_value(c, s) for c in columns)] for s in self._ordered]
        return FileTable(name, [Head(self._("Year")), *heads], rows, fixed)

    def deductions(self) -> FileTable:
        """One row a deduction or award, by unit and clause; then what is beside the sections."""
        _, plain = self._, self._plain
        amounts = (_("Asked"), _("Charged")) if plain else (_("Due"), _("Counted"))
        heads = [*self._who(), *map(Head, (_("Clause"), _("Rule")))]
        heads += [Head(name, amount=True) for name in amounts]
        heads += map(Head, (_("Basis"), _("Record"), _("Reason"), _("Source")))
        heads += [] if plain else map(Head, (_("Direction"), _("Period")))
        rows = [row[: len(heads)] for s in self._result.standings for row in self._charges(s)]
        name = _("Deducted") if plain else _("Deducted and awarded")
        return FileTable(name, heads, rows, 3)

    def _charges(self, standing: Standing) -> Iterator[list[Value]]:
        who, render = self._named(standing), self._catalogue.render
        labels = {part.id: part.label for part in self._book.above.parts}
        card = standing.scorecard
        for section in card.sections if card else ():
            for charge, clause in _by_clause(section):
                told = charge.deduction
                yield [
                    *(*who, clause, told.rule, told.points, charge.points),
                    *(told.basis, " ".join(told.records), render(told.reason)),
                    *(_places(told.sources), self._("given") if told.award else self._("taken")),
                    labels.get(section.part or ""),
                ]
        for step in card.adjustments if card else ():
            entry = step.charge.deduction if step.charge else None
            basis, records = (entry.basis, " ".join(entry.records)) if entry else ("", "")
            yield [
                *(*who, "", step.id, abs(step.points), abs(step.points), basis, records),
                *(render(step.reason), _places(step.sources)),
                *(self._("taken") if step.points < 0 else self._("given"), ""),
            ]

    def excluded(self) -> FileTable:
        """What is not counted, and why."""
        _ = self._
        heads = (_("Record"), _("Why not counted"), _("Clause"), _("Source"))
        rows = [
            [
                *(*self._named(standing), exclusion.record.id, exclusion.ground.label),
                *(exclusion.ground.clause, _places(exclusion.sources)),
            ]
            for standing in self._ordered
            for exclusion in (standing.scorecard.excluded if standing.scorecard else ())
        ]
        return FileTable(_("Excluded"), [*self._who(), *map(Head, heads)], rows, 3)

    def _who(self) -> list[Head]:
        """Year, id and name of a unit."""
        columns = self._columns({Key.ID, Key.UNIT})
        names = [full_title(column, self._catalogue) for column in columns]
        return [Head(name) for name in (self._("Year"), *names)]

    def _named(self, standing: Standing) -> list[Value]:
        return [self._year, standing.township.id, standing.township.name]


def _by_clause(section: SectionScore) -> Iterator[tuple[Charge, str]]:
    """What each clause took, then what it gave, with the clause's number."""
    for score in section.clauses:
        for charge in sorted(score.charges, key=lambda charge: charge.deduction.award):
            yield charge, score.clause.id


def _value(column: RankingColumn, standing: Standing) -> Value:
    if column.key is Key.OUTCOME and standing.scorecard is None:
        return Message("Not submitted")
    return column.of(standing)


def full_title(column: RankingColumn, catalogue: Catalogue) -> str:
    """What a column is called where nothing else tells its period, its number or its unit."""
    name = catalogue.render(column.head)
    if column.unit is not None:
        return catalogue._("{value} ({label})", value=name, label=column.unit)
    period = catalogue.text(column.period) if column.period else ""
    return " ".join(filter(None, (period, column.number, name)))


def _places(sources: Iterable[Location]) -> str:
    return " ".join(f"{place.path}:{place.line}" for place in sources)


def _written(value: Value, catalogue: Catalogue) -> str | int | None:
    """A cell as a text, a whole number or nothing; an amount is a text, exactly."""
    match value:
        case RankCell():
            return value.number
        case PartScore(score=amount) | Paid(amount=amount):
            return exact(amount)
        case Fraction():
            return exact(value)
        case bool():
            return catalogue._("yes") if value else ""
        case Text():
            return catalogue.text(value)
        case Message():
            return catalogue.render(value)
        case tuple():
            return catalogue._("; ").join(catalogue.text(text) for text in value)
    return value


def _csv(table: FileTable, catalogue: Catalogue) -> bytes:
    target = io.StringIO()
    target.write(_BOM)
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([cell(head.name) for head in table.heads])
    for row in table.rows:
        written = (_written(value, catalogue) for value in row)
        writer.writerow(["" if one is None else cell(str(one)) for one in written])
    return target.getvalue().encode()


# --- the workbook ---------------------------------------------------------------------

_DIGITS = 15
"""So many significant digits a spreadsheet keeps; an amount with more stays text."""

_LONGEST = 32_000
"""A cell takes 32,767 characters; a text beyond this is cut, and ends in an ellipsis."""

_NARROWEST, _WIDEST, _WIDTH_OF_NUMBERS = 6, 60, 12
_LINE, _HIGHEST = 15, 405
_A4 = 9
_LONGEST_HEADER = 200
"""Of the 255 characters that the head of a printed page takes."""


def workbook(result: YearResult, city: City, catalogue: Catalogue) -> bytes:
    """One year's workbook; the same result gives the same bytes."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    year, name = result.inputs.assessment, catalogue.text(city.name)
    title = catalogue._("{city}: results of {year}", city=name, year=year.year)
    # A date of the data's own: the clock would make every build another file.
    created = datetime.combine(year.period.end, datetime.min.time(), UTC)
    book.set_properties({"title": title, "author": catalogue.text(city.office), "created": created})
    about = [title, catalogue._("Demonstration data")] if city.demonstration else [title]
    tables = Tables(result, catalogue)
    for table in (tables.ranking(), tables.scores(), tables.deductions(), tables.excluded()):
        _write(book, table, catalogue, " ".join(about))
    book.close()
    with ZipFile(made) as parts:
        return packed({name: parts.read(name) for name in parts.namelist()})


def _write(book: Any, table: FileTable, catalogue: Catalogue, about: str) -> None:
    into, formats = book.add_worksheet(table.name), _formats(book)
    cells = [[_in_sheet(value, catalogue) for value in row] for row in table.rows]
    widths = [_width(head, [row[n] for row in cells]) for n, head in enumerate(table.heads)]
    for number, (head, width) in enumerate(zip(table.heads, widths, strict=True)):
        into.set_column(number, number, width)
        into.write_string(0, number, _short(head.name), formats["head"])
    into.set_row(0, _height([head.name for head in table.heads], widths))
    for line, row in enumerate(cells, 1):
        into.set_row(line, _height(row, widths))
        for number, (head, value) in enumerate(zip(table.heads, row, strict=True)):
            found = _number(value) if head.amount or isinstance(value, int) else None
            if found is not None:
                form = formats["amount" if head.amount else "whole"]
                into.write_number(line, number, found, form)
            elif value:
                form = formats["fraction" if head.amount else "text"]
                into.write_string(line, number, _short(str(value)), form)
    into.ignore_errors({"number_stored_as_text": f"A1:XFD{len(cells) + 1}"})
    into.freeze_panes(1, table.fixed)
    into.autofilter(0, 0, max(1, len(cells)), len(widths) - 1)
    _page(into, about)


def _in_sheet(value: Value, catalogue: Catalogue) -> str | int | None:
    if isinstance(value, Basis):
        return catalogue.render(BASES[value])
    if isinstance(value, tuple):
        return "；".join(map(catalogue.text, value))
    return _written(value, catalogue)


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


def _number(value: str | int | None) -> Decimal | int | None:
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


def _width(head: Head, values: Sequence[str | int | None]) -> int:
    """Wide enough for what is in the column; a Chinese character takes two, and long texts wrap."""
    if head.amount:  # heads of clauses are long, numbers are not
        return _WIDTH_OF_NUMBERS
    longest = max((_cells(str(value)) for value in (head.name, *values) if value), default=0)
    return min(max(longest + 4, _NARROWEST), _WIDEST)  # the filter's arrow needs some room


def _height(row: Sequence[str | int | None], widths: Sequence[int]) -> int:
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


NAMESPACE = "http://www.w3.org/2005/Atom"
LONGEST = 50
"""So many entries a feed has, the newest."""

_MIDNIGHT = "T00:00:00+08:00"
"""Dates are local days of the city (UTC+8)."""


@dataclass(frozen=True, slots=True)
class NewsEntry:
    """Something published: `name` tells it apart, `page` is its address from the site's top."""

    name: str
    day: str
    title: str
    summary: str
    page: str
    township: str | None = None


def feeds(site: Site, years: Sequence[YearView]) -> Iterator[tuple[str, bytes]]:
    """Every feed by its path below docs/."""
    entries = {year.number: list(_year_entries(site.under(year.book), year)) for year in years}
    everything = [entry for those in entries.values() for entry in those]
    yield "feed.xml", _feed(site, "feed.xml", site.words.text(site.city.name), everything)
    for number, those in entries.items():
        title = site.words._("{city}, {year}", city=site.city.name, year=number)
        path = f"results/{number}/feed.xml"
        yield path, _feed(site, path, title, those)
    for township in site.city.townships:
        mine = [one for year in years for one in _of(site, year, township, entries[year.number])]
        path = f"townships/{township.id}/feed.xml"
        yield path, _feed(site, path, site.words.text(township.name), mine)


# --- entries --------------------------------------------------------------------------


def _year_entries(site: Site, year: YearView) -> Iterator[NewsEntry]:
    w, dates, page = site.words, year.assessment.dates, f"results/{year.number}/"
    published, final = dates.get("published"), dates.get("final")
    if published and year.assessment.status != "open":
        until = dates.get("objections_until")
        summary = w._("Objections are accepted until {date}.", date=w.date(until)) if until else ""
        title = w._("{year}: provisional result published", year=year.number)
        yield NewsEntry("published", published, title, summary, page)
    if final and year.assessment.status == "final":
        code = w._("check code {code}", code=year.receipt.code) if year.receipt else ""
        title = w._("{year}: final result", year=year.number)
        yield NewsEntry("final", final, title, code, page)
    names = {one.id: one.name for one in site.city.townships}
    for one in year.result.inputs.corrections:
        yield _correction(site, year, one, w.text(names[one.township]))


def _correction(site: Site, year: YearView, one: Correction, name: str) -> NewsEntry:
    title = site.words._(
        "{township}, {year}: correction {id}, clause {clause}: {decision}",
        township=name,
        year=year.number,
        id=one.id,
        clause=one.clause,
        decision=site.words.decision(one.decision),
    )
    page = f"results/{year.number}/{one.township}/#corrections"
    return NewsEntry(f"correction-{one.id}", one.decided_on, title, one.reason, page, one.township)


def _of(
    site: Site, year: YearView, township: Township, entries: Iterable[NewsEntry]
) -> Iterator[NewsEntry]:
    """What is about one unit: its own corrections, and each result with its score and rank."""
    standing = year.by_id.get(township.id)
    if standing is None:
        return
    w = site.under(year.book).words
    for entry in entries:
        if entry.township == township.id:
            yield entry
        elif entry.township is None:
            told = w.rank(standing)
            if standing.scorecard:
                told = f"{w.scored(standing.scorecard.score)}{w._(', ')}{told}"
            page = f"results/{year.number}/{township.id}/"
            title = w._("{title}: {told}", title=entry.title, told=told)
            name = f"{entry.name}-{township.id}"
            yield NewsEntry(name, entry.day, title, entry.summary, page, township.id)


# --- XML ------------------------------------------------------------------------------


def _feed(site: Site, path: str, title: str, entries: Iterable[NewsEntry]) -> bytes:
    newest = sorted(entries, key=lambda one: (one.day, one.page, one.name), reverse=True)[:LONGEST]
    up = "../" * depth(path.replace("feed.xml", "index.md"))
    feed = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": _lang(site)})
    _put(feed, "title", title)
    _put(feed, "id", _id(site, path))
    _put(feed, "updated", (newest[0].day if newest else "1970-01-01") + _MIDNIGHT)
    _put(ElementTree.SubElement(feed, "author"), "name", site.words.text(site.city.office))
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": "feed.xml"})
    ElementTree.SubElement(feed, "link", {"href": "./"})
    for one in newest:
        row = ElementTree.SubElement(feed, "entry")
        _put(row, "title", one.title)
        _put(row, "id", _id(site, f"{one.page} {one.name}"))
        _put(row, "updated", one.day + _MIDNIGHT)
        ElementTree.SubElement(row, "link", {"href": up + one.page})
        if one.summary:
            _put(row, "summary", one.summary)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _lang(site: Site) -> str:
    return "zh-CN" if site.words.catalogue.lang == "zh" else "en"


def _id(site: Site, about: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'kaohe {site.city.name.zh} {about}')}"


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
