"""Files to take away: tables for Excel and WPS, a year's workbook, feeds, zips of published years.

None says anything that the result object does not say. A number that no decimal says exactly is
text (p/q); none passes through a float. No cell is one that a spreadsheet would take for a
formula; the same input gives the same bytes.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any, NamedTuple
from unicodedata import east_asian_width
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from zipfile import ZipFile

import xlsxwriter

from generator.engine.amount import exact
from generator.engine.book import Rulebook, Wording
from generator.engine.year import City, Correction, Township, YearResult
from generator.pages.layout import Site, depth, packed
from generator.pages.year import Year
from generator.words.messages import BASES, Catalogue, cell
from generator.words.results import only_deducts, result_object, result_text
from generator.year.published import Published

_BOM = "\ufeff"


def files(result: YearResult, now: Mapping[str, Any], catalogue: Catalogue) -> Mapping[str, bytes]:
    """Name → content of a year's files; `now` is the result as an object."""
    made = {
        "results.json": result_text(now).encode(),
        "results.csv": _table(_townships(now, result, catalogue)),
        "deductions.csv": _table(deduction_rows(now, result.inputs.rulebook, catalogue)),
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


def _townships(
    result: Mapping[str, Any], year: YearResult, catalogue: Catalogue
) -> Iterator[Sequence[str]]:
    """One row a unit, in the order of rank, those without a report last."""
    _, text, book = catalogue._, catalogue.text, year.inputs.rulebook
    assessed = text(book.wording.assessed)
    usual = book.wording.unit == Wording().unit
    heads = [_("Year"), _("Rank"), _("Tied"), _("Id"), assessed[:1].upper() + assessed[1:]]
    heads += [_("Score") if usual else _("Amount"), _("Full") if usual else _("Whole amount")]
    columns = [*score_columns(book, catalogue), *following_columns(book, catalogue)]
    yield [*heads, *(column.head for column in columns), _("Outcome")]
    ordered = sorted(
        result["townships"], key=lambda row: (row["rank"] is None, row["rank"] or 0, row["id"])
    )
    for row in ordered:
        outcomes = [text(book.outcomes[outcome]) for outcome in row["outcomes"]]
        yield [
            str(result["year"]),
            str(row["rank"] or ""),
            _("yes") if row["tied"] else "",
            row["id"],
            row["name"].get(catalogue.lang),
            row["score"] or "",
            row["max"],
            *(column.of(row) for column in columns),
            _("; ").join(outcomes) if row["submitted"] else _("Not submitted"),
        ]


class TextColumn(NamedTuple):
    """What a column is called, and its cell for a unit of the result object."""

    head: str
    of: Callable[[Mapping[str, Any]], str]
    amount: bool = True


def score_columns(book: Rulebook, catalogue: Catalogue) -> Iterator[TextColumn]:
    """Sections, clauses, periods with their grades, what is beside the sections."""
    _, text, above = catalogue._, catalogue.text, book.above
    periods = {part.id: text(part.label) for part in above.parts}
    places = [(s, p) for s in book.sections for p in (periods if s.each == "period" else [None])]
    for section, period in places:
        of = partial(_of_section, section=section.id, period=period)
        yield TextColumn(_with_period(f"{section.id} {text(section.title)}", period, periods), of)
    for section, period in places:
        for clause in section.clauses:
            of = partial(_of_section, section=section.id, period=period, clause=clause.id)
            yield TextColumn(_with_period(f"{clause.id} {text(clause.title)}", period, periods), of)
    for period, label in periods.items():
        yield TextColumn(label, partial(_of_list, name="periods", id=period, key="score"))
        if above.bands and above.bands.of == "period":
            of = partial(_of_period, period=period, labels=_grades(book, catalogue))
            yield TextColumn(f"{label} {_('Grade')}", of, amount=False)
    if not only_deducts(book):
        yield TextColumn(_("Added or taken"), _beside)


def following_columns(book: Rulebook, catalogue: Catalogue) -> Iterator[TextColumn]:
    """Group, grade, payments."""
    _, text, above = catalogue._, catalogue.text, book.above
    if above.grouping:
        labels = {group.id: text(group.label) for group in above.grouping.groups}
        yield TextColumn(_("Group"), lambda row: labels.get(row["group"] or "", ""), amount=False)
    if above.bands and above.bands.of == "year":
        grades = _grades(book, catalogue)
        yield TextColumn(_("Grade"), lambda row: grades.get(row["band"] or "", ""), amount=False)
    for payment in above.payments:
        head = _("{value} ({label})", value=payment.label, label=payment.unit)
        yield TextColumn(head, partial(_of_list, name="payments", id=payment.id, key="amount"))


def _with_period(title: str, period: str | None, periods: Mapping[str, str]) -> str:
    return title if period is None else f"{periods[period]} {title}"


def _grades(book: Rulebook, catalogue: Catalogue) -> dict[str, str]:
    bands = book.above.bands.bands if book.above.bands else ()
    return {band.id: catalogue.text(band.label) for band in bands}


def _of_section(
    row: Mapping[str, Any], section: str, period: str | None, clause: str | None = None
) -> str:
    """The points of a section, or of a clause in it; nothing where the unit is not asked this."""
    for found in row["sections"]:
        if (found["id"], found.get("period")) == (section, period):
            if clause is None:
                return str(found["points"])
            return next((str(c["points"]) for c in found["clauses"] if c["id"] == clause), "")
    return ""


def _of_list(row: Mapping[str, Any], name: str, id: str, key: str) -> str:  # noqa: A002
    return next((str(one[key]) for one in row[name] if one["id"] == id), "")


def _of_period(row: Mapping[str, Any], period: str, labels: Mapping[str, str]) -> str:
    return labels.get(_of_list(row, "periods", period, "band"), "")


def _beside(row: Mapping[str, Any]) -> str:
    if not row["submitted"]:
        return ""
    return exact(sum((Fraction(one["points"]) for one in row["adjustments"]), Fraction()))


# --- every deduction ------------------------------------------------------------------


def deduction_rows(
    result: Mapping[str, Any], book: Rulebook, catalogue: Catalogue
) -> Iterator[Sequence[str]]:
    """One row a deduction or award, by unit and clause; then what is beside the sections."""
    _, plain = catalogue._, only_deducts(book)
    assessed = catalogue.text(book.wording.assessed)
    heads = [_("Year"), _("Id"), assessed[:1].upper() + assessed[1:], _("Clause"), _("Rule")]
    heads += [_("Asked") if plain else _("Due"), _("Charged") if plain else _("Counted")]
    heads += [_("Basis"), _("Record"), _("Reason"), _("Source")]
    yield heads if plain else [*heads, _("Direction"), _("Period")]
    words = {"charged": _("taken"), "credited": _("given")}
    labels = {part.id: catalogue.text(part.label) for part in book.above.parts}
    for township in result["townships"]:
        who = [str(result["year"]), township["id"], township["name"][catalogue.lang]]
        for section in township["sections"]:
            for clause in section["clauses"]:
                for key, one in _taken_and_given(clause):
                    row = [*who, clause["id"], *(one[k] for k in ("rule", "points", key, "basis"))]
                    row += _told(one, catalogue)
                    more = [words[key], labels.get(section.get("period", ""), "")]
                    yield row if plain else [*row, *more]
        for one in township.get("adjustments", ()):
            points = Fraction(one["points"])
            size = exact(abs(points))
            row = [*who, "", one["id"], size, size, one.get("basis", ""), *_told(one, catalogue)]
            yield [*row, words["charged" if points < 0 else "credited"], ""]


def _taken_and_given(clause: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What a clause took and gave, with the key under which it stands."""
    yield from (("charged", one) for one in clause["deductions"])
    yield from (("credited", one) for one in clause.get("awards", ()))


def _told(one: Mapping[str, Any], catalogue: Catalogue) -> list[str]:
    return [
        " ".join(one.get("records", ())),
        one["reason"][catalogue.lang],
        " ".join(f"{s['path']}:{s['line']}" for s in one["sources"]),
    ]


def _table(rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO()
    target.write(_BOM)
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return target.getvalue().encode()


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


NAMESPACE = "http://www.w3.org/2005/Atom"
LONGEST = 50
"""So many entries a feed has, the newest."""

_MIDNIGHT = "T00:00:00+08:00"
"""Dates are local days of the city (UTC+8)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something published: `name` tells it apart, `page` is its address from the site's top."""

    name: str
    day: str
    title: str
    summary: str
    page: str
    township: str | None = None


def feeds(site: Site, years: Sequence[Year]) -> Iterator[tuple[str, bytes]]:
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


def _year_entries(site: Site, year: Year) -> Iterator[Entry]:
    w, dates, page = site.words, year.assessment.dates, f"results/{year.number}/"
    published, final = dates.get("published"), dates.get("final")
    if published and year.assessment.status != "open":
        until = dates.get("objections_until")
        summary = w._("Objections are accepted until {date}.", date=w.date(until)) if until else ""
        title = w._("{year}: provisional result published", year=year.number)
        yield Entry("published", published, title, summary, page)
    if final and year.assessment.status == "final":
        code = w._("check code {code}", code=year.receipt.code) if year.receipt else ""
        title = w._("{year}: final result", year=year.number)
        yield Entry("final", final, title, code, page)
    names = {one.id: one.name for one in site.city.townships}
    for one in year.result.inputs.corrections:
        yield _correction(site, year, one, w.text(names[one.township]))


def _correction(site: Site, year: Year, one: Correction, name: str) -> Entry:
    title = site.words._(
        "{township}, {year}: correction {id}, clause {clause}: {decision}",
        township=name,
        year=year.number,
        id=one.id,
        clause=one.clause,
        decision=site.words.decision(one.decision),
    )
    page = f"results/{year.number}/{one.township}/#corrections"
    return Entry(f"correction-{one.id}", one.decided_on, title, one.reason, page, one.township)


def _of(site: Site, year: Year, township: Township, entries: Iterable[Entry]) -> Iterator[Entry]:
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
            yield Entry(name, entry.day, title, entry.summary, page, township.id)


# --- XML ------------------------------------------------------------------------------


def _feed(site: Site, path: str, title: str, entries: Iterable[Entry]) -> bytes:
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
