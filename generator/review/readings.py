"""A year under other readings of its rulebook: one alternative at a time, and very many together.

Owns which alternatives can be judged for a year and meant together, the sample that is drawn where
there are too many (always the same one), and when clauses can be judged one by one and added up.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from itertools import combinations, count, product
from math import lcm, prod
from typing import Any

from generator.engine.book import Clause, Rulebook
from generator.engine.difference import Moved, moved
from generator.engine.problem import Path, Problem
from generator.engine.rank import placed, scored, standings
from generator.engine.score import Asked, Event, Once, clause_score, event_of, lists_by_rule, once
from generator.engine.year import Deduction, Scorecard, Standing, Township, YearInputs, YearResult
from generator.rulebook.books import Option, Switchboard, Switchboards
from generator.year.supposed import Years, refit


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The year under one alternative; where its facts cannot be read so, `problems` say why."""

    option: Option
    standings: tuple[Standing, ...] | None
    moved: tuple[Moved, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def ranks(self) -> tuple[Moved, ...]:
        """Those whose place is another, tied or not."""
        return tuple(
            change
            for change in self.moved
            if (change.old.rank, change.old.tied) != (change.new.rank, change.new.tied)
        )

    @property
    def listed(self) -> tuple[Moved, ...]:
        """Those who come onto a list or leave one."""
        return tuple(c for c in self.moved if c.old.outcomes != c.new.outcomes)


class Reader:
    """Reads one year under alternatives of its rulebook; what has been read is kept."""

    def __init__(self, years: Years, board: Switchboard, result: YearResult) -> None:
        self.years, self.board, self.result = years, board, result
        self._read: dict[tuple[Option, ...], YearInputs | tuple[Problem, ...]] = {}
        own, executable = board.book.rulebook, board.executable
        self._reread = {option for option in executable if refit(own, board.under((option,)))}

    def inputs(
        self, chosen: Sequence[Option], rulebook: Rulebook | None = None
    ) -> YearInputs | tuple[Problem, ...]:
        """The year's inputs under alternatives, or why there are none.

        Facts are read again only where an alternative bears on reading them.
        """
        inputs = self._facts(chosen)
        if isinstance(inputs, YearInputs):
            return replace(inputs, rulebook=rulebook or self.board.under(chosen))
        return inputs

    @cached_property
    def fitting(self) -> tuple[Option, ...]:
        """The alternatives by which the year can be judged."""
        executable = self.board.executable
        return tuple(o for o in executable if isinstance(self._facts((o,)), YearInputs))

    def _facts(self, chosen: Sequence[Option]) -> YearInputs | tuple[Problem, ...]:
        """The year's inputs, under whichever rulebook."""
        about = tuple(option for option in chosen if option in self._reread)
        if about and about not in self._read:
            number = self.result.inputs.assessment.year
            read_as = self.board.under(about)
            inputs, problems = self.years.read(number, self.board.book, read_as)
            self._read[about] = problems if inputs is None else inputs
        return self._read[about] if about else self.result.inputs


Cards = Mapping[str, Scorecard]
"""Everybody's scorecard, by township."""


def otherwise(
    reader: Reader, known: Callable[[Option], Cards | None] = lambda _: None
) -> Iterator[Otherwise]:
    """What every alternative that can be computed moves, in the rulebook's order.

    `known` has the cards under an alternative, where they need not be judged anew.
    """
    for option in reader.board.executable:
        inputs = reader.inputs((option,))
        if not isinstance(inputs, YearInputs):
            yield Otherwise(option, None, (), inputs)
            continue
        cards = known(option)
        ranked = standings(inputs, inputs.submissions) if cards is None else placed(inputs, cards)
        yield Otherwise(option, ranked, moved(reader.result.standings, ranked))


# --- combinations ---------------------------------------------------------------------

Chosen = tuple[Option, ...]
"""Alternatives meant together, one a reading at most; empty is the rulebook as it stands."""

Clash = Callable[[Option, Option], bool]


@dataclass(frozen=True, slots=True)
class Sample:
    """Some or all of `total` combinations, the rulebook as it stands first."""

    total: int
    chosen: tuple[Chosen, ...]


def sample(options: Sequence[Option], clash: Clash, most: int, drawn: int, seed: str) -> Sample:
    """All combinations if there are no more than `most`, else `drawn` of them.

    The sample holds every alternative alone; the others follow from `seed` and nothing else.
    """
    # What can be chosen of each reading: what stands there (None), or an alternative.
    by_reading: dict[str, list[Option | None]] = {}
    for option in options:
        by_reading.setdefault(option.reading, [None]).append(option)
    ways = list(by_reading.values())
    pairs = [(a, b) for a, b in combinations(options, 2) if a.reading != b.reading and clash(a, b)]
    apart = [{a.name, b.name} for a, b in pairs]
    # Only readings with a clash need to be tried to know how many combinations there are.
    clashing = {option.reading for pair in pairs for option in pair}
    tight = [way for reading, way in by_reading.items() if reading in clashing]
    free = prod(len(way) for reading, way in by_reading.items() if reading not in clashing)
    total = free * sum(1 for _ in _fitting(product(*tight), apart))
    if total <= most:
        return Sample(total, tuple(_fitting(product(*ways), apart)))
    taken = dict.fromkeys([(), *((option,) for option in options)])
    lots = _fitting(_lots(ways, seed), apart)
    while len(taken) < drawn:
        taken[next(lots)] = None
    return Sample(total, tuple(taken)[: max(drawn, 1)])


def _fitting(
    lots: Iterable[Iterable[Option | None]], apart: Sequence[set[str]]
) -> Iterator[Chosen]:
    """Those combinations that can be meant together; `apart` are pairs of names that cannot."""
    for lot in lots:
        chosen = tuple(filter(None, lot))
        names = {option.name for option in chosen} if apart else set()
        if not any(pair <= names for pair in apart):
            yield chosen


def _lots(ways: Sequence[Sequence[Option | None]], seed: str) -> Iterator[list[Option | None]]:
    """Combinations drawn one after the other, each reading by itself, without end."""
    for number in count():
        left = int.from_bytes(sha256(f"{seed} {number}".encode()).digest(), "big")
        lot = []
        for way in ways:
            left, which = divmod(left, len(way))
            lot.append(way[which])
        yield lot


# --- clauses one by one ---------------------------------------------------------------

_APART = (
    *("sections", "deadlines", "exclusions", "lines", "outside_ranking", "outcomes"),
    "counted_once",
)
"""What alternatives may change without clauses ceasing to add up."""

_NOT_JUDGED = ("lines", "outside_ranking", "readings", "restorations", "counted_once")
"""What a clause is judged without."""


@dataclass(frozen=True, slots=True)
class LoneClause:
    """A clause, by the numbers of its section and itself, and the alternatives bearing on it."""

    section: int
    clause: int
    options: frozenset[Option]


def lone_clauses(board: Switchboard, options: Sequence[Option]) -> list[LoneClause]:
    """Every clause, where a score is the sum of clauses under any alternatives; else none."""
    values = {option: board.value((option,)) for option in options}
    own = board.document.value
    if not all(_adds_up(value, own) for value in (own, *values.values())):
        return []
    clauses = []
    for section, inner in enumerate(own["sections"]):
        for clause in range(len(inner["clauses"])):
            stands = alone(own, section, clause)
            bearing = (o for o, value in values.items() if alone(value, section, clause) != stands)
            clauses.append(LoneClause(section, clause, frozenset(bearing)))
    return clauses


def _adds_up(value: Mapping[str, Any], own: Mapping[str, Any]) -> bool:
    """Whether the rulebook does no more than add up its clauses, the same ones as ever."""
    more = ("pools", "conversions", "vetoes", "tie_breakers", "rounding")
    scaled = ("mean", "section", "total")
    clauses = [clause for section in value["sections"] for clause in section["clauses"]]
    return not (
        any(value.get(key) for key in more)
        or any(value.get(key) != own.get(key) for key in {*value, *own} - {*_APART})
        or any(clause.get("applies", {}).get("otherwise") in scaled for clause in clauses)
        or _outline(value) != _outline(own)
    )


def _outline(value: Mapping[str, Any]) -> list[tuple[Any, list[Any]]]:
    return [(s["id"], [clause["id"] for clause in s["clauses"]]) for s in value["sections"]]


def alone(value: Mapping[str, Any], section: int, clause: int) -> dict[str, Any]:
    """A rulebook as written, with one clause and what that one looks at."""
    around = value["sections"][section]
    own = around["clauses"][clause]
    spoken = set(_spoken(own))
    book = {key: inner for key, inner in value.items() if key not in _NOT_JUDGED}
    book["sections"] = [{**around, "clauses": [own]}]
    book["deadlines"] = [d for d in value.get("deadlines", []) if d["id"] in spoken]
    left_out = value.get("exclusions")
    if left_out and left_out["records"] not in spoken:
        del book["exclusions"]
    return book


def _spoken(value: Any) -> Iterator[str]:
    """Every word of a clause that may name something: keys and values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for inner in (*value, *value.values()) if isinstance(value, Mapping) else value:
            yield from _spoken(inner)


Ranks = Mapping[str, int]
Number = int | Fraction

_CHARGING = ("points", "below_zero", "above_points")
"""What of a clause bears on what is charged, and not on what is asked."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What one clause asks of one township in one period, and what it weighs."""

    part: str | None
    clause: Clause
    asked: tuple[Deduction, ...] | None
    weight: Fraction

    @property
    def points(self) -> Fraction:
        return clause_score(self.clause, self.asked).points * self.weight


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a clause asks of everybody.

    `events` are the records that it deducts for, each with its township and period.
    """

    parts: Mapping[str, tuple[_Part, ...]]
    events: tuple[tuple[str, str | None, Event], ...]
    lists: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class _Variant:
    """One clause read one way: everybody's points, in the order of the names, times a scale."""

    asked: _Asked
    points: list[int]


_Key = tuple[int, Chosen]
"""A clause, by its number, and the alternatives that bear on it."""


class ByClause:
    """Adds up clauses, each judged once for every way of reading it."""

    def __init__(self, reader: Reader, clauses: Sequence[LoneClause]) -> None:
        self._reader, self._clauses = reader, clauses
        self._names = sorted(reader.result.inputs.submissions)
        self._asked: dict[object, _Asked] = {}
        self._variants: dict[_Key, _Variant | None] = {}
        self._back: dict[Any, Fraction] = {}
        self._scale = 1  # times which all points are whole numbers, which add up much faster
        board, book = reader.board, reader.result.inputs.rulebook
        self._how: dict[Option, Once | None] = {
            option: board.value((option,)).get("counted_once") for option in board.options
        }
        self._own, self._grouping = book.counted_once, book.above.grouping
        by_group = self._grouping is not None and self._grouping.apart
        self._apart = {s.township.id: s.group for s in reader.result.standings if by_group}

    def ranks(self, chosen: Chosen) -> Ranks | None:
        """Everybody's rank; None where the year cannot be judged so."""
        keys = [
            (number, tuple(option for option in chosen if option in clause.options))
            for number, clause in enumerate(self._clauses)
        ]
        variants = [variant for variant in map(self._variant, keys) if variant is not None]
        if len(variants) < len(keys):
            return None
        added = map(sum, zip(*(variant.points for variant in variants), strict=True))
        scores: dict[str, Number] = dict(zip(self._names, added, strict=True))
        how = next((self._how[o] for o in chosen if self._how[o] != self._own), self._own)
        if how is not None:
            for name, numbers in _shared(variants).items():
                key = (name, how, *(keys[number] for number in numbers))
                if key not in self._back:
                    asked = [variants[number].asked for number in numbers]
                    self._back[key] = _given_back(asked, name, how)
                scores[name] += self._back[key] * self._scale
        return _ranked(scores, self._apart)

    def cards(self, option: Option) -> Cards | None:
        """The year's cards with the clauses that one alternative bears on read so.

        None where that is not all: events are counted otherwise, or periods have their grades.
        """
        result = self._reader.result
        if self._own or self._how[option] or result.inputs.rulebook.above.parts:
            return None
        bearing = [number for number, own in enumerate(self._clauses) if option in own.options]
        variants = [self._variant((number, (option,))) for number in bearing]
        asked = [variant.asked for variant in variants if variant is not None]
        if len(asked) < len(variants):
            return None
        cards = {s.township.id: s.scorecard for s in result.standings if s.scorecard is not None}
        return {t: _with(card, [p for a in asked for p in a.parts[t]]) for t, card in cards.items()}

    def _variant(self, key: _Key) -> _Variant | None:
        if key not in self._variants:
            clause = self._clauses[key[0]]
            value = alone(self._reader.board.value(key[1]), clause.section, clause.clause)
            book = self._reader.board.read(value)
            inputs = self._reader.inputs(key[1], book)
            self._variants[key] = None
            if isinstance(inputs, YearInputs):
                asked = self._of(value, inputs, book)
                points = [sum(p.points for p in asked.parts[name]) for name in self._names]
                self._variants[key] = _Variant(asked, self._whole(points))
        return self._variants[key]

    def _of(self, value: Mapping[str, Any], inputs: YearInputs, book: Rulebook) -> _Asked:
        """What the clause asks; the same wherever only its points or its floor are others."""
        if self._grouping is not None:
            return _judged(inputs, book)
        (section,) = value["sections"]
        (clause,) = section["clauses"]
        asking = {key: inner for key, inner in clause.items() if key not in _CHARGING}
        rest = {**value, "sections": [{**section, "clauses": [asking]}]}
        key = (id(inputs.submissions), json.dumps(rest, default=str))
        if key not in self._asked:
            self._asked[key] = _judged(inputs, book)
        asked, own = self._asked[key], book.sections[0].clauses[0]
        parts = {n: tuple(replace(p, clause=own) for p in ps) for n, ps in asked.parts.items()}
        return replace(asked, parts=parts)

    def _whole(self, points: Sequence[Number]) -> list[int]:
        """Points as whole numbers, at a scale at which all of them are."""
        scale = lcm(self._scale, *(number.denominator for number in points))
        if scale != self._scale:
            times = scale // self._scale
            for variant in filter(None, self._variants.values()):
                variant.points[:] = [number * times for number in variant.points]
            self._scale = scale
        return [number.numerator * (scale // number.denominator) for number in points]


def _with(card: Scorecard, parts: Sequence[_Part]) -> Scorecard:
    """A card with some of its clauses read otherwise."""
    reread = {part.clause.id: clause_score(part.clause, part.asked) for part in parts}
    sections = []
    for section in card.sections:
        clauses = tuple(reread.get(score.clause.id, score) for score in section.clauses)
        points = sum((score.points for score in clauses), Fraction()) * section.weight
        sections.append(replace(section, clauses=clauses, points=points))
    score = sum((section.points for section in sections), Fraction())
    return replace(card, sections=tuple(sections), score=score)


def _judged(inputs: YearInputs, book: Rulebook) -> _Asked:
    """A rulebook of one clause, judged."""
    lists, parts, events = lists_by_rule(book.rules()), {}, dict[Any, None]()
    for name, card in scored(inputs, inputs.submissions).items():
        own = []
        for section in card.sections:
            for score in section.clauses:
                asked = None if score.instead else tuple(c.deduction for c in score.charges)
                own.append(_Part(section.part, score.clause, asked, section.weight))
                counted = (event for d in asked or () for event in event_of(d, lists))
                events |= dict.fromkeys((name, section.part, event) for event in counted)
        parts[name] = tuple(own)
    return _Asked(parts, tuple(events), lists)


# --- one event under one clause -------------------------------------------------------


def _shared(variants: Sequence[_Variant]) -> Mapping[str, Sequence[int]]:
    """By township, the clauses that deduct for a record for which others do as well."""
    first_seen, involved = dict[Any, int](), dict[str, set[int]]()
    for number, variant in enumerate(variants):
        for event in variant.asked.events:
            first = first_seen.setdefault(event, number)
            if first != number:
                involved.setdefault(event[0], set()).update((first, number))
    return {name: sorted(numbers) for name, numbers in involved.items()}


def _given_back(clauses: Sequence[_Asked], name: str, how: Once) -> Fraction:
    """By how much the points of some clauses rise if each record counts under one of them."""
    lists = {rule: path for asked in clauses for rule, path in asked.lists.items()}
    parts = [part for asked in clauses for part in asked.parts[name] if part.asked is not None]
    back = Fraction()
    for period in dict.fromkeys(part.part for part in parts):
        own = [part for part in parts if part.part == period]
        asked: Asked = {part.clause.id: part.asked or () for part in own}
        kept = once(asked, lists, how)
        for part in own:
            back += replace(part, asked=kept[part.clause.id]).points - part.points
    return back


def _ranked(scores: Mapping[str, Number], apart: Mapping[str, str | None]) -> Ranks:
    """Places as in sports, among those who are ranked together."""
    together: dict[str | None, list[Number]] = {}
    for name, score in scores.items():
        together.setdefault(apart.get(name), []).append(score)
    places = {
        group: {score: len(own) - n for n, score in enumerate(sorted(own))}
        for group, own in together.items()
    }
    return {name: places[apart.get(name)][score] for name, score in scores.items()}


# --- everybody's ranks over combinations ----------------------------------------------

EXACT = 100_000
"""So many combinations times townships are all judged."""

SAMPLED = 12_000
"""So many are, of more."""


@dataclass(frozen=True, slots=True)
class Range:
    """The best and the worst rank of a township, and the one it has."""

    township: Township
    rank: int
    best: int
    worst: int


@dataclass(frozen=True, slots=True)
class Ranges:
    """Everybody's ranks over `judged` of `total` combinations, by the rank they have.

    `left_out` are alternatives by which the year cannot be judged.
    """

    total: int
    judged: int
    ranges: tuple[Range, ...]
    left_out: tuple[Option, ...]

    @property
    def complete(self) -> bool:
        """Whether every combination was judged."""
        return self.judged == self.total


def ranges(reader: Reader, clauses: ByClause | None = None, *, slow: int = EXACT) -> Ranges:
    """Everybody's ranks over all combinations, or a sample of them.

    Without `clauses` every combination is judged as a whole, no more than `slow` times townships.
    """
    inputs, book = reader.result.inputs, reader.result.inputs.rulebook
    many = max(len(inputs.submissions), 1)
    exact, drawn = (slow, min(slow, SAMPLED)) if clauses is None else (EXACT, SAMPLED)
    seed = f"{book.id}/{book.version} {inputs.assessment.year}"
    lots = sample(reader.fitting, reader.board.clash, exact // many, drawn // many, seed)
    own = {s.township.id: s for s in reader.result.standings if s.rank is not None}
    best = {name: standing.rank or 0 for name, standing in own.items()}
    worst, judged = dict(best), 0
    for chosen in lots.chosen:
        ranks = _ranks(reader, chosen) if clauses is None else clauses.ranks(chosen)
        judged += ranks is not None
        for name, rank in (ranks or {}).items():
            best[name] = min(best[name], rank)
            worst[name] = max(worst[name], rank)
    spread = [Range(s.township, s.rank or 0, best[name], worst[name]) for name, s in own.items()]
    spread.sort(key=lambda own: (own.rank, own.township.id))
    left_out = tuple(o for o in reader.board.executable if o not in reader.fitting)
    return Ranges(lots.total, judged, tuple(spread), left_out)


def _ranks(reader: Reader, chosen: Chosen) -> Ranks | None:
    """The year judged as a whole, for rulebooks that do more than add up clauses."""
    inputs = reader.inputs(chosen)
    if not isinstance(inputs, YearInputs):
        return None
    ranked = standings(inputs, inputs.submissions)
    return {s.township.id: s.rank for s in ranked if s.rank is not None}


def by_clause(reader: Reader) -> ByClause | None:
    """The year as sums of clauses; None where its rulebook does more than add up."""
    clauses = lone_clauses(reader.board, reader.fitting)
    return ByClause(reader, clauses) if clauses else None


# --- a year under all of them ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class YearReadings:
    """A year under every alternative one by one, and everybody's ranks over all of them."""

    board: Switchboard
    result: YearResult
    found: tuple[Otherwise, ...]
    ranges: Ranges | None

    def of(self, reading: str) -> tuple[Otherwise, ...]:
        """What the alternatives of one reading move."""
        return tuple(change for change in self.found if change.option.reading == reading)


def readings_of(
    years: Years, boards: Switchboards, results: Sequence[YearResult], *, most: int
) -> dict[int, YearReadings]:
    """The years under every alternative, as many of the newest as cost no more than `most`.

    The cost is that of judging one township once.
    """
    by_year, spent = dict[int, YearReadings](), 0
    for result in reversed(results):
        book = result.inputs.rulebook
        board = boards.get((book.id, book.version))
        if board is None:
            continue
        spent += (len(board.executable) + 1) * len(result.inputs.submissions)
        if spent > most:
            break
        reader = Reader(years, board, result)
        by_year[result.inputs.assessment.year] = year_readings(reader, slow=most // _SLOW)
    return by_year


_SLOW = 5
"""So much less of the cost is left for combinations that are judged as a whole."""


def year_readings(reader: Reader, *, ranged: bool = True, slow: int = EXACT) -> YearReadings:
    """A year under every alternative, and if `ranged` over combinations; `slow` as in `ranges`."""
    clauses = by_clause(reader)
    singly = otherwise(reader) if clauses is None else otherwise(reader, clauses.cards)
    spread = ranges(reader, clauses, slow=slow) if ranged else None
    return YearReadings(reader.board, reader.result, tuple(singly), spread)
