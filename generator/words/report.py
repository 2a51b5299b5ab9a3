"""Problems and scores as text for a terminal, a review or a machine.

Owns the line a problem is printed on and the table of scores. Returns strings; only the
command line prints them. Must not judge.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any
from unicodedata import east_asian_width

from generator.engine.amount import exact, is_shown_exactly, shown
from generator.engine.problem import Problem, Severity
from generator.engine.result import Standing, YearResult
from generator.words.escape import escape
from generator.words.messages import Catalogue
from generator.words.vocabulary import STATUSES

Style = Callable[[str, str], str]
"""Takes a text and the role it plays (error, warning, faint, strong, code); adds colour or not."""


def plain(text: str, role: str) -> str:  # noqa: ARG001 - one signature for all styles
    """The style without any colour."""
    return text


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
    place, code = problem.location, f"[{problem.code}]"
    where = style(f"{printable(place.path)}:{place.line}:{place.column}", "strong")
    address = f" {printable(place.address)}" if place.address else ""
    message = printable(catalogue.render(problem.message))
    return f"{where}: {style(problem.severity, problem.severity)}{code}{address}: {message}"


def _github_line(problem: Problem, catalogue: Catalogue, _: Style) -> str:
    place = problem.location
    path = printable(place.path).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    text = printable(f"{place.address}: {catalogue.render(problem.message)}".removeprefix(": "))
    position = f"file={path},line={place.line},col={place.column},title={problem.code}"
    return f"::{problem.severity} {position}::{text.replace('%', '%25')}"


def _problems_markdown(found: Sequence[Problem], catalogue: Catalogue) -> str:
    if not found:
        return ""
    rows = [
        f"| {escape(f'{p.location.path}:{p.location.line}:{p.location.column}')} "
        f"| {p.severity}[{p.code}] | {escape(p.location.address)} "
        f"| {escape(catalogue.render(p.message))} |"
        for p in found
    ]
    _ = catalogue._
    heads = [_("Place"), _("Problem"), _("Address"), _("Message")]
    return "\n".join([f"| {' | '.join(heads)} |", "|---|---|---|---|", *rows])


def _problem_object(problem: Problem, catalogue: Catalogue) -> dict[str, Any]:
    place = problem.location
    return {
        "path": place.path,
        "line": place.line,
        "column": place.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "address": place.address,
        "message": catalogue.render(problem.message),
    }


def printable(text: str) -> str:
    """The text with nothing in it that could move a cursor or break a line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def errors(found: Iterable[Problem]) -> list[Problem]:
    """Those that stop a result; warnings alone do not."""
    return [problem for problem in found if problem.severity is Severity.ERROR]


# --- scores ---------------------------------------------------------------------------


def scores(result: YearResult, chosen: Sequence[Standing], catalogue: Catalogue) -> str:
    """The ranking as a table: rank, township, score, section scores, outcomes."""
    _, text = catalogue._, catalogue.text
    book = result.inputs.rulebook
    heads = [_("Rank"), _("Township"), _("Score")]
    heads += [text(section.title) for section in book.sections] + [_("Outcome")]
    rows = [_score_row(standing, result, catalogue) for standing in in_rank_order(chosen)]
    title = _(
        "{year}, {status}; {rulebook}, version {version}",
        year=result.inputs.assessment.year,
        status=STATUSES[result.inputs.assessment.status],
        rulebook=text(book.title),
        version=book.version,
    )
    return "\n".join([title, "", *table([heads, *rows], right=range(2, 3 + len(book.sections)))])


def in_rank_order(standings: Iterable[Standing]) -> list[Standing]:
    """The highest rank first, ties by id, those without a rank last."""
    return sorted(standings, key=lambda s: (s.rank is None, s.rank or 0, s.township.id))


def _score_row(standing: Standing, result: YearResult, catalogue: Catalogue) -> list[str]:
    _, text, card = catalogue._, catalogue.text, standing.scorecard
    if card is None:
        blanks = ["" for section in result.inputs.rulebook.sections]
        return ["-", text(standing.township.name), _("not submitted"), *blanks, ""]
    outcomes = tuple(result.inputs.rulebook.outcomes[outcome] for outcome in standing.outcomes)
    return [
        str(standing.rank) + (_(" (tied)") if standing.tied else ""),
        text(standing.township.name),
        amount(card.score),
        *[amount(section.points) for section in card.sections],
        catalogue.listed(outcomes),
    ]


def amount(value: Fraction) -> str:
    """Two decimals, and the exact value beside them where they do not say it all."""
    return shown(value) if is_shown_exactly(value) else f"{shown(value)} ({exact(value)})"


def table(rows: Sequence[Sequence[str]], right: range = range(0)) -> list[str]:
    """Rows in columns; a Chinese character takes two. `right`: the columns set flush right."""
    cleaned = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cleaned, strict=True)]
    lines = []
    for row in cleaned:
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(gap + cell if number in right else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
