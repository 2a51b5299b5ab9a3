"""Files to take away: the workbook says what results.json says, feeds what was published."""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import openpyxl
import pytest

from generator.engine.effects import Effects
from generator.engine.rank import judged
from generator.engine.year import City, YearResult
from generator.pages.files import LONGEST, NAMESPACE, files
from generator.pages.layout import ENGLISH, Address, address
from generator.pages.render import pages
from generator.words.messages import BASES, catalogue, cell
from generator.words.results import result_object
from generator.year.load import newest_date
from tests import small_city
from tests.cities import CITIES, city

Rows = list[dict[str, Any]]
BASIS = {basis.value: catalogue("zh").render(word) for basis, word in BASES.items()}
SHEETS = ("排名", "得分表", "扣分", "不计入")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def workbook(result: YearResult, city: City, lang: str = "zh") -> bytes:
    return files(result, city, Effects(result), catalogue(lang))["results.xlsx"]


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
    whole = city(name)
    for result in whole.results:
        data = whole.pages[f"results/{result.inputs.assessment.year}/results.xlsx"]
        assert isinstance(data, bytes)
        text = whole.pages[f"results/{result.inputs.assessment.year}/results.json"]
        yield result, json.loads(text), opened(data)


@pytest.mark.parametrize("name", CITIES)
def test_the_ranking_is_that_of_the_result(name: str) -> None:
    for _result, found, book in every(name):
        written = {row["代码"]: row for row in rows(book.worksheets[0])}
        assert written.keys() == {row["id"] for row in found["townships"]}
        for row in found["townships"]:
            mine = written[row["id"]]
            assert (mine["年度"], mine["名次"]) == (found["year"], row["rank"])
            assert (mine["并列"] == "是") == row["tied"]
            assert row["name"]["zh"] in mine.values()
            score, full = list(mine.values())[5:7]
            assert same(score, row["score"])
            assert same(full, row["max"])
            for paid in row.get("payments", ()):
                assert any(same(value, paid["amount"]) for value in mine.values())


@pytest.mark.parametrize("name", CITIES)
def test_the_score_sheet_has_every_section_and_clause(name: str) -> None:
    for result, found, book in every(name):
        labels = {part.id: part.label.zh for part in result.inputs.rulebook.above.parts}
        written = {row["代码"]: row for row in rows(book.worksheets[1])}
        for row in found["townships"]:
            mine = written[row["id"]]
            for section in row["sections"]:
                period = labels.get(section.get("period"), "")
                for one in (section, *section["clauses"]):
                    mark = f"{period} {one['id']} ".lstrip()
                    cells = [value for head, value in mine.items() if head.startswith(mark)]
                    assert len(cells) == 1
                    assert same(cells[0], one["points"])
            assert same(list(mine.values())[-1], row["score"])


@pytest.mark.parametrize("name", CITIES)
def test_every_deduction_and_award_has_its_row(name: str) -> None:
    for _result, found, book in every(name):
        written = iter(rows(book.worksheets[2]))
        for row in found["townships"]:
            for section in row["sections"]:
                for clause in section["clauses"]:
                    for one in (*clause["deductions"], *clause.get("awards", ())):
                        line = list(next(written).values())
                        assert line[1::2][:2] == [row["id"], clause["id"]]
                        assert line[4] == one["rule"]
                        assert line[7] == BASIS[one["basis"]]
                        assert same(line[5], one["points"])
                        assert same(line[6], one.get("charged", one.get("credited")))
                        assert line[9] == cell(one["reason"]["zh"])
            for one in row.get("adjustments", ()):
                line = list(next(written).values())
                assert line[4] == one["id"]
                assert same(line[5], one["points"].removeprefix("-"))
        assert next(written, None) is None


