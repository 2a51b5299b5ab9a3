"""A receipt holds a first result exactly, and what has been published is not altered unseen."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import __version__
from generator.engine.rank import first_standings, judged
from generator.engine.year import InputFile, YearInputs, YearResult
from generator.reading.files import DataFile, Kind
from generator.shape.schema import shape
from generator.words.messages import catalogue
from generator.words.results import result_object
from generator.year import receipt as locking
from generator.year.load import Loaded, check, load
from generator.year.published import verify
from generator.year.receipt import (
    CODE,
    Receipt,
    canonical,
    code_of,
    content,
    receipt_in,
    receipt_of,
    written,
)
from tests.cases import ROOT, VALID, files_below, laid_out, lines, loaded, rewritten
from tests.cities import CITIES, city
from tests.forged import made

DATA = (ROOT / "data/2024/published.json").read_bytes()


@cache
def demonstration() -> Loaded:
    return loaded(ROOT)


def inputs_of(tree: Loaded, year: int) -> YearInputs:
    return next(inputs for inputs in tree.years if inputs.assessment.year == year)


def published(tree: Loaded, year: int) -> Receipt:
    """The receipt as it would be today."""
    inputs = inputs_of(tree, year)
    return receipt_of(inputs, judged(inputs).first, tree.city, __version__)


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_demonstration_years_would_be_published_the_same_today(year: int) -> None:
    """Byte for byte: an engine that gives a published year another result is wrong."""
    receipt, known = published(demonstration(), year), demonstration().receipts[year]
    there = (ROOT / receipt.path).read_bytes()
    assert written(replace(receipt, engine=known.engine)) == there
    assert known.code == json.loads(there)[CODE]


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
    inputs, city = inputs_of(demonstration(), 2024), demonstration().city
    days = tuple(InputFile(f"data/holidays/{year}.yaml", "0" * 64) for year in (2023, 2024, 2025))
    more = replace(inputs, files=(*inputs.files, *days))
    receipt = receipt_of(more, judged(inputs).first, city, "1")
    kept = [file.path for file in receipt.inputs if "holidays" in file.path]
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
def test_results_under_any_rulebook_fit_the_schema_and_are_those_of_results_json(name: str) -> None:
    made = city(name)
    for result in made.results:
        dated = replace(result.inputs.assessment, dates={"final": "2026-02-20"})
        inputs = replace(result.inputs, assessment=dated)
        receipt = receipt_of(inputs, result.first, made.loaded.city, __version__)
        assert shape("published").is_valid(content(written(receipt)))
        assert "zh" not in json.dumps(list(receipt.townships.values()))
        _same_numbers(receipt, result)


def _same_numbers(receipt: Receipt, result: YearResult) -> None:
    rows = receipt.townships.values()
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


# --- canonical JSON -------------------------------------------------------------------

MOST = 2**53 - 1
"""Beyond it two readers of JSON may take a whole number for different ones."""


def test_strings_and_literals_are_those_of_the_rfc() -> None:
    """The example of section 3.2.2 but for its numbers, which amounts never are."""
    given_string = "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/"
    value = {"string": given_string, "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical(value).decode() == expected


def test_keys_stand_in_the_order_of_the_rfc() -> None:
    """Section 3.2.3: by UTF-16 code units, an astral sign before U+FB33."""
    names = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(sorted(names), 1)))) == names


def test_every_control_character_has_its_escape() -> None:
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
    for code in range(0x20):
        escape = short.get(code, "\\u" + f"{code:04x}")
        assert canonical(chr(code)).decode() == f'"{escape}"'
    assert canonical("\x7f\u2028中").decode() == '"\x7f\u2028中"'


@pytest.mark.parametrize(
    "value", [0.5, 1.0, MOST + 1, -MOST - 1, b"x", "\ud800", {"\udc00": 1}, [float("nan")]]
)
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever of its kinds
        canonical(value)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-MOST, MOST) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(PLAIN)
def test_any_value_comes_back_and_is_written_the_same_again(value: Any) -> None:
    data = canonical(value)
    assert json.loads(data) == value
    assert canonical(json.loads(data)) == data
    assert b"\n" not in data


# --- what a receipt locks -------------------------------------------------------------

RECEIPT = "data/2025/published.json"
PATH_2027 = "data/2027/published.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city whose only year is published, with two corrections."""
    return laid_out(VALID / "published-year", tmp_path / "city")


def codes(root: Path) -> list[str]:
    files = files_below(root)
    found = [problem.code for problem in check(files)]
    loaded, problems = load(files)
    assert [problem.code for problem in problems] == found
    assert loaded is not None
    assert bool(loaded.faulty) == bool(found)
    return found


