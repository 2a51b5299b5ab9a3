"""The result object: its shape, exact amounts and both languages."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from generator.engine.book import Exclusions, Ground
from generator.engine.kinds.per_record import PerRecord
from generator.engine.problem import Location
from generator.engine.quantities import CountQuantity, FigureQuantity, ShareQuantity
from generator.engine.rank import judged
from generator.engine.year import Change, InputFile, YearResult
from generator.shape.schema import shape
from generator.words.results import as_json, plain_value, result_object
from tests import builders
from tests.builders import correction, event, figure, inputs, submission, take, task, tasks, text
from tests.reports import Sent, city_years, year_of

GROUND = Ground("asked", "4.1", text("Asked"), (), (), (), {}, {})
EACH = PerRecord(
    id="each", label=text("Each"), unit=text(""), selection=builders.events(), amount=figure("2.5")
)
RATE = take(
    "rate",
    id="rate",
    label=text("Rate"),
    amount=figure("0.2"),
    side="at_least",
    actual=ShareQuantity(CountQuantity(tasks(good=True)), CountQuantity(tasks())),
    bound=FigureQuantity(figure(85)),
)
BOOK = builders.one_clause(
    20, EACH, RATE, exclusions=Exclusions(builders.EVENTS, "exempt", {"asked": GROUND})
)


def small_year(**more: Any) -> YearResult:
    """Alder has one of everything, birch nothing, cedar has sent nothing."""
    alder = submission(
        {
            "events": [event("E-1"), event("E-2", exempt={"ground": "asked"})],
            "tasks": [task("T-1", good=True), task("T-2", good=True), task("T-3", good=False)],
        },
        builders.finding("F-01", "0.25"),
    )
    where_changed = Location("data/2025/inspections/alder.yaml", 5, 5)
    report = Location("data/2025/townships/alder.yaml", 4, 1)
    changes = (
        Change("count", 126, 120, "spot_check", "2025-12-20", "r", "No. 2", where_changed),
        Change("share", None, Decimal("0.50"), None, "2025-12-20", "r", "", where_changed),
        Change("events.E-9", {"id": "E-9", "n": [Decimal("1.5"), True, None]}, None, "routine",
               "2025-12-20", "r", "No. 2", where_changed),
    )  # fmt: skip
    reported = dict.fromkeys(("count", "events.E-9"), (where_changed, report))
    alder = replace(alder, changes=changes, places={**alder.places, **reported})
    birch = submission({"events": [], "tasks": []}, township="birch")
    return judged(inputs(BOOK, {"birch": birch, "alder": alder}, missing=["cedar"], **more))


def is_sound(result: dict[str, Any]) -> bool:
    return shape("results").is_valid(json.loads(json.dumps(result)))


def test_a_result_has_the_published_shape() -> None:
    result = result_object(small_year())
    assert is_sound(result)
    assert " ".join(result) == "format year status rulebook inputs lines townships"
    assert (result["format"], result["year"], result["status"]) == (1, 2025, "provisional")
    assert result["rulebook"] == {"id": "neutral", "version": 1, "sha256": "0" * 64}
    assert [t["id"] for t in result["townships"]] == ["alder", "birch", "cedar"]


def test_a_township_has_everything_that_led_to_its_score() -> None:
    alder = result_object(small_year())["townships"][0]
    assert alder["name"] == {"zh": "alder（中）", "en": "alder"}
    # 20 − 2.5 − (85 − 200/3) × 0.2 − 0.25 = 163/12
    assert (alder["submitted"], alder["score"], alder["max"]) == (True, "163/12", "20")
    assert (alder["rank"], alder["tied"], alder["outcomes"]) == (2, False, [])
    ((section, clause),) = [(s, c) for s in alder["sections"] for c in s["clauses"]]
    for part, name in ((section, "1"), (clause, "1.1")):
        assert (part["id"], part["points"], part["max"]) == (name, "163/12", "20")
    assert [(d["rule"], d["records"], d["points"], d["basis"]) for d in clause["deductions"]] == [
        ("each", ["E-1"], "2.5", "text"),
        ("rate", ["T-3"], "11/3", "text"),
        ("finding", ["F-01"], "0.25", "finding"),
    ]
    assert all(d["charged"] == d["points"] for d in clause["deductions"])
    assert clause["deductions"][0]["reason"] == {
        "zh": "Each（中）：E-1（2025-05-05），扣2.5分",
        "en": "Each: E-1 (2025-05-05), deduct 2.5 points",
    }
    place = {"path": "data/2025/townships/alder.yaml", "line": 2}
    assert clause["deductions"][0]["sources"] == [place]


def test_what_was_left_out_and_what_was_changed_stand_beside_it() -> None:
    alder = result_object(small_year())["townships"][0]
    report, inspection = "data/2025/townships/alder.yaml", "data/2025/inspections/alder.yaml"
    (excluded,) = alder["excluded"]
    assert excluded.pop("sources")[0]["path"] == report
    assert excluded == {"record": "E-2", "ground": "asked", "clause": "4.1"}
    assert [(c["fact"], c["reported"], c["value"]) for c in alder["changed"]] == [
        ("count", 126, 120),
        ("share", None, "0.5"),
        ("events.E-9", {"id": "E-9", "n": ["1.5", True, None]}, None),
    ]
    assert alder["changed"][0]["sources"] == [
        {"path": inspection, "line": 5},
        {"path": report, "line": 4},
    ]
    assert alder["changed"][1]["sources"] == [{"path": inspection, "line": 5}]


def test_who_has_not_submitted_has_no_score_and_empty_lists() -> None:
    cedar = result_object(small_year())["townships"][2]
    assert (cedar["submitted"], cedar["score"], cedar["rank"]) == (False, None, None)
    assert cedar["tied"] is False
    assert [cedar[key] for key in ("outcomes", "sections", "excluded", "changed")] == [[]] * 4
    assert cedar["max"] == "20"


def test_clauses_without_deductions_are_listed_too() -> None:
    birch = result_object(small_year())["townships"][1]
    faultless = {"id": "1.1", "points": "20", "max": "20", "deductions": []}
    assert birch["sections"][0]["clauses"] == [faultless]


def test_corrections_name_the_corrected_result_alone() -> None:
    before = {"alder": submission({"events": [event("E-1")], "tasks": []})}
    after = {"alder": submission({"events": [], "tasks": []})}
    decided = (correction("01"), correction("02", "rejected"), correction("03", "partly"))
    given = inputs(BOOK, after, first=before, corrections=decided)
    now, first = (result_object(judged(given), first=first) for first in (False, True))
    assert now["corrections"] == ["01", "03"]
    assert "corrections" not in first
    assert [r["townships"][0]["score"] for r in (now, first)] == ["20", "17.5"]
    assert is_sound(now)
    assert is_sound(first)


def test_appeals_that_were_all_rejected_leave_no_trace_in_the_result() -> None:
    given = inputs(BOOK, {}, missing=["alder"], corrections=(correction("01", "rejected"),))
    assert "corrections" not in result_object(judged(given))


def test_the_files_that_a_result_rests_on_are_named() -> None:
    year = small_year()
    files = (InputFile("data/townships.yaml", "a" * 64),)
    result = result_object(replace(year, inputs=replace(year.inputs, files=files)))
    assert result["inputs"] == [{"path": "data/townships.yaml", "sha256": "a" * 64}]
    assert is_sound(result)


def test_json_is_written_for_people_and_the_same_every_time() -> None:
    written = as_json(result_object(small_year()))
    assert written == as_json(result_object(small_year()))
    assert written.startswith('{\n  "format": 1,\n')
    assert written.endswith("}\n")
    assert "（中）" in written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.50"), "1.5"),
        (Decimal(120), "120"),
        (7, 7),
        (True, True),
        (None, None),
        ("x", "x"),
        (("a", Decimal("0.1")), ["a", "0.1"]),
        ({"a": {"b": Decimal("1E+2")}}, {"a": {"b": "100"}}),
    ],
)
def test_facts_are_written_as_plain_data(value: object, written: object) -> None:
    assert plain_value(value) == written


@given(city_years(most=3))
def test_every_result_has_the_published_shape(sent: dict[str, Sent]) -> None:
    result = result_object(judged(year_of(sent)))
    assert is_sound(result)

    def no_float(text: str) -> None:
        pytest.fail(f"a float: {text}")

    json.loads(json.dumps(result), parse_float=no_float)
