"""Answers to «what if»: other readings, facts or rulebooks, and how far examples try a rulebook.

As text, Markdown and plain data, for the command line and the pages alike.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.engine.book import Alternative, Reading, Rulebook
from generator.engine.difference import Moved
from generator.engine.measures import exact
from generator.engine.problem import Message, Problem
from generator.engine.year import Standing, YearResult
from generator.review.diff import Diff, YearDiff
from generator.review.readings import Otherwise, Range, Ranges, YearReadings
from generator.rulebook.books import Option
from generator.words.diff import diff_markdown, diff_text, year_object
from generator.words.messages import Catalogue, Style, escape, heading, markdown_table, plain, table
from generator.words.report import problems
from generator.words.results import standing_object
from generator.year.examples import RuleCoverage


def wording(book: Rulebook, option: Option) -> tuple[Reading, Alternative]:
    """The reading and the alternative that a switch is about."""
    reading = next(reading for reading in book.readings if reading.id == option.reading)
    return reading, next(choice for choice in reading.alternatives if choice.id == option.id)


def read_so(book: Rulebook, option: Option) -> Message:
    """A phrase and how it is read."""
    reading, alternative = wording(book, option)
    return Message("“{phrase}”: {text}", {"phrase": reading.phrase, "text": alternative.text})


def place(standing: Standing) -> object:
    """A rank, and whether it is shared."""
    if standing.rank is None:
        return "–"
    return Message("{rank} (tied)", {"rank": standing.rank}) if standing.tied else standing.rank


def lists_moved(change: Moved, book: Rulebook) -> Message:
    """Onto which lists a township comes, and which ones it leaves."""
    old, new = change.old.outcomes, change.new.outcomes
    come = tuple(book.outcomes[outcome] for outcome in new if outcome not in old)
    gone = tuple(book.outcomes[outcome] for outcome in old if outcome not in new)
    args = {"come": come, "gone": gone}
    if come and gone:
        return Message("now “{come}”; no longer “{gone}”", args)
    return Message("now “{come}”", args) if come else Message("no longer “{gone}”", args)


def nothing_more(reading: Otherwise) -> Message | None:
    """What is said where no rank and no list is another; None where one is."""
    if reading.standings is None:
        return Message("This year cannot be judged so.")
    if reading.ranks or reading.listed:
        return None
    if not reading.moved:
        return Message("Nothing would have changed.")
    args = {"count": len(reading.moved)}
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


def span(ranks: Range) -> Message:
    """A township's best and worst rank."""
    args = {"best": ranks.best, "worst": ranks.worst}
    if ranks.best == ranks.worst:
        return Message("always {best}", args)
    return Message("{best} to {worst}", args)


