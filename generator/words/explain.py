"""Why a township stands where it does, as text: every point lost, and what it did to the rank.

Owns the wording of an explanation. Must not judge.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from generator.engine.amount import exact
from generator.engine.model import Change, Exclusion
from generator.engine.problem import Amount, Location
from generator.engine.rank import Effect, effect_of, left_out
from generator.engine.result import (
    Charge,
    ClauseScore,
    SectionScore,
    Standing,
    YearResult,
)
from generator.words.counted import followed, open_about, place_of, steps, unrated, weighed
from generator.words.messages import Catalogue
from generator.words.report import Style, amount, in_unit, plain, printable
from generator.words.results import result_object
from generator.words.vocabulary import BASES, DECISIONS, STATUSES


def explanation(
    result: YearResult,
    standing: Standing,
    catalogue: Catalogue,
    *,
    clause: str | None = None,
    style: Style = plain,
) -> str:
    """Clause text, rule, working, file and line, and effect on rank of every point lost."""
    lines = [style(_head(result, standing, catalogue), "strong")]
    card = standing.scorecard
    if card is None:
        return lines[0]
    book = result.inputs.rulebook
    lines += followed(standing, book, catalogue)
    for section in card.sections:
        shown_clauses = [c for c in section.clauses if clause in (None, c.clause.id)]
        if shown_clauses:
            title, counts = place_of(section, book, catalogue), weighed(section, catalogue)
            lines += ["", style(f"{title}  {_of(section)}{counts}", "strong")]
        for score in shown_clauses:
            lines += _clause(result, standing, score, catalogue, style)
            if told := unrated(score, section.part, card, catalogue):
                lines.append(f"    {printable(told)}")
    if clause is None:
        lines += steps(card, book, catalogue)
        lines += _changes(card.submission.changes, catalogue)
        lines += _excluded(card.excluded, catalogue)
        lines += _corrections(result, standing, catalogue)
    return "\n".join(lines)


def explanation_object(
    result: YearResult, standing: Standing, clause: str | None = None
) -> dict[str, Any]:
    """The township's part of the result, each deduction with score and rank without it."""
    rows = result_object(result)["townships"]
    township: dict[str, Any] = next(row for row in rows if row["id"] == standing.township.id)
    scores = [] if standing.scorecard is None else list(standing.scorecard.clauses())
    written = [c for section in township["sections"] for c in section["clauses"]]
    for score, row in zip(scores, written, strict=True):
        taken = [charge for charge in score.charges if not charge.deduction.award]
        given = [charge for charge in score.charges if charge.deduction.award]
        entries = [*row["deductions"], *row.get("awards", ())]
        for charge, deduction in zip([*taken, *given], entries, strict=True):
            effect = effect_of(result, standing, charge)
            if effect:
                deduction["score_without"] = exact(effect.score)
                deduction["rank_without"] = effect.rank
                deduction["outcomes_without"] = list(effect.outcomes)
    for section in township["sections"]:
        section["clauses"] = [c for c in section["clauses"] if clause in (None, c["id"])]
    return township


def _head(result: YearResult, standing: Standing, catalogue: Catalogue) -> str:
    _, assessment = catalogue._, result.inputs.assessment
    args = {
        "township": standing.township.name,
        "year": assessment.year,
        "status": STATUSES[assessment.status],
    }
    if standing.scorecard is None:
        return _("{township}, {year} ({status}): not submitted", **args)
    ranked = sum(other.rank is not None for other in ranked_with(result, standing))
    tied = _(" (tied)") if standing.tied else ""
    book = result.inputs.rulebook
    outcomes = tuple(book.outcomes[o] for o in standing.outcomes)
    head = _(
        "{township}, {year} ({status}): {score}, rank {rank}{tied} of {ranked}",
        **args,
        score=in_unit(standing.scorecard.score, book.wording.unit, catalogue),
        rank=standing.rank,
        tied=tied,
        ranked=ranked,
    )
    return head + (_("; {outcomes}", outcomes=outcomes) if outcomes else "")


def ranked_with(result: YearResult, standing: Standing) -> list[Standing]:
    """Those of its own group where groups rank apart, or all."""
    grouping = result.inputs.rulebook.above.grouping
    apart = grouping is not None and grouping.apart
    return [other for other in result.standings if not apart or other.group == standing.group]


def _clause(
    result: YearResult,
    standing: Standing,
    score: ClauseScore,
    catalogue: Catalogue,
    style: Style,
) -> Iterator[str]:
    title = f"{score.clause.id} {catalogue.text(score.clause.title)}"
    quiet = score.points == score.clause.points.value and not (score.charges or score.instead)
    yield style(f"  {title}  {_of(score)}", "faint" if quiet else "strong")
    if quiet:
        return
    yield style(f"      {score.clause.text}", "faint")
    book = result.inputs.rulebook
    if told := open_about(score.clause, book, catalogue):
        yield style(f"      {printable(told)}", "faint")
    if score.instead:
        yield f"    {printable(catalogue.render(score.instead))}"
    for charge in score.charges:
        yield from _charge(result, standing, charge, catalogue, style)


