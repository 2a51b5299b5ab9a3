"""Years of many trees judged; what has been judged before is looked up, not read again.

Owns what is remembered of a tree, and for how long. Must not compare results.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Generic, TypeVar

from generator.data.frame import Frame, Library, frame, library
from generator.data.holidays import Needs
from generator.data.load import Kept, TownshipYear, compared, inputs_of, township_year
from generator.data.second_process import done
from generator.data.submission import Received
from generator.data.tree import REGISTER, Files
from generator.engine.groups import groups_of, of_group
from generator.engine.model import Submission, YearInputs
from generator.engine.problem import Location, Problem, errors
from generator.engine.rank import judged, placed
from generator.engine.reach import looks_back
from generator.engine.result import Scorecard, YearResult
from generator.engine.score import cards
from generator.reading.files import DATA, SCHEMA
from generator.reading.mixed import Held
from generator.review.light import card, light, suffices
from generator.review.listed import Listed
from generator.review.names import base_name, township_name, year_name
from generator.review.store import Store

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
