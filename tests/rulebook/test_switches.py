"""An alternative puts its values where its addresses lead, and nowhere else."""

from decimal import Decimal
from typing import Any

import pytest

from generator.engine.problem import Location
from generator.rulebook.books import Option, Put
from tests.review.readings import board, option

PLACE = Location("data/rulebooks/a/1/readings.yaml", 1, 1)


def put(at: str, value: object) -> Any:
    """The first rulebook as written with one replacement made."""
    switch = Option("floor", "x", (Put(at, value, PLACE),), None, PLACE)
    return board().value((switch,))


def clause(value: Any, name: str) -> Any:
    clauses = (one for section in value["sections"] for one in section["clauses"])
    return next(one for one in clauses if one["id"] == name)


def rule(value: Any, name: str, which: str) -> Any:
    return next(one for one in clause(value, name)["rules"] if one["id"] == which)


def test_an_id_with_a_dot_is_found() -> None:
    value = put("sections.2.clauses.2.5.points.value", 9)
    assert clause(value, "2.5")["points"]["value"] == 9
    assert clause(value, "2.6") == clause(board().document.value, "2.6")
    assert clause(board().document.value, "2.5")["points"]["value"] == 4


def test_a_star_is_every_entry_and_every_key() -> None:
    value = put("sections.*.clauses.*.below_zero", value=True)
    clauses = [one for section in value["sections"] for one in section["clauses"]]
    assert all(one["below_zero"] is True for one in clauses)
    limits = put("deadlines.closing.limits.*.value", 1)["deadlines"][0]["limits"]
    assert {one["value"] for one in limits.values()} == {1}


def test_null_strikes_a_key_or_a_record() -> None:
    value = put("sections.2.clauses.2.3.rules.over-limit", None)
    rules = [one["id"] for one in clause(value, "2.3")["rules"]]
    assert rules == ["on-time-rate", "open-overdue"]
    value = put("sections.2.clauses.2.2.rules.opinions.where.closed", None)
    assert rule(value, "2.2", "opinions")["where"] == {"opinion": False}
    assert put("sections.2.clauses.*.rules.*", None)["sections"][1]["clauses"][0]["rules"] == []


def test_a_record_that_is_not_there_is_added_if_it_says_its_id() -> None:
    value = put("lines.talk", {"id": "talk", "below": 60})
    assert [line["id"] for line in value["lines"]] == ["commendation", "criticism", "talk"]


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("lines.talk", {"below": 60}),
        ("lines.talk.below", 60),
        ("lines.commendation.caps", None),
        ("sections.4.points", 1),
        ("sections.1.points.value.more", 1),
        ("readings.floor.phrase", "x"),
        ("version", 2),
    ],
)
def test_what_leads_nowhere_changes_nothing(at: str, value: Any) -> None:
    assert put(at, value) == board().document.value


def test_places_that_lie_in_each_other_clash() -> None:
    def switch(name: str, at: str, value: Any = 1) -> Option:
        return Option(name, "x", (Put(at, value, PLACE),), None, PLACE)

    def clash(one: Option, other: Option) -> bool:
        return board().clash(one, other)

    whole = switch("a", "sections.1.clauses.1.1.points")
    assert clash(whole, switch("b", "sections.*.clauses.*.points.value"))
    assert clash(switch("b", "sections.1.clauses.1.1.points.value"), whole)
    assert not clash(whole, switch("b", "sections.1.clauses.1.2.points"))
    assert not clash(whole, switch("b", "sections.1.clauses.1.1.below_zero"))


def test_alternatives_come_in_the_order_of_the_rulebook_with_what_they_say() -> None:
    readings = {one.id: n for n, one in enumerate(board().book.rulebook.readings)}
    order = [readings[one.reading] for one in board().options]
    assert order == sorted(order)
    equal, undivided = option("points-split=equal"), option("points-split=undivided")
    assert equal.instead[0].value == Decimal("6.25")
    assert equal.note is not None
    assert undivided.instead == ()
    assert undivided not in board().executable


def test_a_rulebook_read_otherwise_is_the_same_but_for_that() -> None:
    found = board().under((option("outstanding=places-only"),))
    own = board().book.rulebook
    assert found.sections == own.sections
    assert found.readings == own.readings
    assert found.sha256 == own.sha256
    assert found.lines[0].bounds != own.lines[0].bounds
    assert found.lines[1] == own.lines[1]
