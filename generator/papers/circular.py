"""The official circular (通报) of a year: its wording filled in, its tables and annexes in place.

Owns which fields, tables and annexes a circular's wording may name, and the marks at the head of
a draft. What it looks like on paper is `word`'s. Must not judge.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from generator.engine.result import YearResult
from generator.pages.annual import Year
from generator.pages.layout import Site
from generator.papers import tables
from generator.papers.amounts import CHINESE
from generator.papers.facts import Given, facts
from generator.papers.parts import Annex, Imprint, Line, Paper, Sheet, Table
from generator.papers.sheets import sheets
from generator.papers.template import Language, Place, filled

WORDING = "circular.txt.j2"
OWN = f"templates/{WORDING}"
"""Where a city's own wording stands, from its folder; it takes the place of the shipped one."""

FIELDS = (
    *("发文机关标志", "发文字号", "标题", "主送机关"),
    *("署名", "日期", "附注", "抄送", "印发机关", "印发日期"),
)

PLACES: Mapping[str, Callable[[Year], tuple[Table, ...]]] = {
    "排名表": tables.ranking,
    "更正表": tables.moved,
}
"""Tables of the body, by the name that the wording gives them."""

ANNEXES: Mapping[str, Callable[[Year], tuple[Table | Sheet, ...]]] = {
    "得分汇总表": tables.summary,
    "得分表": sheets,
}
"""Annexes likewise."""


def circular(site: Site, year: Year, wording: str, path: str, given: Given) -> Paper:
    """The paper; `wording` is the text of the template at `path`. Raises Stop if that is wrong."""
    given = replace(given, day=given.day or _day(year))
    found = filled(
        wording, path, facts(site, year, given), Language(FIELDS, tuple(PLACES), tuple(ANNEXES))
    )
    body: list[Line | Table] = []
    for one in found.body:
        body += PLACES[one.name](year) if isinstance(one, Place) else [one]
    said = {name: found.fields.get(name, "") for name in FIELDS}
    return Paper(
        said["发文机关标志"],
        said["发文字号"],
        said["标题"],
        said["主送机关"],
        tuple(body),
        tuple(Annex(title, ANNEXES[name](year)) for name, title in found.annexes),
        said["署名"],
        said["日期"],
        said["附注"],
        Imprint(said["抄送"], said["印发机关"], said["印发日期"]),
        tuple(_marks(site, year)),
        given.day,
    )


def _day(year: Year) -> str:
    """The day of the paper if nobody names one: no clock has a say in it."""
    dates = year.assessment.dates
    return dates.get("final" if year.assessment.status == "final" else "published", "")


def _marks(site: Site, year: Year) -> list[str]:
    marks = []
    if year.assessment.status != "final":
        marks.append(CHINESE._("First assessment, not an official document"))
    if site.city.demonstration:
        marks.append(CHINESE._("Demonstration data"))
    return marks


def first(result: YearResult) -> YearResult:
    """A year as it was when it was published, before any correction."""
    return replace(result, standings=result.first, inputs=replace(result.inputs, corrections=()))
