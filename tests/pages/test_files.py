"""Files to take away: the workbook says what results.json says, feeds what was published."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest

from generator.engine.rank import judged
from generator.engine.year import YearResult
from generator.pages.files import LONGEST, NAMESPACE, workbook
from generator.pages.render import Content, pages
from generator.words.messages import BASES, catalogue, cell
from generator.words.results import result_object
from tests import small_city
from tests.cities import CITIES, city

Pages = Mapping[str, Content]
Rows = list[dict[str, Any]]
BASIS = {basis.value: catalogue("zh").render(word) for basis, word in BASES.items()}
SHEETS = ("排名", "得分表", "扣分", "不计入")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def rows(sheet: Any) -> Rows:
    heads, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def same(value: object, exact: str | None) -> bool:
    """Whether a cell is an amount: a number if a decimal says it, text if only p/q does."""
    if exact is None:
        return value is None
    if NUMBER.fullmatch(exact):
        return isinstance(value, int | float) and Fraction(repr(value)) == Fraction(exact)
    return value == exact


def every(name: str) -> Iterator[tuple[YearResult, Mapping[str, Any], Any]]:
    for result in city(name).results:
        folder = f"results/{result.inputs.assessment.year}"
        data, text = (city(name).pages[f"{folder}/results.{form}"] for form in ("xlsx", "json"))
        assert isinstance(data, bytes)
        yield result, json.loads(text), opened(data)


EVERY = pytest.mark.parametrize("name", CITIES)


@EVERY
def test_the_ranking_is_that_of_the_result(name: str) -> None:
    for _, data, book in every(name):
        lines = {row["代码"]: row for row in rows(book.worksheets[0])}
        assert lines.keys() == {township["id"] for township in data["townships"]}
        for township in data["townships"]:
            line = lines[township["id"]]
            assert (line["年度"], line["名次"]) == (data["year"], township["rank"])
            assert (line["并列"] == "是") == township["tied"]
            cells = list(line.values())
            assert township["name"]["zh"] in cells
            assert same(cells[5], township["score"])
            assert same(cells[6], township["max"])
            for paid in township.get("payments", ()):
                assert any(same(value, paid["amount"]) for value in cells)


@EVERY
def test_the_score_sheet_has_every_section_and_clause(name: str) -> None:
    for result, data, book in every(name):
        labels = {part.id: part.label.zh for part in result.inputs.rulebook.above.parts}
        lines = {row["代码"]: row for row in rows(book.worksheets[1])}
        for township in data["townships"]:
            line = lines[township["id"]]
            for section in township["sections"]:
                period = labels.get(section.get("period"), "")
                for part in (section, *section["clauses"]):
                    mark = f"{period} {part['id']} ".lstrip()
                    (value,) = (value for head, value in line.items() if head.startswith(mark))
                    assert same(value, part["points"])
            assert same(list(line.values())[-1], township["score"])


@EVERY
def test_every_deduction_and_award_has_its_row(name: str) -> None:
    for _, data, book in every(name):
        lines = (list(row.values()) for row in rows(book.worksheets[2]))
        for township in data["townships"]:
            clauses = (clause for section in township["sections"] for clause in section["clauses"])
            for clause in clauses:
                for charge in (*clause["deductions"], *clause.get("awards", ())):
                    line = next(lines)
                    assert line[1::2][:2] == [township["id"], clause["id"]]
                    assert (line[4], line[7]) == (charge["rule"], BASIS[charge["basis"]])
                    assert same(line[5], charge["points"])
                    assert same(line[6], charge.get("charged", charge.get("credited")))
                    assert line[9] == cell(charge["reason"]["zh"])
            for step in township.get("adjustments", ()):
                line = next(lines)
                assert line[4] == step["id"]
                assert same(line[5], step["points"].removeprefix("-"))
        assert next(lines, None) is None


@EVERY
def test_what_is_not_counted_is_listed(name: str) -> None:
    for result, data, book in every(name):
        exclusions = result.inputs.rulebook.exclusions
        grounds = exclusions.grounds if exclusions else {}
        lines = {
            (row["代码"], row["记录"]): (row["不计入的情形"], row["条款"])
            for row in rows(book.worksheets[3])
        }
        assert lines == {
            (t["id"], e["record"]): (grounds[e["ground"]].label.zh, e["clause"])
            for t in data["townships"]
            for e in t["excluded"]
        }


def test_heads_stay_in_sight_and_filter() -> None:
    book = opened(workbook(small_city.year(2025), small_city.city(), catalogue("zh")))
    assert tuple(book.sheetnames) == SHEETS
    for sheet in book:
        assert sheet.freeze_panes[-1] == "2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert "演示数据" in sheet.oddHeader.left.text
    scores = book["排名"]["F2"]
    assert scores.number_format == "0.00######"
    assert book["排名"].column_dimensions["E"].width > 2 * len("城关街道办事处")


def test_english_where_asked() -> None:
    book = opened(workbook(small_city.year(2025), small_city.city(), catalogue("en")))
    assert book.sheetnames == ["Ranking", "Score sheet", "Deducted", "Excluded"]


def test_the_same_bytes_twice_and_no_clock() -> None:
    made_once, made_twice = (
        workbook(small_city.year(2025), small_city.city(), catalogue("zh")) for _ in range(2)
    )
    assert made_once == made_twice
    with ZipFile(io.BytesIO(made_once)) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
        assert b"2025-12-31T00:00:00Z" in parts.read("docProps/core.xml")


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "<b>&\"'", "a" * 40_000, "&L&R{{ 1 }}")


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:9])
def test_no_text_becomes_a_formula_or_markup(name: str) -> None:
    named = small_city.city({**small_city.NAMES, "songhe": name})
    result = small_city.year(2025)
    townships = {township.id: township for township in named.townships}
    standings = tuple(replace(s, township=townships[s.township.id]) for s in result.standings)
    data = workbook(replace(result, standings=standings, first=standings), named, catalogue("zh"))
    book = opened(data)
    for place in (place for sheet in book for line in sheet.iter_rows() for place in line):
        assert place.data_type != "f"
        if isinstance(place.value, str):
            assert place.value == cell(place.value)
            assert len(place.value) < 32_767
    shown = next(row["乡镇（办事处）"] for row in rows(book["排名"]) if row["代码"] == "songhe")
    assert shown == cell(name) or (len(name) > 32_000 and shown == name[:32_000] + "…")
    with ZipFile(io.BytesIO(data)) as parts:
        assert not any(b"<f>" in parts.read(part) for part in parts.namelist())


def test_a_year_in_which_nobody_has_reported() -> None:
    inputs = replace(small_city.year(2025).inputs, submissions={}, first_submissions={})
    result = judged(inputs)
    book = opened(workbook(result, small_city.city(), catalogue("zh")))
    assert {row["结果"] for row in rows(book["排名"])} == {"未报"}
    assert rows(book["扣分"]) == []
    assert len(result_object(result)["townships"]) == len(rows(book["得分表"]))


FEED = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def made() -> Pages:
    return pages(small_city.city(), small_city.years(), catalogue("zh"))


def feeds(made: Pages) -> dict[str, ElementTree.Element]:
    texts = {path: content for path, content in made.items() if path.endswith("feed.xml")}
    return {path: ElementTree.fromstring(text) for path, text in texts.items()}  # noqa: S314 - our own


def test_there_is_one_for_all_one_a_year_and_one_a_township(made: Pages) -> None:
    years = {f"results/{result.inputs.assessment.year}/feed.xml" for result in small_city.years()}
    townships = {f"townships/{township.id}/feed.xml" for township in small_city.city().townships}
    assert feeds(made).keys() == {"feed.xml"} | years | townships


def test_entries_have_what_atom_asks_for_and_lead_to_a_page(made: Pages) -> None:
    total = 0
    for path, feed in feeds(made).items():
        for name in ("title", "id", "updated"):
            assert feed.findtext(FEED + name)
        entries = list(feed.iter(f"{FEED}entry"))
        assert len(entries) == len({entry.findtext(f"{FEED}id") for entry in entries}) <= LONGEST
        for entry in entries:
            link = entry.find(f"{FEED}link")
            assert link is not None
            page = normpath(join(path, "..", link.attrib["href"].partition("#")[0]))
            assert {f"{page}.md", f"{page}/index.md"} & made.keys(), link.attrib
        total += len(entries)
    assert total > len(small_city.city().townships)


def test_the_newest_comes_first_and_dates_the_feed(made: Pages) -> None:
    for feed in feeds(made).values():
        days = [str(entry.findtext(f"{FEED}updated")) for entry in feed.iter(f"{FEED}entry")]
        assert days == sorted(days, reverse=True)
        if days:
            assert feed.findtext(f"{FEED}updated") == days[0]


def test_ids_are_the_same_in_every_language_and_run(made: Pages) -> None:
    chinese, english = (
        {path: [place.text for place in feed.iter(f"{FEED}id")] for path, feed in all_.items()}
        for all_ in map(
            feeds, (made, pages(small_city.city(), small_city.years(), catalogue("en")))
        )
    )
    assert english == chinese


def test_the_newest_years_files_stand_at_an_address_that_stays(made: Pages) -> None:
    newest = small_city.years()[-1].inputs.assessment.year
    latest = {p.rpartition("/")[2]: c for p, c in made.items() if p.startswith("results/latest/")}
    assert latest.keys() >= {"results.json", "results.csv", "deductions.csv"}
    assert all(made[f"results/{newest}/{name}"] == content for name, content in latest.items())
