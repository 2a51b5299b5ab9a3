"""Search that finds: what people type is among the first three results, in both engines."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Error, Locator, Page, expect

from tests.browser.conftest import OpenPage, served

CASES = yaml.safe_load(Path(__file__).with_name("searches.yaml").read_text("utf-8"))
RESULTS = {"mkdocs": ".md-search-result__item", "zensical": "li:has(> [role=option])"}
ADDRESSES = """all => all.slice(0, 3).map(one =>
  [...one.querySelectorAll("a")].filter(a => !a.closest("details")).map(a => a.href))"""
"""Of the first three results, each link that shows; Material folds up more of the same page."""


@pytest.fixture(scope="module", params=list(RESULTS))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def base(engine: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of the site that the engine made, for `open_page`."""
    folder = request.getfixturevalue("web_root" if engine == "mkdocs" else "zensical_root")
    with served(folder) as address:
        yield address


class Search:
    """The search box of a page, whichever engine made it."""

    def __init__(self, page: Page, engine: str) -> None:
        if engine == "zensical":
            page.locator(".md-search__button").first.click()
        self._field = page.locator("input[name=query], input[role=combobox]")
        self.results = page.locator(RESULTS[engine])

    def ask(self, words: str) -> Locator:
        """The results, once there are any: those of the question before are gone by then."""
        self._type("")
        expect(self.results).to_have_count(0)
        self._type(words)
        with suppress(Error):  # which is a question that finds nothing
            self.results.locator("a").first.wait_for(timeout=15_000)
        return self.results

    def _type(self, words: str) -> None:
        self._field.click()
        self._field.fill(words)
        self._field.dispatch_event("keyup")  # Material waits for it, and Chinese comes without


def first_three(results: Locator, top: str) -> list[str]:
    """Addresses from the top, without the words that the page is to highlight."""
    shown: list[list[str]] = results.evaluate_all(ADDRESSES)
    return [re.sub(r"\?h=[^#]*", "", href).removeprefix(top) for links in shown for href in links]


@pytest.mark.parametrize("share", [3, pytest.param(1, marks=pytest.mark.nightly)])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_sought_is_in_the_first_three(
    open_page: OpenPage, base: str, engine: str, lang: str, share: int
) -> None:
    """By day all of it by the engine that is used, and every third question by the other one."""
    below = "" if lang == "zh" else "en/"
    search = Search(open_page(below), engine)
    missed = {}
    cases = [case for case in CASES if case["lang"] == lang]
    for case in cases if engine == "mkdocs" else cases[::share]:
        three = first_three(search.ask(case["type"]), base + below)
        if case.get(engine) == "unanswered":  # and said here once it is answered again
            assert three == [], case["type"]
            continue
        if not any(re.match(case.get(engine, case["find"]), address) for address in three):
            missed[case["type"]] = three
    assert not missed


def test_the_cases_are_many_and_different() -> None:
    asked = [(case["lang"], case["type"]) for case in CASES]
    assert len(asked) == len(set(asked)) > 30


by_material = pytest.mark.parametrize("engine", ["mkdocs"], indirect=True)


@pytest.fixture
def box(open_page: OpenPage, engine: str) -> Search:
    return Search(open_page(), engine)


@by_material
def test_nothing_is_found_that_lacks_a_word(box: Search) -> None:
    results = box.ask("越级上访")
    assert results.locator(".md-search-result__terms").count() == 0  # 「缺少：…」
    assert not any("lists/#outside" in link for link in first_three(results, ""))  # 上级


@by_material
def test_what_is_nowhere_in_whole_is_found_in_part(box: Search) -> None:
    texts = box.ask("松河镇 量子计算机").all_inner_texts()
    assert "松河镇" in texts[0].replace("\u200b", "")


@by_material
def test_the_themes_own_operators_still_work(box: Search, base: str) -> None:
    three = first_three(box.ask("松河镇 -2025"), base)
    assert three
    assert not any(address.startswith("results/2025/songhe") for address in three)
