"""The result object of one year as plain JSON data (`schema/results.schema.json`).

Every page, file and format is a rendering of what this module and the types it reads say. Amounts
are strings, never JSON numbers. What a rulebook leaves open stands beside the clauses that it
touches.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from generator.engine.book import Above, Clause, Deadline, Reading, Rulebook, Undecidable, Wording
from generator.engine.difference import moved
from generator.engine.effects import Border, Crossing, Edge, Effects, Without, borders
from generator.engine.measures import Basis, Figure, exact
from generator.engine.problem import Location, Message, Text
from generator.engine.year import (
    Adjustment,
    Charge,
    ClauseScore,
    Correction,
    SectionScore,
    Standing,
    YearResult,
)
from generator.words.messages import LANGUAGES, catalogue

FORMAT = 1

ZERO = Fraction()

T = TypeVar("T")


def result_object(
    result: YearResult, *, first: bool = False, effects: Effects | None = None
) -> dict[str, Any]:
    """One year's result; `first` gives the one before any correction, without effects and lines.

    `effects` of the result, where they are known already.
    """
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
    if inputs.corrections and not first:
        top["appeals"] = [_appeal(correction) for correction in inputs.corrections]
    standings = result.first if first else result.standings
    before = {} if first else {m.township.id: m.old for m in moved(result.first, standings)}
    if not only_deducts(book):
        top["unit"] = _text(book.wording.unit)
    known = None if first else effects or Effects(result)
    rows = []
    for standing in standings:
        row = _township(standing, book, known)
        if (earlier := before.get(standing.township.id)) is not None:
            # corrections have changed something for it: how it first stood
            band = {"band": earlier.band.id} if earlier.band else {}
            row["first"] = (standing_object(earlier) or {}) | band
        rows.append(row)
    if known is not None:
        top["lines"] = [_line(border) for border in borders(known)]
    return top | {"townships": rows}


def only_deducts(book: Rulebook) -> bool:
    """Whether a rulebook counts down in points and has nothing above its clauses.

    Its results say nothing of units and adjustments, of which there are none.
    """
    weighted = any(section.weight or section.groups for section in book.sections)
    special = any(c.starts == "zero" or c.applies or c.groups for c in book.clauses())
    awards = any(rule.award for rule in book.rules())
    usual = book.above == Above() and book.wording.unit == Wording().unit
    return usual and not (weighted or special or awards)


def result_text(result: Mapping[str, Any]) -> str:
    """The object as text, a line a township, so that two revisions compare line by line."""
    lines = [json.dumps(row, ensure_ascii=False) for row in result["townships"]]
    head = json.dumps({**result, "townships": None}, ensure_ascii=False, indent=1)
    return head.removesuffix("null\n}") + "[\n" + ",\n".join(lines) + "\n]}\n"


def as_json(value: object) -> str:
    """Canonical for people: two spaces, Chinese as it is, one line feed at the end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _line(border: Border) -> dict[str, Any]:
    row: dict[str, Any] = {"id": border.line.id}
    if border.group is not None:
        row["group"] = border.group
    return row | {
        "places": list(border.places) if border.places else None,
        "listed": list(border.listed),
        "tied_across": list(border.across),
        "decided": border.decided,
        "inside": _edge(border.inside),
        "outside": _edge(border.outside),
        "smallest": _crossing(border.crossing) if border.crossing else None,
    }


def _edge(edge: Edge | None) -> dict[str, Any] | None:
    if edge is None:
        return None
    gap = None if edge.gap is None else exact(edge.gap)
    return {"townships": list(edge.units), "score": exact(edge.score), "gap": gap}


def _crossing(crossing: Crossing) -> dict[str, Any]:
    without = crossing.without
    deduction = without.charge.deduction
    row = {
        "township": crossing.unit,
        "clause": without.clause.id,
        "rule": deduction.rule,
        "records": list(deduction.records),
        "score_without": exact(without.score),
        "rank_without": without.rank,
        "side_without": crossing.side,
        "sources": _sources(deduction.sources),
    }
    return row if without.part is None else row | {"period": without.part}


