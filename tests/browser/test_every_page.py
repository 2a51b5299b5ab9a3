"""What a browser shows of every page, whatever stands on it: one visit tells all that is asked."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Page

from benchmarks.quality.browsing import VISITORS, violations
from generator.pages.layout import RESERVED
from tests.browser.conftest import OpenPage

GENERATED = ("results/", "townships/", "rulebooks/", "submit/")
WIDEST = (
    *("", "results/2025/", "results/2025/songhe/", "results/2024/heyan/", "results/2024/lists/"),
    "submit/",
)
"""The front page, and the pages with the widest tables."""

AIDED = ("results/2025/", "results/2025/songhe/")
"""The ranking and a scorecard, which have something of everything."""

NARROWEST = 360
"""Pixels of the narrowest phone."""


def kinds(pages: list[str]) -> list[str]:
    """One page of each kind in each language: those of one section at one depth look alike."""
    last = {}
    for page in pages:
        place = page.removeprefix("en/")
        name = place.split("/")[-2] if place else ""
        special = name if name in RESERVED else ""
        last[page == place, place.split("/")[0], place.count("/"), special] = page
    return sorted(last.values())


def sample(pages: list[str]) -> list[str]:
    """By day: what is generated, in Chinese, with a page of each sort of the others."""
    others = ("commands/", "year/", "en/", "en/results/2025/", "en/results/2025/songhe/")
    generated = [page for page in kinds(pages) if page.startswith(GENERATED)]
    return sorted({*generated, *WIDEST, *others})


DAY_AND_NIGHT = pytest.mark.parametrize(
    "part", ["sample", pytest.param("all", marks=pytest.mark.nightly)]
)


def settled(page: Page) -> None:
    """The theme has started: it is then that it would ask other hosts."""
    page.wait_for_load_state("networkidle")


@DAY_AND_NIGHT
def test_no_request_leaves_the_site(
    open_page: OpenPage, base: str, pages: list[str], part: str
) -> None:
    # The fixture holds every request to it.
    page = open_page()
    settled(page)
    for address in pages if part == "all" else kinds(pages):
        page.goto(base + address, wait_until="load")
    settled(page)


Look = Callable[[Page, str, str], Iterator[str]]
"""What is wrong with the page that a visitor has opened: given its address and the site's."""


def outside(page: Page, address: str, base: str) -> Iterator[str]:
    """Wider than a phone, or reaching beyond it where nobody can scroll."""
    size = page.viewport_size
    assert size
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > size["width"]:
        yield f"{width} px wide"
    if address in WIDEST:
        yield from page.evaluate(OUTSIDE)


def narrowest(page: Page, address: str, base: str) -> Iterator[str]:
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": NARROWEST, "height": 740})
    yield from outside(page, address, base)
    page.set_viewport_size(size)


def dark(page: Page, address: str, base: str) -> Iterator[str]:
    """Dark where the reader asks for it."""
    scheme, brightness = page.evaluate(SCHEME), page.evaluate(BRIGHTNESS)
    if (scheme, brightness < 60) != ("slate", True):
        yield f"{scheme}, brightness {brightness}"


def light(page: Page, address: str, base: str) -> Iterator[str]:
    scheme, brightness = page.evaluate(SCHEME), page.evaluate(BRIGHTNESS)
    if (scheme, brightness > 200) != ("default", True):
        yield f"{scheme}, brightness {brightness}"


def faint(page: Page, address: str, base: str) -> Iterator[str]:
    """Texts that do not stand out from their ground."""
    if address in (*WIDEST, "results/2025/deductions/", "townships/songhe/"):
        yield from page.evaluate(FAINT)


def aids(page: Page, address: str, base: str) -> Iterator[str]:
    """What axe finds, but for manuals in English: they are text and tables, as in Chinese."""
    if not address.startswith("en/") or address.removeprefix("en/").startswith(GENERATED):
        yield from violations(page)


def switch(page: Page, address: str, base: str) -> Iterator[str]:
    """The switch of languages leads to the same page in the other one."""
    links: list[list[str]] = page.locator("a.md-select__link").evaluate_all(
        "all => all.map(a => [a.hreflang, a.href])"
    )
    leads = {lang: there.removeprefix(base) for lang, there in links}
    chinese = address.removeprefix("en/")
    if leads != {"zh": chinese, "en": f"en/{chinese}"}:
        yield f"switch: {leads}"


