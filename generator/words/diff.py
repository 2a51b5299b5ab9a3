"""What two revisions differ in, and which commits moved scores: as text, Markdown and plain data.

Owns the wording of every kind of item (`schema/diff.schema.json`, `schema/history.schema.json`).
Amounts are strings.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.difference import (
    Claim,
    Difference,
    Item,
    Rank,
    Replaced,
    Value,
    What,
    Written,
)
from generator.engine.measures import exact
from generator.engine.problem import Amount, Location, Message, Text
from generator.engine.year import Standing, Township, YearResult
from generator.reading.git import Commit
from generator.review.diff import (
    Caused,
    Causes,
    Diff,
    Entry,
    History,
    Share,
    TownshipDiff,
    YearDiff,
)
from generator.shape.form import Field, Form
from generator.words.messages import (
    CAUSES,
    STATUSES,
    Catalogue,
    Style,
    escape,
    github,
    heading,
    in_unit,
    markdown_table,
    plain,
    printable,
    signed,
)
from generator.words.results import plain_value


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
    if isinstance(value, Claim):
        return Amount(value.charged, book.wording.unit)
    if isinstance(value, Fraction):
        return Amount(value, book.wording.unit)
    if isinstance(value, Rank):
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
    return isinstance(value, Claim) and value.points == value.charged


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
    found = plain_value(value)
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


_SIGNS = {"appeared": "+", "vanished": "−", "changed": "~"}
_MANY = 12
"""So many townships are named whose rank alone moved."""
_IN_HEAD = (What.RANK, What.SCORE)


def diff_text(found: Diff, catalogue: Catalogue, style: Style = plain) -> str:
    """Year by year and township by township, by effect on the rank."""
    lines: list[str] = []
    for year in found.years:
        lines += ["", style(printable(_title(year, catalogue)), "strong")]
        for one in year.general:
            lines += _line(one, year, catalogue, style, "  ")
        for township in _moved(year):
            lines += ["  " + style(printable(_head(township, year, catalogue)), "strong")]
            for told in _steps(township, year, catalogue):
                lines.append(f"      {printable(told)}")
            for one in township.found:
                if one.difference.key.what not in _IN_HEAD:
                    others = township.by_others
                    lines += _line(one, year, catalogue, style, "    ", others=others)
        lines += [f"  {printable(said)}" for said in _shifted(year, catalogue)]
    return "\n".join(lines[1:])


def diff_markdown(found: Diff, catalogue: Catalogue) -> str:
    """The same for a review: a table of who moved, then what brought it about."""
    return "\n".join(line for year in found.years for line in _markdown(year, catalogue)).strip()


def diff_notices(found: Diff, catalogue: Catalogue) -> str:
    """A notice for every difference that stands somewhere, as GitHub shows them beside a file."""
    lines = []
    for year in found.years:
        for township in year.townships:
            head = _head(township, year, catalogue)
            for one in township.found:
                place = _place(one.difference)
                if place is not None:
                    said = sentence(one, year, catalogue)
                    lines.append(github("notice", place, "diff", f"{head}; {said}"))
    return "\n".join(lines)


# --- lines ----------------------------------------------------------------------------


def _title(year: YearDiff, catalogue: Catalogue) -> str:
    books = [_book(result) for result in (year.old, year.new)]
    if books[0] and books[1] and books[0].version != books[1].version:
        args = {"old": books[0].version, "new": books[1].version}
        return catalogue._(
            "{year}: changes in results (rulebook version {old} → {new})", year=year.year, **args
        )
    return catalogue._("{year}: changes in results", year=year.year)


def _book(result: YearResult | None) -> Rulebook | None:
    return result.inputs.rulebook if result else None


def _books(year: YearDiff) -> tuple[Rulebook, Rulebook]:
    """The rulebooks of the two sides; that of the other where a side has no such year."""
    old, new = _book(year.old), _book(year.new)
    one, other = old or new, new or old
    assert one is not None and other is not None  # noqa: S101, PT018 - a year is on one side at least
    return one, other


def _head(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """Who moved from which score and rank to which."""
    name = catalogue.text(one.township.name)
    parts = filter(None, (scores_moved(one, year, catalogue), ranks_moved(one, catalogue)))
    return catalogue._("{township}: {moved}", township=name, moved=tuple(parts))


def _moved(year: YearDiff) -> list[TownshipDiff]:
    """Those with more to tell than that others passed them."""
    return [one for one in year.townships if not moved_by_others(one)]


def moved_by_others(one: TownshipDiff) -> bool:
    """Whether nothing of its own is different, only its rank."""
    return all(each.difference.key.what is What.RANK for each in one.found)


def _shifted(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """The others, whose rank alone moved, in one line."""
    those = [one for one in year.townships if moved_by_others(one)]
    if those:
        told = tuple(
            f"{catalogue.text(one.township.name)} {_arrow(one, catalogue)}" for one in those[:_MANY]
        )
        more = catalogue._(" and {count} more", count=len(those) - _MANY)
        yield catalogue._(
            "Only the rank moved, because others moved: {townships}{more}",
            townships=told,
            more=more if len(those) > _MANY else "",
        )


def _arrow(one: TownshipDiff, catalogue: Catalogue) -> str:
    return " → ".join(_placed(standing, catalogue) for standing in (one.old, one.new))


def scores_moved(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """The score on both sides, and by how much it moved."""
    unit = _books(year)[1].wording.unit
    old, new = (_score_of(standing) for standing in (one.old, one.new))
    if old == new:
        return in_unit(new, unit, catalogue) if new is not None else ""
    written = ["–" if s is None else in_unit(s, unit, catalogue) for s in (old, new)]
    if old is None or new is None:
        return " → ".join(written)
    args = {"old": written[0], "new": written[1], "points": signed(one.points)}
    return catalogue._("{old} → {new} ({points})", **args)


def _score_of(standing: Standing | None) -> Fraction | None:
    return standing.scorecard.score if standing and standing.scorecard else None


def ranks_moved(one: TownshipDiff, catalogue: Catalogue) -> str:
    """The rank on both sides; empty where it has none."""
    old, new = (_placed(standing, catalogue) for standing in (one.old, one.new))
    if old == new:
        return catalogue._("rank {rank} as before", rank=new) if one.new and one.new.rank else ""
    return catalogue._("rank {old} → {new}", old=old, new=new)


def _placed(standing: Standing | None, catalogue: Catalogue) -> str:
    if standing is None or standing.rank is None:
        return "–"
    return f"{standing.rank}" + (catalogue._(" (tied)") if standing.tied else "")


def _steps(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """What each input brought about, where several moved the score; and each kind alone."""
    if len(one.shares) > 1:
        yield catalogue._(
            "of which: {shares}", shares=tuple(_share(share, catalogue) for share in one.shares)
        )
    if one.alone is not None:
        unit = _books(year)[1].wording.unit
        told = []
        for standing in (one.alone.rules, one.alone.data):
            score = _score_of(standing)
            if score is None:
                told.append(catalogue._("cannot be judged"))
            else:
                rank = catalogue._("rank {rank}", rank=_placed(standing, catalogue))
                told.append(f"{in_unit(score, unit, catalogue)} {rank}")
        yield catalogue._(
            "with only the rules changed: {rules}; with only the data changed: {data}",
            rules=told[0],
            data=told[1],
        )


def _share(share: Share, catalogue: Catalogue) -> str:
    moved = []
    if share.old_score != share.new_score:
        moved.append(signed(share.points))
    if share.old_rank != share.new_rank:
        moved.append(
            catalogue._("rank {old} → {new}", old=share.old_rank or "–", new=share.new_rank or "–")
        )
    return f"{because(share.causes, catalogue)} {' '.join(moved)}"


def because(causes: Causes, catalogue: Catalogue, *, others: bool = False) -> str:
    """The inputs that moved something, by name; `others`: those of other townships."""
    named = catalogue.listed(CAUSES[cause] for cause in causes)
    return catalogue._("others' {causes}", causes=named) if others else named


def _line(
    one: Caused,
    year: YearDiff,
    catalogue: Catalogue,
    style: Style,
    indent: str,
    *,
    others: bool = False,
) -> Iterator[str]:
    found = one.difference
    said = printable(sentence(one, year, catalogue, others=others))
    yield f"{indent}{style(_SIGNS[found.how], 'code')} {said}"
    for place in _places(found):
        yield style(f"{indent}    {printable(f'{place.path}:{place.line}')}", "faint")


def sentence(one: Caused, year: YearDiff, catalogue: Catalogue, *, others: bool = False) -> str:
    """The difference as a sentence, with what brought it about."""
    causes = tuple(because(those, catalogue, others=others) for those in one.causes if those)
    message = described(one.difference, *_books(year), year.form)
    if not causes:
        return catalogue.render(message)
    return catalogue._("{difference} [{causes}]", difference=message, causes=causes)


def _places(found: Difference) -> list[Location]:
    """Where it stands: now, and before if that is another line."""
    both = [item.place for item in (found.new, found.old) if item and item.place]
    return list({(place.path, place.line): place for place in both}.values())


def _place(found: Difference) -> Location | None:
    return next(iter(_places(found)), None)


# --- Markdown -------------------------------------------------------------------------


def _markdown(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    _, books = catalogue._, _books(year)
    yield from (f"### {escape(_title(year, catalogue))}", "")
    for one in year.general:
        yield f"- {escape(sentence(one, year, catalogue))}"
    if year.general:
        yield ""
    if not year.townships:
        yield from (escape(_("No score, rank or list is different.")), "")
        return
    assessed = catalogue.text(books[1].wording.assessed)
    heads = [
        heading(assessed),
        _("Score"),
        _("Rank"),
        _("Outcome"),
        _("Because of"),
    ]
    rows = [_cells(township, year, catalogue) for township in _moved(year)]
    if rows:
        yield from (*markdown_table([heads, *rows]), "")
    yield from (f"{escape(said)}\n" for said in _shifted(year, catalogue))
    for township in year.townships:
        told = [one for one in township.found if one.difference.key.what not in _TOLD]
        lines = [*_steps(township, year, catalogue), *(sentence(o, year, catalogue) for o in told)]
        if lines:
            yield from (f"**{escape(catalogue.text(township.township.name))}**", "")
            yield from (f"- {escape(line)}" for line in lines)
            yield ""


_TOLD = (*_IN_HEAD, What.OUTCOME, What.SUBMISSION)


def _cells(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> list[str]:
    causes = {causes: None for each in one.found for causes in each.causes}
    ranks = [_placed(standing, catalogue) for standing in (one.old, one.new)]
    return [
        catalogue.text(one.township.name),
        scores_moved(one, year, catalogue),
        ranks[1] if ranks[0] == ranks[1] else " → ".join(ranks),
        " ".join(_followed(one, year, catalogue)) or "–",
        catalogue.listed(because(each, catalogue, others=one.by_others) for each in causes),
    ]


def _followed(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """Whether it has reported, and what follows from its place now and no longer."""
    outcomes: dict[str, list[Text | str]] = {"appeared": [], "vanished": []}
    for each in (caused.difference for caused in one.found):
        if each.key.what is What.SUBMISSION:
            yield catalogue.render(described(each, *_books(year)))
        if each.key.what is What.OUTCOME:
            labels = _books(year)[each.new is not None].outcomes
            outcomes[each.how].append(labels.get(each.key.subject, each.key.subject))
    if outcomes["appeared"]:
        yield catalogue._("Now: {outcome}", outcome=tuple(outcomes["appeared"]))
    if outcomes["vanished"]:
        yield catalogue._("No longer: {outcome}", outcome=tuple(outcomes["vanished"]))


FORMAT = 1


def diff_object(found: Diff, old: str, new: str | None) -> dict[str, Any]:
    """Everything that differs; `new` is None for the working tree."""
    return {
        "format": FORMAT,
        "old": old,
        "new": new,
        "years": [year_object(year) for year in found.years],
    }


def year_object(year: YearDiff) -> dict[str, Any]:
    """One year of it."""
    return {
        "year": year.year,
        "changes": [_difference_object(one) for one in year.general],
        "townships": [_township_object(one) for one in year.townships],
    }


def _township_object(one: TownshipDiff) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": one.township.id,
        "old": standing_object(one.old),
        "new": standing_object(one.new),
        "shares": [
            {
                "causes": [cause.value for cause in share.causes],
                "points": exact(share.points),
                "old_rank": share.old_rank,
                "new_rank": share.new_rank,
            }
            for share in one.shares
        ],
        "changes": [_difference_object(each) for each in one.found],
    }
    if one.alone is not None:
        row["rules_alone"] = standing_object(one.alone.rules)
        row["data_alone"] = standing_object(one.alone.data)
    return row


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


def _difference_object(one: Caused) -> dict[str, Any]:
    key = one.difference.key
    row: dict[str, Any] = {"kind": f"{key.what}-{one.difference.how}", "subject": key.subject}
    row |= {} if key.part is None else {"period": key.part}
    row |= {} if key.clause is None else {"clause": key.clause}
    row |= {"records": list(key.records)} if key.records else {}
    row["old"], row["new"] = _item_object(one.difference.old), _item_object(one.difference.new)
    row["causes"] = [[cause.value for cause in causes] for causes in one.causes]
    return row


def _item_object(item: Item | None) -> dict[str, Any] | None:
    if item is None:
        return None
    row = {"value": _value_object(item.value)}
    if item.place is not None:
        row["path"], row["line"] = item.place.path, item.place.line
    return row


def _value_object(value: Value) -> Any:
    if isinstance(value, Claim):
        return {"points": exact(value.points), "charged": exact(value.charged)}
    if isinstance(value, Rank):
        return {"rank": value.rank, "tied": value.tied}
    if isinstance(value, Written):
        return {"points": exact(value.clause.points.value), "text": value.clause.text}
    if isinstance(value, Replaced):
        sides = {"reported": plain_value(value.reported), "value": plain_value(value.value)}
        return sides | {"reason": value.reason, "document": value.document}
    if isinstance(value, Township):
        return {"id": value.id, "kind": value.kind, "group": value.group}
    return exact(value) if isinstance(value, Fraction) else value


SHORT = 9
"""So many characters of a commit's id tell it apart."""