def _township(standing: Standing, book: Rulebook, effects: Effects | None) -> dict[str, Any]:
    card = standing.scorecard
    known = {id(effect.charge): effect for effect in effects.of(standing)} if effects else {}
    row = {
        "id": standing.township.id,
        "name": _text(standing.township.name),
        "submitted": card is not None,
        "score": exact(card.score) if card else None,
        "max": exact(card.total if card else book.total.value),
        "rank": standing.rank,
        "tied": standing.tied,
        "outcomes": list(standing.outcomes),
        "sections": [_section(section, known) for section in card.sections] if card else [],
        "excluded": [],
        "changed": [],
    }
    if card:
        row["excluded"] = [
            {
                "record": exclusion.record.id,
                "ground": exclusion.ground.id,
                "clause": exclusion.ground.clause,
                "sources": _sources(exclusion.sources),
            }
            for exclusion in card.excluded
        ]
        row["changed"] = [
            {
                "fact": change.fact,
                "reported": plain_value(change.reported),
                "value": plain_value(change.value),
                "reason": change.reason,
                "sources": _sources(card.submission.changed_at(change)),
            }
            for change in card.submission.changes
        ]
    return row if only_deducts(book) else row | _beside(standing, book)


def standing_object(standing: Standing | None) -> dict[str, Any] | None:
    """Where a township stands."""
    if standing is None:
        return None
    card = standing.scorecard
    return {
        "score": exact(card.score) if card else None,
        "rank": standing.rank,
        "tied": standing.tied,
        "outcomes": list(standing.outcomes),
    }


def _appeal(correction: Correction) -> dict[str, Any]:
    return {
        "id": correction.id,
        "township": correction.township,
        "clause": correction.clause,
        "asked_on": correction.asked_on,
        "asked_by": correction.asked_by,
        "decision": correction.decision,
        "decided_on": correction.decided_on,
        "document": correction.document,
        "reason": correction.reason,
        "sources": _sources((correction.location,)),
    }


def _beside(standing: Standing, book: Rulebook) -> dict[str, Any]:
    """What a rulebook brings that does more than deduct."""
    card, above = standing.scorecard, book.above
    adjustments = card.adjustments if card else ()
    row: dict[str, Any] = {"adjustments": [_adjustment(step) for step in adjustments]}
    if above.grouping:
        row["group"] = standing.group
    if above.parts:
        row["periods"] = [
            {"id": p.part, "score": exact(p.score), "band": p.band.id if p.band else None}
            for p in (card.parts if card else ())
        ]
    if above.bands and above.bands.of == "year":
        row["band"] = standing.band.id if standing.band else None
    if above.payments:
        row["payments"] = [
            {"id": p.payment.id, "amount": exact(p.amount), "unit": _text(p.payment.unit)}
            for p in standing.payments
        ]
    return row


def _adjustment(adjustment: Adjustment) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": adjustment.id,
        "points": exact(adjustment.points),
        "reason": _message(adjustment.reason),
        "sources": _sources(adjustment.sources),
    }
    if adjustment.charge is not None:
        deduction = adjustment.charge.deduction
        row["records"], row["basis"] = list(deduction.records), deduction.basis.value
    return row


Known = Mapping[int, Without]
"""What is known of a year's charges, by their identity: two may be alike."""


def _section(score: SectionScore, known: Known) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": score.section.id,
        "points": exact(score.points),
        "max": exact(score.maximum),
        "clauses": [_clause(clause, known) for clause in score.clauses],
    }
    if score.weight != 1:
        row["weight"] = exact(score.weight)
    return row if score.part is None else row | {"period": score.part}


