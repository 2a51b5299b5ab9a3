"""One difference between two results in words: what it was, what it is.

Owns the wording for every kind of item. Must not compare.
"""

import json
from collections.abc import Callable
from fractions import Fraction

from generator.engine.book import Rulebook
from generator.engine.model import Township
from generator.engine.problem import Amount, Message
from generator.review.differences import Asked, Difference, Item, Place, Replaced, What, Written
from generator.shape.form import Field, Form
from generator.words.results import plain
from generator.words.vocabulary import STATUSES


def described(found: Difference, old: Rulebook, new: Rulebook, form: Form | None = None) -> Message:
    """What appeared, vanished or changed; `old` and `new` are the rulebooks of the two sides.

    `form` names the facts of the year.
    """
    book = old if found.new is None else new
    if found.key.what is What.FACT:
        return _fact(found, form)
    if found.key.part is not None:
        period = next((p.label for p in book.above.parts if p.id == found.key.part), found.key.part)
        args = {"period": period, "difference": _WORDINGS[found.key.what](found, book)}
        return Message("{period}: {difference}", args)
    return _WORDINGS[found.key.what](found, book)


def _value(item: Item | None, book: Rulebook) -> object:
    """What an item comes to, for a sentence."""
    value = item.value if item else None
    if isinstance(value, Asked):
        return Amount(value.charged, book.wording.unit)
    if isinstance(value, Fraction):
        return Amount(value, book.wording.unit)
    if isinstance(value, Place):
        tied = Message("{rank} (tied)", {"rank": value.rank})
        return tied if value.tied else value.rank
    return Message("nothing") if value is None else str(value)


def _both(found: Difference, book: Rulebook) -> dict[str, object]:
    return {"old": _value(found.old, book), "new": _value(found.new, book)}


# --- what stands above townships ------------------------------------------------------


def _status(found: Difference, _: Rulebook) -> Message:
    old, new = (STATUSES.get(str(item.value)) if item else None for item in (found.old, found.new))
    if old is None:
        return Message("The year begins ({status}).", {"status": new})
    if new is None:
        return Message("The year is gone ({status} before).", {"status": old})
    return Message("The year was {old} and is {new}.", {"old": old, "new": new})


def _registered(found: Difference, _: Rulebook) -> Message:
    item = found.new or found.old
    assert item is not None and isinstance(item.value, Township)  # noqa: S101, PT018 - what such an item holds
    args = {"township": item.value.name}
    if found.old is None:
        return Message("{township} is assessed now.", args)
    if found.new is None:
        return Message("{township} is no longer assessed.", args)
    before = found.old.value
    if isinstance(before, Township) and before.name != item.value.name:
        return Message("{old} is called {new} now.", {"old": before.name, "new": item.value.name})
    return Message("The entry of {township} in the register was changed.", args)


def _clause(found: Difference, book: Rulebook) -> Message:
    args = {"clause": found.key.subject, **{k: _points(i, book) for k, i in _sides(found)}}
    if found.old is None:
        return Message("Clause {clause} is new ({new}).", args)
    if found.new is None:
        return Message("Clause {clause} is gone ({old} before).", args)
    if args["old"] != args["new"]:
        return Message("Clause {clause} was changed: {old} before, now {new}.", args)
    return Message("Clause {clause} was changed.", args)


def _sides(found: Difference) -> tuple[tuple[str, Item | None], ...]:
    return ("old", found.old), ("new", found.new)


def _points(item: Item | None, book: Rulebook) -> object:
    value = item.value if item else None
    return (
        Amount(value.clause.points.value, book.wording.unit) if isinstance(value, Written) else ""
    )


# --- what a township comes to ---------------------------------------------------------


def _submission(found: Difference, _: Rulebook) -> Message:
    return Message("Has reported.") if found.old is None else Message("Its report is gone.")


def _rank(found: Difference, book: Rulebook) -> Message:
    if found.old is None:
        return Message("Rank: {new}", _both(found, book))
    return Message("Rank: {old} → {new}", _both(found, book))


def _score(found: Difference, book: Rulebook) -> Message:
    if found.old is None:
        return Message("Score: {new}", _both(found, book))
    return Message("Score: {old} → {new}", _both(found, book))


def _grade(found: Difference, book: Rulebook) -> Message:
    labels = {band.id: band.label for band in book.above.bands.bands} if book.above.bands else {}
    old, new = (labels.get(str(i.value), i.value) if i else "–" for i in (found.old, found.new))
    return Message("Grade: {old} → {new}", {"old": old, "new": new})


def _payment(found: Difference, book: Rulebook) -> Message:
    payment = next((one for one in book.above.payments if one.id == found.key.subject), None)
    unit = payment.unit if payment else book.wording.unit
    label = payment.label if payment else found.key.subject
    sides = ((k, i.value if i else Fraction()) for k, i in _sides(found))
    amounts = {k: Amount(v, unit) for k, v in sides if isinstance(v, Fraction)}
    return Message("{payment}: {old} → {new}", {"payment": label, **amounts})


