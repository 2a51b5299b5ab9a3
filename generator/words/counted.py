"""How a score comes about beside its clauses, as text: steps to the score, grade, payments.

Owns these lines of an explanation, and what is open about a clause. Must not judge.
"""

from collections.abc import Iterator
from fractions import Fraction

from generator.engine.amount import exact
from generator.engine.book import Clause, Rulebook, Wording
from generator.engine.groups import for_group
from generator.engine.kinds import Discretion
from generator.engine.problem import Text
from generator.engine.result import (
    Adjustment,
    ClauseScore,
    PartScore,
    Scorecard,
    SectionScore,
    Standing,
)
from generator.words.messages import Catalogue
from generator.words.register import matters
from generator.words.report import amount, in_unit, printable
from generator.words.vocabulary import BASES


def sign(value: Fraction) -> str:
    """What stands before an amount given or taken."""
    return "−" if value < 0 else "+"


def signed(value: Fraction) -> str:
    """An amount given or taken, exactly."""
    return sign(value) + exact(abs(value))


def place_of(section: SectionScore, book: Rulebook, catalogue: Catalogue) -> str:
    """A section by number and title, with the period inside the year that it was judged in."""
    title = f"{section.section.id} {catalogue.text(section.section.title)}"
    part = next((part for part in book.above.parts if part.id == section.part), None)
    if part is None:
        return title
    return catalogue._("{period}: {section}", period=part.label, section=title)


def weighed(section: SectionScore, catalogue: Catalogue) -> str:
    """What a section counts by its weight; nothing where all its points count."""
    if section.weight == 1:
        return ""
    percent = section.weight * 100
    return catalogue._(" × {weight}% = {points}", weight=percent, points=amount(section.points))


def open_about(clause: Clause, book: Rulebook, catalogue: Catalogue) -> str:
    """The readings, numbers set by us and undecidable matters that touch a clause, in one line."""
    _, found, told = catalogue._, matters(book, clause), []
    if found.readings:
        phrases = tuple(_("“{phrase}”", phrase=one.phrase) for one in found.readings)
        told.append(_("Readings: {phrases}", phrases=phrases))
    if found.assumed:
        told.append(_("numbers set by us: {count}", count=len(found.assumed)))
    if found.undecidable:
        phrases = tuple(_("“{phrase}”", phrase=one.phrase) for one in found.undecidable)
        told.append(_("No machine can decide: {phrases}", phrases=phrases))
    return " · ".join(told)


def unrated(score: ClauseScore, part: str | None, card: Scorecard, catalogue: Catalogue) -> str:
    """Who has still to rate what the clause leaves to discretion; nothing if all have."""
    if score.instead:
        return ""
    given = {(one.rule, one.scorer) for one in card.submission.ratings if one.part == part}
    rules = (rule for rule in score.clause.rules if isinstance(rule, Discretion))
    silent = tuple(
        scorer.label
        for rule in rules
        for name, scorer in rule.scorers.items()
        if (rule.id, name) not in given
    )
    return catalogue._("Not rated yet by: {scorers}", scorers=silent) if silent else ""


def steps(card: Scorecard, book: Rulebook, catalogue: Catalogue) -> Iterator[str]:
    """From the sections to the score, one step after the other."""
    if not card.adjustments:
        return
    _, so_far = catalogue._, card.in_sections
    yield from ("", _("How the score adds up"))
    yield "    " + _("All sections together: {points}", points=amount(so_far))
    for adjustment in card.adjustments:
        so_far += adjustment.points
        yield from _step(adjustment, so_far, catalogue)
    score = in_unit(card.score, book.wording.unit, catalogue)
    usual = book.wording.unit == Wording().unit
    yield "    " + (
        _("Score: {score}", score=score) if usual else _("Amount: {score}", score=score)
    )


def _step(adjustment: Adjustment, so_far: Fraction, catalogue: Catalogue) -> Iterator[str]:
    reason = printable(catalogue.render(adjustment.reason))
    points = sign(adjustment.points) + " " + exact(abs(adjustment.points))
    yield f"    {points}  {reason}  → {amount(so_far)}"
    if adjustment.charge:
        rule, basis = adjustment.charge.deduction.rule, adjustment.charge.deduction.basis
        yield "        " + catalogue._("Rule {rule}, basis: {basis}", rule=rule, basis=BASES[basis])
    yield from (f"        {printable(f'{p.path}:{p.line}')}" for p in adjustment.sources)


def followed(standing: Standing, book: Rulebook, catalogue: Catalogue) -> Iterator[str]:
    """Periods inside the year, grade, payments, and what a veto did."""
    _, card = catalogue._, standing.scorecard
    if card is None:
        return
    labels = {part.id: part.label for part in book.above.parts}
    for one in card.parts:
        yield _("{period}: {points}", period=labels[one.part], points=graded(one, catalogue))
    if standing.band:
        yield _("Grade: {grade}", grade=standing.band.label)
    for paid in standing.payments:
        money = in_unit(paid.amount, paid.payment.unit, catalogue)
        yield _("{payment}: {amount}", payment=paid.payment.label, amount=money)
    if card.last:
        yield _("Ranked after all others.")
    mine = (line for line in book.lines if for_group(line.groups, standing.group))
    lines: tuple[Text, ...] = tuple(line.label for line in mine if line.id in card.barred)
    if lines:
        yield _("Not eligible for: {lines}", lines=lines)


def graded(one: PartScore, catalogue: Catalogue) -> str:
    """A period's own score with its grade."""
    grade = f" {catalogue.text(one.band.label)}" if one.band else ""
    return amount(one.score) + grade
