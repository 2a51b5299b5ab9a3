"""From scores to ranks and consequences: lines, ties across them, rows of periods in one grade.

Places as in sports (1, 2, 2, 4). A tie across a line is undecided until somebody decides.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import Any, Literal, TypeAlias

from generator.engine.book import Band, Line, Rulebook, Streak, TieBreaker
from generator.engine.facts import Views, apart, groups_of, of_group, views_of
from generator.engine.measures import Rounding, rounded
from generator.engine.score import LeftOut, band, cards, past_parts
from generator.engine.year import (
    Paid,
    PartScore,
    Scorecard,
    Standing,
    Submission,
    YearInputs,
    YearResult,
)


@dataclass(frozen=True, slots=True)
class Contenders:
    """Those who are ranked together; `barred` names the lines at which a unit is not eligible."""

    scores: Mapping[str, Fraction]
    keys: Mapping[str, Any]
    groups: Mapping[str, str | None] = field(default_factory=dict)
    barred: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, line: Line) -> "Contenders":
        """Those of the groups that a line is about."""
        if not line.groups:
            return self
        names = [name for name in self.scores if self.groups.get(name) in line.groups]
        scores = {name: self.scores[name] for name in names}
        keys = {name: self.keys[name] for name in names}
        return Contenders(scores, keys, self.groups, self.barred)


def ranks(keys: Mapping[str, Any]) -> dict[str, int]:
    """The highest first: one more than how many stand above (1, 2, 2, 4)."""
    first = dict.fromkeys(keys.values(), 0)
    for place, key in enumerate(sorted(keys.values(), reverse=True), start=1):
        first[key] = first[key] or place
    return {name: first[key] for name, key in keys.items()}


def outcomes(
    inputs: YearInputs, fields: Iterable[Contenders], more: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """What follows for each ranked township, in the rulebook's order; `more` follows anyway."""
    rulebook, ranking = inputs.rulebook, inputs.ranking
    given = {name: set(names) for name, names in more.items()}
    decided = {decision.line: decision.listed for decision in inputs.decisions}
    for together in fields:
        for line in rulebook.lines:
            listed, waiting = drawn(line, rulebook, together, decided)
            for name in listed:
                given[name].update(line.outcomes)
            for name in waiting:
                given[name].add(line.undecided or "")
    if ranking and (outside := rulebook.outside_ranking):
        bound = ranking.of - outside.last.value
        for name in given.keys() & {n for n, rank in ranking.ranks.items() if rank > bound}:
            given[name].add(outside.outcome)
    order = list(rulebook.outcomes)
    return {name: tuple(sorted(names, key=order.index)) for name, names in given.items()}


