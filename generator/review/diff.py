"""What two trees differ in, input by input and because of what; the commits that moved scores.

Swaps one input after the other, in the order in which files are read. Must not word or print.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeVar

from generator.engine.book import Rulebook
from generator.engine.difference import (
    Cause,
    Difference,
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
from generator.reading.files import SCHEMA, Blob, DataFile, Kind, Tree, classify, merged
from generator.reading.git import Altered, Commit, Repository
from generator.reading.screen import masked
from generator.reading.source import read
from generator.review.judge import Judge, Judged, Snapshot, once, snapshot, year_of
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
    contents = {(path, name) for path, name in tree.office.items() if year_of(path) in near}
    sent = (files for number in near for files in tree.years.get(number, {}).values())
    return contents | {(file.path, name) for files in sent for file, name in files}


def swapped(old: Tree, new: Tree, causes: Collection[Cause]) -> Snapshot:
    """The old tree with these inputs as they are in the new one."""
    return snapshot(merged(old, new, lambda path: cause_of(path) in causes))


T = TypeVar("T")
Causes = tuple[Cause, ...]
"""Usually one; several where nothing can be judged with only some of them."""

Standings = Mapping[str, Standing]

Heirs = Mapping[str, tuple[Township, ...]]
"""Who carries on for units that have ended, by their id."""


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
    """The standings if only the rules, and if only the data, had changed; None unless both did.

    The year's own file holds rules as well where it names another rulebook.
    """
    frames = [judge.framed(tree).frame for tree in (old, new)]
    books = [frame.years[year].year.rulebook for frame in frames if frame and year in frame.years]
    if len(books) < len(frames):
        return None  # the year begins or ends
    same = len({(book.id, book.version) for book in books}) == 1
    causes = set(present(old, new, year))
    rules = causes & ({Cause.RULEBOOK} if same else {Cause.RULEBOOK, Cause.ASSESSMENT})
    if not rules or rules == causes:
        return None
    trees = (swapped(old.tree, new.tree, inputs) for inputs in (rules, causes - rules))
    rules_only, data_only = (Stage((), judge.year(tree, year)).standings() for tree in trees)
    return rules_only, data_only


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
    def names(self) -> tuple[str, ...]:
        """All by which people may ask for it: what it was called on the older side as well."""
        return (*self.township.names, *(self.old.township.names if self.old else ()))

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

    `form` names facts, as the newer side that has the year reports them. `heirs` are those who
    carry on for units that are assessed no longer, by id.
    """

    year: int
    old: YearResult | None
    new: YearResult | None
    general: tuple[Caused, ...]
    townships: tuple[TownshipDiff, ...]
    form: Form | None = None
    heirs: Heirs = field(default_factory=dict)

    @property
    def books(self) -> tuple[Rulebook, Rulebook]:
        """The rulebooks of the two sides; that of the other where a side has no such year."""
        books = [result.inputs.rulebook for result in (self.old, self.new) if result]
        return books[0], books[-1]

    def about(self, township: str) -> tuple[TownshipDiff, ...]:
        """What is different about one township, by its id or name, the earlier ones too."""
        return tuple(diff for diff in self.townships if township in diff.names)


class Brought(NamedTuple):
    """A document that a change brought into a year, as its file tells of it; `unit` is an id.

    A report says nothing of itself: it has no day, no document and no reason.
    """

    kind: Kind
    year: int
    unit: str
    day: str = ""
    document: str = ""
    reason: str = ""


def brought(changes: Iterable[Altered]) -> list[Brought]:
    """The documents that changes brought: corrections, objections, what inspectors changed or
    found, reports that are new or say something else; the most telling first.
    """
    papers = list[Brought]()
    for change in changes:
        file = classify(change.path)
        if not isinstance(file, DataFile) or file.kind not in _TELLING or change.new is None:
            continue
        if file.kind is Kind.REPORT:
            papers.append(Brought(file.kind, file.year, file.id))
            continue
        before = _said(file, change.old)
        papers += [paper for paper in _said(file, change.new) if paper not in before]
    return sorted(papers, key=lambda paper: (_TELLING.index(paper.kind), paper[1:]))


