"""The site in English: whole, in English, every page at the same address as its Chinese one."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import yaml

from generator.pages.layout import CHINESE, ENGLISH, Rendered, editions, handwritten, marked
from generator.words.messages import catalogue
from tests.builders import first_book
from tests.conftest import ADDRESS, ROOT
from tests.repositories import put

CHINESE_SIGNS = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uffef]")
RESTORED = re.compile("[【】]")
"""Brackets around restored words stand in English as well: they say what is not in the source."""

GENERATED = ("index.html", "submit/", "results/", "townships/", "rulebooks/")
VOID = frozenset(("br", "col", "hr", "img", "input", "link", "meta"))
ONLY_ENGLISH = frozenset(f"{name}/index.html" for name in ("architecture", "decisions"))
"""For developers, and not in the menu."""

ONLY_CHINESE = "This page is written in Chinese only."


class _Seen(HTMLParser):
    """What a page says in Chinese: `declared` where that is said, `undeclared` where it is not."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.declared: set[str] = set()
        self.undeclared: set[str] = set()
        self.lang = ""
        self.switch: list[tuple[str, str]] = []
        self.drawn = ""
        text = path.read_text(encoding="utf-8")
        self.only_chinese = ONLY_CHINESE in unescape(text)
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = given.get("lang", "")
        if tag == "a" and given.get("class") == "md-select__link":
            self.switch.append((given["hreflang"], given["href"]))
        # The list of contents is made of the headings, by the theme.
        contents = self.only_chinese and "md-nav" in given.get("class", "")
        marked = given.get("lang") == "zh" or given.get("hreflang") == "zh" or contents
        if not (marked or self._marked()):
            self.undeclared |= set(filter(self._chinese, given.values()))
        if tag not in VOID:
            self.open.append((tag, marked))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _ in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._chinese(data):
            (self.declared if self._marked() else self.undeclared).add(data.strip())
        if any(tag == "svg" for tag, _ in self.open):
            self.drawn += data

    def _marked(self) -> bool:
        return any(marked for _, marked in self.open)

    @staticmethod
    def _chinese(text: str) -> bool:
        return bool(CHINESE_SIGNS.search(RESTORED.sub("", text)))


@pytest.fixture(scope="module")
def site(web_root: Path) -> Path:
    return web_root / ADDRESS


@pytest.fixture(scope="module")
def english(site: Path) -> dict[str, _Seen]:
    return {address: _Seen(path) for address, path in pages_below(site / "en").items()}


def pages_below(folder: Path) -> dict[str, Path]:
    """The pages below a folder by their address from there, those of the other language aside."""
    pages = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.html")}
    return {name: path for name, path in pages.items() if not name.startswith("en/")}


def test_every_page_and_file_is_there_in_both_languages(site: Path) -> None:
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    english = {name.removeprefix("en/") for name in files if name.startswith("en/")}
    assert {name for name in files if not name.startswith("en/")} == english - ONLY_ENGLISH
    assert english >= ONLY_ENGLISH
    assert len(english) > 100


def test_a_page_says_which_language_it_is_in(site: Path, english: dict[str, _Seen]) -> None:
    assert {page.lang for page in english.values()} == {"en"}
    assert {_Seen(path).lang for path in pages_below(site).values()} == {"zh"}


def test_the_switch_leads_to_both_languages_without_a_script(site: Path) -> None:
    for top, pages in (("", pages_below(site)), ("en/", pages_below(site / "en"))):
        for address, path in pages.items():
            if address == "404.html":  # stands at any address
                continue
            base = f"http://x/{top}{address}"
            links = {lang: urljoin(base, link) for lang, link in _Seen(path).switch}
            expected = {"zh": "http://x/index.html", "en": "http://x/en/index.html"}
            assert links == expected, address


def test_chinese_on_english_pages_is_said_to_be_chinese(english: dict[str, _Seen]) -> None:
    assert {name: page.undeclared for name, page in english.items() if page.undeclared} == {}


def test_chinese_on_english_pages_comes_from_the_data(english: dict[str, _Seen]) -> None:
    """All the rest are words of the program, which has English for them."""
    made = [page for name, page in english.items() if name.startswith(GENERATED)]
    ours = {text for page in made for text in page.declared}
    files = (path.read_text(encoding="utf-8") for path in sorted((ROOT / "data").rglob("*.yaml")))
    data = re.sub(r"\s+", " ", "\n".join(files))
    unknown = {text for text in ours - {"中文"} if re.sub(r"\s+", " ", text) not in data}
    assert unknown == set()
    assert len(ours) > 100


def test_charts_are_in_english(english: dict[str, _Seen]) -> None:
    drawn = "".join(page.drawn for page in english.values())
    assert "Songhe" in drawn
    assert not CHINESE_SIGNS.search(drawn)


@pytest.mark.parametrize("name", ["results.csv", "deductions.csv"])
def test_tables_have_english_heads(site: Path, name: str) -> None:
    text = (site / "en" / "results" / "2024" / name).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][0] == "Year"
    assert not CHINESE_SIGNS.search("".join(rows[0]))
    if name == "results.csv":
        assert "the text is cut off" in text  # the end of a sentence that is lost
        assert not CHINESE_SIGNS.search(text)


def test_the_results_are_the_same_whatever_the_language(site: Path) -> None:
    for name in ("results.json", "published.json", "published.zip"):
        chinese, english = (site / top / "results" / "2024" / name for top in ("", "en"))
        assert chinese.read_bytes() == english.read_bytes()


