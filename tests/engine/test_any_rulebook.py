"""What must hold under any rulebook: made-up ones, with made-up reports."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from generator.engine.book import (
    Clause,
    Conversion,
    Group,
    Grouping,
    NotApplicable,
    Part,
    Pool,
    Rule,
    Rulebook,
    Section,
    TieBreaker,
    Veto,
)
from generator.engine.difference import moved
from generator.engine.effects import Effects
from generator.engine.kinds.choice import Choice
from generator.engine.kinds.per_record import PerRecord
from generator.engine.measures import Quantity, Rounding
from generator.engine.quantities import (
    BeforeQuantity,
    BestQuantity,
    DifferenceQuantity,
    FactQuantity,
    MeanQuantity,
    RankQuantity,
    ShareQuantity,
)
from generator.engine.rank import judged
from generator.engine.year import Scorecard, Standing
from tests.builders import (
    a_year,
    above,
    clause,
    event,
    events,
    figure,
    give,
    is_so,
    lies,
    rulebook,
    section,
    take,
    text,
)

Reports = dict[str, dict[str, Any]]

NUMBERS = ("a", "b", "c")
AMOUNTS = st.sampled_from(["1/3", "0.5", "1", "2.5", "7"])
REGISTER = {"oak": "x", "elm": "y", "ash": "x", "fir": "z"}
WAYS = ("full", "zero", "points", "mean", "section", "total")


# --- made-up rulebooks ----------------------------------------------------------------


def maybe(those: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | those


@st.composite
def measured(draw: st.DrawFn) -> Quantity:
    one, other = (FactQuantity((draw(st.sampled_from(NUMBERS)),)) for _ in range(2))
    made: list[Quantity] = [
        one,
        ShareQuantity(one, other),
        DifferenceQuantity(one, BeforeQuantity(other)),
        DifferenceQuantity(
            one, draw(st.sampled_from([BestQuantity(one, "higher"), MeanQuantity(one)]))
        ),
        RankQuantity(one, "lower"),
    ]
    return draw(st.sampled_from(made))


@st.composite
def rules(draw: st.DrawFn, name: str, *, deduct_only: bool) -> Rule:
    amount, most = figure(draw(AMOUNTS)), draw(maybe(st.integers(1, 9).map(figure)))
    award = not deduct_only and draw(st.booleans())
    common: dict[str, Any] = {"id": name, "most": most}
    kind = draw(st.sampled_from(["target", "record", "choice"]))
    if kind == "target":
        return (give if award else take)("a", actual=draw(measured()), amount=amount, **common)
    common |= {"label": text(name), "unit": text(""), "award": award}
    if kind == "record":
        return PerRecord(**common, selection=events(), amount=amount)
    return Choice(**common, fact=("road",), figures={"true": amount}, names={})


@st.composite
def clauses(draw: st.DrawFn, name: str, *, deduct_only: bool) -> Clause:
    points = draw(st.integers(1, 40))
    own = [
        draw(rules(f"r{name}-{n}", deduct_only=deduct_only)) for n in range(draw(st.integers(0, 3)))
    ]
    if deduct_only:
        return clause(name, points, *own)
    way = draw(maybe(st.sampled_from(WAYS)))
    fixed = figure(draw(st.integers(0, points)))
    return clause(
        name,
        points,
        *own,
        starts=draw(st.sampled_from(["full", "zero"])),
        below_zero=draw(st.booleans()),
        above_points=draw(st.booleans()),
        applies=NotApplicable((is_so("road"),), way, fixed) if way else None,
        groups=draw(st.sampled_from([(), (), ("x",), ("x", "y")])),
    )


@st.composite
def sections(draw: st.DrawFn, name: str, *, deduct_only: bool, by_period: bool) -> Section:
    numbers = range(1, draw(st.integers(1, 3)) + 1)
    those = [draw(clauses(f"{name}.{n}", deduct_only=deduct_only)) for n in numbers]
    if deduct_only:
        return section(name, *those)
    weight = draw(maybe(st.sampled_from([50, 80, 100]).map(figure)))
    each = draw(st.sampled_from(["year", "period"])) if by_period else "year"
    return section(name, *those, weight=weight, each=each)


HALVES = (
    Part("H1", text("H1"), "01-01", "06-30", figure(40)),
    Part("H2", text("H2"), "07-01", "12-31", figure(60)),
)


@st.composite
def pools(draw: st.DrawFn, name: str) -> Pool:
    own = tuple(draw(rules(f"{name}-{n}", deduct_only=False)) for n in range(2))
    cap, minimum = draw(maybe(st.integers(0, 9))), draw(maybe(st.integers(0, 60)))
    return Pool(
        name,
        text(name),
        "",
        own,
        None if cap is None else figure(cap),
        None if minimum is None else figure(minimum),
        draw(st.sampled_from([(), (is_so("road"),)])),
        draw(st.sampled_from([(), ("x",)])),
    )


VETOES = (
    Veto("fixed", text("Fixed"), "9", (lies("b", above=40),), score=figure(0)),
    Veto("limit", text("Limit"), "9", (lies("c", above=40),), at_most=figure(30), last=True),
)
CONVERSION = Conversion("c", text("C"), figure(100), figure(30), Rounding("half_up", 2))
GROUPS = Grouping("group", (Group("x", text("X")), Group("y", text("Y"))), apart=True)


@st.composite
def rulebooks(draw: st.DrawFn, *, deduct_only: bool = False) -> Rulebook:
    parts = () if deduct_only or draw(st.booleans()) else HALVES
    names = [str(n) for n in range(1, draw(st.integers(1, 3)) + 1)]
    book = rulebook(
        *(draw(sections(n, deduct_only=deduct_only, by_period=bool(parts))) for n in names)
    )
    if deduct_only:
        return book
    places = draw(maybe(st.sampled_from([0, 2]).map(figure)))
    apart = draw(maybe(st.booleans()))
    return above(
        book,
        parts=parts,
        pools=tuple(draw(pools(f"p{n}")) for n in range(draw(st.integers(0, 2)))),
        vetoes=draw(st.sampled_from([(), VETOES, VETOES[1:]])),
        conversions=draw(st.sampled_from([(), (CONVERSION,)])),
        round_points=draw(maybe(st.just(figure(1)))),
        round_score=places,
        tie_breakers=draw(
            st.sampled_from([(), (TieBreaker(text("T"), "lower", quantity=FactQuantity(("a",))),)])
        ),
        grouping=None if apart is None else replace(GROUPS, apart=apart),
    )


@st.composite
def facts_of(draw: st.DrawFn, *, inner: bool = False) -> dict[str, Any]:
    numbers = count(1)
    found: dict[str, Any] = {name: draw(st.sampled_from([0, 0, 3, 50])) for name in NUMBERS}
    found["road"] = draw(st.booleans())
    dates = draw(st.lists(st.sampled_from(["2025-02-01", "2025-08-01"]), max_size=3))
    found["events"] = [event(f"E-{next(numbers)}", day) for day in dates]
    if inner:
        found["periods"] = {part.id: draw(facts_of()) for part in HALVES}
    return found


@st.composite
def reports(draw: st.DrawFn) -> Reports:
    names = draw(st.lists(st.sampled_from(list(REGISTER)), unique=True, min_size=1))
    return {name: draw(facts_of(inner=True)) for name in names}


def standings(book: Rulebook, sent: Reports, before: Reports) -> tuple[Standing, ...]:
    return judged(a_year(book, sent, groups=REGISTER, before=before)).standings


def scorecards(book: Rulebook, sent: Reports, before: Reports) -> list[Scorecard]:
    return [s.scorecard for s in standings(book, sent, before) if s.scorecard]


def total(values: Any) -> Fraction:
    return sum(values, Fraction())


# --- what holds -----------------------------------------------------------------------


@given(rulebooks(), reports(), reports())
def test_a_score_is_its_sections_and_adjustments_exactly(
    book: Rulebook, sent: Reports, before: Reports
) -> None:
    for card in scorecards(book, sent, before):
        assert isinstance(card.score, Fraction)
        own = total(section.points for section in card.sections)
        assert card.score == own + total(one.points for one in card.adjustments)
        for one in card.sections:
            assert one.points == total(c.points for c in one.clauses) * one.weight
        for score in card.clauses():
            start = score.clause.points.value if score.clause.starts == "full" else 0
            if score.instead is None:
                assert score.points == start + total(c.signed for c in score.charges)
            else:
                assert score.charges == ()


@given(rulebooks(), reports(), reports())
def test_floors_and_caps_hold(book: Rulebook, sent: Reports, before: Reports) -> None:
    for card in scorecards(book, sent, before):
        for score in card.clauses():
            if score.instead is None and not score.clause.below_zero:
                assert score.points >= 0
            if score.instead is None and not score.clause.above_points:
                assert score.points <= score.clause.points.value
            for charge in score.charges:
                assert 0 <= charge.points <= charge.deduction.points
        for pool in book.above.pools:
            mine = {rule.id for rule in pool.rules}
            given = total(a.points for a in card.adjustments if a.id in mine and a.points > 0)
            assert pool.cap is None or given <= pool.cap.value


@given(rulebooks(), reports(), reports())
def test_no_rule_asks_more_than_its_most(book: Rulebook, sent: Reports, before: Reports) -> None:
    most = {rule.id: rule.most.value for rule in book.rules() if rule.most}
    for card in scorecards(book, sent, before):
        for one in card.sections:
            asked: dict[str, Fraction] = {}
            for charge in (charge for score in one.clauses for charge in score.charges):
                name = charge.deduction.rule
                asked[name] = asked.get(name, Fraction()) + charge.deduction.points
            assert all(points <= most.get(name, points) for name, points in asked.items())


@given(rulebooks(), reports(), reports())
def test_vetoes_have_the_last_word(book: Rulebook, sent: Reports, before: Reports) -> None:
    vetoes = {veto.id for veto in book.above.vetoes}
    for standing in standings(book, sent, before):
        card, facts = standing.scorecard, sent[standing.township.id]
        assert card is not None
        if "limit" in vetoes and facts["c"] > 40:
            assert card.score <= 30
            assert card.last
        if "fixed" in vetoes and facts["b"] > 40:
            assert card.score == 0


@given(rulebooks(), reports(), reports(), st.data())
def test_the_order_of_submissions_changes_nothing(
    book: Rulebook, sent: Reports, before: Reports, data: st.DataObject
) -> None:
    names = data.draw(st.permutations(list(sent)))
    shuffled = {
        name: {**sent[name], "events": data.draw(st.permutations(sent[name]["events"]))}
        for name in names
    }
    one, other = standings(book, sent, before), standings(book, shuffled, before)
    assert [(s.township, s.rank, s.tied, s.outcomes, s.group) for s in one] == [
        (s.township, s.rank, s.tied, s.outcomes, s.group) for s in other
    ]
    assert moved(one, other) == ()
    assert [_adjustments(s) for s in one] == [_adjustments(s) for s in other]


def _adjustments(standing: Standing) -> list[tuple[str, Fraction]]:
    card = standing.scorecard
    return [(one.id, one.points) for one in card.adjustments] if card else []


@given(rulebooks(deduct_only=True), reports(), reports())
def test_a_rulebook_that_only_deducts_has_no_adjustments(
    book: Rulebook, sent: Reports, before: Reports
) -> None:
    for card in scorecards(book, sent, before):
        assert card.adjustments == ()
        assert (card.parts, card.last, card.outcomes, card.barred) == ((), False, (), ())
        assert 0 <= card.score <= book.total.value == card.total
        charged = total(c.points for score in card.clauses() for c in score.charges)
        assert charged == book.total.value - card.score


@given(rulebooks(), reports(), reports())
def test_ranks_are_of_those_ranked_together(book: Rulebook, sent: Reports, before: Reports) -> None:
    apart = book.above.grouping is not None and book.above.grouping.apart
    placed: Mapping[str, Standing] = {s.township.id: s for s in standings(book, sent, before)}
    for one in placed.values():
        mine = [s for s in placed.values() if not apart or s.group == one.group]
        assert one.rank is not None
        assert one.rank == 1 + sum((s.rank or 0) < one.rank for s in mine)
        assert one.tied == (sum(s.rank == one.rank for s in mine) > 1)
        assert one.scorecard is not None
        if not one.scorecard.last:
            above_it = [s.scorecard for s in mine if (s.rank or 0) < one.rank]
            assert all(card and card.score >= one.scorecard.score for card in above_it)


@given(rulebooks(deduct_only=True), reports(), reports())
def test_without_a_deduction_a_score_never_falls(
    book: Rulebook, sent: Reports, before: Reports
) -> None:
    result = judged(a_year(book, sent, groups=REGISTER, before=before))
    effects = Effects(result)
    for standing in result.standings:
        assert standing.scorecard is not None
        for effect in effects.of(standing):
            assert effect.score >= standing.scorecard.score
