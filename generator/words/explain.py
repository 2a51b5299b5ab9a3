"""Why a township stands where it does, as text: each point lost, what it did, against another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from fractions import Fraction
from itertools import dropwhile
from typing import Any, NamedTuple

from generator.engine.book import Clause, Rulebook, Wording
from generator.engine.effects import Effects, Without
from generator.engine.facts import Facts, for_group, groups_of, views_of, within
from generator.engine.kinds.discretion import Discretion
from generator.engine.measures import Basis, Condition, Quantity, Selection, exact, held
from generator.engine.problem import Amount, Location, Message, Path, Text
from generator.engine.records import lookup, meets
from generator.engine.year import (
    Change,
    Charge,
    ClauseScore,
    Deduction,
    Exclusion,
    Record,
    Scorecard,
    SectionScore,
    Standing,
    YearResult,
)
from generator.reading.source import Keys, Placed
from generator.words.messages import (
    BASES,
    DECISIONS,
    STATUSES,
    Catalogue,
    Style,
    amount,
    in_unit,
    plain,
    printable,
    sign,
    signed,
    table,
)
from generator.words.report import not_public
from generator.words.results import inside, matters, result_object


def open_about(clause: Clause, book: Rulebook, catalogue: Catalogue) -> str:
    """The readings, numbers set by us and undecidable matters that touch a clause, in one line."""
    _, touching, parts = catalogue._, matters(book, clause), []
    if touching.readings:
        phrases = tuple(_("“{phrase}”", phrase=reading.phrase) for reading in touching.readings)
        parts.append(_("Readings: {phrases}", phrases=phrases))
    if touching.assumed:
        parts.append(_("numbers set by us: {count}", count=len(touching.assumed)))
    if touching.undecidable:
        phrases = tuple(_("“{phrase}”", phrase=matter.phrase) for matter in touching.undecidable)
        parts.append(_("No machine can decide: {phrases}", phrases=phrases))
    return " · ".join(parts)


def unrated(score: ClauseScore, part: str | None, card: Scorecard, catalogue: Catalogue) -> str:
    """Who has still to rate what the clause leaves to discretion; nothing if all have."""
    if score.instead:
        return ""
    given = {(r.rule, r.scorer) for r in card.submission.ratings if r.part == part}
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
        reason = printable(catalogue.render(adjustment.reason))
        points = sign(adjustment.points) + " " + exact(abs(adjustment.points))
        yield f"    {points}  {reason}  → {amount(so_far)}"
        if adjustment.charge:
            yield _by_rule(adjustment.charge.deduction, catalogue)
        yield from _places(adjustment.sources)
    score = in_unit(card.score, book.wording.unit, catalogue)
    usual = book.wording.unit == Wording().unit
    yield "    " + (
        _("Score: {score}", score=score) if usual else _("Amount: {score}", score=score)
    )


def _by_rule(deduction: Deduction, catalogue: Catalogue) -> str:
    rule, basis = deduction.rule, BASES[deduction.basis]
    return "        " + catalogue._("Rule {rule}, basis: {basis}", rule=rule, basis=basis)


def followed(standing: Standing, book: Rulebook, catalogue: Catalogue) -> Iterator[str]:
    """Periods inside the year, grade, payments, and what a veto did."""
    _, card = catalogue._, standing.scorecard
    if card is None:
        return
    labels = {part.id: part.label for part in book.above.parts}
    for part in card.parts:
        points = amount(part.score) + (f" {catalogue.text(part.band.label)}" if part.band else "")
        yield _("{period}: {points}", period=labels[part.part], points=points)
    if standing.band:
        yield _("Grade: {grade}", grade=standing.band.label)
    for paid in standing.payments:
        money = in_unit(paid.amount, paid.payment.unit, catalogue)
        yield _("{payment}: {amount}", payment=paid.payment.label, amount=money)
    if card.last:
        yield _("Ranked after all others.")
    barred = (line for line in book.lines if line.id in card.barred)
    if lines := tuple(line.label for line in barred if for_group(line.groups, standing.group)):
        yield _("Not eligible for: {lines}", lines=lines)


def explanation(
    result: YearResult,
    standing: Standing,
    catalogue: Catalogue,
    *,
    clause: str | None = None,
    style: Style = plain,
) -> str:
    """Clause text, rule, working, file and line, and effect on rank of every point lost."""
    lines = [style(_heading(result, standing, catalogue), "strong"), *not_public(result, catalogue)]
    card = standing.scorecard
    if card is None:
        return "\n".join(lines)
    book, effects = result.inputs.rulebook, Effects(result, at_length=True)
    lines += followed(standing, book, catalogue)
    for section in card.sections:
        shown_clauses = [c for c in section.clauses if clause in (None, c.clause.id)]
        if shown_clauses:
            lines += ["", style(_section_heading(section, book, catalogue), "strong")]
        for score in shown_clauses:
            lines += _clause(effects, standing, score, catalogue, style)
            if missing := unrated(score, section.part, card, catalogue):
                lines.append(f"    {printable(missing)}")
    if clause is None:
        lines += steps(card, book, catalogue)
        if card.submission.changes:
            lines += ["", catalogue._("Facts changed by the office")]
        lines += _changes(card.submission.changes, catalogue)
        if card.excluded:
            lines += ["", catalogue._("Not counted")]
        for exclusion in card.excluded:
            args = {"record": exclusion.record.id, **_ground(exclusion)}
            lines.append("    " + catalogue._("{record}: {ground}, clause {clause}", **args))
            lines += _places(exclusion.sources)
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
    effects = Effects(result, at_length=True)
    known = {id(effect.charge): effect for effect in effects.of(standing)}
    for score, row in zip(scores, written, strict=True):
        charges = sorted(score.charges, key=lambda charge: charge.deduction.award)
        entries = [*row["deductions"], *row.get("awards", ())]
        for charge, deduction in zip(charges, entries, strict=True):
            effect = known[id(charge)]
            deduction["score_without"] = exact(effect.score)
            deduction["rank_without"] = effect.rank
            deduction["outcomes_without"] = list(effects.outcomes(standing, effect))
    for section in township["sections"]:
        section["clauses"] = [c for c in section["clauses"] if clause in (None, c["id"])]
    return township


def _heading(result: YearResult, standing: Standing, catalogue: Catalogue) -> str:
    _, assessment, book = catalogue._, result.inputs.assessment, result.inputs.rulebook
    args = {
        "township": standing.township.name,
        "year": assessment.year,
        "status": STATUSES[assessment.status],
    }
    if standing.scorecard is None:
        return _("{township}, {year} ({status}): not submitted", **args)
    heading = _(
        "{township}, {year} ({status}): {score}, rank {rank}{tied} of {ranked}",
        **args,
        score=in_unit(standing.scorecard.score, book.wording.unit, catalogue),
        rank=standing.rank,
        tied=_(" (tied)") if standing.tied else "",
        ranked=sum(peer.rank is not None for peer in ranked_with(result, standing)),
    )
    outcomes = tuple(book.outcomes[name] for name in standing.outcomes)
    return heading + (_("; {outcomes}", outcomes=outcomes) if outcomes else "")


def _section_heading(section: SectionScore, book: Rulebook, catalogue: Catalogue) -> str:
    """Number and title, the period inside the year that it was judged in, points and weight."""
    title = f"{section.section.id} {catalogue.text(section.section.title)}"
    for part in book.above.parts:
        if part.id == section.part:
            title = catalogue._("{period}: {section}", period=part.label, section=title)
    own = sum((clause.points for clause in section.clauses), Fraction())
    heading = f"{title}  {amount(own)} / {exact(section.section.points.value)}"
    if section.weight == 1:
        return heading
    counted = {"weight": section.weight * 100, "points": amount(section.points)}
    return heading + catalogue._(" × {weight}% = {points}", **counted)


def ranked_with(result: YearResult, standing: Standing) -> list[Standing]:
    """Those of its own group where groups rank apart, or all."""
    grouping = result.inputs.rulebook.above.grouping
    apart = grouping is not None and grouping.apart
    return [peer for peer in result.standings if not apart or peer.group == standing.group]


def _clause(
    effects: Effects, standing: Standing, score: ClauseScore, catalogue: Catalogue, style: Style
) -> Iterator[str]:
    title = f"{score.clause.id} {catalogue.text(score.clause.title)}"
    quiet = score.points == score.clause.points.value and not (score.charges or score.instead)
    points = f"{amount(score.points)} / {exact(score.clause.points.value)}"
    yield style(f"  {title}  {points}", "faint" if quiet else "strong")
    if quiet:
        return
    yield style(f"      {score.clause.text}", "faint")
    book = effects.result.inputs.rulebook
    if unsettled := open_about(score.clause, book, catalogue):
        yield style(f"      {printable(unsettled)}", "faint")
    if score.instead:
        yield f"    {printable(catalogue.render(score.instead))}"
    for charge in score.charges:
        yield from _charge(effects, standing, charge, catalogue, style)


def _charge(
    effects: Effects, standing: Standing, charge: Charge, catalogue: Catalogue, style: Style
) -> Iterator[str]:
    _, deduction = catalogue._, charge.deduction
    role = "code" if deduction.award else "error"
    points, reason = style(exact(charge.points), role), catalogue.render(deduction.reason)
    yield f"    {'+' if deduction.award else '−'} {points}  {printable(reason)}"
    if charge.points != deduction.points:
        unit = effects.result.inputs.rulebook.wording.unit
        args = {"asked": Amount(deduction.points, unit), "charged": Amount(charge.points, unit)}
        if deduction.award:
            yield "        " + _("Asked {asked}, given {charged}: the clause is full.", **args)
        else:
            yield "        " + _(
                "Asked {asked}, charged {charged}: the clause has no more points to lose.", **args
            )
    yield _by_rule(deduction, catalogue)
    yield from _places(deduction.sources)
    (effect,) = (effect for effect in effects.of(standing) if effect.charge is charge)
    yield from _effect(effects, standing, effect, catalogue)


def _effect(
    effects: Effects, standing: Standing, effect: Without, catalogue: Catalogue
) -> Iterator[str]:
    """Where the township would stand without this, and what would follow then."""
    _, book = catalogue._, effects.result.inputs.rulebook
    args = {
        "what": effect.record or _("this"),
        "score": in_unit(effect.score, book.wording.unit, catalogue),
        "old": _rank(standing, catalogue),
        "new": _rank(effect, catalogue),
    }
    if (effect.rank, effect.tied) == (standing.rank, standing.tied):
        yield "        " + _("Without {what}: {score}, the same rank", **args)
    else:
        yield "        " + _("Without {what}: {score}, rank {old} → {new}", **args)
    outcomes = effects.outcomes(standing, effect)
    if outcomes != standing.outcomes:
        named = tuple(book.outcomes[name] for name in outcomes)
        yield "        " + _("What would follow then: {outcomes}", outcomes=named or _("nothing"))


def _rank(place: Standing | Without, catalogue: Catalogue) -> str:
    return f"{place.rank}" + (catalogue._(" (tied)") if place.tied else "")


def _changes(changes: Sequence[Change], catalogue: Catalogue) -> Iterator[str]:
    for change in changes:
        line = catalogue._(
            "{fact}: reported {reported}, judged {value}; {reason} ({document})",
            fact=change.fact,
            reported=fact(change.reported, catalogue),
            value=fact(change.value, catalogue),
            reason=change.reason,
            document=change.document,
        )
        yield f"    {printable(line)}"
        yield from _places([change.location])


def _ground(exclusion: Exclusion) -> dict[str, object]:
    return {"ground": exclusion.ground.label, "clause": exclusion.ground.clause}


def _corrections(result: YearResult, standing: Standing, catalogue: Catalogue) -> Iterator[str]:
    _ = catalogue._
    about = [c for c in result.inputs.corrections if c.township == standing.township.id]
    if about:
        yield from ("", _("Corrections"))
    for correction in about:
        line = _(
            "{id}, {decision} on {date}: {reason} ({document})",
            id=correction.id,
            decision=DECISIONS[correction.decision],
            date=correction.decided_on,
            reason=correction.reason,
            document=correction.document,
        )
        yield f"    {printable(line)}"
        if correction.strike:
            yield "        " + _("Findings struck: {findings}", findings=correction.strike)
        yield from _places([correction.location])


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


def _places(places: Iterable[Location]) -> Iterator[str]:
    return (f"        {printable(f'{place.path}:{place.line}')}" for place in places)


def comparison(
    lower: Standing,
    upper: Standing,
    catalogue: Catalogue,
    unit: Text = Wording().unit,  # noqa: B008 - a frozen value
) -> str:
    """Why the second stands where it does against the first: the clauses where they differ."""
    _, text = catalogue._, catalogue.text
    names = {"first": lower.township.name, "second": upper.township.name}
    if lower.scorecard is None or upper.scorecard is None:
        return _("{first} and {second} cannot be compared: not both have submitted.", **names)
    space = "" if catalogue.lang == "zh" else " "
    gap = signed(upper.scorecard.score - lower.scorecard.score) + space + text(unit)
    rows = list(_differences(lower.scorecard, upper.scorecard, catalogue))
    title = _("{second} against {first}: {gap}", **names, gap=gap)
    if not rows:
        return title + "\n" + _("They have the same points in every clause.")
    heads = [_("Clause"), "", text(names["first"]), text(names["second"]), _("Difference")]
    lines = [title, *table([heads, *rows], right=range(2, 5))]
    for name, card, rival in (
        (names["first"], lower.scorecard, upper.scorecard),
        (names["second"], upper.scorecard, lower.scorecard),
    ):
        if losses := list(_lost_more(card, rival, catalogue)):
            lines += ["", _("Where {township} lost more", township=name), *losses]
    return "\n".join(lines)


def _differences(lower: Scorecard, upper: Scorecard, catalogue: Catalogue) -> Iterator[list[str]]:
    """Every clause where two differ, by what it counts in the total; then what is beside them."""
    _, first, second = catalogue._, _by_place(lower), _by_place(upper)
    for place in first | second:
        pair = [side.get(place) for side in (first, second)]
        counted = [score.counted if score else Fraction() for score in pair]
        if counted[0] == counted[1] and None not in pair:
            continue
        clause = next(score.score.clause for score in pair if score)
        written = [amount(score.score.points) if score else "–" for score in pair]
        name = f"{catalogue.text(clause.title)} {place[0] or ''}".rstrip()
        yield [clause.id, name, *written, signed(counted[1] - counted[0])]
    totals = {
        _("Added or taken"): (lower.beside, upper.beside),
        _("By conversion"): [_afterwards(card, converts=True) for card in (lower, upper)],
        _("After conversion"): [_afterwards(card, converts=False) for card in (lower, upper)],
    }
    for name, (old, new) in totals.items():
        if old != new:
            yield ["", name, amount(old), amount(new), signed(new - old)]


def _afterwards(card: Scorecard, *, converts: bool) -> Fraction:
    """What conversion makes of the score, or what is added or taken once it is converted."""
    after = dropwhile(lambda step: not step.converts, card.adjustments)
    return sum((step.points for step in after if step.converts == converts), Fraction())


class _Counted(NamedTuple):
    """A clause's score, and what it counts in the total."""

    score: ClauseScore
    counted: Fraction


