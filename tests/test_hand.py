"""The demonstration years against a calculation made by hand from the regulation (tests/hand)."""

import json
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from generator.words.results import result_object
from tests.cases import ROOT, TESTS
from tests.cities import city

HAND = TESTS / "hand"
RESULTS = {"2023": (2023, False), "2024-first": (2024, True), "2024": (2024, False)}
RESULTS["2025"] = (2025, False)
"""A folder of tests/hand, its year, and whether it is the result before any correction."""
FILES = (path for folder in RESULTS for path in sorted((HAND / folder).glob("*.yaml")))
SHEETS = [f"{path.parent.name}/{path.stem}" for path in FILES if path.stem != "ranking"]
DEDUCTION = ("rule", "records", "points", "charged", "basis")


@cache
def published(folder: str) -> dict[str, Any]:
    year, first = RESULTS[folder]
    results = city("demonstration").results
    (result,) = (result for result in results if result.inputs.assessment.year == year)
    return result_object(result, first=first)


def townships(folder: str) -> dict[str, dict[str, Any]]:
    return {township["id"]: township for township in published(folder)["townships"]}


def by_hand(name: str) -> Any:
    return yaml.safe_load((HAND / f"{name}.yaml").read_text(encoding="utf-8"))


def only(keys: tuple[str, ...], records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: record[key] for key in keys} for record in records]


def total(amounts: Mapping[str, Any]) -> Fraction:
    return sum((Fraction(amount) for amount in amounts.values()), Fraction(0))


def test_the_hand_calculation_covers_what_it_says() -> None:
    counts = Counter(sheet.partition("/")[0] for sheet in SHEETS)
    assert counts == {"2024-first": 2, "2024": 2, "2025": 11}


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_hand_calculation_adds_up(sheet: str) -> None:
    hand = by_hand(sheet)
    for section, points in hand["sections"].items():
        own = {c: v["points"] for c, v in hand["clauses"].items() if c.split(".")[0] == section}
        assert total(own) == Fraction(points)
    assert total(hand["sections"]) == Fraction(hand["score"])
    folder, township = sheet.split("/")
    assert by_hand(f"{folder}/ranking")["townships"][township]["score"] == hand["score"]


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_clause_is_what_was_calculated_by_hand(sheet: str) -> None:
    folder, township = sheet.split("/")
    hand, result = by_hand(sheet), townships(folder)[township]
    clauses = [clause for section in result["sections"] for clause in section["clauses"]]
    assert [
        (c["id"], {"points": c["points"], "deductions": only(DEDUCTION, c["deductions"])})
        for c in clauses
    ] == list(hand["clauses"].items())


@pytest.mark.parametrize("sheet", SHEETS)
def test_sections_score_and_what_was_left_out_are_what_was_calculated_by_hand(sheet: str) -> None:
    folder, township = sheet.split("/")
    hand, result = by_hand(sheet), townships(folder)[township]
    assert {section["id"]: section["points"] for section in result["sections"]} == hand["sections"]
    assert result["score"] == hand["score"]
    assert only(("record", "ground", "clause"), result["excluded"]) == hand["excluded"]
    assert only(("fact", "reported", "value"), result["changed"]) == hand["changed"]


@pytest.mark.parametrize("folder", RESULTS)
def test_ranks_ties_and_outcomes_are_what_was_calculated_by_hand(folder: str) -> None:
    hand = by_hand(f"{folder}/ranking")["townships"]
    result = townships(folder)
    keys = ("score", "rank", "tied", "outcomes")
    assert {name: {key: row[key] for key in keys} for name, row in result.items()} == hand
    assert all(before < after for before, after in pairwise(result))
    for name, row in result.items():
        assert row["submitted"] == (hand[name]["score"] is not None)


@pytest.mark.parametrize("folder", RESULTS)
def test_the_result_is_of_the_published_shape(folder: str) -> None:
    schema = json.loads((ROOT / "schema" / "results.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    result = json.loads(json.dumps(published(folder)))
    assert list(Draft202012Validator(schema).iter_errors(result)) == []
    assert result["year"] == RESULTS[folder][0]
    # of the year's two corrections one was rejected: it changed nothing
    assert result.get("corrections") == (["01"] if folder == "2024" else None)


@pytest.mark.parametrize("folder", RESULTS)
def test_a_deduction_for_one_record_points_to_its_line(folder: str) -> None:
    sections = (section for t in townships(folder).values() for section in t["sections"])
    clauses = (clause for section in sections for clause in section["clauses"])
    for deduction in (deduction for clause in clauses for deduction in clause["deductions"]):
        if [record[1:2] for record in deduction["records"]] == ["-"]:
            source = deduction["sources"][0]
            lines = (ROOT / source["path"]).read_text(encoding="utf-8").split("\n")
            assert deduction["records"][0] in lines[source["line"] - 1], deduction


# --- nothing invented belongs to a real place -----------------------------------------

LAST_TEN = {2023: {"maigang"}, 2024: {"shimo"}, 2025: {"shimo", "jinping"}}


@pytest.mark.parametrize("year", LAST_TEN)
def test_the_prefecture_ranks_as_one_joint_ranking_would(year: int) -> None:
    results = city("demonstration").results
    (result,) = (result for result in results if result.inputs.assessment.year == year)
    ranking = result.inputs.ranking
    assert ranking is not None
    scores = {s.township.id: s.scorecard.score for s in result.standings if s.scorecard}
    assert ranking.ranks.keys() <= scores.keys()
    for one in ranking.ranks:
        for other in ranking.ranks:
            ahead = ranking.ranks[one] < ranking.ranks[other]
            assert ahead is (scores[one] > scores[other]), (one, other)
    last = {name for name, rank in ranking.ranks.items() if rank > ranking.of - 10}
    assert last == LAST_TEN[year]


def test_what_is_invented_names_no_real_prefecture() -> None:
    invented = [ROOT / "data" / str(year) for year in range(2023, 2027)]
    paths = [path for folder in invented for path in folder.rglob("*.yaml")]
    paths += [ROOT / "data/townships.yaml", *(ROOT / "schema").rglob("*.json")]
    assert len(paths) > 70
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not {sign for sign in ("焦", "豫", "0391", "Jiaozuo") if sign in text}, path
