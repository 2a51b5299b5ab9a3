"""Pairs of trees that differ in every way that there is, for tests of what is said of them."""

from collections.abc import Callable
from functools import cache, partial

from generator.review.diff import Diff, diff
from generator.review.judge import Judge, Store, snapshot
from tests import trees
from tests.cities import texts
from tests.trees import LIULIN, REGISTER, SONGHE, Texts, Written, changed, three_townships

JUDGE = Judge(Store(None))
"""One for all: what it remembers must make no difference to anybody."""

BOOK = "data/rulebooks/family-planning-petitions/1/rulebook.yaml"
INSPECTION = "data/2025/inspections/songhe.yaml"
CORRECTION = "data/2025/corrections/01.yaml"
APPEAL = "data/2024/corrections/01.yaml"
LISTED = "objections_until: 2026-02-10}"
PUBLISHED = "objections_until: 2026-02-10, final: 2026-02-20}"

ONE_POINT = "{value: 1, basis: assumed, reference: 原文要求最少2人，未写扣分，暂定每少1人扣1分}"

Pair = tuple[Texts, Texts]


def compare(old: Texts, new: Texts) -> Diff:
    """What differs between two trees; both must be sound."""
    changes = diff(JUDGE, snapshot(Written(old)), snapshot(Written(new)))
    assert (changes.old_problems, changes.new_problems) == ((), ())
    return changes


def inspection(*changes: str, findings: tuple[str, ...] = ()) -> str:
    """An inspection of Songhe: changes as `fact: value`, findings as `id clause points`."""
    seen = "date: 2025-12-20, reason: 登记簿所载不同, document: 市人口计生信〔2025〕15号"
    lines = ["township: songhe", "year: 2025"]
    lines += ["changes:"] if changes else []
    for change in changes:
        fact, _, value = change.partition(": ")
        lines.append(f"  - {{fact: {fact}, value: {value}, occasion: spot_check, {seen}}}")
    lines += ["findings:"] if findings else []
    for finding in findings:
        name, clause, points = finding.split()
        entry = f"id: {name}, clause: '{clause}', deduct: {points}, occasion: routine"
        lines.append(f"  - {{{entry}, {seen}}}")
    return "\n".join([*lines, ""])


def correction(*changes: str, strike: tuple[str, ...] = ()) -> str:
    """A correction for Songhe: changes as `fact: value`."""
    lines = [
        *("township: songhe", 'clause: "3.2"', "asked_on: 2026-02-05", "asked_by: songhe"),
        *("decision: upheld", "decided_on: 2026-02-18", "document: 市人口计生信〔2026〕7号"),
        *("reason: 登记有误", "changes:" if changes else "changes: []"),
    ]
    for change in changes:
        fact, _, value = change.partition(": ")
        lines.append(f"  - {{fact: {fact}, value: {value}}}")
    return "\n".join([*lines, f"strike: [{', '.join(strike)}]", ""])


def published(texts: Texts) -> dict[str, str]:
    """The year decided for good."""
    return changed(texts, trees.YEAR, ("status: provisional", "status: final"), (LISTED, PUBLISHED))


def without(texts: Texts, *paths: str) -> dict[str, str]:
    """The texts without some files, which must be there."""
    assert all(path in texts for path in paths)
    return {path: text for path, text in texts.items() if path not in paths}


def in_place_of(texts: Texts, year: int, unit: str, other: str) -> dict[str, str]:
    """The city where a unit has sent what another one has."""
    changed = dict(texts)
    for kind in ("townships", "inspections"):
        sent = f"data/{year}/{kind}/{other}.yaml"
        if sent in texts:
            changed[sent.replace(other, unit)] = texts[sent].replace(other, unit)
    return changed


def of(name: str, year: int, unit: str, other: str) -> Callable[[], Pair]:
    return lambda: (texts(name), in_place_of(texts(name), year, unit, other))


_VISIT = "level: province\n    collective: false\n    repeat: {}"
_EXEMPT = "    exempt:\n      ground: consultation\n      document: 登记表第17号\n"
_WORDS: dict[str, tuple[str, tuple[str, str]]] = {
    "township-renamed": (REGISTER, ("柳林镇", "柳林乡")),
    "staff": (trees.QINGSHAN, ("staff: 2", "staff: 1")),
    "repeated": (SONGHE, (_VISIT.format("false"), _VISIT.format("true"))),
    "exclusion-gone": (SONGHE, (_EXEMPT, "")),
    "another-ground": (SONGHE, ("ground: consultation", "ground: review")),
    "clause": (BOOK, ("信访工作领导小组。坚持每月", "领导小组。坚持每月")),
}
"""Where other words stand in the place of some."""


def _reworded(name: str, texts: Texts) -> Texts:
    return changed(texts, *_WORDS[name])


EDITS: dict[str, Callable[[Texts], Texts]] = {
    **{name: partial(_reworded, name) for name in _WORDS},
    "status": published,
    "year-gone": lambda texts: {p: t for p, t in texts.items() if "/2025/" not in p},
    "township-gone": lambda texts: {
        **without(texts, LIULIN),
        REGISTER: texts[REGISTER].rpartition("  - {id: liulin")[0],
    },
    "report-gone": lambda texts: without(texts, LIULIN),
    "fact": lambda texts: {**texts, INSPECTION: inspection("receptions: 120")},
    "finding": lambda texts: {
        **texts,
        INSPECTION: inspection(findings=("F-01 2.6 2", "F-02 3.5 0.01")),
    },
    "clause-and-report": lambda texts: changed(
        changed(texts, SONGHE, ("staff: 2", "staff: 1")),
        BOOK,
        (ONE_POINT, ONE_POINT.replace("value: 1,", "value: 2,")),
    ),
}
"""By name, what may become of a small city."""


def _edited(edit: Callable[[Texts], Texts]) -> Callable[[], Pair]:
    return lambda: (three_townships(), edit(three_townships()))


PAIRS: dict[str, Callable[[], Pair]] = {
    **{name: _edited(edit) for name, edit in EDITS.items()},
    "fact-again": lambda: (
        {**three_townships(), INSPECTION: inspection("receptions: 120")},
        {**three_townships(), INSPECTION: inspection("receptions: 40")},
    ),
    "appeal": lambda: (without(trees.demonstration(), APPEAL), trees.demonstration()),
    "judicial": of("judicial-office-performance", 2025, "shangcun", "xiacun"),
    "rewards": of("village-petition-rewards", 2025, "shangcun", "xiacun"),
    "stars": of("village-stars", 2025, "shangcun", "xiacun"),
    "linjiang": of("linjiang", 2025, "lucha", "yantan"),
    "general": of("general-rulebook", 2027, "songhe", "dongyuan"),
}
"""By name, a tree and what became of it."""


@cache
def diff_of(name: str, *, backwards: bool = False) -> Diff:
    """What differs between the two of a pair."""
    old, new = PAIRS[name]()
    return compare(new, old) if backwards else compare(old, new)
