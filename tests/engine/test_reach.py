"""What a rulebook looks at besides one unit's own records."""

from typing import Any

import pytest

from generator.engine.book import (
    NotApplicable,
    Pool,
    Rulebook,
    Streak,
    TieBreaker,
    Veto,
    looks_aside,
    looks_back,
)
from generator.engine.kinds.ceiling import Ceiling
from generator.engine.kinds.per_record import PerRecord
from generator.engine.kinds.scale import Scale
from generator.engine.measures import Bounds, Quantity, held
from generator.engine.quantities import (
    BeforeQuantity,
    BestQuantity,
    CountQuantity,
    DifferenceQuantity,
    FactQuantity,
    FigureQuantity,
    IncreaseQuantity,
    PercentQuantity,
    RankQuantity,
    ShareQuantity,
    SumQuantity,
    TotalQuantity,
)
from tests.builders import (
    EVENTS,
    TASKS,
    above,
    clause,
    events,
    figure,
    has,
    is_so,
    lies,
    one_clause,
    rulebook,
    section,
    take,
    tasks,
    text,
)

HAVE = FactQuantity(("have",))
TWO = FigureQuantity(figure(2))
BEFORE = BeforeQuantity(HAVE)
PEER = BestQuantity(HAVE, "higher")
INCREASE = IncreaseQuantity(events(), ("on",), "month", None)
NAMED: dict[str, Any] = {"id": "r", "label": text("R"), "unit": text("")}


def deep(inner: Quantity) -> list[Quantity]:
    """The same inside everything that quantities are made of."""
    return [
        inner,
        PercentQuantity(figure(5), inner, None),
        ShareQuantity(inner, TWO),
        ShareQuantity(TWO, inner),
        TotalQuantity((TWO, inner)),
        DifferenceQuantity(inner, TWO),
        DifferenceQuantity(TWO, inner),
        RankQuantity(inner, "higher"),
        BeforeQuantity(inner),
    ]


def asking(quantity: Quantity) -> list[Rulebook]:
    """The quantity everywhere a rulebook can ask for one."""
    scale = Scale(**NAMED, value=quantity, along=(), stepped=True, otherwise=None)
    ceiling = Ceiling(**NAMED, selection=events(), limit=quantity, amount=figure(1))
    test = (lies(quantity, at_least=1),)
    applies = NotApplicable(test, "full")
    return [
        one_clause(10, take("a", actual=quantity)),
        one_clause(10, take("a", bound=quantity)),
        one_clause(10, scale),
        one_clause(10, ceiling),
        rulebook(section("1", clause("1.1", 10, applies=applies))),
        above(one_clause(10), pools=(Pool("p", text("P"), "", (scale,)),)),
        above(one_clause(10), pools=(Pool("p", text("P"), "", (), where=test),)),
        above(one_clause(10), vetoes=(Veto("v", text("V"), "1", test),)),
        above(one_clause(10), tie_breakers=(TieBreaker(text("T"), "higher", quantity=quantity),)),
    ]


@pytest.mark.parametrize("quantity", [*deep(BEFORE), *deep(INCREASE)], ids=str)
def test_what_was_before_matters_wherever_it_is_asked_for(quantity: Quantity) -> None:
    assert [looks_back(book) for book in asking(quantity)] == [True] * 9


@pytest.mark.parametrize("quantity", deep(PEER), ids=str)
def test_others_matter_wherever_they_are_asked_for(quantity: Quantity) -> None:
    assert [looks_aside(book) for book in asking(quantity)] == [True] * 9


def test_otherwise_neither_matters() -> None:
    for book in (*asking(HAVE), *asking(TWO), *asking(SumQuantity(events(), ("n",)))):
        assert not looks_back(book)
        assert not looks_aside(book)
    by_fact = above(
        one_clause(10),
        vetoes=(Veto("v", text("V"), "1", (has("a", "b"), is_so("c"))),),
        tie_breakers=(TieBreaker(text("T"), "higher", section="1"),),
    )
    assert list(by_fact.quantities()) == []


def test_rows_of_grades_look_back_and_means_look_aside() -> None:
    streak = Streak("s", text("S"), "1", ("low",), figure(2), ())
    assert looks_back(above(one_clause(10), streaks=(streak,)))
    for counts, aside in (("mean", True), ("section", False), ("zero", False)):
        way: Any = counts
        one = clause("1.1", 10, applies=NotApplicable((is_so("a"),), way))
        assert looks_aside(rulebook(section("1", one))) is aside


def test_lists_by_which_something_is_measured() -> None:
    share = ShareQuantity(CountQuantity(tasks(good=True)), SumQuantity(events(), ("n",)))
    assert list(take("a", actual=share).lists()) == [TASKS, EVENTS]
    assert list(take("a", bound=INCREASE).lists()) == [EVENTS]
    each = PerRecord(**NAMED, selection=events(), amount=figure(1))
    assert (held(each, Quantity), list(each.lists())) == ((), [])
    assert Bounds().hold(0)
