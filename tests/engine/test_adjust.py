"""From the sections to the score: scaling, pools, conversion, rounding, vetoes, in this order."""

from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import (
    Band,
    Conversion,
    Group,
    Grouping,
    NotApplicable,
    Part,
    Pool,
    Rulebook,
    Veto,
)
from generator.engine.measures import Rounding
from generator.engine.score import band, cards, scorecard
from generator.engine.year import Scorecard
from generator.words.messages import catalogue
from tests.builders import (
    above,
    clause,
    exactly,
    figure,
    give,
    has,
    is_so,
    lies,
    one_clause,
    rulebook,
    section,
    submission,
    take,
    text,
    year,
)


def card_of(book: Rulebook, **reported: Any) -> Scorecard:
    card = scorecard(submission(reported), book, year(2025))
    own = sum((section.points for section in card.sections), Fraction())
    assert own + sum((a.points for a in card.adjustments), Fraction()) == card.score
    return card


def told(card: Scorecard) -> list[tuple[str, str, str]]:
    """Every adjustment: its id, its points, its reason."""
    en = catalogue("en")
    return [(a.id, str(a.points), en.render(a.reason)) for a in card.adjustments]


# --- what does not apply --------------------------------------------------------------


def away(counts: Any, name: str, points: int, road: str = "road") -> Any:
    applies = NotApplicable((is_so(road),), counts)
    return clause(name, points, take(f"minus{name}", actual=take("minus").actual), applies=applies)


def roads(counts: Any) -> Rulebook:
    """25 of 100 points are about a road."""
    return rulebook(
        section("1", away(counts, "1.1", 25), clause("1.2", 25, take("less"))),
        section("2", clause("2.1", 50, take("short"))),
    )


def test_a_section_is_scaled_up_from_what_applies() -> None:
    card = card_of(roads("section"), road=False, less=5, short=8)
    # 20 of 25 becomes 40 of 50
    assert told(card) == [
        ("scaled-section", "20", "1: 25 of 50 do not apply; 20 × 50 ÷ 25"),
    ]
    assert card.score == 82
    assert card_of(roads("section"), road=True, less=5, short=8).adjustments == ()


def test_the_total_is_scaled_up_from_what_applies() -> None:
    card = card_of(roads("total"), road=False, less=5, short=10)
    # 60 of 75, × 4/3
    assert told(card) == [
        ("scaled-total", "20", "Rules: 25 of 100 do not apply; 60 × 100 ÷ 75"),
    ]
    assert card.score == 80
    assert card_of(roads("total"), road=False, less=4, short=10).score == Fraction(244, 3)


def test_scaling_keeps_to_weights_and_comes_section_first() -> None:
    book = rulebook(
        section("1", away("section", "1.1", 10), clause("1.2", 10, take("less"))),
        section("2", away("total", "2.1", 20, "rail"), clause("2.2", 60, take("short"))),
    )
    card = card_of(book, road=False, rail=False, less=2, short=20)
    # 8 of 10 becomes 16 of 20; then 16 + 40 = 56 of 80 becomes 70 of 100
    assert [(a.id, exactly(a.points)) for a in card.adjustments] == [
        ("scaled-section", 8),
        ("scaled-total", 14),
    ]
    assert card.score == 70
    half = rulebook(
        section("1", away("section", "1.1", 50), clause("1.2", 50, take("less")), weight=figure(50))
    )
    assert card_of(half, road=False, less=10).score == 40


def test_where_nothing_applies_everything_counts_in_full() -> None:
    whole = rulebook(section("1", away("section", "1.1", 30)), section("2", clause("2.1", 70)))
    assert card_of(whole, road=False).score == 100
    nothing = rulebook(section("1", away("total", "1.1", 100)))
    assert card_of(nothing, road=False).score == 100


def test_a_period_is_scaled_by_itself() -> None:
    parts = (
        Part("H1", text("H1"), "01-01", "06-30", figure(40)),
        Part("H2", text("H2"), "07-01", "12-31", figure(60)),
    )
    one = section("1", away("section", "1.1", 50), clause("1.2", 50, take("less")), each="period")
    book = above(rulebook(one), parts=parts)
    card = card_of(book, periods={"H1": {"road": False, "less": 10}, "H2": {"road": True}})
    assert [(part.part, exactly(part.score)) for part in card.parts] == [("H1", 80), ("H2", 100)]
    assert card.score == 80 * Fraction(40, 100) + 60


def test_a_section_that_only_gives_is_not_scaled() -> None:
    """It has no points of its own: what it gave stands, and the rest is scaled by the total."""
    book = rulebook(
        section("1", away("total", "1.1", 50), clause("1.2", 50, take("less"))),
        section("2", clause("2.1", 0, give("plus"), starts="zero", above_points=True)),
    )
    # 40 + 5 of 50 become 90 of 100
    assert card_of(book, road=False, less=10, plus=5).score == 90


# --- pools ----------------------------------------------------------------------------


def pool(*rules: Any, **changed: Any) -> Pool:
    return Pool("bonus", text("Bonus"), "so it says", rules, **changed)


