"""Ranks on exact scores, lines drawn in places, ties, and what one deduction did to a rank."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from string import ascii_lowercase
from typing import Any

import pytest

from generator.engine.book import (
    Band,
    Bands,
    Group,
    Grouping,
    Line,
    NotApplicable,
    OutsideRanking,
    Part,
    Payment,
    Rulebook,
    Section,
    Streak,
    TieBreaker,
    Veto,
)
from generator.engine.effects import Effects
from generator.engine.kinds.per_record import PerRecord
from generator.engine.measures import Bounds, Rounding
from generator.engine.quantities import (
    BeforeQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    RankQuantity,
    ShareQuantity,
)
from generator.engine.rank import (
    Contenders,
    at_line,
    drawn,
    judged,
    outcomes,
    places_of,
    ranks,
    reached,
    scored,
)
from generator.engine.year import PartScore, Ranking, Standing, YearResult
from tests.builders import (
    PLACE,
    a_year,
    above,
    clause,
    correction,
    decision,
    event,
    events,
    figure,
    first_book,
    inputs,
    is_so,
    lies,
    one_clause,
    rulebook,
    section,
    submission,
    take,
    text,
)


def scores(*points: str | int) -> dict[str, Fraction]:
    """Scores of alder, birch …, in this order."""
    return {letter: Fraction(p) for letter, p in zip(ascii_lowercase, points, strict=False)}


# --- ranks ----------------------------------------------------------------------------

# two published rankings, the second of which contradicts itself
MATOU = "95.5 95 94.5 94 93 92 91 90.5 90.5 90 90 89 88.5 88 87.5 87.5 87.5 87 87 87 86 85 84.5 84"
MATOU_RANKS = "1 2 3 4 5 6 7 8 8 10 10 12 13 14 15 15 15 18 18 18 21 22 23 24"
FENGZHOU = "93 91 90 89 89 88 88 87 87 86 85 84 83"
FENGZHOU_RANKS = "1 2 3 4 4 6 6 8 8 10 11 12 13"
FENGZHOU_PRINTED = "1 2 3 4 4 6 6 8 9 10 10 12 13"


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        (MATOU.split(), [int(rank) for rank in MATOU_RANKS.split()]),
        (FENGZHOU.split(), [int(rank) for rank in FENGZHOU_RANKS.split()]),
        ([], []),
        ([50], [1]),
        ([50, 50], [1, 1]),
        ([50, 60], [2, 1]),
        ([0, 0, 0, 0], [1, 1, 1, 1]),
        (["1/3", "0.3333", "1/3"], [1, 3, 1]),
        (["275/3", "91.67", "91.66"], [2, 1, 3]),
    ],
    ids=["matou", "fengzhou", "none", "one", "two-tied", "two", "all-tied", "exact", "print-alike"],
)
def test_ranks_are_standard_competition_ranks(points: list[str], expected: list[int]) -> None:
    assert list(ranks(scores(*points)).values()) == expected


def test_a_published_ranking_that_contradicts_itself_is_not_reproduced() -> None:
    found = ranks(scores(*FENGZHOU.split())).values()
    assert " ".join(map(str, found)) == FENGZHOU_RANKS != FENGZHOU_PRINTED


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_ranks_do_not_depend_on_the_order(order: tuple[int, ...]) -> None:
    given = scores(90, 80, 80, 70)
    names = list(given)
    shuffled = {names[place]: given[names[place]] for place in order}
    assert ranks(shuffled) == {"a": 1, "b": 2, "c": 2, "d": 4}


# --- lines ----------------------------------------------------------------------------

COMMENDED, CRITICISED, BARRED = "commended", "criticised", "barred"
AT_FIRST, AT_LAST, OUTSIDE = "at-commendation-line", "at-criticism-line", "prefecture-last-10"
BOOK = first_book().rulebook


def drawn_in(
    book: Rulebook,
    points: Mapping[str, Fraction],
    decisions: tuple[Any, ...] = (),
    ranking: Ranking | None = None,
) -> dict[str, tuple[str, ...]]:
    given = inputs(book, {}, missing=list(points), decisions=decisions, ranking=ranking)
    return outcomes(given, [plain_field(points)], dict.fromkeys(points, ()))


def given_to(points: list[Any], *decisions: Any, book: Rulebook = BOOK) -> list[tuple[str, ...]]:
    return list(drawn_in(book, scores(*points), decisions).values())


def lists(points: list[Any], *decisions: Any) -> tuple[str, str, str, str]:
    """Letters commended, at the commendation line, criticised, at the criticism line."""
    given = drawn_in(BOOK, scores(*points), decisions)
    for outcome in given.values():
        assert (CRITICISED in outcome) == (BARRED in outcome)
    first, line_first, last, line_last = (
        "".join(name for name in given if outcome in given[name])
        for outcome in (COMMENDED, AT_FIRST, CRITICISED, AT_LAST)
    )
    return first, line_first, last, line_last


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        # no tie
        ([98, 97, 96, 95, 94, 93], ("abc", "", "ef", "")),
        ([98, 97, 96, 95, 94, 93, 92, 91], ("abc", "", "gh", "")),
        ([98, 97, 89, 88, 87, 86], ("ab", "", "ef", "")),
        ([89, 88, 87, 86, 85, 84], ("", "", "ef", "")),
        # 90 exactly, a hair below, a hair above
        ([98, 97, 90, 80, 70, 60], ("abc", "", "ef", "")),
        ([98, 97, "89.995", 80, 70, 60], ("ab", "", "ef", "")),
        ([98, 97, "269/3", 80, 70, 60], ("ab", "", "ef", "")),
        ([98, 97, "271/3", 80, 70, 60], ("abc", "", "ef", "")),
        # ties that lie on one side of a line
        ([98, 98, 98, 95, 94, 93], ("abc", "", "ef", "")),
        ([98, 97, 97, 95, 94, 93], ("abc", "", "ef", "")),
        ([98, 97, 96, 95, 95, 93, 93], ("abc", "", "fg", "")),
        # ties across the commendation line
        ([98, 97, 96, 96, 94, 93], ("ab", "cd", "ef", "")),
        ([98, 97, 97, 97, 94, 93], ("a", "bcd", "ef", "")),
        ([98, 98, 98, 98, 94, 93], ("", "abcd", "ef", "")),
        ([98, 97, 90, 90, 80, 70], ("ab", "cd", "ef", "")),
        ([98, 97, 89, 89, 80, 70], ("ab", "", "ef", "")),  # below 90 nobody waits
        # ties across the criticism line
        ([98, 97, 96, 95, 93, 93, 92], ("abc", "", "g", "ef")),
        ([98, 97, 96, 95, 93, 93, 93], ("abc", "", "", "efg")),
        # a tie across both
        ([98, 95, 95, 95, 95, 95, 95], ("a", "bcdefg", "", "bcdefg")),
        ([95] * 6, ("", "abcdef", "", "abcdef")),
        ([80] * 6, ("", "", "", "abcdef")),
        # fewer than six: nobody in the last two is commended
        ([98, 97, 96, 95, 94], ("abc", "", "de", "")),
        ([98, 97, 96, 95], ("ab", "", "cd", "")),
        ([98, 97, 96], ("a", "", "bc", "")),
        ([98, 97], ("", "", "ab", "")),
        ([98], ("", "", "a", "")),
        ([], ("", "", "", "")),
        ([95] * 5, ("", "abcde", "", "abcde")),
        ([95] * 3, ("", "abc", "", "abc")),
        ([95, 95], ("", "", "ab", "")),
        ([98, 97, 97, 97, 94], ("a", "bcd", "e", "bcd")),
        ([98, 97, 96, 96, 94], ("ab", "cd", "e", "cd")),
        ([98, 97, 97, 95], ("a", "bc", "d", "bc")),
        ([98, 98, 97, 95], ("ab", "", "cd", "")),
    ],
)
def test_who_is_listed_and_who_stands_at_a_line(
    points: list[Any], expected: tuple[str, str, str, str]
) -> None:
    assert lists(points) == expected


@pytest.mark.parametrize(
    ("points", "line", "listed", "expected"),
    [
        ([98, 97, 96, 96, 94, 93], "commendation", "c", ("abc", "", "ef", "")),
        ([98, 97, 96, 96, 94, 93], "commendation", "cd", ("abcd", "", "ef", "")),
        ([98, 97, 96, 96, 94, 93], "commendation", "", ("ab", "", "ef", "")),
        ([98, 97, 96, 95, 93, 93, 92], "criticism", "f", ("abc", "", "fg", "")),
        ([98, 97, 96, 95, 93, 93, 92], "criticism", "ef", ("abc", "", "efg", "")),
        ([98, 97, 96, 95, 93, 93, 92], "criticism", "", ("abc", "", "g", "")),
        # of another line, and for somebody who is not tied
        ([98, 97, 96, 96, 94, 93], "criticism", "c", ("ab", "cd", "ef", "")),
        ([98, 97, 96, 95, 93, 93, 92], "criticism", "ae", ("abc", "", "eg", "")),
        ([98, 97, 96, 95, 94, 93], "commendation", "d", ("abc", "", "ef", "")),
    ],
)
def test_a_decision_says_who_of_a_tied_group_is_listed(
    points: list[Any], line: str, listed: str, expected: tuple[str, str, str, str]
) -> None:
    assert lists(points, decision(line, *listed)) == expected


@pytest.mark.parametrize(
    ("points", "decisions", "expected"),
    [
        # b and c tied across both lines: who is criticised is not commended, and waits no longer
        ([98, 97, 97, 95], {"criticism": "b"}, ("a", "c", "bd", "")),
        ([98, 97, 97, 95], {"criticism": "b", "commendation": "bc"}, ("ac", "", "bd", "")),
        ([98, 97, 97, 95], {"criticism": "", "commendation": "bc"}, ("abc", "", "d", "")),
        ([98, 97, 97, 95], {"commendation": "b"}, ("ab", "", "d", "bc")),
        ([95] * 5, {"criticism": "ab"}, ("", "cde", "ab", "")),
        # with six or more the office may do as it likes
        ([95] * 6, {"criticism": "ab"}, ("", "abcdef", "ab", "")),
    ],
)
def test_with_fewer_than_six_nobody_criticised_by_decision_is_commended(
    points: list[Any], decisions: dict[str, str], expected: tuple[str, str, str, str]
) -> None:
    made = [decision(line, *listed) for line, listed in decisions.items()]
    assert lists(points, *made) == expected


def test_both_lines_may_be_decided() -> None:
    points = [95] * 6
    decisions = (decision("commendation", *"abc"), decision("criticism", *"ef"))
    assert lists(points, *decisions) == ("abc", "", "ef", "")


def test_outcomes_come_in_the_order_of_the_rulebook() -> None:
    given = given_to([95] * 6)
    assert given == [(AT_FIRST, AT_LAST)] * 6
    assert given_to([98, 97, 96, 95, 94, 93])[-1] == (CRITICISED, BARRED)


def test_at_a_line_inside_and_across_are_by_id() -> None:
    first, last = BOOK.lines
    points = {"z": Fraction(98), "b": Fraction(97), "y": Fraction(96), "a": Fraction(96)}
    points |= {"c": Fraction(94), "d": Fraction(93)}
    assert at_line(first, BOOK, plain_field(points)) == (("b", "z"), ("a", "y"))
    assert at_line(last, BOOK, plain_field(points)) == (("c", "d"), ())


def line(end: Any = "first", **changed: Any) -> Line:
    given: dict[str, Any] = {
        "id": end,
        "label": text(end),
        "clause": "4",
        "end": end,
        "places": figure(2),
        "bounds": Bounds(),
        "yields_to": None,
        "yields_below": None,
        "outcomes": (end,),
        "undecided": f"at-{end}",
    }
    return Line(**given | changed)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [("first",), ("first", "last"), ("last",)]),
        ({"yields_to": "last"}, [("first",), ("first", "last"), ("last",)]),
        ({"yields_below": figure(9)}, [("first",), ("first", "last"), ("last",)]),
        (
            {"yields_to": "last", "yields_below": figure(3)},
            [("first",), ("first", "last"), ("last",)],
        ),
        ({"yields_to": "last", "yields_below": figure(4)}, [("first",), ("last",), ("last",)]),
        ({"bounds": Bounds(at_least=figure(0))}, [("first",), ("first", "last"), ("last",)]),
    ],
)
def test_a_line_yields_to_another_only_where_the_rulebook_says_so(
    changed: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    book = rulebook(section("1"), lines=(line(**changed), line("last")))
    assert given_to([3, 2, 1], book=book) == expected


@pytest.mark.parametrize(
    ("rank", "of", "last"), [(77, 87, False), (78, 87, True), (87, 87, True), (1, 10, True)]
)
def test_the_last_ten_of_the_prefecture(rank: int, of: int, last: bool) -> None:
    ranking = Ranking("No. 1", of, {"a": rank, "unknown": 87}, PLACE)
    given = drawn_in(BOOK, scores(98, 97, 96, 95, 94, 93), ranking=ranking)
    assert given["a"] == ((COMMENDED, OUTSIDE) if last else (COMMENDED,))
    assert OUTSIDE not in given["b"]
    assert set(given) == set("abcdef")


def test_a_rulebook_may_care_for_no_outside_ranking() -> None:
    book = rulebook(section("1"), lines=(line(),))
    ranking = Ranking("No. 1", 10, {"a": 10}, PLACE)
    assert drawn_in(book, scores(5), ranking=ranking) == {"a": ("first",)}
    outside = OutsideRanking("watched", "4", figure(1))
    book = rulebook(section("1"), outside=outside)
    assert drawn_in(book, scores(5), ranking=ranking) == {"a": ("watched",)}
    assert drawn_in(book, scores(5)) == {"a": ()}


# --- a year ---------------------------------------------------------------------------

EACH = PerRecord(id="each", label=text("Each"), unit=text(""), selection=events(), amount=figure(2))


def year_of(counts: Mapping[str, int], *missing: str, book: Rulebook | None = None) -> YearResult:
    """A year in which each township reports so many events."""
    reports = {
        name: submission(
            {"events": [event(f"E-{n}", f"2025-0{n}-01") for n in range(1, count + 1)]},
            township=name,
        )
        for name, count in counts.items()
    }
    return judged(inputs(book or one_clause(10, EACH), reports, missing=missing))


def standing(result: YearResult, name: str) -> Standing:
    return next(s for s in result.standings if s.township.id == name)


def test_standings_are_by_id_with_rank_and_ties() -> None:
    result = year_of({"oak": 1, "elm": 0, "ash": 1, "fir": 4})
    assert [(s.township.id, s.rank, s.tied) for s in result.standings] == [
        ("ash", 2, True),
        ("elm", 1, False),
        ("fir", 4, False),
        ("oak", 2, True),
    ]


def test_scorecards_come_by_id_whatever_the_order_of_the_reports() -> None:
    given = a_year(
        one_clause(10, take("bad")), {name: {"bad": 1} for name in ("elm", "ash", "fir")}
    )
    assert list(scored(given, given.submissions)) == ["ash", "elm", "fir"]


def test_who_has_not_submitted_has_no_rank_and_counts_for_nothing() -> None:
    result = year_of({"oak": 1, "elm": 0}, "ash", book=None)
    absent = standing(result, "ash")
    assert (absent.scorecard, absent.rank, absent.tied, absent.outcomes) == (None, None, False, ())
    assert [s.rank for s in result.standings] == [None, 1, 2]
    assert Effects(result).of(absent) == ()


def test_places_are_counted_among_those_ranked() -> None:
    book = one_clause(100, EACH, lines=BOOK.lines)
    names = ("ash", "elm", "fir", "oak", "yew")
    result = year_of({name: n for n, name in enumerate(names)}, "asp", "bay", book=book)
    given = {s.township.id: s.outcomes for s in result.standings}
    assert given["fir"] == (COMMENDED,)
    assert given["oak"] == given["yew"] == (CRITICISED, BARRED)
    assert given["asp"] == given["bay"] == ()


def test_nobody_has_submitted() -> None:
    result = year_of({}, "ash", "elm")
    assert [s.rank for s in result.standings] == [None, None]


def test_the_first_result_compares_with_the_first_one_of_the_year_before() -> None:
    rise = DifferenceQuantity(HAVE, BeforeQuantity(HAVE))
    book = one_clause(10, take("rise", actual=rise))
    sent, corrected = {"ash": {"have": 5}}, (correction("01"),)
    given = a_year(book, sent, before={"ash": {"have": 4}}, corrections=corrected)
    assert judged(given).first == judged(given).standings
    before = {"ash": submission({"have": 2}, township="ash")}
    result = judged(replace(given, first_before=before))
    scores = [
        one[0].scorecard.score for one in (result.standings, result.first) if one[0].scorecard
    ]
    assert scores == [9, 7]
    alone = judged(replace(given, corrections=(), first_before=before))
    assert (alone.standings, alone.first) == (result.standings, result.first)


def test_the_first_result_stays_beside_the_corrected_one() -> None:
    before = {"oak": submission({"events": [event("E-1")]}, township="oak")}
    after = {"oak": submission({"events": []}, township="oak")}
    given = inputs(one_clause(10, EACH), after, first=before, corrections=(correction("01"),))
    result = judged(given)
    (now,), (first,) = result.standings, result.first
    assert now.scorecard is not None
    assert first.scorecard is not None
    assert [card.score for card in (now.scorecard, first.scorecard)] == [10, 8]
    plain = judged(inputs(one_clause(10, EACH), after))
    assert plain.first is plain.standings


# --- what decides between equal scores ------------------------------------------------


def breaker(better: Any = "higher", **by: Any) -> TieBreaker:
    return TieBreaker(text("Tie"), better, **by)


def placed_by(*breakers: TieBreaker, **more: Any) -> dict[str, tuple[int | None, bool]]:
    """Rank and tie of three with 15 of 20 points: 10 + 5, 7 + 8 and 6 + 9."""
    book = rulebook(
        section("1", clause("1.1", 10, take("bad"))), section("2", clause("2.1", 10, take("ill")))
    )
    reports = {
        "oak": {"bad": 0, "ill": 5, "have": 3, "part": 0, "whole": 0},
        "elm": {"bad": 3, "ill": 2, "have": 5, "part": 1, "whole": 4},
        "ash": {"bad": 4, "ill": 1, "have": 5, "part": 3, "whole": 4},
    }
    given = a_year(above(book, tie_breakers=breakers), reports, **more)
    return {s.township.id: (s.rank, s.tied) for s in judged(given).standings}


HAVE = FactQuantity(("have",))


@pytest.mark.parametrize(
    ("breakers", "oak", "elm", "ash"),
    [
        ((), (1, True), (1, True), (1, True)),
        ((breaker(section="1"),), (1, False), (2, False), (3, False)),
        ((breaker("lower", section="1"),), (3, False), (2, False), (1, False)),
        ((breaker(clause="2.1"),), (3, False), (2, False), (1, False)),
        ((breaker("lower", clause="2.1"),), (1, False), (2, False), (3, False)),
        ((breaker(quantity=HAVE),), (3, False), (1, True), (1, True)),
        ((breaker("lower", quantity=HAVE),), (1, False), (2, True), (2, True)),
        ((breaker(quantity=HAVE), breaker(section="2")), (3, False), (2, False), (1, False)),
        (
            (breaker("lower", quantity=HAVE), breaker(section="2")),
            (1, False),
            (3, False),
            (2, False),
        ),
        ((breaker(section="absent"),), (1, True), (1, True), (1, True)),
    ],
)
def test_ties_are_broken_by_what_the_rulebook_declares(
    breakers: tuple[TieBreaker, ...], oak: Any, elm: Any, ash: Any
) -> None:
    assert placed_by(*breakers) == {"oak": oak, "elm": elm, "ash": ash}


def test_who_a_quantity_is_not_applicable_to_comes_after_the_others() -> None:
    share = ShareQuantity(FactQuantity(("part",)), FactQuantity(("whole",)))
    higher, lower = placed_by(breaker(quantity=share)), placed_by(breaker("lower", quantity=share))
    assert {name: rank for name, (rank, _) in higher.items()} == {"ash": 1, "elm": 2, "oak": 3}
    assert {name: rank for name, (rank, _) in lower.items()} == {"elm": 1, "ash": 2, "oak": 3}


def test_ties_may_be_broken_by_what_was_before_and_by_the_others() -> None:
    rise = breaker(quantity=DifferenceQuantity(HAVE, BeforeQuantity(HAVE)))
    before = {"oak": {"have": 0}, "elm": {"have": 4}, "ash": {"have": 3}}
    found = placed_by(rise, before=before)  # 3, 1 and 2 more
    assert {name: rank for name, (rank, _) in found.items()} == {"oak": 1, "ash": 2, "elm": 3}
    rank = breaker("lower", quantity=RankQuantity(HAVE, "higher"))
    assert placed_by(rank) == {"oak": (3, False), "elm": (1, True), "ash": (1, True)}


def test_a_clause_that_decides_counts_by_the_weights_of_the_periods() -> None:
    one, other = clause("1.1", 10, take("bad")), clause("1.2", 10, take("ill"))
    parts = (
        Part("Q1", text("Q1"), "01-01", "03-31", figure(25)),
        Part("rest", text("rest"), "04-01", "12-31", figure(75)),
    )
    book = rulebook(section("1", one, other, each="period"))
    book = above(book, parts=parts, tie_breakers=(breaker(clause="1.1"),))
    # 1.1: 10 × 25 % and 10 × 75 %; both have 12.5 in all
    early = {"Q1": {"bad": 0, "ill": 0}, "rest": {"bad": 10, "ill": 0}}
    later = {"Q1": {"bad": 10, "ill": 5}, "rest": {"bad": 0, "ill": 5}}
    found = judged(a_year(book, {"early": {"periods": early}, "later": {"periods": later}}))
    assert {s.township.id: s.rank for s in found.standings} == {"early": 2, "later": 1}
    assert {s.scorecard.score for s in found.standings if s.scorecard} == {Fraction("12.5")}


def test_a_tie_breaker_never_touches_unequal_scores() -> None:
    book = above(one_clause(10, take("bad")), tie_breakers=(breaker(quantity=HAVE),))
    found = judged(a_year(book, {"oak": {"bad": 1, "have": 9}, "elm": {"bad": 0, "have": 1}}))
    assert [(s.township.id, s.rank) for s in found.standings] == [("elm", 1), ("oak", 2)]


# --- vetoes and payments in the ranking -----------------------------------------------


def test_who_is_ranked_last_comes_after_a_lower_score() -> None:
    veto = Veto("v", text("V"), "5", (lies("deaths", at_least=1),), last=True, outcomes=("struck",))
    book = above(one_clause(100, take("bad")), "struck", vetoes=(veto,))
    reports = {
        "ash": {"bad": 0, "deaths": 1},
        "elm": {"bad": 60, "deaths": 0},
        "fir": {"bad": 0, "deaths": 2},
        "oak": {"bad": 5, "deaths": 1},
    }
    found = judged(a_year(book, reports)).standings
    assert {s.township.id: (s.rank, s.tied) for s in found} == {
        "elm": (1, False),
        "ash": (2, True),
        "fir": (2, True),
        "oak": (4, False),
    }
    assert {s.township.id for s in found if s.outcomes == ("struck",)} == {"ash", "fir", "oak"}


def test_who_is_barred_from_a_line_is_not_listed_at_it() -> None:
    veto = Veto("v", text("V"), "5", (lies("deaths", at_least=1),), bars=("first",))
    book = above(one_clause(100, take("bad"), lines=(line("first", places=figure(1)),)))
    book = above(book, vetoes=(veto,))
    reports = {"oak": {"bad": 0, "deaths": 1}, "elm": {"bad": 5, "deaths": 0}}
    found = judged(a_year(book, reports)).standings
    assert {s.township.id: (s.rank, s.outcomes) for s in found} == {"oak": (1, ()), "elm": (2, ())}


@pytest.mark.parametrize(
    ("least", "bad", "paid"), [(None, 40, 1200), (80, 20, 1600), (80, 21, 0), (None, 100, 0)]
)
def test_payments_are_by_the_point_and_nothing_below_a_minimum(
    least: int | None, bad: int, paid: int
) -> None:
    minimum = None if least is None else figure(least)
    pay = Payment("pay", text("Pay"), "6", text("yuan"), figure(20), minimum)
    book = above(one_clause(100, take("bad")), payments=(pay,))
    (sent, absent) = judged(a_year(book, {"ash": {"bad": bad}}, missing=["oak"])).standings
    assert [(p.payment, int(p.amount)) for p in sent.payments] == [(pay, paid)]
    assert absent.payments == ()


# --- lines by the score, by a share of those ranked, in groups; plain ones  -----------


def a_line(name: str = "line", **changed: Any) -> Line:
    given = {"id": name, "label": text(name), "outcomes": (name,), "undecided": f"at-{name}"}
    return line(**{"end": "first", "places": None} | given | changed)


def book(*lines: Line) -> Rulebook:
    return rulebook(section("1"), lines=lines)


def found(one: Line, *points: Any) -> tuple[str, str]:
    inside, across = at_line(one, book(one), plain_field(scores(*points)))
    return "".join(inside), "".join(across)


# --- by the score ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bounds", "inside"),
    [
        (Bounds(at_least=figure(80)), "abc"),
        (Bounds(above=figure(80)), "ab"),
        (Bounds(below=figure(80)), "de"),
        (Bounds(at_most=figure(80)), "cde"),
        (Bounds(at_least=figure(70), below=figure(90)), "cd"),
        (Bounds(), "abcde"),
    ],
)
def test_a_line_may_be_drawn_by_the_score_alone(bounds: Bounds, inside: str) -> None:
    assert found(a_line(end=None, bounds=bounds), 95, 90, 80, 70, 60) == (inside, "")


def test_nobody_waits_at_a_line_that_is_drawn_by_the_score() -> None:
    assert found(a_line(end=None, bounds=Bounds(below=figure(80))), 70, 70, 70) == ("abc", "")
    assert found(a_line(end="last", bounds=Bounds(below=figure(80))), 90, 70) == ("b", "")


# --- by a share of those ranked -------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "rounding", "ranked", "places"),
    [
        (20, None, 10, 2),
        (20, None, 9, 1),  # 1.8, downwards where nothing is said
        (20, Rounding("down"), 9, 1),
        (20, Rounding("up"), 9, 2),
        (20, Rounding("half_up"), 9, 2),
        (20, Rounding("half_up"), 7, 1),  # 1.4
        (50, Rounding("half_up"), 5, 3),
        (10, Rounding("down"), 9, 0),
        (33, None, 3, 0),  # 0.99
        (100, None, 4, 4),
        (30, None, 0, 0),
    ],
)
def test_a_share_of_places_is_made_whole(
    percent: int, rounding: Rounding | None, ranked: int, places: int
) -> None:
    one = a_line(percent=figure(percent), rounding=rounding)
    assert places_of(one, book(one), ranked) == set(range(1, places + 1))
    last = a_line(end="last", percent=figure(percent), rounding=rounding)
    assert places_of(last, book(last), ranked) == set(range(ranked - places + 1, ranked + 1))


def test_more_places_than_units_are_all_of_them() -> None:
    assert places_of(a_line(places=figure(9)), book(), 3) == {1, 2, 3}
    assert places_of(a_line(places=figure(9), end="last"), book(), 3) == {1, 2, 3}


def test_a_share_and_a_threshold_hold_together() -> None:
    one = a_line(percent=figure(50), bounds=Bounds(at_least=figure(90)))
    assert found(one, 99, 95, 91, 85, 80, 75) == ("abc", "")
    assert found(one, 99, 95, 89, 85, 80, 75) == ("ab", "")
    assert found(one, 99, 95, 91, 91, 80, 75) == ("ab", "cd")  # tied over the third place
    assert found(one, 99, 95, 89, 89, 80, 75) == ("ab", "")  # tied, but below the threshold


# --- groups and those who are not eligible --------------------------------------------


def plain_field(points: Mapping[str, Fraction]) -> Contenders:
    """A field in which the score alone decides."""
    return Contenders(points, points)


def field(points: dict[str, Fraction], groups: dict[str, Any], **barred: Any) -> Contenders:
    return Contenders(points, points, groups, barred)


GROUPS = {"a": "x", "b": "y", "c": "x", "d": "y", "e": "x", "f": None}


def test_a_line_of_a_group_counts_the_places_of_that_group() -> None:
    everybody = field(scores(99, 98, 97, 96, 95, 94), GROUPS)
    for groups, inside in (((), "ab"), (("x",), "ac"), (("y",), "bd"), (("x", "y"), "ab")):
        one = a_line(places=figure(2), groups=groups)
        assert at_line(one, book(one), everybody) == (tuple(inside), ())
    last = a_line(end="last", places=figure(1), groups=("x",))
    assert at_line(last, book(last), everybody) == (("e",), ())


def test_who_is_not_eligible_fills_a_place_all_the_same() -> None:
    one, other = a_line(places=figure(2)), a_line("other", places=figure(2))
    everybody = field(scores(99, 98, 97), {}, a=("line",))
    assert at_line(one, book(one), everybody) == (("b",), ())
    assert at_line(other, book(other), everybody) == (("a", "b"), ())
    of_x = a_line(places=figure(1), groups=("x",))
    among = Contenders(scores(99, 98, 97), scores(99, 98, 97), GROUPS, {"a": ("line",)})
    assert at_line(of_x, book(of_x), among) == ((), ())


def test_a_line_of_a_group_yields_by_the_number_of_that_group() -> None:
    first = a_line(
        "first", places=figure(2), yields_to="last", yields_below=figure(4), groups=("x",)
    )
    last = a_line("last", end="last", places=figure(1), groups=("x",))
    everybody = field(scores(99, 98, 95, 94, 95, 93), GROUPS)
    # a is first of x, c and e share its second and third place
    assert drawn(last, book(first, last), everybody, {}) == ((), ("c", "e"))
    assert drawn(first, book(first, last), everybody, {}) == (("a",), ("c", "e"))
    decided = {"last": ("c",)}
    assert drawn(first, book(first, last), everybody, decided) == (("a",), ("e",))


def test_lines_of_fields_ranked_apart_are_drawn_in_each() -> None:
    one = a_line(places=figure(1))
    fields = [plain_field(scores(99, 98)), plain_field({"y": Fraction(50), "z": Fraction(50)})]
    given = inputs(book(one), {}, missing=["a", "b", "y", "z"])
    more: dict[str, tuple[str, ...]] = {"a": (), "b": ("line",), "y": (), "z": ()}
    assert outcomes(given, fields, more) == {
        "a": ("line",),
        "b": ("line",),  # for another reason
        "y": ("at-line",),
        "z": ("at-line",),
    }
    decided = inputs(book(one), {}, missing=["a"], decisions=(decision("line", "z"),))
    assert outcomes(decided, fields, more)["z"] == ("line",)
    assert outcomes(decided, fields, more)["y"] == ()


# --- periods in a row in the same grades, across the end of the year as wel -----------

QUARTERS = tuple(
    Part(f"Q{n}", text(f"Q{n}"), start, end, figure(25))
    for n, (start, end) in enumerate(
        [("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31")], start=1
    )
)
GOOD = Band("good", text("Good"), figure(90), None, ("praised",))
FAIR = Band("fair", text("Fair"), figure(60), figure(90))
POOR = Band("poor", text("Poor"), None, figure(60))
GRADES = {"g": GOOD, "f": FAIR, "p": POOR}
POINTS = {"g": 5, "f": 20, "p": 70}


def streak(bands: tuple[str, ...] = ("fair", "poor"), periods: int = 3) -> Streak:
    return Streak("weak", text("Weak"), "5", bands, figure(periods), ("warned",))


def parts(grades: str) -> tuple[PartScore, ...]:
    return tuple(PartScore(f"Q{n}", Fraction(80), GRADES.get(g)) for n, g in enumerate(grades, 1))


@pytest.mark.parametrize(
    ("before", "now", "found"),
    [
        ("", "fff", True),
        ("", "ffg", False),
        ("", "fpf", True),  # either grade
        ("", "gfff", True),
        ("", "ffgf", False),
        ("ggff", "fggg", True),  # two of the year before, one of this
        ("gggf", "ffgg", True),
        ("gfff", "gggg", False),  # ended with the year before
        ("gggf", "gffg", False),
        ("fffg", "ffgg", False),
        ("gf-f", "fggg", False),  # a period without a grade ends the row
        ("ffff", "", False),
        ("", "", False),
    ],
)
def test_a_row_is_long_enough_where_it_ends_in_this_year(
    before: str, now: str, found: bool
) -> None:
    assert reached(streak(), parts(before), parts(now)) is found


def halves_graded(**more: Any) -> Rulebook:
    one = section("1", clause("1.1", 100, take("bad")), each="period")
    given: dict[str, Any] = {
        "parts": QUARTERS,
        "bands": Bands("period", (GOOD, FAIR, POOR)),
        "streaks": (streak(),),
    }
    return above(rulebook(one), "praised", "warned", **given | more)


def reported(grades: str) -> dict[str, Any]:
    return {"periods": {f"Q{n}": {"bad": POINTS[grade]} for n, grade in enumerate(grades, start=1)}}


@pytest.mark.parametrize(
    ("before", "now", "outcomes"),
    [
        (None, "fffg", ("warned",)),
        (None, "ffgf", ()),
        ("ggff", "fggg", ("warned",)),
        ("ggfg", "ffgg", ()),
        ("ff", "fggg", ("warned",)),  # only two quarters of it were reported
    ],
)
def test_what_follows_from_a_row_across_the_year_s_end(
    before: str | None, now: str, outcomes: tuple[str, ...]
) -> None:
    last = {} if before is None else {"oak": reported(before)}
    (standing,) = judged(a_year(halves_graded(), {"oak": reported(now)}, before=last)).standings
    assert standing.outcomes == outcomes
    assert standing.scorecard is not None
    grades = [part.band.id[0] for part in standing.scorecard.parts if part.band]
    assert "".join(grades) == now


def test_the_year_before_is_judged_with_all_who_reported_then() -> None:
    """Grades that hang on the others: by rank, and by what they have on average."""
    rank = RankQuantity(FactQuantity(("have",)), "higher")
    first = take("first", actual=rank, bound=FigureQuantity(figure(1)), amount=figure(50))
    applies = NotApplicable((is_so("road"),), "mean")
    by_rank = section("1", clause("1.1", 100, first), each="period")
    by_mean = section("1", clause("1.1", 100, take("bad"), applies=applies), each="period")
    weak = replace(streak(("poor",), 2), outcomes=("warned",))

    def quarters(*facts: dict[str, Any]) -> dict[str, Any]:
        return {"periods": {f"Q{n}": one for n, one in enumerate(facts, 1)}}

    def told(
        one: Section, now: dict[str, Any], last: dict[str, Any], *, apart: bool = False
    ) -> dict[str, Any]:
        named = tuple(Group(name, text(name)) for name in "xy")
        judging = above(
            halves_graded(), streaks=(weak,), grouping=Grouping("group", named, apart=apart)
        )
        judging = replace(judging, sections=(one,))
        groups = {"oak": "x", "elm": "y"}
        found = judged(a_year(judging, now, groups=groups, before=last)).standings
        return {s.township.id: s.outcomes for s in found}

    high, low = {"have": 9}, {"have": 1}
    now = {"oak": quarters(low, high, high, high), "elm": quarters(high, high, high, high)}
    last = {"oak": quarters(high, high, high, low), "elm": quarters(high, high, high, high)}
    assert told(by_rank, now, last) == {"oak": ("warned",), "elm": ()}
    last["oak"] = quarters(high, high, high, high)
    assert told(by_rank, now, last) == {"oak": (), "elm": ()}
    bad, away, good = {"road": True, "bad": 70}, {"road": False}, {"road": True, "bad": 0}
    now = {"oak": quarters(bad, good, good, good), "elm": quarters(good, good, good, good)}
    last = {"oak": quarters(good, good, good, away), "elm": quarters(good, good, good, bad)}
    assert told(by_mean, now, last)["oak"] == ("warned",)
    assert told(by_mean, now, last, apart=True)["oak"] == ()  # ranked with nobody
    last["elm"] = quarters(good, good, good, good)
    assert told(by_mean, now, last)["oak"] == ()


def test_grades_of_the_year_have_consequences_of_their_own() -> None:
    yearly = halves_graded(bands=Bands("year", (GOOD, FAIR, POOR)), streaks=())
    reports = {"oak": reported("gggg"), "elm": reported("ffff"), "ash": reported("pppp")}
    given = a_year(yearly, reports, missing=["fir"])
    found = {s.township.id: s for s in judged(given).standings}
    assert {name: s.band.id for name, s in found.items() if s.band} == {
        "oak": "good",
        "elm": "fair",
        "ash": "poor",
    }
    assert {name: s.outcomes for name, s in found.items()} == {
        "oak": ("praised",),
        "elm": (),
        "ash": (),
        "fir": (),  # has sent no report
    }
    assert all(p.band is None for s in found.values() if s.scorecard for p in s.scorecard.parts)
