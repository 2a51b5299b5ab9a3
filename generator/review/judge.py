"""Years of many trees judged; what has been judged before is looked up, not read again.

Owns on what a score rests, as a name (what has the same name has the same score), the light card
that is kept of it, and the file where it is kept, which may be deleted at any time.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from generator.engine.amount import exact
from generator.engine.book import Rulebook, looks_aside, looks_back
from generator.engine.facts import groups_of, of_group
from generator.engine.problem import Location, Message, Problem, Stop, errors
from generator.engine.rank import judged, placed
from generator.engine.score import cards, parts_of
from generator.engine.year import (
    Adjustment,
    ClauseScore,
    Scorecard,
    SectionScore,
    Submission,
    YearInputs,
    YearResult,
)
from generator.reading.disk import EntryKind, kind
from generator.reading.files import DATA, SCHEMA, DataFile, Held, Kind, Tree, classify, is_form
from generator.reading.git import Altered, Revision
from generator.review.second_process import done
from generator.shape.documents import REGISTER, Files
from generator.shape.resources import resource
from generator.year.frame import Frame, Library, YearFrame, frame, library
from generator.year.holidays import Needs
from generator.year.load import Kept, TownshipYear, compared, inputs_of, township_year
from generator.year.report import Received


def suffices(book: Rulebook) -> bool:
    """Whether a card rests on one township's own facts, and its rank on nothing but the card."""
    deciding = any(one.quantity for one in book.above.tie_breakers)
    return not (deciding or looks_back(book) or looks_aside(book))


