"""Ranks on exact scores, lines drawn in places, ties, and what one deduction did to a rank."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from string import ascii_lowercase
from typing import Any

import pytest

from generator.engine.book import (
    Line,
    OutsideRanking,
    Part,
    Payment,
    Rulebook,
    TieBreaker,
    Veto,
)
from generator.engine.effects import Effects
from generator.engine.kinds.per_record import PerRecord
from generator.engine.measures import Bounds
from generator.engine.quantities import (
    BeforeQuantity,
    DifferenceQuantity,
    FactQuantity,
    RankQuantity,
    ShareQuantity,
)
from generator.engine.rank import (
    at_line,
    judged,
    outcomes,
    plain_field,
    ranks,
    scored,
)
from generator.engine.year import Ranking, Standing, YearResult
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


def drawn(
    book: Rulebook,
    points: Mapping[str, Fraction],
    decisions: tuple[Any, ...] = (),
    ranking: Ranking | None = None,
) -> dict[str, tuple[str, ...]]:
    given = inputs(book, {}, missing=list(points), decisions=decisions, ranking=ranking)
    return outcomes(given, [plain_field(points)], dict.fromkeys(points, ()))


def given_to(points: list[Any], *decisions: Any, book: Rulebook = BOOK) -> list[tuple[str, ...]]:
    return list(drawn(book, scores(*points), decisions).values())


def lists(points: list[Any], *decisions: Any) -> tuple[str, str, str, str]:
    """Letters commended, at the commendation line, criticised, at the criticism line."""
    given = drawn(BOOK, scores(*points), decisions)
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
    given = drawn(BOOK, scores(98, 97, 96, 95, 94, 93), ranking=ranking)
    assert given["a"] == ((COMMENDED, OUTSIDE) if last else (COMMENDED,))
    assert OUTSIDE not in given["b"]
    assert set(given) == set("abcdef")


def test_a_rulebook_may_care_for_no_outside_ranking() -> None:
    book = rulebook(section("1"), lines=(line(),))
    ranking = Ranking("No. 1", 10, {"a": 10}, PLACE)
    assert drawn(book, scores(5), ranking=ranking) == {"a": ("first",)}
    outside = OutsideRanking("watched", "4", figure(1))
    book = rulebook(section("1"), outside=outside)
    assert drawn(book, scores(5), ranking=ranking) == {"a": ("watched",)}
    assert drawn(book, scores(5)) == {"a": ()}


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
    assert {s.township.id: (s.rank, s.outcomes) for s in found} == {
        "oak": (1, ()),
        "elm": (2, ()),
    }


@pytest.mark.parametrize(
    ("least", "bad", "paid"),
    [(None, 40, 1200), (80, 20, 1600), (80, 21, 0), (None, 100, 0)],
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