def _outcome(found: Difference, book: Rulebook) -> Message:
    args = {"outcome": book.outcomes.get(found.key.subject, found.key.subject)}
    return (
        Message("Now: {outcome}", args)
        if found.old is None
        else Message("No longer: {outcome}", args)
    )


# --- what it consists of --------------------------------------------------------------


def _deduction(found: Difference, book: Rulebook) -> Message:
    item = found.new or found.old
    reason = item.reason if item and item.reason else ""
    args = {"clause": found.key.clause or "", "reason": reason, **_both(found, book)}
    if found.old is None and _in_full(item):
        return Message("{clause}, newly deducted: {reason}", args)
    if found.new is None and _in_full(item):
        return Message("{clause}, no longer deducted: {reason}", args)
    if found.old is None:
        return Message("{clause}: {new} deducted. {reason}", args)
    if found.new is None:
        return Message("{clause}: {old} no longer deducted. {reason}", args)
    return Message("{clause}: {old} deducted before, now {new}. {reason}", args)


def _in_full(item: Item | None) -> bool:
    """Whether all was charged that the reason speaks of."""
    value = item.value if item else None
    return isinstance(value, Asked) and value.points == value.charged


def _award(found: Difference, book: Rulebook) -> Message:
    item = found.new or found.old
    reason = item.reason if item and item.reason else ""
    args = {"clause": found.key.clause or "", "reason": reason, **_both(found, book)}
    if found.old is None:
        return Message("{clause}: {new} added. {reason}", args)
    if found.new is None:
        return Message("{clause}: {old} no longer added. {reason}", args)
    return Message("{clause}: {old} added before, now {new}. {reason}", args)


def _adjustment(found: Difference, book: Rulebook) -> Message:
    item = found.new or found.old
    reason = item.reason if item and item.reason else found.key.subject
    args = {"reason": reason, **_both(found, book)}
    if found.old is None:
        return Message("Beside the clauses: {new}. {reason}", args)
    if found.new is None:
        return Message("Beside the clauses, no longer: {old}. {reason}", args)
    return Message("Beside the clauses: {old} before, now {new}. {reason}", args)


def _exclusion(found: Difference, book: Rulebook) -> Message:
    args: dict[str, object] = {"record": found.key.subject, "clause": found.key.clause or ""}
    if book.exclusions and book.exclusions.records in book.records:
        kind, name = book.records[book.exclusions.records], found.key.subject.rpartition(".")[2]
        args["record"] = Message("{label} {name}", {"label": kind.name, "name": name})
    grounds = book.exclusions.grounds if book.exclusions else {}
    for side, item in _sides(found):
        name = str(item.value) if item else ""
        args[side] = grounds[name].label if name in grounds else name
    if found.old is None:
        return Message("{record} is not counted now ({clause}: {new}).", args)
    if found.new is None:
        return Message("{record} is counted now, and was not ({clause}: {old}).", args)
    return Message("{record} is not counted on another ground: {old} → {new}.", args)


def _fact(found: Difference, form: Form | None) -> Message:
    named = form.at(form.path_of(found.key.subject)) if form else None
    args: dict[str, object] = {"fact": found.key.subject}
    if named is not None:
        args["fact"] = Message(
            "{label} ({address})", {"label": named.label, "address": args["fact"]}
        )
    for side, item in _sides(found):
        if item is not None and isinstance(item.value, Replaced):
            args |= {
                side: _written(item.value.value, named),
                "reported": _written(item.value.reported, named),
                "reason": item.value.reason,
                "document": item.value.document,
            }
    if found.old is None:
        return Message(
            "{fact}: {reported} reported; the office has {new}. {reason} ({document})", args
        )
    if found.new is None:
        return Message("{fact}: {reported} stands as reported; the office had {old}.", args)
    return Message(
        "{fact}: {reported} reported; the office had {old} and has {new}. {reason} ({document})",
        args,
    )


def _written(value: object, named: Field | None) -> object:
    """A fact in a sentence: what is more than one value as in JSON."""
    if value is None:
        return Message("nothing")
    if isinstance(value, bool):
        return Message("yes") if value else Message("no")
    found = plain(value)
    if named is not None and isinstance(found, str) and found in named.values:
        return named.values[found]
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


_WORDINGS: dict[What, Callable[[Difference, Rulebook], Message]] = {
    What.STATUS: _status,
    What.TOWNSHIP: _registered,
    What.CLAUSE: _clause,
    What.SUBMISSION: _submission,
    What.RANK: _rank,
    What.SCORE: _score,
    What.GRADE: _grade,
    What.PAYMENT: _payment,
    What.OUTCOME: _outcome,
    What.DEDUCTION: _deduction,
    What.AWARD: _award,
    What.ADJUSTMENT: _adjustment,
    What.EXCLUSION: _exclusion,
}
