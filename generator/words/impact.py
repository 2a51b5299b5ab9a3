"""What another rulebook would have made of past years, as text, Markdown or plain data.

Owns the wording of moved scores, ranks, grades and consequences. Must not judge or compare.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from generator.data.impact import Impact
from generator.engine.amount import exact
from generator.engine.book import Rulebook, Wording
from generator.engine.compare import ClauseMoved, Moved
from generator.engine.result import Standing
from generator.words.escape import escape
from generator.words.messages import Catalogue
from generator.words.report import Style, amount, plain, problems, table


def impact_text(
    impacts: Sequence[Impact], new: Rulebook, catalogue: Catalogue, style: Style = plain
) -> str:
    """Year by year who would have stood elsewhere, and by which clauses."""
    lines: list[str] = []
    for impact in impacts:
        lines += [
            style(_head(impact, new, catalogue), "strong"),
            *_body(impact, new, catalogue),
            "",
        ]
    return "\n".join(lines).rstrip("\n")


def impact_markdown(impacts: Sequence[Impact], new: Rulebook, catalogue: Catalogue) -> str:
    """The same as tables, for a review."""
    lines: list[str] = []
    for impact in impacts:
        lines += [f"### {_head(impact, new, catalogue)}", ""]
        if impact.moved:
            heads, *rows = _rows(impact, new, catalogue)
            lines += [_row(heads), "|" + "---|" * len(heads), *map(_row, rows), ""]
        else:
            lines += [*_body(impact, new, catalogue), ""]
    return "\n".join(lines).rstrip("\n")


def impact_object(impacts: Sequence[Impact], new: Rulebook) -> dict[str, Any]:
    """The same as data."""
    return {
        "rulebook": {"id": new.id, "version": new.version},
        "years": [
            {
                "year": impact.old.inputs.assessment.year,
                "fits": impact.new is not None,
                "moved": [_moved_object(one) for one in impact.moved],
            }
            for impact in impacts
        ],
    }


def _head(impact: Impact, new: Rulebook, catalogue: Catalogue) -> str:
    own = impact.old.inputs.rulebook
    return catalogue._(
        "{year}: {old} version {old_version} → {new} version {new_version}",
        year=impact.old.inputs.assessment.year,
        old=own.title,
        old_version=own.version,
        new=new.title,
        new_version=new.version,
    )


def _body(impact: Impact, new: Rulebook, catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    if impact.new is None:
        yield _("The facts of that year do not fit this rulebook:")
        yield problems(impact.problems, catalogue, "text")
    elif not impact.moved:
        yield _("Nothing would have changed.")
    else:
        yield from table(_rows(impact, new, catalogue), right=range(1, 3))
        for one in impact.moved:
            name = catalogue.text(one.township.name)
            if one.clauses:
                yield f"  {name}  " + "  ".join(map(_clause, one.clauses))


def _rows(impact: Impact, new: Rulebook, catalogue: Catalogue) -> list[list[str]]:
    _, books = catalogue._, (impact.old.inputs.rulebook, new)
    assessed = catalogue.text(new.wording.assessed)
    usual = new.wording.unit == Wording().unit
    score = _("Score") if usual else _("Amount")
    heads = [assessed[:1].upper() + assessed[1:], score, _("Rank"), _("Grade"), _("Outcome")]
    rows = [
        [
            catalogue.text(one.township.name),
            _arrow(_score(one.old), _score(one.new)),
            _arrow(_rank(one.old, catalogue), _rank(one.new, catalogue)),
            _arrow(_band(one.old, catalogue), _band(one.new, catalogue)),
            _arrow(
                _outcomes(one.old, books[0], catalogue), _outcomes(one.new, books[1], catalogue)
            ),
        ]
        for one in impact.moved
    ]
    graded = any(book.above.bands and book.above.bands.of == "year" for book in books)
    return [
        [c for c, head in zip(row, heads, strict=True) if graded or head != _("Grade")]
        for row in (heads, *rows)
    ]


def _arrow(old: str, new: str) -> str:
    return old if old == new else f"{old} → {new}"


def _score(standing: Standing) -> str:
    return amount(standing.scorecard.score) if standing.scorecard else "–"


def _rank(standing: Standing, catalogue: Catalogue) -> str:
    if standing.rank is None:
        return "–"
    return f"{standing.rank}" + (catalogue._(" (tied)") if standing.tied else "")


def _band(standing: Standing, catalogue: Catalogue) -> str:
    return catalogue.text(standing.band.label) if standing.band else "–"


def _outcomes(standing: Standing, book: Rulebook, catalogue: Catalogue) -> str:
    return catalogue.listed(book.outcomes[name] for name in standing.outcomes) or "–"


def _clause(moved: ClauseMoved) -> str:
    name = moved.clause if moved.part is None else f"{moved.part} {moved.clause}"
    return f"{name}: {_points(moved.old)} → {_points(moved.new)}"


def _points(points: Fraction | None) -> str:
    return "–" if points is None else exact(points)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def _moved_object(one: Moved) -> dict[str, Any]:
    return {
        "id": one.township.id,
        "old": _standing_object(one.old),
        "new": _standing_object(one.new),
        "clauses": [
            {
                "id": moved.clause,
                **({} if moved.part is None else {"period": moved.part}),
                "old": None if moved.old is None else exact(moved.old),
                "new": None if moved.new is None else exact(moved.new),
            }
            for moved in one.clauses
        ],
    }


def _standing_object(standing: Standing) -> dict[str, Any]:
    return {
        "score": exact(standing.scorecard.score) if standing.scorecard else None,
        "rank": standing.rank,
        "tied": standing.tied,
        "band": standing.band.id if standing.band else None,
        "outcomes": list(standing.outcomes),
    }
