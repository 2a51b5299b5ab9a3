"""Problems and rankings as text; the columns of a ranking, whose cells pages show too.

Must not judge or print.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import partial
from itertools import chain
from typing import Any, TypeAlias

from generator.engine.book import Rulebook, Wording
from generator.engine.facts import of_group
from generator.engine.problem import Location, Message, Problem, Text
from generator.engine.year import Paid, PartScore, Standing, YearResult
from generator.reading.screen import masked
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


class Key(StrEnum):
    """What a column shows, in the order of columns."""

    RANK = "rank"
    TIED = "tied"
    ID = "id"
    UNIT = "unit"
    SCORE = "score"
    FULL = "full"
    SECTION = "section"
    SECTION_IN_PERIOD = "section in period"
    CLAUSE = "clause"
    PERIOD = "period"
    PERIOD_GRADE = "period grade"
    BESIDE = "beside"
    ADJUSTED = "adjusted"
    UNCONVERTED = "unconverted"
    GROUP = "group"
    GRADE = "grade"
    PAYMENT = "payment"
    OUTCOME = "outcome"


AMOUNTS = frozenset(
    {
        *(Key.SCORE, Key.FULL, Key.SECTION, Key.SECTION_IN_PERIOD, Key.CLAUSE, Key.PERIOD),
        *(Key.BESIDE, Key.ADJUSTED, Key.UNCONVERTED, Key.PAYMENT),
    }
)
"""What holds amounts; everything else is words."""


@dataclass(frozen=True, slots=True)
class RankCell:
    """A place in the ranking, and whether others share it."""

    number: int
    tied: bool


Value: TypeAlias = (
    bool | str | RankCell | Text | Fraction | PartScore | Paid | tuple[Text, ...] | None
)
"""What stands in a cell; None where a unit has nothing there."""


@dataclass(frozen=True, slots=True)
class RankingColumn:
    """One column; `of` gives a unit's value.

    `number` is that of a section or clause, `period` the one inside the year that it is judged in,
    `unit` what a payment is paid in. `about`: what could be had, or how much it counts.
    """

    key: Key
    head: Message
    of: Callable[[Standing], Value]
    number: str = ""
    period: Text | None = None
    unit: Text | None = None
    about: Fraction | Message | None = None


def in_rank_order(standings: Iterable[Standing]) -> list[Standing]:
    """The highest rank first, ties by id, those without a rank last."""
    return sorted(standings, key=lambda s: (s.rank is None, s.rank or 0, s.township.id))


def columns(
    book: Rulebook, standings: Sequence[Standing], keys: Collection[Key]
) -> list[RankingColumn]:
    """The columns of these keys that a table of `standings` has, in the order of columns."""
    every = (_standing(book), _reached(book), _above(book, standings), _following(book))
    return [column for column in chain(*every) if column.key in keys]


def _standing(book: Rulebook) -> Iterator[RankingColumn]:
    """Who it is, its rank and score."""
    usual, assessed = book.wording.unit == Wording().unit, book.wording.assessed
    score = Message("Score") if usual else Message("Amount")
    full = Message("Full") if usual else Message("Whole amount")
    yield RankingColumn(
        Key.RANK, Message("Rank"), lambda s: RankCell(s.rank, s.tied) if s.rank else None
    )
    yield RankingColumn(Key.TIED, Message("Tied"), lambda s: s.tied)
    yield RankingColumn(Key.ID, Message("Id"), lambda s: s.township.id)
    head = Text(*(word[:1].upper() + word[1:] for word in (assessed.zh, assessed.en)))
    yield RankingColumn(Key.UNIT, _named(head), lambda s: s.township.name)
    yield RankingColumn(Key.SCORE, score, lambda s: s.scorecard.score if s.scorecard else None)
    yield RankingColumn(
        Key.FULL, full, lambda s: s.scorecard.total if s.scorecard else book.total.value
    )


def _reached(book: Rulebook) -> Iterator[RankingColumn]:
    """Sections, then clauses, in the year or each period inside it; the periods' own scores."""
    parts = book.above.parts
    places = [(s, p) for s in book.sections for p in (parts if s.each == "period" else (None,))]
    for section, part in places:
        key = Key.SECTION_IN_PERIOD if part else Key.SECTION
        of = partial(_of_section, section=section.id, part=part.id if part else None)
        label = part.label if part else None
        whole = section.points.value * (section.weight.value / 100 if section.weight else 1)
        yield RankingColumn(key, _named(section.title), of, section.id, label, about=whole)
    for section, part in places:
        for clause in section.clauses:
            of = partial(_of_clause, clause=clause.id, part=part.id if part else None)
            label = part.label if part else None
            yield RankingColumn(Key.CLAUSE, _named(clause.title), of, clause.id, label)
    for part in parts:
        weight = part.weight
        about = Message("weight {percent}%", {"percent": weight.value}) if weight else None
        score = partial(_of_part, part=part.id)
        yield RankingColumn(Key.PERIOD, _named(part.label), score, about=about)
        if book.above.bands and book.above.bands.of == "period":
            grade = partial(_grade_of_part, part=part.id)
            yield RankingColumn(Key.PERIOD_GRADE, Message("Grade"), grade, period=part.label)


