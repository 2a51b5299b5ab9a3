"""A card as a text that is kept, and again: all that ranks, lines and grades look at."""

from dataclasses import replace

import pytest

from generator.engine.book import TieBreaker
from generator.engine.facts import groups_of, of_group
from generator.engine.problem import Text
from generator.engine.quantities import FactQuantity
from generator.engine.rank import placed
from generator.review.judge import card, light, suffices
from tests.builders import first_book
from tests.cities import CITIES, city
from tests.trees import Written, demonstration, results


def test_no_report_is_no_card() -> None:
    assert card(light(None), "songhe", first_book().rulebook) is None


@pytest.mark.parametrize("name", ["demonstration", *CITIES])
def test_a_card_kept_ranks_as_the_card_itself(name: str) -> None:
    """Also where the rulebook compares: the card is whole but for what it was made from."""
    made = (
        results(Written(demonstration())).values()
        if name == "demonstration"
        else city(name).results
    )
    for result in made:
        inputs = result.inputs
        groups = groups_of(inputs.rulebook, inputs.townships)
        again = {}
        for standing in result.standings:
            own = of_group(inputs.rulebook, groups.get(standing.township.id))
            kept = card(light(standing.scorecard), standing.township.id, own)
            if standing.scorecard is None or kept is None:
                assert kept is standing.scorecard
                continue
            again[standing.township.id] = kept
            whole = standing.scorecard
            assert (kept.score, kept.total, kept.last) == (whole.score, whole.total, whole.last)
            assert (kept.outcomes, kept.barred) == (whole.outcomes, whole.barred)
            assert kept.parts == whole.parts
            assert [(a.id, a.points) for a in kept.adjustments] == [
                (a.id, a.points) for a in whole.adjustments
            ]
            assert [(s.section, s.part, s.points, s.weight) for s in kept.sections] == [
                (s.section, s.part, s.points, s.weight) for s in whole.sections
            ]
            assert [(c.clause, c.points) for c in kept.clauses()] == [
                (c.clause, c.points) for c in whole.clauses()
            ]
        if suffices(inputs.rulebook):
            assert [
                (s.township.id, s.rank, s.tied, s.outcomes, s.band, s.payments)
                for s in placed(inputs, again)
            ] == [
                (s.township.id, s.rank, s.tied, s.outcomes, s.band, s.payments)
                for s in result.standings
            ]


def test_it_does_not_suffice_where_facts_decide_a_tie() -> None:
    book = first_book().rulebook
    by_points = TieBreaker(Text("分", "Points"), "higher", section="3")
    by_facts = TieBreaker(Text("量", "Receptions"), "higher", quantity=FactQuantity(("a",)))
    for breaker, enough in ((by_points, True), (by_facts, False)):
        above = replace(book.above, tie_breakers=(breaker,))
        assert suffices(replace(book, above=above)) == enough
    assert suffices(book)
    assert not suffices(city("linjiang").newest.inputs.rulebook)
