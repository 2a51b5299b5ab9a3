"""Two languages in a real browser: the switch stays on the page, the search on its language."""

import re

import pytest

from tests.browser.conftest import OpenPage


@pytest.mark.parametrize("here", ["results/2025/songhe/", "en/results/2025/songhe/"])
def test_the_switch_keeps_the_place_on_the_page(open_page: OpenPage, base: str, here: str) -> None:
    page = open_page(f"{here}#c-3-1")
    other = "zh" if here.startswith("en/") else "en"
    there = here.removeprefix("en/") if other == "zh" else f"en/{here}"
    page.get_by_role("button", name="选择当前语言" if other == "en" else "Select language").hover()
    page.locator(f'a.md-select__link[hreflang="{other}"]').click()
    page.wait_for_url(f"{base}{there}#c-3-1")
    assert page.locator("html").get_attribute("lang") == other


def test_from_a_page_in_english_alone_the_switch_leads_to_the_front_page(
    open_page: OpenPage, base: str
) -> None:
    page = open_page("en/architecture/")
    page.get_by_role("button", name="Select language").hover()
    page.locator('a.md-select__link[hreflang="zh"]').click()
    page.wait_for_url(re.compile(rf"{re.escape(base)}(index\.html)?$"))


def test_an_english_word_finds_english_pages(open_page: OpenPage, base: str) -> None:
    page = open_page("en/")
    field = page.get_by_role("textbox", name="Search")
    field.click()
    field.fill("accountability")
    field.dispatch_event("keyup")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert (result.get_attribute("href") or "").startswith(f"{base}en/")
