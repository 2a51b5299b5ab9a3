"""A small city judged by the engine: every kind of thing that a page has to show.

Its files stand in `tests/small/`, written for the year 2025; `corrected/` is what a year has
besides in which there were objections.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from generator.engine.book import Rulebook
from generator.engine.problem import Text
from generator.engine.rank import judged
from generator.engine.year import City, Submission, Township, YearResult
from generator.shape.schema import files_of
from generator.year.load import Loaded, load
from tests.cases import TESTS
from tests.trees import YEAR, Written, changed, texts_below

SMALL = TESTS / "small"


@cache
def _loaded(number: int, status: str, *, corrected: bool) -> Loaded:
    texts = texts_below(SMALL) | (texts_below(SMALL / "corrected") if corrected else {})
    texts = changed(texts, YEAR, ("status: provisional", f"status: {status}"))
    later = {"2025": str(number), "2026": str(number + 1)}
    moved = {
        path.replace("2025", str(number)): re.sub("2025|2026", lambda year: later[year[0]], text)
        for path, text in texts.items()
    }
    loaded, problems = load(files_of(Written(moved)))
    assert loaded is not None
    assert problems == []
    return loaded


def year(number: int, status: str = "provisional", *, corrected: bool = False) -> YearResult:
    """One year: a tie in the middle, a tie across the last two places, one township unsubmitted."""
    return judged(_loaded(number, status, corrected=corrected).years[0])


def years() -> tuple[YearResult, ...]:
    """Oldest first: a final year, a corrected one, the one under way."""
    return (year(2023, "final"), year(2024, "final", corrected=True), year(2025))


def rulebook() -> Rulebook:
    """Three sections, six clauses, 46 points; one of every kind of rule that needs no deadline."""
    return year(2025).inputs.rulebook


def townships() -> tuple[Township, ...]:
    """The eight townships, of which the last one never reports."""
    return year(2025).inputs.townships


NAMES = {township.id: township.name.zh for township in townships()}


def city(names: Mapping[str, str] = NAMES, *, demonstration: bool = True) -> City:
    """The city, with other names for its townships, or no demonstration."""
    named = tuple(replace(t, name=Text(names[t.id], names[t.id])) for t in townships())
    known = _loaded(2025, "provisional", corrected=False).city
    return replace(known, demonstration=demonstration, townships=named)


def visit(number: int, day: str) -> dict[str, object]:
    """A visit to Beijing, as a report has it."""
    return {"id": f"V-{number:03}", "date": day, "level": "beijing"}


def submission(township: str, number: int, **facts: object) -> Submission:
    """A faultless report, with the given facts in place of its own."""
    faultless = year(number).inputs.submissions["chengguan"]
    return replace(faultless, township=township, facts={**faultless.facts, **facts})
