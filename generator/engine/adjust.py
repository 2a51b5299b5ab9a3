"""From the sum of the sections to the score: scaling, bonus pools, conversion, rounding, vetoes.

Owns the order of these steps, each an `Adjustment` with its reason, so that the score is the
sections and the adjustments together, exactly. Must not rank or print.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from generator.engine.above import Band, Pool, Veto
from generator.engine.amount import rounded
from generator.engine.book import Rulebook
from generator.engine.facts import Facts
from generator.engine.measures import Rounding
from generator.engine.problem import Message
from generator.engine.quantities import holds
from generator.engine.result import (
    Adjustment,
    Charge,
    Deduction,
    PartScore,
    Scorecard,
    SectionScore,
)
from generator.engine.rules import judge


def adjusted(card: Scorecard, book: Rulebook, facts: Facts, without: Deduction | None) -> Scorecard:
    """The card with everything that stands between its sections and its score."""
    found: list[Adjustment] = []
    if any(clause.instead for clause in card.clauses()):
        found += [*_scaled_sections(card), *_scaled_total(card, book)]
    before = _score(card, found)
    for pool in book.above.pools:
        found += _pool(pool, before, facts, without)
    found += _converted(_score(card, found), book)
    found += _rounded(_score(card, found), book)
    vetoes = [veto for veto in book.above.vetoes if all(holds(test, facts) for test in veto.where)]
    for veto in vetoes:
        found += _overridden(_score(card, found), veto, facts)
    return replace(
        card,
        score=_score(card, found),
        parts=tuple(parts_of(card.sections, book)),
        adjustments=tuple(found),
        last=any(veto.last for veto in vetoes),
        outcomes=tuple(outcome for veto in vetoes for outcome in veto.outcomes),
        barred=tuple(line for veto in vetoes for line in veto.bars),
    )


def band(bands: Iterable[Band], score: Fraction) -> Band | None:
    """The grade of a score: the band from whose lower bound on it lies, below the upper one."""
    for one in bands:
        above = one.at_least is None or score >= one.at_least.value
        if above and (one.below is None or score < one.below.value):
            return one
    return None


def _score(card: Scorecard, found: Iterable[Adjustment]) -> Fraction:
    score = card.score
    for one in found:
        score += one.points
    return score


def _overridden(score: Fraction, veto: Veto, facts: Facts) -> Iterator[Adjustment]:
    wanted = veto.score.value if veto.score else score
    if veto.at_most:
        wanted = min(wanted, veto.at_most.value)
    if wanted != score:
        args = {"label": veto.label, "score": facts.amount(wanted)}
        reason = Message("{label}: it becomes {score}", args)
        yield Adjustment(veto.id, wanted - score, reason)


# --- what does not apply --------------------------------------------------------------


def _away(section: SectionScore, counts: str) -> Fraction:
    """The points of a section's clauses that do not apply and are made up for in that way."""
    return sum(
        (
            score.clause.points.value * section.weight
            for score in section.clauses
            if score.instead and score.clause.applies and score.clause.applies.counts == counts
        ),
        Fraction(),
    )


def _scaled_sections(card: Scorecard) -> Iterator[Adjustment]:
    for section in card.sections:
        away = _away(section, "section")
        if away:
            name = section.section.title
            yield _scaled("scaled-section", name, section.points, section.maximum, away)


def _scaled_total(card: Scorecard, book: Rulebook) -> Iterator[Adjustment]:
    away = sum((_away(section, "total") for section in card.sections), Fraction())
    if away:
        own = sum((_own_scale(section) for section in card.sections), Fraction())
        yield _scaled("scaled-total", book.title, own, book.total.value, away)


def _own_scale(section: SectionScore) -> Fraction:
    """A section's points with what its own scaling adds."""
    away = _away(section, "section")
    return section.points + (_missing(section.points, section.maximum, away) if away else 0)