def _clause(score: ClauseScore, known: Known) -> dict[str, Any]:
    taken = [charge for charge in score.charges if not charge.deduction.award]
    given = [charge for charge in score.charges if charge.deduction.award]
    row: dict[str, Any] = {
        "id": score.clause.id,
        "points": exact(score.points),
        "max": exact(score.clause.points.value),
        "deductions": [_deduction(charge, "charged", known) for charge in taken],
    }
    awards = [_deduction(charge, "credited", known) for charge in given]
    if awards or score.clause.starts == "zero":
        row["starts"] = exact(score.clause.points.value if score.clause.starts == "full" else ZERO)
        row["awards"] = awards
    return row if score.instead is None else row | {"instead": _message(score.instead)}


def _deduction(charge: Charge, taken: str, known: Known) -> dict[str, Any]:
    deduction = charge.deduction
    row: dict[str, Any] = {
        "points": exact(deduction.points),
        taken: exact(charge.points),
        "rule": deduction.rule,
        "records": list(deduction.records),
        "reason": _message(deduction.reason),
        "basis": deduction.basis.value,
        "sources": _sources(deduction.sources),
    }
    if (effect := known.get(id(charge))) is not None:
        row |= {"score_without": exact(effect.score), "rank_without": effect.rank}
    return row


def plain_value(value: object) -> Any:
    """A fact as JSON data, decimals as strings."""
    if isinstance(value, Mapping):
        return {key: plain_value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(inner) for inner in value]
    if isinstance(value, Decimal):
        return exact(Fraction(value))
    return value


def _sources(places: Sequence[Location]) -> list[dict[str, Any]]:
    return [{"path": place.path, "line": place.line} for place in places]


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _message(message: Message) -> dict[str, str]:
    return {lang: catalogue(lang).render(message) for lang in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Matters:
    """What is open about a clause; with any of it, its score could also be another."""

    readings: tuple[Reading, ...]
    assumed: tuple[Figure, ...]
    undecidable: tuple[Undecidable, ...]

    def __bool__(self) -> bool:
        return bool(self.readings or self.assumed or self.undecidable)


def matters(book: Rulebook, clause: Clause) -> Matters:
    """Everything open that touches the clause's score."""
    figures = [*figures_of(clause), *figures_of(tuple(deadlines_of(book, clause)))]
    named = {figure.reading for figure in figures}
    return Matters(
        tuple(r for r in book.readings if clause.id in r.clauses or r.id in named),
        tuple(dict.fromkeys(figure for figure in figures if figure.basis is Basis.ASSUMED)),
        tuple(matter for matter in book.undecidable if clause.id in matter.clauses),
    )


def figures_of(part: object) -> Iterator[Figure]:
    """Every figure inside a part of a rulebook, in the order of its fields."""
    return inside(part, Figure)


def inside(part: object, wanted: type[T]) -> Iterator[T]:
    """Everything of one type inside a part of a rulebook, in the order of its fields."""
    if isinstance(part, wanted):
        yield part
    elif isinstance(part, Mapping):
        for inner in part.values():
            yield from inside(inner, wanted)
    elif isinstance(part, tuple):
        for inner in part:
            yield from inside(inner, wanted)
    elif is_dataclass(part) and not isinstance(part, type):
        for field in fields(part):
            yield from inside(getattr(part, field.name), wanted)


def deadlines_of(book: Rulebook, part: object) -> list[Deadline]:
    """The time limits that the rules of a clause or pool ask about."""
    asked = set(_asked(part))
    return [deadline for deadline in book.deadlines if deadline.id in asked]


def _asked(value: object) -> Iterator[str]:
    """The names of every field and limit that something inside speaks of."""
    if isinstance(value, tuple):
        if len(value) == 1 and isinstance(value[0], str):
            yield value[0]
        for inner in value:
            yield from _asked(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        yield getattr(value, "deadline", "")
        for field in fields(value):
            yield from _asked(getattr(value, field.name))
