"""What every page of the built site has, also where the templates write HTML themselves."""

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.conftest import ADDRESS, ROOT, build
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


def _read(site: Path, pages: Iterable[str]) -> dict[str, _Page]:
    return {page: _Page(_file(site, page).read_text(encoding="utf-8")) for page in pages}


@pytest.fixture(scope="module")
def read(web_root: Path, pages: list[str]) -> dict[str, _Page]:
    return _read(web_root / ADDRESS, pages)


def _broken(site: Path, read: Mapping[str, _Page], find: Callable[[Path, str], Path]) -> list[str]:
    """Links that lead nowhere; `find` says which file a path inside the site gives."""
    broken, count = [], 0
    for page, content in read.items():
        for target in content.targets:
            split = urlsplit(urljoin(f"http://site/{page}", target))
            path, anchor = unquote(split.path.removeprefix("/")), unquote(split.fragment)
            if split.netloc != "site":
                continue
            count += 1
            if not find(site, path).is_file():
                broken.append(f"{page}: {target}")
            elif path in read and anchor not in read[path].anchors:
                broken.append(f"{page}: {target} (no such anchor)")
    assert count > 10 * len(read)
    return broken


def test_every_link_leads_somewhere(web_root: Path, read: dict[str, _Page]) -> None:
    assert not _broken(web_root / ADDRESS, read, _file)


def test_every_link_leads_to_a_file_where_pages_are_files(tmp_path: Path) -> None:
    """From a folder or a USB stick nothing finds the page of a folder."""
    city, site = tmp_path / "city", tmp_path / "site"
    shutil.copytree(ROOT / "examples" / "linjiang", city)
    for name in ("mkdocs.yml", "mkdocs.en.yml"):
        text = (city / name).read_text(encoding="utf-8")
        settings = text.replace("use_directory_urls: true", "use_directory_urls: false")
        (city / name).write_text(settings, encoding="utf-8")
    build(city, site)
    pages = [page.relative_to(site).as_posix() for page in site.rglob("*.html")]
    read = _read(site, (page for page in pages if page != "404.html"))
    assert not _broken(site, read, Path.joinpath)


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
