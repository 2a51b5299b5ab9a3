"""Every sentence has a Chinese wording, with the same places; data shows literally in it."""

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click
import markdown
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from hypothesis import example, given
from hypothesis import strategies as st

from generator.commands.cli import cli
from generator.engine.problem import Message, Text
from generator.words.messages import LANGUAGES, Safe, catalogue, cell, escape, title
from tests.cases import ROOT
from tests.texts import CHINESE, HALF_WIDTH, Page

PO = ROOT / "generator" / "locale" / "zh" / "LC_MESSAGES" / "kaohe.po"
HEADINGS = ("Usage:", "Options:", "Commands:", "Show this message and exit.")
PLACES = re.compile(r"\{(\w+)\}")
SIGNS_ONLY = re.compile(r"[^A-Za-z]*|\{\w+\}(?:[^A-Za-z]*\{\w+\})*[^A-Za-z]*")


def _of_command(command: click.Command) -> Iterator[str]:
    for text in (command.help, command.epilog):
        if text:
            yield text.strip()
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield parameter.help
    for inner in getattr(command, "commands", {}).values():
        yield from _of_command(inner)


def asked_for() -> set[str]:
    """Every message of code, templates and help, by its English form."""
    methods = [("generator/**.py", "python"), ("generator/templates/**.j2", "jinja2")]
    keywords = {"Message": None, "_": None, "note": None, "detail": None}
    entries = extract_from_dir(ROOT, method_map=methods, keywords=keywords)
    texts = {entry[2] if isinstance(entry[2], str) else entry[2][0] for entry in entries}
    return (texts - {""}) | set(_of_command(cli)) | set(HEADINGS)


def worded() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh")


def test_every_message_is_worded_and_no_wording_is_stale() -> None:
    known = {str(entry.id): str(entry.string) for entry in worded() if entry.id}
    asked = asked_for()
    assert sorted(asked - {text for text, wording in known.items() if wording}) == []
    assert sorted(known.keys() - asked) == []


def test_every_message_is_written_in_english() -> None:
    """Which is what readers of the English site get: nothing stands between."""
    assert [text for text in sorted(asked_for()) if CHINESE.search(text)] == []


def test_nothing_is_fuzzy_or_said_twice() -> None:
    text = PO.read_text(encoding="utf-8")
    assert "fuzzy" not in text
    ids = re.findall(r'^msgid (".*(?:\n".*)*)', text, re.MULTILINE)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("entry", [e for e in worded() if e.id], ids=lambda entry: entry.id[:60])
def test_a_wording_fills_the_same_places_in_chinese(entry: object) -> None:
    english, chinese = str(getattr(entry, "id", "")), str(getattr(entry, "string", ""))
    if not chinese:
        pytest.skip("told by another test")
    assert sorted(set(PLACES.findall(chinese))) == sorted(set(PLACES.findall(english)))
    assert CHINESE.search(chinese) or SIGNS_ONLY.fullmatch(english) or not_words(english)
    assert not HALF_WIDTH.search(re.sub("「kaohe [^」]*」", "", chinese))
    assert chinese.strip() == chinese or english.strip() != english
    assert "«" not in chinese


def not_words(english: str) -> bool:
    """A message of signs, numbers and names only, which is the same in any language."""
    return not re.search(r"[a-z]{3}", PLACES.sub("", english)) or english in ("null", "JSON", "CSV")


PASSING_ON = ("cli", "terminal", "layout", "wording")
"""Modules that pass on what others say: help of commands, a template's own `_`."""

MODULES = [m for m in sorted((ROOT / "generator").rglob("*.py")) if m.stem != "messages"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_messages_are_literal(module: Path) -> None:
    """Else they could not be found, nor translated."""
    for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        if getattr(call.func, "attr", getattr(call.func, "id", "")) == "_":
            assert isinstance(call.args[0], ast.Constant) or module.stem in PASSING_ON
        if getattr(call.func, "id", "") == "Message":
            text = call.args[0]
            carried = isinstance(text, ast.Attribute) and text.attr == "text"
            assert carried or (isinstance(text, ast.Constant) and isinstance(text.value, str))


def test_arguments_are_written_in_the_language() -> None:
    message = Message(
        "{a} {b} {c} {d}",
        {
            "a": Fraction(11, 3),
            "b": Text("镇", "Town"),
            "c": (1, Fraction(1, 2), Text("乡", "Township")),
            "d": Message("nothing"),
        },
    )
    assert catalogue("en").render(message) == "11/3 Town 1, 0.5, Township nothing"
    assert catalogue("zh").render(message).startswith("11/3 镇 1、0.5、乡 ")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("hostile", ["{a}", "{0.__class__}", "{", "}", "%s", "{{}}", "{a!r:>9}"])
def test_what_fills_a_place_is_never_a_format(lang: str, hostile: str) -> None:
    message = Message("«{text}»", {"text": hostile})
    assert hostile in catalogue(lang).render(message)
    assert hostile in catalogue(lang).render(Message("«{text}»", {"text": message}))


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
