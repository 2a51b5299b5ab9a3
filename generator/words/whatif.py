"""Answers to «what if»: what would move, as text, as Markdown, as plain data.

Owns how these answers are laid out; differences read as between two revisions (`diff`), readings
as on the page of a year (`otherwise`). Must not judge.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.data.switches import Option
from generator.engine.amount import exact
from generator.engine.book import Rulebook
from generator.engine.compare import Moved
from generator.engine.problem import Message
from generator.engine.result import Standing, YearResult
from generator.review.diff import Diff, YearDiff
from generator.review.otherwise import Otherwise
from generator.review.ranges import Ranges, YearReadings
from generator.words.diff import diff_markdown, diff_text
from generator.words.diff_data import year_object
from generator.words.escape import escape
from generator.words.messages import Catalogue
from generator.words.otherwise import (
    how_many,
    left_out,
    lists_moved,
    nothing_more,
    rank_moved,
    read_so,
    span,
    wording,
)
from generator.words.report import Style, plain, table

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
