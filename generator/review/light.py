"""A scorecard without its reasons, as text that can be kept: enough to rank by.

Owns which part of a card ranks, lines and grades look at. Must not be given a rulebook whose
ranks look at facts.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from generator.engine.adjust import parts_of
from generator.engine.amount import exact
from generator.engine.book import Rulebook
from generator.engine.model import Submission
from generator.engine.problem import Message
from generator.engine.reach import looks_aside, looks_back
from generator.engine.result import Adjustment, ClauseScore, Scorecard, SectionScore


def suffices(book: Rulebook) -> bool:
    """Whether a card rests on one township's own facts, and its rank on nothing but the card."""
    deciding = any(one.quantity for one in book.above.tie_breakers)
    return not (deciding or looks_back(book) or looks_aside(book))


def light(card: Scorecard | None) -> str:
    """The text to keep; a township without a report has no card."""
    if card is None:
        return "null"
    found = {
        "score": exact(card.score),
        "total": exact(card.total),
        "sections": [_section(section) for section in card.sections],
        "adjusted": [[one.id, exact(one.points)] for one in card.adjustments],
        "last": card.last,
        "outcomes": card.outcomes,
        "barred": card.barred,
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _section(section: SectionScore) -> list[Any]:
    clauses = [[one.clause.id, exact(one.points)] for one in section.clauses]
    weight = exact(section.weight)
    return [section.section.id, section.part, exact(section.points), weight, clauses]


def card(text: str, township: str, book: Rulebook) -> Scorecard | None:
    """The card again, without deductions; `book` is the rulebook as its group sees it."""
    kept = json.loads(text)
    if kept is None:
        return None
    by_id = {section.id: section for section in book.sections}
    clauses = {clause.id: clause for clause in book.clauses()}
    sections = tuple(
        SectionScore(
            by_id[name],
            Fraction(points),
            tuple(ClauseScore(clauses[each], Fraction(own), ()) for each, own in scores),
            Fraction(weight),
            part,
        )
        for name, part, points, weight, scores in kept["sections"]
    )
    return Scorecard(
        Submission(township, _NOTHING, _NOTHING),
        Fraction(kept["score"]),
        sections,
        (),
        Fraction(kept["total"]),
        tuple(
            Adjustment(name, Fraction(points), Message("{reason}", {"reason": name}))
            for name, points in kept["adjusted"]
        ),
        tuple(parts_of(sections, book)),
        kept["last"],
        tuple(kept["outcomes"]),
        tuple(kept["barred"]),
    )


_NOTHING: Mapping[str, Any] = {}
