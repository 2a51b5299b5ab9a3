"""Data shows literally, whatever it says."""

import markdown
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.words.messages import Safe, cell, escape, title
from tests.texts import Page

# The site's own extensions, and the busier ones that a city might add to its mkdocs.yml.
EXTENSIONS = [
    "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
    "smarty", "pymdownx.arithmatex", "pymdownx.betterem", "pymdownx.caret", "pymdownx.critic",
    "pymdownx.details", "pymdownx.emoji", "pymdownx.highlight", "pymdownx.inlinehilite",
    "pymdownx.keys", "pymdownx.magiclink", "pymdownx.mark", "pymdownx.smartsymbols",
    "pymdownx.snippets", "pymdownx.superfences", "pymdownx.tabbed", "pymdownx.tasklist",
    "pymdownx.tilde",
]  # fmt: skip
OURS = {"h1", "h2", "p", "div", "span", "td", "table", "tr"}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "![x](https://example.org/x.png)",
    "{{ 7*7 }}{% raw %}",
    "{: onclick=alert(1) }",
    "{#id .class}",
    "```\nfence\n```",
    "`code`",
    '--8<-- "mkdocs.yml"',
    "<!-- comment -->",
    "--> <b>",
    "&lt; &#60; &#x3c; &amp",
    "a | b | c",
    "*em* **strong** _em_ __strong__ ~~del~~ ^^ins^^ ==mark== {++add++}",
    "# heading",
    "1. list",
    "- list",
    "> quote",
    "***",
    "www.example.org https://example.org a@example.org",
    ":smile: ++ctrl+alt++ (c) +/- --> $x^2$ [^1] [x]: y *[a]: b",
    "\x02wzxhzdk:0\x03",
    "line\nbreak\u2028and\x85more",
    '" onmouseover="alert(1)" x=\'',
    "</div></td></table><h1>",
    "\\*escaped\\*",
    "    indented",
    "=1+1",
]  # fmt: skip


MARKDOWN = markdown.Markdown(extensions=EXTENSIONS)


def page(text: str) -> Page:
    """The places that templates put data: headings, paragraphs, HTML text, HTML attributes."""
    safe = escape(text)
    source = (
        f"# {safe} {{ #top }}\n\n{safe}\n\n## A {safe} {{ #next }}\n\n"
        f'<div class="k">\n<table><tr><td title="{safe}">{safe}</td></tr></table>\n</div>\n'
    )
    return Page(MARKDOWN.reset().convert(source))


PLAIN = page("文字")


def visible(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and not c.isspace())


@given(
    st.one_of(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=80),
        st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=3).map(" ".join),
        st.text("<>&;:#*_`|[](){}!%$~^=+-./\\'\"@ \n1aw", min_size=1, max_size=40),
    ).filter(lambda text: any(c.isalnum() for c in text))
)
@example("<script>alert(1)</script>")
def test_data_shows_literally_and_makes_no_element(text: str) -> None:
    hostile = page(text)
    assert hostile.tags == PLAIN.tags
    assert {tag for tag, _ in hostile.tags} <= OURS
    assert visible(hostile.text) == visible(PLAIN.text).replace("文字", visible(text))
    assert visible(hostile.values("title")[0]) == visible(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_shows_literally(text: str) -> None:
    assert visible(text) in visible(page(text).text)
    assert page(text).tags == PLAIN.tags


def test_formatting_into_safe_text_escapes_for_markdown_too() -> None:
    assert Safe("<b>{}</b>").format("*x*") == "<b>&#42;x&#42;</b>"
    assert Safe("<b>") + "*" == "<b>&#42;"
    assert Safe(", ").join(["*", Safe("<i>")]) == "&#42;, <i>"
    assert escape(Safe("<i>")) == "<i>"


def test_dates_numbers_and_record_ids_stay_readable() -> None:
    assert escape("2025-05-02 09:00 V-003 91.50 85%") == "2025-05-02 09:00 V-003 91.50 85%"


def test_a_missing_value_is_not_printed() -> None:
    with pytest.raises(TypeError):
        escape(None)


def test_titles_have_no_character_that_html_gives_a_meaning() -> None:
    assert title('<b>"x" & \\ {{y}}\n</b>') == '"＜b＞”x” ＆ \\\\ ｛｛y｝｝ ＜/b＞"'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "＝", "＋", "－", "＠", " ="])
def test_no_table_cell_is_a_formula(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"


def test_other_table_cells_stay_as_they_are() -> None:
    assert cell("松河镇") == "松河镇"
