"""Problems and scores as text for a terminal, a review or a machine.

Owns the line a problem is printed on and the table of scores. Returns strings; only the
command line prints them. Must not judge.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from generator.engine.book import Rulebook, Wording
from generator.engine.facts import of_group
from generator.engine.problem import Location, Problem, Text
from generator.engine.year import Scorecard, Standing, YearResult
from generator.reading.screen import masked
from generator.words.messages import (
    STATUSES,
    Catalogue,
    Safe,
    Style,
    amount,
    github,
    heading,
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


def _table_of(book: Rulebook, those: Sequence[Standing], catalogue: Catalogue) -> list[str]:
    _ = catalogue._
    columns = list(_columns(book, those, catalogue))
    usual = book.wording.unit == Wording().unit
    assessed = catalogue.text(book.wording.assessed)
    heads = [_("Rank"), heading(assessed), _("Score") if usual else _("Amount")]
    rows = [[*heads, *(head for head, _cells in columns), _("Outcome")]]
    for number, standing in enumerate(those):
        cells = [cells[number] for _head, cells in columns]
        rows.append([*_placed(standing, catalogue), *cells, _following(book, standing, catalogue)])
    return table(rows, right=range(2, 3 + len(columns)))


def _columns(
    book: Rulebook, those: Sequence[Standing], catalogue: Catalogue
) -> Iterator[tuple[str, list[str]]]:
    """Sections of the year, periods inside it, what is added or taken, grades, payments."""
    text, cards = catalogue.text, [standing.scorecard for standing in those]
    for section in book.sections:
        if section.each == "year":
            yield text(section.title), [_points(card, section.id) for card in cards]
    for part in book.above.parts:
        yield text(part.label), [_part(card, part.id, catalogue) for card in cards]
    if any(card and card.adjustments and not card.adjustments[0].converts for card in cards):
        yield catalogue._("Added or taken"), [amount(c.beside) if c else "" for c in cards]
    if book.above.conversions:
        before = [c.unconverted if c else None for c in cards]
        yield catalogue._("Before conversion"), ["" if b is None else amount(b) for b in before]
    if book.above.bands and book.above.bands.of == "year":
        yield catalogue._("Grade"), [text(s.band.label) if s.band else "" for s in those]
    for payment in book.above.payments:
        paid = [
            next((p.amount for p in s.payments if p.payment.id == payment.id), None) for s in those
        ]
        yield (
            text(payment.label),
            ["" if p is None else in_unit(p, payment.unit, catalogue) for p in paid],
        )


def _points(card: Scorecard | None, section: str) -> str:
    mine = [s.points for s in card.sections if s.section.id == section] if card else []
    return amount(sum(mine, Fraction())) if mine else ""


def _part(card: Scorecard | None, part: str, catalogue: Catalogue) -> str:
    """A period's own score and grade."""
    mine = next((one for one in card.parts if one.part == part), None) if card else None
    if mine is None:
        return ""
    return amount(mine.score) + (f" {catalogue.text(mine.band.label)}" if mine.band else "")


def _placed(standing: Standing, catalogue: Catalogue) -> list[str]:
    _, name = catalogue._, catalogue.text(standing.township.name)
    if standing.scorecard is None:
        return ["-", name, _("not submitted")]
    rank = str(standing.rank) + (_(" (tied)") if standing.tied else "")
    return [rank, name, amount(standing.scorecard.score)]


def _following(book: Rulebook, standing: Standing, catalogue: Catalogue) -> str:
    return catalogue.listed(book.outcomes[outcome] for outcome in standing.outcomes)


def in_rank_order(standings: Iterable[Standing]) -> list[Standing]:
    """The highest rank first, ties by id, those without a rank last."""
    return sorted(standings, key=lambda s: (s.rank is None, s.rank or 0, s.township.id))
