"""Looking facts up, leaving records out, and where records stand towards time limits."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.book import (
    DeadlineState,
    Exclusions,
    Ground,
    Group,
    Grouping,
    Part,
    Payment,
    Pool,
    Rulebook,
)
from generator.engine.facts import (
    Views,
    for_group,
    group_of,
    groups_of,
    of_group,
    past_views,
    views_of,
)
from generator.engine.measures import Condition, Selection
from generator.engine.problem import Location
from generator.engine.quantities import (
    BeforeQuantity,
    BestQuantity,
    DifferenceQuantity,
    FactQuantity,
    YearBeforeQuantity,
)
from generator.engine.rank import judged
from generator.engine.records import (
    deadline_state,
    due,
    in_order,
    limit,
    listed,
    lookup,
    meets,
    moment,
    sources,
    with_state,
    without_record,
    written,
)
from generator.engine.year import Calendar, Period, Record, Submission
from tests.builders import (
    EVENTS,
    TASKS,
    a_year,
    above,
    clause,
    days,
    event,
    events,
    figure,
    give,
    hours,
    one_clause,
    present,
    record,
    rulebook,
    section,
    submission,
    take,
    task,
    tasks,
    text,
    township,
    view,
    where,
    year,
)

S = DeadlineState
JUDGED_HERE = {S.ON_TIME, S.LATE, S.OVERDUE}


# --- looking up -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("a",), {"b": {"c": 3}, "d": [1]}),
        (("a", "b", "c"), 3),
        (("a", "b", "x"), None),
        (("a", "x", "c"), None),
        (("a", "d", "c"), None),
        (("a", "b", "c", "e"), None),
        ((), {"a": {"b": {"c": 3}, "d": [1]}}),
    ],
)
def test_a_fact_is_found_by_its_path_or_there_is_none(path: tuple[str, ...], found: object) -> None:
    facts = {"a": {"b": {"c": 3}, "d": [1]}}
    assert lookup(facts, path) == found
    assert view(facts).value(path) == found


def test_records_are_named_by_id_else_by_position_from_one() -> None:
    reported = submission({"work": {"notes": [{"kind": "x"}, {"id": "N-7"}, {"kind": "y"}]}})
    found = listed(reported, ("work", "notes"))
    assert [r.id for r in found] == ["1", "N-7", "3"]
    assert [r.address for r in found] == ["work.notes.1", "work.notes.N-7", "work.notes.3"]


@pytest.mark.parametrize("facts", [{}, {"events": []}, {"events": None}, {"events": 3}])
def test_a_list_that_is_not_there_has_no_records(facts: dict[str, object]) -> None:
    assert listed(submission(facts), EVENTS) == ()


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        (where(level="high"), True),
        (where(level="low"), False),
        (where(level=("low", "high")), True),
        (where(level="high", repeat=False), True),
        (where(level="high", repeat=True), False),
        (where(absent="x"), False),
        (present("level"), True),
        (present("level", there=False), False),
        (present("absent"), False),
        (present("absent", there=False), True),
        (present("empty"), False),
        (present("call.at"), True),
        (where(call__at="t"), True),
        ((), True),
    ],
)
def test_a_record_meets_every_condition_or_not(condition: tuple[Condition, ...], met: bool) -> None:
    assert meets(record(level="high", repeat=False, empty=None, call={"at": "t"}), condition) is met


def test_records_are_selected_in_order_of_date_then_id() -> None:
    reported = [
        event("E-3", "2025-02-01"),
        event("E-2", "2025-02-01"),
        event("E-9", "2025-01-31"),
        event("E-1", "2025-12-01", level="low"),
    ]
    found = view({"events": reported}).select(events(level="high"))
    assert [r.id for r in found] == ["E-9", "E-2", "E-3"]


def test_records_without_an_ordering_date_come_by_id() -> None:
    found = view({"tasks": [task("T-2", "2025-01-01"), task("T-1", "2025-09-01")]}).select(tasks())
    assert [r.id for r in found] == ["T-1", "T-2"]


def test_the_moment_of_a_record_is_text_or_nothing() -> None:
    assert moment(record(on="2025-01-01"), ("on",)) == "2025-01-01"
    assert moment(record(on=20250101), ("on",)) == ""
    assert moment(record(), ("on",)) == ""
    assert moment(record(on="2025-01-01"), None) == ""
    assert [r.id for r in in_order([Record("b", "", {}), Record("a", "", {})], None)] == ["a", "b"]


def test_the_place_of_a_fact_is_its_own_or_that_of_the_group_around_it() -> None:
    reported = submission({"events": [event("E-1")], "group": {"count": 3}})
    assert [p.address for p in sources(reported, "events.E-1.level")] == ["events.E-1.level"]
    assert [p.address for p in sources(reported, "events.E-1.absent.x")] == ["events.E-1"]
    assert [p.address for p in sources(reported, "group.absent")] == ["group"]
    assert sources(reported, "nowhere.at.all") == ()
    top = replace(reported, places={"": (Location("whole.yaml", 1, 1),)})
    assert sources(top, "nowhere") == (Location("whole.yaml", 1, 1),)


def test_a_changed_fact_has_both_its_places() -> None:
    reported = submission({"count": 3})
    places = (Location("report.yaml", 4, 1, "count"), Location("inspection.yaml", 5, 5, "count"))
    changed = replace(reported, places={"count": places})
    assert sources(changed, "count") == places


# --- leaving records out --------------------------------------------------------------

GROUND = Ground("asked", "4.1", text("Asked"), (), (), (), {}, {})
OTHER = Ground("review", "4.2", text("Review"), (), (), (), {}, {})
EXEMPT = Exclusions(EVENTS, "exempt", {"asked": GROUND, "review": OTHER})


def test_an_excluded_record_is_listed_with_its_ground_and_counted_nowhere() -> None:
    reported = [event("E-1"), event("E-2", exempt={"ground": "review"}), event("E-3", exempt=None)]
    seen = view({"events": reported}, exclusions=EXEMPT, deadlines=(hours(),))
    assert [r.id for r in seen.select(events())] == ["E-1", "E-3"]
    assert [(e.record.id, e.ground) for e in seen.excluded] == [("E-2", OTHER)]
    assert [p.address for p in seen.excluded[0].sources] == ["events.E-2.exempt"]


def test_excluded_records_are_listed_by_date_whatever_the_order_of_the_file() -> None:
    out = {"ground": "asked"}
    reported = [
        event("E-1", "2025-09-01", exempt=out),
        event("E-3", "2025-02-01", exempt=out),
        event("E-2", "2025-02-01", exempt=out),
    ]
    found = [
        [e.record.id for e in view({"events": order}, exclusions=EXEMPT).excluded]
        for order in (reported, reported[::-1])
    ]
    assert found == [["E-2", "E-3", "E-1"]] * 2


def test_without_a_rule_for_it_nothing_is_excluded() -> None:
    seen = view({"events": [event("E-1", exempt={"ground": "asked"})]})
    assert len(seen.select(events())) == 1
    assert seen.excluded == ()


def test_a_record_can_be_thought_away_without_touching_the_rest() -> None:
    reported = submission({"work": {"notes": [{"id": "N-1"}, {"id": "N-2"}], "done": True}})
    rest = without_record(reported, ("work", "notes"), "N-1")
    assert rest.facts == {"work": {"notes": ({"id": "N-2"},), "done": True}}
    assert lookup(reported.facts, ("work", "notes")) == [{"id": "N-1"}, {"id": "N-2"}]
    assert lookup(MappingProxyType({"work": MappingProxyType({"done": True})}), ("work", "done"))
    top = without_record(submission({"events": [event("E-1")]}), EVENTS, "E-1")
    assert top.facts == {"events": ()}


# --- deadlines ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begun", "last"),
    [
        ("2025-01-01", "2025-03-02"),
        ("2024-01-01", "2024-03-01"),  # over a leap day
        ("2023-12-31", "2024-02-29"),  # on a leap day
        ("2024-02-29", "2024-04-29"),
        ("2025-11-01", "2025-12-31"),
        ("2025-11-02", "2026-01-01"),
    ],
)
def test_sixty_days_run_from_the_day_after(begun: str, last: str) -> None:
    assert due(record(begun=begun), days()) == date.fromisoformat(last)
    assert date.fromisoformat(begun) + timedelta(60) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("at", "last"),
    [
        ("2025-05-02T09:00", "2025-05-03T09:00"),
        ("2024-02-28T23:59", "2024-02-29T23:59"),
        ("2025-02-28T00:00", "2025-03-01T00:00"),
        ("2025-12-31T12:30", "2026-01-01T12:30"),
    ],
)
def test_twenty_four_hours_run_from_the_minute(at: str, last: str) -> None:
    found = due(record(call={"at": at}), hours())
    assert isinstance(found, datetime)
    assert written(found) == last


def test_a_limit_may_depend_on_the_record() -> None:
    limits = {"outside": figure(60), "inside": figure(30)}
    short, long = record(source="inside", begun="2025-01-01"), record(source="outside")
    assert limit(short, days(limits)) == limits["inside"]
    assert limit(long, days(limits)) == limits["outside"]
    assert due(short, days(limits)) == date(2025, 1, 31)
    assert written(date(2025, 1, 31)) == "2025-01-31"


@pytest.mark.parametrize(
    ("begun", "done", "state"),
    [
        # due within the period, 2025-03-02
        ("2025-01-01", None, S.OVERDUE),
        ("2025-01-01", "2025-01-01", S.ON_TIME),
        ("2025-01-01", "2025-03-02", S.ON_TIME),
        ("2025-01-01", "2025-03-03", S.LATE),
        ("2025-01-01", "2025-12-31", S.LATE),
        ("2025-01-01", "2026-01-01", S.OVERDUE),  # at the period's end it was open
        # due on the period's last day
        ("2025-11-01", None, S.OVERDUE),
        ("2025-11-01", "2025-12-31", S.ON_TIME),
        ("2025-11-01", "2026-01-01", S.OVERDUE),
        # due the day after it
        ("2025-11-02", None, S.PENDING),
        ("2025-11-02", "2025-11-02", S.ON_TIME),
        ("2025-11-02", "2025-12-31", S.ON_TIME),
        ("2025-11-02", "2026-01-01", S.PENDING),
        ("2025-12-31", None, S.PENDING),
        ("2025-12-31", "2025-12-31", S.ON_TIME),
        # due on the period's first day, begun before it
        ("2024-11-02", None, S.OVERDUE),
        ("2024-11-02", "2024-12-31", S.SETTLED_EARLIER),
        ("2024-11-02", "2025-01-01", S.ON_TIME),
        ("2024-11-02", "2025-01-02", S.LATE),
        # due the day before it: judged in the earlier period
        ("2024-11-01", None, S.OVERDUE_EARLIER),
        ("2024-11-01", "2024-12-31", S.SETTLED_EARLIER),
        ("2024-11-01", "2025-01-01", S.SETTLED_EARLIER),
        ("2024-11-01", "2025-12-31", S.SETTLED_EARLIER),
        ("2024-11-01", "2026-01-01", S.OVERDUE_EARLIER),
        ("2019-05-05", None, S.OVERDUE_EARLIER),
        # begun after it, as nothing that a period judges
        ("2026-01-01", None, S.PENDING),
    ],
)
def test_where_a_record_stands_at_the_end_of_2025(
    begun: str, done: str | None, state: DeadlineState
) -> None:
    reported = task("T-1", begun, done)
    assert deadline_state(record(**reported), days(), year(2025)) is state
    excused = record(**reported, excuse="No. 7")
    assert deadline_state(excused, days(), year(2025)) is S.EXCUSED
    assert deadline_state(excused, days(excused=None), year(2025)) is state


def stated(begun: date, done: date | None, number: int) -> DeadlineState:
    """The state by the words of the specification, in days, written a second time."""
    start, end, last = date(number, 1, 1), date(number, 12, 31), begun + timedelta(60)
    closed = done if done is not None and done <= end else None
    judged = last if closed is None else min(closed, last)
    if judged > end:
        return S.PENDING
    if judged >= start:
        if closed is None:
            return S.OVERDUE
        return S.ON_TIME if closed <= last else S.LATE
    return S.OVERDUE_EARLIER if closed is None else S.SETTLED_EARLIER


def test_the_states_agree_with_the_specification_around_every_edge() -> None:
    edges = [date(2023, 12, 31), date(2024, 2, 29), date(2024, 12, 31), date(2025, 12, 31)]
    near = [edge + timedelta(n) for edge in edges for n in (-61, -60, -59, -1, 0, 1, 59, 60, 61)]
    for begun, done in product(near, [None, *near]):
        if done is None or done >= begun:
            reported = record(**task("T", str(begun), None if done is None else str(done)))
            for number in (2024, 2025):
                found = deadline_state(reported, days(), year(number))
                assert found is stated(begun, done, number), (begun, done, number)


DAYS = st.dates(date(2022, 6, 1), date(2026, 6, 1))


@given(DAYS, st.none() | st.integers(0, 900))
def test_a_record_is_judged_in_one_year_and_asked_for_until_it_ends(
    begun: date, length: int | None
) -> None:
    done = None if length is None else begun + timedelta(length)
    reported = record(**task("T", str(begun), None if done is None else str(done)))
    states = [deadline_state(reported, days(), year(number)) for number in range(2022, 2031)]
    judged = [state for state in states if state in JUDGED_HERE]
    assert len(judged) == 1
    where = states.index(judged[0])
    assert set(states[:where]) <= {S.PENDING}
    after = states[where + 1 :]
    assert set(after) <= {S.SETTLED_EARLIER, S.OVERDUE_EARLIER}
    if done is None:
        assert judged == [S.OVERDUE]
        assert set(after) == {S.OVERDUE_EARLIER}
    else:
        assert after == sorted(after, key=str)  # open for some years, then settled


@pytest.mark.parametrize(
    ("at", "answered", "state"),
    [
        ("2025-05-02T09:00", "2025-05-02T09:00", S.ON_TIME),
        ("2025-05-02T09:00", "2025-05-03T08:59", S.ON_TIME),
        ("2025-05-02T09:00", "2025-05-03T09:00", S.ON_TIME),  # exactly 24 hours
        ("2025-05-02T09:00", "2025-05-03T09:01", S.LATE),
        ("2025-05-02T09:00", None, S.OVERDUE),
        ("2024-02-28T12:00", "2024-02-29T12:00", S.ON_TIME),
        ("2024-02-28T12:00", "2024-03-01T12:00", S.LATE),  # 24 hours in any other year
        ("2025-12-31T20:00", "2026-01-01T20:00", S.ON_TIME),  # hours are judged with their record
        ("2025-12-31T20:00", "2026-01-01T20:01", S.LATE),
        ("2025-12-31T20:00", None, S.OVERDUE),
    ],
)
def test_hours_are_judged_with_their_record(
    at: str, answered: str | None, state: DeadlineState
) -> None:
    call = {"at": at} | ({} if answered is None else {"answered": answered})
    assert deadline_state(record(call=call), hours(), year(int(at[:4]))) is state


def test_the_state_is_one_more_field_where_something_began() -> None:
    called, quiet = event("E-1", call={"at": "2025-05-02T09:00"}), event("E-2")
    seen = view({"events": [called, quiet]}, deadlines=(hours(),))
    assert [r.fields.get("reply") for r in seen.select(events())] == [S.OVERDUE, None]
    assert [r.id for r in seen.select(events(reply="overdue"))] == ["E-1"]
    assert due(record(**quiet), hours()) is None
    assert deadline_state(record(**quiet), hours(), year(2025)) is None
    untouched = record(**quiet)
    assert with_state(untouched, hours(), year(2025)) is untouched


def test_the_deadline_that_conditions_ask_about() -> None:
    seen = view({}, deadlines=(days(), hours()))
    assert seen.deadline(where(level="high", reply="late")) == hours()
    assert seen.deadline(where(closing="late")) == days()
    assert seen.deadline(where(level="high")) is None
    assert seen.deadline(()) is None


def test_two_deadlines_on_one_list_both_speak() -> None:
    short = days(id="answer", limits={"": figure(5)})
    reported: dict[str, Any] = {"tasks": [task("T-1", "2025-03-01", "2025-03-20")]}
    (found,) = view(reported, deadlines=(days(), short)).select(Selection(TASKS))
    assert (found.fields["closing"], found.fields["answer"]) == (S.ON_TIME, S.LATE)


def test_a_list_that_no_rulebook_knows_is_empty() -> None:
    seen = view({"tasks": [task("T-1")]})
    assert replace(seen, records={}).select(tasks()) == ()


def test_rulebooks_name_the_states_by_these_words() -> None:
    words = ["excused", "pending", "on_time", "late", "overdue", "settled_earlier"]
    assert list(S) == [*words, "overdue_earlier"]


# --- which group a unit is in, and what the rulebook is to it -------------------------

GROUPS = (Group("hill", text("Hill")), Group("plain", text("Plain")))


def grouped(by: Any = "group", apart: bool = False, *groups: Group) -> Grouping:
    return Grouping(by, groups or GROUPS, apart)


@pytest.mark.parametrize(
    ("by", "names", "group"),
    [
        ("group", ("hill", "plain"), "hill"),
        ("kind", ("subdistrict", "township"), "township"),
        ("id", ("oak", "elm"), "oak"),
        ("group", ("plain",), None),
        ("id", ("elm",), None),
    ],
)
def test_units_fall_into_groups_by_the_register(
    by: str, names: tuple[str, ...], group: str | None
) -> None:
    grouping = grouped(by, False, *(Group(name, text(name)) for name in names))  # noqa: FBT003
    book = above(rulebook(), grouping=grouping)
    assert group_of(book, township("oak", "hill")) == group
    assert groups_of(book, [township("oak", "hill")]) == ({"oak": group} if group else {})


def test_without_groups_everybody_is_in_none() -> None:
    assert group_of(rulebook(), township("oak", "hill")) is None
    book = rulebook(section("1", clause("1.1", 10)))
    assert of_group(book, "hill") is book


def test_what_is_meant_for_no_group_is_meant_for_all() -> None:
    found = [for_group(of, mine) for of in ((), ("hill",)) for mine in ("hill", "plain", None)]
    assert found == [True, True, True, True, False, False]


def book_of_groups(*, apart: bool = False) -> Rulebook:
    """Hills have 1.1 by 30 points, plains by 20 and 1.2 besides; section 2 weighs by group."""
    roads = clause(
        "1.1", 25, take("bad"), points_by_group={"hill": figure(30), "plain": figure(20)}
    )
    fields = clause("1.2", 10, take("idle"), groups=("plain",))
    woods = clause("2.1", 100, take("cut"))
    book = rulebook(
        section("1", roads, fields, points_by_group={"hill": figure(30), "plain": figure(30)}),
        section("2", woods, weight=figure(70), weight_by_group={"hill": figure(60)}),
        section("3", clause("3.1", 5), groups=("hill",)),
    )
    pools = (Pool("bonus", text("Bonus"), "", (give("plus"),), groups=("hill",)),)
    pay = Payment(
        "bonus-pay", text("Pay"), "4", text("yuan"), figure(10), figure(80), {"hill": figure(20)}
    )
    by_group = {"hill": figure(95), "plain": figure(100)}
    return replace(
        above(book, grouping=grouped("group", apart), pools=pools, payments=(pay,)),
        total_by_group=by_group,
    )


REPORTS = {
    "oak": {"bad": 3, "idle": 9, "cut": 10, "plus": 2},
    "elm": {"bad": 3, "idle": 4, "cut": 10, "plus": 2},
    "yew": {"bad": 3, "idle": 4, "cut": 10, "plus": 2},
}
REGISTER = {"oak": "hill", "elm": "plain", "yew": "town"}


def test_every_group_has_its_own_clauses_points_and_weights() -> None:
    hill, plain, other = (of_group(book_of_groups(), group) for group in ("hill", "plain", None))
    assert [[c.id for c in book.clauses()] for book in (hill, plain, other)] == [
        ["1.1", "2.1", "3.1"],
        ["1.1", "1.2", "2.1"],
        ["1.1", "2.1"],
    ]
    points = [[int(c.points.value) for c in book.clauses()] for book in (hill, plain, other)]
    assert points == [[30, 100, 5], [20, 10, 100], [25, 100]]
    assert [book.sections[0].points.value for book in (hill, plain, other)] == [30, 30, 35]
    weights = [book.sections[1].weight for book in (hill, plain, other)]
    assert [weight.value for weight in weights if weight] == [60, 70, 70]
    assert [book.total.value for book in (hill, plain)] == [95, 100]
    assert [len(book.above.pools) for book in (hill, plain, other)] == [1, 0, 0]
    assert [book.above.payments[0].per_point.value for book in (hill, plain, other)] == [20, 10, 10]


def test_units_are_scored_and_paid_by_their_groups() -> None:
    result = judged(a_year(book_of_groups(), REPORTS, groups=REGISTER))
    found = {s.township.id: s for s in result.standings}
    scores = {name: s.scorecard.score for name, s in found.items() if s.scorecard}
    # 30 − 3 + 90 × 60 % + 5 + 2; 20 − 3 + 10 − 4 + 90 × 70 %; 25 − 3 + 90 × 70 %
    assert scores == {"oak": 88, "elm": 86, "yew": 85}
    assert {n: s.scorecard.total for n, s in found.items() if s.scorecard} == {
        "oak": 95,
        "elm": 100,
        "yew": 140,
    }
    assert {name: s.group for name, s in found.items()} == {
        "oak": "hill",
        "elm": "plain",
        "yew": None,
    }
    assert {name: s.payments[0].amount for name, s in found.items()} == {
        "oak": 1760,
        "elm": 860,
        "yew": 850,
    }
    assert {name: s.rank for name, s in found.items()} == {"oak": 1, "elm": 2, "yew": 3}


def test_groups_may_be_ranked_each_by_itself() -> None:
    reports = REPORTS | {"ash": REPORTS["elm"] | {"bad": 1}, "fir": REPORTS["oak"]}
    register = REGISTER | {"ash": "plain", "fir": "hill"}
    given = a_year(book_of_groups(apart=True), reports, groups=register, missing=["bay"])
    found = {s.township.id: (s.rank, s.tied) for s in judged(given).standings}
    assert found == {
        "oak": (1, True),
        "fir": (1, True),
        "ash": (1, False),
        "elm": (2, False),
        "yew": (1, False),  # in no group: by itself
        "bay": (None, False),
    }


# --- when the periods of a year are, and what stands before each of them --------------

HAVE = FactQuantity(("have",))
BEFORE = BeforeQuantity(HAVE)
YEAR_BEFORE = YearBeforeQuantity(HAVE)
HALVES = (
    Part("H1", text("H1"), "01-01", "06-30", figure(50)),
    Part("H2", text("H2"), "07-01", "12-31", figure(50)),
)
RISEN = give("risen", actual=DifferenceQuantity(HAVE, BEFORE))


def halves() -> Rulebook:
    book = rulebook(section("1", clause("1.1", 100, RISEN, starts="zero"), each="period"))
    return above(book, parts=HALVES)


def sent(h1: Any, h2: Any, whole: Any = 0) -> dict[str, Any]:
    """A report for two halves; None where there is nothing for one of them."""
    halves = {"H1": h1, "H2": h2}
    return {
        "have": whole,
        "periods": {name: {"have": n} for name, n in halves.items() if n is not None},
    }


def views(book: Rulebook, now: dict[str, Any], last: dict[str, Any] | None = None) -> Views:
    before: dict[str, Submission] = {} if last is None else {"alder": submission(last)}
    sent_in = {"alder": submission(now)}
    return views_of(sent_in, book, year(2025), {}, before, Calendar())["alder"]


def test_the_periods_of_a_year_have_their_own_days() -> None:
    found = views(halves(), sent(1, 2))
    assert {part: view.period for part, view in found.items()} == {
        None: year(2025),
        "H1": Period(date(2025, 1, 1), date(2025, 6, 30)),
        "H2": Period(date(2025, 7, 1), date(2025, 12, 31)),
    }
    assert [view.value(("have",)) for view in found.values()] == [0, 1, 2]


@pytest.mark.parametrize(("number", "end"), [(2024, 29), (2025, 28), (2028, 29)])
def test_a_period_to_the_end_of_february_ends_on_it(number: int, end: int) -> None:
    parts = (
        Part("P1", text("P1"), "01-01", "02-29", figure(20)),
        Part("P2", text("P2"), "03-01", "12-31", figure(80)),
    )
    book = above(one_clause(10), parts=parts)
    found = views_of({"a": submission({})}, book, year(number), {}, {}, Calendar())["a"]
    assert found["P1"].period.end == date(number, 2, end)


def test_a_period_comes_after_the_one_before_across_the_years_as_well() -> None:
    found = views(halves(), sent(7, 9, 16), sent(2, 4, 6))
    assert {part: BEFORE.measure(view).value for part, view in found.items()} == {
        None: 6,
        "H1": 4,  # the second half of the year before
        "H2": 7,
    }


def test_a_year_before_a_period_is_the_same_one() -> None:
    found = views(halves(), sent(7, 9, 16), sent(2, 4, 6))
    values = {part: YEAR_BEFORE.measure(view).value for part, view in found.items()}
    assert values == {None: 6, "H1": 2, "H2": 4}
    found = views(halves(), sent(7, 9, 16), sent(None, 4, 6))
    assert YEAR_BEFORE.measure(found["H1"]).value is None


@pytest.mark.parametrize(
    ("last", "before"),
    [(None, None), ({}, None), (sent(2, None), 2), ({"periods": 3, "have": 1}, None)],
)
def test_the_last_period_that_was_reported_comes_before_the_first(last: Any, before: Any) -> None:
    assert BEFORE.measure(views(halves(), sent(7, 9), last)["H1"]).value == before


def test_what_was_before_does_not_matter_to_a_rulebook_that_never_asks() -> None:
    assert views(one_clause(10), {"have": 3}, {"have": 2})[None].before is None


def test_rises_are_counted_from_period_to_period() -> None:
    given = a_year(halves(), {"oak": sent(7, 9), "elm": sent(3, 2)}, before={"oak": sent(0, 4)})
    cards = [s.scorecard for s in judged(given).standings]
    scores = [[int(s.points * 2) for s in card.sections] for card in cards if card]
    assert scores == [[0, 0], [3, 2]]  # elm has no past and falls; oak: 4 → 7 → 9


def test_the_year_before_ends_on_its_own_last_day_of_february() -> None:
    span = Period(date(2024, 2, 1), date(2024, 2, 29))
    book = one_clause(10)
    found = past_views({"oak": submission({})}, book, span, {}, Calendar())
    assert found["oak"][None].period == Period(date(2023, 2, 1), date(2023, 2, 28))
    assert past_views({}, book, span, {}, Calendar()) == {}


X_AND_Y = (Group("x", text("X")), Group("y", text("Y")))


@pytest.mark.parametrize(("apart", "found"), [(True, [3, 8, 3]), (False, [8, 8, 8])])
def test_units_were_compared_the_year_before_with_those_ranked_with_them(
    apart: bool, found: list[int]
) -> None:
    best = give("best", actual=BeforeQuantity(BestQuantity(HAVE, "higher")))
    book = rulebook(section("1", clause("1.1", 100, best, starts="zero")))
    book = above(book, grouping=Grouping("group", X_AND_Y, apart=apart))
    before = {"a": {"have": 3}, "b": {"have": 8}, "c": {"have": 2}}
    now: dict[str, Any] = {name: {"have": 0} for name in before}
    groups = {"a": "x", "b": "y", "c": "x"}
    result = judged(a_year(book, now, groups=groups, before=before))
    assert [s.scorecard.score for s in result.standings if s.scorecard] == found


def test_units_are_compared_with_those_ranked_with_them() -> None:
    grouping = Grouping("group", X_AND_Y, apart=True)
    best = give("best", actual=BestQuantity(HAVE, "higher"))
    book = above(rulebook(section("1", clause("1.1", 100, best, starts="zero"))), grouping=grouping)
    reports = {"a": {"have": 3}, "b": {"have": 8}, "c": {"have": 5}}
    groups = {"a": "x", "b": "y", "c": "x"}
    found = [s.scorecard for s in judged(a_year(book, reports, groups=groups)).standings]
    assert [card.score for card in found if card] == [5, 8, 5]
    together = above(book, grouping=replace(grouping, apart=False))
    found = [s.scorecard for s in judged(a_year(together, reports, groups=groups)).standings]
    assert [card.score for card in found if card] == [8, 8, 8]
