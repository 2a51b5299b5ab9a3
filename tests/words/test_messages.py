"""Every sentence has a Chinese wording, with the same places, and nothing stale is kept."""

import ast
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import click
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from generator.commands.cli import cli
from generator.engine.problem import Message, Text
from generator.words.messages import LANGUAGES, catalogue
from tests.cases import ROOT
from tests.texts import CHINESE, HALF_WIDTH

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
