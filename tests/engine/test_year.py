"""The few things that the engine's values can say of themselves."""

from dataclasses import replace
from pathlib import Path

import pytest

from generator.engine.measures import Basis
from generator.engine.problem import Location, Message, Problem, Severity, Stop, Text, errors
from generator.engine.year import Change, City, Submission
from tests.builders import (
    a_year,
    clause,
    correction,
    decision,
    one_clause,
    rulebook,
    section,
    township,
)
from tests.cases import ROOT


@pytest.mark.parametrize(
    ("last", "years"), [(None, [2020, 2021, 2022, 2023]), (2021, [2020, 2021]), (2020, [2020])]
)
def test_a_township_is_assessed_in_its_years_both_ends_included(
    last: int | None, years: list[int]
) -> None:
    registered = replace(township("oak"), last_year=last)
    assert [year for year in range(2018, 2024) if registered.assessed_in(year)] == years


def test_a_unit_goes_on_in_its_heirs_and_in_theirs() -> None:
    oak = replace(township("oak"), last_year=2021, successors=("elm", "ash"))
    elm = replace(township("elm"), last_year=2022, successors=("ash", "fir", "oak"))
    ash, fir = (replace(township(name), last_year=None) for name in ("ash", "fir"))
    name = Text("示例市", "Shili")
    city = City(name, name, None, demonstration=True, townships=(oak, elm, ash, fir))
    heirs = {year: city.heirs(oak, year) for year in (2021, 2022, 2023)}
    assert heirs == {2021: (), 2022: (elm, ash), 2023: (ash, fir)}
    assert city.heirs(fir, 2023) == ()


def test_a_township_is_asked_for_by_its_id_or_its_name_in_either_language() -> None:
    oak = replace(township("oak"), name=Text("橡树乡", "Oak"))
    assert oak.names == ("oak", "橡树乡", "Oak")


def test_a_sentence_is_said_again_about_other_things() -> None:
    said = Message("{who} is late", {"who": "oak"})
    assert said.about({"who": "elm"}) == Message("{who} is late", {"who": "elm"})
    assert said.args == {"who": "oak"}


def test_a_change_stands_where_it_is_made_and_where_the_fact_was_reported() -> None:
    at = [Location("data/2025/a.yaml", line, 1) for line in (1, 2, 3)]
    changes = tuple(
        Change("work.notes", 1, 2, None, "2025-06-01", "checked", "〔2025〕6", location)
        for location in at[:2]
    )
    sent = Submission("oak", {}, {"work.notes": (at[2], *at[:2])}, changes)
    assert [sent.changed_at(change) for change in changes] == [(at[0], at[2]), (at[1], at[2])]
    assert Submission("oak", {}, {}, changes).changed_at(changes[0]) == (at[0],)


@pytest.mark.parametrize(
    ("decision", "effective"), [("upheld", True), ("partly", True), ("rejected", False)]
)
def test_a_rejected_appeal_changes_nothing(decision: str, effective: object) -> None:
    assert correction("01", decision).effective is effective


def test_clauses_come_in_the_order_of_the_rulebook() -> None:
    book = rulebook(
        section("1", clause("1.2", "1"), clause("1.1", "1")), section("2", clause("2.1", "1"))
    )
    assert [c.id for c in book.clauses()] == ["1.2", "1.1", "2.1"]
    assert [c.id for c in one_clause(5).clauses()] == ["1.1"]


def test_places_sort_by_path_then_line_then_column() -> None:
    places = [Location("b", 1, 1), Location("a", 10, 1), Location("a", 9, 2), Location("a", 9, 1)]
    assert sorted(places) == places[:0:-1] + places[:1]


def test_what_ends_a_run_says_why() -> None:
    message = Message("No folder {path}", {"path": "x"})
    stop = Stop(message)
    assert stop.message is message
    assert str(stop) == "No folder {path}"


@pytest.mark.parametrize("path", sorted((ROOT / "generator" / "engine").glob("*.py")), ids=str)
def test_no_word_of_the_engine_is_one_regulation_s(path: Path) -> None:
    source = path.read_text(encoding="utf-8").lower()
    words = ("petition", "visit", "case", "上访", "信访", "案件", "立案", "老户")
    assert [word for word in words if word in source] == []


def test_only_errors_stop_a_result() -> None:
    place, said = Location("data/a.yaml", 1, 1), Message("so")
    wrong, odd = Problem(place, "wrong", said), Problem(place, "odd", said, Severity.WARNING)
    assert errors([odd, wrong, odd]) == [wrong]


def test_rulebooks_and_results_use_these_words() -> None:
    assert list(Severity) == ["error", "warning", "note"]
    assert list(Basis) == ["text", "reading", "assumed", "finding"]  # the weakest last


def test_corrections_decide_about_lines_and_objections_after_all_else() -> None:
    """What an inspection answers is answered there, unless a correction says more."""
    inputs = a_year(one_clause(5), {"oak": {}, "elm": {}})
    assert (inputs.decisions, inputs.answers) == ((), {})
    first, second = decision("high", "oak"), decision("low", "elm")
    again, new = decision("high", "elm"), decision("mid", "oak")
    answered = replace(correction("01"), decisions=(again, new), objection="oak-01")
    place = Location("data/2025/inspections/elm.yaml", 4, 1)
    change = Change("a", 1, 2, None, "2026-02-03", "so", "No. 1", place, None, "elm-01")
    both = replace(change, objection="oak-01")
    sent = replace(
        inputs.submissions["elm"], changes=(change, both, replace(change, objection=None))
    )
    year = replace(inputs.assessment, decisions=(first, second))
    inputs = replace(
        inputs, assessment=year, submissions={**inputs.submissions, "elm": sent}, corrections=()
    )
    assert inputs.decisions == (first, second)
    assert inputs.answers == {"elm-01": change, "oak-01": both}
    inputs = replace(inputs, corrections=(answered, correction("02")))
    assert inputs.decisions == (again, second, new)
    assert inputs.answers == {"elm-01": change, "oak-01": answered}
