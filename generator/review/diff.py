"""What two trees differ in, input by input and because of what; the commits that moved scores.

Swaps one input after the other, in the order in which files are read. Must not word or print.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from generator.engine.difference import (
    Cause,
    Difference,
    ItemKey,
    Items,
    What,
    differences,
    rank_items,
    risen,
    score_of,
    township_items,
    year_items,
)
from generator.engine.problem import Problem
from generator.engine.year import Standing, Township, YearResult
from generator.reading.files import SCHEMA, DataFile, Kind, Tree, classify, merged
from generator.reading.git import Altered, Commit, Repository
from generator.reading.screen import masked
from generator.review.judge import Judge, Judged, Snapshot, once, snapshot
from generator.shape.form import Form

_BOOK = (Kind.RULEBOOK, Kind.EXAMPLE, Kind.RENDERING, Kind.FACTS, Kind.HOLIDAYS)
_OF = {
    **dict.fromkeys(_BOOK, Cause.RULEBOOK),
    Kind.TOWNSHIPS: Cause.REGISTRY,
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
    return _OF.get(file.kind) if isinstance(file, DataFile) else None


def present(old: Snapshot, new: Snapshot, year: int) -> tuple[Cause, ...]:
    """The inputs of a year's result that differ, in their order."""
    differing = {cause_of(path) for path, _ in _contents(old, year) ^ _contents(new, year)}
    return tuple(cause for cause in Cause if cause in differing)


def _contents(tree: Snapshot, year: int) -> set[tuple[str, str]]:
    """What belongs to no year, to this one, or to the one before, with which it is compared."""
    near = (0, year - 1, year)
    contents = {(path, name) for path, name in tree.office.items() if _year_of(path) in near}
    for number in near:
        townships = tree.years.get(number, {}).values()
        contents |= {(file.path, name) for sent in townships for file, name in sent}
    return contents


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
class Stage:
    """The year as it is once some inputs have been swapped: the newest of them are `causes`."""

    causes: Causes
    judged: Judged

    def standings(self) -> Standings:
        """Where everybody stands, by township; nobody where it cannot be judged."""
        result = self.judged.result
        return {s.township.id: s for s in result.standings} if result else {}


def stages_between(
    judge: Judge, old: Snapshot, new: Snapshot, year: int, full: Collection[str]
) -> list[Stage]:
    """From the one side to the other, one input after the other; both sides at least.

    What cannot be judged half swapped is swapped together with the next input.
    """
    stages, waiting = [Stage((), judge.year(old, year, full))], list[Cause]()
    causes = present(old, new, year)
    for number, cause in enumerate(causes[:-1], start=1):
        waiting.append(cause)
        judged = judge.year(swapped(old.tree, new.tree, causes[:number]), year, full)
        if not judged.problems:
            stages.append(Stage(tuple(waiting), judged))
            waiting.clear()
    return [*stages, Stage((*waiting, *causes[-1:]), judge.year(new, year, full))]


def each_alone(
    judge: Judge, old: Snapshot, new: Snapshot, year: int
) -> tuple[Standings, Standings] | None:
    """The standings if only the rules, and if only the data, had changed; None unless both did."""
    causes = set(present(old, new, year))
    rules = causes & _rules(judge, old, new, year)
    if not rules or rules == causes:
        return None
    trees = (swapped(old.tree, new.tree, some) for some in (rules, causes - rules))
    rules_only, data_only = (Stage((), judge.year(tree, year)).standings() for tree in trees)
    return rules_only, data_only


