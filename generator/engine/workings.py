"""How every kind of rule tells what it asked: words and numbers that can be checked by hand.

Owns the sentences of workings; how a record is told in them is in `details`. Must not work
anything out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.engine.book import Deadline
from generator.engine.details import detail, spans_told, value_label
from generator.engine.facts import Facts
from generator.engine.kinds import (
    AmountTable,
    Ceiling,
    CheckList,
    Choice,
    Coverage,
    Discretion,
    Factor,
    PerRecord,
    Recurrence,
    Requirement,
    RuleBase,
    Scale,
    Target,
)
from generator.engine.measures import Figure
from generator.engine.problem import Amount, Message, Text
from generator.engine.quantities import Measure
from generator.engine.year import Rating, Record


def rounded(reason: Message, points: Amount) -> Message:
    """What was asked, rounded as the rulebook says."""
    return Message("{reason}; rounded to {points}", {"reason": reason, "points": points})


def at_most(reason: Message, most: Amount, points: Amount) -> Message:
    """What was asked, cut down to what the rule may still ask."""
    args = {"reason": reason, "most": most, "points": points}
    return Message("{reason}; at most {most} in all, so {points}", args)


def requirement(rule: Requirement, facts: Facts) -> Message:
    args = _args(rule, facts, rule.amount.value)
    if rule.award:
        return Message("{label}: fulfilled, {asked}", args)
    return Message("{label}: not fulfilled, {asked}", args)


def choice(rule: Choice, facts: Facts, value: object, points: Fraction) -> Message:
    return Message("{label}: {value}, {asked}", {**_args(rule, facts, points), "value": value})


def coverage(
    rule: Coverage,
    facts: Facts,
    units: tuple[str, ...],
    of: int,
    points: Fraction,
    excepted: tuple[str, ...],
) -> Message:
    sentences = _COVERED if rule.award else _COVERAGE
    args = _args(rule, facts, points, rule.amount)
    args |= {"count": len(units), "of": of, "units": spans_told(rule.every, units)}
    told = sentences[rule.every].about(args)
    if not excepted:
        return told
    args = {"reason": told, "units": spans_told(rule.every, excepted)}
    if rule.every == "week":
        return Message("{reason}; not asked for: weeks (Mondays: {units})", args)
    return Message("{reason}; not asked for: {units}", args)


def check_list(
    rule: CheckList, facts: Facts, names: tuple[object, ...], points: Fraction
) -> Message:
    args = _args(rule, facts, points, rule.amount)
    args |= {"count": len(names), "of": len(rule.items), "names": names}
    return (_THERE if rule.award else _LACKING).about(args)


_COVERAGE = {
    "week": Message(
        "{label}: {count} of {of} weeks missing (Mondays: {units}), {amount} each, {asked}"
    ),
    "month": Message("{label}: {count} of {of} months missing ({units}), {amount} each, {asked}"),
    "quarter": Message(
        "{label}: {count} of {of} quarters missing ({units}), {amount} each, {asked}"
    ),
    "half": Message("{label}: {count} of {of} halves missing ({units}), {amount} each, {asked}"),
}
_COVERED = {
    "week": Message("{label}: {count} of {of} weeks (Mondays: {units}), {amount} each, {asked}"),
    "month": Message("{label}: {count} of {of} months ({units}), {amount} each, {asked}"),
    "quarter": Message("{label}: {count} of {of} quarters ({units}), {amount} each, {asked}"),
    "half": Message("{label}: {count} of {of} halves ({units}), {amount} each, {asked}"),
}
_LACKING = Message("{label}: {count} of {of} items missing ({names}), {amount} each, {asked}")
_THERE = Message("{label}: {count} of {of} items ({names}), {amount} each, {asked}")


# --- targets and scales ---------------------------------------------------------------


def target(
    rule: Target,
    facts: Facts,
    actual: Measure,
    bound: Measure,
    distance: Fraction,
    steps: Fraction,
) -> Message:
    args = _args(rule, facts, steps * rule.amount.value, rule.amount)
    args |= {"actual": actual.working, "bound": bound.working, "distance": distance}
    args |= {"step": rule.step.value if rule.step else Fraction(1), "steps": steps}
    if actual.percent:
        unit = _POINT if args["step"] == 1 else _POINTS
        args |= {"unit": unit, "bound": bound.in_per_cent}
    heads = _PERCENT if actual.percent else _NUMBER
    head = heads[rule.side, rule.award].about(args)
    if actual.ordinal:
        head = _RANKED[rule.award].about(args | {"bound": bound.value})
    if rule.steps == "once":
        if rule.award and not actual.ordinal:
            head = _REACHED[actual.percent].about(args)
        return Message("{head}, {asked}", {"head": head, "asked": args["asked"]})
    kind = rule.steps if rule.step or rule.steps != "exact" else "each"
    for_each = _FOR_EACH[kind].about(args)
    return Message(
        "{head}, {each}, {asked}", {"head": head, "each": for_each, "asked": args["asked"]}
    )


_POINT = Text("个百分点", " percentage point")
_POINTS = Text("个百分点", " percentage points")
_AWAY = Message("{label}: {actual}{unit}, base {bound}{unit}, {distance}{unit} away")
_PERCENT_AWAY = Message("{label}: {actual}, base {bound}, {distance} percentage points away")
_NUMBER = {
    ("at_least", False): Message(
        "{label}: {actual}{unit}, needed {bound}{unit}, short {distance}{unit}"
    ),
    ("at_most", False): Message(
        "{label}: {actual}{unit}, at most {bound}{unit}, {distance}{unit} over"
    ),
    ("around", False): _AWAY,
    ("at_least", True): Message("{label}: {actual}{unit}, above {bound}{unit} by {distance}{unit}"),
    ("at_most", True): Message("{label}: {actual}{unit}, below {bound}{unit} by {distance}{unit}"),
    ("around", True): _AWAY,
}
_PERCENT = {
    ("at_least", False): Message(
        "{label}: {actual}, below {bound}, short {distance} percentage points"
    ),
    ("at_most", False): Message(
        "{label}: {actual}, above {bound}, {distance} percentage points over"
    ),
    ("around", False): _PERCENT_AWAY,
    ("at_least", True): Message("{label}: {actual}, {distance} percentage points above {bound}"),
    ("at_most", True): Message("{label}: {actual}, {distance} percentage points below {bound}"),
    ("around", True): _PERCENT_AWAY,
}
_RANKED = {
    False: Message("{label}: {actual}, should be no. {bound}, {distance} away"),
    True: Message("{label}: {actual}, target no. {bound}, {distance} better"),
}
_REACHED = {
    False: Message("{label}: {actual}{unit}, target {bound}{unit} reached"),
    True: Message("{label}: {actual}, target {bound} reached"),
}
_FOR_EACH = {
    "each": Message("{amount} each{unit}"),
    "exact": Message("{amount} for every {step}{unit}"),
    "started": Message("{amount} for every {step}{unit} begun, {steps} times"),
    "full": Message("{amount} for every full {step}{unit}, {steps} times"),
}


def scale(rule: Scale, facts: Facts, value: Measure, points: Fraction) -> Message:
    args = _args(rule, facts, points) | {"value": value.working}
    if value.percent or value.ordinal:
        return Message("{label}: {value}, {asked}", args)
    return Message("{label}: {value}{unit}, {asked}", args)


def scale_otherwise(rule: Scale, facts: Facts, points: Fraction) -> Message:
    return Message("{label}: not applicable, {asked}", _args(rule, facts, points))


def discretion(
    rule: Discretion, facts: Facts, ratings: Sequence[Rating], rated: Fraction, points: Fraction
) -> Message:
    args = _args(rule, facts, points) | {
        "least": rule.least.value,
        "greatest": facts.amount(rule.greatest.value),
        "ratings": tuple(_rating(rule, facts, rating) for rating in ratings),
    }
    if len(ratings) < len(rule.scorers):
        return Message(
            "{label} ({least} to {greatest}): {ratings}; ÷ {rated}%, the others have not rated; "
            "{asked}",
            args | {"rated": rated},
        )
    return Message("{label} ({least} to {greatest}): {ratings}, {asked}", args)


def _rating(rule: Discretion, facts: Facts, rating: Rating) -> Message:
    scorer = rule.scorers[rating.scorer]
    args: dict[str, object] = {"scorer": scorer.label, "points": facts.amount(rating.points)}
    args |= {"weight": scorer.weight.value, "reason": rating.reason, "document": rating.document}
    if len(rule.scorers) > 1:
        return Message("{scorer} {points} × {weight}%: {reason} ({document})", args)
    return Message("{scorer} {points}: {reason} ({document})", args)


# --- records --------------------------------------------------------------------------


def per_record(
    rule: PerRecord,
    facts: Facts,
    record: Record,
    deadline: Deadline | None,
    figure: Figure,
    factors: Sequence[Factor],
    begun: int,
) -> Message:
    records, points = rule.selection.records, figure.value
    told: list[object] = [detail(record, records, facts, deadline)]
    if isinstance(rule.amount, AmountTable):
        told += [value_label(record, records, by, facts) for by in rule.amount.by]
    amount = facts.amount(figure.value)
    made: list[object] = []
    if rule.delay:
        points *= begun
        made.append(_BEGUN[rule.delay.every].about({"count": begun, "amount": amount}))
    elif factors:
        made.append(amount)
    for factor in factors:
        points *= factor.by.value
        by = {"factor": factor.by.value, "label": factor.label}
        made.append(Message("× {factor} ({label})", by))
    args = _args(rule, facts, points) | {"detail": _row(told)}
    if not made:
        return Message("{label}: {detail}, {asked}", args)
    return Message("{label}: {detail}, {made}, {asked}", args | {"made": _row(made, _SPACE)})


_BEGUN = {
    "day": Message("{count} days late, {amount} each"),
    "week": Message("{count} weeks begun late, {amount} each"),
    "month": Message("{count} months begun late, {amount} each"),
}


def ceiling(
    rule: Ceiling,
    facts: Facts,
    count: int,
    allowed: Measure,
    over: int,
    number: int,
    record: Record,
) -> Message:
    args = _args(rule, facts, rule.amount.value)
    args |= {"count": count, "limit": allowed.working, "over": over}
    if over == 1:
        return Message(
            "{label}: {count}{unit}, limit {limit}{unit}, {over}{unit} over, {asked}", args
        )
    told = detail(record, rule.selection.records, facts, None)
    return Message(
        "{label}: {count}{unit}, limit {limit}{unit}, {over}{unit} over, "
        "of these no. {number}: {detail}, {asked}",
        {**args, "number": number, "detail": told},
    )


def recurrence(
    rule: Recurrence, facts: Facts, record: Record, number: int, points: Fraction
) -> Message:
    deadline = facts.deadline(rule.first_where)
    told = detail(record, rule.selection.records, facts, deadline)
    args = _args(rule, facts, points) | {"detail": told, "number": number}
    if number > 1:
        return Message("{label}: {detail}, occurrence no. {number}, {asked}", args)
    return Message("{label}: {detail}, the first one, {asked}", args)


_COMMA, _SPACE = Message("{first}, {rest}"), Message("{first} {rest}")


def _row(told: Sequence[object], between: Message = _COMMA) -> object:
    """Several things one after the other in a sentence."""
    first, *rest = told
    return between.about({"first": first, "rest": _row(rest, between)}) if rest else first


# --- pieces ---------------------------------------------------------------------------


def _args(
    rule: RuleBase, facts: Facts, points: Fraction, amount: Figure | None = None
) -> dict[str, object]:
    """What every sentence can speak of: `asked` is "deduct 5 points", `amount` "1 point off"."""
    args: dict[str, object] = {
        "label": rule.label,
        "unit": _after_number(rule.unit),
        "asked": _signed(_ASKED, rule, facts, points),
    }
    return args if amount is None else args | {"amount": _signed(_EACH, rule, facts, amount.value)}


def _after_number(unit: Text) -> Text:
    """A counter word as it follows a number: in English with a space between."""
    return replace(unit, en=f" {unit.en}") if unit.en[:1].isalpha() else unit


def _signed(
    said: Mapping[bool, Message], rule: RuleBase, facts: Facts, points: Fraction
) -> Message:
    return said[rule.award].about({"points": facts.amount(points)})


_ASKED = {False: Message("deduct {points}"), True: Message("add {points}")}
_EACH = {False: Message("{points} off"), True: Message("{points} added")}