_TELLING = (Kind.CORRECTION, Kind.OBJECTION, Kind.INSPECTION, Kind.REPORT)


def _said(file: DataFile, source: Blob | Problem | None) -> list[Brought]:
    """What a file of the office says of itself, or each entry of an inspection."""
    data = b"" if source is None or isinstance(source, Problem) else source.read()
    document, _ = read(file.path, data)
    value = document.value if document and isinstance(document.value, dict) else {}
    entries, unit = [value], value.get("township", "")
    if file.kind is Kind.INSPECTION:
        lists = [value.get(key) for key in ("changes", "findings")]
        entries = [entry for each in lists if isinstance(each, list) for entry in each]
    papers = dict[Brought, None]()
    for entry in entries:
        if not (entry and isinstance(entry, dict)):  # no schema has been asked about old files
            continue
        said = [next(filter(None, map(entry.get, keys)), "") for keys in _OF_ITSELF]
        # Nobody has screened what stood in the repository once.
        day, paper, reason, about = (masked(str(text)) for text in (*said, unit))
        papers[Brought(file.kind, file.year, about, day, paper, reason)] = None
    return list(papers)


_OF_ITSELF = (("date", "decided_on", "asked_on"), ("document",), ("reason",))
"""The keys of the day, the document and the reason of a paper."""


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

    def public(self) -> tuple["Diff", list[YearDiff]]:
        """Without the years that are open on their newest side, and those."""
        public, still_open = list[YearDiff](), list[YearDiff]()
        for own in self.years:
            result = own.new or own.old
            is_open = result is not None and result.inputs.assessment.status == "open"
            (still_open if is_open else public).append(own)
        return replace(self, years=tuple(public)), still_open


