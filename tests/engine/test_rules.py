"""Each kind of rule at its edges: what it asks, of which records, with which working."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import Rule
from generator.engine.facts import facts
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.check_list import CheckList
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.per_record import AmountTable, PerRecord
from generator.engine.kinds.recurrence import Recurrence
from generator.engine.kinds.requirement import Requirement
from generator.engine.kinds.target import Target
from generator.engine.measures import Basis, Figure, Quantity, Rounding, Selection
from generator.engine.problem import Message
from generator.engine.quantities import (
    CountQuantity,
    FactQuantity,
    FigureQuantity,
    PercentQuantity,
    ShareQuantity,
)
from generator.engine.rules import judge, weakest
from generator.engine.year import Deduction, Period
from generator.words.messages import catalogue
from tests.builders import (
    EVENTS,
    asked,
    assumed,
    days,
    event,
    events,
    exactly,
    figure,
    first_book,
    hours,
    present,
    reading,
    spoken,
    submission,
    task,
    tasks,
    text,
    where,
    year,
)

NAMED: dict[str, Any] = {"id": "the-rule", "label": text("Things"), "unit": text("thing")}


def said(deduction: Deduction) -> str:
    return catalogue("en").render(deduction.reason)


def addresses(deduction: Deduction) -> list[str]:
    return [place.address for place in deduction.sources]


# --- requirement ----------------------------------------------------------------------


@pytest.mark.parametrize(("value", "points"), [(True, []), (False, [3]), (None, [3]), (1, [3])])
def test_a_requirement_is_fulfilled_by_true_alone(value: object, points: list[int]) -> None:
    rule = Requirement(**NAMED, fact=("group", "there"), amount=assumed(3))
    assert [d.points for d in asked(rule, {"group": {"there": value}})] == points


def test_a_requirement_says_what_is_missing_and_where() -> None:
    rule = Requirement(**NAMED, fact=("group", "there"), amount=assumed(3))
    (found,) = asked(rule, {"group": {"there": False}})
    assert (found.rule, found.records, found.basis) == ("the-rule", (), Basis.ASSUMED)
    assert found.reason.args["label"] == text("Things")
    assert addresses(found) == ["group.there"]
    assert said(found) == "Things: not fulfilled, deduct 3 points"


# --- coverage -------------------------------------------------------------------------


HELD = Selection(("held",))


def covered(every: Any, entries: list[str], period: Period | None = None) -> list[Deduction]:
    rule = Coverage(**NAMED, selection=HELD, on=None, every=every, amount=assumed("0.5"))
    return asked(rule, {"held": entries}, period)


YEAR_MONTHS = [f"2025-{month:02}" for month in range(1, 13)]


@pytest.mark.parametrize(
    ("every", "entries", "missing"),
    [
        ("month", YEAR_MONTHS, []),
        ("month", [*YEAR_MONTHS, *YEAR_MONTHS], []),
        ("month", YEAR_MONTHS[1:], ["2025-01"]),
        ("month", YEAR_MONTHS[:-1], ["2025-12"]),
        ("month", [], YEAR_MONTHS),
        ("month", ["2024-01", "2026-01", *YEAR_MONTHS[1:]], ["2025-01"]),
        ("month", [f"{month}-28" for month in YEAR_MONTHS[::-1]], []),
        ("quarter", ["2025-Q1", "2025-Q3"], ["2025-Q2", "2025-Q4"]),
        ("quarter", ["2025-03", "2025-04-01", "2025-09-30", "2025-10"], []),
        ("quarter", ["2025-01-01", "2025-06", "2025-07-01"], ["2025-Q4"]),
    ],
)
def test_units_of_the_calendar_that_nothing_covers(
    every: str, entries: list[str], missing: list[str]
) -> None:
    found = covered(every, entries)
    assert [list(d.records) for d in found] == ([missing] if missing else [])
    assert [d.points for d in found] == ([Fraction(len(missing), 2)] if missing else [])


def test_any_day_of_a_week_covers_it_and_days_of_part_weeks_are_worth_nothing() -> None:
    wednesdays = [date.fromisocalendar(2025, week, 3).isoformat() for week in range(2, 53)]
    assert covered("week", wednesdays) == []
    (found,) = covered("week", [*wednesdays[1:], "2025-01-01", "2025-01-05", "2025-12-29"])
    assert found.records == ("2025-W02",)
    assert covered("week", [*wednesdays[1:], "2025-01-06"]) == []
    assert covered("week", [*wednesdays[1:], "2025-01-12"]) == []
    (found,) = covered("week", [*wednesdays[1:], "2025-01-13"])
    assert found.records == ("2025-W02",)


@pytest.mark.parametrize(
    ("every", "entries", "words"),
    [
        ("month", YEAR_MONTHS[2:], "Things: 2 of 12 months missing (2025-01, 2025-02)"),
        ("quarter", ["2025-01", "2025-05"], "Things: 2 of 4 quarters missing (2025-Q3, 2025-Q4)"),
        ("half", [], "Things: 2 of 2 halves missing (2025-H1, 2025-H2)"),
        ("week", ["2025-01-08"], "Things: 50 of 51 weeks missing (Mondays: 13 January, "),
    ],
)
def test_coverage_names_what_is_missing(every: str, entries: list[str], words: str) -> None:
    (found,) = covered(every, entries)
    assert said(found).startswith(words)
    total = "1 point" if every != "week" else "25 points"
    assert said(found).endswith(f"0.5 points off each, deduct {total}")
    if every != "week":
        assert found.reason.args["units"] == found.records
    assert addresses(found) == ["held"]


@pytest.mark.parametrize("facts", [{}, {"held": None}, {"held": ()}])
def test_a_list_that_is_not_there_covers_nothing(facts: dict[str, object]) -> None:
    rule = Coverage(**NAMED, selection=HELD, on=None, every="quarter", amount=assumed(1))
    assert [d.points for d in asked(rule, facts)] == [4]


# --- check list -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (["desk", "lamp"], []),
        (["lamp", "desk", "plant"], []),
        (["lamp"], ["desk"]),
        ([], ["desk", "lamp"]),
    ],
)
def test_items_that_a_list_lacks(there: list[str], missing: list[str]) -> None:
    items = {"desk": text("Desk"), "lamp": text("Lamp")}
    rule = CheckList(**NAMED, fact=("room",), items=items, amount=reading(2))
    found = asked(rule, {"room": there})
    assert asked(rule, {"room": tuple(there)}) == found
    assert [list(d.records) for d in found] == ([missing] if missing else [])
    assert [d.points for d in found] == ([2 * len(missing)] if missing else [])
    assert {d.basis for d in found} <= {Basis.READING}


def test_a_check_list_names_items_as_the_rulebook_does() -> None:
    items = {"desk": text("Desk"), "lamp": text("Lamp")}
    rule = CheckList(**NAMED, fact=("room",), items=items, amount=assumed("1.5"))
    (found,) = asked(rule, {"room": []})
    assert (
        said(found)
        == "Things: 2 of 2 items missing (Desk, Lamp), 1.5 points off each, deduct 3 points"
    )
    assert addresses(found) == ["room"]


# --- target: so many are needed -------------------------------------------------------


def needed(actual: Quantity, bound: Quantity, amount: Figure) -> Target:
    return Target(
        **NAMED,
        actual=actual,
        side="at_least",
        bound=bound,
        amount=amount,
        step=None,
        steps="exact",
    )


STAFF = needed(FactQuantity(("staff",)), FigureQuantity(figure(2)), assumed("1.5"))


@pytest.mark.parametrize(
    ("staff", "points"), [(3, []), (2, []), (1, ["1.5"]), (0, [3])], ids=["more", "just", "1", "0"]
)
def test_each_one_short_costs(staff: int, points: list[str]) -> None:
    assert [d.points for d in asked(STAFF, {"staff": staff})] == [Fraction(p) for p in points]


def test_a_shortfall_shows_both_sides_and_where_they_stand() -> None:
    bound = PercentQuantity(figure(40), CountQuantity(tasks()), Rounding("up"))
    rule = needed(CountQuantity(tasks(led=True)), bound, assumed(1))
    reported = {"tasks": [task(f"T-{n}", led=False) for n in range(4)]}
    (found,) = asked(rule, reported)
    assert said(found) == (
        "Things: 0 thing, needed 40% × 4 (rounded up) = 2 thing, short 2 thing, "
        "1 point off each thing, deduct 2 points"
    )
    assert found.points == 2
    assert (found.records, found.basis) == ((), Basis.ASSUMED)
    assert addresses(found) == ["tasks"]


def test_a_shortfall_rests_on_the_weakest_number_of_both_sides() -> None:
    of = FactQuantity(("all",))
    reported = {"some": 0, "all": 10}
    for percent, amount, basis in (
        (figure(40), figure(1), Basis.TEXT),
        (reading(40), figure(1), Basis.READING),
        (assumed(40), reading(1), Basis.ASSUMED),
        (figure(40), assumed(1), Basis.ASSUMED),
    ):
        bound = PercentQuantity(percent, of, Rounding("up"))
        (found,) = asked(needed(FactQuantity(("some",)), bound, amount), reported)
        assert found.basis is basis
        assert addresses(found) == ["some", "all"]


# --- per record -----------------------------------------------------------------------

LEVELS = AmountTable((("level",),), {("high",): figure(5), ("low",): assumed(1)})


def test_each_selected_record_costs_by_date_then_id() -> None:
    rule = PerRecord(**NAMED, selection=events(repeat=True), amount=reading("0.5"))
    reported = [
        event("E-4", "2025-07-01", repeat=False),
        event("E-3", "2025-06-01", repeat=True),
        event("E-1", "2025-06-02", repeat=True),
        event("E-2", "2025-06-01", repeat=True),
    ]
    found = asked(rule, {"events": reported})
    assert [d.records for d in found] == [("E-2",), ("E-3",), ("E-1",)]
    assert {d.points for d in found} == {Fraction(1, 2)}
    assert {d.basis for d in found} == {Basis.READING}
    assert said(found[0]) == "Things: E-2 (2025-06-01), deduct 0.5 points"
    assert addresses(found[0]) == ["events.E-2"]


def test_a_record_costs_by_the_value_of_a_field() -> None:
    rule = PerRecord(**NAMED, selection=events(), amount=LEVELS)
    found = asked(rule, {"events": [event("E-1"), event("E-2", level="low")]})
    assert [(exactly(d.points), d.basis) for d in found] == [(5, Basis.TEXT), (1, Basis.ASSUMED)]
    assert [said(d) for d in found] == [
        "Things: E-1 (2025-05-05), High, deduct 5 points",
        "Things: E-2 (2025-05-05), Low, deduct 1 point",
    ]


def test_a_value_without_a_label_stands_for_itself() -> None:
    table = AmountTable((("kind",),), {("odd",): figure(2)})
    rule = PerRecord(**NAMED, selection=tasks(), amount=table)
    (found,) = asked(rule, {"tasks": [task("T-1", kind="odd")]})
    assert said(found) == "Things: T-1, odd, deduct 2 points"


def test_nothing_selected_costs_nothing_and_a_figure_of_nought_neither() -> None:
    rule = PerRecord(**NAMED, selection=events(repeat=True), amount=figure(1))
    assert asked(rule, {"events": []}) == []
    assert asked(rule, {"events": [event("E-1", repeat=False)]}) == []
    table = AmountTable((("level",),), {("high",): figure(0), ("low",): figure(1)})
    free = PerRecord(**NAMED, selection=events(), amount=table)
    found = asked(free, {"events": [event("E-1"), event("E-2", level="low")]})
    assert [d.records for d in found] == [("E-2",)]


LIMITS = {"outside": figure(60), "inside": assumed(30)}


def overdue(*reported: dict[str, Any], amount: Any = None) -> list[Deduction]:
    rule = PerRecord(
        **NAMED,
        selection=tasks(closing=("late", "overdue", "overdue_earlier")),
        amount=amount or figure("0.5"),
    )
    return asked(rule, {"tasks": list(reported)}, deadlines=(days(LIMITS),))


def test_a_record_over_its_limit_shows_the_limit() -> None:
    found = overdue(
        task("T-1", "2025-01-01", "2025-03-02", source="outside"),
        task("T-2", "2025-01-01", "2025-03-03", source="outside"),
        task("T-3", "2025-01-01", source="inside"),
    )
    assert [said(d) for d in found] == [
        (
            "Things: T-2 (from 2025-01-01, 60 days until 2025-03-02, ended 2025-03-03), "
            "deduct 0.5 points"
        ),
        "Things: T-3 (from 2025-01-01, 30 days until 2025-01-31, not ended), deduct 0.5 points",
    ]


def test_a_limit_is_one_of_the_numbers_that_a_deduction_rests_on() -> None:
    found = overdue(
        task("T-1", "2025-01-01", source="outside"), task("T-2", "2025-01-01", source="inside")
    )
    assert [d.basis for d in found] == [Basis.TEXT, Basis.ASSUMED]
    (found_by_reading,) = overdue(
        task("T-1", "2025-01-01", source="outside"), amount=reading("0.5")
    )
    assert found_by_reading.basis is Basis.READING


def test_a_record_that_nothing_began_has_no_limit_to_show() -> None:
    rule = PerRecord(**NAMED, selection=events(reply=(None, "late")), amount=figure(1))
    reported = [
        event("E-1"),
        event("E-2", call={"at": "2025-05-02T09:00", "answered": "2025-05-03T09:01"}),
    ]
    found = asked(rule, {"events": reported}, deadlines=(hours(limits={"": reading(24)}),))
    assert [said(d) for d in found] == [
        "Things: E-1 (2025-05-05), deduct 1 point",
        (
            "Things: E-2 (from 2025-05-02 09:00, 24 hours until 2025-05-03 09:00, "
            "ended 2025-05-03 09:01), deduct 1 point"
        ),
    ]
    assert [d.basis for d in found] == [Basis.TEXT, Basis.READING]


# --- ceiling --------------------------------------------------------------------------


def beyond(received: int, count: int, percent: str = "2") -> list[Deduction]:
    rule = Ceiling(
        **NAMED,
        selection=events(level="high"),
        limit=PercentQuantity(reading(percent), FactQuantity(("received",)), Rounding("down")),
        amount=figure(5),
    )
    reported = [event(f"E-{n}", f"2025-0{9 - n}-01") for n in range(1, count + 1)]
    return asked(rule, {"received": received, "events": [*reported, event("L", level="low")]})


@pytest.mark.parametrize(
    ("received", "count", "over"),
    [
        (100, 0, 0),
        (100, 2, 0),
        (100, 3, 1),
        (149, 2, 0),
        (149, 3, 1),  # 2.98 is two
        (150, 3, 0),
        (49, 1, 1),
        (50, 1, 0),
        (0, 0, 0),
        (0, 3, 3),
    ],
)
def test_each_one_beyond_the_ceiling_costs(received: int, count: int, over: int) -> None:
    found = beyond(received, count)
    assert [d.points for d in found] == [5] * over


def test_those_beyond_the_ceiling_are_the_last_by_date() -> None:
    found = beyond(100, 4)
    assert [d.records for d in found] == [("E-2",), ("E-1",)]  # in August and September
    assert [said(d) for d in found] == [
        (
            "Things: 4 thing, limit 2% × 100 (rounded down) = 2 thing, 2 thing over, "
            "of these no. 1: E-2 (2025-07-01), deduct 5 points"
        ),
        (
            "Things: 4 thing, limit 2% × 100 (rounded down) = 2 thing, 2 thing over, "
            "of these no. 2: E-1 (2025-08-01), deduct 5 points"
        ),
    ]
    assert addresses(found[0]) == ["events.E-2", "received"]
    assert {d.basis for d in found} == {Basis.READING}


def test_a_single_one_beyond_the_ceiling_is_said_shortly() -> None:
    (found,) = beyond(120, 3)
    assert (
        said(found)
        == "Things: 3 thing, limit 2% × 120 (rounded down) = 2 thing, 1 thing over, deduct 5 points"
    )
    args = found.reason.args
    assert [args["count"], args["over"]] == [3, 1]
    assert found.points == 5


def test_a_ceiling_may_be_a_plain_number() -> None:
    rule = Ceiling(**NAMED, selection=events(), limit=FigureQuantity(figure(1)), amount=assumed(5))
    found = asked(rule, {"events": [event("E-2"), event("E-1")]})
    assert [(d.records, d.basis) for d in found] == [(("E-2",), Basis.ASSUMED)]
    assert said(found[0]) == "Things: 2 thing, limit 1 thing, 1 thing over, deduct 5 points"


def test_the_third_one_is_beyond_a_ceiling_of_two_and_a_half() -> None:
    limit = FigureQuantity(figure("2.5"))
    rule = Ceiling(**NAMED, selection=events(), limit=limit, amount=figure(5))
    found = asked(rule, {"events": [event(f"E-{n}") for n in (1, 2, 3, 4)]})
    assert [d.records for d in found] == [("E-3",), ("E-4",)]


# --- target: a share in per cent -----------------------------------------------------

RATE = needed(
    ShareQuantity(
        CountQuantity(tasks(closing="on_time")),
        CountQuantity(tasks(closing=("on_time", "late", "overdue"))),
    ),
    FigureQuantity(figure(85)),
    figure("0.2"),
)


def rated(good: int, bad: int, *more: dict[str, Any]) -> list[Deduction]:
    reported = [
        task(f"T-{n:02}", done="2025-03-31" if n <= good else None, source="outside")
        for n in range(1, good + bad + 1)
    ]
    return asked(RATE, {"tasks": [*reported, *more]}, deadlines=(days(LIMITS),))


@pytest.mark.parametrize(
    ("good", "bad", "points"),
    [
        (0, 0, None),  # none judged, nothing asked
        (1, 0, None),
        (17, 3, None),  # exactly 85 %
        (16, 4, "1"),
        (6, 1, None),  # 85.71 %
        (5, 1, "1/3"),
        (2, 1, "11/3"),
        (0, 1, "17"),
        (0, 30, "17"),
        (169, 30, "3/199"),  # a hair below
    ],
)
def test_each_percentage_point_short_costs_exactly(good: int, bad: int, points: str | None) -> None:
    found = rated(good, bad)
    assert [d.points for d in found] == ([] if points is None else [Fraction(points)])


def test_a_rate_shows_its_share_and_names_those_that_failed() -> None:
    (found,) = rated(2, 1)
    assert found.records == ("T-03",)
    assert addresses(found) == ["tasks.T-03"]
    assert said(found) == (
        "Things: 2 of 3 ≈ 66.67%, below 85%, short 55/3 percentage points, "
        "0.2 points off each percentage point, deduct 11/3 points"
    )
    (found,) = rated(4, 1)
    assert "4 of 5 = 80%, below 85%, short 5 percentage points" in said(found)
    (found,) = rated(13, 3)
    assert "13 of 16 = 81.25%" in said(found)


def test_what_is_not_selected_is_not_in_the_rate() -> None:
    pending = task("T-90", "2025-12-01", source="outside")
    excused = task("T-91", source="outside", excuse="No. 7")
    earlier = task("T-92", "2024-01-01", source="outside")
    assert [d.points for d in rated(2, 1, pending, excused, earlier)] == [Fraction(11, 3)]


def test_a_rate_rests_on_the_limits_of_all_that_it_judged() -> None:
    (found,) = rated(2, 1)
    assert found.basis is Basis.TEXT
    (found,) = rated(2, 1, task("T-90", done="2025-03-02", source="inside"))
    assert found.basis is Basis.ASSUMED


def test_a_rate_without_any_deadline() -> None:
    share = ShareQuantity(CountQuantity(tasks(good=True)), CountQuantity(tasks()))
    rule = needed(share, FigureQuantity(reading(50)), figure(1))
    (found,) = asked(rule, {"tasks": [task("T-1", good=False), task("T-2", good=False)]})
    assert (exactly(found.points), found.basis, found.records) == (
        50,
        Basis.READING,
        ("T-1", "T-2"),
    )
    assert "0 of 2 = 0%, below 50%" in said(found)


# --- recurrence -----------------------------------------------------------------------


def recurred(*calls: tuple[str, str | None], limit: Any = None) -> list[Deduction]:
    """Events by id, called in this order an hour apart, each with its answer."""
    rule = Recurrence(
        **NAMED,
        selection=Selection(EVENTS, present("call")),
        order_by=("call", "at"),
        first_where=where(reply=("late", "overdue")),
        first=figure(4),
        later=reading(3),
    )
    reported = [event("E-0")]
    for number, (name, answered) in enumerate(calls):
        call = {"at": f"2025-05-02T{9 + number:02}:00"}
        call |= {} if answered is None else {"answered": answered}
        reported.insert(0, event(name, "2025-05-02", call=call))
    limits = {"": limit or figure(24)}
    return asked(rule, {"events": reported}, deadlines=(hours(limits=limits),))


EXACTLY, LATE = "2025-05-03T09:00", "2025-05-03T09:01"


@pytest.mark.parametrize(
    ("calls", "points"),
    [
        ([], []),
        ([("E-1", EXACTLY)], []),
        ([("E-1", LATE)], [("E-1", 4)]),
        ([("E-1", None)], [("E-1", 4)]),
        ([("E-9", EXACTLY), ("E-1", EXACTLY)], [("E-1", 3)]),
        ([("E-9", LATE), ("E-1", EXACTLY)], [("E-9", 4), ("E-1", 3)]),
        ([("E-9", EXACTLY), ("E-5", None), ("E-1", None)], [("E-5", 3), ("E-1", 3)]),
    ],
)
def test_the_first_may_be_free_and_every_later_one_costs(
    calls: list[tuple[str, str | None]], points: list[tuple[str, int]]
) -> None:
    assert [(d.records[0], exactly(d.points)) for d in recurred(*calls)] == points


def test_recurrence_goes_by_its_own_time_then_by_id() -> None:
    rule = Recurrence(
        **NAMED,
        selection=events(),
        order_by=("seen",),
        first_where=(),
        first=figure(1),
        later=figure(2),
    )
    reported = [
        event("E-1", "2025-01-01", seen="2025-02-02"),
        event("E-3", "2025-01-02", seen="2025-02-01"),
        event("E-2", "2025-01-03", seen="2025-02-01"),
    ]
    found = asked(rule, {"events": reported})
    assert [(d.records[0], exactly(d.points)) for d in found] == [
        ("E-2", 1),
        ("E-3", 2),
        ("E-1", 2),
    ]
    assert said(found[0]) == "Things: E-2 (2025-01-03), the first one, deduct 1 point"


def test_recurrence_shows_the_limit_and_the_occurrence() -> None:
    first, later = recurred(("E-1", LATE), ("E-2", None), limit=assumed(24))
    assert said(first) == (
        "Things: E-1 (from 2025-05-02 09:00, 24 hours until 2025-05-03 09:00, "
        "ended 2025-05-03 09:01), the first one, deduct 4 points"
    )
    assert said(later) == (
        "Things: E-2 (from 2025-05-02 10:00, 24 hours until 2025-05-03 10:00, not ended), "
        "occurrence no. 2, deduct 3 points"
    )
    assert (first.basis, later.basis) == (Basis.ASSUMED, Basis.READING)
    assert addresses(later) == ["events.E-2"]


# --- all kinds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bases", "weakest_of"),
    [
        ([Basis.TEXT], Basis.TEXT),
        ([Basis.TEXT, Basis.READING], Basis.READING),
        ([Basis.ASSUMED, Basis.READING, Basis.TEXT], Basis.ASSUMED),
    ],
)
def test_the_weakest_basis(bases: list[Basis], weakest_of: Basis) -> None:
    assert weakest(figure(1, basis) for basis in bases) is weakest_of


BAD: dict[str, Any] = {
    "receptions": 0,
    "leadership": {
        "leading_group": False,
        "meetings": [],
        "reception_days": [],
        "difficult_cases": 2,
        "difficult_by_appointment": 0,
        "staff": 0,
        "facilities": [],
    },
    "work": {
        "city_meetings": [],
        "screening_reports": [],
        "statements": [],
        "articles": [],
        "register_complete": False,
    },
    "cases": [
        {"id": f"C-{n}", "origin": origin, "filed": filed, **more}
        | {"leader_in_charge": n == 1, "leader_signed": False}
        | {"agreement": False, "opinion": False, "archived": False}
        for n, (origin, filed, more) in enumerate(
            [
                ("national", "2025-01-01", {}),
                ("leader", "2025-01-01", {"closed": "2025-02-01"}),
                ("city", "2024-01-01", {}),
            ],
            start=1,
        )
    ],
    "visits": [
        {"id": f"V-{n}-{level}", "date": "2025-03-01", "level": level}
        | {"collective": True, "repeat": True, "stranded": {"notified": "2025-03-01T09:00"}}
        for n in (1, 2)
        for level in ("beijing", "province", "prefecture", "city")
    ],
    "long_term_petitioners": [
        {"id": f"P-{level}", "recognised_by": level}
        for level in ("national", "province", "prefecture", "city")
    ],
}
RULES = [rule for clause in first_book().rulebook.clauses() for rule in clause.rules]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_of_the_first_rulebook_can_bite_and_says_so_in_both_languages(
    rule: Rule,
) -> None:
    seen = facts(submission(BAD), first_book().rulebook, year(2025))
    found = list(judge(rule, seen))
    assert found
    for deduction in found:
        assert deduction.rule == rule.id
        assert deduction.points > 0
        assert deduction.sources
        chinese = catalogue("zh").render(deduction.reason)
        assert "{" not in chinese + said(deduction)
        assert rule.label.zh in chinese
        assert rule.label.en in said(deduction)
        for message in spoken(deduction.reason):
            if not isinstance(message, Message):
                continue
            known = catalogue("zh").wordings.get(message.text)
            assert known or message.text.startswith(("=", "≈", "{record}")), message.text
