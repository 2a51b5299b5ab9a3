"""Addresses lead to what they say, and putting something there changes nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.reading.source import address, keys_of, names, replaced, value_at

FACTS: dict[str, Any] = {
    "receptions": 126,
    "group": {"days": ["a", "b"], "yes": True},
    "visits": [
        {"id": "V-1", "level": "city", "exempt": {"ground": "x", "documents": [{"level": "city"}]}},
        {"id": "V-2", "level": "province"},
    ],
    "articles": [{"kind": "a"}, {"kind": "b"}],
}


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ("receptions", ("receptions",)),
        ("group.days", ("group", "days")),
        ("group.days.2", ("group", "days", 1)),
        ("visits.V-2.level", ("visits", 1, "level")),
        ("visits.V-1.exempt.documents.1.level", ("visits", 0, "exempt", "documents", 0, "level")),
        ("articles.2.kind", ("articles", 1, "kind")),
        ("", ()),
    ],
)
def test_an_address_and_its_keys_are_two_ways_to_one_value(
    written: str, keys: tuple[str | int, ...]
) -> None:
    assert keys_of(FACTS, written) == keys
    assert address(FACTS, keys) == written
    assert names(FACTS, keys) == (written.split(".") if written else [])


@pytest.mark.parametrize(
    "written",
    [
        "x",
        "visits.V-3",
        "visits.1",
        "visits.V-1.x",
        "receptions.x",
        "group.days.3",
        "visits..id",
        ".",
    ],
)
def test_nothing_stands_at_other_addresses(written: str) -> None:
    assert keys_of(FACTS, written) is None
    assert value_at(FACTS, written) is None


def test_keys_that_lead_nowhere_still_have_an_address() -> None:
    assert address(FACTS, ("visits", 9, "level")) == "visits.10.level"
    assert address(FACTS, ("receptions", "x", 0)) == "receptions.x.1"
    assert address({"a": [{"id": 5}, {"id": ""}]}, ("a", 0)) == "a.1"


def test_a_value_is_replaced_and_the_rest_is_the_same_object() -> None:
    changed = replaced(FACTS, ["visits", "V-2", "level"], "city")
    assert value_at(changed, "visits.V-2") == {"id": "V-2", "level": "city"}
    assert FACTS["visits"][1]["level"] == "province"
    assert changed["visits"][0] is FACTS["visits"][0]
    assert changed["group"] is FACTS["group"]


def test_a_record_is_replaced_whole_and_keeps_its_id_and_place() -> None:
    changed = replaced(FACTS, ["visits", "V-1"], {"level": "beijing"})
    assert changed["visits"] == [{"id": "V-1", "level": "beijing"}, FACTS["visits"][1]]


def test_records_and_keys_are_added_and_struck() -> None:
    added = replaced(FACTS, ["visits", "V-9"], {"level": "beijing"})
    assert added["visits"][-1] == {"id": "V-9", "level": "beijing"}
    assert replaced(FACTS, ["visits", "V-1"], None)["visits"] == FACTS["visits"][1:]
    assert "exempt" not in replaced(FACTS, ["visits", "V-1", "exempt"], None)["visits"][0]
    assert replaced(FACTS, ["new"], 1)["new"] == 1


@pytest.mark.parametrize("parts", [["visits", "V-9"], ["visits", "V-1", "repeat"], ["nothing"]])
def test_striking_what_is_not_there_changes_nothing(parts: list[str]) -> None:
    assert replaced(FACTS, parts, None) == FACTS


@given(
    st.sampled_from(["receptions", "group.yes", "group.days", "visits.V-1", "visits.V-2.level"]),
    st.one_of(st.integers(), st.booleans(), st.text(max_size=3), st.lists(st.integers())),
)
def test_what_is_put_somewhere_stands_there(written: str, new: object) -> None:
    changed = replaced(FACTS, written.split("."), new)
    if written != "visits.V-1":  # without an id it is no record any more
        assert value_at(changed, written) == new
    others = [other for other in ("receptions", "articles") if other != written]
    assert all(value_at(changed, other) == value_at(FACTS, other) for other in others)