_NAMED = 10
"""So many townships of a commit are named one by one."""


def history_text(found: History, catalogue: Catalogue, style: Style = plain) -> str:
    """Newest first: when, who, why; then whose score and rank moved, and because of what."""
    lines: list[str] = []
    for entry in found.entries:
        lines += (style(printable(commit_line(one)), "strong") for one in entry.commits)
        for year in entry.diff.years:
            lines += _year(year, catalogue)
        lines.append("")
    if found.cut:
        lines.append(catalogue.render(CUT))
    elif not found.entries:
        lines.append(catalogue._("No commit has moved a score yet."))
    return "\n".join(lines).rstrip("\n")


CUT = Message(
    "This clone holds only the newest commits; «git fetch --unshallow» brings the older ones."
)


def commit_line(commit: Commit) -> str:
    """When, by which name, by whom, and what it says of itself."""
    return f"{commit.day[:10]} {commit.id[:SHORT]} {commit.author}  {commit.subject}"


def history_object(found: History) -> dict[str, Any]:
    """The same as data (`schema/history.schema.json`)."""
    commits = [_entry(entry) for entry in found.entries]
    return {"format": FORMAT, "complete": not found.cut, "commits": commits}


def _entry(entry: Entry) -> dict[str, Any]:
    made = [
        {"id": one.id, "date": one.day, "author": one.author, "subject": one.subject}
        for one in entry.commits
    ]
    newest = made[0]
    more = {"together_with": made[1:]} if made[1:] else {}
    return newest | more | {"years": [year_object(year) for year in entry.diff.years]}


def _year(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    mine = [one for one in year.townships if not moved_by_others(one)]
    yield f"  {year.year}"
    for one in mine[:_NAMED]:
        yield f"    {printable(moved_line(one, year, catalogue))}"
    if len(mine) > _NAMED:
        yield "    " + catalogue._("and {count} more", count=len(mine) - _NAMED)
    passed = len(year.townships) - len(mine)
    if passed:
        yield "    " + catalogue._("ranks moved by others: {count}", count=passed)


def moved_line(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """Whose score and rank moved from what to what, and because of what."""
    name = catalogue.text(one.township.name)
    moved = tuple(filter(None, (scores_moved(one, year, catalogue), ranks_moved(one, catalogue))))
    others = one.by_others
    causes = tuple(because(causes, catalogue, others=others) for causes in causes_of(one))
    return catalogue._("{township}: {moved} [{causes}]", township=name, moved=moved, causes=causes)


def causes_of(one: TownshipDiff) -> Sequence[Any]:
    """What brought all of it about, each once, in order."""
    return list({causes: None for each in one.found for causes in each.causes})
