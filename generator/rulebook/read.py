"""From the value of `rulebook.yaml` to a `Rulebook`: how its keys fill the fields of the types.

Its shape has been held to its schema before; what a schema cannot say is for `check`.
"""

from dataclasses import replace

from generator.engine.book import Clause, Part, Rule, Rulebook, Section
from generator.engine.facts import PARTS
from generator.engine.kinds import KINDS
from generator.engine.kinds.choice import Choice
from generator.engine.kinds.discretion import Discretion
from generator.engine.problem import Text
from generator.engine.quantities import QUANTITIES
from generator.reading.source import Document
from generator.shape.form import FieldType, Form
from generator.shape.typed import KeyNames, Typed, TypeReader

_KEYS = {
    "Rulebook.above": "",
    "bounds": "",
    "selection": "",
    "wording": "",
    "award": "effect",
    "excepted": "except",
    "figures": "amounts",
    "minimum": "at_least",
    "rounding": "round",
    "Above.grouping": "groups",
    "Above.parts": "periods",
    "Above.round_points": "rounding.points",
    "Above.round_score": "rounding.score",
    "Bands.bands": "list",
    "Deadline.limits": "limits|limit",
    "FactTest.values": "is",
    "Grouping.groups": "list",
    "InForce.start": "from",
    "NotApplicable.counts": "otherwise",
    "NotApplicable.points": "otherwise.points",
    "Part.start": "from",
    "Part.end": "to",
    "PerRecord.amount": "amount|",
    "QuantityTest.quantity": "",
    "Recurrence.first": "first.amount",
    "Recurrence.first_where": "first.where",
    "Scorer.weight": "",
    "Selection.records": "records|fact",
    "Target.bound": "at_least|at_most|around",
    "Target.side": "=at_least|at_most|around",
    "TieBreaker.quantity": "",
    "ShareQuantity.whole": "of",
    "DifferenceQuantity.first": "difference.0",
    "DifferenceQuantity.less": "difference.1",
}
_READER = TypeReader(KeyNames(_KEYS, kinds=KINDS, tags=QUANTITIES))

YES_NO = {"true": Text("是", "yes"), "false": Text("否", "no")}
"""The values of a fact that is true or false, as tables of amounts write them."""


def written(value: object) -> Typed[Rulebook]:
    """The rulebook as it is written, and where everything in it stands."""
    return _READER.read(Rulebook, value)


def rulebook(document: Document, form: Form) -> Rulebook:
    """The rulebook in a sound document; `form` is what a report under it looks like."""
    return completed(written(document.value), document, form)


def completed(typed: Typed[Rulebook], document: Document, form: Form) -> Rulebook:
    """A sound rulebook with what is said elsewhere than where its rules need it."""
    book = typed.value
    parts = book.above.parts
    inside = inner_form(form, parts[0]) if parts else form

    def rule(rule: Rule, form: Form, award: bool) -> Rule:
        award = rule.award if typed.wrote(rule, "award") else award
        if isinstance(rule, Choice):
            field = form.at(rule.fact)
            named = field is not None and field.type is not FieldType.BOOLEAN
            return replace(rule, award=award, names=field.values if field and named else YES_NO)
        if isinstance(rule, Discretion):
            label = book.wording.scorers
            scorers = {name: replace(s, label=label[name]) for name, s in rule.scorers.items()}
            return replace(rule, award=award, scorers=scorers)
        return replace(rule, award=award)

    def clause(clause: Clause, form: Form) -> Clause:
        award = clause.starts == "zero"
        return replace(clause, rules=tuple(rule(each, form, award) for each in clause.rules))

    def section(section: Section) -> Section:
        seen = inside if section.each == "period" else form
        return replace(section, clauses=tuple(clause(each, seen) for each in section.clauses))

    pools = tuple(
        replace(pool, rules=tuple(rule(each, form, award=False) for each in pool.rules))
        for pool in book.above.pools
    )
    kinds = form.record_kinds()  # those of the periods without the period
    if parts:
        kinds = {path: kind for path, kind in kinds.items() if path[0] != PARTS}
    for part in parts:
        kinds = inner_form(form, part).record_kinds() | kinds
    return replace(
        book,
        sections=tuple(map(section, book.sections)),
        above=replace(book.above, pools=pools),
        records=kinds,
        sha256=document.sha256,
        path=document.path,
    )


def inner_form(form: Form, part: Part) -> Form:
    """The form as rules of a section that is judged in every period see it."""
    return form.below_group((PARTS, part.id))
