"""Two results of one year side by side: who is treated otherwise, and item by item in what."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Band, Bands, Part, Payment, Rulebook
from generator.engine.difference import (
    Claim,
    ClauseMoved,
    Difference,
    How,
    Item,
    ItemKey,
    Moved,
    Rank,
    What,
    differences,
    moved,
    rank_items,
    township_items,
    year_items,
)
from generator.engine.problem import Location, Message
from generator.engine.rank import judged
from generator.engine.year import Standing, YearResult
from tests import small_city
from tests.builders import a_year, above, clause, exactly, figure, rulebook, section, take, text
from tests.differing import PAIRS, compare, diff_of
from tests.trees import LIULIN, QINGSHAN, SONGHE, changed, three_townships

PLAIN = rulebook(
    section("1", clause("1.1", 50, take("bad"))), section("2", clause("2.1", 50, take("ill")))
)
REPORTS = {
    "oak": {"bad": 5, "ill": 1},
    "elm": {"bad": 3, "ill": 7},
    "ash": {"bad": 0, "ill": 20},
    "fir": {"bad": 40, "ill": 0},
}


def between(
    old: Rulebook, new: Rulebook, reports: Any = REPORTS, later: Any = None, **more: Any
) -> tuple[Moved, ...]:
    before = judged(a_year(old, reports, **more)).standings
    return moved(before, judged(a_year(new, later or reports, **more)).standings)


def test_nobody_moves_where_nothing_differs() -> None:
    assert between(PLAIN, PLAIN) == ()
    assert between(PLAIN, PLAIN, missing=["yew"]) == ()


def test_those_who_move_come_by_places_then_by_points() -> None:
    doubled = rulebook(
        section("1", clause("1.1", 50, take("bad", amount=figure(4)))), PLAIN.sections[1]
    )
    # 94, 90, 80, 60 become 79, 81, 80, 50: oak 1 → 3, elm 2 → 1, ash 3 → 2, fir stays fourth
    found = between(PLAIN, doubled)
    assert [(m.township.id, m.ranks, exactly(m.points)) for m in found] == [
        ("oak", 2, -15),
        ("elm", 1, -9),
        ("ash", 1, 0),
        ("fir", 0, -10),  # 10 of 50 left, and no less than nothing
    ]
    assert found[0].clauses == (ClauseMoved(None, "1.1", figure(45).value, figure(30).value),)
    assert found[2].clauses == ()


def test_points_that_go_from_one_clause_to_another_are_a_move() -> None:
    later = {**REPORTS, "oak": {"bad": 1, "ill": 5}}
    (oak,) = between(PLAIN, PLAIN, later=later)
    assert (oak.ranks, exactly(oak.points)) == (0, 0)
    assert [(c.clause, int(c.old or 0), int(c.new or 0)) for c in oak.clauses] == [
        ("1.1", 45, 49),
        ("2.1", 49, 45),
    ]


def test_a_clause_that_is_in_one_rulebook_only_has_no_points_in_the_other() -> None:
    more = rulebook(*PLAIN.sections, section("3", clause("3.1", 5)))
    found = between(PLAIN, more)
    assert [m.township.id for m in found] == ["ash", "elm", "fir", "oak"]
    assert {m.clauses for m in found} == {(ClauseMoved(None, "3.1", None, figure(5).value),)}
    back = between(more, PLAIN)
    assert {m.clauses for m in back} == {(ClauseMoved(None, "3.1", figure(5).value, None),)}


def test_periods_are_told_apart() -> None:
    halves = tuple(
        Part(name, text(name), start, end, figure(50))
        for name, start, end in (("H1", "01-01", "06-30"), ("H2", "07-01", "12-31"))
    )
    book = above(
        rulebook(section("1", clause("1.1", 50, take("bad")), each="period")), parts=halves
    )
    one = {"oak": {"periods": {"H1": {"bad": 5}, "H2": {"bad": 8}}}}
    other = {"oak": {"periods": {"H1": {"bad": 5}, "H2": {"bad": 2}}}}
    (oak,) = between(book, book, one, other)
    assert oak.clauses == (ClauseMoved("H2", "1.1", figure(42).value, figure(48).value),)
    assert oak.points == 3


def test_grades_payments_and_consequences_are_moves_too() -> None:
    grades = (Band("a", text("A"), figure(90), None), Band("b", text("B"), None, figure(90)))
    lower = (Band("a", text("A"), figure(80), None), Band("b", text("B"), None, figure(80)))
    old, new = (above(PLAIN, bands=Bands("year", bands)) for bands in (grades, lower))
    assert [m.township.id for m in between(old, new)] == ["ash"]
    for rate, same in ((10, True), (20, False)):
        pay = [
            Payment("pay", text("Pay"), "6", text("yuan"), figure(per_point))
            for per_point in (10, rate)
        ]
        first, second = (above(PLAIN, payments=(one,)) for one in pay)
        assert (between(first, second) == ()) is same


def test_who_is_in_one_result_only_or_had_not_submitted() -> None:
    (oak,) = between(
        PLAIN, PLAIN, {"oak": REPORTS["oak"]}, {"oak": {"bad": 0, "ill": 0}, "elm": {}}
    )
    assert oak.township.id == "oak"
    before = judged(a_year(PLAIN, {}, missing=["oak"])).standings
    after = judged(a_year(PLAIN, {"oak": REPORTS["oak"]})).standings
    (oak,) = moved(before, after)
    assert (oak.ranks, exactly(oak.points)) == (1, 94)
    assert [c.old for c in oak.clauses] == [None, None]
    (oak,) = moved(after, before)
    assert (oak.ranks, exactly(oak.points)) == (1, -94)


# --- What appeared, vanished or changed between two results, item by item ---


LEFT = ["outcome-vanished at-commendation-line", "outcome-vanished at-criticism-line"]
GONE = ["submission-vanished", "rank-vanished", "score-vanished", *LEFT]
FELL = ["rank-changed", "score-changed", *LEFT, "outcome-appeared barred"]
FELL += ["outcome-appeared criticised"]

EXPECTED: dict[str, dict[str, list[str]]] = {
    "status": {"": ["status-changed"]},
    "year-gone": {"": ["status-vanished"], "liulin": GONE, "qingshan": GONE},
    "township-renamed": {"": ["township-changed liulin"]},
    "township-gone": {"": ["township-vanished liulin"], "liulin": GONE},
    "report-gone": {"": [], "liulin": GONE, "qingshan": [*LEFT, *FELL[-2:]]},
    "staff": {"": [], "qingshan": [*FELL, "deduction-appeared staff"]},
    "repeated": {"songhe": [*FELL, "deduction-appeared repeat"]},
    "finding": {"songhe": [*FELL, "deduction-appeared finding", "deduction-appeared finding"]},
    "fact": {"songhe": ["fact-appeared receptions"]},
    "fact-again": {
        "songhe": [*FELL, "deduction-appeared beijing-ceiling", "fact-changed receptions"]
    },
    "exclusion-gone": {"songhe": ["exclusion-vanished visits.V-002"]},
    "another-ground": {"songhe": ["exclusion-changed visits.V-002"]},
    "clause": {"": ["clause-changed 1.1"]},
    "appeal": {
        "heyan": [
            *("rank-changed", "score-changed", "outcome-appeared commended"),
            *("deduction-vanished finding", "deduction-vanished repeat"),
            "fact-appeared visits.V-001.repeat",
        ],
        "qingshan": ["rank-changed", "outcome-vanished commended"],
    },
}


def told(one: Difference) -> str:
    return f"{one.key.what}-{one.how} {one.key.subject}".strip()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_differs_is_told_in_order_and_once(name: str) -> None:
    (year,) = diff_of(name).years
    expected = EXPECTED[name]
    assert [told(one.difference) for one in year.general] == expected.get("", [])
    for township in expected.keys() - {""}:
        (mine,) = year.about(township)
        assert [told(one.difference) for one in mine.found] == expected[township]


def all_of(name: str, *, backwards: bool = False) -> list[Difference]:
    return [
        one.difference
        for year in diff_of(name, backwards=backwards).years
        for those in (year.general, *(township.found for township in year.townships))
        for one in those
    ]


BACK: dict[How, How] = {"appeared": "vanished", "vanished": "appeared", "changed": "changed"}


def signature(one: Difference, *, turned: bool = False) -> tuple[object, ...]:
    old, new = (repr(item.value) if item else None for item in (one.old, one.new))
    key, how = one.key, BACK[one.how] if turned else one.how
    clause = None if key.what is What.EXCLUSION else key.clause
    return (key.what, how, key.subject, key.part, clause, *((new, old) if turned else (old, new)))


@pytest.mark.parametrize("name", PAIRS)
def test_looked_at_from_the_other_side_it_is_the_same(name: str) -> None:
    there = Counter(signature(one) for one in all_of(name))
    back = Counter(signature(one, turned=True) for one in all_of(name, backwards=True))
    assert there
    assert there == back


def test_every_kind_of_item_is_tried_in_every_way() -> None:
    tried = {
        (one.key.what, how)
        for name in PAIRS
        for one in all_of(name)
        for how in (one.how, BACK[one.how])
    }
    missing = {(what, how) for what in What for how in ("appeared", "vanished", "changed")} - tried
    assert missing == {
        (What.SUBMISSION, "changed"),  # it is there or not
        (What.OUTCOME, "changed"),
        (What.CLAUSE, "appeared"),  # below
        (What.CLAUSE, "vanished"),
        (What.GRADE, "appeared"),  # with the township's report
        (What.GRADE, "vanished"),
        (What.PAYMENT, "appeared"),
        (What.PAYMENT, "vanished"),
    }


# --- what is no difference ------------------------------------------------------------


@pytest.mark.parametrize(
    "edit",
    [
        ("\nreceptions: 126\n", "\n# one line more\n\nreceptions:   126   # and here\n"),
        ("township: songhe\nyear: 2025\n", "year: 2025\ntownship: songhe\n"),
        ("facilities: [office, computer,", "facilities: [computer, office,"),
    ],
    ids=["lines", "keys", "order"],
)
def test_only_what_is_said_counts_not_how(edit: tuple[str, str]) -> None:
    old = three_townships()
    assert compare(old, changed(old, SONGHE, edit)).years == ()


def test_records_may_change_places() -> None:
    province = "level: province\n    collective: false\n    repeat: false"
    old = changed(three_townships(), SONGHE, (province, province.replace("false", "true")))
    head, _, rest = old[SONGHE].partition("visits:\n")
    visits, _, tail = rest.partition("long_term")
    entries = [f"  - id{entry}" for entry in visits.split("  - id")[1:]]
    assert len(entries) == 4
    new = {**old, SONGHE: f"{head}visits:\n{''.join(reversed(entries))}long_term{tail}"}
    assert compare(old, new).years == ()
    assert compare(three_townships(), new).years != ()


def test_a_line_that_moved_is_shown_where_it_is() -> None:
    old = three_townships()
    deducted = changed(old, QINGSHAN, ("staff: 2", "staff: 1"))
    moved = changed(old, QINGSHAN, ("  staff: 2", "\n\n  staff: 0"))
    (year,) = compare(deducted, moved).years
    (mine,) = year.about("qingshan")
    (one,) = [c.difference for c in mine.found if c.difference.key.what is What.DEDUCTION]
    assert one.how == "changed"
    assert one.old
    assert one.new
    assert one.old.place
    assert one.new.place
    assert one.new.place.line == one.old.place.line + 2
    assert one.old.value == Claim(Fraction(1), Fraction(1))
    assert one.new.value == Claim(Fraction(2), Fraction(2))


# --- what is one thing ----------------------------------------------------------------


def deduction(
    *records: str, rule: str = "r", points: int = 1, number: int = 0
) -> dict[ItemKey, Item]:
    key = ItemKey(What.DEDUCTION, rule, None, "1.1", records, number)
    return {key: Item(Claim(Fraction(points), Fraction(points)))}


def hows(old: dict[ItemKey, Item], new: dict[ItemKey, Item]) -> list[str]:
    return sorted(one.how for one, _ in differences(old, new))


def test_a_deduction_about_some_of_the_same_records_is_the_same_one() -> None:
    assert hows(deduction("a", "b"), deduction("b", "c", points=2)) == ["changed"]
    assert hows(deduction("a"), deduction()) == ["changed"]
    assert hows(deduction(), deduction("a")) == ["changed"]


def test_others_are_others() -> None:
    assert hows(deduction("a"), deduction("b")) == ["appeared", "vanished"]
    assert hows(deduction("a", rule="r"), deduction("a", rule="s")) == ["appeared", "vanished"]
    two = deduction("a") | deduction("b")
    assert hows(two, deduction("a", "c")) == ["appeared", "vanished", "vanished"]


def test_both_keys_of_a_pair_are_given() -> None:
    ((one, keys),) = differences(deduction("a", "b"), deduction("b"))
    assert [key.records for key in keys] == [("a", "b"), ("b",)]
    assert one.key.records == ("b",)


def test_what_is_otherwise_the_same_is_counted() -> None:
    two = deduction() | deduction(number=1)
    assert hows(two, deduction()) == ["vanished"]
    assert hows(two, two) == []


def test_reasons_and_places_alone_are_no_difference() -> None:
    (key,) = deduction("a")
    one = {key: Item("x", Location("a.yaml", 1, 1), Message("a"))}
    other = {key: Item("x", Location("b.yaml", 2, 1), Message("b"))}
    assert list(differences(one, other)) == []


def test_clauses_come_in_the_order_of_the_regulation() -> None:
    items = {ItemKey(What.CLAUSE, n, clause=n): Item(n) for n in ("10.1", "2.10", "2.9", "2")}
    assert [one.key.subject for one, _ in differences({}, items)] == ["2", "2.9", "2.10", "10.1"]


# --- the items ------------------------------------------------------------------------


def of(result: YearResult, township: str) -> Standing:
    return next(s for s in result.standings if s.township.id == township)


def test_a_clause_is_written_with_the_readings_that_touch_it() -> None:
    result = small_city.year(2025)
    book = result.inputs.rulebook
    readings = tuple(replace(one, phrase="突破1起") for one in book.readings)
    inputs = replace(result.inputs, rulebook=replace(book, readings=readings))
    found = [
        one
        for one, _ in differences(year_items(result), year_items(replace(result, inputs=inputs)))
    ]
    assert [told(one) for one in found] == ["clause-changed 3.1"]
    fewer = replace(book, sections=book.sections[1:])
    inputs = replace(result.inputs, rulebook=fewer)
    found = [
        one
        for one, _ in differences(year_items(result), year_items(replace(result, inputs=inputs)))
    ]
    assert [told(one) for one in found] == ["clause-vanished 1.1", "clause-vanished 1.4"]


def test_who_has_not_reported_consists_of_consequences_alone() -> None:
    result = small_city.year(2025)
    nobody = of(result, "dongling")
    assert township_items(nobody, whole=True) == {}
    assert township_items(None, whole=True) == {}
    listed = replace(nobody, outcomes=("barred",))
    assert list(township_items(listed, whole=True)) == [ItemKey(What.OUTCOME, "barred")]
    assert year_items(None) == {}


def test_every_deduction_exclusion_and_change_of_a_card_is_an_item() -> None:
    result = small_city.year(2025)
    for standing in result.standings:
        if (card := standing.scorecard) is None:
            continue
        items = township_items(standing, whole=True)
        counted = Counter(key.what for key in items)
        charges = [charge for clause in card.clauses() for charge in clause.charges]
        assert counted[What.DEDUCTION] == len(charges)
        assert counted[What.EXCLUSION] == len(card.excluded)
        assert counted[What.FACT] == len(card.submission.changes)
        charged = [item.value.charged for item in items.values() if isinstance(item.value, Claim)]
        assert sum(charged, Fraction()) == card.total - card.score
        brief = township_items(standing, whole=False)
        assert brief == {key: items[key] for key in brief}
        assert {key.what for key in items.keys() - brief.keys()} <= {
            *(What.DEDUCTION, What.EXCLUSION, What.FACT)
        }


def test_a_township_is_submitted_or_not() -> None:
    whole = diff_of("report-gone", backwards=True)
    (mine,) = whole.years[0].about("liulin")
    assert told(mine.found[0].difference) == "submission-appeared"
    assert LIULIN not in [str(item) for item in mine.found]


def test_who_is_not_ranked_has_no_rank_to_differ() -> None:
    book = rulebook(section("1", clause("1.1", 50, take("bad"))))
    oak, yew = judged(a_year(book, {"oak": {"bad": 1}}, missing=["yew"])).standings
    assert [item.value for item in rank_items(oak).values()] == [Rank(1, tied=False)]
    assert rank_items(yew) == rank_items(None) == {}
