"""The numbers of a rulebook that must fit together: sums of points and weights, orders.

Owns arithmetic between figures, for every group of units. Must not look at a form, nor judge a
report.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from generator.data.rulebook_measures import Value
from generator.data.rulebook_walk import Keys, rules
from generator.engine.problem import Message, Problem
from generator.reading.source import Document

_NO_GROUP = ""


def sum_problems(document: Document) -> list[Problem]:
    """Everything that does not add up or stands in the wrong order."""
    return [
        *_points(document),
        *_weights(document),
        *_in_force(document),
        *_periods(document),
        *_bands(document),
        *_scales(document),
        *_discretion(document),
    ]


def _number(figure: Value) -> Fraction:
    return Fraction(figure["value"])


# --- sums -----------------------------------------------------------------------------


def _points(document: Document) -> Iterator[Problem]:
    """Clauses add up to their section and sections to the total, for every group alike."""
    value = document.value
    groups = [group["id"] for group in value.get("groups", {}).get("list", [])] or [_NO_GROUP]
    wrong: dict[tuple[Keys, Fraction, Fraction], list[str]] = {}

    def compare(keys: Keys, whole: Fraction, parts: Iterable[Fraction], group: str) -> None:
        found = sum(parts, Fraction())
        if whole != found:
            wrong.setdefault((keys, whole, found), []).append(group)

    for group in groups:
        sections = [s for s in value["sections"] if _applies(s, group)]
        keys, whole = _by_group(value, "total", group)
        counted = (
            _by_group(s, "points", group)[1] * _share(s, group) * _times(value, s) for s in sections
        )
        compare(keys, whole, counted, group)
        for number, section in enumerate(value["sections"]):
            if _applies(section, group):
                keys, whole = _by_group(section, "points", group)
                clauses = (c for c in section["clauses"] if _applies(c, group))
                parts = (_by_group(clause, "points", group)[1] for clause in clauses)
                compare(("sections", number, *keys), whole, parts, group)
    for (keys, whole, found), those in wrong.items():
        yield _off(document, keys, whole, found, tuple(those))


def _applies(value: Value, group: str) -> bool:
    return not value.get("groups") or group in value["groups"]


def _share(section: Value, group: str) -> Fraction:
    """What part of its points a section counts for."""
    if "weight" not in section and group not in section.get("weight_by_group", {}):
        return Fraction(1)
    return _by_group(section, "weight", group)[1] / 100


def _times(value: Value, section: Value) -> int:
    """How often a section's points can be had: in every period, where these add up."""
    periods = value.get("periods", [])
    adding = section.get("each") == "period" and not any("weight" in one for one in periods)
    return (len(periods) or 1) if adding else 1


def _by_group(value: Value, key: str, group: str) -> tuple[Keys, Fraction]:
    """A figure, or the group's own in its place, and where it stands."""
    table = f"{key}_by_group"
    if group in value.get(table, {}):
        return (table, group, "value"), _number(value[table][group])
    return (key, "value"), _number(value[key])


def _off(
    document: Document, keys: Keys, whole: Fraction, found: Fraction, groups: tuple[str, ...]
) -> Problem:
    args: dict[str, object] = {"whole": whole, "sum": found}
    message = Message(
        "{whole} points are given, but the parts add up to {sum}; make them agree.", args
    )
    if groups != (_NO_GROUP,):
        message = Message(
            "{whole} points are given, but for {groups} the parts add up to {sum}; "
            "make them agree.",
            {**args, "groups": groups},
        )
    return Problem(document.location(keys), "points-do-not-add-up", message)


def _weights(document: Document) -> Iterator[Problem]:
    """What counts in per cent of a whole adds up to 100."""
    periods = document.value.get("periods", [])
    weights = [period["weight"] for period in periods if "weight" in period]
    if 0 < len(weights) < len(periods):
        message = Message(
            "Some periods have a weight and some have none; write one for each of them, or for "
            "none: then their points add up."
        )
        place = document.location(("periods",), key=True)
        yield Problem(place, "weights-do-not-add-up", message)
    elif weights:
        yield from _hundred(document, ("periods",), weights)
    for keys, rule in rules(document.value):
        if "scorers" in rule:
            yield from _hundred(document, (*keys, "scorers"), rule["scorers"].values())


def _hundred(document: Document, keys: Keys, weights: Iterable[Value]) -> Iterator[Problem]:
    found = sum(map(_number, weights), Fraction())
    if found != 100:
        message = Message(
            "The percentages add up to {sum}; make them add up to 100.", {"sum": found}
        )
        yield Problem(document.location(keys, key=True), "weights-do-not-add-up", message)


# --- orders ---------------------------------------------------------------------------


