"""From a rulebook file to a `Rulebook`. Owns the meaning of every key of `rulebook.yaml`.

The file's shape has been checked against its schema before; what a schema cannot say is
checked in `rulebook_check`. Must not judge anything.
"""

from collections.abc import Mapping

from generator.data.rulebook_above import above, lines, outside_ranking
from generator.data.rulebook_measures import (
    Value,
    conditions,
    figure,
    figures,
    maybe,
    path,
    tests,
    text,
)
from generator.data.rulebook_rules import Setting, rules
from generator.engine.book import (
    Alternative,
    Clause,
    Deadline,
    Exclusions,
    Ground,
    NotApplicable,
    Provision,
    Reading,
    RecordKind,
    Restoration,
    Rulebook,
    Section,
    Undecidable,
    Wording,
)
from generator.engine.facts import PARTS
from generator.engine.problem import Path
from generator.reading.source import Document
from generator.shape.form import Form


def rulebook(document: Document, form: Form) -> Rulebook:
    """The rulebook in a well-shaped document; `form` is what a report under it looks like."""
    value = document.value
    scorers = {name: text(label) for name, label in value.get("scorers", {}).items()}
    setting = Setting(form, scorers, award=False)
    periods = tuple(period["id"] for period in value.get("periods", ()))
    return Rulebook(
        id=value["id"],
        version=value["version"],
        status=value["status"],
        title=text(value["title"]),
        issuer=text(value["issuer"]),
        note=text(value["note"]),
        total=figure(value["total"]),
        preamble=value.get("preamble", ""),
        sections=tuple(_section(section, setting, periods) for section in value["sections"]),
        provisions=tuple(Provision(p["id"], p["text"]) for p in value.get("provisions", ())),
        deadlines=tuple(map(_deadline, value.get("deadlines", ()))),
        exclusions=_exclusions(value["exclusions"]) if "exclusions" in value else None,
        records=_records(form, periods),
        lines=lines(value),
        outside_ranking=outside_ranking(value),
        outcomes={name: text(label) for name, label in value.get("outcomes", {}).items()},
        readings=tuple(map(_reading, value.get("readings", ()))),
        restorations=tuple(Restoration(**r) for r in value.get("restorations", ())),
        sha256=document.sha256,
        path=document.path,
        wording=_wording(value, setting),
        above=above(value, setting),
        undecidable=tuple(map(_undecidable, value.get("undecidable", ()))),
        in_force=_in_force(value),
        total_by_group=figures(value.get("total_by_group", {})),
        counted_once=value.get("counted_once"),
    )


def inside(form: Form, period: str) -> Form:
    """The form as rules of a section that is judged in every period see it."""
    return form.below_group((PARTS, period))


# --- parts ----------------------------------------------------------------------------


def _records(form: Form, periods: tuple[str, ...]) -> Mapping[Path, RecordKind]:
    """The lists of records as rules speak of them: those of the periods without the period."""
    kinds = {path: kind for path, kind in form.record_kinds().items() if path[0] != PARTS}
    for period in periods:
        kinds = inside(form, period).record_kinds() | kinds
    return kinds if periods else form.record_kinds()


def _wording(value: Value, setting: Setting) -> Wording:
    own = {key: text(value[key]) for key in ("unit", "assessed") if key in value}
    return Wording(**own, scorers=setting.scorers)


def _in_force(value: Value) -> tuple[str, str | None] | None:
    span = value.get("in_force")
    return (span["from"], span.get("until")) if span else None


def _section(value: Value, setting: Setting, periods: tuple[str, ...]) -> Section:
    each = value.get("each", "year")
    if each == "period":
        setting = Setting(inside(setting.form, periods[0]), setting.scorers, setting.award)
    return Section(
        value["id"],
        text(value["title"]),
        value.get("requirement", ""),
        figure(value["points"]),
        tuple(_clause(clause, setting) for clause in value["clauses"]),
        weight=maybe(value, "weight"),
        each=each,
        groups=tuple(value.get("groups", ())),
        points_by_group=figures(value.get("points_by_group", {})),
        weight_by_group=figures(value.get("weight_by_group", {})),
    )


def _clause(value: Value, setting: Setting) -> Clause:
    starts = value.get("starts", "full")
    here = Setting(setting.form, setting.scorers, award=starts == "zero")
    return Clause(
        value["id"],
        text(value["title"]),
        value["text"],
        figure(value["points"]),
        rules(value.get("rules", ()), here),
        starts=starts,
        floor=not value.get("below_zero", False),
        cap=not value.get("above_points", False),
        applies=_not_applicable(value["applies"]) if "applies" in value else None,
        groups=tuple(value.get("groups", ())),
        points_by_group=figures(value.get("points_by_group", {})),
    )


def _not_applicable(value: Value) -> NotApplicable:
    where, otherwise = tests(value["where"]), value["otherwise"]
    if isinstance(otherwise, Mapping):
        return NotApplicable(where, "points", figure(otherwise["points"]))
    return NotApplicable(where, otherwise)


def _undecidable(value: Value) -> Undecidable:
    return Undecidable(value["id"], tuple(value["clauses"]), value["phrase"], text(value["text"]))


def _deadline(value: Value) -> Deadline:
    limits = value["limits"] if "limits" in value else {"": value["limit"]}
    return Deadline(
        value["id"],
        path(value["records"]),
        path(value["start"]),
        path(value["end"]),
        path(value["excused"]) if "excused" in value else None,
        path(value["by"]) if "by" in value else None,
        value["unit"],
        {key: figure(limit) for key, limit in limits.items()},
        value.get("carried_over", False),
    )


def _exclusions(value: Value) -> Exclusions:
    grounds = {ground["id"]: _ground(ground) for ground in value["grounds"]}
    return Exclusions(path(value["records"]), value["field"], grounds)


def _ground(value: Value) -> Ground:
    return Ground(
        value["id"],
        value["clause"],
        text(value["label"]),
        conditions(value.get("where", {})),
        tuple(value["requires"]),
        tuple((path(a), path(b)) for a, b in value.get("not_before", {}).items()),
        {path(a): path(b) for a, b in value.get("refers", {}).items()},
        {path(a): tuple(values) for a, values in value.get("covers", {}).items()},
    )


def _reading(value: Value) -> Reading:
    return Reading(
        value["id"],
        tuple(value["clauses"]),
        value["phrase"],
        text(value["text"]),
        text(value["ground"]),
        tuple(Alternative(a["id"], text(a["text"])) for a in value["alternatives"]),
    )
