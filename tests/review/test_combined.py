"""Combinations of readings: all of them where there are few, else always the same sample."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.engine.problem import Location
from generator.review.readings import picked
from generator.rulebook.readings import Option

PLACE = Location("data/rulebooks/a/1/readings.yaml", 1, 1)


def option(reading: str, name: str) -> Option:
    return Option(reading, name, (), None, PLACE)


OPTIONS = [option(r, a) for r, a in ("ax", "ay", "bx", "cx", "cy", "cz", "dx")]


def never(_: Option, __: Option) -> bool:
    return False


def test_few_are_all_looked_at_and_the_first_is_the_rulebook_as_it_stands() -> None:
    found = picked(OPTIONS, never, 48, 1, "")
    assert (found.total, len(found.chosen), found.complete) == (48, 48, True)
    assert found.chosen[0] == ()
    assert len(set(found.chosen)) == 48


def test_nothing_to_choose_is_one_way() -> None:
    assert picked([], never, 10, 10, "").chosen == ((),)
    assert picked(OPTIONS, never, 0, 0, "").chosen == ((),)


def test_too_many_are_sampled_with_every_reading_by_itself() -> None:
    found = picked(OPTIONS, never, 47, 20, "seed")
    assert (found.total, len(found.chosen), found.complete) == (48, 20, False)
    assert found.chosen[: len(OPTIONS) + 1] == ((), *((one,) for one in OPTIONS))
    assert len(set(found.chosen)) == 20
    for chosen in found.chosen:
        readings = [one.reading for one in chosen]
        assert readings == sorted(set(readings))


def test_the_sample_is_the_same_twice_and_follows_from_its_seed() -> None:
    assert picked(OPTIONS, never, 1, 30, "a") == picked(OPTIONS, never, 1, 30, "a")
    assert picked(OPTIONS, never, 1, 30, "a") != picked(OPTIONS, never, 1, 30, "b")


@given(pairs=st.sets(st.sampled_from(list(combinations(range(7), 2)))))
def test_what_clashes_is_never_chosen_together_and_never_counted(
    pairs: set[tuple[int, int]],
) -> None:
    apart = {frozenset((OPTIONS[a].name, OPTIONS[b].name)) for a, b in pairs}

    def clash(one: Option, other: Option) -> bool:
        return frozenset((one.name, other.name)) in apart

    fitting = [
        chosen
        for chosen in picked(OPTIONS, never, 48, 1, "").chosen
        if not any(clash(a, b) for a, b in combinations(chosen, 2))
    ]
    found = picked(OPTIONS, clash, 48, 1, "")
    assert list(found.chosen) == fitting
    assert found.total == len(fitting)
    many = min(9, len(fitting))
    sampled = picked(OPTIONS, clash, 0, many, "")
    assert set(sampled.chosen) <= set(fitting)
    assert sampled.total == len(fitting)


@pytest.mark.parametrize("sampled", [1, 3])
def test_a_sample_may_be_smaller_than_the_readings_are_many(sampled: int) -> None:
    assert len(picked(OPTIONS, never, 1, sampled, "").chosen) == sampled