def _by_place(card: Scorecard) -> dict[tuple[str | None, str], _Counted]:
    """Every clause's score by the period inside the year and the clause's id."""
    return {
        (section.part, score.clause.id): _Counted(score, score.points * section.weight)
        for section in card.sections
        for score in section.clauses
    }


def _lost_more(card: Scorecard, rival: Scorecard, catalogue: Catalogue) -> Iterator[str]:
    """What a township lost in the clauses where it has fewer points than the other."""
    rivals = _by_place(rival)
    for place, (score, counted) in _by_place(card).items():
        if place in rivals and counted < rivals[place].counted:
            for charge in score.charges:
                if not charge.deduction.award:
                    reason = printable(catalogue.render(charge.deduction.reason))
                    yield f"    {score.clause.id}  {reason}"


# --- one clause from facts to charge --------------------------------------------------


def trace(
    result: YearResult,
    standing: Standing,
    clause: str,
    rulebook: Placed,
    catalogue: Catalogue,
    style: Style = plain,
) -> str:
    """How a clause comes about, step by step, with the place of everything that it rests on.

    `rulebook` is the file of the year's rulebook.
    """
    lines = [style(catalogue._("How clause {clause} comes about", clause=clause), "strong")]
    if standing.scorecard is None:
        return lines[0]
    keys = next(
        ("sections", number, "clauses", inner)
        for number, section in enumerate(rulebook.value["sections"])
        for inner, written in enumerate(section["clauses"])
        if written["id"] == clause
    )
    inputs, book = result.inputs, result.inputs.rulebook
    groups = groups_of(book, inputs.townships)
    rest = (inputs.assessment.period, groups, inputs.before, inputs.calendar)
    views = views_of(inputs.submissions, book, *rest)[standing.township.id]
    lines += _numbers(rulebook, (*keys, "points"), catalogue)
    for section in standing.scorecard.sections:
        for score in section.clauses:
            if score.clause.id == clause:
                facts = views[section.part]
                lines += _worked_out(score, facts, rulebook, keys, catalogue, style)
    return "\n".join(lines)