def _charge(
    result: YearResult, standing: Standing, charge: Charge, catalogue: Catalogue, style: Style
) -> Iterator[str]:
    _, deduction = catalogue._, charge.deduction
    role = "code" if deduction.award else "error"
    points, reason = style(exact(charge.points), role), catalogue.render(deduction.reason)
    yield f"    {'+' if deduction.award else '−'} {points}  {printable(reason)}"
    if charge.points != deduction.points:
        unit = result.inputs.rulebook.wording.unit
        args = {
            "asked": Amount(deduction.points, unit),
            "charged": Amount(charge.points, unit),
        }
        if deduction.award:
            yield "        " + _("Asked {asked}, given {charged}: the clause is full.", **args)
        else:
            yield "        " + _(
                "Asked {asked}, charged {charged}: the clause has no more points to lose.", **args
            )
    basis = BASES[deduction.basis]
    yield "        " + _("Rule {rule}, basis: {basis}", rule=deduction.rule, basis=basis)
    yield from (f"        {_place(place)}" for place in deduction.sources)
    yield from _effect(result, standing, charge, catalogue)


def _effect(
    result: YearResult, standing: Standing, charge: Charge, catalogue: Catalogue
) -> Iterator[str]:
    """Where the township would stand without this, and what would follow then."""
    _, effect = catalogue._, effect_of(result, standing, charge)
    if effect is None:
        return
    args = {
        "what": left_out(result, standing, charge) or _("this"),
        "score": in_unit(effect.score, result.inputs.rulebook.wording.unit, catalogue),
        "old": _rank(standing, catalogue),
        "new": _rank(effect, catalogue),
    }
    if (effect.rank, effect.tied) == (standing.rank, standing.tied):
        yield "        " + _("Without {what}: {score}, the same rank", **args)
    else:
        yield "        " + _("Without {what}: {score}, rank {old} → {new}", **args)
    if effect.outcomes != standing.outcomes:
        named = tuple(result.inputs.rulebook.outcomes[o] for o in effect.outcomes)
        yield "        " + _("What would follow then: {outcomes}", outcomes=named or _("nothing"))


def _rank(place: Standing | Effect, catalogue: Catalogue) -> str:
    return f"{place.rank}" + (catalogue._(" (tied)") if place.tied else "")


def _changes(changes: Sequence[Change], catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    if changes:
        yield from ("", _("Facts changed by the office"))
    for change in changes:
        args = {
            "fact": change.fact,
            "reported": fact(change.reported, catalogue),
            "value": fact(change.value, catalogue),
            "reason": change.reason,
            "document": change.document,
        }
        line = _("{fact}: reported {reported}, judged {value}; {reason} ({document})", **args)
        yield f"    {printable(line)}"
        yield f"        {_place(change.location)}"


def _excluded(excluded: Sequence[Exclusion], catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    if excluded:
        yield from ("", _("Not counted"))
    for exclusion in excluded:
        ground = exclusion.ground
        args = {"record": exclusion.record.id, "ground": ground.label, "clause": ground.clause}
        yield "    " + _("{record}: {ground}, clause {clause}", **args)
        yield from (f"        {_place(place)}" for place in exclusion.sources)


def _corrections(result: YearResult, standing: Standing, catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    about = [c for c in result.inputs.corrections if c.township == standing.township.id]
    if about:
        yield from ("", _("Corrections"))
    for correction in about:
        args = {
            "id": correction.id,
            "decision": DECISIONS[correction.decision],
            "date": correction.decided_on,
            "reason": correction.reason,
            "document": correction.document,
        }
        line = _("{id}, {decision} on {date}: {reason} ({document})", **args)
        yield f"    {printable(line)}"
        if correction.strike:
            yield "        " + _("Findings struck: {findings}", findings=correction.strike)
        yield f"        {_place(correction.location)}"


def fact(value: object, catalogue: Catalogue) -> str:
    """A reported value in one line; nothing is said as such."""
    if value is None:
        return catalogue._("nothing")
    if isinstance(value, dict):
        inner = ", ".join(f"{key}: {fact(item, catalogue)}" for key, item in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return "[" + ", ".join(fact(item, catalogue) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _of(score: ClauseScore | SectionScore) -> str:
    if isinstance(score, ClauseScore):
        return f"{amount(score.points)} / {exact(score.clause.points.value)}"
    own = sum((clause.points for clause in score.clauses), Fraction())
    return f"{amount(own)} / {exact(score.section.points.value)}"


def _place(place: Location) -> str:
    return printable(f"{place.path}:{place.line}")
