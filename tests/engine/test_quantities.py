"""Numbers that rules compare: their value, their working, and what they rest on."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Rule
from generator.engine.facts import Facts, Peers, facts
from generator.engine.kinds.scale import Point, Scale
from generator.engine.measures import Quantity, Rounding, Selection
from generator.engine.problem import Message
from generator.engine.quantities import (
    QUANTITIES,
    BeforeQuantity,
    BestQuantity,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    IncreaseQuantity,
    MeanQuantity,
    PeerQuantity,
    PercentQuantity,
    RankQuantity,
    ShareQuantity,
    SumQuantity,
    TotalQuantity,
    YearBeforeQuantity,
)
from generator.engine.rules import judge
from generator.words.messages import catalogue
from tests.builders import (
    EVENTS,
    Plainly,
    event,
    events,
    figure,
    has,
    in_words,
    lies,
    one_clause,
    reading,
    submission,
    take,
    task,
    tasks,
    text,
    view,
    year,
)


def told(quantity: Quantity, seen: Facts) -> str:
    """A quantity's working."""
    return catalogue("en").render(Message("{it}", {"it": quantity.measure(seen).working}))


def test_a_fact_and_a_figure_stand_for_themselves() -> None:
    seen = view({"group": {"count": 7}})
    fact = FactQuantity(("group", "count")).measure(seen)
    assert (fact.value, fact.working, fact.figures) == (Fraction(7), 7, ())
    assert [place.address for place in fact.sources] == ["group.count"]
    two = figure(2)
    plain = FigureQuantity(two).measure(seen)
    assert (plain.value, plain.working) == (Fraction(2), 2)
    assert (plain.figures, plain.sources) == ((two,), ())


def test_a_count_is_of_the_selected_records() -> None:
    seen = view({"events": [event("E-1"), event("E-2", level="low"), event("E-3")]})
    found = CountQuantity(events(level="high")).measure(seen)
    assert (found.value, found.working, found.figures) == (Fraction(2), 2, ())
    assert [place.address for place in found.sources] == ["events"]
    share = PercentQuantity(reading(50), CountQuantity(events()), Rounding("down")).measure(seen)
    assert (share.value, share.figures) == (Fraction(1), (reading(50),))
    assert share.sources == found.sources


@pytest.mark.parametrize(
    ("of", "up", "down"), [(0, 0, 0), (1, 1, 0), (2, 1, 0), (3, 2, 1), (5, 2, 2), (6, 3, 2)]
)
def test_a_share_is_made_whole_upwards_or_downwards(of: int, up: int, down: int) -> None:
    for rounding, value in ((Rounding("up"), up), (Rounding("down"), down)):
        quantity = PercentQuantity(figure(40), FactQuantity(("all",)), rounding)
        found = quantity.measure(view({"all": of}))
        assert found.value == value
        assert isinstance(found.working, Message)
        assert found.working.args == {"percent": 40, "of": of, "value": value}


def test_a_share_with_decimals_is_exact() -> None:
    quantity = PercentQuantity(figure("0.1"), FactQuantity(("all",)), Rounding("up"))
    assert quantity.measure(view({"all": 1000})).value == 1
    assert quantity.measure(view({"all": 1001})).value == 2


def fact(name: str) -> FactQuantity:
    return FactQuantity((name,))


def test_a_sum_is_of_a_number_of_each_selected_record() -> None:
    people = SumQuantity(events(level="high"), ("people",))
    reported = [event("E-1", people=3), event("E-2", people=4), event("E-3")]
    reported += [event("E-5", level="low", people=50)]
    found = people.measure(view({"events": reported}))
    assert (found.value, found.working, found.percent) == (Fraction(7), 7, False)
    assert [place.address for place in found.sources] == ["events"]
    assert people.measure(view({"events": []})).value == 0


def test_a_fact_that_is_no_number_is_not_applicable() -> None:
    found = fact("absent").measure(view({}))
    assert found.value is None
    assert told(fact("absent"), view({})) == "not applicable"