def left_out(book: Rulebook, options: Sequence[Option]) -> Message:
    """Readings by which the year cannot be judged."""
    names = tuple(read_so(book, option) for option in options)
    args = {"readings": names}
    return Message("Left out, because the year cannot be judged so: {readings}", args)


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
        names = {township.id: township.name for township in result.inputs.townships}
        for township, facts in (self.changes or {}).items():
            for fact, value in facts:
                args = {"township": names[township], "fact": fact, "value": value}
                struck = Message("{township}: {fact} left out", args)
                yield struck if value == "null" else Message("{township}: {fact} = {value}", args)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What was asked of a year, and what came of it.

    Its difference, or why it cannot be judged so; every reading by itself; ranges.
    """

    supposed: Supposed
    result: YearResult
    moved: YearDiff | None = None
    readings: YearReadings | None = None
    ranges: Ranges | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def singly(self) -> tuple[Otherwise, ...]:
        """What each reading by itself would move."""
        return self.readings.found if self.readings else ()

    @property
    def differs(self) -> bool:
        """Whether anything would be different."""
        ranges = self.ranges.ranges if self.ranges else ()
        return (
            bool(self.problems or (self.moved and self.moved.townships))
            or any(reading.moved for reading in self.singly)
            or any(span.best != span.worst for span in ranges)
        )


# --- text -----------------------------------------------------------------------------


UNFIT = Message("The facts of that year do not fit this rulebook:")


def answer_text(answer: WhatIf, catalogue: Catalogue, style: Style = plain) -> str:
    """The answer for a terminal."""
    lines = [style(catalogue.render(_head(answer)), "strong")]
    if answer.problems:
        lines += ["", catalogue.render(UNFIT), problems(answer.problems, catalogue, "text")]
    if answer.moved is not None and answer.moved.townships:
        lines += ["", diff_text(Diff((answer.moved,)), catalogue, style)]
    elif answer.moved is not None:
        lines += ["", catalogue._("Nothing would have changed.")]
    for reading in answer.singly:
        lines += ["", style(_title(reading, answer, catalogue), "strong")]
        lines += [f"  {line}" for line in _body(reading, answer, catalogue)]
    if (ranges := answer.ranges) is not None:
        lines += ["", catalogue.render(how_many(ranges))]
        if ranges.left_out:
            lines.append(catalogue.render(left_out(answer.supposed.book, ranges.left_out)))
        lines += table(_range_rows(ranges, answer, catalogue), right=range(1, 2))
    return "\n".join(lines)


def _head(answer: WhatIf) -> Message:
    year = answer.result.inputs.assessment.year
    supposed = tuple(answer.supposed.told(answer.result))
    if supposed:
        return Message("{year}, supposing {supposed}", {"year": year, "supposed": supposed})
    return Message("{year}, every other reading by itself", {"year": year})


def _title(reading: Otherwise, answer: WhatIf, catalogue: Catalogue) -> str:
    text = catalogue.render(read_so(answer.supposed.book, reading.option))
    return f"{text}  {reading.option.name}"


def _body(reading: Otherwise, answer: WhatIf, catalogue: Catalogue) -> Iterator[str]:
    nothing = nothing_more(reading)
    if nothing is not None:
        yield catalogue.render(nothing)
    if reading.ranks:
        ranks = tuple(
            Message(
                "{township} {old} → {new}",
                {"township": moved.township.name, "old": place(moved.old), "new": place(moved.new)},
            )
            for moved in reading.ranks
        )
        yield catalogue._("Rank: {moved}", moved=ranks)
    for change in reading.listed:
        moved = lists_moved(change, answer.supposed.book)
        yield catalogue._("{township}: {moved}", township=change.township.name, moved=moved)


def _range_rows(ranges: Ranges, answer: WhatIf, catalogue: Catalogue) -> list[list[str]]:
    assessed = catalogue.text(answer.supposed.book.wording.assessed)
    heads = [heading(assessed), catalogue._("Rank"), catalogue._("Possible")]
    rows = [
        [catalogue.text(unit.township.name), str(unit.rank), catalogue.render(span(unit))]
        for unit in ranges.ranges
    ]
    return [heads, *rows]


# --- Markdown -------------------------------------------------------------------------


def answer_markdown(answer: WhatIf, catalogue: Catalogue, mark: str = "##") -> str:
    """The same for a review, below a heading with this mark."""
    lines = [f"{mark} {escape(catalogue.render(_head(answer)))}", ""]
    if answer.problems:
        lines += [escape(catalogue.render(UNFIT)), ""]
        lines += [problems(answer.problems, catalogue, "markdown"), ""]
    if answer.moved is not None and answer.moved.townships:
        lines += [diff_markdown(Diff((answer.moved,)), catalogue), ""]
    elif answer.moved is not None:
        lines += [escape(catalogue._("Nothing would have changed.")), ""]
    for reading in answer.singly:
        lines += [f"### {escape(_title(reading, answer, catalogue))}", ""]
        lines += [f"- {escape(line)}" for line in _body(reading, answer, catalogue)] + [""]
    if answer.ranges is not None:
        lines += [escape(catalogue.render(how_many(answer.ranges))), ""]
        lines += markdown_table(_range_rows(answer.ranges, answer, catalogue))
    return "\n".join(lines).rstrip("\n")


# --- data -----------------------------------------------------------------------------


def answer_object(answer: WhatIf) -> dict[str, Any]:
    """The same as data (`schema/whatif.schema.json`)."""
    supposed, book, ranges = answer.supposed, answer.supposed.book, answer.ranges
    return {
        "format": FORMAT,
        "year": answer.result.inputs.assessment.year,
        "rulebook": {"id": book.id, "version": book.version},
        "supposed": {
            "readings": [option.name for option in supposed.options],
            "changes": [
                {"township": township, "fact": fact, "value": value}
                for township, facts in (supposed.changes or {}).items()
                for fact, value in facts
            ],
        },
        "moved": None if answer.moved is None else year_object(answer.moved)["townships"],
        "readings": [_reading_object(reading, book) for reading in answer.singly],
        "ranges": {
            "combinations": ranges.total,
            "judged": ranges.judged,
            "left_out": [option.name for option in ranges.left_out],
            "townships": [
                {"id": unit.township.id, "rank": unit.rank, "best": unit.best, "worst": unit.worst}
                for unit in ranges.ranges
            ],
        }
        if ranges
        else None,
    }


def impact_object(answers: Sequence[WhatIf], new: Rulebook) -> dict[str, Any]:
    """What a rulebook would have made of past years, as data; townships as in `answer_object`."""
    return {
        "rulebook": {"id": new.id, "version": new.version},
        "years": [
            {
                "year": answer.result.inputs.assessment.year,
                "fits": answer.moved is not None,
                "moved": year_object(answer.moved)["townships"] if answer.moved else [],
            }
            for answer in answers
        ],
    }


def _reading_object(judged: Otherwise, book: Rulebook) -> dict[str, Any]:
    reading, alternative = wording(book, judged.option)
    return {
        "reading": reading.id,
        "alternative": alternative.id,
        "text": {"zh": alternative.text.zh, "en": alternative.text.en},
        "judged": judged.standings is not None,
        "moved": [
            {
                "id": moved.township.id,
                "old": standing_object(moved.old),
                "new": standing_object(moved.new),
            }
            for moved in judged.moved
        ],
    }


def coverage_lines(
    covered: Sequence[RuleCoverage], examples: int, catalogue: Catalogue
) -> Iterator[str]:
    """A line for every rule that examples do not show from both sides, with all its numbers.

    Where there are no examples at all, that is said once.
    """
    if not examples:
        yield catalogue._("There are no worked examples yet; no rule has been tried.")
        return
    for rule in covered:
        if not rule.complete:
            yield catalogue._(
                "{clause} {rule}: {lacking}",
                clause=rule.of,
                rule=rule.rule.id,
                lacking=tuple(_lacking(rule, catalogue)),
            )


def coverage_object(covered: Sequence[RuleCoverage]) -> list[dict[str, Any]]:
    """Every rule with what examples show of it."""
    return [
        {
            "clause": rule.of,
            "rule": rule.rule.id,
            "asks": rule.asks,
            "silent": rule.silent,
            "unused": [
                {"value": exact(figure.value), "reference": figure.reference}
                for figure in rule.unused
            ],
        }
        for rule in covered
    ]


def _lacking(rule: RuleCoverage, catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    if not rule.asks:
        yield _("no example in which it asks anything")
    if not rule.silent:
        yield _("no example in which it asks nothing")
    for figure in rule.unused if rule.asks else ():
        args = {"value": figure.value, "reference": figure.reference}
        yield _("no example uses {value} ({reference})", **args)
