"""Two trees side by side: whose scores and ranks differ, by what, and because of what.

Causes are found by swapping one input after the other, in the order of `Cause`, so that what
each brings about adds up to the whole. Must not read Git or print.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.engine.model import Township
from generator.engine.problem import Problem
from generator.engine.result import Standing, YearResult
from generator.review.causes import Cause
from generator.review.differences import (
    Difference,
    Items,
    Key,
    What,
    differences,
    rank_items,
    township_items,
    year_items,
)
from generator.review.judge import Judge, Judged, once
from generator.review.listed import Listed
from generator.review.swapping import (
    Causes,
    Standings,
    Step,
    each_alone,
    resting_otherwise,
    steps_between,
)
from generator.shape.form import Form


@dataclass(frozen=True, slots=True)
class Share:
    """What one step brought about: score and rank before and after it, None while not ranked."""

    causes: Causes
    old_score: Fraction | None
    new_score: Fraction | None
    old_rank: int | None
    new_rank: int | None

    @property
    def points(self) -> Fraction:
        """By how much the score rose; not submitted counts as nothing."""
        return (self.new_score or Fraction()) - (self.old_score or Fraction())


@dataclass(frozen=True, slots=True)
class Caused:
    """A difference with the steps that brought it about, in their order."""

    difference: Difference
    causes: tuple[Causes, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """Where a township would stand if only the rules, or only the data, had changed.

    None where nothing could be judged, or it would not be ranked.
    """

    rules: Standing | None
    data: Standing | None


@dataclass(frozen=True, slots=True)
class TownshipDiff:
    """What is different about one township: `shares` add up to the difference in score."""

    township: Township
    old: Standing | None
    new: Standing | None
    found: tuple[Caused, ...]
    shares: tuple[Share, ...]
    alone: Alone | None

    @property
    def by_others(self) -> bool:
        """Whether nothing of its own is different, only its place or what follows from it.

        What a township reports, and what is found and corrected there, is its own; rules and
        decisions are everybody's.
        """
        place, theirs = (
            (What.RANK, What.OUTCOME),
            (Cause.REPORT, Cause.INSPECTION, Cause.CORRECTION),
        )
        return all(
            one.difference.key.what in place and all(c in theirs for cs in one.causes for c in cs)
            for one in self.found
        )

    @property
    def places(self) -> int | None:
        """How many places it rose; None where it was or is not ranked."""
        if self.old is None or self.new is None or not self.old.rank or not self.new.rank:
            return None
        return self.old.rank - self.new.rank

    @property
    def points(self) -> Fraction:
        """How much its score rose; not submitted counts as nothing."""
        return (_own(self.new) or Fraction()) - (_own(self.old) or Fraction())


@dataclass(frozen=True, slots=True)
class YearDiff:
    """One year: `general` is what does not belong to one township.

    `form` names facts, as the newer side that has the year reports them.
    """

    year: int
    old: YearResult | None
    new: YearResult | None
    general: tuple[Caused, ...]
    townships: tuple[TownshipDiff, ...]
    form: Form | None = None

    def about(self, township: str) -> tuple[TownshipDiff, ...]:
        """What is different about one township, by its id or name."""
        return tuple(one for one in self.townships if township in one.township.names)


@dataclass(frozen=True, slots=True)
class Diff:
    """Every year that differs, newest first; a side with errors has no result to compare."""

    years: tuple[YearDiff, ...]
    old_problems: tuple[Problem, ...] = ()
    new_problems: tuple[Problem, ...] = ()

    def of(self, year: int | None, township: str | None) -> "Diff":
        """Only one year, only one township by its id or name; None for all."""
        years = [one for one in self.years if year in (None, one.year)]
        if township is not None:
            chosen = (replace(one, general=(), townships=one.about(township)) for one in years)
            years = [one for one in chosen if one.townships]
        return replace(self, years=tuple(years))


def diff(
    judge: Judge,
    old: Listed,
    new: Listed,
    years: Collection[int] | None = None,
    *,
    whole: bool = True,
) -> Diff:
    """What differs between two trees, in all years or in these.

    `whole`: down to every deduction; otherwise only what townships come to.
    """
    sides = judge.framed(old), judge.framed(new)
    if any(side.problems for side in sides):
        return Diff((), sides[0].problems, sides[1].problems)
    known = {year for side in sides if side.frame for year in side.frame.years}
    found, wrong = list[YearDiff](), (list[Problem](), list[Problem]())
    asked = (known & _touched(old, new)) if years is None else known & set(years)
    for year in sorted(asked, reverse=True):
        if judge.rests(old, year) == judge.rests(new, year):
            continue
        full = resting_otherwise(judge, old, new, year) if whole else ()
        steps = steps_between(judge, old, new, year, full)
        for side, step in zip(wrong, (steps[0], steps[-1]), strict=True):
            side.extend(step.judged.problems)
        if not any(step.judged.problems for step in (steps[0], steps[-1])):
            one = _year(year, steps, full, each_alone(judge, old, new, year))
            found.append(replace(one, form=_form(judge, old, new, year)))
    differing = tuple(one for one in found if one.general or one.townships)
    return Diff(differing, once(wrong[0]), once(wrong[1]))


def _form(judge: Judge, old: Listed, new: Listed, year: int) -> Form | None:
    frames = (judge.framed(tree).frame for tree in (new, old))
    return next((f.years[year].year.form for f in frames if f and year in f.years), None)


def beside(old: YearResult, new: YearResult) -> YearDiff:
    """A year as it is and as it would be if something were supposed: no input brought it about."""
    steps = [Step((), Judged(one)) for one in (old, new)]
    whole = {standing.township.id for one in (old, new) for standing in one.standings}
    return _year(old.inputs.assessment.year, steps, whole, None)


def _touched(old: Listed, new: Listed) -> set[int]:
    """The years in which anything can differ, seen without looking into a file."""
    if old.office != new.office:
        return old.numbers() | new.numbers()
    numbers = old.years.keys() | new.years.keys()
    found = {year for year in numbers if old.years.get(year) != new.years.get(year)}
    return found | {year + 1 for year in found}  # the next one may look back


_Both = tuple[Standings, Standings]


# --- one year -------------------------------------------------------------------------


def _year(year: int, steps: Sequence[Step], full: Collection[str], alone: _Both | None) -> YearDiff:
    results = [step.judged.result for step in steps]
    general = () if _same_frame(results[0], results[-1]) else _caused(_told(results), steps)
    standings = [step.standings() for step in steps]
    found = []
    for township in standings[0].keys() | standings[-1].keys():
        mine = [those.get(township) for those in standings]
        if _same(mine[0], mine[-1]):
            continue
        caused = _caused(_items(mine, whole=township in full), steps)
        if caused:
            found.append(_township(mine, steps, caused, alone))
    many = max(map(len, standings))
    return YearDiff(
        year,
        results[0],
        results[-1],
        general,
        tuple(sorted(found, key=lambda one: _weight(one, many))),
    )


def _items(mine: Sequence[Standing | None], *, whole: bool) -> list[Items]:
    """What to compare of one township: where nothing but others moved it, only its rank."""
    old, new = mine[0], mine[-1]
    if old and new and old.scorecard is new.scorecard and old.outcomes == new.outcomes:
        return [rank_items(one) for one in mine]
    return [township_items(one, whole=whole) for one in mine]


def _same_frame(old: YearResult | None, new: YearResult | None) -> bool:
    """Whether everything above townships is the same, seen without looking into it."""
    if old is None or new is None or old.inputs.rulebook is not new.inputs.rulebook:
        return False
    status = old.inputs.assessment.status == new.inputs.assessment.status
    return status and old.inputs.townships == new.inputs.townships


def _told(results: Sequence[YearResult | None]) -> list[Items]:
    """What stands above townships; of a year that begins or ends only that."""
    found = [year_items(result) for result in results]
    if results[0] and results[-1]:
        return found
    return [{key: those[key] for key in those if key.what is What.STATUS} for those in found]


def _same(old: Standing | None, new: Standing | None) -> bool:
    """Whether they are the same card in the same place, seen without looking into it."""
    if old is None or new is None or old.scorecard is not new.scorecard:
        return False
    return (old.rank, old.tied, old.outcomes) == (new.rank, new.tied, new.outcomes)


def _weight(one: TownshipDiff, many: int) -> tuple[object, ...]:
    """By effect on the rank, then on the score; to appear or vanish is to move past all."""
    places = many if one.places is None else abs(one.places)
    return (-places, -abs(one.points), one.township.id)


def _township(
    mine: Sequence[Standing | None],
    steps: Sequence[Step],
    caused: tuple[Caused, ...],
    alone: _Both | None,
) -> TownshipDiff:
    one = mine[-1] or mine[0]
    assert one is not None  # noqa: S101 - it is on one of the two sides
    township = one.township
    apart = _apart(mine[0], mine[-1], *(those.get(township.id) for those in alone or ({}, {})))
    shares = tuple(_shares(mine, steps))
    return TownshipDiff(township, mine[0], mine[-1], caused, shares, apart if alone else None)


def _apart(old: Standing | None, new: Standing | None, *both: Standing | None) -> Alone | None:
    """Rules and data each alone; None where one of them made no difference to this township."""
    found = [(_own(one), _rank(one)) for one in both]
    ends = [(_own(one), _rank(one)) for one in (old, new)]
    return None if found in (ends, ends[::-1]) else Alone(*both)


def _shares(mine: Sequence[Standing | None], steps: Sequence[Step]) -> Iterator[Share]:
    for step, (before, after) in zip(steps[1:], pairwise(mine), strict=True):
        share = Share(step.causes, _own(before), _own(after), _rank(before), _rank(after))
        if (share.old_score, share.old_rank) != (share.new_score, share.new_rank):
            yield share


def _caused(items: Sequence[Items], steps: Sequence[Step]) -> tuple[Caused, ...]:
    """What differs between the first and the last, and at which steps it changed."""
    only = (steps[-1].causes,) if len(steps) == len(("old", "new")) else None
    return tuple(
        Caused(found, only or tuple(_when(keys, items, steps)))
        for found, keys in differences(items[0], items[-1])
    )


def _when(keys: Sequence[Key], items: Sequence[Items], steps: Sequence[Step]) -> Iterator[Causes]:
    for step, (before, after) in zip(steps[1:], pairwise(items), strict=True):
        if any(_value(before, key) != _value(after, key) for key in keys):
            yield step.causes


def _value(items: Items, key: Key) -> object:
    return items[key].value if key in items else None


def _own(standing: Standing | None) -> Fraction | None:
    return standing.scorecard.score if standing and standing.scorecard else None


def _rank(standing: Standing | None) -> int | None:
    return standing.rank if standing else None
