"""What readers come for, in their hands: the ranking, a deduction, its working, on any screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page

from benchmarks.quality.browsing import DESKTOP, PHONE, sheets
from tests.browser.conftest import OpenPage
from tests.builders import first_book

SCORECARD = "results/2025/songhe/"
RULEBOOK = "rulebooks/family-planning-petitions/1/"
WORKING = "越级进京上访3起，限额2%×120（只舍不入）=2起，突破1起，扣5分"


def rows(page: Page) -> list[list[str]]:
    """The first table's body as it is shown, cell by cell."""
    cells: list[list[str]] = page.locator("table").first.evaluate(
        "t => [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText.trim()))"
    )
    return cells


@pytest.mark.parametrize("address", ["", "results/2025/"])
def test_the_ranking_reads_from_the_first_to_the_last(open_page: OpenPage, address: str) -> None:
    shown = rows(open_page(address))
    ranks = ["1", "2", "3", "4", "并列5", "并列5", "7", "8", "并列9", "并列9", "11", "–"]
    assert [re.sub(r"\s", "", row[0]) for row in shown] == ranks
    scores = [float(row[2].split()[0]) for row in shown[:-1]]
    assert scores == sorted(scores, reverse=True)
    assert shown[0][1:3] == ["东苑办事处", "97.40"]
    assert "表彰" in shown[0][3]
    assert shown[-1][1] == "枫坪乡"
    assert shown[-1][3] == "未报"


def search(page: Page, words: str) -> Locator:
    """What the search box shows for words that are typed into it."""
    field = page.locator("input[name=query]")
    field.click()
    field.press_sequentially(words)
    field.dispatch_event("keyup")  # Chinese comes in without one, and the theme waits for it
    results = page.locator(".md-search-result__item a.md-search-result__link")
    results.first.wait_for()
    return results


def test_a_deduction_is_found_by_its_words(open_page: OpenPage) -> None:
    page = open_page()
    results = search(page, "越级进京")
    results.and_(page.locator('[href*="/results/2025/deductions/"]')).first.click()
    page.wait_for_url("**/results/2025/deductions/**")
    assert page.get_by_text(WORKING).is_visible()


def test_a_township_is_found_by_its_name(open_page: OpenPage) -> None:
    page = open_page()
    first = search(page, "松河镇").first
    assert "songhe" in (first.get_attribute("href") or "")
    first.click()
    page.wait_for_url("**/songhe/**")
    assert "松河镇" in page.locator("h1").inner_text()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_deduction_shows_its_working(open_page: OpenPage, viewport: dict[str, int]) -> None:
    why = open_page(SCORECARD, viewport=viewport).get_by_text(WORKING).last
    assert why.is_visible()
    box = why.bounding_box()
    assert box
    assert box["x"] + box["width"] <= viewport["width"]


def test_what_was_reported_stands_beside_what_was_judged(open_page: OpenPage) -> None:
    page = open_page(SCORECARD)
    pair = page.locator(".k-change").filter(has_text="本级接访量").locator(".k-pair > span")
    assert pair.all_inner_texts() == ["报送\n150", "核定\n120"]
    reported, judged = pair.first.bounding_box(), pair.last.bounding_box()
    assert reported
    assert judged
    assert reported["y"] == judged["y"]
    assert reported["x"] + reported["width"] <= judged["x"]


def printed(page: Page, folder: Path) -> list[str]:
    texts = sheets(page, folder)
    if texts is None:
        pytest.skip("no pdftotext here: install poppler-utils")
    return texts


def test_a_scorecard_on_paper_is_complete(open_page: OpenPage, tmp_path: Path) -> None:
    sheets = printed(open_page(SCORECARD), tmp_path)
    text = "".join(sheets)
    for clause in first_book().rulebook.clauses():
        assert f"{clause.id} {clause.title.zh}" in text
    assert WORKING in text
    assert all(sheet.strip() for sheet in sheets), "an empty sheet"


@pytest.mark.parametrize("address", ["results/2025/", SCORECARD])
def test_what_only_a_screen_needs_is_not_printed(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.emulate_media(media="print")
    for part in ("header", ".md-tabs", ".md-sidebar", ".md-footer", ".k-crumbs", ".headerlink"):
        assert page.locator(f"{part} >> visible=true").count() == 0, part
    assert page.locator("h1").is_visible()


def test_the_keyboard_skips_to_the_content(open_page: OpenPage) -> None:
    page = open_page(SCORECARD)
    page.keyboard.press("Tab")
    assert page.locator(".md-skip:focus").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('.md-content')")


PLACED = "id => document.getElementById(id).getBoundingClientRect().top"


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("address", [f"{RULEBOOK}#c-2-5", "results/2025/deductions/#c-3-1"])
def test_a_link_lands_at_its_clause(
    open_page: OpenPage, address: str, viewport: dict[str, int]
) -> None:
    """What stands above is laid out only when it is looked at; its height is guessed before."""
    page = open_page(address, viewport=viewport)
    page.wait_for_load_state("networkidle")
    assert 0 <= page.evaluate(PLACED, address.partition("#")[2]) < 180


def test_the_keyboard_reaches_and_scrolls_a_wide_table(open_page: OpenPage) -> None:
    page = open_page("results/2025/", viewport=PHONE)
    region = page.get_by_role("region", name="2025年度，参评11个，满分100分")
    for _ in range(40):
        page.keyboard.press("Tab")
        if region.evaluate("e => e === document.activeElement"):
            break
    assert region.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("results/2025/", "2025年度各部分得分"),
        (SCORECARD, "从满分100分到86.45分"),
        ("townships/songhe/", "历年各部分得分"),
    ],
)
def test_a_chart_has_a_name(open_page: OpenPage, address: str, name: str) -> None:
    page = open_page(address)
    charts = page.locator("figure svg[role=img]")
    assert charts.count() == 1
    assert page.get_by_role("img", name=name).count() == 1