def test_all_of_the_first_regulation_is_rendered() -> None:
    book, rendered = first_book().rulebook, Rendered(catalogue("en"), first_book().english)
    quoted = [
        book.preamble,
        *(section.requirement for section in book.sections),
        *(clause.text for clause in book.clauses()),
        *(provision.text for provision in book.provisions),
        *(reading.phrase for reading in book.readings),
        *(matter.phrase for matter in book.undecidable),
        *(text for r in book.restorations for text in (r.where, r.confidence, r.ground)),
    ]
    assert [text for text in quoted if CHINESE_SIGNS.search(text) and not rendered.of(text)] == []


def test_the_text_that_counts_stands_before_its_rendering(site: Path) -> None:
    addresses = ("results/2025/songhe", "rulebooks/family-planning-petitions/1")
    pages = [(site / "en" / place / "index.html").read_text("utf-8") for place in addresses]
    for page in pages:
        place = page.index('<span lang="zh">（五）没有发生上访滞留')
        after = page[place : place + 400]
        assert after.index("Unofficial rendering") < after.index("No petitioner has been stranded")
    assert "only the Chinese text counts" in pages[-1]


def test_nothing_is_marked_where_all_is_chinese() -> None:
    page, rendered = "<p>（一）乡镇</p>", Rendered(catalogue("zh"), {})
    assert rendered.of("（一）乡镇") == ""
    assert rendered.binding == ""
    assert "nobody has rendered" in Rendered(catalogue("en"), {}).binding
    assert marked(page) == '<p><span lang="zh">（一）乡镇</span></p>'


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("Nothing but English: (1).", "Nothing but English: (1)."),
        ("a 【%】 sign", "a 【%】 sign"),
        ("see 范市〔2025〕12号, page 3", 'see <span lang="zh">范市〔2025〕12号</span>, page 3'),
        (
            '<p lang="zh">甲<b>乙</b></p> 丙',
            '<p lang="zh">甲<b>乙</b></p> <span lang="zh">丙</span>',
        ),
        ('<p lang="zh">甲<br>乙<img src="x"></p>丙', None),
        ("甲 and 乙", '<span lang="zh">甲</span> and <span lang="zh">乙</span>'),
        ("leader ……（原文残缺）", 'leader <span lang="zh">……（原文残缺）</span>'),
    ],
)
def test_a_stretch_of_chinese_is_marked_once(page: str, expected: str | None) -> None:
    wanted = expected or f'{page[:-1]}<span lang="zh">丙</span>'
    assert marked(page) == wanted


def test_what_is_written_by_hand_is_shown_in_english_where_there_is_english(tmp_path: Path) -> None:
    texts = {
        "about.md": "# 关于\n",
        "about.en.md": "# About\n",
        "code.md": "---\nlanguage: en\n---\n# Code\n\n"
        "`松河` is 松河, `not`.\n\n```\nnot\n```\n\n```\n松\n```\n",
        "old.md": "---\ntitle: 旧\n---\n# 旧\n",
        "results/index.md": "generated",
        "en/about.md": "generated",
        "style.css": "a {}",
    }
    for name, text in texts.items():
        put(tmp_path, name, text)
    shown = handwritten(tmp_path, catalogue("en"))
    assert set(shown) == {"about.md", "code.md", "old.md", "style.css"}
    assert shown["about.md"] == "# About\n"
    assert str(shown["code.md"]).endswith(
        '`松河`{ lang="zh" } is <span lang="zh">松河</span>, `not`.\n\n```\nnot\n```\n\n'
        '<div lang="zh" markdown="1">\n\n```\n松\n```\n\n</div>\n'
        "\n<div data-english-only hidden></div>\n"
    )
    old = unescape(str(shown["old.md"]))
    assert old.startswith("---\ntitle: 旧\n")
    assert ONLY_CHINESE in old
    assert '<div lang="zh" markdown="1">\n\n# 旧\n\n</div>' in old


WORDED = (
    *("site_name", "site_description", "copyright", "docs_dir", "site_dir", "nav", "exclude_docs"),
    *("language", "name", "link", "lang", "jieba_dict_user", "permalink_title", "separator"),
)
"""Settings that are words or addresses; all others are the same in both languages."""


class _Loader(yaml.SafeLoader):
    """Keeps tags of other programs as they are."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: tag)


def unworded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: unworded(inner) for key, inner in value.items() if key not in WORDED}
    return [unworded(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("root", [ROOT, ROOT / "examples" / "linjiang"], ids=["shili", "linjiang"])
def test_both_languages_have_the_same_settings(root: Path) -> None:
    chinese, english = (
        yaml.load((root / edition.config).read_text("utf-8"), _Loader)  # noqa: S506 - a safe loader
        for edition in (CHINESE, ENGLISH)
    )
    assert unworded(chinese) == unworded(english)
    assert list(addresses(chinese["nav"])) == list(addresses(english["nav"]))
    assert not CHINESE_SIGNS.search(str({**english, "extra": None}))


def addresses(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for target in entry.values():
            yield from addresses(target) if isinstance(target, list) else (target,)


def test_english_is_made_only_where_it_has_settings(city: Path, tmp_path: Path) -> None:
    assert editions(city) == (CHINESE, ENGLISH)
    assert editions(tmp_path) == (CHINESE,)


def test_zensical_builds_both_languages(zensical_root: Path) -> None:
    site = zensical_root / ADDRESS
    chinese, english = pages_below(site), pages_below(site / "en")
    assert chinese.keys() == english.keys() - ONLY_ENGLISH
    seen = {name: _Seen(path) for name, path in english.items()}
    assert {page.lang for page in seen.values()} == {"en"}
    assert {name: page.undeclared for name, page in seen.items() if page.undeclared} == {}
    switch = dict(seen["results/2025/songhe/index.html"].switch)
    base = "http://x/en/results/2025/songhe/"
    assert urljoin(base, switch["zh"]) == "http://x/index.html"