def pooled(one: Pool, **reported: Any) -> Scorecard:
    book = above(one_clause(100, take("minus")), pools=(one,))
    return card_of(book, **{"minus": 0, "plus": 0, "more": 0, "fault": 0} | reported)


def test_a_pool_gives_beside_the_sections() -> None:
    card = pooled(pool(give("plus")), plus=3, minus=10)
    assert told(card) == [
        ("give-plus", "3", "plus: 3, above 0 by 3, 1 point added each, add 3 points")
    ]
    assert [card.score, card.total] == [93, 100]
    (adjustment,) = card.adjustments
    assert adjustment.charge is not None
    assert [place.address for place in adjustment.sources] == ["plus"]


def test_a_pool_gives_up_to_its_cap() -> None:
    card = pooled(pool(give("plus"), give("more"), cap=figure(5)), plus=3, more=4)
    assert [a.points for a in card.adjustments] == [3, 2]
    assert told(card)[1][2].endswith("add 4 points; at most 5 points in all, so 2 points")
    empty = pooled(pool(give("plus"), give("more"), cap=figure(3)), plus=3, more=4)
    assert [a.points for a in empty.adjustments] == [3, 0]
    assert empty.score == 103


def test_what_a_pool_takes_is_not_capped_and_may_go_below_nought() -> None:
    card = pooled(pool(give("plus"), take("fault"), cap=figure(5)), plus=9, fault=7)
    assert [a.points for a in card.adjustments] == [5, -7]
    assert pooled(pool(take("fault")), minus=99, fault=7).score == -6


@pytest.mark.parametrize(
    ("changed", "minus", "given"),
    [
        ({"minimum": figure(90)}, 10, 3),
        ({"minimum": figure(90)}, 11, 0),
        ({"where": (lies("minus", below=5),)}, 4, 3),
        ({"where": (lies("minus", below=5),)}, 5, 0),
        ({"where": (lies("minus", below=5), has("plus", 3))}, 4, 3),
        ({"where": (lies("minus", below=5), has("plus", 4))}, 4, 0),
    ],
)
def test_a_pool_gives_on_its_conditions_and_takes_in_any_case(
    changed: dict[str, Any], minus: int, given: int
) -> None:
    card = pooled(pool(give("plus"), take("fault"), **changed), plus=3, fault=2, minus=minus)
    assert [a.points for a in card.adjustments] == [given, -2]
    if not given:
        assert told(card)[0][2].endswith("add 3 points; not given: the condition is not met")


def test_the_condition_of_a_pool_is_the_score_before_all_pools() -> None:
    pools = (pool(give("plus")), pool(give("more"), minimum=figure(100)))
    book = above(one_clause(100, take("minus")), pools=pools)
    assert card_of(book, minus=1, plus=3, more=4).score == 102
    assert card_of(book, minus=0, plus=3, more=4).score == 107


def test_a_pool_may_be_meant_for_some_groups() -> None:
    grouping = Grouping("group", (Group("x", text("X")), Group("y", text("Y"))), apart=False)
    book = above(one_clause(10), pools=(pool(give("plus"), groups=("x",)),), grouping=grouping)
    sent = {name: submission({"plus": 2}, township=name) for name in "abc"}
    found = cards(sent, book, year(2025), groups={"a": "x", "b": "y"})
    assert {name: card.score for name, card in found.items()} == {"a": 12, "b": 10, "c": 10}


# --- conversion and rounding ----------------------------------------------------------


def test_scores_are_converted_one_after_the_other() -> None:
    steps = (
        Conversion("hundred", text("Hundred"), figure(1000), figure(100)),
        Conversion("thirty", text("Thirty"), figure(100), figure(30), Rounding("half_up", 2)),
    )
    card = card_of(above(one_clause(1000, take("minus")), conversions=steps), minus=124)
    # 876 → 87.6 → 26.28
    assert told(card) == [
        ("hundred", "-3942/5", "Hundred: 876 × 100 ÷ 1000 = 87.6"),
        ("thirty", "-1533/25", "Thirty: 87.6 × 30 ÷ 100 = 26.28"),
    ]
    assert [card.score, card.total] == [Fraction("26.28"), 30]


@pytest.mark.parametrize(
    ("rounding", "score"),
    [(None, "26.295"), (Rounding("half_up", 2), "26.3"), (Rounding("down", 2), "26.29"),
     (Rounding("up"), "27"), (Rounding("half_up"), "26")],
)  # fmt: skip
def test_a_conversion_rounds_as_it_says(rounding: Any, score: str) -> None:
    step = Conversion("thirty", text("Thirty"), figure(1000), figure(30), rounding)
    card = card_of(above(one_clause("876.5"), conversions=(step,)))
    assert card.score == Fraction(score)