def drawn(
    line: Line, rulebook: Rulebook, everybody: Contenders, decided: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who is listed and who waits for a decision; who is listed where it yields is neither."""
    listed, waiting = at_line(line, rulebook, everybody)
    if line.id in decided:
        listed, waiting = listed + tuple(t for t in waiting if t in decided[line.id]), ()
    if preferred := _yields_to(line, rulebook, len(everybody.of(line).scores)):
        taken = drawn(preferred, rulebook, everybody, decided)[0]
        listed = tuple(name for name in listed if name not in taken)
        waiting = tuple(name for name in waiting if name not in taken)
    return listed, waiting


def at_line(
    line: Line, rulebook: Rulebook, everybody: Contenders
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who stands wholly inside the line's places, and who is tied across it; both by id.

    A tied group fills as many places as it has members. Outside the bounds nobody is either,
    nor who is not eligible.
    """
    field = everybody.of(line)
    places = places_of(line, rulebook, len(field.scores))
    ranked, sizes = ranks(field.keys), Counter(field.keys.values())
    sides: dict[Side, list[str]] = {"inside": [], "across": [], "outside": []}
    for name, score in sorted(field.scores.items()):
        if line.id not in field.barred.get(name, ()):
            size = sizes[field.keys[name]]
            sides[side_of(line, places, score, ranked[name], size)].append(name)
    return tuple(sides["inside"]), tuple(sides["across"])


Side: TypeAlias = Literal["inside", "across", "outside"]


def side_of(line: Line, places: frozenset[int], score: Fraction, rank: int, size: int) -> Side:
    """Where those so many with one score stand whose places begin with that rank."""
    if not line.bounds.hold(score):
        return "outside"
    within = sum(place in places for place in range(rank, rank + size))
    return "inside" if within == size else "across" if within else "outside"


def places_of(line: Line, rulebook: Rulebook, ranked: int) -> frozenset[int]:
    """The places inside the line among so many ranked."""
    width = width_of(line, ranked)
    places = range(ranked - width + 1, ranked + 1) if line.end == "last" else range(1, width + 1)
    preferred = _yields_to(line, rulebook, ranked)
    taken = places_of(preferred, rulebook, ranked) if preferred else frozenset[int]()
    return frozenset(places) - taken


def width_of(line: Line, ranked: int) -> int:
    """How many places the line has among so many ranked: all of them where it names none."""
    if line.places is not None:
        return min(int(line.places.value), ranked)
    if line.percent is not None:
        share = line.percent.value * ranked / 100
        return int(rounded(share, line.rounding or Rounding("down")))
    return ranked


def _yields_to(line: Line, rulebook: Rulebook, ranked: int) -> Line | None:
    """The line whose places do not count for this one among so few ranked."""
    if line.yields_below is None or ranked >= line.yields_below.value:
        return None
    return next((each for each in rulebook.lines if each.id == line.yields_to), None)


def reached(streak: Streak, before: tuple[PartScore, ...], parts: tuple[PartScore, ...]) -> bool:
    """Whether a row that long ends in one of this year's `parts`."""
    row = 0
    for number, part in enumerate((*before, *parts)):
        row = row + 1 if part.band and part.band.id in streak.bands else 0
        if row >= streak.periods.value and number >= len(before):
            return True
    return False


def judged(inputs: YearInputs) -> YearResult:
    """One year from its inputs: the result as it stands, and the first one, before corrections."""
    current = standings(inputs, inputs.submissions)
    corrected = inputs.corrections or inputs.first_before is not None
    return YearResult(inputs, current, first_standings(inputs) if corrected else current)


def first_standings(inputs: YearInputs) -> tuple[Standing, ...]:
    """The standings before any correction, of this year or, once it was published, of the last."""
    then = inputs.before if inputs.first_before is None else inputs.first_before
    return standings(replace(inputs, before=then, corrections=()), inputs.first_submissions)


def standings(inputs: YearInputs, submissions: Mapping[str, Submission]) -> tuple[Standing, ...]:
    """Every township assessed that year, by id; one without a submission has no rank."""
    return placed(inputs, scored(inputs, submissions))


def scored(
    inputs: YearInputs, submissions: Mapping[str, Submission], without: LeftOut | None = None
) -> dict[str, Scorecard]:
    """The scorecards of a year, in the order of the ids."""
    return cards(
        dict(sorted(submissions.items())),
        inputs.rulebook,
        inputs.assessment.period,
        groups=groups_of(inputs.rulebook, inputs.townships),
        before=inputs.before,
        calendar=inputs.calendar,
        without=without,
    )


def placed(inputs: YearInputs, cards: Mapping[str, Scorecard]) -> tuple[Standing, ...]:
    """The standings that scorecards come to."""
    groups = groups_of(inputs.rulebook, inputs.townships)
    fields = fields_of(inputs, cards)
    ranked, sizes = dict[str, int](), dict[str, int]()
    for ranking in fields:
        ranked |= ranks(ranking.keys)
        counted = Counter(ranking.keys.values())
        sizes |= {name: counted[key] for name, key in ranking.keys.items()}
    given = outcomes(inputs, fields, _more(inputs, cards))
    return tuple(
        Standing(
            township,
            card := cards.get(township.id),
            ranked.get(township.id),
            sizes.get(township.id, 0) > 1,
            given.get(township.id, ()),
            groups.get(township.id),
            _band(inputs.rulebook, card),
            tuple(_paid(inputs.rulebook, card, groups.get(township.id))) if card else (),
        )
        for township in sorted(inputs.townships, key=lambda township: township.id)
    )


def fields_of(inputs: YearInputs, cards: Mapping[str, Scorecard]) -> list[Contenders]:
    """Those who are ranked together: all, or every group by itself."""
    book = inputs.rulebook
    groups = groups_of(book, inputs.townships)
    measured = any(breaker.quantity for breaker in book.above.tie_breakers)
    views = views_in(inputs, cards) if measured else {}
    # Whole numbers compare many times faster than fractions, and there is much to compare.
    whole = lcm(*(card.score.denominator for card in cards.values()))
    keys = {name: key_of(book, card, views.get(name), whole) for name, card in cards.items()}
    grouping = book.above.grouping if apart(book) else None
    together: dict[str | None, list[str]] = {g.id: [] for g in grouping.groups} if grouping else {}
    for name in cards:
        together.setdefault(groups.get(name) if grouping else None, []).append(name)
    return [
        Contenders(
            {name: cards[name].score for name in names},
            {name: keys[name] for name in names},
            {name: groups.get(name) for name in names},
            {name: cards[name].barred for name in names if cards[name].barred},
        )
        for names in together.values()
        if names
    ]


def views_in(inputs: YearInputs, cards: Mapping[str, Scorecard]) -> Mapping[str, Views]:
    """The facts of all who have a card."""
    sent = {name: card.submission for name, card in cards.items()}
    period, groups = inputs.assessment.period, groups_of(inputs.rulebook, inputs.townships)
    return views_of(sent, inputs.rulebook, period, groups, inputs.before, inputs.calendar)


def key_of(book: Rulebook, card: Scorecard, views: Views | None, whole: int) -> tuple[Any, ...]:
    """What decides the place, the greatest first: the score, then what breaks ties.

    `whole` times any score of those ranked is a whole number.
    """
    deciding = (_deciding(breaker, card, views) for breaker in book.above.tie_breakers)
    times, rest = divmod(whole, card.score.denominator)
    score = card.score * whole if rest else card.score.numerator * times
    return (not card.last, score, *deciding)


def _deciding(breaker: TieBreaker, card: Scorecard, views: Views | None) -> tuple[bool, Fraction]:
    """Whoever a quantity is not applicable to comes after all to whom it is."""
    value: Fraction | None
    if breaker.quantity is not None:
        value = breaker.quantity.measure(views[None]).value if views else None
    elif breaker.section is not None:
        points = (s.points for s in card.sections if s.section.id == breaker.section)
        value = sum(points, Fraction())
    else:
        clauses = ((c, s) for s in card.sections for c in s.clauses)
        points = (c.points * s.weight for c, s in clauses if c.clause.id == breaker.clause)
        value = sum(points, Fraction())
    if value is None:
        return False, Fraction()
    return True, value if breaker.better == "higher" else -value


def _more(inputs: YearInputs, cards: Mapping[str, Scorecard]) -> dict[str, tuple[str, ...]]:
    """Consequences that no line draws: of vetoes, of grades, of periods in a row."""
    book = inputs.rulebook
    more = {}
    before = past_parts(inputs) if book.above.streaks else {}
    for name, card in cards.items():
        grade = _band(book, card)
        rows = (
            streak.outcomes
            for streak in book.above.streaks
            if reached(streak, before.get(name, ()), card.parts)
        )
        more[name] = (*card.outcomes, *(grade.outcomes if grade else ()), *chain(*rows))
    return more


def _band(book: Rulebook, card: Scorecard | None) -> Band | None:
    bands = book.above.bands
    return band(bands.bands, card.score) if card and bands and bands.of == "year" else None


def _paid(book: Rulebook, card: Scorecard, group: str | None) -> Iterator[Paid]:
    for payment in of_group(book, group).above.payments:
        enough = payment.minimum is None or card.score >= payment.minimum.value
        points = max(card.score, Fraction()) if enough else Fraction()
        yield Paid(payment, payment.per_point.value * points)
