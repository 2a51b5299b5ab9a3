"""Two trees side by side: whose scores and ranks differ, by what, and because of what.

Causes are found by swapping one input after the other, in the order of `Cause`, so that what each
brings about adds up to the whole.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.engine.difference import (
    Cause,
    Difference,
    Items,
    Key,
    What,
    differences,
    rank_items,
    township_items,
    year_items,
)
from generator.engine.problem import Problem
from generator.engine.year import Standing, Township, YearResult
from generator.reading.files import SCHEMA, DataFile, Kind, Tree, classify, merged
from generator.reading.git import Commit
from generator.review.judge import Judge, Judged, Snapshot, once, snapshot
from generator.shape.form import Form

_OF = {
    Kind.TOWNSHIPS: Cause.REGISTRY,
    Kind.RULEBOOK: Cause.RULEBOOK,
    Kind.EXAMPLE: Cause.RULEBOOK,
    Kind.RENDERING: Cause.RULEBOOK,
    Kind.FACTS: Cause.RULEBOOK,
    Kind.HOLIDAYS: Cause.RULEBOOK,
    Kind.ASSESSMENT: Cause.ASSESSMENT,
    Kind.RANKING: Cause.ASSESSMENT,
    Kind.REPORT: Cause.REPORT,
    Kind.INSPECTION: Cause.INSPECTION,
    Kind.CORRECTION: Cause.CORRECTION,
}


def cause_of(path: str) -> Cause | None:
    """The input that a file belongs to, None where no result rests on it."""
    if path.startswith(f"{SCHEMA}/"):
        return Cause.RULEBOOK
    file = classify(path)
    return None if file is None or isinstance(file, Problem) else _OF.get(file.kind)


def present(old: Snapshot, new: Snapshot, year: int) -> tuple[Cause, ...]:
    """The inputs of a year's result that differ, in their order."""
    paths = {path for path, _ in _contents(old, year) ^ _contents(new, year)}
    found = {cause_of(path) for path in paths}
    return tuple(cause for cause in Cause if cause in found)


def _contents(tree: Snapshot, year: int) -> set[tuple[str, str]]:
    """What belongs to no year, to this one, or to the one before, with which it is compared."""
    near = (0, year - 1, year)
    found = {one for one in tree.office.items() if _year_of(one[0]) in near}
    for number in near:
        townships = tree.years.get(number, {}).values()
        found |= {(file.path, blob) for sent in townships for file, blob in sent}
    return found


def _year_of(path: str) -> int:
    file = classify(path)
    # Holidays of any year may be needed.
    return file.year if isinstance(file, DataFile) and file.kind is not Kind.HOLIDAYS else 0


def swapped(old: Tree, new: Tree, causes: Collection[Cause]) -> Snapshot:
    """The old tree with these inputs as they are in the new one."""
    return snapshot(merged(old, new, lambda path: cause_of(path) in causes))


Causes = tuple[Cause, ...]
"""Usually one; several where nothing can be judged with only some of them."""

Standings = Mapping[str, Standing]


@dataclass(frozen=True, slots=True)
class Step:
    """The year as it is once some inputs have been swapped: the newest of them are `causes`."""

    causes: Causes
    judged: Judged

    def standings(self) -> Standings:
        """Where everybody stands, by township; nobody where it cannot be judged."""
        result = self.judged.result
        return {s.township.id: s for s in result.standings} if result else {}


def steps_between(
    judge: Judge, old: Snapshot, new: Snapshot, year: int, full: Collection[str]
) -> list[Step]:
    """From the one side to the other, one input after the other; both sides at least.

    What cannot be judged half swapped is swapped together with the next input.
    """
    steps, waiting = [Step((), judge.year(old, year, full))], list[Cause]()
    causes = present(old, new, year)
    for number, cause in enumerate(causes, start=1):
        waiting.append(cause)
        if number == len(causes):
            break
        judged = judge.year(swapped(old.tree, new.tree, causes[:number]), year, full)
        if not judged.problems:
            steps.append(Step(tuple(waiting), judged))
            waiting.clear()
    return [*steps, Step(tuple(waiting), judge.year(new, year, full))]


def resting_otherwise(judge: Judge, old: Snapshot, new: Snapshot, year: int) -> set[str]:
    """Those whose score rests on something else than before."""
    before, after = judge.names(old, year), judge.names(new, year)
    return {t for t in before.keys() | after.keys() if before.get(t) != after.get(t)}


def each_alone(
    judge: Judge, old: Snapshot, new: Snapshot, year: int
) -> tuple[Standings, Standings] | None:
    """The standings if only the rules, and if only the data, had changed; None unless both did."""
    causes = set(present(old, new, year))
    rules = causes & _rules(judge, old, new, year)
    if not rules or rules == causes:
        return None
    trees = (swapped(old.tree, new.tree, some) for some in (rules, causes - rules))
    rules_only, data_only = (Step((), judge.year(tree, year)).standings() for tree in trees)
    return rules_only, data_only


def _rules(judge: Judge, old: Snapshot, new: Snapshot, year: int) -> set[Cause]:
    """Which inputs hold rules: the year's own file as well where it names another rulebook.

    None of a year that begins or ends.
    """
    frames = [judge.framed(tree).frame for tree in (old, new)]
    books = [frame.years[year].year.rulebook for frame in frames if frame and year in frame.years]
    if len(books) != len(frames):
        return set()
    one, other = books
    same = (one.id, one.version) == (other.id, other.version)
    return {Cause.RULEBOOK} if same else {Cause.RULEBOOK, Cause.ASSESSMENT}


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


@dataclass(frozen=True, slots=True)
class Entry:
    """What commits moved: usually one, more where those before the last had errors."""

    commits: tuple[Commit, ...]
    diff: Diff


@dataclass(frozen=True, slots=True)
class History:
    """All there is, newest first; `cut` where older commits are not in this clone."""

    entries: tuple[Entry, ...]
    cut: bool

    def of(self, year: int | None = None, township: str | None = None) -> "History":
        """Only what moved in a year, or for a township by its id or name."""
        entries = (Entry(entry.commits, entry.diff.of(year, township)) for entry in self.entries)
        return History(tuple(entry for entry in entries if entry.diff.years), self.cut)


def diff(
    judge: Judge,
    old: Snapshot,
    new: Snapshot,
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


def _form(judge: Judge, old: Snapshot, new: Snapshot, year: int) -> Form | None:
    frames = (judge.framed(tree).frame for tree in (new, old))
    return next((f.years[year].year.form for f in frames if f and year in f.years), None)


def beside(old: YearResult, new: YearResult) -> YearDiff:
    """A year as it is and as it would be if something were supposed: no input brought it about."""
    steps = [Step((), Judged(one)) for one in (old, new)]
    whole = {standing.township.id for one in (old, new) for standing in one.standings}
    return _year(old.inputs.assessment.year, steps, whole, None)


def _touched(old: Snapshot, new: Snapshot) -> set[int]:
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