LOOKS: Mapping[str, tuple[Look, ...]] = {
    "light": (light, faint, switch, aids),
    "dark": (dark, faint, aids),
    "phone": (outside, narrowest, aids),
}


def looks(visitor: str, address: str, part: str) -> Iterator[Look]:
    """By day axe looks at every page in the light, in the dark and on a phone at two of them."""
    for look in LOOKS[visitor]:
        if look is not aids or part == "all" or visitor == "light" or address in AIDED:
            yield look


@DAY_AND_NIGHT
@pytest.mark.parametrize("visitor", VISITORS)
def test_a_visit_finds_nothing_wrong(
    open_page: OpenPage, base: str, pages: list[str], visitor: str, part: str
) -> None:
    page = open_page(**VISITORS[visitor])
    wrong: dict[str, list[str]] = {}
    chosen = sample(pages) if part == "sample" else kinds(pages)
    addresses = sorted({*chosen, *WIDEST, "results/2025/deductions/", "townships/songhe/"})
    for address in addresses:
        page.goto(base + address)
        page.wait_for_function("document.body.dataset.mdColorScheme")
        faults = [
            f"{look.__name__}: {fault}"
            for look in looks(visitor, address, part)
            for fault in look(page, address, base)
        ]
        wrong |= {address: faults} if faults else {}
    assert not wrong
    assert len(addresses) >= 20


NAMELESS = "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=data:,>')"
WRONG: Mapping[str, Mapping[Look, str]] = {
    "light": {
        light: "document.body.dataset.mdColorScheme = 'slate'",
        faint: "document.querySelector('h1').style.color = '#ddd'",
        switch: "document.querySelector('a.md-select__link').href = '..'",
        aids: NAMELESS,
    },
    "dark": {
        dark: "document.body.style.background = '#fff'",
        faint: "document.querySelector('h1').style.color = '#333'",
        aids: NAMELESS,
    },
    "phone": {
        outside: "document.querySelector('h1').style.width = '500px'",
        narrowest: "document.querySelector('h1').style.minWidth = '370px'",
    },
}
"""For each look, what it must not miss."""


@pytest.mark.parametrize("visitor", WRONG)
def test_a_visit_would_find_it(open_page: OpenPage, base: str, visitor: str) -> None:
    for look, change in WRONG[visitor].items():
        page = open_page(**VISITORS[visitor])
        page.wait_for_function("document.body.dataset.mdColorScheme")
        assert list(look(page, "", base)) == []
        page.evaluate(change)
        assert list(look(page, "", base)), look.__name__


SCHEME = "document.body.dataset.mdColorScheme"
BRIGHTNESS = """() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g);
  return (Number(red) + Number(green) + Number(blue)) / 3;
}"""
OUTSIDE = """() => [...document.querySelectorAll('.md-content *')]
  .filter(e => !e.closest('.k-scroll, .highlight, [hidden]') && e.checkVisibility())
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.outerHTML.slice(0, 80))"""
"""Elements that reach beyond the screen and cannot be scrolled to."""
FAINT = """() => {
  const pen = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
  const seen = new Map();
  const rgba = (colour) => {
    if (!seen.has(colour)) {
      pen.clearRect(0, 0, 1, 1);
      pen.fillStyle = colour;
      pen.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
      seen.set(colour, [r, g, b, a / 255]);
    }
    return seen.get(colour);
  };
  const over = ([r, g, b, a], ground) =>
    [r, g, b].map((part, n) => part * a + ground[n] * (1 - a));
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    return over(rgba(getComputedStyle(element).backgroundColor), ground(element.parentElement));
  };
  const light = (colour) => {
    const [r, g, b] = colour.map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  return [...document.querySelectorAll('.md-content *')]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((e) => !e.matches('.headerlink, title, desc') && e.checkVisibility())
    .map((e) => {
      const style = getComputedStyle(e), below = ground(e);
      const ink = e.closest('svg') ? style.fill : style.color;
      return [contrast(over(rgba(ink), below), below), e.textContent.trim().slice(0, 30)];
    })
    .filter(([ratio]) => ratio < 4.5)
    .map(([ratio, text]) => `${ratio.toFixed(2)} ${text}`);
}"""
"""Texts whose contrast with the ground is below what WCAG asks of small type."""


def test_search_dialog_has_a_name(open_page: OpenPage) -> None:
    assert open_page().get_by_role("dialog", include_hidden=True).get_attribute("aria-label")