def test_the_score_is_rounded_at_the_end_if_at_all() -> None:
    third = take("minus", amount=figure("1/3"))
    book = above(one_clause(100, third), round_score=figure(2))
    card = card_of(book, minus=1)
    assert told(card) == [("rounding", "1/300", "299/3 rounded to 2 places: 99.67")]
    assert card.score == Fraction("99.67")
    assert card_of(book, minus=3).adjustments == ()
    pools = (pool(give("plus", amount=figure("1/3"))),)
    assert card_of(above(book, pools=pools), minus=1, plus=1).adjustments[-1].id == "give-plus"


def test_the_score_before_conversion_is_kept_apart() -> None:
    """What is added to the sections, in their points, and what comes after in others."""
    book = above(one_clause(100, take("minus")), pools=(pool(give("plus")),))
    plain = card_of(book, minus=7, plus=3)
    assert [plain.in_sections, plain.beside] == [93, 3]
    assert plain.unconverted is None
    step = Conversion("thirty", text("Thirty"), figure(100), figure(30))
    whole = above(book, conversions=(step,), round_score=figure(1))
    card = card_of(whole, minus=7, plus=3)
    assert [card.in_sections, card.beside, card.unconverted] == [93, 3, 96]
    assert card.score == Fraction("28.8")
    assert [one.converts for one in card.adjustments] == [False, True]


# --- vetoes ---------------------------------------------------------------------------


def veto(name: str = "veto", **changed: Any) -> Veto:
    given: dict[str, Any] = {"where": (lies("deaths", at_least=1),)}
    return Veto(name, text("Veto"), "5", **given | changed)


def vetoed(*vetoes: Veto, deaths: int = 1, minus: int = 0, **more: Any) -> Scorecard:
    book = above(one_clause(100, take("minus")), "struck", vetoes=vetoes, **more)
    return card_of(book, deaths=deaths, minus=minus)


@pytest.mark.parametrize(
    ("changed", "minus", "score"),
    [
        ({"score": figure(0)}, 5, "0"),
        ({"score": figure(60)}, 50, "60"),  # fixed is fixed, upwards too
        ({"at_most": figure(60)}, 5, "60"),
        ({"at_most": figure(60)}, 50, "50"),
        ({"score": figure(70), "at_most": figure(60)}, 5, "60"),
        ({"last": True}, 5, "95"),
    ],
)
def test_a_veto_fixes_or_limits_the_score(changed: dict[str, Any], minus: int, score: str) -> None:
    card = vetoed(veto(**changed), minus=minus)
    assert card.score == Fraction(score)
    moved = card.score != 100 - minus
    assert [a.id for a in card.adjustments] == (["veto"] if moved else [])
    assert vetoed(veto(**changed), minus=minus, deaths=0).score == 100 - minus


def test_a_veto_says_what_the_score_becomes() -> None:
    assert told(vetoed(veto(score=figure(0)), minus=5)) == [
        ("veto", "-95", "Veto: it becomes 0 points")
    ]


def test_vetoes_bring_last_places_outcomes_and_lines_with_them() -> None:
    one = veto("one", last=True, outcomes=("struck",))
    other = veto("other", at_most=figure(50), bars=("first",), where=(lies("deaths", at_least=2),))
    first, both, none = (vetoed(one, other, deaths=deaths) for deaths in (1, 2, 0))
    assert [(c.last, c.outcomes, c.barred) for c in (first, both, none)] == [
        (True, ("struck",), ()),
        (True, ("struck",), ("first",)),
        (False, (), ()),
    ]
    assert [exactly(c.score) for c in (first, both, none)] == [100, 50, 100]


def test_every_test_of_a_veto_must_hold() -> None:
    both = veto(score=figure(0), where=(lies("deaths", at_least=1), lies("minus", above=3)))
    assert [vetoed(both, minus=minus).score for minus in (3, 4)] == [97, 0]


def test_vetoes_come_after_conversion_and_rounding() -> None:
    step = Conversion("ten", text("Ten"), figure(100), figure(10))
    card = vetoed(veto(at_most=figure(6)), minus=5, conversions=(step,), round_score=figure(0))
    assert [a.id for a in card.adjustments] == ["ten", "rounding", "veto"]
    assert card.score == 6


# --- grades ---------------------------------------------------------------------------

GRADES = (
    Band("good", text("Good"), figure(90), None),
    Band("fair", text("Fair"), figure(60), figure(90)),
    Band("poor", text("Poor"), None, figure(60)),
)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        ("120", "good"),
        ("90", "good"),
        ("89.999", "fair"),
        ("269/3", "fair"),
        ("60", "fair"),
        ("179/3", "poor"),
        ("-3", "poor"),
    ],
)
def test_bands_are_half_open(score: str, grade: str) -> None:
    for grades in (GRADES, GRADES[::-1]):
        found = band(grades, Fraction(score))
        assert found is not None
        assert found.id == grade


def test_a_score_may_lie_in_no_band() -> None:
    assert band(GRADES[:2], Fraction(59)) is None
    assert band((), Fraction(59)) is None


def test_a_period_in_which_nothing_is_judged_has_no_score() -> None:
    parts = (Part("H1", text("H1"), "01-01", "12-31", figure(100)),)
    assert card_of(above(one_clause(10), parts=parts)).parts == ()