def locked(root: Path) -> list[str]:
    value = content((root / RECEIPT).read_bytes())
    book = "data/rulebooks/family-planning-petitions/1/rulebook.yaml"
    return [*(file["path"] for file in value["inputs"]), book]


# --- files ----------------------------------------------------------------------------


def edited(text: str) -> Iterator[str]:
    """The text with one sign changed, at some places of every kind, and with one more or less."""
    for pattern in (r"#", r"\d(?=\n)", r"(?<=: )[a-z]", "[\u4e00-\u9fff]", r" (?= )", r"\n"):
        for match in list(re.finditer(pattern, text))[::9]:
            sign = "~" if match[0] not in "0123456789" else str((int(match[0]) + 1) % 10)
            yield text[: match.start()] + sign + text[match.end() :]
    yield text[:-1]
    yield text + "\n"
    yield "\n" + text


def test_any_sign_changed_in_a_locked_file_is_refused_there(root: Path) -> None:
    tried = 0
    found, _ = locking.receipts(files_below(root))
    for path in locked(root):
        file = root / path
        text = file.read_text(encoding="utf-8")
        for other in edited(text):
            file.write_text(other, encoding="utf-8")
            (problem,) = locking.file_problems(files_below(root), found[2025])
            assert (problem.code, problem.location.path) == ("locked-file-changed", path)
            tried += 1
        file.write_text(text, encoding="utf-8")
    assert tried > 300
    assert codes(root) == []


def test_other_ends_of_lines_are_no_change(root: Path) -> None:
    for path in (*locked(root), RECEIPT):
        file = root / path
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert codes(root) == []


@pytest.mark.parametrize("path", ["townships/songhe.yaml", "inspections/songhe.yaml"])
def test_a_locked_file_that_is_gone_is_missed(root: Path, path: str) -> None:
    (root / "data/2025" / path).unlink()
    shutil.rmtree(root / "data/2025/corrections")  # they speak of what is gone
    assert codes(root) == ["locked-file-changed"]


def test_what_cannot_be_read_any_more_is_told_with_its_lock(root: Path) -> None:
    (root / "data/2025/townships/qingshan.yaml").write_bytes("年度".encode("gbk"))
    assert sorted(codes(root)) == ["locked-file-changed", "not-utf8"]


def test_corrections_come_and_go_beside_the_receipt(root: Path) -> None:
    folder = root / "data/2025/corrections"
    text = (folder / "02.yaml").read_text(encoding="utf-8").partition("changes:")[0]
    rejected = text.replace("decision: partly", "decision: rejected")
    (folder / "03.yaml").write_text(rejected, encoding="utf-8")
    assert codes(root) == []
    shutil.rmtree(folder)
    assert codes(root) == []


def test_worked_examples_and_other_rulebooks_are_not_locked(root: Path) -> None:
    example = root / "data/rulebooks/forest-fire/1/examples/1.1.yaml"
    with example.open("a", encoding="utf-8") as file:
        file.write("# 补记\n")
    assert codes(root) == []


def test_another_error_stops_the_comparison_of_results_without_noise(root: Path) -> None:
    _score(root, "99")
    assert codes(root) == ["locked-result-differs"]
    owners = root / "data/owners.yaml"
    owners.write_text("x: 1\n", encoding="utf-8")
    assert "locked-result-differs" in codes(root)  # what is wrong elsewhere hides nothing
    report = root / "data/2025/townships/songhe.yaml"
    report.write_text("x: 1\n", encoding="utf-8")
    assert "locked-result-differs" not in codes(root)


# --- the register ---------------------------------------------------------------------


def register(root: Path, old: str, new: str) -> list[str]:
    rewritten(root / "data/townships.yaml", (old, new))
    return codes(root)


SONGHE = "{id: songhe, name: {zh: 松河镇, en: Songhe}, kind: township, group: a, from: 2023}"
XINHE = SONGHE.replace("songhe", "xinhe").replace("松河", "新禾").replace("Songhe", "Xinhe")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 松河镇", "zh: 松河街道"),
        ("en: Songhe}", "en: Song He}"),
        (SONGHE, SONGHE.replace("kind: township", "kind: subdistrict")),
        (SONGHE, SONGHE.replace("group: a", "group: b")),
        (SONGHE, SONGHE.replace(", group: a", "")),
        (SONGHE, f"{SONGHE}\n  - {XINHE}"),
    ],
)
def test_entries_of_those_assessed_are_locked(root: Path, old: str, new: str) -> None:
    assert register(root, old, new) == ["locked-entry-changed"]


