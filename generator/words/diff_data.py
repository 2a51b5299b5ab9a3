"""What two revisions differ in, as plain data (`schema/diff.schema.json`).

Amounts are strings. Must not compare or judge.
"""

from fractions import Fraction
from typing import Any

from generator.engine.amount import exact
from generator.engine.model import Township
from generator.engine.result import Standing
from generator.review.diff import Caused, Diff, TownshipDiff, YearDiff
from generator.review.differences import Asked, Item, Place, Replaced, Value, Written
from generator.words.results import plain

FORMAT = 1


def diff_object(found: Diff, old: str, new: str | None) -> dict[str, Any]:
    """Everything that differs; `new` is None for the working tree."""
    return {
        "format": FORMAT,
        "old": old,
        "new": new,
        "years": [year_object(year) for year in found.years],
    }


def year_object(year: YearDiff) -> dict[str, Any]:
    """One year of it."""
    return {
        "year": year.year,
        "changes": [_difference_object(one) for one in year.general],
        "townships": [_township_object(one) for one in year.townships],
    }


def _township_object(one: TownshipDiff) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.township.id,
        "old": _standing_object(one.old),
        "new": _standing_object(one.new),
        "shares": [
            {
                "causes": [cause.value for cause in share.causes],
                "points": exact(share.points),
                "old_rank": share.old_rank,
                "new_rank": share.new_rank,
            }
            for share in one.shares
        ],
        "changes": [_difference_object(each) for each in one.found],
    }
    if one.alone is not None:
        row["rules_alone"] = _standing_object(one.alone.rules)
        row["data_alone"] = _standing_object(one.alone.data)
    return row


def _standing_object(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    card = standing.scorecard
    return {
        "score": exact(card.score) if card else None,
        "rank": standing.rank,
        "tied": standing.tied,
        "outcomes": list(standing.outcomes),
    }


def _difference_object(one: Caused) -> dict[str, Any]:
    key = one.difference.key
    row: dict[str, Any] = {"kind": f"{key.what}-{one.difference.how}", "subject": key.subject}
    row |= {} if key.part is None else {"period": key.part}
    row |= {} if key.clause is None else {"clause": key.clause}
    row |= {"records": list(key.records)} if key.records else {}
    row["old"], row["new"] = _item_object(one.difference.old), _item_object(one.difference.new)
    row["causes"] = [[cause.value for cause in causes] for causes in one.causes]
    return row


def _item_object(item: Item | None) -> dict[str, Any] | None:
    if item is None:
        return None
    row = {"value": _value_object(item.value)}
    if item.place is not None:
        row["path"], row["line"] = item.place.path, item.place.line
    return row


def _value_object(value: Value) -> Any:
    if isinstance(value, Asked):
        return {"points": exact(value.points), "charged": exact(value.charged)}
    if isinstance(value, Place):
        return {"rank": value.rank, "tied": value.tied}
    if isinstance(value, Written):
        return {"points": exact(value.clause.points.value), "text": value.clause.text}
    if isinstance(value, Replaced):
        sides = {"reported": plain(value.reported), "value": plain(value.value)}
        return sides | {"reason": value.reason, "document": value.document}
    if isinstance(value, Township):
        return {"id": value.id, "kind": value.kind, "group": value.group}
    return exact(value) if isinstance(value, Fraction) else value
