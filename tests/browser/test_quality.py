"""What `make quality` measures and every machine can: aids, the keyboard, paper."""

from pathlib import Path

import pytest

from benchmarks.quality.browsing import Walk, walked
from tests.browser.conftest import OpenPage
from tests.browser.test_reading import printed

SCORECARDS = [f"results/{name}/" for name in ("2025/songhe", "2025/jinping", "2025/shimo")]
SCORECARDS.append("results/2024/heyan/")


@pytest.mark.parametrize("address", ["", "results/2025/", *SCORECARDS[:1], "en/submit/"])
def test_the_keyboard_reaches_everything(open_page: OpenPage, address: str) -> None:
    page = open_page(address)
    page.wait_for_load_state("networkidle")
    walk = walked(page)
    assert walk == Walk(walk.all, (), ())
    assert walk.all > 20


def test_what_the_keyboard_misses_is_told(open_page: OpenPage) -> None:
    page = open_page("results/2025/")
    page.wait_for_load_state("networkidle")
    page.evaluate("""() => {
      const [plain, trap] = ["button", "a"].map((name) => document.createElement(name));
      plain.setAttribute("style", "all: unset");
      Object.assign(trap, {id: "trap", href: "#", onfocus: () => trap.blur()});
      document.querySelector("h1").after(plain, trap);
    }""")
    walk = walked(page)
    assert [element[:26] for element in walk.unseen] == ['<button style="all: unset"']
    assert len(walk.missed) > 20


@pytest.mark.parametrize("address", [*SCORECARDS, *(f"en/{card}" for card in SCORECARDS)])
def test_a_scorecard_prints_on_three_sheets(
    open_page: OpenPage, address: str, tmp_path: Path
) -> None:
    assert 1 <= len(printed(open_page(address), tmp_path)) <= 3