def _worked_out(
    score: ClauseScore,
    facts: Facts,
    rulebook: Placed,
    clause: Keys,
    catalogue: Catalogue,
    style: Style,
) -> Iterator[str]:
    """Each rule with what it reads, then what is charged, one charge after the other."""
    _, amount = catalogue._, facts.amount
    for number, rule in enumerate(score.clause.rules):
        keys = (*clause, "rules", number)
        yield style("  " + _("Rule {rule}: {label}", rule=rule.id, label=rule.label), "strong")
        yield f"      {_exact_place(rulebook.location(keys))}"
        yield from _numbers(rulebook, keys, catalogue)
        yield from _facts_read(rule, facts, catalogue)
        for selection in inside(rule, Selection):
            if selection.records in facts.records:
                yield from _records(selection, facts, catalogue)
        for quantity in held(rule, Quantity):
            yield "    " + _("Measured: {working}", working=quantity.measure(facts).working)
        if not any(charge.deduction.rule == rule.id for charge in score.charges):
            yield "    " + _("This rule asks nothing.")
    full = score.clause.points.value
    left = Fraction() if score.clause.starts == "zero" else full
    yield "  " + _("The clause starts at {start}.", start=amount(left))
    if not score.clause.below_zero:
        yield "    " + _("It never falls below 0.")
    if not score.clause.above_points:
        yield "    " + _("It never rises above {full}.", full=amount(full))
    for charge in score.charges:
        left += charge.signed
        deduction = charge.deduction
        reason = _("{rule}: {reason}", rule=deduction.rule, reason=deduction.reason)
        yield "    " + printable(reason)
        yield "      " + _(
            "Asked {asked}, counted {charged}; the clause has {left} then.",
            asked=amount(deduction.points),
            charged=amount(charge.points),
            left=amount(left),
        )
        yield from (f"      {_exact_place(place)}" for place in deduction.sources)
    yield "  " + _("The clause comes to {points}.", points=amount(score.points))