def parts_of(sections: Iterable[SectionScore], book: Rulebook) -> Iterator[PartScore]:
    """The score of each period inside the year by itself, with its grade.

    Clauses that do not apply are made up for inside their section; what is added to or taken
    from the year's total is not part of it.
    """
    bands = book.above.bands
    for part in book.above.parts:
        mine = [_by_itself(section) for section in sections if section.part == part.id]
        if mine:
            score = sum(map(_own_scale, mine), Fraction())
            grade = band(bands.bands, score) if bands and bands.of == "period" else None
            yield PartScore(part.id, score, grade)


def _by_itself(section: SectionScore) -> SectionScore:
    """A section as it counts in its period, before that counts in the year."""
    weight = section.section.weight.value / 100 if section.section.weight else Fraction(1)
    points = sum((clause.points for clause in section.clauses), Fraction())
    return replace(section, points=points * weight, weight=weight)


def _scaled(
    name: str, what: object, points: Fraction, full: Fraction, away: Fraction
) -> Adjustment:
    reason = Message(
        "{what}: {away} of {full} do not apply; {points} × {full} ÷ {rest}",
        {"what": what, "away": away, "full": full, "points": points, "rest": full - away},
    )
    return Adjustment(name, _missing(points, full, away), reason)


def _missing(points: Fraction, full: Fraction, away: Fraction) -> Fraction:
    """What scaling adds; where nothing at all applies, everything counts in full."""
    return full if full == away else points * full / (full - away) - points


# --- pools ----------------------------------------------------------------------------


def _pool(
    pool: Pool, score: Fraction, facts: Facts, without: Deduction | None
) -> Iterator[Adjustment]:
    """What the rules beside the sections give and take, in their order."""
    open_ = (pool.minimum is None or score >= pool.minimum.value) and all(
        holds(test, facts) for test in pool.where
    )
    left = pool.cap.value if pool.cap else None
    for deduction in (d for rule in pool.rules for d in judge(rule, facts, without)):
        points = deduction.points
        if deduction.award:
            points = Fraction() if not open_ else points if left is None else min(points, left)
            left = None if left is None else left - points
        charge = Charge(deduction, points)
        reason = _told(pool, facts, charge, open_)
        yield Adjustment(deduction.rule, charge.signed, reason, deduction.sources, charge)


def _told(pool: Pool, facts: Facts, charge: Charge, open_: bool) -> Message:
    """The working, and why less was given than asked."""
    reason = charge.deduction.reason
    if charge.points == charge.deduction.points:
        return reason
    if not open_:
        return Message("{reason}; not given: the condition is not met", {"reason": reason})
    most = facts.amount(pool.cap.value if pool.cap else Fraction())
    args = {"reason": reason, "most": most, "points": facts.amount(charge.points)}
    return Message("{reason}; at most {most} in all, so {points}", args)


# --- turning the whole into something else --------------------------------------------


def _converted(score: Fraction, book: Rulebook) -> Iterator[Adjustment]:
    for conversion in book.above.conversions:
        turned = score * conversion.to.value / conversion.of.value
        if conversion.rounding:
            turned = rounded(turned, conversion.rounding)
        args = {
            "label": conversion.label,
            "score": score,
            "to": conversion.to.value,
            "of": conversion.of.value,
            "result": turned,
        }
        reason = Message("{label}: {score} × {to} ÷ {of} = {result}", args)
        yield Adjustment(conversion.id, turned - score, reason, converts=True)
        score = turned


def _rounded(score: Fraction, book: Rulebook) -> Iterator[Adjustment]:
    if book.above.round_score is None:
        return
    places = int(book.above.round_score.value)
    turned = rounded(score, Rounding("half_up", places))
    if turned != score:
        args = {"score": score, "places": places, "result": turned}
        reason = Message("{score} rounded to {places} places: {result}", args)
        yield Adjustment("rounding", turned - score, reason)