@dataclass(frozen=True, slots=True)
class Entry:
    """What commits moved: usually one, more where those before the last had errors."""

    commits: tuple[Commit, ...]
    diff: Diff
    papers: tuple[Brought, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """All there is, newest first; `cut` where older commits are not in this clone.

    `made`: it never happened, but was made for a demonstration.
    """

    entries: tuple[Entry, ...]
    cut: bool
    made: bool = False

    def of(self, year: int | None = None, township: str | None = None) -> "History":
        """Only what moved in a year, or for a township by its id or name."""
        entries = (replace(entry, diff=entry.diff.of(year, township)) for entry in self.entries)
        return replace(self, entries=tuple(entry for entry in entries if entry.diff.years))


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
    differing, old_problems, new_problems = list[YearDiff](), list[Problem](), list[Problem]()
    asked = _touched(old, new) if years is None else set(years)
    for year in sorted(known & asked, reverse=True):
        if judge.rests(old, year) == judge.rests(new, year):
            continue
        before, after = judge.names(old, year), judge.names(new, year)
        # Those whose score rests on something else than before.
        full = dict(before.items() ^ after.items()).keys() if whole else ()
        stages = stages_between(judge, old, new, year, full)
        start, end = stages[0].judged, stages[-1].judged
        old_problems += start.problems
        new_problems += end.problems
        if start.problems or end.problems:
            continue
        heirs = _heirs(side.frame.city.townships if side.frame else () for side in sides)
        own = _year(year, stages, full, each_alone(judge, old, new, year), heirs)
        if own.general or own.townships:
            frames = (side.frame for side in reversed(sides))
            forms = (f.years[year].year.form for f in frames if f and year in f.years)
            differing.append(replace(own, form=next(forms, None)))
    return Diff(tuple(differing), once(old_problems), once(new_problems))


def beside(old: YearResult, new: YearResult) -> YearDiff:
    """A year as it is and as it would be if something were supposed: no input brought it about."""
    stages = [Stage((), Judged(result)) for result in (old, new)]
    whole = {standing.township.id for result in (old, new) for standing in result.standings}
    return _year(old.inputs.assessment.year, stages, whole, None, {})


def _heirs(registers: Iterable[Iterable[Township]]) -> Heirs:
    """Who carries on for whom, as the newest register that says it has it."""
    heirs: dict[str, tuple[Township, ...]] = {}
    for register in registers:
        units = {unit.id: unit for unit in register}
        for unit in units.values():
            if unit.successors:
                heirs[unit.id] = tuple(units[name] for name in unit.successors)
    return heirs


def _touched(old: Snapshot, new: Snapshot) -> set[int]:
    """The years in which anything can differ, seen without looking into a file."""
    if old.office != new.office:
        return old.numbers() | new.numbers()
    numbers = old.years.keys() | new.years.keys()
    return _and_next(year for year in numbers if old.years.get(year) != new.years.get(year))


def _and_next(years: Iterable[int]) -> set[int]:
    """The years and the one after each, which may look back."""
    return {number for year in years for number in (year, year + 1)}


# --- one year -------------------------------------------------------------------------

_Both = tuple[Standings, Standings]


def _year(
    year: int, stages: Sequence[Stage], full: Collection[str], alone: _Both | None, heirs: Heirs
) -> YearDiff:
    standings = [stage.standings() for stage in stages]
    both = standings[0].keys(), standings[-1].keys()
    undone = _renamed(both[1], both[0], heirs)
    renamed = {**_renamed(both[0], both[1], heirs), **{now: was for was, now in undone.items()}}
    general = _as_one(_caused(_frame_items(stages), stages), renamed)
    differing = []
    for township in (both[0] | both[1]) - renamed.keys():
        once = next((name for name, now in renamed.items() if now == township), township)
        row = [at.get(township) or at.get(once) for at in standings]
        if caused := _caused(_items(row, whole=township in full), stages):
            differing.append(_township(row, stages, caused, alone))
    many = max(map(len, standings))

    def weight(diff: TownshipDiff) -> tuple[object, ...]:
        """By effect on the rank, then on the score; to appear or vanish is to move past all."""
        places = many if diff.places is None else abs(diff.places)
        return (-places, -abs(diff.points), diff.township.id)

    old, new = stages[0].judged.result, stages[-1].judged.result
    townships = tuple(sorted(differing, key=weight))
    return YearDiff(year, old, new, general, townships, heirs=heirs)


def _renamed(old: Collection[str], new: Collection[str], heirs: Heirs) -> dict[str, str]:
    """Who is one unit under two ids: gone with one heir, who has come and is nobody else's."""
    gone = [name for name in old if name not in new and len(heirs.get(name, ())) == 1]
    become = {name: heirs[name][0].id for name in gone}
    taken = Counter(become.values())
    return {
        name: now
        for name, now in become.items()
        if now in new and now not in old and taken[now] == 1
    }


def _as_one(found: Sequence[Caused], renamed: Mapping[str, str]) -> tuple[Caused, ...]:
    """What is told of the register, with one unit renamed where one went and one came."""
    by_unit = {
        caused.difference.key.subject: caused
        for caused in found
        if caused.difference.key.what is What.TOWNSHIP
    }
    told = list(found)
    for was, now in renamed.items():
        gone, come = by_unit.get(was), by_unit.get(now)
        if gone and come:
            one = Difference(come.difference.key, gone.difference.old, come.difference.new)
            causes = tuple(dict.fromkeys((*gone.causes, *come.causes)))
            told[told.index(come)] = Caused(one, causes)
            told.remove(gone)
    return tuple(told)


def _items(row: Sequence[Standing | None], *, whole: bool) -> list[Items]:
    """What to compare of one township: where nothing but others moved it, only its rank.

    Nothing where it is the same card in the same place, seen without looking into it.
    """
    old, new = row[0], row[-1]
    if not (old and new and old.scorecard is new.scorecard and old.outcomes == new.outcomes):
        return [township_items(standing, whole=whole) for standing in row]
    same = (old.rank, old.tied) == (new.rank, new.tied)
    return [] if same else [rank_items(standing) for standing in row]


def _frame_items(stages: Sequence[Stage]) -> list[Items]:
    """What stands above townships; of a year that begins or ends only that.

    Nothing where it is all the same, seen without looking into it.
    """
    old, new = stages[0].judged.result, stages[-1].judged.result
    if old and new and old.inputs.rulebook is new.inputs.rulebook:
        status = old.inputs.assessment.status == new.inputs.assessment.status
        if status and old.inputs.townships == new.inputs.townships:
            return []
    items = [year_items(stage.judged.result) for stage in stages]
    if items[0] and items[-1]:
        return items
    return [{key: at[key] for key in at if key.what is What.STATUS} for at in items]


def _township(
    row: Sequence[Standing | None],
    stages: Sequence[Stage],
    caused: tuple[Caused, ...],
    alone: _Both | None,
) -> TownshipDiff:
    township = next(standing.township for standing in (row[-1], row[0]) if standing)
    both = [standings.get(township.id) for standings in alone or ()]
    seen, singly = [_seen(standing) for standing in row], [_seen(standing) for standing in both]
    # One of them made no difference to this township.
    useless = not both or singly in ([seen[0], seen[-1]], [seen[-1], seen[0]])
    shares = tuple(
        Share(causes, before[0], after[0], before[1], after[1])
        for causes, before, after in _steps(stages, seen)
    )
    return TownshipDiff(
        township, row[0], row[-1], caused, shares, None if useless else Alone(*both)
    )


def _seen(standing: Standing | None) -> tuple[Fraction | None, int | None]:
    return score_of(standing), standing.rank if standing else None


def _caused(items: Sequence[Items], stages: Sequence[Stage]) -> tuple[Caused, ...]:
    """What differs between the first and the last, and at which stages it changed."""
    caused = []
    for difference, keys in differences(items[0], items[-1]) if items else ():
        values = ([at[key].value if key in at else None for key in keys] for at in items)
        causes = tuple(causes for causes, _, _ in _steps(stages, values))
        caused.append(Caused(difference, causes))
    return tuple(caused)


def _steps(stages: Sequence[Stage], values: Iterable[T]) -> Iterator[tuple[Causes, T, T]]:
    """The stages at which a value changed: what was swapped, the value before and after."""
    for stage, (before, after) in zip(stages[1:], pairwise(values), strict=True):
        if before != after:
            yield stage.causes, before, after


def history(repository: Repository, judge: Judge) -> History:
    """Everything that moved a score, from the newest commit back to the first."""
    cut = repository.cut
    after = before = snapshot(repository.revision("HEAD"))
    entries, waiting, years = list[Entry](), list[Commit](), set[int]()
    papers = list[Brought]()
    for commit, altered in repository.history():
        if commit.id in cut:
            return History(tuple(entries), cut=True)
        before = before.before(altered)
        # What people say of themselves and of their work may hold personal numbers.
        author, subject = masked(commit.author), masked(commit.subject)
        waiting.append(replace(commit, author=author, subject=subject))
        papers += brought(altered)
        changed = {year_of(change.path) for change in altered}
        if 0 in changed:  # what belongs to no year may move any
            changed = before.numbers() | after.numbers()
        years |= _and_next(changed)
        moved = diff(judge, before, after, years, whole=False)
        if moved.old_problems and not moved.new_problems:
            continue  # what moved is known only against an older commit
        if moved.years:
            entries.append(Entry(tuple(waiting), moved, tuple(papers)))
        after = before
        waiting.clear()
        papers.clear()
        years.clear()
    return History(tuple(entries), cut=False)
