"""Tables that sort and filter, keep it in the address, and need no script to be read."""

import re

from playwright.sync_api import Page

from tests.browser.conftest import OpenPage

RANKING = "results/2025/"


def column(page: Page, number: int) -> list[str]:
    """What the first sortable table shows in a column."""
    cells: list[str] = page.locator("table.k-sortable").first.evaluate(
        "(t, n) => [...t.tBodies[0].rows].filter(r => !r.hidden)"
        ".map(r => r.cells[n].innerText.replace(/\\s/g, ''))",
        number,
    )
    return cells


def head(page: Page, name: str) -> None:
    page.locator("table.k-sortable").first.get_by_role("button", name=name, exact=True).click()


def test_numbers_sort_as_numbers_and_the_unranked_come_last(open_page: OpenPage) -> None:
    page = open_page(RANKING)
    head(page, "得分")
    scores = column(page, 2)
    assert scores[-1] == "–"
    numbers = [float(re.match(r"[\d.]+", score)[0]) for score in scores[:-1]]  # type: ignore[index]
    assert numbers == sorted(numbers)
    head(page, "得分")
    assert column(page, 2)[:-1] == scores[-2::-1]
    assert column(page, 2)[-1] == "–"


def test_tied_ranks_sort_by_their_number_and_keep_their_order(open_page: OpenPage) -> None:
    page = open_page(RANKING)
    before = column(page, 1)
    head(page, "乡镇（办事处）")
    assert column(page, 1) != before
    head(page, "名次")
    assert column(page, 1) == before
    assert [r for r in column(page, 0) if "并列" in r] == ["并列5", "并列5", "并列9", "并列9"]


def test_names_sort_as_chinese_readers_expect(open_page: OpenPage) -> None:
    page = open_page("townships/")
    head(page, "乡镇（办事处）")
    names = column(page, 0)
    assert names[0] == "东苑办事处"  # dōng before all of fēng, hè …
    assert names == page.evaluate("n => n.toSorted(new Intl.Collator('zh').compare)", names)


def test_moves_in_rank_sort_by_places(open_page: OpenPage) -> None:
    page = open_page(RANKING)
    head(page, "名次比2024年")
    moves = [move for move in column(page, 8) if move != "–"]
    places = [int(re.sub(r"\D", "", m) or 0) * (-1 if "降" in m else 1) for m in moves]
    assert places == sorted(places)


def test_what_is_sorted_is_said_to_a_screen_reader(open_page: OpenPage) -> None:
    page = open_page(RANKING)
    head(page, "得分")
    sorted_ = page.get_by_role("columnheader", name="得分", exact=True)
    assert sorted_.get_attribute("aria-sort") == "ascending"
    assert page.locator("[aria-sort]").count() == 1


def test_the_keyboard_sorts_and_filters(open_page: OpenPage) -> None:
    page = open_page(RANKING)
    page.get_by_role("searchbox", name="筛选").focus()
    page.keyboard.type("办事处")
    names = column(page, 1)
    assert len(names) == 4
    assert all("办事处" in name for name in names)
    page.get_by_role("button", name="名次", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert page.locator("[aria-sort=descending]").count() == 1


def test_what_was_chosen_can_be_sent_to_somebody(open_page: OpenPage) -> None:
    page = open_page(RANKING)
    page.get_by_role("searchbox", name="筛选").fill("镇")
    head(page, "得分")
    names = column(page, 1)
    other = open_page()
    other.goto(page.url)
    assert column(other, 1) == names
    assert other.get_by_role("searchbox", name="筛选").input_value() == "镇"
    assert other.get_by_role("status").first.inner_text() == f"显示{len(names)}条，共12条"
    assert not other.locator("#__search").is_checked()  # the theme's own search stays shut


def test_a_filter_leaves_no_empty_heading(open_page: OpenPage) -> None:
    page = open_page("results/2025/deductions/")
    page.get_by_role("searchbox", name="筛选").fill("松河 进京")
    assert page.locator(".k-by > li:visible").count() == 1
    assert page.locator("h3:visible").count() == 1


def test_paper_shows_what_is_filtered(open_page: OpenPage) -> None:
    page = open_page(f"{RANKING}?filter=镇")
    page.emulate_media(media="print")
    assert page.locator("table.k-sortable tbody tr:visible").count() == 5
    assert not page.locator("#k-q").is_visible()
    assert page.locator(".k-shown").is_visible()


def test_without_script_all_is_there_and_nothing_pretends(open_page: OpenPage) -> None:
    page = open_page(RANKING, java_script_enabled=False)
    assert page.locator("table.k-sortable tbody tr").count() == 12
    assert page.locator(".k-sort, .k-filter:visible").count() == 0


THOUSAND = """() => {
  const table = document.querySelector('table.k-sortable'), body = table.tBodies[0];
  const row = body.rows[0];
  for (let n = body.rows.length; n < 1000; n++) {
    const copy = row.cloneNode(true);
    copy.cells[2].textContent = String((n * 7919) % 10007 / 100);
    body.append(copy);
  }
  body.offsetHeight;
  const start = performance.now();
  table.tHead.rows[0].cells[2].querySelector('button').click();
  return performance.now() - start;
}"""


def test_a_thousand_rows_sort_at_once(open_page: OpenPage) -> None:
    assert open_page(RANKING).evaluate(THOUSAND) < 500


def test_a_scorecard_opens_with_what_cost_most_places(open_page: OpenPage) -> None:
    page = open_page("results/2025/songhe/")
    first = page.locator(".k-costly > li").first
    assert "不计V-009：91.45分，第4名 → 第3名" in first.inner_text()
    first.get_by_role("link").first.click()
    assert page.url.endswith("#c-3-1")


def test_ranks_over_the_years_are_told_where_pointed_at(open_page: OpenPage) -> None:
    page = open_page("results/")
    titles = page.locator(".k-bump > title").all_text_contents()
    assert any(t.startswith("麦岗镇：") and "2025年第2名" in t for t in titles)
    page.locator(".k-data summary").click()
    assert page.locator(".k-data table").is_visible()
