"""Answers to «what if»: other readings, facts or rulebooks, and how far examples try a rulebook.

As text, Markdown and plain data, for the command line and the pages alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from generator.engine.amount import exact
from generator.engine.book import Alternative, Reading, Rulebook, Wording
from generator.engine.difference import ClauseMoved, Moved
from generator.engine.problem import Message
from generator.engine.year import Standing, YearResult
from generator.review.diff import Diff, YearDiff
from generator.review.readings import Otherwise, Range, Ranges, YearReadings
from generator.rulebook.readings import Option
from generator.words.diff import diff_markdown, diff_text, year_object
from generator.words.messages import Catalogue, escape
from generator.words.report import Style, amount, plain, problems, table
from generator.year.examples import RuleCoverage
from generator.year.supposed import Impact


def wording(book: Rulebook, option: Option) -> tuple[Reading, Alternative]:
    """The reading and the alternative that a switch is about."""
    reading = next(one for one in book.readings if one.id == option.reading)
    return reading, next(one for one in reading.alternatives if one.id == option.id)


def read_so(book: Rulebook, option: Option) -> Message:
    """A phrase and how it is read."""
    reading, alternative = wording(book, option)
    return Message("“{phrase}”: {text}", {"phrase": reading.phrase, "text": alternative.text})


def place(standing: Standing) -> object:
    """A rank, and whether it is shared."""
    if standing.rank is None:
        return "–"
    return Message("{rank} (tied)", {"rank": standing.rank}) if standing.tied else standing.rank


def rank_moved(one: Moved) -> Message:
    """From which rank to which."""
    return Message(
        "{township} {old} → {new}",
        {"township": one.township.name, "old": place(one.old), "new": place(one.new)},
    )


def lists_moved(one: Moved, book: Rulebook) -> Message:
    """Onto which lists a township comes, and which ones it leaves."""
    old, new = one.old.outcomes, one.new.outcomes
    come = tuple(book.outcomes[outcome] for outcome in new if outcome not in old)
    gone = tuple(book.outcomes[outcome] for outcome in old if outcome not in new)
    if come and gone:
        return Message("now “{come}”; no longer “{gone}”", {"come": come, "gone": gone})
    return (
        Message("now “{come}”", {"come": come})
        if come
        else Message("no longer “{gone}”", {"gone": gone})
    )


def nothing_more(found: Otherwise) -> Message | None:
    """What is said where no rank and no list is another; None where one is."""
    if found.standings is None:
        return Message("This year cannot be judged so.")
    if found.ranks or found.listed:
        return None
    if not found.moved:
        return Message("Nothing would have changed.")
    args = {"count": len(found.moved)}
    return Message("No rank and no list would change; scores of {count} would.", args)


def how_many(ranges: Ranges) -> Message:
    """Over how many combinations of readings the ranks are."""
    args = {"judged": ranges.judged, "total": ranges.total}
    if ranges.complete:
        return Message("All {total} combinations of these readings were judged.", args)
    return Message(
        "{judged} of {total} combinations were judged: every reading by itself, and others drawn "
        "by a fixed rule, the same ones every time. Ranks beyond those shown are possible.",
        args,
    )


def span(one: Range) -> Message:
    """A township's best and worst rank."""
    args = {"best": one.best, "worst": one.worst}
    if one.best == one.worst:
        return Message("always {best}", args)
    return Message("{best} to {worst}", args)


def left_out(book: Rulebook, options: Sequence[Option]) -> Message:
    """Readings by which the year cannot be judged."""
    names = tuple(read_so(book, option) for option in options)
    return Message(
        "Left out, because the year cannot be judged so: {readings}", {"readings": names}
    )


FORMAT = 1


