"""What every page of the built site has, also where the templates write HTML themselves."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.conftest import ADDRESS


class _Page(HTMLParser):
    """Collects where a page leads, and the anchors it has."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: set[str] = set()
        self.anchors: set[str] = {""}
        self.headings = 0
        self.scripts: list[dict[str, str | None]] = []
        self.title = ""
        self.inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.headings += tag == "h1"
        if tag == "script":
            self.scripts.append(dict(attrs))
        for name, value in attrs:
            if name in {"href", "src"} and value:
                self.targets.add(value)
            elif name in {"id", "name"} and value:
                self.anchors.add(value)

    def handle_data(self, data: str) -> None:
        if self.inside == "title":
            self.title += data.strip()


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
        assert content.headings == 1, page
        assert titles.setdefault(content.title, page) == page


def test_no_page_names_another_host_to_load_from(read: dict[str, _Page]) -> None:
    for page, content in read.items():
        for target in content.targets:
            assert not target.startswith("//"), f"{page}: {target}"


def test_no_script_stands_before_the_text_is_drawn(read: dict[str, _Page]) -> None:
    for page, content in read.items():
        loaded = [script for script in content.scripts if "src" in script]
        assert loaded
        assert all("defer" in script for script in loaded), page
