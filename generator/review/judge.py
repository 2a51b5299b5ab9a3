"""Trees judged, each township once: scores kept by the name of what they rest on.

Owns the cache of scores and the second process that takes its share. Must not compare or print.
"""

import json
import os
import signal
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, lru_cache, partial
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread, active_count
from typing import Any, TypeGuard, TypeVar

from generator.engine.book import Rulebook, looks_aside, looks_back
from generator.engine.facts import groups_of, of_group
from generator.engine.measures import exact
from generator.engine.problem import Message, Problem, Stop, errors
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
from generator.reading.files import (
    DATA,
    SCHEMA,
    Blob,
    DataFile,
    Kind,
    Tree,
    blobs,
    classify,
    is_form,
    listing,
)
from generator.reading.git import Altered
from generator.reading.screen import REGISTER
from generator.shape.schema import Files, resource
from generator.year.examples import unproven
from generator.year.holidays import Needs
from generator.year.load import (
    Frame,
    Kept,
    Library,
    YearFrame,
    compared,
    frame,
    inputs_of,
    library,
    township_year,
)
from generator.year.report import Received

T = TypeVar("T")
Part = Callable[[], Iterable[T]]

MANY = 200
"""Fewer parts are done before a second process has begun."""

_parts: Sequence[Part[Any]] = ()
"""What the second process was forked with: parts are not sent, only what they give."""


def done(parts: Sequence[Part[T]], *, alone: bool = False, many: int | None = None) -> list[T]:
    """What the parts give, one after the other; `alone`: without a second process.

    `many`: from so many parts on a second process pays, where it is not `MANY`.
    """
    enough = len(parts) >= (MANY if many is None else many)
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    # Linux, a second core, and no thread that a fork would cut short.
    may_fork = len(cores) > 1 and active_count() == 1
    made = _by_two(parts) if enough and not alone and may_fork else {}
    # What the other process owes, because something ended it, is made up for here.
    return [x for n, part in enumerate(parts) for x in (made[n] if n in made else part())]


def _by_two(parts: Sequence[Part[T]]) -> dict[int, list[T]]:
    """What both have made, by the number of the part: one from the front, one from the end.

    Where they meet they may both do a part: Python 3.11 forbids to cancel one in a pool that may
    break.
    """
    made: dict[int, list[T]] = {}
    promised: list[Future[list[T]]] = []
    pool = ProcessPoolExecutor(1, get_context("fork"), _begin_process, (parts,))
    try:
        with suppress(BrokenExecutor):
            promised.extend(pool.submit(_do, number) for number in range(len(parts)))
        # Else the rest of an answer would be waited for if its sender is killed in the middle.
        pool._result_queue._writer.close()  # type: ignore[attr-defined] # noqa: SLF001 - see above
        while promised and not promised[-1].done():
            promised.pop()
            made[len(promised)] = list(parts[len(promised)]())
        for number, future in enumerate(promised):
            with suppress(Exception):  # it goes wrong again in the first process, which says so
                made[number] = future.result()
    finally:
        pool.shutdown(cancel_futures=True)
    return made


def _begin_process(parts: Sequence[Part[Any]]) -> None:
    """In the second process: it ends with the first one, and leaves being interrupted to that."""
    global _parts  # noqa: PLW0603 - what a worker is to do is handed over once, by the fork
    _parts = parts
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:
    first = parent_process()
    if first is not None:
        first.join()
        os._exit(1)


def _do(number: int) -> list[Any]:
    return list(_parts[number]())


def suffices(book: Rulebook) -> bool:
    """Whether a card rests on one township's own facts, and its rank on nothing but the card."""
    deciding = any(breaker.quantity for breaker in book.above.tie_breakers)
    return not (deciding or looks_back(book) or looks_aside(book))


