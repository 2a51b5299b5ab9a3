"""Files to compute with: the result object, tables for Excel and WPS, the search's word list.

Owns what stands in a table file: UTF-8 with BOM, CRLF, no cell that a spreadsheet would take
for a formula. Must not say anything that the result object does not say.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator.engine.model import City
from generator.engine.result import YearResult
from generator.words.escape import cell
from generator.words.messages import Catalogue
from generator.words.results import result_object, result_text

_BOM = "\ufeff"


def files(result: YearResult, catalogue: Catalogue) -> Mapping[str, bytes]:
    """Name → content of a year's files."""
    now = result_object(result)
    made = {
        "results.json": result_text(now).encode(),
        "results.csv": _table(_townships(now, result, catalogue)),
        "deductions.csv": _table(_deductions(now, catalogue)),
    }
    if "corrections" in now:
        made["results.first.json"] = result_text(result_object(result, first=True)).encode()
    return made


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
    """One row a township, in the order of rank, those without a report last."""
    _, text, book = catalogue._, catalogue.text, year.inputs.rulebook
    heads = [_("Year"), _("Rank"), _("Tied"), _("Id"), _("Township"), _("Score"), _("Full")]
    heads += [f"{section.id} {text(section.title)}" for section in book.sections]
    heads += [f"{clause.id} {text(clause.title)}" for clause in book.clauses()]
    yield [*heads, _("Outcome")]
    ordered = sorted(
        result["townships"], key=lambda row: (row["rank"] is None, row["rank"] or 0, row["id"])
    )
    parts = len(book.sections) + sum(1 for _clause in book.clauses())
    for row in ordered:
        sections = row["sections"]
        points = [section["points"] for section in sections]
        points += [clause["points"] for section in sections for clause in section["clauses"]]
        outcomes = [text(book.outcomes[outcome]) for outcome in row["outcomes"]]
        yield [
            str(result["year"]),
            str(row["rank"] or ""),
            _("yes") if row["tied"] else "",
            row["id"],
            row["name"].get(catalogue.lang),
            row["score"] or "",
            row["max"],
            *(points or [""] * parts),
            "；".join(outcomes) if row["submitted"] else _("Not submitted"),
        ]


def _deductions(result: Mapping[str, Any], catalogue: Catalogue) -> Iterator[Sequence[str]]:
    """One row a deduction, by township and clause."""
    _ = catalogue._
    yield [
        *(_("Year"), _("Id"), _("Township"), _("Clause"), _("Rule"), _("Asked"), _("Charged")),
        *(_("Basis"), _("Record"), _("Reason"), _("Source")),
    ]
    for township in result["townships"]:
        for section in township["sections"]:
            for clause in section["clauses"]:
                for deduction in clause["deductions"]:
                    yield [
                        str(result["year"]),
                        township["id"],
                        township["name"][catalogue.lang],
                        clause["id"],
                        *(deduction[key] for key in ("rule", "points", "charged", "basis")),
                        " ".join(deduction["records"]),
                        deduction["reason"][catalogue.lang],
                        " ".join(f"{s['path']}:{s['line']}" for s in deduction["sources"]),
                    ]


def _table(rows: Iterable[Sequence[str]]) -> bytes:
    target = io.StringIO()
    target.write(_BOM)
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    return target.getvalue().encode()
