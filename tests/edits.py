"""Histories of a small city, made up by hypothesis: every tree sound, each a small edit away."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from tests import differing
from tests.differing import BOOK, EDITS, INSPECTION, ONE_POINT, correction, inspection, published
from tests.trees import LIULIN, QINGSHAN, SONGHE, Texts, three_townships

REPORTS = {"qingshan": QINGSHAN, "songhe": SONGHE, "liulin": LIULIN}
_START = three_townships()


def _report(township: str, staff: int, articles: bool, visit: str | None) -> str:
    """A township's report with so many clerks, with articles or not, with a visit or none."""
    text = _START[REPORTS[township]].replace("staff: 2", f"staff: {staff}")
    if not articles:
        head, _, rest = text.partition("  articles:\n")
        text = f"{head}  articles: []\n{rest[rest.index('  register_complete') :]}"
    if visit is not None:
        entry = f"{{id: V-101, date: 2025-03-03, level: {visit}, collective: false, repeat: true}}"
        lines = f"visits:\n  - {entry}\n"
        text = text.replace("visits: []\n", lines).replace("visits:\n  - id", f"{lines}  - id")
    return text


_OFFICE = {
    "": None,
    "exempted": inspection("visits.V-002.exempt: null"),
    "inspected": inspection("receptions: 40", findings=("F-01 2.6 0.01",)),
}
_STATUSES = ("open", "provisional", "corrected")

_CHOICES: dict[str, st.SearchStrategy[Any]] = {
    **{f"{name} staff": st.integers(0, 2) for name in REPORTS},
    **{f"{name} articles": st.booleans() for name in REPORTS},
    **{f"{name} visit": st.none() | st.sampled_from(["beijing", "city"]) for name in REPORTS},
    "office": st.sampled_from(sorted(_OFFICE)),
    "townships": st.sampled_from(["", "report-gone", "township-gone", "township-renamed"]),
    "staff points": st.sampled_from(["1", "0.3"]),
    "status": st.sampled_from(_STATUSES),
}
"""What there is to choose about the city; every choice goes with every other."""


def _tree(chosen: Mapping[str, Any]) -> Texts:
    texts = dict(_START)
    for name, path in REPORTS.items():
        choices = (chosen[f"{name} {about}"] for about in ("staff", "articles", "visit"))
        texts[path] = _report(name, *choices)
    if (inspected := _OFFICE[chosen["office"]]) is not None:
        texts[INSPECTION] = inspected
    points = ONE_POINT.replace("value: 1,", f"value: {chosen['staff points']},")
    texts[BOOK] = texts[BOOK].replace(ONE_POINT, points)
    if chosen["status"] != "open":
        texts = published(texts)
    if chosen["status"] == "corrected":
        texts[differing.CORRECTION] = correction("leadership.staff: 2")
        texts[SONGHE] = texts[SONGHE].replace("staff: 2", "staff: 0")
    return EDITS[chosen["townships"]](texts) if chosen["townships"] else texts


@st.composite
def histories(draw: st.DrawFn, least: int) -> list[Texts]:
    """So many trees, each a few choices away from the one before."""
    chosen = {name: draw(choice) for name, choice in _CHOICES.items()}
    trees = [_tree(chosen)]
    while len(trees) < least:
        names = st.lists(st.sampled_from(sorted(_CHOICES)), min_size=3, max_size=8, unique=True)
        chosen |= {name: draw(_CHOICES[name]) for name in draw(names)}
        trees.append(_tree(chosen))
    return trees
