"""The result object of one year as plain JSON data (`schema/results.schema.json`).

Every page, file and format is a rendering of what this module and the types it reads say.
Amounts are strings, never JSON numbers. Must not compute a score.
"""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from generator.engine.amount import exact
from generator.engine.model import (
    Change,
    Charge,
    ClauseScore,
    Exclusion,
    SectionScore,
    Standing,
    YearResult,
)
from generator.engine.problem import Location, Message, Text
from generator.words.messages import LANGUAGES, catalogue

FORMAT = 1


def result_object(result: YearResult, *, first: bool = False) -> dict[str, Any]:
    """One year's result; `first` gives the one before any correction."""
    inputs = result.inputs
    book = inputs.rulebook
    top: dict[str, Any] = {
        "format": FORMAT,
        "year": inputs.assessment.year,
        "status": inputs.assessment.status,
        "rulebook": {"id": book.id, "version": book.version, "sha256": book.sha256},
        "inputs": [{"path": file.path, "sha256": file.sha256} for file in inputs.files],
    }
    effective = [correction.id for correction in inputs.corrections if correction.effective]
    if effective and not first:
        top["corrections"] = effective
    standings = result.first if first else result.standings
    return top | {"townships": [_township(s, exact(book.total.value)) for s in standings]}


def result_text(result: Mapping[str, Any]) -> str:
    """The object as text, a line a township, so that two revisions compare line by line."""
    lines = [json.dumps(row, ensure_ascii=False) for row in result["townships"]]
    head = json.dumps({**result, "townships": None}, ensure_ascii=False, indent=1)
    return head.removesuffix("null\n}") + "[\n" + ",\n".join(lines) + "\n]}\n"


def as_json(value: object) -> str:
    """Canonical for people: two spaces, Chinese as it is, one line feed at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _township(standing: Standing, best: str) -> dict[str, Any]:
    card = standing.scorecard
    return {
        "id": standing.township.id,
        "name": _text(standing.township.name),
        "submitted": card is not None,
        "score": exact(card.score) if card else None,
        "max": best,
        "rank": standing.rank,
        "tied": standing.tied,
        "outcomes": list(standing.outcomes),
        "sections": [_section(section) for section in card.sections] if card else [],
        "excluded": [_excluded(exclusion) for exclusion in card.excluded] if card else [],
        "changed": [_changed(change) for change in card.submission.changes] if card else [],
    }


def _section(score: SectionScore) -> dict[str, Any]:
    return {
        "id": score.section.id,
        "points": exact(score.points),
        "max": exact(score.section.points.value),
        "clauses": [_clause(clause) for clause in score.clauses],
    }


def _clause(score: ClauseScore) -> dict[str, Any]:
    return {
        "id": score.clause.id,
        "points": exact(score.points),
        "max": exact(score.clause.points.value),
        "deductions": [_deduction(charge) for charge in score.charges],
    }


def _deduction(charge: Charge) -> dict[str, Any]:
    deduction = charge.deduction
    return {
        "points": exact(deduction.points),
        "charged": exact(charge.points),
        "rule": deduction.rule,
        "records": list(deduction.records),
        "reason": _message(deduction.reason),
        "basis": deduction.basis.value,
        "sources": _sources(deduction.sources),
    }


def _excluded(exclusion: Exclusion) -> dict[str, Any]:
    return {
        "record": exclusion.record.id,
        "ground": exclusion.ground.id,
        "clause": exclusion.ground.clause,
        "sources": _sources(exclusion.sources),
    }


def _changed(change: Change) -> dict[str, Any]:
    reported = (change.reported_at,) if change.reported_at else ()
    return {
        "fact": change.fact,
        "reported": plain(change.reported),
        "value": plain(change.value),
        "reason": change.reason,
        "sources": _sources((change.location, *reported)),
    }


def plain(value: object) -> Any:
    """A fact as JSON data, decimals as strings."""
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if isinstance(value, Decimal):
        return exact(Fraction(value))
    return value


def _sources(places: Sequence[Location]) -> list[dict[str, Any]]:
    return [{"path": place.path, "line": place.line} for place in places]


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _message(message: Message) -> dict[str, str]:
    return {lang: catalogue(lang).render(message) for lang in LANGUAGES}
