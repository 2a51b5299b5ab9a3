"""The manual of rulebooks tells the truth: closed sets, sound examples, workings as printed.

The pages are the cases: every rule on the page of kinds is put into a small rulebook and judged
by the facts in `rule_docs/facts.yaml`; what the other pages show is held to its schema. The same
holds for their English forms, whose workings are those of the English program.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import product
from textwrap import indent
from typing import Any

import pytest

from generator.engine.kinds import KINDS
from generator.engine.problem import Location
from generator.engine.quantities import QUANTITIES
from generator.engine.year import Period, Rating
from generator.reading.source import Document, replaced
from generator.rulebook.check import rulebook_problems
from generator.rulebook.read import rulebook
from generator.shape.form import Form, form
from generator.shape.schema import Shape, shape, submission_shape
from generator.words.messages import catalogue
from generator.year.examples import UNIT, Example, card_of
from tests.cases import ROOT, document

FORMS = {"zh": ".md", "en": ".en.md"}
GUIDES = ("rulebook-above", "rulebook-guide")
HERE = ROOT / "tests" / "rule_docs"
PLACE = Location("tests/rule_docs/facts.yaml", 1, 1)
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
_BLOCK = re.compile(r"^```yaml\n(- id: .*?)^```\n(.*?)(?=^```yaml|^#|\Z)", re.MULTILINE | re.DOTALL)
_YAML = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING = {
    "zh": re.compile(r"^## ([a-z_]+)：", re.MULTILINE),
    "en": re.compile(r"^## ([a-z_]+): ", re.MULTILINE),
}
_QUOTED = {"zh": re.compile(r"(?:扣分|加分)说明：(.*)"), "en": re.compile(r"Working: (.*)")}
_WORKING = {"zh": re.compile("「([^」]*)」"), "en": re.compile("“([^”]*)”")}


@dataclass(frozen=True)
class Block:
    """One rule of the page, and the workings that the page quotes below it."""

    lang: str
    name: str
    rule: str
    workings: tuple[str, ...]


def page(name: str, lang: str) -> str:
    return (ROOT / "docs" / f"{name}{FORMS[lang]}").read_text(encoding="utf-8")


def blocks(lang: str) -> list[Block]:
    blocks = []
    for rule, after in _BLOCK.findall(page("rule-kinds", lang)):
        named = re.match(r"- id: ([a-z0-9-]+)", rule)
        assert named
        quoted = _WORKING[lang].findall("\n".join(_QUOTED[lang].findall(after)))
        blocks.append(Block(lang, named[1], rule, tuple(quoted)))
    return blocks


BLOCKS = [
    pytest.param(block, id=f"{lang}-{block.name}") for lang in FORMS for block in blocks(lang)
]


@cache
def report() -> tuple[Form, Shape]:
    """What the page's rules may speak of."""
    schema = document("schema/form.json", (HERE / "form.json").read_bytes())
    asked, wrong = submission_shape(schema)
    built, more = form(schema)
    assert [*wrong, *more] == []
    assert asked is not None
    assert built is not None
    return built, asked


@cache
def cases() -> Mapping[str, Any]:
    facts: Mapping[str, Any] = document("facts.yaml", (HERE / "facts.yaml").read_bytes()).value
    return facts


def book_with(rule: str) -> Document:
    """The small rulebook with one rule of the page in it."""
    frame = (HERE / "rulebook.yaml").read_text(encoding="utf-8")
    return document("rulebook.yaml", frame + indent(rule, " " * 10))


def changed(changes: Mapping[str, Any]) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = cases()["base"]
    for address, value in changes.items():
        facts = replaced(facts, address.split("."), value)
    assert report()[1].is_valid(facts), changes
    return facts


def rating(value: Mapping[str, Any]) -> Rating:
    points = Fraction(value["points"])
    why = (value["reason"], value["document"])
    return Rating(value["rule"], value["scorer"], points, "2026-01-05", *why, None, PLACE)


def example(case: Mapping[str, Any]) -> Example:
    facts = changed(case.get("given", {}))
    return replace(
        Example("1.1", UNIT, YEAR, facts, (), {}, PLACE),
        ratings=tuple(map(rating, case.get("ratings", []))),
        before=changed(case["before"]) if "before" in case else None,
        peers=tuple(map(changed, case.get("peers", []))),
    )