# --- shares and per cent --------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "value", "words"),
    [
        (None, "2.25", "15% × 15 = 2.25"),
        (Rounding("up"), "3", "15% × 15 (rounded up) = 3"),
        (Rounding("down"), "2", "15% × 15 (rounded down) = 2"),
        (Rounding("half_up"), "2", "15% × 15 ≈ 2"),
        (Rounding("half_up", 1), "2.3", "15% × 15 ≈ 2.3"),
        (Rounding("up", 1), "2.3", "15% × 15 (rounded up) = 2.3"),
        (Rounding("down", 1), "2.2", "15% × 15 (rounded down) = 2.2"),
        (Rounding("up", 2), "2.25", "15% × 15 (rounded up) = 2.25"),
    ],
)
def test_per_cent_of_a_number_is_rounded_as_it_says(
    rounding: Rounding | None, value: str, words: str
) -> None:
    quantity = PercentQuantity(figure(15), fact("all"), rounding)
    assert quantity.measure(view({"all": 15})).value == Fraction(value)
    assert told(quantity, view({"all": 15})) == words


def test_per_cent_of_what_is_not_there_is_not_applicable() -> None:
    assert PercentQuantity(figure(15), fact("all"), None).measure(view({})).value is None


GOOD = ShareQuantity(CountQuantity(tasks(good=True)), CountQuantity(tasks()))


def test_a_share_of_records_names_those_that_keep_it_down() -> None:
    reported = [task(f"T-{n}", good=n != 2) for n in (1, 2, 3)]
    found = GOOD.measure(view({"tasks": reported}))
    assert (found.value, found.percent, found.records) == (Fraction(200, 3), True, ("T-2",))
    assert [place.address for place in found.sources] == ["tasks.T-2"]
    assert told(GOOD, view({"tasks": reported})) == "2 of 3 ≈ 66.67%"


def test_a_share_of_numbers_stands_on_both() -> None:
    share = ShareQuantity(fact("some"), fact("all"), Rounding("half_up", 1))
    found = share.measure(view({"some": 2, "all": 3}))
    assert (found.value, found.records) == (Fraction("66.7"), ())
    assert [place.address for place in found.sources] == ["some", "all"]
    assert told(share, view({"some": 2, "all": 3})) == "2 of 3 = 66.7%"
    two_lists = ShareQuantity(CountQuantity(events()), CountQuantity(tasks()))
    found = two_lists.measure(view({"events": [event("E-1")], "tasks": [task("T-1")]}))
    assert (found.value, found.records) == (Fraction(100), ())
    for share in (
        ShareQuantity(fact("some"), CountQuantity(tasks())),
        ShareQuantity(CountQuantity(tasks()), fact("some")),
    ):
        found = share.measure(view({"some": 1, "tasks": [task("T-1")]}))
        assert (found.value, found.records) == (Fraction(100), ())


def test_a_share_of_nothing_is_not_applicable() -> None:
    assert GOOD.measure(view({"tasks": []})).value is None
    share = ShareQuantity(fact("some"), fact("all"))
    assert [share.measure(view(v)).value for v in ({"some": 0, "all": 0}, {"all": 3})] == [None] * 2
    assert share.measure(view({"some": 0, "all": 3})).value == 0
    empty = share.measure(view({"some": 0, "all": 0}))
    assert [place.address for place in empty.sources] == ["some", "all"]


# --- sums and differences -------------------------------------------------------------


def test_totals_and_differences_are_told_as_sums() -> None:
    seen = view({"a": 3, "b": 5})
    total, less = TotalQuantity((fact("a"), fact("b"))), DifferenceQuantity(fact("a"), fact("b"))
    assert [q.measure(seen).value for q in (total, less)] == [8, -2]
    assert [told(q, seen) for q in (total, less)] == ["3 + 5 = 8", "3 − 5 = -2"]
    assert [place.address for place in total.measure(seen).sources] == ["a", "b"]
    two = FigureQuantity(reading(2))
    assert TotalQuantity((fact("a"), two)).measure(seen).figures == (reading(2),)