@pytest.mark.parametrize("name", CITIES)
def test_what_is_not_counted_is_listed(name: str) -> None:
    for result, found, book in every(name):
        grounds = result.inputs.rulebook.exclusions
        written = {(row["代码"], row["记录"]): row for row in rows(book.worksheets[3])}
        listed = {
            (row["id"], one["record"]): one for row in found["townships"] for one in row["excluded"]
        }
        assert written.keys() == listed.keys()
        for key, one in listed.items():
            assert grounds is not None
            assert written[key]["不计入的情形"] == grounds.grounds[one["ground"]].label.zh
            assert written[key]["条款"] == one["clause"]


# --- what it looks like ---------------------------------------------------------------


def test_heads_stay_in_sight_and_filter() -> None:
    book = opened(workbook(small_city.year(2025), small_city.city()))
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
    book = opened(workbook(small_city.year(2025), small_city.city(), "en"))
    assert book.sheetnames == ["Ranking", "Score sheet", "Deducted", "Excluded"]


@pytest.mark.parametrize(("lang", "separator"), [("zh", "；"), ("en", "; ")])
def test_outcomes_are_separated_as_the_language_does(lang: str, separator: str) -> None:
    result, words = small_city.year(2025), catalogue(lang)
    labels = result.inputs.rulebook.outcomes
    several = [
        separator.join(words.text(labels[name]) for name in standing.outcomes)
        for standing in result.standings
        if len(standing.outcomes) > 1
    ]
    sheet = opened(workbook(result, small_city.city(), lang)).worksheets[0]
    cells = {value for row in sheet.iter_rows(values_only=True) for value in row}
    assert several
    assert set(several) <= cells


def test_the_same_bytes_twice_and_no_clock() -> None:
    made_once, made_twice = (workbook(small_city.year(2025), small_city.city()) for _ in range(2))
    assert made_once == made_twice
    with ZipFile(io.BytesIO(made_once)) as parts:
        assert {entry.date_time[0] for entry in parts.infolist()} == {1980}
        assert b"2025-12-31T00:00:00Z" in parts.read("docProps/core.xml")


# --- hostile data ---------------------------------------------------------------------

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1", "<b>&\"'", "a" * 40_000, "&L&R{{ 1 }}")


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: name[:9])
def test_no_text_becomes_a_formula_or_markup(name: str) -> None:
    names = {**small_city.NAMES, "songhe": name}
    named = small_city.city(names)
    result = small_city.year(2025)
    townships = {one.id: one for one in named.townships}
    standings = tuple(replace(s, township=townships[s.township.id]) for s in result.standings)
    data = workbook(replace(result, standings=standings, first=standings), named)
    book = opened(data)
    for sheet in book:
        for line in sheet.iter_rows():
            for found in line:
                assert found.data_type != "f"
                if isinstance(found.value, str):
                    assert found.value == cell(found.value)
                    assert len(found.value) < 32_767
    told = next(row["乡镇（办事处）"] for row in rows(book["排名"]) if row["代码"] == "songhe")
    assert told == cell(name) or (len(name) > 32_000 and told == name[:32_000] + "…")
    with ZipFile(io.BytesIO(data)) as parts:
        assert not any(b"<f>" in parts.read(part) for part in parts.namelist())


def test_a_year_in_which_nobody_has_reported() -> None:
    inputs = replace(small_city.year(2025).inputs, submissions={}, first_submissions={})
    result = judged(inputs)
    book = opened(workbook(result, small_city.city()))
    assert {row["结果"] for row in rows(book["排名"])} == {"未报"}
    assert rows(book["扣分"]) == []
    assert len(result_object(result)["townships"]) == len(rows(book["得分表"]))


# --- feeds that any reader takes ------------------------------------------------------


FEED = f"{{{NAMESPACE}}}"


@pytest.fixture(scope="module")
def made() -> Mapping[str, str | bytes]:
    return pages(small_city.city(), small_city.years(), catalogue("zh"))