def _in_force(document: Document) -> Iterator[Problem]:
    span = document.value.get("in_force", {})
    ends = {key: _day(text) for key, text in span.items()}
    for key, day in ends.items():
        if day is None:
            yield _no_day(document, ("in_force", key), span[key])
    first, last = ends.get("from"), ends.get("until")
    if first and last and last < first:
        yield _reversed(document, ("in_force", "until"), span["from"], span["until"])


def _periods(document: Document) -> Iterator[Problem]:
    """Real days of any year, each period from the first to the last, one after the other."""
    periods = document.value.get("periods", [])
    for number, period in enumerate(periods):
        for key in ("from", "to"):
            if _day(f"{_COMMON_YEAR}-{period[key]}") is None:
                yield _no_day(document, ("periods", number, key), period[key])
        if period["to"] < period["from"]:
            yield _reversed(document, ("periods", number, "to"), period["from"], period["to"])
    for number, (before, after) in enumerate(pairwise(periods), 1):
        if after["from"] <= before["to"]:
            message = Message(
                "{period} begins on {from}, but {before} ends only on {to}; let periods follow "
                "each other.",
                {
                    "period": after["id"],
                    "from": after["from"],
                    "before": before["id"],
                    "to": before["to"],
                },
            )
            place = document.location(("periods", number, "from"))
            yield Problem(place, "periods-overlap", message)


_COMMON_YEAR = 2001
"""A year without a 29th of February: a period's ends are days that every year has."""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _no_day(document: Document, keys: Keys, text: str) -> Problem:
    message = Message(
        "{date} is no day of every year; choose one that is in the calendar.", {"date": text}
    )
    return Problem(document.location(keys), "bad-date", message)


def _reversed(document: Document, keys: Keys, first: str, last: str) -> Problem:
    message = Message(
        "It ends on {last}, before it begins on {first}; exchange the two or mend one.",
        {"first": first, "last": last},
    )
    return Problem(document.location(keys), "date-order", message)


def _bands(document: Document) -> Iterator[Problem]:
    """From the top down, each band ends where the one above it begins."""
    bands = document.value.get("bands", {}).get("list", [])
    if not bands:
        return
    for number, key, open_end in (
        (0, "below", Message("nothing lies above the first band: delete «below»")),
        (-1, "at_least", Message("nothing lies below the last band: delete «at_least»")),
    ):
        if key in bands[number]:
            keys = ("bands", "list", number % len(bands), key)
            yield _band(document, keys, "bands-gap", open_end)
    for number, (above, band) in enumerate(pairwise(bands), 1):
        yield from _border(document, number, above, band)
    for number, band in enumerate(bands):
        if (
            "at_least" in band
            and "below" in band
            and _number(band["below"]) <= _number(band["at_least"])
        ):
            why = Message("no score is in this band; let «below» be above «at_least»")
            yield _band(document, ("bands", "list", number, "below"), "bands-overlap", why)


def _border(document: Document, number: int, above: Value, band: Value) -> Iterator[Problem]:
    """What is wrong between a band and the one above it."""
    missing = [
        (index, key)
        for index, one, key in ((number - 1, above, "at_least"), (number, band, "below"))
        if key not in one
    ]
    for index, key in missing:
        why = Message("«{key}» is missing, so two bands hold the same scores", {"key": key})
        yield _band(document, ("bands", "list", index), "bands-overlap", why)
    if missing:
        return
    end, begin = _number(band["below"]), _number(above["at_least"])
    if end != begin:
        code = "bands-overlap" if end > begin else "bands-gap"
        why = Message(
            "this band ends below {end}, but the one above it begins at {begin}; make them agree",
            {"end": end, "begin": begin},
        )
        yield _band(document, ("bands", "list", number, "below"), code, why)


def _band(document: Document, keys: Keys, code: str, why: Message) -> Problem:
    message = Message("Every score must lie in exactly one band: {why}.", {"why": why})
    return Problem(document.location(keys), code, message)


def _scales(document: Document) -> Iterator[Problem]:
    """Points from the lowest up; a line may jump, with two points in one place but not three."""
    for keys, rule in rules(document.value):
        at = [_number(point["at"]) for point in rule.get("along", [])]
        for number, (first, second) in enumerate(pairwise(at), 1):
            jump = first == second and not rule.get("stepped") and at.count(first) == 2
            if second <= first and not jump:
                message = Message(
                    "{second} comes after {first}; let every «at» be greater than the one "
                    "before it.",
                    {"first": first, "second": second},
                )
                place = document.location((*keys, "along", number, "at", "value"))
                yield Problem(place, "scale-order", message)


def _discretion(document: Document) -> Iterator[Problem]:
    for keys, rule in rules(document.value):
        if "greatest" in rule and _number(rule["greatest"]) < _number(rule["least"]):
            message = Message(
                "At least {least} and at most {greatest} leave no choice; exchange the two or "
                "mend one.",
                {"least": _number(rule["least"]), "greatest": _number(rule["greatest"])},
            )
            place = document.location((*keys, "greatest", "value"))
            yield Problem(place, "range-reversed", message)