def test_what_lacks_a_part_is_not_applicable() -> None:
    seen = view({"a": 3})
    assert TotalQuantity((fact("a"), fact("b"))).measure(seen).value is None
    assert DifferenceQuantity(fact("a"), fact("b")).measure(seen).value is None
    assert DifferenceQuantity(fact("b"), fact("a")).measure(seen).value is None
    assert TotalQuantity(()).measure(seen).value == 0


def test_only_shares_make_a_share() -> None:
    seen = view({"a": 3, "b": 5})
    share, other = ShareQuantity(fact("a"), fact("b")), ShareQuantity(fact("b"), fact("b"))
    assert DifferenceQuantity(other, share).measure(seen).value == 40
    assert DifferenceQuantity(other, share).measure(seen).percent is True
    assert DifferenceQuantity(share, fact("a")).measure(seen).percent is False


# --- earlier --------------------------------------------------------------------------


def seen_after(values: dict[str, Any], before: dict[str, Any] | None) -> Facts:
    book = one_clause(10)
    last = None if before is None else facts(submission(before), book, year(2024))
    return facts(submission(values), book, year(2025), before=last)


def test_the_same_a_year_earlier_or_not_applicable() -> None:
    before = BeforeQuantity(fact("a"))
    assert before.measure(seen_after({"a": 3}, {"a": 7})).value == 7
    assert before.measure(seen_after({"a": 3}, {})).value is None
    assert before.measure(seen_after({"a": 3}, None)).value is None
    assert told(before, seen_after({"a": 3}, None)) == "not applicable"
    twice = BeforeQuantity(before)
    assert twice.measure(seen_after({"a": 3}, {"a": 7})).value is None


def rise(values: list[str], before: list[str] | None, **more: Any) -> Quantity | Any:
    reported = [event(f"E-{n}", day, people=n) for n, day in enumerate(values, start=1)]
    last = None
    if before is not None:
        last = {"events": [event(f"B-{n}", day, people=n) for n, day in enumerate(before, start=1)]}
    given: dict[str, Any] = {"on": ("on",), "every": "quarter", "field": None}
    quantity = IncreaseQuantity(Selection(EVENTS), **given | more)
    seen = seen_after({"events": reported}, last)
    return quantity.measure(seen).value, told(quantity, seen)


@pytest.mark.parametrize(
    ("values", "before", "value", "words"),
    [
        ([], None, 0, "0"),
        (["2025-01-05"], None, 0, "0"),  # nothing to hold the first against
        (["2025-05-05", "2025-05-06"], None, 2, "2 (2025-Q2: 0 → 2)"),
        (["2025-05-05", "2025-12-06"], None, 2, "2 (2025-Q2: 0 → 1, 2025-Q4: 0 → 1)"),
        (["2025-01-05", "2025-01-06"], ["2024-12-31"], 1, "1 (2025-Q1: 1 → 2)"),
        (["2025-01-05"], ["2024-12-31", "2024-11-30"], 0, "0"),  # a fall is no rise
        (["2025-01-05"], ["2024-03-31"], 1, "1 (2025-Q1: 0 → 1)"),
    ],
)
def test_what_is_more_than_in_the_span_before(
    values: list[str], before: Any, value: int, words: str
) -> None:
    assert rise(values, before) == (value, words)


def test_a_rise_may_be_of_a_number_and_passes_over_days_of_no_span() -> None:
    found = rise(["2025-05-05", "2025-05-06", "2025-08-01"], None, field=("people",))
    assert found == (3, "3 (2025-Q2: 0 → 3)")  # 1 + 2, then no more than 3
    found = rise(["2025-01-01", "2025-01-08"], None, every="week")
    assert found == (0, "0")  # the 1st lies in a week of two years, the 8th in the first whole one
    found = rise(["2025-05-05"], None, field=("absent",))
    assert found == (0, "0")


