"""The names in a rulebook: each given once, and everything that is named is there.

Owns which key names what. Must not look at a form.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.data.rulebook_walk import CLAUSES, RULES, Keys, places, unknown
from generator.engine.problem import Message, Problem
from generator.engine.score import FINDING
from generator.reading.source import Document

_GIVEN: Mapping[str, tuple[str, ...]] = {
    "rule": tuple(f"{rule}.id" for rule in RULES),
    "clause": (f"{CLAUSES}.id",),
    "section": ("sections.*.id",),
    "reading": ("readings.*.id",),
    "undecidable": ("undecidable.*.id",),
    "deadline": ("deadlines.*.id",),
    "line": ("lines.*.id",),
    "provision": ("provisions.*.id",),
    "ground": ("exclusions.grounds.*.id",),
    "group": ("groups.list.*.id",),
    "period": ("periods.*.id",),
    "adjustment": ("pools.*.id", "vetoes.*.id"),
    "conversion": ("conversions.*.id",),
    "band": ("bands.list.*.id",),
    "streak": ("streaks.*.id",),
    "payment": ("payments.*.id",),
    "outcome": ("outcomes.@",),
    "scorer": ("scorers.@",),
}
"""Where each sort of name is given; of one sort no name may be given twice."""

_PLACES_WITH_GROUPS = ("sections.*", CLAUSES, "pools.*", "lines.*")
_PLACES_BY_GROUP = (
    "total_by_group",
    "sections.*.points_by_group",
    "sections.*.weight_by_group",
    f"{CLAUSES}.points_by_group",
    "payments.*.per_point_by_group",
)

_NAMED: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("unknown-group", ("group",), tuple(f"{place}.groups.*" for place in _PLACES_WITH_GROUPS)),
    ("unknown-group", ("group",), tuple(f"{place}.@" for place in _PLACES_BY_GROUP)),
    ("unknown-line", ("line",), ("lines.*.yields_to", "vetoes.*.bars.*")),
    ("unknown-band", ("band",), ("streaks.*.bands.*",)),
    ("unknown-section", ("section",), ("tie_breakers.*.section",)),
    ("unknown-clause", ("clause",), ("tie_breakers.*.clause",)),
    ("unknown-scorer", ("scorer",), tuple(f"{rule}.scorers.@" for rule in RULES)),
    (
        "unknown-clause",
        ("clause", "provision"),
        (
            *("readings.*.clauses.*", "undecidable.*.clauses.*", "vetoes.*.clause"),
            *("streaks.*.clause", "payments.*.clause"),
        ),
    ),
    (
        "unknown-clause",
        ("provision",),
        ("exclusions.grounds.*.clause", "lines.*.clause", "outside_ranking.clause"),
    ),
    (
        "unknown-outcome",
        ("outcome",),
        (
            *("lines.*.outcomes.*", "lines.*.undecided", "outside_ranking.outcome"),
            *("vetoes.*.outcomes.*", "bands.list.*.outcomes.*", "streaks.*.outcomes.*"),
        ),
    ),
)
"""The code of a name that is nowhere given, what it may be a name of, and where it is used."""


def name_problems(document: Document) -> Iterator[Problem]:
    """Every name given twice, and every name of something that is not there."""
    value: Mapping[str, Any] = document.value
    given = {sort: list(_found(value, patterns)) for sort, patterns in _GIVEN.items()}
    for names in given.values():
        yield from _twice(document, names)
    yield from _reserved(document, given["rule"])
    for code, sorts, patterns in _NAMED:
        known = [str(name) for sort in sorts for _, name in given[sort]]
        for keys, name in _found(value, patterns):
            if name not in known:
                yield unknown(document, keys, code, name, known, key=_is_key(value, keys))
    yield from _circles(document)


def _found(value: Mapping[str, Any], patterns: Iterable[str]) -> Iterator[tuple[Keys, str]]:
    for pattern in patterns:
        yield from places(value, pattern)


def _is_key(value: Any, keys: Keys) -> bool:
    """Whether a name stands as a key of a table, and not as a value."""
    for key in keys:
        value = value[key]
    return isinstance(value, Mapping)


def _twice(document: Document, names: Iterable[tuple[Keys, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for keys, name in names:
        if name in seen:
            message = Message("«{id}» stands twice; give each its own id.", {"id": name})
            yield Problem(document.location(keys), "duplicate-id", message)
        seen.add(name)


def _reserved(document: Document, names: Iterable[tuple[Keys, str]]) -> Iterator[Problem]:
    for keys, name in names:
        if name == FINDING:
            message = Message(
                "What an inspection finds is listed under «{id}»; choose another id.",
                {"id": FINDING},
            )
            yield Problem(document.location(keys), "duplicate-id", message)


def _circles(document: Document) -> Iterator[Problem]:
    """Lines that yield to each other."""
    lines = document.value.get("lines", [])
    after = {line["id"]: line.get("yields_to") for line in lines}
    for number, line in enumerate(lines):
        seen: set[str] = set()
        name = line.get("yields_to")
        while name in after and name not in seen and name != line["id"]:
            seen.add(name)
            name = after[name]
        if name is not None and name == line["id"]:
            message = Message("The lines yield to each other in a circle; let one go first.")
            place = document.location(("lines", number, "yields_to"))
            yield Problem(place, "circular-line", message)