def light(card: Scorecard | None) -> str:
    """The text to keep; a township without a report has no card."""
    if card is None:
        return "null"
    found = {
        "score": exact(card.score),
        "total": exact(card.total),
        "sections": [_section(section) for section in card.sections],
        "adjusted": [[one.id, exact(one.points)] for one in card.adjustments],
        "last": card.last,
        "outcomes": card.outcomes,
        "barred": card.barred,
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _section(section: SectionScore) -> list[Any]:
    clauses = [[one.clause.id, exact(one.points)] for one in section.clauses]
    weight = exact(section.weight)
    return [section.section.id, section.part, exact(section.points), weight, clauses]


def card(text: str, township: str, book: Rulebook) -> Scorecard | None:
    """The card again, without deductions; `book` is the rulebook as its group sees it."""
    kept = json.loads(text)
    if kept is None:
        return None
    by_id = {section.id: section for section in book.sections}
    clauses = {clause.id: clause for clause in book.clauses()}
    sections = tuple(
        SectionScore(
            by_id[name],
            Fraction(points),
            tuple(ClauseScore(clauses[each], Fraction(own), ()) for each, own in scores),
            Fraction(weight),
            part,
        )
        for name, part, points, weight, scores in kept["sections"]
    )
    return Scorecard(
        Submission(township, _NOTHING, _NOTHING),
        Fraction(kept["score"]),
        sections,
        (),
        Fraction(kept["total"]),
        tuple(
            Adjustment(name, Fraction(points), Message("{reason}", {"reason": name}))
            for name, points in kept["adjusted"]
        ),
        tuple(parts_of(sections, book)),
        kept["last"],
        tuple(kept["outcomes"]),
        tuple(kept["barred"]),
    )


_NOTHING: Mapping[str, Any] = {}


_PACKAGES = ("engine", "reading", "shape", "rulebook", "year", "review")
_FILE = "scores.sqlite"
_MOST_BYTES = 16 << 20
_AT_ONCE = 500
"""How many names one question may hold."""


@cache
def program() -> str:
    """What names this program: any change of what reads or judges gives another name."""
    home = Path(__file__).parent.parent
    files = [file for name in _PACKAGES for file in (home / name).glob("*.py")]
    files += resource("schema").rglob("*.json")
    found = sha256()
    for file in sorted(files):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


class Store:
    """Texts by name, in `folder`; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._file: Path | None = None
        with suppress(OSError, sqlite3.Error, Stop):
            if folder and _ordinary(folder):
                folder.mkdir(exist_ok=True)
                _begin(folder / _FILE)
                self._file = folder / _FILE

    def get(self, names: Iterable[str]) -> dict[str, str]:
        """Those of the texts that are kept, by name, and are what was once put there."""
        found: dict[str, str] = {}
        wanted = iter(names)
        with suppress(sqlite3.Error), _open(self._file) as base:
            while some := list(islice(wanted, _AT_ONCE)):
                places = ",".join("?" * len(some))
                asked = f"select name, value, sum from kept where name in ({places})"  # noqa: S608 - only ?
                sound = (row for row in base.execute(asked, some) if row[2] == _sum(*row[:2]))
                found.update((name.decode(), value.decode()) for name, value, _ in sound)
        return found

    def put(self, texts: Mapping[str, str]) -> None:
        """Keep them."""
        rows = [(name, value, _sum(name.encode(), value.encode())) for name, value in texts.items()]
        with suppress(sqlite3.Error), _open(self._file) as base:
            base.executemany(
                "insert or replace into kept (name, value, sum) values (?, ?, ?)", rows
            )


def _ordinary(folder: Path) -> bool:
    """Whether the file is one of this name only, or can be made, and no link leads to it.

    It is written in place. Raises Stop for a link on the way.
    """
    match kind(folder.parent, f"{folder.name}/{_FILE}"):
        case EntryKind.FILE:
            return (folder / _FILE).lstat().st_nlink == 1
        case standing:
            return standing is None


def _begin(file: Path) -> None:
    """Take out what another program has kept. Raises sqlite3.Error where that cannot be known."""
    with _open(file) as base:
        base.execute("create table if not exists made_by (program text)")
        if base.execute("select program from made_by").fetchall() != [(program().encode(),)]:
            base.execute("drop table if exists kept")
            base.execute("delete from made_by")
            base.execute("insert into made_by values (?)", (program(),))
        base.execute("create table if not exists kept (name primary key, value, sum)")


def _sum(name: object, value: object) -> bytes:
    """What a row is recognised by: that of a damaged one is another."""
    return sha256(repr((name, value)).encode()).digest()


@contextmanager
def _open(file: Path | None) -> Iterator[sqlite3.Connection]:
    """The database; its texts are bytes, since they may be damaged."""
    if file is None:
        raise sqlite3.OperationalError
    # What is kept can be made again: no need to wait for the disk.
    with closing(sqlite3.connect(file, timeout=1)) as base, base:
        base.text_factory = bytes
        base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        base.execute("pragma synchronous = off")
        yield base


Sent = tuple[DataFile, str]
"""A township's file of one year, with what names its content."""

Years = Mapping[int, Mapping[str, tuple[Sent, ...]]]
"""What townships have sent and what inspections say of them, by year and township."""


@dataclass(frozen=True, slots=True)
class Listed:
    """`office` names the content of every other file, the forms of reports too, by its path.

    `strange` is what does not belong into the tree.
    """

    tree: Tree
    office: Mapping[str, str]
    years: Years
    strange: tuple[Problem, ...]

    def files(self) -> Files:
        """The tree's files as the loader knows them."""
        found = [f for path in self.office if isinstance(f := what(path), DataFile)]
        for townships in self.years.values():
            found += [file for sent in townships.values() for file, _ in sent]
        found.sort(key=lambda file: file.path)
        return Files(self.tree, tuple(found), self.strange)

    def numbers(self) -> set[int]:
        """Every year of an assessment that has a file."""
        found = (what(path) for path in self.office)
        mine = {f.year for f in found if isinstance(f, DataFile) and f.kind is not Kind.HOLIDAYS}
        return (mine | self.years.keys()) - {0}

    def reported(self) -> dict[int, frozenset[str]]:
        """Who has sent a report, by year; an inspection alone is none."""
        return {
            year: frozenset(
                file.id
                for sent in townships.values()
                for file, _ in sent
                if file.kind is Kind.REPORT
            )
            for year, townships in self.years.items()
        }

    def before(self, commit: str, changes: Iterable[Altered]) -> "Listed":
        """The tree before a commit's changes, if this is the one after; it must be a revision."""
        assert isinstance(self.tree, Revision)  # noqa: S101 - nothing else has a history
        changed = list(changes)
        tree = self.tree.before(commit, changed)
        if any(not _is_sent(what(change.path)) for change in changed):
            return listed(tree)
        years = dict(self.years)
        for change in changed:
            file = what(change.path)
            assert isinstance(file, DataFile)  # noqa: S101 - no other is sent
            year = dict(years.get(file.year, {}))
            rest = [one for one in year.get(file.id, ()) if one[0] != file]
            if change.old is not None:
                rest.append((file, change.old[1]))
            year[file.id] = tuple(sorted(rest, key=lambda one: one[0].path))
            if not rest:
                del year[file.id]
            years[file.year] = year
            if not year:
                del years[file.year]
        return Listed(tree, self.office, years, self.strange)


def listed(tree: Tree) -> Listed:
    """What a tree holds; content is named, not read."""
    office = {path: name for path, name in tree.schemas().items() if is_form(path)}
    strange = tree.problems()
    years: dict[int, dict[str, tuple[Sent, ...]]] = {}
    for path in tree.paths():
        file, blob = what(path), tree.blob(path)
        if isinstance(file, DataFile) and _is_sent(file):
            year = years.setdefault(file.year, {})
            year[file.id] = (*year.get(file.id, ()), (file, blob))
            continue
        office[path] = blob
        if isinstance(file, Problem):
            strange.append(file)
    return Listed(tree, office, years, tuple(strange))


@cache
def what(path: str) -> DataFile | Problem | None:
    """What a file is by its path: the same paths are asked about at every commit."""
    return classify(path)


def _is_sent(file: DataFile | Problem | None) -> bool:
    return isinstance(file, DataFile) and file.kind in (Kind.REPORT, Kind.INSPECTION)


def base_name(tree: Listed, frame: Frame, own: YearFrame) -> str:
    """Names what every score of a year rests on."""
    book, year = own.year.rulebook, own.year.assessment
    form = f"{SCHEMA}/{frame.books[book.id, book.version].schema}"
    holidays = [one for one in tree.office.items() if one[0].startswith(f"{DATA}/holidays/")]
    when = (year.period, sorted(year.dates.items()), year.status == "open")
    rules = (book.id, book.version, book.sha256, tree.office.get(form))
    return sha256(repr((when, rules, sorted(holidays))).encode()).hexdigest()


def township_name(base: str, tree: Listed, frame: Frame, own: YearFrame, township: str) -> str:
    """Names what one township's score rests on: its files, with what every score does."""
    sent = [f"{file.kind}:{blob}" for file, blob in tree.years[own.year.assessment.year][township]]
    corrected = [document.sha256 for _, document in own.year.corrections.get(township, ())]
    entry = frame.registered.get(township)
    who = f"{entry.group}/{entry.kind}/{entry.first_year}/{entry.last_year}" if entry else ""
    return " ".join((base, township, *sent, *corrected, who))


def year_name(tree: Listed, frame: Frame, year: int) -> str:
    """Names what scores rest on that are compared with each other, or with last year's."""
    found: list[str] = []
    for number in (year - 1, year) if compared(frame, year) else (year,):
        own = frame.years[number]
        base = base_name(tree, frame, own)
        sent = sorted(tree.years.get(number, {}))
        found += [township_name(base, tree, frame, own, township) for township in sent]
    return sha256("\n".join(found).encode()).hexdigest()


T = TypeVar("T")
Names = Mapping[str, str]
"""By township, what names everything that its score of one year rests on."""

_SHELVES = (f"{DATA}/rulebooks/", f"{DATA}/holidays/", f"{SCHEMA}/")
_SOME, _MANY_PARTS = 8, 3
"""So many townships are one part of the work, and so many parts worth a second process."""
_WHOLE_YEARS = 8
"""So many results are remembered of rulebooks that compare townships or years."""


@dataclass(frozen=True, slots=True)
class Framed:
    """What the office has written in a tree; `frame` is None where that has errors."""

    frame: Frame | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One year of a tree; `result` is None if there is none, or it has errors: `problems`."""

    result: YearResult | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cards:
    """A township's card as it stands, and before corrections; None where it has not reported."""

    current: Scorecard | None
    first: Scorecard | None


class _Lately(Generic[T]):
    """What was found lately of a year of a tree: of the last three trees asked about.

    Of a commit both sides are asked about, the older one first; it is the newer one of the next.
    """

    def __init__(self) -> None:
        self._found: dict[int, list[tuple[Listed, T]]] = {}

    def of(self, tree: Listed, year: int, find: Callable[[], T]) -> T:
        """What `find` gives, or gave."""
        last = self._found.setdefault(year, [])
        known = [one for other, one in last if other is tree]
        if not known:
            known = [find()]
            last[:] = [*last[-2:], (tree, known[0])]
        return known[0]


class Judge:
    """Judges years of trees, and remembers; `store` keeps it for the next time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._libraries: dict[object, Library] = {}
        self._frames: dict[object, Framed] = {}
        self._texts: dict[str, str] = {}
        self._cards: dict[str, _Cards] = {}
        self._whole: dict[str, Judged] = {}
        self._judged = _Lately[Judged]()
        self._named = _Lately[Names]()
        self._framed = _Lately[Framed]()

    def framed(self, tree: Listed) -> Framed:
        """What the office has written in a tree."""
        return self._framed.of(tree, 0, lambda: self._frame(tree))

    def _frame(self, tree: Listed) -> Framed:
        office = tree.office.items()
        # A correction of a report that is not there is an error.
        sent = tree.reported()
        corrected = any("/corrections/" in path for path in tree.office)
        strange = frozenset(problem.location for problem in tree.strange)
        key = (frozenset(office), strange, frozenset(sent.items() if corrected else sent))
        if not tree.office and not tree.years:
            return Framed(None, ())
        if key not in self._frames:
            files = tree.files()
            shelf = frozenset(one for one in office if one[0].startswith(_SHELVES))
            if shelf not in self._libraries:
                self._libraries[shelf] = self._library(files, shelf)
            found, problems = frame(files, shared=self._libraries[shelf])
            wrong = tuple(errors(problems))
            self._frames[key] = Framed(None if wrong else found, wrong)
        return self._frames[key]

    def _library(self, files: Files, shelf: Iterable[tuple[str, str]]) -> Library:
        """The rulebooks; their examples are not read again where all was sound before."""
        name = sha256(repr(sorted(shelf)).encode()).hexdigest()
        tried = bool(self._store.get([name]))
        found = library(files, tried=tried)
        if not tried and not errors(found.problems):
            self._store.put({name: ""})
        return found

    def names(self, tree: Listed, year: int) -> Names:
        """What names all that every score of a year rests on; empty where there is no result."""
        return self._named.of(tree, year, lambda: self._names(tree, year))

    def _names(self, tree: Listed, year: int) -> Names:
        found = self.framed(tree).frame
        if found is None or year not in found.years:
            return {}
        own, sent = found.years[year], tree.years.get(year, {})
        if not suffices(own.year.rulebook):
            return dict.fromkeys(sorted(sent), year_name(tree, found, year))
        base = base_name(tree, found, own)
        return {t: township_name(base, tree, found, own, t) for t in sorted(sent)}

    def rests(self, tree: Listed, year: int) -> object:
        """All that a year's result rests on; the same for trees with the same result."""
        found = self.framed(tree).frame
        if found is None or year not in found.years:
            return None
        own = found.years[year]
        registered = tuple(t for t in found.city.townships if t.assessed_in(year))
        office = [file.sha256 for file in own.files if file.path != REGISTER]
        return (registered, own.year.rulebook.sha256, office, self.names(tree, year))

    def year(self, tree: Listed, year: int, full: Collection[str] = ()) -> Judged:
        """One year of a tree; the cards of the townships in `full` come with every reason."""
        framed = self.framed(tree)
        if framed.frame is None or year not in framed.frame.years:
            return Judged(None, framed.problems)
        if suffices(framed.frame.years[year].year.rulebook):
            if full:
                return self._by_cards(tree, framed.frame, year, full)
            # One commit's older side is the next one's newer: judged once.
            own = framed.frame
            return self._judged.of(tree, year, lambda: self._by_cards(tree, own, year, ()))
        name = year_name(tree, framed.frame, year)
        if name not in self._whole:
            for old in list(self._whole)[: 1 - _WHOLE_YEARS]:
                del self._whole[old]
            self._whole[name] = _together_judged(tree, framed.frame, year)
        return self._whole[name]

    def _by_cards(self, tree: Listed, frame: Frame, year: int, full: Collection[str]) -> Judged:
        names, needs = self.names(tree, year), Needs(frame.holidays)
        empty = inputs_of(frame, year, {}, needs)
        groups = groups_of(empty.rulebook, empty.townships)
        brief = {t: n for t, n in names.items() if t not in full}
        found = self._known(brief, empty, groups)
        asked = [t for t in brief if t not in found]
        texts, wrong = _texts(tree, frame, empty, groups, asked)
        read = _read(tree, frame, year, [t for t in names if t in full])
        wrong += _wrong(read.values(), year, needs, frame)
        if wrong:
            return Judged(None, once(wrong))
        got = {t: one.received for t, one in read.items() if one.received is not None}
        fresh = _judged(got, empty, groups)
        fresh |= {t: _Cards(None, None) for t in read.keys() - got.keys()}
        self._remember(names, texts | {t: _text(both) for t, both in fresh.items()})
        found |= self._known({t: names[t] for t in texts}, empty, groups)
        everybody = {t: fresh[t] if t in fresh else found[t] for t in names}
        return Judged(_placed(inputs_of(frame, year, {year: Kept(got)}, needs), everybody))

    def _known(
        self, names: Names, inputs: YearInputs, groups: Mapping[str, str]
    ) -> dict[str, _Cards]:
        """The cards, without reasons, of those townships that have been judged before."""
        asked = [n for n in names.values() if n not in self._texts and n not in self._cards]
        self._texts |= self._store.get(asked)
        books = {g: of_group(inputs.rulebook, g) for g in {None, *groups.values()}}
        found = {}
        for township, name in names.items():
            if name in self._texts:
                own = books[groups.get(township)]
                both = [card(text, township, own) for text in self._texts.pop(name).split("\n")]
                self._cards[name] = _Cards(both[0], both[-1])
            if name in self._cards:
                found[township] = self._cards[name]
        return found

    def _remember(self, names: Names, texts: Mapping[str, str]) -> None:
        """Keep what townships' cards come to."""
        kept = {names[township]: text for township, text in texts.items()}
        self._texts |= kept
        self._store.put(kept)


def _text(both: _Cards) -> str:
    """The cards, without reasons, as they are kept; the first one only if it is another."""
    kept = (both.current,) if both.first is both.current else (both.current, both.first)
    return "\n".join(map(light, kept))


# --- reading and judging --------------------------------------------------------------


def _read(
    tree: Listed, frame: Frame, year: int, townships: Iterable[str]
) -> dict[str, TownshipYear]:
    # What else is in the tree does not matter to one township's year.
    files, sent = Files(tree.tree, (), ()), tree.years.get(year, {})
    return {t: township_year(files, frame, [f for f, _ in sent[t]]) for t in sorted(townships)}


def _texts(
    tree: Listed,
    frame: Frame,
    inputs: YearInputs,
    groups: Mapping[str, str],
    townships: Sequence[str],
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The cards of townships as texts, made by two processes if there are many; the errors."""
    sent = tree.years.get(inputs.assessment.year, {})
    # A second process must not read from the first one's Git.
    held = replace(tree, tree=Held(tree.tree, [f.path for t in townships for f, _ in sent[t]]))
    parts = [
        partial(_part, held, frame, inputs, groups, townships[start : start + _SOME])
        for start in range(0, len(townships), _SOME)
    ]
    texts, wrong = dict[str, str](), list[Problem]()
    for made in done(parts, many=_MANY_PARTS):
        if isinstance(made, Problem):
            wrong.append(made)
        else:
            texts[made[0]] = made[1]
    return texts, tuple(wrong)


def _part(
    tree: Listed,
    frame: Frame,
    inputs: YearInputs,
    groups: Mapping[str, str],
    townships: Sequence[str],
) -> Iterator[tuple[str, str] | Problem]:
    """Some townships read and judged: text by township, or what is wrong."""
    year = inputs.assessment.year
    read = _read(tree, frame, year, townships)
    wrong = _wrong(read.values(), year, Needs(frame.holidays), frame)
    yield from wrong
    if not wrong:
        got = {t: _placeless(one.received) for t, one in read.items() if one.received is not None}
        cards = _judged(got, inputs, groups)
        yield from ((t, _text(cards.get(t, _Cards(None, None)))) for t in townships)


def _placeless(one: Received) -> Received:
    """Nothing that is kept says where it stands, and looking that up takes long."""
    current = replace(one.current, places=_NOWHERE)
    same = one.first is one.current
    return replace(
        one, current=current, first=current if same else replace(one.first, places=_NOWHERE)
    )


_NOWHERE: Mapping[str, tuple[Location, ...]] = {}


def _wrong(
    read: Iterable[TownshipYear], year: int, needs: Needs, frame: Frame
) -> tuple[Problem, ...]:
    """The errors of those files, and of holidays that they need."""
    found: list[Problem] = []
    for one in read:
        found += one.problems
        if one.received is not None:
            both = (one.received.current, one.received.first)
            needs.note(year, both, frame.years[year].year.rulebook)
    return tuple(errors([*found, *needs.problems()]))


def once(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same without what several parts of the work, or several years, have found alike."""
    told: dict[object, Problem] = {}
    for problem in found:
        told.setdefault((problem.location, problem.code, problem.message.text), problem)
    return tuple(told.values())


def _judged(
    got: Mapping[str, Received], inputs: YearInputs, groups: Mapping[str, str]
) -> dict[str, _Cards]:
    """The cards of townships that are compared with none."""

    def those(submissions: Mapping[str, Submission]) -> dict[str, Scorecard]:
        period = inputs.assessment.period
        return cards(submissions, inputs.rulebook, period, groups=groups, calendar=inputs.calendar)

    current = those({t: one.current for t, one in got.items()})
    first = those({t: one.first for t, one in got.items() if one.first is not one.current})
    return {t: _Cards(current[t], first.get(t, current[t])) for t in got}


def _placed(inputs: YearInputs, everybody: Mapping[str, _Cards]) -> YearResult:
    current = {t: both.current for t, both in everybody.items() if both.current}
    standings = placed(inputs, current)
    if not inputs.corrections:
        return YearResult(inputs, standings, standings)
    first = {t: both.first for t, both in everybody.items() if both.first}
    return YearResult(inputs, standings, placed(inputs, first))


def _together_judged(tree: Listed, frame: Frame, year: int) -> Judged:
    """A year whose rulebook compares townships, or this year with the last."""
    needs, kept, wrong = Needs(frame.holidays), dict[int, Kept](), tuple[Problem, ...]()
    own = frame.years[year].year.rulebook
    for number in (year - 1, year) if looks_back(own) and compared(frame, year) else (year,):
        read = _read(tree, frame, number, tree.years.get(number, {}))
        wrong = (*wrong, *_wrong(read.values(), number, needs, frame))
        kept[number] = Kept({t: r.received for t, r in read.items() if r.received is not None})
    if wrong:
        return Judged(None, once(wrong))
    return Judged(judged(inputs_of(frame, year, kept, needs)))