def test_a_rise_is_held_against_no_year_that_does_not_know_the_list() -> None:
    quantity = IncreaseQuantity(Selection(EVENTS), on=("on",), every="quarter", field=None)
    first = {"events": [event("E-1", "2025-01-05")]}
    assert quantity.measure(seen_after(first, {"events": []})).value == 1
    assert quantity.measure(seen_after(first, {"have": 1})).value == 0


# --- others ---------------------------------------------------------------------------


def among(values: Mapping[str, dict[str, Any]]) -> dict[str, Facts]:
    """Units that are ranked together."""
    peers = Peers()
    for name, reported in values.items():
        sent = submission(reported, township=name)
        peers.views[name] = facts(sent, one_clause(10), year(2025), peers=peers)
    return dict(peers.views)


def peer(what: Any, better: Any = "higher", of: Quantity | None = None) -> PeerQuantity:
    if what == "mean":
        return MeanQuantity(of or fact("have"))
    made = {"best": BestQuantity, "rank": RankQuantity}[what]
    return made(of or fact("have"), better)


FOUR = {"a": {"have": 5}, "b": {"have": 8}, "c": {"have": 5}, "d": {"have": 2}, "e": {}}


@pytest.mark.parametrize(
    ("what", "better", "values"),
    [
        ("best", "higher", [8, 8, 8, 8, 8]),
        ("best", "lower", [2, 2, 2, 2, 2]),
        ("mean", "higher", [5, 5, 5, 5, 5]),
        ("rank", "higher", [2, 1, 2, 4, None]),
        ("rank", "lower", [2, 4, 2, 1, None]),
    ],
)
def test_best_mean_and_rank_among_those_to_whom_it_applies(
    what: str, better: str, values: list[int | None]
) -> None:
    seen = among(FOUR)
    assert [peer(what, better).measure(view).value for view in seen.values()] == values


def test_what_others_have_is_told_by_how_many_they_are() -> None:
    seen = among(FOUR)["a"]
    assert [told(peer(what), seen) for what in ("best", "mean", "rank")] == [
        "8 (the best of 4)",
        "5 (the mean of 4)",
        "no. 2 of 4",
    ]
    assert [place.address for place in peer("rank").measure(seen).sources] == ["have"]


def test_with_nobody_to_compare_it_is_not_applicable() -> None:
    alone = among({"a": {}})["a"]
    assert [peer(what).measure(alone).value for what in ("best", "mean", "rank")] == [None] * 3
    nobody = view({"have": 3})
    assert peer("mean").measure(nobody).value is None


def test_a_place_is_told_as_one() -> None:
    """As 「第2名」, without the counter word of what is counted."""
    seen = among(FOUR)["a"]

    def said(rule: Rule) -> list[str]:
        return [catalogue("en").render(one.reason) for one in judge(rule, seen)]

    def placed(bound: int, **more: Any) -> list[str]:
        to = FigureQuantity(figure(bound))
        return said(take("place", unit=text("pcs"), actual=peer("rank"), bound=to, **more))

    assert placed(1) == [
        "place: no. 2 of 4, should be no. 1, 1 away, 1 point off each pcs, deduct 1 point"
    ]
    assert placed(3, award=True) == [
        "place: no. 2 of 4, target no. 3, 1 better, 1 point added each pcs, add 1 point"
    ]
    assert placed(2, award=True, steps="once") == [
        "place: no. 2 of 4, target no. 2, 0 better, add 1 point"
    ]
    points = (Point(figure(1), figure(8)), Point(figure(2), figure(6)))
    by_place = Scale(
        id="by-place",
        label=text("place"),
        unit=text("pcs"),
        value=peer("rank"),
        along=points,
        stepped=True,
        otherwise=None,
        award=True,
    )
    assert said(by_place) == ["place: no. 2 of 4, add 6 points"]


def test_a_rank_of_shares_is_no_share() -> None:
    share = ShareQuantity(fact("have"), FigureQuantity(figure(10)))
    seen = among(FOUR)["a"]
    assert [peer(w, of=share).measure(seen).percent for w in ("best", "mean", "rank")] == [
        True,
        True,
        False,
    ]