@dataclass(frozen=True, slots=True)
class Supposed:
    """What somebody supposes: readings, another rulebook, facts by township and address."""

    book: Rulebook
    options: tuple[Option, ...] = ()
    other_book: bool = False
    changes: Mapping[str, Sequence[tuple[str, str]]] | None = None

    def __bool__(self) -> bool:
        return bool(self.options or self.other_book or self.changes)

    def told(self, result: YearResult) -> Iterator[Message]:
        """Everything that is supposed, one by one."""
        if self.other_book:
            args = {"title": self.book.title, "version": self.book.version}
            yield Message("judged by {title}, version {version}", args)
        for option in self.options:
            yield read_so(self.book, option)
        names = {one.id: one.name for one in result.inputs.townships}
        for township, those in (self.changes or {}).items():
            for fact, value in those:
                args = {"township": names[township], "fact": fact, "value": value}
                struck = Message("{township}: {fact} left out", args)
                yield struck if value == "null" else Message("{township}: {fact} = {value}", args)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked of a year, and what came of it: a difference, or every reading by itself."""

    supposed: Supposed
    result: YearResult
    moved: YearDiff | None
    readings: YearReadings | None
    ranges: Ranges | None

    @property
    def differs(self) -> bool:
        """Whether anything would be different."""
        moved = self.moved is not None and bool(self.moved.townships)
        singly = self.readings is not None and any(one.moved for one in self.readings.found)
        spread = self.ranges is not None and any(
            one.best != one.worst for one in self.ranges.ranges
        )
        return moved or singly or spread


# --- text -----------------------------------------------------------------------------


def answer_text(answer: Answer, catalogue: Catalogue, style: Style = plain) -> str:
    """The answer for a terminal."""
    lines = [style(catalogue.render(_head(answer)), "strong")]
    if answer.moved is not None:
        lines += ["", _differences(answer.moved, catalogue, style)]
    for one in answer.readings.found if answer.readings else ():
        lines += ["", style(_title(one, answer, catalogue), "strong")]
        lines += [f"  {line}" for line in _body(one, answer, catalogue)]
    if answer.ranges is not None:
        lines += ["", *_ranges(answer.ranges, answer, catalogue)]
    return "\n".join(lines)


def _head(answer: Answer) -> Message:
    year = answer.result.inputs.assessment.year
    told = tuple(answer.supposed.told(answer.result))
    if told:
        return Message("{year}, supposing {supposed}", {"year": year, "supposed": told})
    return Message("{year}, every other reading by itself", {"year": year})


def _differences(moved: YearDiff, catalogue: Catalogue, style: Style) -> str:
    if not moved.townships:
        return catalogue._("Nothing would have changed.")
    return diff_text(Diff((moved,)), catalogue, style)


def _title(one: Otherwise, answer: Answer, catalogue: Catalogue) -> str:
    return f"{catalogue.render(read_so(answer.supposed.book, one.option))}  {one.option.name}"


def _body(one: Otherwise, answer: Answer, catalogue: Catalogue) -> Iterator[str]:
    nothing = nothing_more(one)
    if nothing is not None:
        yield catalogue.render(nothing)
    if one.ranks:
        yield catalogue._("Rank: {moved}", moved=tuple(map(rank_moved, one.ranks)))
    for each in one.listed:
        moved = lists_moved(each, answer.supposed.book)
        yield catalogue._("{township}: {moved}", township=each.township.name, moved=moved)


def _ranges(ranges: Ranges, answer: Answer, catalogue: Catalogue) -> Iterator[str]:
    yield catalogue.render(how_many(ranges))
    if ranges.left_out:
        yield catalogue.render(left_out(answer.supposed.book, ranges.left_out))
    heads, *rows = _range_rows(ranges, answer, catalogue)
    yield from table([heads, *rows], right=range(1, 2))


def _range_rows(ranges: Ranges, answer: Answer, catalogue: Catalogue) -> list[list[str]]:
    assessed = catalogue.text(answer.supposed.book.wording.assessed)
    heads = [assessed[:1].upper() + assessed[1:], catalogue._("Rank"), catalogue._("Possible")]
    rows = [
        [catalogue.text(one.township.name), str(one.rank), catalogue.render(span(one))]
        for one in ranges.ranges
    ]
    return [heads, *rows]


# --- Markdown -------------------------------------------------------------------------


def answer_markdown(answer: Answer, catalogue: Catalogue) -> str:
    """The same for a review."""
    lines = [f"## {escape(catalogue.render(_head(answer)))}", ""]
    if answer.moved is not None and answer.moved.townships:
        lines += [diff_markdown(Diff((answer.moved,)), catalogue), ""]
    elif answer.moved is not None:
        lines += [escape(catalogue._("Nothing would have changed.")), ""]
    for one in answer.readings.found if answer.readings else ():
        lines += [f"### {escape(_title(one, answer, catalogue))}", ""]
        lines += [f"- {escape(line)}" for line in _body(one, answer, catalogue)] + [""]
    if answer.ranges is not None:
        heads, *rows = _range_rows(answer.ranges, answer, catalogue)
        lines += [escape(catalogue.render(how_many(answer.ranges))), ""]
        lines += [_row(heads), "|" + "---|" * len(heads), *map(_row, rows)]
    return "\n".join(lines).rstrip("\n")


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


# --- data -----------------------------------------------------------------------------


def answer_object(answer: Answer) -> dict[str, Any]:
    """The same as data (`schema/whatif.schema.json`)."""
    supposed, book = answer.supposed, answer.supposed.book
    return {
        "format": FORMAT,
        "year": answer.result.inputs.assessment.year,
        "rulebook": {"id": book.id, "version": book.version},
        "supposed": {
            "readings": [option.name for option in supposed.options],
            "changes": [
                {"township": township, "fact": fact, "value": value}
                for township, those in (supposed.changes or {}).items()
                for fact, value in those
            ],
        },
        "moved": None if answer.moved is None else year_object(answer.moved)["townships"],
        "readings": [_reading_object(one, book) for one in _every(answer)],
        "ranges": None if answer.ranges is None else _ranges_object(answer.ranges),
    }


def _every(answer: Answer) -> tuple[Otherwise, ...]:
    return answer.readings.found if answer.readings else ()


def _reading_object(one: Otherwise, book: Rulebook) -> dict[str, Any]:
    reading, alternative = wording(book, one.option)
    return {
        "reading": reading.id,
        "alternative": alternative.id,
        "text": {"zh": alternative.text.zh, "en": alternative.text.en},
        "judged": one.standings is not None,
        "moved": [_moved_object(each) for each in one.moved],
    }


def _moved_object(one: Moved) -> dict[str, Any]:
    return {"id": one.township.id, "old": _standing(one.old), "new": _standing(one.new)}


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "score": exact(one.scorecard.score) if one.scorecard else None,
        "rank": one.rank,
        "tied": one.tied,
        "outcomes": list(one.outcomes),
    }


def _ranges_object(ranges: Ranges) -> dict[str, Any]:
    return {
        "combinations": ranges.total,
        "judged": ranges.judged,
        "left_out": [option.name for option in ranges.left_out],
        "townships": [
            {"id": one.township.id, "rank": one.rank, "best": one.best, "worst": one.worst}
            for one in ranges.ranges
        ],
    }


def impact_text(
    impacts: Sequence[Impact], new: Rulebook, catalogue: Catalogue, style: Style = plain
) -> str:
    """Year by year who would have stood elsewhere, and by which clauses."""
    lines: list[str] = []
    for impact in impacts:
        lines += [
            style(_impact_head(impact, new, catalogue), "strong"),
            *_impact_body(impact, new, catalogue),
            "",
        ]
    return "\n".join(lines).rstrip("\n")


def impact_markdown(impacts: Sequence[Impact], new: Rulebook, catalogue: Catalogue) -> str:
    """The same as tables, for a review."""
    lines: list[str] = []
    for impact in impacts:
        lines += [f"### {_impact_head(impact, new, catalogue)}", ""]
        if impact.moved:
            heads, *rows = _rows(impact, new, catalogue)
            lines += [_row(heads), "|" + "---|" * len(heads), *map(_row, rows), ""]
        else:
            lines += [*_impact_body(impact, new, catalogue), ""]
    return "\n".join(lines).rstrip("\n")


def impact_object(impacts: Sequence[Impact], new: Rulebook) -> dict[str, Any]:
    """The same as data."""
    return {
        "rulebook": {"id": new.id, "version": new.version},
        "years": [
            {
                "year": impact.old.inputs.assessment.year,
                "fits": impact.new is not None,
                "moved": [_impact_object(one) for one in impact.moved],
            }
            for impact in impacts
        ],
    }


def _impact_head(impact: Impact, new: Rulebook, catalogue: Catalogue) -> str:
    own = impact.old.inputs.rulebook
    return catalogue._(
        "{year}: {old} version {old_version} → {new} version {new_version}",
        year=impact.old.inputs.assessment.year,
        old=own.title,
        old_version=own.version,
        new=new.title,
        new_version=new.version,
    )


def _impact_body(impact: Impact, new: Rulebook, catalogue: Catalogue) -> Iterator[str]:
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


def _impact_object(one: Moved) -> dict[str, Any]:
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


def coverage_lines(
    covered: Sequence[RuleCoverage], examples: int, catalogue: Catalogue
) -> Iterator[str]:
    """A line for every rule that examples do not show from both sides, with all its numbers.

    Where there are no examples at all, that is said once.
    """
    if not examples:
        yield catalogue._("There are no worked examples yet; no rule has been tried.")
    for one in covered if examples else ():
        if not one.complete:
            lacking = tuple(_lacking(one, catalogue))
            yield catalogue._(
                "{clause} {rule}: {lacking}", clause=one.of, rule=one.rule.id, lacking=lacking
            )


def coverage_object(covered: Sequence[RuleCoverage]) -> list[dict[str, Any]]:
    """Every rule with what examples show of it."""
    return [
        {
            "clause": one.of,
            "rule": one.rule.id,
            "asks": one.asks,
            "silent": one.silent,
            "unused": [
                {"value": exact(figure.value), "reference": figure.reference}
                for figure in one.unused
            ],
        }
        for one in covered
    ]


def _lacking(one: RuleCoverage, catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    if not one.asks:
        yield _("no example in which it asks anything")
    if not one.silent:
        yield _("no example in which it asks nothing")
    if one.asks:
        for figure in one.unused:
            args = {"value": figure.value, "reference": figure.reference}
            yield _("no example uses {value} ({reference})", **args)