def card_text(card: Scorecard | None) -> str:
    """The card without reasons, as it is kept; a township without a report has none."""
    if card is None:
        return "null"
    value = {
        "score": exact(card.score),
        "total": exact(card.total),
        "sections": [_section(section) for section in card.sections],
        "adjusted": [[adjustment.id, exact(adjustment.points)] for adjustment in card.adjustments],
        "last": card.last,
        "outcomes": card.outcomes,
        "barred": card.barred,
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _section(section: SectionScore) -> list[Any]:
    clauses = [[score.clause.id, exact(score.points)] for score in section.clauses]
    weight = exact(section.weight)
    return [section.section.id, section.part, exact(section.points), weight, clauses]


def card_of(text: str, township: str, book: Rulebook) -> Scorecard | None:
    """The card that a text keeps; `book` is the rulebook as the township's group sees it."""
    kept = json.loads(text)
    if kept is None:
        return None
    by_id = {section.id: section for section in book.sections}
    clauses = {clause.id: clause for clause in book.clauses()}
    sections = tuple(
        SectionScore(
            by_id[name],
            Fraction(points),
            tuple(ClauseScore(clauses[clause], Fraction(own), ()) for clause, own in scores),
            Fraction(weight),
            part,
        )
        for name, part, points, weight, scores in kept["sections"]
    )
    return Scorecard(
        Submission(township, {}, {}),
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


# --- where texts are kept -------------------------------------------------------------

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
    digest = sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


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
        texts: dict[str, str] = {}
        wanted = iter(names)
        with suppress(sqlite3.Error), _open(self._file) as base:
            while some := list(islice(wanted, _AT_ONCE)):
                places = ",".join("?" * len(some))
                asked = f"select name, value, sum from kept where name in ({places})"  # noqa: S608 - only ?
                sound = (row for row in base.execute(asked, some) if row[2] == _sum(*row[:2]))
                texts.update((name.decode(), value.decode()) for name, value, _ in sound)
        return texts

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
    standing = kind(folder.parent, f"{folder.name}/{_FILE}")
    if standing is EntryKind.FILE:
        return (folder / _FILE).lstat().st_nlink == 1
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


# --- what a tree holds ----------------------------------------------------------------

Sent = tuple[DataFile, str]
"""A township's file of one year, with what names its content."""

SentBy = Mapping[str, tuple[Sent, ...]]
"""What townships have sent in one year and what inspections say of them, by township."""

Groups = Mapping[str, str]
"""The group of every township that is in one."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A tree sorted by who wrote what; content is named, not read.

    `office` names the content of every file that no township sent, the forms of reports too, by
    its path; `strange` is what does not belong into the tree.
    """

    tree: Tree
    office: Mapping[str, str]
    years: Mapping[int, SentBy]
    strange: tuple[Problem, ...]

    def files(self) -> Files:
        """The tree's files as the loader knows them."""
        known = [file for path in self.office if isinstance(file := classify(path), DataFile)]
        for townships in self.years.values():
            known += [file for sent in townships.values() for file, _ in sent]
        known.sort(key=lambda file: file.path)
        return Files(blobs(self.tree), tuple(known), self.strange)

    def numbers(self) -> set[int]:
        """Every year of an assessment that has a file."""
        return ({year_of(path) for path in self.office} | self.years.keys()) - {0}

    def reported(self) -> dict[int, frozenset[str]]:
        """Who has sent a report, by year; an inspection alone is none."""
        return {
            year: frozenset(f.id for own in sent.values() for f, _ in own if f.kind is Kind.REPORT)
            for year, sent in self.years.items()
        }

    def before(self, changes: Iterable[Altered]) -> "Snapshot":
        """The tree before a commit's changes, if this is the one after."""
        changes = tuple(changes)
        tree = {**self.tree, **{c.path: c.old for c in changes if c.old is not None}}
        for change in changes:
            if change.old is None:
                tree.pop(change.path, None)
        years = dict(self.years)
        for change in changes:
            file, old = classify(change.path), change.old
            if not _is_sent(file) or isinstance(old, Problem) or isinstance(change.new, Problem):
                return snapshot(tree)
            year = dict(years.get(file.year, {}))
            rest = [sent for sent in year.pop(file.id, ()) if sent[0] != file]
            if old is not None:
                rest.append((file, old.id))
            if rest:
                year[file.id] = tuple(sorted(rest, key=lambda sent: sent[0].path))
            years[file.year] = year
            if not year:
                del years[file.year]
        return Snapshot(tree, self.office, years, self.strange)


def snapshot(tree: Tree) -> Snapshot:
    """What a tree holds."""
    tree = dict(sorted(tree.items()))
    office: dict[str, str] = {}
    years: dict[int, dict[str, tuple[Sent, ...]]] = {}
    for path, blob in blobs(tree).items():
        file = classify(path)
        if _is_sent(file):
            year = years.setdefault(file.year, {})
            year[file.id] = (*year.get(file.id, ()), (file, blob.id))
        elif is_form(path) or not path.startswith(f"{SCHEMA}/"):
            office[path] = blob.id
    return Snapshot(tree, office, years, tuple(listing(tree)[1]))


def year_of(path: str) -> int:
    """The year that a file belongs to, 0 for none: holidays of any year may be needed."""
    file = classify(path)
    return file.year if isinstance(file, DataFile) and file.kind is not Kind.HOLIDAYS else 0


def _is_sent(file: DataFile | Problem | None) -> TypeGuard[DataFile]:
    return isinstance(file, DataFile) and file.kind in (Kind.REPORT, Kind.INSPECTION)


# --- on what a score rests ------------------------------------------------------------

Names = Mapping[str, str]
"""By township, what names everything that its score of one year rests on."""


def _township_names(tree: Snapshot, frame: Frame, own: YearFrame) -> dict[str, str]:
    """Names what each township's score rests on: what every score does, and its own files."""
    book, year = own.year.rulebook, own.year.assessment
    form = f"{SCHEMA}/{frame.books[book.id, book.version].schema}"
    holidays = [item for item in tree.office.items() if item[0].startswith(f"{DATA}/holidays/")]
    when = (year.period, sorted(year.dates.items()), year.status == "open")
    rules = (book.id, book.version, book.sha256, tree.office.get(form))
    base = sha256(repr((when, rules, sorted(holidays))).encode()).hexdigest()
    names = {}
    for township, files in sorted(tree.years.get(year.year, {}).items()):
        sent = [f"{file.kind}:{blob}" for file, blob in files]
        corrected = [document.sha256 for _, document in own.year.corrections.get(township, ())]
        entry = frame.registered.get(township)
        who = f"{entry.group}/{entry.kind}/{entry.first_year}/{entry.last_year}" if entry else ""
        names[township] = " ".join((base, township, *sent, *corrected, who))
    return names


def _year_name(tree: Snapshot, frame: Frame, year: int) -> str:
    """Names what scores rest on that are compared with each other, or with last year's."""
    numbers = (year - 1, year) if compared(frame, year) else (year,)
    names = (_township_names(tree, frame, frame.years[number]).values() for number in numbers)
    return sha256("\n".join(name for own in names for name in own).encode()).hexdigest()


# --- judging --------------------------------------------------------------------------

_SHELVES = (f"{DATA}/rulebooks/", f"{DATA}/holidays/", f"{SCHEMA}/")
_SOME, _MANY_PARTS = 8, 3
"""So many townships are one part of the work, and so many parts worth a second process."""
_WHOLE_YEARS = 8
"""So many results are remembered of rulebooks that compare townships or years."""
_LATELY = 12
"""So many trees and years are remembered: one commit's older side is the next one's newer."""


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

    current: Scorecard | None = None
    first: Scorecard | None = None


class Judge:
    """Judges years of trees, and remembers; `store` keeps it for the next time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._libraries: dict[str, Library] = {}
        self._frames: dict[object, Framed] = {}
        self._texts: dict[str, str] = {}
        self._cards: dict[str, _Cards] = {}
        self._whole: dict[str, Judged] = {}
        self.framed = lru_cache(_LATELY)(self._framed)
        self.names = lru_cache(_LATELY)(self._names)
        self._brief = lru_cache(_LATELY)(self._by_cards)

    def _framed(self, tree: Snapshot) -> Framed:
        """What the office has written in a tree."""
        if not tree.office and not tree.years:
            return Framed(None, ())
        office = tree.office.items()
        # A correction of a report that is not there is an error.
        sent = tree.reported()
        corrected = any("/corrections/" in path for path in tree.office)
        strange = frozenset(problem.location for problem in tree.strange)
        key = (frozenset(office), strange, frozenset(sent.items() if corrected else sent))
        if key not in self._frames:
            files = tree.files()
            framed, problems = frame(files, shared=self._library(files, office))
            wrong = tuple(errors(problems))
            self._frames[key] = Framed(None if wrong else framed, wrong)
        return self._frames[key]

    def _library(self, files: Files, office: Iterable[tuple[str, str]]) -> Library:
        """The rulebooks; their examples are not read again where all was sound before."""
        shelf = sorted(item for item in office if item[0].startswith(_SHELVES))
        name = sha256(repr(shelf).encode()).hexdigest()
        if name not in self._libraries:
            shelved = library(files)
            if not self._store.get([name]):
                wrong = (*shelved.problems, *unproven(files, shelved.books, shelved.holidays))
                shelved = replace(shelved, problems=wrong)
                if not errors(wrong):
                    self._store.put({name: ""})
            self._libraries[name] = shelved
        return self._libraries[name]

    def _names(self, tree: Snapshot, year: int) -> Names:
        """What names all that every score of a year rests on; empty where there is no result."""
        frame = self.framed(tree).frame
        if frame is None or year not in frame.years:
            return {}
        own = frame.years[year]
        if not suffices(own.year.rulebook):
            return dict.fromkeys(sorted(tree.years.get(year, {})), _year_name(tree, frame, year))
        return _township_names(tree, frame, own)

    def rests(self, tree: Snapshot, year: int) -> object:
        """All that a year's result rests on; the same for trees with the same result."""
        frame = self.framed(tree).frame
        if frame is None or year not in frame.years:
            return None
        own = frame.years[year]
        registered = tuple(t for t in frame.city.townships if t.assessed_in(year))
        office = [file.sha256 for file in own.files if file.path != REGISTER]
        return (registered, own.year.rulebook.sha256, office, self.names(tree, year))

    def year(self, tree: Snapshot, year: int, full: Collection[str] = ()) -> Judged:
        """One year of a tree; the cards of the townships in `full` come with every reason."""
        framed = self.framed(tree)
        if framed.frame is None or year not in framed.frame.years:
            return Judged(None, framed.problems)
        if suffices(framed.frame.years[year].year.rulebook):
            return self._brief(tree, year, frozenset(full))
        name = _year_name(tree, framed.frame, year)
        if name not in self._whole:
            for old in list(self._whole)[: 1 - _WHOLE_YEARS]:
                del self._whole[old]
            self._whole[name] = _compared_year(tree, framed.frame, year)
        return self._whole[name]

    def _by_cards(self, tree: Snapshot, year: int, full: Collection[str]) -> Judged:
        """A year whose cards rest each on one township: only what is not known is read."""
        frame = self.framed(tree).frame
        assert frame is not None  # noqa: S101 - the caller has looked
        names, needs = self.names(tree, year), Needs(frame.holidays)
        empty, sent = inputs_of(frame, year, {}, needs), tree.years.get(year, {})
        groups = groups_of(empty.rulebook, empty.townships)
        known = self._known({t: n for t, n in names.items() if t not in full}, empty, groups)
        unknown = {t: sent[t] for t in names if t not in full and t not in known}
        texts, wrong = _all_texts(tree.tree, frame, empty, groups, unknown)
        whole = {t: sent[t] for t in names if t in full}
        received, problems = _received(tree.tree, frame, year, whole, needs)
        if wrong or problems:
            return Judged(None, once((*wrong, *problems)))
        fresh = dict.fromkeys(whole, _Cards()) | _judged(received, empty, groups)
        texts |= {township: _text(cards) for township, cards in fresh.items()}
        kept = {names[township]: text for township, text in texts.items()}
        self._texts |= kept
        self._store.put(kept)
        known |= self._known({t: names[t] for t in unknown}, empty, groups) | fresh
        inputs = inputs_of(frame, year, {year: Kept(received)}, needs)
        current = {t: card for t in names if (card := known[t].current)}
        first = {t: card for t in names if (card := known[t].first)}
        now = placed(inputs, current)
        return Judged(YearResult(inputs, now, placed(inputs, first) if inputs.corrections else now))

    def _known(self, names: Names, inputs: YearInputs, groups: Groups) -> dict[str, _Cards]:
        """The cards, without reasons, of those townships that have been judged before."""
        asked = [n for n in names.values() if n not in self._texts and n not in self._cards]
        self._texts |= self._store.get(asked)
        books = {g: of_group(inputs.rulebook, g) for g in {None, *groups.values()}}
        for township, name in names.items():
            if name in self._texts:
                own = books[groups.get(township)]
                both = [card_of(text, township, own) for text in self._texts.pop(name).split("\n")]
                self._cards[name] = _Cards(both[0], both[-1])
        return {t: self._cards[name] for t, name in names.items() if name in self._cards}


def _text(cards: _Cards) -> str:
    """The cards, without reasons, as they are kept; the first one only if it is another."""
    kept = (cards.current,) if cards.first is cards.current else (cards.current, cards.first)
    return "\n".join(map(card_text, kept))


# --- reading and judging --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that has been read already, so that its source is asked no more."""

    id: str
    content: bytes

    def read(self) -> bytes:
        return self.content


def _received(
    tree: Tree, frame: Frame, year: int, sent: SentBy, needs: Needs
) -> tuple[dict[str, Received], tuple[Problem, ...]]:
    """What townships have sent, and its errors and those of holidays that it needs.

    What else is in the tree does not matter to their year.
    """
    files = Files(_sources(tree, sent), (), ())
    received, problems = dict[str, Received](), list[Problem]()
    for township in sorted(sent):
        read = township_year(files, frame, [file for file, _ in sent[township]])
        problems += read.problems()
        if read.received is not None:
            received[township] = read.received
            both = (read.received.current, read.received.first)
            needs.note(year, both, frame.years[year].year.rulebook)
    return received, tuple(errors([*problems, *needs.problems()]))


def _sources(tree: Tree, sent: SentBy) -> dict[str, Blob]:
    return blobs({file.path: tree[file.path] for own in sent.values() for file, _ in own})


def _all_texts(
    tree: Tree, frame: Frame, inputs: YearInputs, groups: Groups, sent: SentBy
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """The cards of townships as texts, made by two processes if there are many; the errors."""
    # A second process must not read from the first one's Git.
    opened = {path: _Read(blob.id, blob.read()) for path, blob in _sources(tree, sent).items()}
    parts, left = [], iter(sent.items())
    while some := dict(islice(left, _SOME)):
        parts.append(partial(_texts, opened, frame, inputs, groups, some))
    made = done(parts, many=_MANY_PARTS)
    wrong = tuple(entry for entry in made if isinstance(entry, Problem))
    return dict(entry for entry in made if not isinstance(entry, Problem)), wrong


def _texts(
    opened: Tree, frame: Frame, inputs: YearInputs, groups: Groups, sent: SentBy
) -> Iterator[tuple[str, str] | Problem]:
    """Some townships read and judged: the text of the cards of each, or what is wrong."""
    received, wrong = _received(opened, frame, inputs.assessment.year, sent, Needs(frame.holidays))
    yield from wrong
    if not wrong:
        judged = _judged({t: _placeless(own) for t, own in received.items()}, inputs, groups)
        yield from ((township, _text(judged.get(township, _Cards()))) for township in sent)


def _placeless(received: Received) -> Received:
    """Nothing that is kept says where it stands, and looking that up takes long."""
    current, first = (replace(sub, places={}) for sub in (received.current, received.first))
    return replace(
        received, current=current, first=current if received.first is received.current else first
    )


def once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same without what several parts of the work, or several years, have in common."""
    by_sight: dict[object, Problem] = {}
    for problem in problems:
        by_sight.setdefault((problem.location, problem.code, problem.message.text), problem)
    return tuple(by_sight.values())


def _judged(
    received: Mapping[str, Received], inputs: YearInputs, groups: Groups
) -> dict[str, _Cards]:
    """The cards of townships that are compared with none."""
    current = {t: own.current for t, own in received.items()}
    first = {t: own.first for t, own in received.items() if own.first is not own.current}
    book, period, calendar = inputs.rulebook, inputs.assessment.period, inputs.calendar
    now, then = (cards(s, book, period, groups=groups, calendar=calendar) for s in (current, first))
    return {t: _Cards(now[t], then.get(t, now[t])) for t in received}


def _compared_year(tree: Snapshot, frame: Frame, year: int) -> Judged:
    """A year whose rulebook compares townships, or this year with the last."""
    needs, kept, wrong = Needs(frame.holidays), dict[int, Kept](), list[Problem]()
    book = frame.years[year].year.rulebook
    for number in (year - 1, year) if looks_back(book) and compared(frame, year) else (year,):
        sent = tree.years.get(number, {})
        received, problems = _received(tree.tree, frame, number, sent, needs)
        wrong += problems
        kept[number] = Kept(received)
    if wrong:
        return Judged(None, once(wrong))
    return Judged(judged(inputs_of(frame, year, kept, needs)))
