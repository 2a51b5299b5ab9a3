"""Files to take away: tables for Excel and WPS, a year's workbook, feeds, zips of published years.

None says anything that the result object does not say. A number that no decimal says exactly is
text (p/q); none passes through a float. No cell is one that a spreadsheet would take for a
formula; the same input gives the same bytes.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from itertools import chain
from typing import Any, NamedTuple
from unicodedata import east_asian_width
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from zipfile import ZipFile

import xlsxwriter

from generator.engine.effects import Effects
from generator.engine.measures import Basis, exact
from generator.engine.problem import Location, Message, Text
from generator.engine.year import City, Paid, PartScore, Standing, Township, YearResult
from generator.pages.layout import FEED, Site, depth, packed
from generator.pages.year import Collected, YearView
from generator.words.messages import BASES, Catalogue, cell
from generator.words.report import AMOUNTS, Key, RankCell, RankingColumn, columns, in_rank_order
from generator.words.report import Value as RankingValue
from generator.words.results import only_deducts, result_object, result_text
from generator.year.load import newest_date
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


def files(
    result: YearResult, city: City, effects: Effects, catalogue: Catalogue
) -> Mapping[str, bytes]:
    """Name → content of a year's files; `effects` are those of the result."""
    tables = Tables(result, catalogue)
    deductions = tables.deductions()
    sheets = (tables.ranking(), tables.scores(), deductions, tables.excluded())
    made = {
        "results.json": result_text(result_object(result, effects=effects)).encode(),
        "results.csv": _csv(tables.everything(), catalogue),
        "deductions.csv": _csv(deductions, catalogue),
        "results.xlsx": workbook(result, sheets, city, catalogue),
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
        heads = [Head(full_title(c, self._catalogue), c.key in AMOUNTS) for c in columns]
        absent = Message("Not submitted")
        rows = [
            [
                self._year,
                *(c.of(s) if s.scorecard or c.key is not Key.OUTCOME else absent for c in columns),
            ]
            for s in self._ordered
        ]
        return FileTable(name, [Head(self._("Year")), *heads], rows, fixed)

    def deductions(self) -> FileTable:
        """One row a deduction or award, by unit and clause; then what is beside the sections."""
        _, plain = self._, self._plain
        amounts = (_("Asked"), _("Charged")) if plain else (_("Due"), _("Counted"))
        names = (
            *(_("Clause"), _("Rule"), *amounts, _("Basis"), _("Record"), _("Reason"), _("Source")),
            *(() if plain else (_("Direction"), _("Period"))),
        )
        heads = [*self._who(), *(Head(name, name in amounts) for name in names)]
        rows = [row[: len(heads)] for s in self._result.standings for row in self._charges(s)]
        name = _("Deducted") if plain else _("Deducted and awarded")
        return FileTable(name, heads, rows, 3)

    def _charges(self, standing: Standing) -> Iterator[list[Value]]:
        who, render = self._named(standing), self._catalogue.render
        given, taken = self._("given"), self._("taken")
        labels = {part.id: part.label for part in self._book.above.parts}
        card = standing.scorecard
        for section in card.sections if card else ():
            for score in section.clauses:  # of each what it took, then what it gave
                for charge in sorted(score.charges, key=lambda charge: charge.deduction.award):
                    entry = charge.deduction
                    yield [
                        *(*who, score.clause.id, entry.rule, entry.points, charge.points),
                        *(entry.basis, " ".join(entry.records), render(entry.reason)),
                        *(_places(entry.sources), given if entry.award else taken),
                        labels.get(section.part or ""),
                    ]
        for step in card.adjustments if card else ():
            ground = step.charge.deduction if step.charge else None
            yield [
                *(*who, "", step.id, abs(step.points), abs(step.points)),
                *((ground.basis, " ".join(ground.records)) if ground else ("", "")),
                *(render(step.reason), _places(step.sources)),
                *(taken if step.points < 0 else given, ""),
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
        writer.writerow(["" if text is None else cell(str(text)) for text in written])
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


_FORMATS: Mapping[str, Mapping[str, object]] = {
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"},
    "text": {"text_wrap": True, "align": "left", "indent": 1},
    "whole": {"num_format": "0"},
    # Two decimals as printed, and as many more as there are: unequal scores never look alike.
    "amount": {"num_format": "0.00######"},
    "fraction": {"align": "right"},
}


def workbook(
    result: YearResult, sheets: Iterable[FileTable], city: City, catalogue: Catalogue
) -> bytes:
    """One year's workbook; the same result gives the same bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    year, name = result.inputs.assessment, catalogue.text(city.name)
    title = catalogue._("{city}: results of {year}", city=name, year=year.year)
    # A date of the data's own: the clock would make every build another file.
    created = datetime.combine(year.period.end, datetime.min.time(), UTC)
    book.set_properties({"title": title, "author": catalogue.text(city.office), "created": created})
    about = f"{title} {catalogue._('Demonstration data')}" if city.demonstration else title
    for table in sheets:
        _write(book, table, catalogue, about)
    book.close()
    with ZipFile(target) as parts:
        return packed({name: parts.read(name) for name in parts.namelist()})


def _write(book: Any, table: FileTable, catalogue: Catalogue, about: str) -> None:
    formats = {n: book.add_format({"valign": "top", **form}) for n, form in _FORMATS.items()}
    sheet = book.add_worksheet(table.name)
    cells = [
        [
            catalogue.render(BASES[v]) if isinstance(v, Basis) else _written(v, catalogue)
            for v in row
        ]
        for row in table.rows
    ]
    widths = [_width(head, [row[n] for row in cells]) for n, head in enumerate(table.heads)]
    for number, (head, width) in enumerate(zip(table.heads, widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, _short(head.name), formats["head"])
    sheet.set_row(0, _height([head.name for head in table.heads], widths))
    for line, row in enumerate(cells, 1):
        sheet.set_row(line, _height(row, widths))
        for number, (head, value) in enumerate(zip(table.heads, row, strict=True)):
            amount = _number(value) if head.amount or isinstance(value, int) else None
            if amount is not None:
                form = formats["amount" if head.amount else "whole"]
                sheet.write_number(line, number, amount, form)
            elif value:
                form = formats["fraction" if head.amount else "text"]
                sheet.write_string(line, number, _short(str(value)), form)
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{len(cells) + 1}"})
    sheet.freeze_panes(1, table.fixed)
    sheet.autofilter(0, 0, max(1, len(cells)), len(widths) - 1)
    # For those who print it.
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    left, right = about.replace("&", "&&")[:_LONGEST_HEADER], "&R&P / &N"
    sheet.set_header(f"&L{left.removesuffix('&') if left.count('&') % 2 else left}{right}")


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


# --- dates for a calendar ---------------------------------------------------------------

_WIDEST_LINE = 74
"""A line of a calendar file has at most 75 octets; the next ones begin with a space."""


def calendar(site: Site, year: Collected) -> bytes:
    """The dates of a year as all-day events (iCalendar, RFC 5545)."""
    w = site.words
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//kaohe//dates//", "CALSCALE:GREGORIAN"]
    for name, day in year.dates:
        plain, about = day.replace("-", ""), f"results/{year.number}/ {name}"
        title = w._("{city}, {year}", city=site.city.name, year=year.number)
        escaped = re.sub(r"([\\;,])", r"\\\1", f"{title}{w._(': ')}{w.due(name)}")
        lines += ["BEGIN:VEVENT", f"UID:{_id(site, about)}"]
        # No clock: the same data give the same file.
        lines += [f"DTSTAMP:{plain}T000000Z", f"DTSTART;VALUE=DATE:{plain}"]
        lines += [f"SUMMARY:{escaped}", "TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _folded(line: str) -> Iterator[str]:
    """A line in parts that are short enough, no character cut in two."""
    part = ""
    for sign in line:
        if len(f"{part}{sign}".encode()) > _WIDEST_LINE:
            yield part
            part = " "
        part += sign
    yield part


# --- feeds ------------------------------------------------------------------------------

NAMESPACE = "http://www.w3.org/2005/Atom"
LONGEST = 50
"""So many entries a feed has, the newest."""

_NEVER = "1970-01-01"

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
    w = site.words
    entries = {year.number: list(_entries(site.under(year.book), year)) for year in years}
    # A feed in which nothing stands yet is as old as the data are.
    day = newest_date(year.result.inputs for year in years).isoformat() if years else _NEVER
    feed = partial(_feed, site, day)
    yield FEED, feed(FEED, w.text(site.city.name), chain(*entries.values()))
    for number, of_year in entries.items():
        title, path = w._("{city}, {year}", city=site.city.name, year=number), f"results/{number}/"
        yield f"{path}{FEED}", feed(f"{path}{FEED}", title, of_year)
    for unit in site.city.townships:
        own = [entry for year in years for entry in _of(site, year, unit, entries[year.number])]
        path = f"townships/{unit.id}/{FEED}"
        yield path, feed(path, w.text(unit.name), own)


# --- entries --------------------------------------------------------------------------


def _entries(site: Site, year: YearView) -> Iterator[NewsEntry]:
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
    names = {unit.id: unit.name for unit in site.city.townships}
    for correction in year.result.inputs.corrections:
        unit = correction.township
        title = w._(
            "{township}, {year}: correction {id}, clause {clause}: {decision}",
            township=names[unit],
            year=year.number,
            id=correction.id,
            clause=correction.clause,
            decision=w.decision(correction.decision),
        )
        name, address = f"correction-{correction.id}", f"{page}{unit}/#corrections"
        yield NewsEntry(name, correction.decided_on, title, correction.reason, address, unit)


def _of(
    site: Site, year: YearView, unit: Township, entries: Iterable[NewsEntry]
) -> Iterator[NewsEntry]:
    """What is about one unit: its own corrections, and each result with its score and rank."""
    standing = year.by_id.get(unit.id)
    if standing is None:
        return
    w = site.under(year.book).words
    result = w.rank(standing)
    if standing.scorecard:
        result = f"{w.scored(standing.scorecard.score)}{w._(', ')}{result}"
    for entry in entries:
        if entry.township == unit.id:
            yield entry
        elif entry.township is None:
            page = f"results/{year.number}/{unit.id}/"
            title = w._("{title}: {told}", title=entry.title, told=result)
            name = f"{entry.name}-{unit.id}"
            yield NewsEntry(name, entry.day, title, entry.summary, page, unit.id)


def _feed(site: Site, day: str, path: str, title: str, entries: Iterable[NewsEntry]) -> bytes:
    newest = sorted(entries, key=lambda e: (e.day, e.page, e.name), reverse=True)[:LONGEST]
    up = "../" * depth(path.replace(FEED, "index.md"))
    lang = "zh-CN" if site.words.catalogue.lang == "zh" else "en"
    feed = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": lang})
    _put(feed, "title", title)
    _put(feed, "id", _id(site, path))
    _put(feed, "updated", (newest[0].day if newest else day) + _MIDNIGHT)
    _put(ElementTree.SubElement(feed, "author"), "name", site.words.text(site.city.office))
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": FEED})
    ElementTree.SubElement(feed, "link", {"href": "./"})
    for entry in newest:
        row = ElementTree.SubElement(feed, "entry")
        _put(row, "title", entry.title)
        _put(row, "id", _id(site, f"{entry.page} {entry.name}"))
        _put(row, "updated", entry.day + _MIDNIGHT)
        ElementTree.SubElement(row, "link", {"href": up + entry.page})
        if entry.summary:
            _put(row, "summary", entry.summary)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _id(site: Site, about: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'kaohe {site.city.name.zh} {about}')}"


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text
