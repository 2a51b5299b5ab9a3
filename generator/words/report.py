"""Problems and scores as text for a terminal, a review or a machine.

Owns the line a problem is printed on and the table of scores. Returns strings; only the
command line prints them. Must not judge.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.facts import of_group
from generator.engine.problem import Location, Problem, Text
from generator.engine.year import Paid, PartScore, Standing, YearResult
from generator.reading.screen import masked
from generator.words.columns import Key, Rank, RankingColumn, columns, in_rank_order
from generator.words.messages import (
    STATUSES,
    Catalogue,
    Safe,
    Style,
    amount,
    github,
    in_unit,
    markdown_table,
    plain,
    printable,
    table,
)

# --- problems -------------------------------------------------------------------------


def problems(
    found: Sequence[Problem], catalogue: Catalogue, form: str, style: Style = plain
) -> str:
    """All problems, sorted by place, in one of the four formats; empty text for none but JSON."""
    ordered = sorted(found, key=lambda problem: (problem.location, problem.code))
    if form == "json":
        return json.dumps(problems_object(ordered, catalogue), ensure_ascii=False, indent=2)
    if form == "markdown":
        return _problems_markdown(ordered, catalogue)
    line = _github_line if form == "github" else _text_line
    return "\n".join(line(problem, catalogue, style) for problem in ordered)


def problems_object(found: Sequence[Problem], catalogue: Catalogue) -> dict[str, Any]:
    """The problems as data."""
    return {"problems": [_problem_object(problem, catalogue) for problem in found]}


def _text_line(problem: Problem, catalogue: Catalogue, style: Style) -> str:
    place, code = _place(problem), f"[{problem.code}]"
    where = style(f"{printable(place.path)}:{place.line}:{place.column}", "strong")
    address = f" {printable(place.address)}" if place.address else ""
    message = printable(catalogue.told(problem.message))
    return f"{where}: {style(problem.severity, problem.severity)}{code}{address}: {message}"


def _github_line(problem: Problem, catalogue: Catalogue, _: Style) -> str:
    place = _place(problem)
    text = f"{place.address}: {catalogue.told(problem.message)}".removeprefix(": ")
    return github(problem.severity, place, problem.code, text)


def _problems_markdown(found: Sequence[Problem], catalogue: Catalogue) -> str:
    if not found:
        return ""
    rows = [
        [
            f"{place.path}:{place.line}:{place.column}",
            Safe(f"{problem.severity}[{problem.code}]"),
            place.address,
            catalogue.told(problem.message),
        ]
        for problem in found
        for place in (_place(problem),)
    ]
    _ = catalogue._
    heads = [_("Place"), _("Problem"), _("Address"), _("Message")]
    return "\n".join(markdown_table([heads, *rows]))


def _problem_object(problem: Problem, catalogue: Catalogue) -> dict[str, Any]:
    place = _place(problem)
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "address": place.address,
        "message": catalogue.told(problem.message),
    }


def _place(problem: Problem) -> Location:
    """Where it stands; a file's name and a key may be a number that leads to a person."""
    place = problem.location
    return replace(place, path=masked(place.path), address=masked(place.address))


# --- scores ---------------------------------------------------------------------------


def scores(result: YearResult, chosen: Sequence[Standing], catalogue: Catalogue) -> str:
    """The ranking as a table: rank, unit, score, parts of the score, what follows.

    Groups that rank apart have a table each.
    """
    book = result.inputs.rulebook
    lines = [
        catalogue._(
            "{year}, {status}; {rulebook}, version {version}",
            year=result.inputs.assessment.year,
            status=STATUSES[result.inputs.assessment.status],
            rulebook=book.title,
            version=book.version,
        )
    ]
    for name, own, those in _tables(book, chosen):
        if those:
            lines += ["", *([catalogue.text(name)] if name else [])]
            lines += _table_of(own, those, catalogue)
    return "\n".join(lines)


def _tables(
    book: Rulebook, chosen: Sequence[Standing]
) -> Iterator[tuple[Text | None, Rulebook, list[Standing]]]:
    """Those who are ranked together, with their group and the rulebook as it sees it."""
    grouping, ordered = book.above.grouping, in_rank_order(chosen)
    if grouping is None or not grouping.apart:
        yield None, book, ordered
        return
    for group in grouping.groups:
        mine = [standing for standing in ordered if standing.group == group.id]
        yield group.label, of_group(book, group.id), mine
    rest = [standing for standing in ordered if standing.group is None]
    yield None, of_group(book, None), rest


_COLUMNS = frozenset(
    {
        *(Key.RANK, Key.UNIT, Key.SCORE, Key.SECTION, Key.PERIOD, Key.BESIDE, Key.UNCONVERTED),
        *(Key.GRADE, Key.PAYMENT, Key.OUTCOME),
    }
)


def _table_of(book: Rulebook, those: Sequence[Standing], catalogue: Catalogue) -> list[str]:
    shown = columns(book, those, _COLUMNS)
    rows = [[catalogue.render(column.head) for column in shown]]
    rows += [[_cell(column, standing, catalogue) for column in shown] for standing in those]
    return table(rows, right=range(2, len(shown) - 1))


def _cell(column: RankingColumn, standing: Standing, catalogue: Catalogue) -> str:
    match column.of(standing):
        case Rank(number=number, tied=tied):
            return f"{number}{catalogue._(' (tied)') if tied else ''}"
        case Fraction() as value:
            return amount(value)
        case PartScore(score=score, band=band):
            return amount(score) + (f" {catalogue.text(band.label)}" if band else "")
        case Paid(payment=payment, amount=value):
            return in_unit(value, payment.unit, catalogue)
        case Text() as text:
            return catalogue.text(text)
        case tuple() as outcomes:
            return catalogue.listed(outcomes)
    missing = {Key.RANK: "-", Key.SCORE: catalogue._("not submitted")}
    return missing.get(column.key, "")