def _of_section(standing: Standing, section: str, part: str | None) -> Fraction | None:
    card = standing.scorecard
    sections = ((s.section.id, s.part, s.points) for s in card.sections) if card else ()
    return next((points for *place, points in sections if place == [section, part]), None)


def _of_clause(standing: Standing, clause: str, part: str | None) -> Fraction | None:
    sections = standing.scorecard.sections if standing.scorecard else ()
    scores = (score for section in sections if section.part == part for score in section.clauses)
    return next((score.points for score in scores if score.clause.id == clause), None)


def _of_part(standing: Standing, part: str) -> PartScore | None:
    parts = standing.scorecard.parts if standing.scorecard else ()
    return next((score for score in parts if score.part == part), None)


def _grade_of_part(standing: Standing, part: str) -> Text | None:
    score = _of_part(standing, part)
    return score.band.label if score and score.band else None


def _above(book: Rulebook, standings: Sequence[Standing]) -> Iterator[RankingColumn]:
    """What is added or taken beside the sections; the score before it is converted."""
    added = Message("Added or taken")
    cards = [standing.scorecard for standing in standings if standing.scorecard]
    if any(card.adjustments and not card.adjustments[0].converts for card in cards):
        yield RankingColumn(
            Key.BESIDE, added, lambda s: s.scorecard.beside if s.scorecard else None
        )
    yield RankingColumn(Key.ADJUSTED, added, _adjusted)
    if book.above.conversions:
        yield RankingColumn(
            Key.UNCONVERTED,
            Message("Before conversion"),
            lambda s: s.scorecard.unconverted if s.scorecard else None,
        )


def _adjusted(standing: Standing) -> Fraction | None:
    """All that stands between the sections and the score, what conversions change included."""
    card = standing.scorecard
    return sum((step.points for step in card.adjustments), Fraction()) if card else None


def _following(book: Rulebook) -> Iterator[RankingColumn]:
    """Group, grade, payments, outcomes."""
    above, outcomes = book.above, book.outcomes
    if above.grouping:
        labels = {group.id: group.label for group in above.grouping.groups}
        yield RankingColumn(Key.GROUP, Message("Group"), lambda s: labels.get(s.group or ""))
    if above.bands and above.bands.of == "year":
        yield RankingColumn(Key.GRADE, Message("Grade"), lambda s: s.band.label if s.band else None)
    for payment in above.payments:
        of = partial(_paid, payment=payment.id)
        yield RankingColumn(Key.PAYMENT, _named(payment.label), of, unit=payment.unit)
    yield RankingColumn(
        Key.OUTCOME, Message("Outcome"), lambda s: tuple(outcomes[name] for name in s.outcomes)
    )


def _paid(standing: Standing, payment: str) -> Paid | None:
    return next((paid for paid in standing.payments if paid.payment.id == payment), None)


def _named(text: Text) -> Message:
    return Message("{words}", {"words": text})


# --- problems -------------------------------------------------------------------------