def _rules(judge: Judge, old: Snapshot, new: Snapshot, year: int) -> set[Cause]:
    """Which inputs hold rules: the year's own file as well where it names another rulebook.

    None of a year that begins or ends.
    """
    frames = [judge.framed(tree).frame for tree in (old, new)]
    books = [frame.years[year].year.rulebook for frame in frames if frame and year in frame.years]
    if len(books) != len(frames):
        return set()
    same = len({(book.id, book.version) for book in books}) == 1
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
    """A difference with the inputs that brought it about, in their order."""

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
        theirs = (Cause.REPORT, Cause.INSPECTION, Cause.CORRECTION)
        return all(
            caused.difference.key.what in (What.RANK, What.OUTCOME)
            and all(cause in theirs for causes in caused.causes for cause in causes)
            for caused in self.found
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
        return risen(self.old, self.new)


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
        return tuple(diff for diff in self.townships if township in diff.township.names)


@dataclass(frozen=True, slots=True)
class Diff:
    """Every year that differs, newest first; a side with errors has no result to compare."""

    years: tuple[YearDiff, ...]
    old_problems: tuple[Problem, ...] = ()
    new_problems: tuple[Problem, ...] = ()

    def of(self, year: int | None, township: str | None) -> "Diff":
        """Only one year, only one township by its id or name; None for all."""
        years = [own for own in self.years if year in (None, own.year)]
        if township is not None:
            chosen = (replace(own, general=(), townships=own.about(township)) for own in years)
            years = [own for own in chosen if own.townships]
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
    differing, wrong = list[YearDiff](), (list[Problem](), list[Problem]())
    asked = (known & _touched(old, new)) if years is None else known & set(years)
    for year in sorted(asked, reverse=True):
        if judge.rests(old, year) == judge.rests(new, year):
            continue
        full = _resting_otherwise(judge, old, new, year) if whole else ()
        stages = stages_between(judge, old, new, year, full)
        ends = [stages[at].judged.problems for at in (0, -1)]
        for side, problems in zip(wrong, ends, strict=True):
            side.extend(problems)
        if not any(ends):
            own = _year(year, stages, full, each_alone(judge, old, new, year))
            if own.general or own.townships:
                differing.append(replace(own, form=_form(judge, old, new, year)))
    return Diff(tuple(differing), once(wrong[0]), once(wrong[1]))


def _resting_otherwise(judge: Judge, old: Snapshot, new: Snapshot, year: int) -> set[str]:
    """Those whose score rests on something else than before."""
    before, after = judge.names(old, year), judge.names(new, year)
    return {t for t in before.keys() | after.keys() if before.get(t) != after.get(t)}


def _form(judge: Judge, old: Snapshot, new: Snapshot, year: int) -> Form | None:
    frames = (judge.framed(tree).frame for tree in (new, old))
    return next((f.years[year].year.form for f in frames if f and year in f.years), None)


def beside(old: YearResult, new: YearResult) -> YearDiff:
    """A year as it is and as it would be if something were supposed: no input brought it about."""
    stages = [Stage((), Judged(result)) for result in (old, new)]
    whole = {standing.township.id for result in (old, new) for standing in result.standings}
    return _year(old.inputs.assessment.year, stages, whole, None)


def _touched(old: Snapshot, new: Snapshot) -> set[int]:
    """The years in which anything can differ, seen without looking into a file."""
    if old.office != new.office:
        return old.numbers() | new.numbers()
    numbers = old.years.keys() | new.years.keys()
    touched = {year for year in numbers if old.years.get(year) != new.years.get(year)}
    return touched | {year + 1 for year in touched}  # the next one may look back


# --- one year -------------------------------------------------------------------------

_Both = tuple[Standings, Standings]


def _year(
    year: int, stages: Sequence[Stage], full: Collection[str], alone: _Both | None
) -> YearDiff:
    old, new = (stages[at].judged.result for at in (0, -1))
    general = () if _same_frame(old, new) else _caused(_frame_items(stages), stages)
    standings = [stage.standings() for stage in stages]
    differing = []
    for township in standings[0].keys() | standings[-1].keys():
        row = [at.get(township) for at in standings]
        items = [] if _same(row[0], row[-1]) else _items(row, whole=township in full)
        if items and (caused := _caused(items, stages)):
            differing.append(_township(row, stages, caused, alone))
    many = max(map(len, standings))
    differing.sort(key=lambda diff: _weight(diff, many))
    return YearDiff(year, old, new, general, tuple(differing))


def _items(row: Sequence[Standing | None], *, whole: bool) -> list[Items]:
    """What to compare of one township: where nothing but others moved it, only its rank."""
    old, new = row[0], row[-1]
    if old and new and old.scorecard is new.scorecard and old.outcomes == new.outcomes:
        return [rank_items(standing) for standing in row]
    return [township_items(standing, whole=whole) for standing in row]


def _same_frame(old: YearResult | None, new: YearResult | None) -> bool:
    """Whether everything above townships is the same, seen without looking into it."""
    if old is None or new is None or old.inputs.rulebook is not new.inputs.rulebook:
        return False
    status = old.inputs.assessment.status == new.inputs.assessment.status
    return status and old.inputs.townships == new.inputs.townships


def _frame_items(stages: Sequence[Stage]) -> list[Items]:
    """What stands above townships; of a year that begins or ends only that."""
    items = [year_items(stage.judged.result) for stage in stages]
    if items[0] and items[-1]:
        return items
    return [{key: at[key] for key in at if key.what is What.STATUS} for at in items]


def _same(old: Standing | None, new: Standing | None) -> bool:
    """Whether they are the same card in the same place, seen without looking into it."""
    if old is None or new is None or old.scorecard is not new.scorecard:
        return False
    return (old.rank, old.tied, old.outcomes) == (new.rank, new.tied, new.outcomes)


def _weight(diff: TownshipDiff, many: int) -> tuple[object, ...]:
    """By effect on the rank, then on the score; to appear or vanish is to move past all."""
    places = many if diff.places is None else abs(diff.places)
    return (-places, -abs(diff.points), diff.township.id)


def _township(
    row: Sequence[Standing | None],
    stages: Sequence[Stage],
    caused: tuple[Caused, ...],
    alone: _Both | None,
) -> TownshipDiff:
    township = next(standing.township for standing in (row[-1], row[0]) if standing)
    both = [standings.get(township.id) for standings in alone or ()]
    ends, singly = ([_seen(standing) for standing in two] for two in ((row[0], row[-1]), both))
    # One of them made no difference to this township.
    useless = not both or singly in (ends, ends[::-1])
    shares = tuple(_shares(row, stages))
    return TownshipDiff(
        township, row[0], row[-1], caused, shares, None if useless else Alone(*both)
    )


def _seen(standing: Standing | None) -> tuple[Fraction | None, int | None]:
    return score_of(standing), standing.rank if standing else None


def _shares(row: Sequence[Standing | None], stages: Sequence[Stage]) -> Iterator[Share]:
    for stage, (before, after) in zip(stages[1:], pairwise(map(_seen, row)), strict=True):
        if before != after:
            yield Share(stage.causes, before[0], after[0], before[1], after[1])


def _caused(items: Sequence[Items], stages: Sequence[Stage]) -> tuple[Caused, ...]:
    """What differs between the first and the last, and at which stages it changed."""
    only = (stages[-1].causes,) if len(stages) == len(("old", "new")) else None
    return tuple(
        Caused(difference, only or tuple(_when(keys, items, stages)))
        for difference, keys in differences(items[0], items[-1])
    )


def _when(
    keys: Sequence[ItemKey], items: Sequence[Items], stages: Sequence[Stage]
) -> Iterator[Causes]:
    values = ([at[key].value if key in at else None for key in keys] for at in items)
    for stage, (before, after) in zip(stages[1:], pairwise(values), strict=True):
        if before != after:
            yield stage.causes


def history(repository: Repository, judge: Judge) -> History:
    """Everything that moved a score, from the newest commit back to the first."""
    cut = repository.cut
    after = before = snapshot(repository.revision("HEAD"))
    entries, waiting, years = list[Entry](), list[Commit](), set[int]()
    for commit, altered in repository.history():
        if commit.id in cut:
            return History(tuple(entries), cut=True)
        before = before.before(altered)
        # What people say of themselves and of their work may hold personal numbers.
        author, subject = masked(commit.author), masked(commit.subject)
        waiting.append(replace(commit, author=author, subject=subject))
        years |= _years(before, after, altered)
        moved = diff(judge, before, after, years, whole=False)
        if moved.old_problems and not moved.new_problems:
            continue  # what moved is known only against an older commit
        if moved.years:
            entries.append(Entry(tuple(waiting), moved))
        after = before
        waiting.clear()
        years.clear()
    return History(tuple(entries), cut=False)


def _years(before: Snapshot, after: Snapshot, altered: Iterable[Altered]) -> set[int]:
    """The years that a commit can have moved: also the next one, which may look back."""
    years = set[int]()
    for change in altered:
        file = classify(change.path)
        if not isinstance(file, DataFile) or file.kind is Kind.HOLIDAYS or not file.year:
            return before.numbers() | after.numbers()
        years |= {file.year, file.year + 1}
    return years