def parsed(content: str | bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - our own


def feeds(made: Mapping[str, str | bytes]) -> dict[str, ElementTree.Element]:
    found = {path: content for path, content in made.items() if path.endswith("feed.xml")}
    return {path: parsed(content) for path, content in found.items()}


def test_there_is_one_for_all_one_a_year_and_one_a_township(
    made: Mapping[str, str | bytes],
) -> None:
    years = {f"results/{result.inputs.assessment.year}/feed.xml" for result in small_city.years()}
    townships = {f"townships/{one.id}/feed.xml" for one in small_city.city().townships}
    assert feeds(made).keys() == {"feed.xml"} | years | townships


def test_entries_have_what_atom_asks_for_and_lead_to_a_page(
    made: Mapping[str, str | bytes],
) -> None:
    there = 0
    for path, feed in feeds(made).items():
        for name in ("title", "id", "updated"):
            assert feed.findtext(FEED + name)
        ids = [entry.findtext(f"{FEED}id") for entry in feed.iter(f"{FEED}entry")]
        assert len(ids) == len(set(ids)) <= LONGEST
        for entry in feed.iter(f"{FEED}entry"):
            link = entry.find(f"{FEED}link")
            assert link is not None
            page = normpath(join(path, "..", link.attrib["href"].partition("#")[0]))
            assert {f"{page}.md", f"{page}/index.md"} & made.keys(), link.attrib
            there += 1
    assert there > len(small_city.city().townships)


def test_the_newest_comes_first_and_dates_the_feed(made: Mapping[str, str | bytes]) -> None:
    for feed in feeds(made).values():
        days = [str(entry.findtext(f"{FEED}updated")) for entry in feed.iter(f"{FEED}entry")]
        assert days == sorted(days, reverse=True)
        newest = newest_date(result.inputs for result in small_city.years()).isoformat()
        updated = str(feed.findtext(f"{FEED}updated"))
        assert updated.startswith(days[0] if days else newest)


def test_ids_are_the_same_in_every_language_and_run(made: Mapping[str, str | bytes]) -> None:
    again = feeds(pages(small_city.city(), small_city.years(), catalogue("en")))
    for path, feed in feeds(made).items():
        ids = [one.text for one in feed.iter(f"{FEED}id")]
        assert ids == [one.text for one in again[path].iter(f"{FEED}id")]


def test_the_newest_years_files_stand_at_an_address_that_stays(
    made: Mapping[str, str | bytes],
) -> None:
    newest = small_city.years()[-1].inputs.assessment.year
    latest = {p.rpartition("/")[2]: c for p, c in made.items() if p.startswith("results/latest/")}
    assert latest.keys() >= {"results.json", "results.csv", "deductions.csv"}
    assert all(made[f"results/{newest}/{name}"] == content for name, content in latest.items())


@pytest.mark.parametrize("flat", [False, True])
def test_links_are_whole_where_the_site_has_an_address(flat: bool) -> None:
    there = "https://example.org/kaohe/"
    address = Address(there, flat=flat)
    made = pages(small_city.city(), small_city.years(), catalogue("zh"), address=address)
    links = [
        link.attrib["href"] for feed in feeds(made).values() for link in feed.iter(f"{FEED}link")
    ]
    for link in links:
        assert link.startswith(there)
        page = link.removeprefix(there).partition("#")[0]
        page = page.replace(".html", ".md") if flat else page.removesuffix("/") or "index"
        assert {page, f"{page}.md", f"{page}/index.md"} & made.keys(), link
    assert f"{there}feed.xml" in links


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("site_url: https://a.example/b", Address("https://a.example/b/")),
        ('site_url: !ENV [KAOHE_SITE_URL, ""]', Address("https://example.org/kaohe/en/")),
        ('site_url: !ENV [OTHER, ""]', Address()),
        ("use_directory_urls: false", Address(flat=True)),
        ("use_directory_urls: true", Address()),
        ("", Address()),
    ],
)
def test_settings_say_where_the_site_stands(
    settings: str, expected: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAOHE_SITE_URL", "https://example.org/kaohe")
    (tmp_path / ENGLISH.config).write_text(settings, encoding="utf-8")
    assert address(tmp_path, ENGLISH) == expected
