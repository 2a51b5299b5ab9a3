"""The short way to an effect finds what the long way finds, whatever the rulebook."""

import pytest
from hypothesis import given

from generator.engine import effects
from generator.engine.above import TieBreaker
from generator.engine.book import NotApplicable, Rulebook
from generator.engine.effects import Effects
from generator.engine.measures import CountQuantity
from generator.engine.rank import effect_of, judged, left_out
from generator.engine.result import YearResult
from tests.builders import (
    a_year,
    above,
    clause,
    event,
    events,
    is_so,
    rulebook,
    section,
    steady,
    text,
)
from tests.engine.test_any_rulebook import REGISTER, Reports, reports, rulebooks
from tests.engine.test_rank import EACH, standing


def both_ways(result: YearResult) -> None:
    """Each effect found shortly is the one found at length."""
    found = Effects(result)
    for one in result.standings:
        charges = [c for s in one.scorecard.clauses() for c in s.charges] if one.scorecard else []
        assert [each.charge for each in found.of(one)] == charges
        for each in found.of(one):
            other = effect_of(result, one, each.charge)
            assert other is not None
            assert (each.score, each.rank, each.tied) == (other.score, other.rank, other.tied)
            assert each.record == left_out(result, one, each.charge)


@steady
@given(rulebooks(), reports(), reports())
def test_the_short_way_finds_what_the_long_way_finds(
    book: Rulebook, sent: Reports, before: Reports
) -> None:
    both_ways(judged(a_year(book, sent, groups=REGISTER, before=before)))


EVENTS = {
    "ash": {"road": True, "events": [event("E-1"), event("E-2")]},
    "elm": {"road": False, "events": []},
}
AWAY = NotApplicable((is_so("road"),), "mean")


def test_who_counts_what_the_others_have_is_moved_with_them() -> None:
    both_ways(judged(a_year(rulebook(section("1", clause("1.1", 10, EACH, applies=AWAY))), EVENTS)))


def test_among_very_many_what_moves_others_is_not_worked_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(effects, "MOST_AT_LENGTH", 1)
    book = rulebook(section("1", clause("1.1", 10, EACH, applies=AWAY)))
    result = judged(a_year(book, EVENTS))
    assert Effects(result).of(standing(result, "ash")) == ()


def test_a_list_that_decides_between_equal_scores_is_counted_anew() -> None:
    fewer = TieBreaker(text(""), "lower", quantity=CountQuantity(events()))
    book = above(rulebook(section("1", clause("1.1", 10, EACH))), tie_breakers=(fewer,))
    both_ways(judged(a_year(book, EVENTS)))