def problems(
    problems: Sequence[Problem], catalogue: Catalogue, form: str, style: Style = plain
) -> str:
    """All problems, sorted by place, in one of the four formats; empty text for none but JSON."""
    ordered = sorted(problems, key=lambda problem: (problem.location, problem.code))
    if form == "json":
        return json.dumps(problems_object(ordered, catalogue), ensure_ascii=False, indent=2)
    if form == "markdown":
        return _problems_markdown(ordered, catalogue)
    lines = []
    for problem in ordered:
        place, severity, code = _place(problem), problem.severity, problem.code
        message = catalogue.told(problem.message)
        if form == "github":
            text = f"{place.address}: {message}".removeprefix(": ")
            lines.append(github(severity, place, code, text))
        else:
            where = style(f"{printable(place.path)}:{place.line}:{place.column}", "strong")
            address = f" {printable(place.address)}" if place.address else ""
            kind = f"{style(severity, severity)}[{code}]"
            lines.append(f"{where}: {kind}{address}: {printable(message)}")
    return "\n".join(lines)


def problems_object(problems: Sequence[Problem], catalogue: Catalogue) -> dict[str, Any]:
    """The problems as data."""
    rows = []
    for problem in problems:
        place = _place(problem)
        row = {
            "path": place.path,
            "line": place.line,
            "column": place.column,
            "code": problem.code,
            "severity": problem.severity.value,
            "address": place.address,
            "message": catalogue.told(problem.message),
        }
        rows.append(row)
    return {"problems": rows}


def _problems_markdown(problems: Sequence[Problem], catalogue: Catalogue) -> str:
    _ = catalogue._
    rows: list[list[str]] = [[_("Place"), _("Problem"), _("Address"), _("Message")]]
    for problem in problems:
        place = _place(problem)
        where = f"{place.path}:{place.line}:{place.column}"
        kind = Safe(f"{problem.severity}[{problem.code}]")
        rows.append([where, kind, place.address, catalogue.told(problem.message)])
    return "\n".join(markdown_table(rows)) if problems else ""


def _place(problem: Problem) -> Location:
    """Where it stands; a file's name and a key may be a number that leads to a person."""
    place = problem.location
    return replace(place, path=masked(place.path), address=masked(place.address))


# --- scores ---------------------------------------------------------------------------


def not_public(result: YearResult, catalogue: Catalogue) -> list[str]:
    """What is said beside every score of a year that is open, a line."""
    line = Message(
        "Not public: the year is still open, and everything below may change until it is assessed."
    )
    return [catalogue.render(line)] if result.inputs.assessment.status == "open" else []


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
    lines += not_public(result, catalogue)
    for name, own, standings in _tables(book, chosen):
        if standings:
            shown = columns(own, standings, _COLUMNS)
            rows = [[catalogue.render(column.head) for column in shown]]
            rows += [[_cell(column, s, catalogue) for column in shown] for s in standings]
            lines += ["", *([catalogue.text(name)] if name else [])]
            lines += table(rows, right=range(2, len(shown) - 1))
    return "\n".join(lines)


def _tables(
    book: Rulebook, chosen: Sequence[Standing]
) -> Iterator[tuple[Text | None, Rulebook, list[Standing]]]:
    """Those who are ranked together, with their group and the rulebook as it sees it."""
    grouping, ordered = book.above.grouping, in_rank_order(chosen)
    if grouping is None or not grouping.apart:
        yield None, book, ordered
        return
    for group, label in [*((group.id, group.label) for group in grouping.groups), (None, None)]:
        members = [standing for standing in ordered if standing.group == group]
        yield label, of_group(book, group), members


_COLUMNS = frozenset(
    {
        *(Key.RANK, Key.UNIT, Key.SCORE, Key.SECTION, Key.PERIOD, Key.BESIDE, Key.UNCONVERTED),
        *(Key.GRADE, Key.PAYMENT, Key.OUTCOME),
    }
)


def _cell(column: RankingColumn, standing: Standing, catalogue: Catalogue) -> str:
    match column.of(standing):
        case RankCell(number=number, tied=tied):
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