def printed(block: Block) -> Iterator[str]:
    """Every working that the engine makes of the rule for the facts kept beside this test."""
    book = rulebook(book_with(block.rule), report()[0])
    for case in cases()["rules"][block.name]:
        for score in card_of(example(case), book).clauses():
            for charge in score.charges:
                yield catalogue(block.lang).render(charge.deduction.reason)


@pytest.mark.parametrize("lang", FORMS)
def test_every_kind_has_a_heading_and_an_example(lang: str) -> None:
    assert _HEADING[lang].findall(page("rule-kinds", lang)) == list(KINDS)
    assert {re.findall(r"kind: (\w+)", block.rule)[0] for block in blocks(lang)} == set(KINDS)


@pytest.mark.parametrize("lang", FORMS)
def test_every_quantity_has_a_row(lang: str) -> None:
    text = page("rule-kinds", lang)
    rows = re.findall(r"^\| `\{([a-z_]+): .*?\}` \|", text, re.MULTILINE)
    assert rows == list(QUANTITIES)
    forms = shape("rulebook").schema["$defs"]["quantity"]["oneOf"]
    assert rows == [form["required"][0] for form in forms]


@pytest.mark.parametrize("lang", FORMS)
def test_every_example_has_facts_and_all_facts_an_example(lang: str) -> None:
    assert [block.name for block in blocks(lang)] == list(cases()["rules"])


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_is_sound(block: Block) -> None:
    book = book_with(block.rule)
    assert shape("rulebook").problems(book) == []
    # The book around an example has limits and gradings for all of them.
    problems = rulebook_problems(book, report()[0], ("rule-kinds", 1))
    assert [problem for problem in problems if problem.code != "unread-figure"] == []


@pytest.mark.parametrize("block", BLOCKS)
def test_a_working_is_quoted_as_it_is_printed(block: Block) -> None:
    assert block.workings
    assert set(block.workings) <= set(printed(block))


SHOWN = [
    (f"{name}-{lang}-{number}", block)
    for lang, name in product(FORMS, GUIDES)
    for number, block in enumerate(_YAML.findall(page(name, lang)), start=1)
]
"""Every YAML block of the two guides that is more than a piece of a group of keys."""


def part_of(kind: str, *keys: str) -> Shape:
    schema = shape(kind).schema
    node: Any = schema
    for key in keys:
        node = node[key]
    return Shape({"$defs": schema["$defs"], **node})


def fits(value: list[Any] | dict[str, Any]) -> bool:
    """Whether a block is sound as what its keys say it is."""
    if isinstance(value, list):
        return all(part_of("rulebook", "$defs", _entry(entry)).is_valid(entry) for entry in value)
    for key, kind in (("examples", "example"), ("workdays", "holidays"), ("texts", "rendering")):
        if key in value and (key != "examples" or "clause" in value):
            return shape(kind).is_valid(value)
    if any("alternatives" in r and "phrase" not in r for r in value.get("readings", [])):
        return shape("readings").is_valid(value)
    if "ratings" in value:
        return part_of("inspection", "properties", "ratings").is_valid(value["ratings"])
    if isinstance(value.get("periods"), dict):
        return set(value["periods"]) == {"H1", "H2"}  # a report, not a rulebook
    known = shape("rulebook").schema["properties"]
    parts = [(part_of("rulebook", "properties", key), value[key]) for key in value if key in known]
    return all(part.is_valid(inner) for part, inner in parts)


def _entry(value: Mapping[str, Any]) -> str:
    if "clauses" in value:
        return "reading" if "phrase" in value else "section"
    return "rule" if "kind" in value else "clause"


@pytest.mark.parametrize(("name", "block"), SHOWN, ids=lambda text: text.split("\n")[0])
def test_what_the_guides_show_is_sound(name: str, block: str) -> None:
    assert fits(document(name, block).value)


@pytest.mark.parametrize("lang", FORMS)
def test_everything_above_the_clauses_is_shown(lang: str) -> None:
    text = "".join(page(name, lang) for name in GUIDES)
    known = shape("rulebook").schema["properties"]
    assert [key for key in known if f"`{key}`" not in text and f"\n{key}:" not in text] == []