def _facts_read(rule: object, facts: Facts, catalogue: Catalogue) -> Iterator[str]:
    """The facts that a rule names, as judged, with where they were reported and changed."""
    for path in dict.fromkeys(_fact_paths(rule)):
        if path in facts.records:
            continue
        address = ".".join((*within(facts.part), *path))
        args = {"fact": address, "value": fact(facts.value(path), catalogue)}
        yield "    " + printable(catalogue._("Fact {fact}: {value}", **args))
        yield from (f"      {_exact_place(place)}" for place in facts.sources(path))
        changes = [change for change in facts.submission.changes if change.fact == address]
        yield from (f"  {line}" for line in _changes(changes, catalogue))


def _records(selection: Selection, facts: Facts, catalogue: Catalogue) -> Iterator[str]:
    """The records of a list: those that are taken, and why others are not."""
    taken, known = facts.select(selection), facts.records.get(selection.records, ())
    address = ".".join(selection.records)
    excluded = [e for e in facts.excluded if e.record.address.startswith(address)]
    yield "    " + catalogue._(
        "Records of {list}: {taken} taken, {left} left out",
        list=address,
        taken=len(taken),
        left=len(known) - len(taken) + len(excluded),
    )
    rows = [
        (record, tuple(_is(record, test) for test in selection.where if not meets(record, (test,))))
        for record in known
    ]
    for exclusion in excluded:
        reason = Message("{ground}, clause {clause}", _ground(exclusion))
        rows.append((exclusion.record, (reason,)))
    for record, reasons in rows:
        if reasons:
            text = catalogue._("{record}: left out, {reasons}", record=record.id, reasons=reasons)
        else:
            text = catalogue._("{record}: taken", record=record.id)
        places = catalogue.listed(map(_exact_place, facts.record_sources(record)))
        yield f"      {printable(text)}  {places}"