@pytest.mark.parametrize("years", ["from: 2026", "from: 2023, until: 2024"])
def test_nobody_leaves_a_published_year(root: Path, years: str) -> None:
    found = register(root, SONGHE, SONGHE.replace("from: 2023", years))
    assert "locked-entry-changed" in found
    assert "unregistered-township" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SONGHE, SONGHE.replace("from: 2023", "from: 2023, until: 2025")),
        (SONGHE, SONGHE.replace("from: 2023", "from: 2020")),
        (SONGHE, f"{SONGHE}\n  - {XINHE.replace('2023', '2026')}"),
        (SONGHE, f"{SONGHE}  # 县城"),
        ("telephone: 0380-5550123", "telephone: 0380-5550124"),
    ],
)
def test_the_register_goes_on_living(root: Path, old: str, new: str) -> None:
    assert register(root, old, new) == []


# --- results --------------------------------------------------------------------------


def _score(root: Path, score: str) -> None:
    """Somebody forges a score, and the check code with it."""
    _forged(root, 0, {"score": score})


def _forged(root: Path, number: int, forged: dict[str, Any]) -> None:
    value = content((root / RECEIPT).read_bytes())
    value["townships"][number] |= forged
    (root / RECEIPT).write_bytes(canonical(value | {CODE: code_of(value)}) + b"\n")


def test_a_forged_receipt_is_found_by_computing_it_again(root: Path) -> None:
    _score(root, "99")
    (problem,) = check(files_below(root))
    assert lines([problem]) == [f"{RECEIPT}:1:1 locked-result-differs"]
    told = catalogue("en").render(problem.message)
    assert "Qingshan" in told
    assert "score 99 → 100" in told


def test_many_differences_of_one_township_are_cut_short(root: Path) -> None:
    sections = content((root / RECEIPT).read_bytes())["townships"][1]["sections"]
    row = {"score": "1", "rank": 7, "tied": True, "outcomes": [], "band": "x", "group": "y"}
    _forged(root, 1, row | {"sections": sections[1:]})
    (problem,) = check(files_below(root))
    told = catalogue("en").render(problem.message)
    assert told.index("score 1") < told.index("rank 7")
    assert re.search(r"and \d+ more", told)


def test_an_engine_that_judges_otherwise_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "first_standings", lambda inputs: first_standings(inputs)[1:])
    assert codes(root) == ["locked-result-differs"]


def test_the_demonstration_years_stand() -> None:
    files = files_below(ROOT)
    assert {problem.code for problem in check(files)} == {"unfilled"}  # a form only begun
    found, problems = locking.receipts(files)
    assert (sorted(found), problems) == ([2023, 2024], [])


# --- the year before ------------------------------------------------------------------


LATE = """township: songhe
clause: "2.1"
asked_on: 2028-03-01
asked_by: songhe
decision: upheld
decided_on: 2028-03-02
document: 〔2028〕9号
reason: 原登记有误
changes:
  - {fact: income, value: 900}
"""


def looking_back(folder: Path) -> Path:
    """Two years under a rulebook that compares them; the second one is final."""
    root = laid_out(VALID / "general-rulebook", folder / "city")
    final = root / "data/2027/assessment.yaml"
    dates = re.search(r"dates: .*\n", final.read_text(encoding="utf-8"))
    assert dates
    published = "dates: {published: 2028-02-01, final: 2028-02-20}\n"
    rewritten(final, ("status: provisional", "status: final"), (dates[0], published))
    return root


def correct(root: Path, text: str) -> None:
    folder = root / "data/2026/corrections"
    folder.mkdir(exist_ok=True)
    (folder / "01.yaml").write_text(text, encoding="utf-8")


def test_a_later_correction_of_the_year_before_leaves_the_first_result(tmp_path: Path) -> None:
    """The rulebook compares with the year before, whose facts are corrected after publication."""
    root = looking_back(tmp_path)
    (root / PATH_2027).write_bytes(written(published(loaded(root), 2027)))
    assert codes(root) == []
    correct(root, LATE)
    assert codes(root) == []
    result = judged(inputs_of(loaded(root), 2027))
    assert result.first != result.standings
    assert "data/2026/corrections/01.yaml" in [file.path for file in result.inputs.files]
    receipt = DataFile(PATH_2027, Kind.PUBLISHED, 2027)
    assert verify(files_below(root), receipt).problems == ()


def test_a_correction_known_when_the_next_year_was_published_is_locked(tmp_path: Path) -> None:
    root = looking_back(tmp_path)
    correct(root, LATE)
    (root / PATH_2027).write_bytes(written(published(loaded(root), 2027)))
    assert codes(root) == []
    result = judged(inputs_of(loaded(root), 2027))
    assert result.first == result.standings
    correct(root, LATE.replace("900", "901"))
    assert codes(root) == ["locked-file-changed"]
