"""What every page of the built site has, also where the templates write HTML themselves."""

import re
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.conftest import ADDRESS
from tests.texts import Page


class _Page(Page):
    """Where a page leads, and the anchors that it has."""

    def __init__(self, html: str) -> None:
        super().__init__(html)
        self.targets = set(self.values("href", "src")) - {""}
        self.anchors = {"", *self.values("id", "name")}
        self.title = "".join(re.findall(r"<title>\s*(.*?)\s*</title>", html, re.DOTALL))


def _file(site: Path, path: str) -> Path:
    file = site / path
    return file / "index.html" if path.endswith("/") or not path else file


@pytest.fixture(scope="module")
def read(web_root: Path, pages: list[str]) -> dict[str, _Page]:
    site = web_root / ADDRESS
    return {page: _Page(_file(site, page).read_text(encoding="utf-8")) for page in pages}


def test_every_link_leads_somewhere(web_root: Path, read: dict[str, _Page]) -> None:
    broken = []
    for page, content in read.items():
        for target in sorted(content.targets):
            split = urlsplit(urljoin(f"x:///{page}", target))
            path, anchor = unquote(split.path.removeprefix("/")), unquote(split.fragment)
            if split.scheme != "x":
                continue
            if not _file(web_root / ADDRESS, path).is_file():
                broken.append(f"{page}: {target}")
            elif path in read and anchor not in read[path].anchors:
                broken.append(f"{page}: {target} (no such anchor)")
    assert not broken


def test_every_page_has_its_own_title_and_one_heading(read: dict[str, _Page]) -> None:
    titles: dict[str, str] = {}
    for page, content in read.items():
        assert [tag for tag, _ in content.tags].count("h1") == 1, page
        assert titles.setdefault(content.title, page) == page


def test_no_page_names_another_host_to_load_from(read: dict[str, _Page]) -> None:
    for page, content in read.items():
        for target in content.targets:
            assert not target.startswith("//"), f"{page}: {target}"


def test_no_script_stands_before_the_text_is_drawn(read: dict[str, _Page]) -> None:
    for page, content in read.items():
        loaded = [names for tag, names in content.tags if tag == "script" and "src" in names]
        assert loaded
        assert all("defer" in names for names in loaded), page
