"""Files to compute with: the result object, tables for Excel and WPS, the search's word list.

Owns what stands in a table file: UTF-8 with BOM, CRLF, no cell that a spreadsheet would take
for a formula. Must not say anything that the result object does not say.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from generator.data.published import Published
from generator.engine.amount import exact
from generator.engine.book import Rulebook, Wording
from generator.engine.effects import Effects
from generator.engine.model import City
from generator.engine.result import YearResult
from generator.pages.packed import packed
from generator.words.escape import cell
from generator.words.messages import Catalogue
from generator.words.results import only_deducts, result_object, result_text

_BOM = "\ufeff"


def files(
    result: YearResult, catalogue: Catalogue, effects: Effects | None = None
) -> Mapping[str, bytes]:
    """Name → content of a year's files; `effects` of the result, where they are known."""
    now = result_object(result, effects=effects)
    made = {
        "results.json": result_text(now).encode(),
        "results.csv": _table(_townships(now, result, catalogue)),
        "deductions.csv": _table(_deductions(now, result.inputs.rulebook, catalogue)),
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
    columns = list(_columns(book, catalogue))
    yield [*heads, *(head for head, _of in columns), _("Outcome")]
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
            *(of(row) for _head, of in columns),
            "；".join(outcomes) if row["submitted"] else _("Not submitted"),
        ]


Column = tuple[str, Callable[[Mapping[str, Any]], str]]
"""What a column is called, and its cell for a unit of the result object."""


def _columns(book: Rulebook, catalogue: Catalogue) -> Iterator[Column]:
    """Sections, clauses, periods with their grades, what is beside, group, grade, payments."""
    _, text, above = catalogue._, catalogue.text, book.above
    periods = {part.id: text(part.label) for part in above.parts}
    places = [(s, p) for s in book.sections for p in (periods if s.each == "period" else [None])]
    for section, period in places:
        of = partial(_of_section, section=section.id, period=period)
        yield _named(f"{section.id} {text(section.title)}", period, periods), of
    for section, period in places:
        for clause in section.clauses:
            of = partial(_of_section, section=section.id, period=period, clause=clause.id)
            yield _named(f"{clause.id} {text(clause.title)}", period, periods), of
    for period, label in periods.items():
        yield label, partial(_of_list, name="periods", id=period, key="score")
        if above.bands and above.bands.of == "period":
            head = f"{label} {_('Grade')}"
            yield head, partial(_of_period, period=period, labels=_grades(book, catalogue))
    if not only_deducts(book):
        yield _("Added or taken"), _beside
    yield from _following(book, catalogue)


def _following(book: Rulebook, catalogue: Catalogue) -> Iterator[Column]:
    _, text, above = catalogue._, catalogue.text, book.above
    if above.grouping:
        labels = {group.id: text(group.label) for group in above.grouping.groups}
        yield _("Group"), lambda row: labels.get(row["group"] or "", "")
    if above.bands and above.bands.of == "year":
        grades = _grades(book, catalogue)
        yield _("Grade"), lambda row: grades.get(row["band"] or "", "")
    for payment in above.payments:
        head = f"{text(payment.label)}（{text(payment.unit)}）"
        yield head, partial(_of_list, name="payments", id=payment.id, key="amount")


def _named(title: str, period: str | None, periods: Mapping[str, str]) -> str:
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


def _deductions(
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
                for key, one in _entries(clause):
                    row = [*who, clause["id"], *(one[k] for k in ("rule", "points", key, "basis"))]
                    row += _told(one, catalogue)
                    more = [words[key], labels.get(section.get("period", ""), "")]
                    yield row if plain else [*row, *more]
        for one in township.get("adjustments", ()):
            points = Fraction(one["points"])
            size = exact(abs(points))
            row = [*who, "", one["id"], size, size, one.get("basis", ""), *_told(one, catalogue)]
            yield [*row, words["charged" if points < 0 else "credited"], ""]


def _entries(clause: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
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