# --- tests ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "passed"),
    [
        (has("kind", "town", "city"), True),
        (has("kind", "city"), False),
        (has("absent", "town"), False),
        (lies("have", at_least=3), True),
        (lies("have", above=3), False),
        (lies("absent", at_least=0), False),  # in no bounds
        (lies(GOOD, at_most=100), False),
    ],
)
def test_a_test_asks_for_a_value_or_for_bounds(test: Any, passed: bool) -> None:
    assert test.holds(view({"kind": "town", "have": 3, "tasks": []})) is passed


# --- how pages say it -----------------------------------------------------------------

UP = Rounding("up")
SHARE = ShareQuantity(fact("a"), fact("b"), None)


@pytest.mark.parametrize(
    ("quantity", "phrase"),
    [
        (fact("a"), "a"),
        (CountQuantity(events()), "number of some events"),
        (SumQuantity(events(), ("n",)), "sum of n (events) of some events"),
        (
            IncreaseQuantity(events(), ("on",), "month", None),
            "how much some events rise from month to month",
        ),
        (FigureQuantity(figure("1.5")), "1.5"),
        (PercentQuantity(figure(2), fact("a"), UP), "2% of a, up"),
        (PercentQuantity(figure(2), fact("a"), None), "2% of a"),
        (SHARE, "share of a in b"),
        (ShareQuantity(fact("a"), fact("b"), UP), "share of a in b, up"),
        (TotalQuantity((fact("a"), fact("b"))), "a + b"),
        (DifferenceQuantity(fact("a"), fact("b")), "a − b"),
        (BeforeQuantity(fact("a")), "a of the year before"),
        (YearBeforeQuantity(fact("a")), "a of the year before"),
        (BestQuantity(fact("a"), "higher"), "highest a of those ranked together"),
        (BestQuantity(fact("a"), "lower"), "lowest a of those ranked together"),
        (MeanQuantity(fact("a")), "mean a of those ranked together"),
        (RankQuantity(fact("a"), "higher"), "own rank by a, the highest first"),
        (RankQuantity(fact("a"), "lower"), "own rank by a, the lowest first"),
    ],
)
def test_a_quantity_says_how_it_comes_about(quantity: Quantity, phrase: str) -> None:
    assert Plainly().quantity(quantity) == phrase
    assert QUANTITIES[quantity.key] is type(quantity)


def test_earlier_times_are_periods_where_there_are_some() -> None:
    names = Plainly(by_period=True)
    assert names.quantity(BeforeQuantity(fact("a"))) == "a of the period before"
    told = names.quantity(YearBeforeQuantity(fact("a")))
    assert told == "a of the same period a year before"


@pytest.mark.parametrize(
    ("quantity", "percent"),
    [
        (fact("a"), False),
        (SHARE, True),
        (PercentQuantity(figure(2), SHARE, None), False),
        (TotalQuantity((SHARE, SHARE)), True),
        (TotalQuantity((SHARE, fact("a"))), False),
        (DifferenceQuantity(SHARE, SHARE), True),
        (DifferenceQuantity(SHARE, fact("a")), False),
        (DifferenceQuantity(fact("a"), SHARE), False),
        (BeforeQuantity(SHARE), True),
        (BestQuantity(SHARE, "lower"), True),
        (BestQuantity(fact("a"), "lower"), False),
        (RankQuantity(SHARE, "lower"), False),
    ],
)
def test_what_is_made_of_per_cent_counts_per_cent(quantity: Quantity, *, percent: bool) -> None:
    assert quantity.counts_percent() is percent


def test_a_quantity_names_its_figures() -> None:
    two = figure(2)

    def named(quantity: Quantity, sign: str = "") -> list[tuple[str, str]]:
        numbers = quantity.numbers(Plainly(), "target", sign)
        assert {number.figure for number in numbers} <= {two}
        return [(in_words(number.what), in_words(number.written)) for number in numbers]

    assert named(FigureQuantity(two), "%") == [("target", "2%")]
    assert named(PercentQuantity(two, fact("a"), UP)) == [("target, of a", "2%, up")]
    assert named(SHARE) == []