def _is(record: Record, condition: Condition) -> Message:
    """What a record has in the field that a condition looks at."""
    value: object = lookup(record.fields, condition.field)
    if isinstance(value, bool):
        value = str(value).lower()
    said = Message("nothing") if value is None else str(value)
    return Message("{field} is {value}", {"field": ".".join(condition.field), "value": said})


def _numbers(rulebook: Placed, keys: Keys, catalogue: Catalogue) -> Iterator[str]:
    """The numbers that stand in a part of the rulebook, with their grounds and places."""
    part: Any = rulebook.value
    for key in keys:
        part = part[key]
    for inner, figure in _written_figures(part, keys):
        number = catalogue._(
            "Number {value}, basis: {basis} ({reference})",
            value=str(figure["value"]),
            basis=BASES[Basis(figure["basis"])],
            reference=figure.get("reference", ""),
        )
        yield f"    {printable(number)}"
        yield f"      {_exact_place(rulebook.location(inner))}"


def _written_figures(part: Any, keys: Keys) -> Iterator[tuple[Keys, dict[str, Any]]]:
    if isinstance(part, dict) and {"value", "basis"} <= part.keys():
        yield keys, part
    elif isinstance(part, dict | list):
        inside = part.items() if isinstance(part, dict) else enumerate(part)
        for key, inner in inside:
            yield from _written_figures(inner, (*keys, key))


def _fact_paths(value: object) -> Iterator[Path]:
    """The facts and lists that a rule names."""
    if isinstance(value, tuple):
        for inner in value:
            yield from _fact_paths(inner)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.name in ("fact", "excepted", "records") and inner:
                yield inner
            else:
                yield from _fact_paths(inner)


def _exact_place(place: Location) -> str:
    return printable(f"{place.path}:{place.line}:{place.column} {place.address}").rstrip()
