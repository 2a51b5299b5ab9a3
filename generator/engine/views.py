"""Every unit's facts as rules see them: of the year, of the periods inside it, of the year before.

Owns when a period is, and who is compared with whom. Must not judge.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from generator.engine.book import Rulebook
from generator.engine.facts import PARTS, Facts, Peers, facts
from generator.engine.model import Calendar, Period, Submission
from generator.engine.reach import looks_back

Views: TypeAlias = Mapping[str | None, Facts]
"""One unit's facts: of the year (None), and of each period inside it."""


def views_of(
    submissions: Mapping[str, Submission],
    books: Mapping[str | None, Rulebook],
    period: Period,
    groups: Mapping[str, str],
    before: Mapping[str, Submission],
    calendar: Calendar,
) -> dict[str, Views]:
    """The facts of every unit, each knowing its past and those it is ranked with."""
    together: dict[tuple[str | None, str | None], Peers] = {}
    found: dict[str, Views] = {}
    remember = any(map(looks_back, books.values()))
    mine_before = {unit: before[unit] for unit in submissions if remember and unit in before}
    then = past_views(mine_before, books, period, groups, calendar)
    for unit, submission in submissions.items():
        group = groups.get(unit)
        book = books[group]
        mine = group if apart(book) else None
        views: dict[str | None, Facts] = {}
        last = then.get(unit, {})
        for part in (None, *(part.id for part in book.above.parts)):
            peers = together.setdefault((mine, part), Peers())
            earlier = last.get(part) if part is None else (_newest(views) or _newest(last))
            views[part] = facts(
                submission,
                book,
                _span(book, part, period),
                part=part,
                calendar=calendar,
                before=earlier,
                year_before=last.get(part),
                peers=peers,
            )
            peers.views[unit] = views[part]
        found[unit] = views
    return found


def apart(book: Rulebook) -> bool:
    """Whether its groups are ranked each by itself."""
    return book.above.grouping is not None and book.above.grouping.apart


def past_views(
    before: Mapping[str, Submission],
    books: Mapping[str | None, Rulebook],
    period: Period,
    groups: Mapping[str, str],
    calendar: Calendar,
) -> dict[str, Views]:
    """The facts of the year before of all who reported then, each knowing the others."""
    together: dict[tuple[str | None, str | None], Peers] = {}
    found: dict[str, Views] = {}
    for unit, submission in before.items():
        group = groups.get(unit)
        mine = group if apart(books[group]) else None
        views = {}
        for part, view in _past(submission, books[group], period, calendar).items():
            peers = together.setdefault((mine, part), Peers())
            views[part] = peers.views[unit] = replace(view, peers=peers)
        found[unit] = views
    return found


def _past(
    submission: Submission, book: Rulebook, period: Period, calendar: Calendar
) -> dict[str | None, Facts]:
    """The facts of the year before and of the periods inside it, without a past of their own."""
    earlier = Period(_year_before(period.start), _year_before(period.end))
    there = submission.facts.get(PARTS)
    parts = [
        part.id for part in book.above.parts if isinstance(there, Mapping) and part.id in there
    ]
    return {
        part: facts(submission, book, _span(book, part, earlier), part=part, calendar=calendar)
        for part in (None, *parts)
    }


def _year_before(day: date) -> date:
    last = date(day.year - 1, day.month, 28)
    return last if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def _newest(views: Views) -> Facts | None:
    """The facts of the last of the periods inside a year."""
    found = [view for part, view in views.items() if part is not None]
    return found[-1] if found else None


def _span(book: Rulebook, part: str | None, year: Period) -> Period:
    """When a period inside the year is."""
    if part is None:
        return year
    found = next(one for one in book.above.parts if one.id == part)
    return Period(_day(found.start, year.start.year), _day(found.end, year.start.year))


def _day(month_and_day: str, year: int) -> date:
    month, day = map(int, month_and_day.split("-"))
    if (month, day) == (2, 29):  # the end of February, whichever day that is
        return date.fromordinal(date(year, 3, 1).toordinal() - 1)
    return date(year, month, day)
