"""Two languages in a real browser: the switch stays on the page, the search on its language."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import kinds


def switch(page: Page, base: str) -> dict[str, str]:
    """Where the switch leads, from the site's top."""
    links = page.locator("a.md-select__link")
    found: list[list[str]] = links.evaluate_all("all => all.map(a => [a.hreflang, a.href])")
    return {lang: address.removeprefix(base) for lang, address in found}


def test_the_switch_leads_to_the_same_page(
    open_page: OpenPage, base: str, pages: list[str]
) -> None:
    page = open_page()
    chinese = [address for address in pages if not address.startswith("en/")]
    for address in kinds(chinese):
        for here in (address, f"en/{address}"):
            page.goto(base + here)
            assert switch(page, base) == {"zh": address, "en": f"en/{address}"}, here


@pytest.mark.parametrize("here", ["results/2025/songhe/", "en/results/2025/songhe/"])
def test_the_switch_keeps_the_place_on_the_page(open_page: OpenPage, base: str, here: str) -> None:
    page = open_page(f"{here}#c-3-1")
    other = "zh" if here.startswith("en/") else "en"
    there = here.removeprefix("en/") if other == "zh" else f"en/{here}"
    page.get_by_role("button", name="选择当前语言" if other == "en" else "Select language").hover()
    page.locator(f'a.md-select__link[hreflang="{other}"]').click()
    page.wait_for_url(f"{base}{there}#c-3-1")
    assert page.locator("html").get_attribute("lang") == other


def test_an_english_word_finds_english_pages(open_page: OpenPage, base: str) -> None:
    page = open_page("en/")
    field = page.get_by_role("textbox", name="Search")
    field.click()
    field.fill("accountability")
    field.dispatch_event("keyup")
    result = page.locator(".md-search-result__link").first
    result.wait_for()
    assert (result.get_attribute("href") or "").startswith(f"{base}en/")
