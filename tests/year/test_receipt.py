"""A receipt holds a first result exactly, and says when a single sign of it is another."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generator import __version__
from generator.engine.rank import judged
from generator.engine.year import InputFile, YearResult
from generator.shape.schema import shape
from generator.words.results import result_object
from generator.year.load import Loaded, load
from generator.year.receipt import (
    CODE,
    code_of,
    content,
    receipt_in,
    receipt_of,
    written,
)
from tests.cases import ROOT, files_below
from tests.cities import CITIES, city
from tests.forged import made

DATA = (ROOT / "data/2024/published.json").read_bytes()


@cache
def demonstration() -> Loaded:
    loaded, problems = load(files_below(ROOT))
    assert loaded is not None, problems
    return loaded


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_demonstration_years_would_be_published_the_same_today(year: int) -> None:
    """Byte for byte: an engine that gives a published year another result is wrong."""
    loaded = demonstration()
    (inputs,) = (one for one in loaded.years if one.assessment.year == year)
    made = receipt_of(inputs, judged(inputs).first, loaded.city, __version__)
    there = (ROOT / made.path).read_bytes()
    assert written(replace(made, engine=loaded.receipts[year].engine)) == there
    assert loaded.receipts[year].code == json.loads(there)[CODE]


def test_a_receipt_names_what_the_first_result_rests_on_and_nothing_else() -> None:
    receipt = demonstration().receipts[2024]
    paths = [file.path for file in receipt.inputs]
    assert paths == sorted(paths)
    assert all(path.startswith("data/2024/") for path in paths)
    assert not any("/corrections/" in path for path in paths)
    assert "data/2024/assessment.yaml" in paths
    assert len(receipt.entries) == len(receipt.townships) == 12
    assert "zhuling" not in receipt.entries


def test_holidays_to_come_are_left_out() -> None:
    loaded = demonstration()
    (inputs,) = (one for one in loaded.years if one.assessment.year == 2024)
    days = tuple(InputFile(f"data/holidays/{year}.yaml", "0" * 64) for year in (2023, 2024, 2025))
    made = receipt_of(
        replace(inputs, files=(*inputs.files, *days)), judged(inputs).first, loaded.city, "1"
    )
    kept = [file.path for file in made.inputs if "holidays" in file.path]
    assert kept == ["data/holidays/2023.yaml", "data/holidays/2024.yaml"]


def test_reading_gives_back_what_was_written() -> None:
    receipt = receipt_in(content(DATA))
    assert written(receipt) == DATA
    assert written(receipt_in(content(DATA.replace(b"\n", b"\r\n")))) == DATA


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        DATA[:-1],
        DATA + b"\n",
        b"\xef\xbb\xbf" + DATA,
        DATA.replace(b'"final":', b'"final" :'),
        DATA.replace(b'"format":1', b'"format":1.0'),
        DATA.replace(b'"format":1', b'"format":NaN'),
        DATA.replace(b'{"check_code"', b'{"year":2024,"check_code"', 1),
        DATA.replace("示".encode(), b"\\u793a", 1),
        b"[" * 100_000 + b"]" * 100_000 + b"\n",
        b"1" * 5000 + b"\n",
        b'"\\ud800"\n',
        "公布\n".encode("gbk"),
    ],
)
def test_other_bytes_are_no_receipt(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever of its kinds
        content(data)


# --- the check code -------------------------------------------------------------------


def test_a_check_code_is_easy_to_read_and_to_type() -> None:
    code = code_of({"year": 2024})
    assert len(code) == 14
    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert not set(code) & set("ILOUilou")
    assert code == code_of({"year": 2024, CODE: "whatever"}) != code_of({"year": 2025})


def test_every_value_of_a_receipt_has_a_say_in_its_code() -> None:
    value = content(DATA)
    told = {code_of(other) for other in altered(value)}
    assert value[CODE] not in told
    assert len(told) > 500


def altered(value: Any) -> list[Any]:
    """The value with each of its leaves changed, one at a time, but for the code itself."""
    found: list[Any] = []
    if isinstance(value, dict):
        for key in (key for key in value if key != CODE):
            found += [{**value, key: other} for other in altered(value[key])]
            found.append({other: value[other] for other in value if other != key})
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += [[*value[:number], o, *value[number + 1 :]] for o in altered(inner)]
        found.append([*value, "x"])
    elif isinstance(value, bool):
        found.append(not value)
    elif isinstance(value, int):
        found.append(value + 1)
    else:
        found.append(f"{value}x")
    return found


# --- results of every kind ------------------------------------------------------------


@pytest.mark.parametrize("name", CITIES)
def test_results_under_any_rulebook_fit_the_schema_and_are_those_of_results_json(
    name: str,
) -> None:
    made = city(name)
    for result in made.results:
        inputs = result.inputs
        dated = replace(inputs.assessment, dates={"final": "2026-02-20"})
        receipt = receipt_of(
            replace(inputs, assessment=dated), result.first, made.loaded.city, __version__
        )
        assert shape("published").is_valid(content(written(receipt)))
        assert "zh" not in json.dumps(list(receipt.townships.values()))
        _same_numbers(list(receipt.townships.values()), result)


def _same_numbers(rows: list[Any], result: YearResult) -> None:
    for row, told in zip(rows, result_object(result, first=True)["townships"], strict=True):
        for key in ("id", "submitted", "score", "rank", "tied", "outcomes"):
            assert row[key] == told[key]
        for mine, theirs in zip(row["sections"], told["sections"], strict=True):
            assert mine["points"] == theirs["points"]
            for clause, other in zip(mine["clauses"], theirs["clauses"], strict=True):
                assert clause["points"] == other["points"]
                assert len(clause.get("deductions", [])) == len(other["deductions"])
        assert len(row.get("adjustments", [])) == len(told.get("adjustments", []))


def test_the_receipts_of_the_cases_are_those_of_what_they_rest_on() -> None:
    """If not, `python -m tests.forged` makes them anew."""
    assert [path for path, data in made().items() if path.read_bytes() != data] == []


def test_the_demonstration_receipts_end_in_one_line_feed() -> None:
    for path in Path(ROOT / "data").glob("*/published.json"):
        data = path.read_bytes()
        assert data.endswith(b"}\n")
        assert data.count(b"\n") == 1
