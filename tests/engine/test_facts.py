"""Looking facts up, leaving records out, and where records stand towards time limits."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import product
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.book import DeadlineState, Exclusions, Ground
from generator.engine.measures import Condition, Selection
from generator.engine.problem import Location
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
from generator.engine.year import Record
from tests.builders import (
    EVENTS,
    TASKS,
    days,
    event,
    events,
    figure,
    hours,
    present,
    submission,
    task,
    tasks,
    text,
    view,
    where,
    year,
)

S = DeadlineState
JUDGED_HERE = {S.ON_TIME, S.LATE, S.OVERDUE}


def record(**fields: object) -> Record:
    return Record("R-1", "list.R-1", fields)


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
def test_a_record_meets_every_condition_or_not(
    condition: tuple[Condition, ...],
    met: bool,
) -> None:
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
