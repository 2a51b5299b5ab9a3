"""What a browser shows of every page, whatever stands on it."""

from playwright.sync_api import Page

from generator.pages.layout import RESERVED
from tests.browser.conftest import OpenPage

PHONE = {"width": 360, "height": 740}


def kinds(pages: list[str]) -> list[str]:
    """One page of each kind in each language: those of one section at one depth look alike."""
    found = {}
    for page in pages:
        place = page.removeprefix("en/")
        name = place.split("/")[-2] if place else ""
        special = name if name in RESERVED else ""
        found[page == place, place.split("/")[0], place.count("/"), special] = page
    return sorted(found.values())


def settled(page: Page) -> None:
    """The theme has started: it is then that it would ask other hosts."""
    page.wait_for_load_state("networkidle")


def test_no_request_leaves_the_site(open_page: OpenPage, base: str, pages: list[str]) -> None:
    # The fixture holds every request to it.
    page = open_page()
    settled(page)
    for address in pages:
        page.goto(base + address, wait_until="load")
    settled(page)


def test_nothing_is_wider_than_a_phone(open_page: OpenPage, base: str, pages: list[str]) -> None:
    page = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    wide = {}
    for address in kinds(pages):
        page.goto(base + address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[address] = width
    assert not wide


def test_dark_where_the_reader_asks_for_it(
    open_page: OpenPage, base: str, pages: list[str]
) -> None:
    page = open_page(color_scheme="dark")
    for address in kinds(pages):
        page.goto(base + address)
        assert page.evaluate(BRIGHTNESS) < 60, address
        assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"


def test_light_otherwise(open_page: OpenPage) -> None:
    assert open_page(color_scheme="light").evaluate(BRIGHTNESS) > 200


BRIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g);
  return (Number(red) + Number(green) + Number(blue)) / 3;
}"""


def test_search_dialog_has_a_name(open_page: OpenPage) -> None:
    assert open_page().get_by_role("dialog", include_hidden=True).get_attribute("aria-label")
