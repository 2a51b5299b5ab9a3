"""What kinds of rules can do besides taking a fixed number: give, multiply, count late, scale."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from generator.engine.book import RecordKind, Rule
from generator.engine.facts import Peers, facts
from generator.engine.kinds import KINDS
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.check_list import CheckList
from generator.engine.kinds.choice import Choice
from generator.engine.kinds.coverage import Coverage
from generator.engine.kinds.discretion import Discretion, Scorer
from generator.engine.kinds.per_record import AmountTable, Delay, Factor, PerRecord
from generator.engine.kinds.requirement import Requirement
from generator.engine.kinds.scale import Point, Scale
from generator.engine.kinds.target import Target
from generator.engine.measures import Basis, Bounds, Condition, Selection
from generator.engine.problem import Text
from generator.engine.quantities import (
    BeforeQuantity,
    BestQuantity,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    PercentQuantity,
    ShareQuantity,
)
from generator.engine.rules import judge
from generator.engine.year import Deduction, Rating
from generator.words.messages import catalogue
from tests.builders import (
    EVENTS,
    Plainly,
    above,
    asked,
    assumed,
    days,
    event,
    events,
    exactly,
    figure,
    hours,
    in_words,
    one_clause,
    rating,
    reading,
    submission,
    task,
    tasks,
    text,
    view,
    where,
    year,
)

NAMED: dict[str, Any] = {"id": "the-rule", "label": text("Things"), "unit": text(" thing")}
GIVEN: dict[str, Any] = {**NAMED, "award": True}


def said(deduction: Deduction) -> str:
    return catalogue("en").render(deduction.reason)


def points(found: Sequence[Deduction]) -> list[Fraction]:
    return [deduction.points for deduction in found]


# --- what is there is given for -------------------------------------------------------


def test_a_requirement_that_awards_gives_where_it_is_fulfilled() -> None:
    rule = Requirement(**GIVEN, fact=("there",), amount=figure(3))
    (found,) = asked(rule, {"there": True})
    assert (exactly(found.points), found.award) == (3, True)
    assert said(found) == "Things: fulfilled, add 3 points"
    assert asked(rule, {"there": False}) == asked(rule, {}) == []


def test_a_choice_asks_by_the_value_and_nothing_by_another() -> None:
    figures = {"none": assumed(4), "some": reading("1.5"), "all": figure(0)}
    rule = Choice(**NAMED, fact=("done",), figures=figures, names={"none": text("Nothing done")})
    (found,) = asked(rule, {"done": "none"})
    assert (exactly(found.points), found.basis, found.award) == (4, Basis.ASSUMED, False)
    assert [place.address for place in found.sources] == ["done"]
    assert said(found) == "Things: Nothing done, deduct 4 points"
    assert said(asked(rule, {"done": "some"})[0]) == "Things: some, deduct 1.5 points"
    assert asked(rule, {"done": "all"}) == asked(rule, {"done": "?"}) == asked(rule, {}) == []


def test_a_choice_may_be_between_yes_and_no() -> None:
    rule = Choice(
        **GIVEN, fact=("done",), figures={"true": figure(2), "false": figure(1)}, names={}
    )
    assert points(asked(rule, {"done": True}) + asked(rule, {"done": False})) == [2, 1]
    assert asked(rule, {"done": None}) == []


def test_coverage_that_awards_gives_for_each_unit_covered() -> None:
    rule = Coverage(
        **GIVEN, selection=Selection(("held",)), on=None, every="quarter", amount=figure("0.5")
    )
    (found,) = asked(rule, {"held": ["2025-02-01", "2025-03-01", "2025-12"]})
    assert (exactly(found.points), found.records) == (1, ("2025-Q1", "2025-Q4"))
    assert said(found) == (
        "Things: 2 of 4 quarters (2025-Q1, 2025-Q4), 0.5 points added each, add 1 point"
    )
    assert asked(rule, {"held": []}) == []


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("week", "1 of 51 weeks (Mondays: 3 February)"),
        ("month", "1 of 12 months (2025-02)"),
        ("half", "1 of 2 halves (2025-H1)"),
    ],
)
def test_coverage_that_awards_says_of_what_it_was(every: Any, words: str) -> None:
    held = Selection(("held",))
    rule = Coverage(**GIVEN, selection=held, on=None, every=every, amount=figure("0.5"))
    (found,) = asked(rule, {"held": ["2025-02-05"]})
    assert said(found) == f"Things: {words}, 0.5 points added each, add 0.5 points"


def test_units_may_be_excepted_by_the_report() -> None:
    rule = Coverage(
        **NAMED,
        selection=Selection(("held",)),
        on=None,
        every="month",
        amount=figure(1),
        excepted=("breaks",),
    )
    held = [f"2025-{month:02}" for month in (1, 3, 4, 5, 6, 9, 10, 11)]
    (found,) = asked(rule, {"held": held, "breaks": ["2025-07-15", "2025-08-01", "2026-01-01"]})
    assert found.records == ("2025-02", "2025-12")
    assert said(found) == (
        "Things: 2 of 10 months missing (2025-02, 2025-12), 1 point off each, deduct 2 points; "
        "not asked for: 2025-07, 2025-08"
    )
    assert [place.address for place in found.sources] == ["held", "breaks"]
    (found,) = asked(rule, {"held": held, "breaks": []})
    assert "not asked for" not in said(found)
    assert [place.address for place in found.sources] == ["held"]
    assert asked(rule, {"held": [], "breaks": [f"2025-{m:02}" for m in range(1, 13)]}) == []
    weekly = replace(rule, every="week")
    (found,) = asked(weekly, {"held": [], "breaks": ["2025-07-15", "2025-08-01"]})
    assert said(found).startswith("Things: 49 of 49 weeks missing (Mondays: 6 January, 13 January")
    assert said(found).endswith("; not asked for: weeks (Mondays: 14 July, 28 July)")


@pytest.mark.parametrize(
    ("every", "missing"),
    [
        ("half", ["2025-H2"]),
        ("quarter", ["2025-Q2", "2025-Q3", "2025-Q4"]),
        ("month", [f"2025-{month:02}" for month in range(1, 13) if month != 2]),
    ],
)
def test_dates_of_selected_records_cover(every: Any, missing: list[str]) -> None:
    rule = Coverage(
        **NAMED, selection=events(level="high"), on=("on",), every=every, amount=assumed(2)
    )
    reported = [
        event("E-1", "2025-02-03"),
        event("E-2", "2025-08-01", "low"),
        {"id": "E-3", "level": "high"},
    ]
    (found,) = asked(rule, {"events": reported})
    assert list(found.records) == missing
    assert found.points == 2 * len(missing)


def test_a_check_list_that_awards_gives_for_each_item_there() -> None:
    items = {"desk": text("Desk"), "lamp": text("Lamp")}
    rule = CheckList(**GIVEN, fact=("room",), items=items, amount=figure(2))
    (found,) = asked(rule, {"room": ["lamp", "plant"]})
    assert (exactly(found.points), found.records) == (2, ("lamp",))
    assert said(found) == "Things: 1 of 2 items (Lamp), 2 points added each, add 2 points"
    assert asked(rule, {"room": ["plant"]}) == []


# --- targets --------------------------------------------------------------------------


def target(side: Any, steps: Any, step: Any = None, award: bool = False, **more: Any) -> Target:
    given: dict[str, Any] = {
        "actual": FactQuantity(("have",)),
        "bound": FigureQuantity(figure(10)),
        "amount": figure(2),
    }
    return Target(
        **{**NAMED, "award": award},
        side=side,
        steps=steps,
        step=None if step is None else figure(step),
        **given | more,
    )


@pytest.mark.parametrize(
    ("side", "steps", "step", "have", "taken"),
    [
        ("at_least", "exact", None, 7, "6"),
        ("at_least", "exact", 2, 7, "3"),  # one and a half steps
        ("at_least", "started", 2, 7, "4"),
        ("at_least", "full", 2, 7, "2"),
        ("at_least", "full", 4, 7, None),  # not one full step
        ("at_least", "started", None, 7, "6"),
        ("at_least", "once", None, 7, "2"),
        ("at_least", "once", None, 10, None),
        ("at_least", "exact", None, 10, None),
        ("at_least", "exact", None, 13, None),
        ("at_most", "exact", None, 13, "6"),
        ("at_most", "started", 2, 13, "4"),
        ("at_most", "full", 2, 13, "2"),
        ("at_most", "once", None, 13, "2"),
        ("at_most", "once", None, 10, None),
        ("at_most", "exact", None, 7, None),
        ("around", "exact", None, 7, "6"),
        ("around", "exact", None, 13, "6"),
        ("around", "started", 2, 13, "4"),
        ("around", "once", None, 11, "2"),
        ("around", "once", None, 10, None),
    ],
)
def test_what_misses_a_target(side: str, steps: str, step: Any, have: int, taken: Any) -> None:
    found = asked(target(side, steps, step), {"have": have})
    assert points(found) == ([] if taken is None else [Fraction(taken)])


@pytest.mark.parametrize(
    ("side", "steps", "step", "have", "given"),
    [
        ("at_least", "exact", None, 13, "6"),
        ("at_least", "full", 2, 13, "2"),
        ("at_least", "exact", None, 10, None),
        ("at_least", "exact", None, 7, None),
        ("at_least", "once", None, 10, "2"),
        ("at_least", "once", None, 13, "2"),
        ("at_least", "once", None, 9, None),
        ("at_most", "exact", None, 7, "6"),
        ("at_most", "exact", None, 13, None),
        ("at_most", "once", None, 10, "2"),
        ("at_most", "once", None, 11, None),
        ("around", "exact", None, 12, "4"),
        ("around", "exact", None, 10, None),
    ],
)
def test_what_passes_a_target(side: str, steps: str, step: Any, have: int, given: Any) -> None:
    found = asked(target(side, steps, step, award=True), {"have": have})
    assert points(found) == ([] if given is None else [Fraction(given)])
    assert all(deduction.award for deduction in found)


@pytest.mark.parametrize(
    ("rule", "have", "words"),
    [
        (
            target("at_least", "started"),
            7,
            (
                "7 thing, needed 10 thing, short 3 thing, "
                "2 points off for every 1 thing begun, 3 times, deduct 6 points"
            ),
        ),
        (
            target("at_least", "exact"),
            7,
            ("7 thing, needed 10 thing, short 3 thing, 2 points off each thing, deduct 6 points"),
        ),
        (
            target("at_most", "exact", 2),
            13,
            (
                "13 thing, at most 10 thing, 3 thing over, "
                "2 points off for every 2 thing, deduct 3 points"
            ),
        ),
        (
            target("around", "started", 2),
            7,
            (
                "7 thing, base 10 thing, 3 thing away, "
                "2 points off for every 2 thing begun, 2 times, deduct 4 points"
            ),
        ),
        (
            target("at_least", "full", 2, award=True),
            13,
            (
                "13 thing, above 10 thing by 3 thing, "
                "2 points added for every full 2 thing, 1 times, add 2 points"
            ),
        ),
        (
            target("at_most", "exact", award=True),
            7,
            ("7 thing, below 10 thing by 3 thing, 2 points added each thing, add 6 points"),
        ),
        (
            target("around", "exact", award=True),
            13,
            ("13 thing, base 10 thing, 3 thing away, 2 points added each thing, add 6 points"),
        ),
        (
            replace(target("at_least", "exact"), unit=text("t/day")),
            7,
            ("7 t/day, needed 10 t/day, short 3 t/day, 2 points off each t/day, deduct 6 points"),
        ),
        (
            target("at_least", "once"),
            7,
            ("7 thing, needed 10 thing, short 3 thing, deduct 2 points"),
        ),
        (
            target("at_least", "once", award=True),
            10,
            ("10 thing, target 10 thing reached, add 2 points"),
        ),
    ],
)
def test_a_target_tells_the_distance_and_the_steps(rule: Rule, have: int, words: str) -> None:
    (found,) = asked(rule, {"have": have})
    assert said(found) == f"Things: {words}"


SHARE = ShareQuantity(CountQuantity(tasks(good=True)), CountQuantity(tasks()))


@pytest.mark.parametrize(
    ("side", "steps", "award", "percent", "words"),
    [
        (
            "at_least",
            "exact",
            False,
            90,
            (
                "3 of 4 = 75%, below 90%, short 15 percentage points, "
                "2 points off each percentage point, deduct 30 points"
            ),
        ),
        (
            "at_most",
            "once",
            False,
            60,
            ("3 of 4 = 75%, above 60%, 15 percentage points over, deduct 2 points"),
        ),
        (
            "around",
            "exact",
            False,
            80,
            (
                "3 of 4 = 75%, base 80%, 5 percentage points away, "
                "2 points off each percentage point, deduct 10 points"
            ),
        ),
        (
            "at_least",
            "exact",
            True,
            70,
            (
                "3 of 4 = 75%, 5 percentage points above 70%, "
                "2 points added each percentage point, add 10 points"
            ),
        ),
        (
            "at_most",
            "exact",
            True,
            80,
            (
                "3 of 4 = 75%, 5 percentage points below 80%, "
                "2 points added each percentage point, add 10 points"
            ),
        ),
        (
            "around",
            "exact",
            True,
            80,
            (
                "3 of 4 = 75%, base 80%, 5 percentage points away, "
                "2 points added each percentage point, add 10 points"
            ),
        ),
        ("at_least", "once", True, 75, "3 of 4 = 75%, target 75% reached, add 2 points"),
    ],
)
def test_shares_are_told_in_percentage_points(
    side: str, steps: str, award: bool, percent: int, words: str
) -> None:
    rule = target(side, steps, award=award, actual=SHARE, bound=FigureQuantity(figure(percent)))
    reported = [task(f"T-{n}", good=n != 4) for n in (1, 2, 3, 4)]
    (found,) = asked(rule, {"tasks": reported})
    assert said(found) == f"Things: {words}"
    assert found.records == ("T-4",)


def test_a_share_may_be_held_against_another_share_or_what_others_have() -> None:
    book = one_clause(10)
    last = facts(submission({"tasks": [task("T-1", good=True)]}), book, year(2024))
    tasks_now = {"tasks": [task(f"T-{n}", good=n != 4) for n in (1, 2, 3, 4)]}
    peers = Peers()
    seen = facts(submission(tasks_now), book, year(2025), before=last, peers=peers)
    peers.views.update(alder=seen, birch=last)
    told = []
    for bound in (BeforeQuantity(SHARE), BestQuantity(SHARE, "higher")):
        (found,) = judge(target("at_least", "once", bound=bound, actual=SHARE), seen)
        told.append(said(found))
    ahead = DifferenceQuantity(BeforeQuantity(SHARE), SHARE)
    (found,) = judge(target("at_most", "once", actual=ahead), seen)
    assert [*told, said(found)] == [
        "Things: 3 of 4 = 75%, below 1 of 1 = 100%, short 25 percentage points, deduct 2 points",
        (
            "Things: 3 of 4 = 75%, below 100% (the best of 2), short 25 percentage points, "
            "deduct 2 points"
        ),
        "Things: 100 − 75 = 25%, above 10%, 15 percentage points over, deduct 2 points",
    ]


def test_a_target_that_is_not_applicable_asks_nothing() -> None:
    rule = target("at_least", "exact", actual=SHARE)
    assert asked(rule, {"tasks": []}) == []
    assert asked(target("at_least", "exact", bound=SHARE), {"have": 0, "tasks": []}) == []


def test_the_step_is_one_of_the_numbers_that_a_target_rests_on() -> None:
    rule = replace(target("at_least", "started"), step=assumed(2))
    (found,) = asked(rule, {"have": 7})
    assert found.basis is Basis.ASSUMED
    assert figure(10) in found.figures


# --- records --------------------------------------------------------------------------

MATRIX = AmountTable(
    (("level",), ("repeat",)),
    {
        ("high", "true"): figure(5),
        ("high", "false"): figure(3),
        ("low", "true"): assumed(1),
        ("low", "false"): figure(0),
    },
)


def test_an_amount_may_depend_on_two_fields_one_of_them_yes_or_no() -> None:
    rule = PerRecord(**NAMED, selection=events(), amount=MATRIX)
    reported = [
        event("E-1", "2025-01-01", "high", repeat=True),
        event("E-2", "2025-01-02", "high", repeat=False),
        event("E-3", "2025-01-03", "low", repeat=True),
        event("E-4", "2025-01-04", "low", repeat=False),
    ]
    found = asked(rule, {"events": reported})
    assert [(d.records[0], exactly(d.points)) for d in found] == [
        ("E-1", 5),
        ("E-2", 3),
        ("E-3", 1),
    ]
    assert found[2].basis is Basis.ASSUMED
    assert said(found[0]) == "Things: E-1 (2025-01-01), High, repeat: yes, deduct 5 points"
    assert said(found[1]) == "Things: E-2 (2025-01-02), High, repeat: no, deduct 3 points"


def test_a_yes_or_no_without_a_name_is_told_by_the_last_of_its_keys() -> None:
    table = AmountTable((("call", "again"),), {("true",): figure(5)})
    rule = PerRecord(**NAMED, selection=events(), amount=table)
    (found,) = asked(rule, {"events": [event("E-1", call={"again": True})]})
    assert said(found) == "Things: E-1 (2025-05-05), again: yes, deduct 5 points"


def test_a_field_of_a_yes_or_no_is_told_by_its_name() -> None:
    seen = view({"events": [event("E-1", repeat=True)]})
    kinds: dict[tuple[str, ...], RecordKind] = dict(seen.rulebook.records)
    kinds[EVENTS] = replace(kinds[EVENTS], names={("repeat",): text("Again")})
    seen = replace(seen, rulebook=replace(seen.rulebook, records=kinds))
    rule = PerRecord(**NAMED, selection=events(), amount=MATRIX)
    (found,) = judge(rule, seen)
    assert "Again: yes" in said(found)


def test_factors_multiply_for_the_records_that_meet_them() -> None:
    rule = PerRecord(
        **NAMED,
        selection=events(),
        amount=figure(2),
        factors=(
            Factor(text("many people"), (_people(at_least=5),), figure(2)),
            Factor(text("high level"), where(level="high"), reading("1.5")),
        ),
    )
    reported = [
        event("E-1", "2025-01-01", "high", people=5),
        event("E-2", "2025-01-02", "low", people=9),
        event("E-3", "2025-01-03", "high", people=4),
        event("E-4", "2025-01-04", "low"),
    ]
    found = asked(rule, {"events": reported})
    assert points(found) == [6, 4, 3, 2]
    assert [d.basis for d in found] == [Basis.READING, Basis.TEXT, Basis.READING, Basis.TEXT]
    assert said(found[0]) == (
        "Things: E-1 (2025-01-01), 2 points × 2 (many people) × 1.5 (high level), deduct 6 points"
    )
    assert said(found[3]) == "Things: E-4 (2025-01-04), deduct 2 points"


def _people(at_least: int) -> Condition:
    return Condition(("people",), bounds=Bounds(at_least=figure(at_least)))


@pytest.mark.parametrize(
    ("every", "done", "taken", "words"),
    [
        ("day", "2025-03-11", None, ""),  # on its last day
        ("day", "2025-03-12", "0.5", "1 days late, 0.5 points each"),
        ("day", "2025-03-31", "10", "20 days late, 0.5 points each"),
        ("week", "2025-03-12", "0.5", "1 weeks begun late, 0.5 points each"),
        ("week", "2025-03-18", "0.5", "1 weeks begun late, 0.5 points each"),
        ("week", "2025-03-19", "1", "2 weeks begun late, 0.5 points each"),
        ("month", "2025-03-12", "0.5", "1 months begun late, 0.5 points each"),
        ("month", "2025-04-11", "0.5", "1 months begun late, 0.5 points each"),
        ("month", "2025-04-12", "1", "2 months begun late, 0.5 points each"),
        ("month", None, "5", "10 months begun late, 0.5 points each"),  # until 31 December
        ("month", "2026-02-01", "5", "10 months begun late, 0.5 points each"),
    ],
)
def test_each_day_week_or_month_late_costs(every: Any, done: Any, taken: Any, words: str) -> None:
    rule = PerRecord(
        **NAMED, selection=tasks(), amount=figure("0.5"), delay=Delay("closing", every)
    )
    limit = days(limits={"": figure(10)}, by=None)
    found = asked(rule, {"tasks": [task("T-1", "2025-03-01", done)]}, deadlines=(limit,))
    assert points(found) == ([] if taken is None else [Fraction(taken)])
    ended = f"ended {done}" if done else "not ended"
    for deduction in found:
        assert f"until 2025-03-11, {ended}), {words}, deduct" in said(deduction)


def test_lateness_may_be_multiplied_and_hours_count_as_days() -> None:
    rule = PerRecord(
        **NAMED,
        selection=events(),
        amount=figure(1),
        delay=Delay("reply", "day"),
        factors=(Factor(text("high level"), where(level="high"), figure(3)),),
    )
    call = {"at": "2025-05-01T09:00", "answered": "2025-05-04T10:00"}
    found = asked(rule, {"events": [event("E-1", call=call), event("E-2")]}, deadlines=(hours(),))
    assert points(found) == [6]  # from the 2nd to the 4th, times three
    assert said(found[0]).endswith("2 days late, 1 point each × 3 (high level), deduct 6 points")


def test_a_ceiling_without_a_limit_asks_nothing_and_one_below_nought_is_nought() -> None:
    limit: Any = PercentQuantity(figure(10), SHARE, None)
    rule = Ceiling(**NAMED, selection=events(), limit=limit, amount=figure(1))
    assert asked(rule, {"events": [event("E-1")], "tasks": []}) == []
    below = DifferenceQuantity(FactQuantity(("few",)), FigureQuantity(figure(3)))
    rule = Ceiling(**NAMED, selection=events(), limit=below, amount=figure(1))
    assert len(asked(rule, {"few": 1, "events": [event("E-1"), event("E-2")]})) == 2


# --- all a rule may ask ---------------------------------------------------------------


def each(points: str, **more: Any) -> PerRecord:
    return PerRecord(**NAMED | more, selection=events(), amount=figure(points))


@pytest.mark.parametrize(
    ("most", "taken"),
    [
        ("9", ["2", "2", "2"]),
        ("6", ["2", "2", "2"]),
        ("5", ["2", "2", "1"]),
        ("4", ["2", "2"]),
        ("1", ["1"]),
    ],
)
@pytest.mark.parametrize("award", [False, True])
def test_all_that_a_rule_asks_stays_within_its_most(
    most: str, taken: list[str], award: bool
) -> None:
    reported = {"events": [event(f"E-{n}") for n in (1, 2, 3)]}
    found = asked(each("2", most=assumed(most), award=award), reported)
    assert points(found) == [Fraction(p) for p in taken]
    cut = [d for d in found if d.points != 2]
    assert [d.basis for d in cut] == [Basis.ASSUMED] * len(cut)
    assert {d.basis for d in found if d not in cut} <= {Basis.TEXT}


def test_a_rule_that_is_cut_says_so() -> None:
    found = asked(each("2", most=figure(3)), {"events": [event("E-1"), event("E-2")]})
    assert said(found[1]) == (
        "Things: E-2 (2025-05-05), deduct 2 points; at most 3 points in all, so 1 point"
    )


def test_amounts_are_rounded_only_where_the_rulebook_says_so() -> None:
    book = above(one_clause(10), round_points=figure(1))
    seen = facts(submission({"have": 9, "all": 10}), book, year(2025))
    third: Any = target("at_least", "exact", 3, actual=FactQuantity(("have",)))
    (found,) = judge(third, seen)
    assert found.points == Fraction("0.7")
    assert said(found).endswith("deduct 2/3 points; rounded to 0.7 points")
    slight: Any = target("at_least", "exact", 100, actual=FactQuantity(("have",)))
    assert list(judge(slight, seen)) == []  # 0.02 comes to 0, which is nothing
    plain = target("at_least", "exact", 2)
    assert [said(d) for d in judge(plain, seen)] == [
        (
            "Things: 9 thing, needed 10 thing, short 1 thing, 2 points off for every 2 thing, "
            "deduct 1 point"
        )
    ]


# --- scales ---------------------------------------------------------------------------


def along(*pairs: tuple[str, str]) -> tuple[Point, ...]:
    return tuple(Point(figure(at), assumed(points)) for at, points in pairs)


def scale(stepped: bool = False, otherwise: Any = None, **more: Any) -> Scale:
    given: dict[str, Any] = {
        "value": FactQuantity(("have",)),
        "along": along(("60", "2"), ("80", "6"), ("90", "10")),
    }
    return Scale(**GIVEN, stepped=stepped, otherwise=otherwise, **given | more)


@pytest.mark.parametrize(
    ("have", "on_the_line", "in_steps"),
    [
        (50, "2", None),
        (60, "2", "2"),
        (70, "4", "2"),
        (79, "5.8", "2"),
        (80, "6", "6"),
        (85, "8", "6"),
        (90, "10", "10"),
        (99, "10", "10"),
    ],
)
def test_points_along_a_line_or_in_steps(have: int, on_the_line: str, in_steps: Any) -> None:
    assert points(asked(scale(), {"have": have})) == [Fraction(on_the_line)]
    stepped = points(asked(scale(stepped=True), {"have": have}))
    assert stepped == ([] if in_steps is None else [Fraction(in_steps)])


def test_a_line_may_jump() -> None:
    rule = scale(along=along(("50", "0"), ("50", "1500"), ("200", "6000")))
    found = [points(asked(rule, {"have": n})) for n in (49, 50, 100, 200, 300)]
    assert found == [[], [1500], [3000], [6000], [6000]]


def test_a_scale_tells_the_value_and_rests_on_the_points_it_used() -> None:
    (found,) = asked(scale(), {"have": 70})
    assert said(found) == "Things: 70 thing, add 4 points"
    assert [f.value for f in found.figures] == [60, 2, 80, 6]
    assert found.basis is Basis.ASSUMED
    (beyond,) = asked(scale(), {"have": 99})
    assert [f.value for f in beyond.figures] == [90, 10]
    (step,) = asked(scale(stepped=True), {"have": 70})
    assert [f.value for f in step.figures] == [60, 2]


def test_a_single_step_is_enough() -> None:
    rule = scale(stepped=True, along=along(("3", "5")))
    assert [points(asked(rule, {"have": n})) for n in (2, 3, 4)] == [[], [5], [5]]


def test_a_share_along_a_scale_is_told_in_per_cent() -> None:
    reported = {"tasks": [task(f"T-{n}", good=n != 4) for n in (1, 2, 3, 4)]}
    (found,) = asked(scale(value=SHARE), reported)
    assert (exactly(found.points), found.records) == (5, ("T-4",))
    assert said(found) == "Things: 3 of 4 = 75%, add 5 points"


def test_a_scale_that_is_not_applicable_gives_what_it_says_or_nothing() -> None:
    assert asked(scale(value=SHARE), {"tasks": []}) == []
    (found,) = asked(scale(value=SHARE, otherwise=reading(7)), {"tasks": []})
    assert (exactly(found.points), found.basis) == (7, Basis.READING)
    assert said(found) == "Things: not applicable, add 7 points"
    assert asked(scale(value=SHARE, otherwise=figure(0)), {"tasks": []}) == []


# --- discretion -----------------------------------------------------------------------

OFFICE, PUBLIC = Scorer(text("Office"), figure(60)), Scorer(text("Public"), figure(40))


def rated(scorers: dict[str, Scorer], *ratings: Rating, part: str | None = None) -> list[Deduction]:
    rule = Discretion(**GIVEN, scorers=scorers, least=figure(0), greatest=figure(10))
    seen = facts(replace(submission({}), ratings=ratings), one_clause(10), year(2025), part=part)
    return list(judge(rule, seen))


def test_one_scorer_decides_alone() -> None:
    (found,) = rated({"office": Scorer(text("Office"), figure(100))}, rating("office", "8.5"))
    assert (found.points, found.award, found.basis) == (Fraction("8.5"), True, Basis.TEXT)
    assert found.sources == (rating("office", 1).location,)
    assert said(found) == (
        "Things (0 to 10 points): Office 8.5 points: well done (No. 5), add 8.5 points"
    )


def test_several_scorers_count_by_their_weights_in_the_rulebook_s_order() -> None:
    (found,) = rated({"office": OFFICE, "public": PUBLIC}, rating("public", 5), rating("office", 8))
    assert found.points == Fraction("6.8")  # 8 × 60 % + 5 × 40 %
    assert said(found) == (
        "Things (0 to 10 points): Office 8 points × 60%: well done (No. 5), "
        "Public 5 points × 40%: well done (No. 5), add 6.8 points"
    )


def test_until_all_have_rated_those_who_have_count_as_the_whole() -> None:
    (found,) = rated({"office": OFFICE, "public": PUBLIC}, rating("public", 5))
    assert found.points == 5
    assert said(found) == (
        "Things (0 to 10 points): Public 5 points × 40%: well done (No. 5); ÷ 40%, "
        "the others have not rated; add 5 points"
    )
    three = {"a": Scorer(text("A"), figure(50)), "b": Scorer(text("B"), figure(30))}
    three["c"] = Scorer(text("C"), figure(20))
    (found,) = rated(three, rating("a", 8), rating("b", 4))
    assert found.points == Fraction("6.5")  # (8 × 50 + 4 × 30) ÷ 80


def test_nobody_has_rated_or_only_who_counts_for_nothing() -> None:
    assert rated({"office": OFFICE, "public": PUBLIC}) == []
    assert rated({"office": OFFICE}, rating("office", 8, of="another-rule")) == []
    weightless = {"a": Scorer(text("A"), figure(100)), "b": Scorer(text("B"), figure(0))}
    assert rated(weightless, rating("b", 4)) == []
    assert rated({"a": Scorer(text("A"), figure(100))}, rating("a", 0)) == []


def test_ratings_belong_to_their_period() -> None:
    alone = {"office": Scorer(text("Office"), figure(100))}
    both = (rating("office", 4, part="H1"), rating("office", 9, part="H2"))
    assert [points(rated(alone, *both, part=part)) for part in ("H1", "H2", None)] == [[4], [9], []]


# --- how pages say it -----------------------------------------------------------------

PART = ShareQuantity(FactQuantity(("a",)), FactQuantity(("b",)))
FIVE = FigureQuantity(figure(5))


def a_target(**more: Any) -> Target:
    given: dict[str, Any] = {"side": "at_least", "step": None, "steps": "exact"}
    given |= {"actual": FactQuantity(("a",)), "bound": FIVE, "amount": figure(1)}
    return Target(**NAMED, **given | more)


def a_scale(**more: Any) -> Scale:
    given: dict[str, Any] = {"along": (), "stepped": False, "otherwise": None}
    return Scale(**NAMED, value=FactQuantity(("a",)), **given | more)


def a_coverage(**more: Any) -> Coverage:
    given: dict[str, Any] = {"selection": events(), "on": ("on",), "every": "week"}
    return Coverage(**NAMED, amount=figure(1), **given | more)


@pytest.mark.parametrize(
    ("rule", "phrase"),
    [
        (Requirement(**NAMED, fact=("a", "b"), amount=figure(1)), "a.b"),
        (a_coverage(), "some events"),
        (a_coverage(on=None), "events"),
        (a_coverage(excepted=("off",)), "some events; not asked for: off"),
        (PerRecord(**NAMED, selection=events(), amount=figure(1)), "some events"),
        (a_target(), "a; not below 5"),
        (a_target(side="at_most"), "a; not above 5"),
        (a_target(side="around", actual=PART), "share of a in b; measured against 5%"),
        (a_target(actual=PART, bound=PART), "share of a in b; not below share of a in b"),
        (a_scale(), "along a line by: a"),
        (a_scale(stepped=True), "by steps of: a"),
        (
            Discretion(
                **NAMED, scorers={"x": Scorer(text("X"), figure(100))}, least=figure(0),
                greatest=figure(1),
            ),
            "rated by: X",
        ),
    ],
)  # fmt: skip
def test_a_rule_says_what_it_looks_at(rule: Rule, phrase: str) -> None:
    assert in_words(rule.phrase(Plainly())) == phrase
    assert KINDS[rule.kind] is type(rule)


@pytest.mark.parametrize(
    ("rule", "field", "takes", "gives"),
    [
        (
            Requirement(**NAMED, fact=("a",), amount=figure(1)),
            *("amount", "if not fulfilled", "if fulfilled, added"),
        ),
        (a_scale(), "most", "taken at most, all together", "given at most, all together"),
        (a_scale(), "along", "", ""),
        (a_coverage(), "amount", "for each week missing", "for each week covered, added"),
        (a_coverage(), "most", "taken at most, all together", "given at most, all together"),
        (
            CheckList(**NAMED, fact=("a",), items={"x": text("X")}, amount=figure(1)),
            *("amount", "for each one missing of: X", "for each one there of: X, added"),
        ),
        (CheckList(**NAMED, fact=("a",), items={}, amount=figure(1)), "fact", "", ""),
        (
            PerRecord(**NAMED, selection=events(), amount=figure(1)),
            *("amount", "for each one", "for each one, added"),
        ),
        (
            PerRecord(**NAMED, selection=events(), amount=figure(1), delay=Delay("d", "day")),
            *("amount", "for each one, a day late", "for each one, a day late"),
        ),
        (a_target(), "bound", "target", "target"),
        (a_target(steps="once"), "amount", "if not reached", "if reached, added"),
        (a_target(), "amount", "for every 1  thing short, taken", "for every 1  thing over, added"),
        (
            a_target(actual=PART, step=figure(2), steps="full", side="at_most"),
            "amount",
            "for every full 2 percentage points over, taken",
            "for every full 2 percentage points less, added",
        ),
        (
            replace(a_target(), unit=Text("", "")),
            *("amount", "for every 1 short, taken", "for every 1 over, added"),
        ),
    ],
)
def test_a_rule_says_what_its_figures_are_for(
    rule: Rule, field: str, takes: str, gives: str
) -> None:
    assert in_words(rule.purpose(field, Plainly())) == takes
    assert in_words(replace(rule, award=True).purpose(field, Plainly())) == gives
