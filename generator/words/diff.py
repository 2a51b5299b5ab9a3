"""What two revisions differ in, and which commits moved scores: as text, Markdown and plain data.

Owns the wording of every kind of item (`schema/diff.schema.json`, `schema/history.schema.json`).
Amounts are strings.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import Any

from generator.engine.book import Payment, Rulebook
from generator.engine.difference import (
    Claim,
    Difference,
    Item,
    ItemKey,
    Rank,
    Replaced,
    Value,
    What,
    Written,
)
from generator.engine.measures import exact
from generator.engine.problem import Amount, Location, Message, Text
from generator.engine.year import Standing, Township
from generator.reading.files import Kind
from generator.review.diff import (
    Brought,
    Caused,
    Causes,
    Diff,
    History,
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
from generator.words.results import plain_value, standing_object


def described(
    difference: Difference, old: Rulebook, new: Rulebook, form: Form | None = None
) -> Message:
    """What appeared, vanished or changed; `old` and `new` are the rulebooks of the two sides.

    `form` names the facts of the year.
    """
    key, item = difference.key, difference.new or difference.old
    book = old if difference.new is None else new
    field = form.at(form.path_of(key.subject)) if form and key.what is What.FACT else None
    reason = item.reason if item else None
    args = {
        "clause": key.clause or "",
        "reason": reason or (key.subject if key.what is What.ADJUSTMENT else ""),
        "old": _value(difference.old, key, book, field),
        "new": _value(difference.new, key, book, field),
    }
    name = "record" if key.what is What.EXCLUSION else key.what.value
    args[name] = _subject(key, item, book, field)
    if item and isinstance(item.value, Replaced):
        args["reported"] = _written(item.value.reported, field)
        args["reason"], args["document"] = item.value.reason, item.value.document
    message = _wording(difference).about(args)
    if key.part is None or key.what is What.FACT:
        return message
    period = next((part.label for part in book.above.parts if part.id == key.part), key.part)
    return Message("{period}: {difference}", {"period": period, "difference": message})


def _subject(key: ItemKey, item: Item | None, book: Rulebook, field: Field | None) -> object:
    """What the sentence is about."""
    match key.what:
        case What.STATUS | What.TOWNSHIP:
            return _value(item, key, book, field)
        case What.PAYMENT if payment := _payment(key, book):
            return payment.label
        case What.OUTCOME:
            return book.outcomes.get(key.subject, key.subject)
        case What.EXCLUSION if book.exclusions and book.exclusions.records in book.records:
            record = {
                "label": book.records[book.exclusions.records].name,
                "name": key.subject.rpartition(".")[2],
            }
            return Message("{label} {name}", record)
        case What.FACT if field:
            return Message("{label} ({address})", {"label": field.label, "address": key.subject})
    return key.subject


def _value(item: Item | None, key: ItemKey, book: Rulebook, field: Field | None) -> object:
    """What an item comes to, for a sentence."""
    payment = _payment(key, book)
    unit = payment.unit if payment else book.wording.unit
    match item.value if item else None:
        case Claim(charged=points) | (Fraction() as points):
            return Amount(points, unit)
        case Written(clause=clause):
            return Amount(clause.points.value, unit)
        case Rank(rank=rank, tied=tied):
            return Message("{rank} (tied)", {"rank": rank}) if tied else rank
        case Township(name=name):
            return name
        case Replaced(value=value):
            return _written(value, field)
        case None if key.what is What.PAYMENT:
            return Amount(Fraction(), unit)
        case None:
            return "–" if key.what is What.GRADE else Message("nothing")
        case code:
            return _labels(key.what, book).get(str(code), str(code))


def _labels(what: What, book: Rulebook) -> Mapping[str, object]:
    """What the codes are called that items of a kind come to."""
    if what is What.STATUS:
        return STATUSES
    if what is What.GRADE and book.above.bands:
        return {band.id: band.label for band in book.above.bands.bands}
    if what is What.EXCLUSION and book.exclusions:
        return {name: ground.label for name, ground in book.exclusions.grounds.items()}
    return {}


def _payment(key: ItemKey, book: Rulebook) -> Payment | None:
    payments = book.above.payments if key.what is What.PAYMENT else ()
    return next((payment for payment in payments if payment.id == key.subject), None)


def _written(value: object, field: Field | None) -> object:
    """A fact in a sentence: what is more than one value as in JSON."""
    if value is None:
        return Message("nothing")
    if isinstance(value, bool):
        return Message("yes") if value else Message("no")
    plain = plain_value(value)
    if not isinstance(plain, str):
        return json.dumps(plain, ensure_ascii=False)
    return field.values.get(plain, plain) if field else plain


def _wording(difference: Difference) -> Message:
    """The sentence for a difference, its places still empty."""
    old, new = (item.value if item else None for item in (difference.old, difference.new))
    appeared, vanished, changed = _WORDINGS[difference.key.what]
    if difference.key.what is What.DEDUCTION:
        if isinstance(new, Claim) and new.points == new.charged:
            appeared = Message("{clause}, newly deducted: {reason}")
        if isinstance(old, Claim) and old.points == old.charged:
            vanished = Message("{clause}, no longer deducted: {reason}")
    if difference.key.what is What.STATUS and "open" in (old, new):
        changed = _REOPENED if new == "open" else _OPENED
    if isinstance(old, Township) and isinstance(new, Township) and old.name != new.name:
        changed = Message("{old} is called {new} now.")
    points = [side.clause.points.value for side in (old, new) if isinstance(side, Written)]
    if points and points[0] == points[-1]:
        changed = Message("Clause {clause} was changed.")
    return {"appeared": appeared, "vanished": vanished, "changed": changed}[difference.how]


_REOPENED = Message(
    "The year was {old} and is {new}: its scores, ranks and lists are taken off the public pages, "
    "which only say who has reported."
)
_OPENED = Message("The year was {old} and is {new}: its scores, ranks and lists become public.")

_WORDINGS: dict[What, tuple[Message, ...]] = {
    What.STATUS: (
        Message("The year begins ({status})."),
        Message("The year is gone ({status} before)."),
        Message("The year was {old} and is {new}."),
    ),
    What.TOWNSHIP: (
        Message("{township} is assessed now."),
        Message("{township} is no longer assessed."),
        Message("The entry of {township} in the register was changed."),
    ),
    What.CLAUSE: (
        Message("Clause {clause} is new ({new})."),
        Message("Clause {clause} is gone ({old} before)."),
        Message("Clause {clause} was changed: {old} before, now {new}."),
    ),
    What.SUBMISSION: (
        Message("Has reported."),
        *[
            Message(
                "No longer counts as having reported (the file is gone, or the hand-in was taken "
                "back), and public pages say so."
            )
        ]
        * 2,
    ),
    What.RANK: (Message("Rank: {new}"), *[Message("Rank: {old} → {new}")] * 2),
    What.SCORE: (Message("Score: {new}"), *[Message("Score: {old} → {new}")] * 2),
    What.GRADE: (Message("Grade: {old} → {new}"),) * 3,
    What.PAYMENT: (Message("{payment}: {old} → {new}"),) * 3,
    What.OUTCOME: (Message("Now: {outcome}"), *[Message("No longer: {outcome}")] * 2),
    What.DEDUCTION: (
        Message("{clause}: {new} deducted. {reason}"),
        Message("{clause}: {old} no longer deducted. {reason}"),
        Message("{clause}: {old} deducted before, now {new}. {reason}"),
    ),
    What.AWARD: (
        Message("{clause}: {new} added. {reason}"),
        Message("{clause}: {old} no longer added. {reason}"),
        Message("{clause}: {old} added before, now {new}. {reason}"),
    ),
    What.ADJUSTMENT: (
        Message("Beside the clauses: {new}. {reason}"),
        Message("Beside the clauses, no longer: {old}. {reason}"),
        Message("Beside the clauses: {old} before, now {new}. {reason}"),
    ),
    What.EXCLUSION: (
        Message("{record} is not counted now ({clause}: {new})."),
        Message("{record} is counted now, and was not ({clause}: {old})."),
        Message("{record} is not counted on another ground: {old} → {new}."),
    ),
    What.FACT: (
        Message("{fact}: {reported} reported; the office has {new}. {reason} ({document})"),
        Message("{fact}: {reported} stands as reported; the office had {old}."),
        Message(
            "{fact}: {reported} reported; the office had {old} and has {new}. {reason} ({document})"
        ),
    ),
}
"""What is said of each kind where it appeared, where it vanished, where it changed."""


_SIGNS = {"appeared": "+", "vanished": "−", "changed": "~"}
_MANY = 12
"""So many townships are named whose rank alone moved."""
_IN_HEAD = (What.RANK, What.SCORE)


def diff_text(diff: Diff, catalogue: Catalogue, style: Style = plain) -> str:
    """Year by year and township by township, by effect on the rank."""
    lines: list[str] = []
    for year in diff.years:
        lines += ["", style(printable(_title(year, catalogue)), "strong")]
        for change in year.general:
            lines += _line(change, year, catalogue, style, "  ")
        for township in _moved(year):
            lines += ["  " + style(printable(_moves(township, year, catalogue)), "strong")]
            lines += (f"      {printable(step)}" for step in _steps(township, year, catalogue))
            for change in township.found:
                if change.difference.key.what not in _IN_HEAD:
                    others = township.by_others
                    lines += _line(change, year, catalogue, style, "    ", others=others)
        lines += [f"  {printable(line)}" for line in _shifted(year, catalogue)]
    return "\n".join(lines[1:])


def diff_markdown(diff: Diff, catalogue: Catalogue) -> str:
    """The same for a review: a table of who moved, then what brought it about."""
    return "\n".join(line for year in diff.years for line in _markdown(year, catalogue)).strip()


def diff_notices(diff: Diff, catalogue: Catalogue) -> str:
    """A notice for every difference that stands somewhere, as GitHub shows them beside a file."""
    lines = []
    for year in diff.years:
        for township in year.townships:
            moves = _moves(township, year, catalogue)
            for change in township.found:
                if places := _places(change.difference):
                    text = f"{moves}; {sentence(change, year, catalogue)}"
                    lines.append(github("notice", places[0], "diff", text))
    return "\n".join(lines)


# --- lines ----------------------------------------------------------------------------


def _title(year: YearDiff, catalogue: Catalogue) -> str:
    old, new = (book.version for book in year.books)
    if old == new:
        return catalogue._("{year}: changes in results", year=year.year)
    return catalogue._(
        "{year}: changes in results (rulebook version {old} → {new})",
        year=year.year,
        old=old,
        new=new,
    )


def _moves(township: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """Who moved from which score and rank to which."""
    return catalogue._(
        "{township}: {moved}",
        township=township.township.name,
        moved=_scores_and_ranks(township, year, catalogue),
    )


def _scores_and_ranks(
    township: TownshipDiff, year: YearDiff, catalogue: Catalogue
) -> tuple[str, ...]:
    old, new = (_placed(standing, catalogue) for standing in (township.old, township.new))
    ranks = catalogue._("rank {old} → {new}", old=old, new=new)
    if old == new:
        ranked = township.new and township.new.rank
        ranks = catalogue._("rank {rank} as before", rank=new) if ranked else ""
    return tuple(filter(None, (_scores(township, year, catalogue), ranks)))


def _moved(year: YearDiff) -> list[TownshipDiff]:
    """Those with more to tell than that others passed them."""
    return [township for township in year.townships if not _passed(township)]


def _passed(township: TownshipDiff) -> bool:
    """Whether nothing of its own is different, only its rank."""
    return all(change.difference.key.what is What.RANK for change in township.found)


def _shifted(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """The others, whose rank alone moved, in one line."""
    passed = [township for township in year.townships if _passed(township)]
    if not passed:
        return
    names = []
    for township in passed[:_MANY]:
        ranks = (_placed(side, catalogue) for side in (township.old, township.new))
        names.append(f"{catalogue.text(township.township.name)} {' → '.join(ranks)}")
    more = catalogue._(" and {count} more", count=len(passed) - _MANY)
    yield catalogue._(
        "Only the rank moved, because others moved: {townships}{more}",
        townships=tuple(names),
        more=more if len(passed) > _MANY else "",
    )


def _scores(township: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """The score on both sides, and by how much it moved."""
    unit = year.books[1].wording.unit
    old, new = (_score_of(standing) for standing in (township.old, township.new))
    if old == new:
        return in_unit(new, unit, catalogue) if new is not None else ""
    written = ["–" if s is None else in_unit(s, unit, catalogue) for s in (old, new)]
    if old is None or new is None:
        return " → ".join(written)
    args = {"old": written[0], "new": written[1], "points": signed(township.points)}
    return catalogue._("{old} → {new} ({points})", **args)


def _score_of(standing: Standing | None) -> Fraction | None:
    return standing.scorecard.score if standing and standing.scorecard else None


def _placed(standing: Standing | None, catalogue: Catalogue) -> str:
    if standing is None or standing.rank is None:
        return "–"
    return f"{standing.rank}" + (catalogue._(" (tied)") if standing.tied else "")


def _steps(township: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """What each input brought about, where several moved the score; and each kind alone."""
    if len(township.shares) > 1:
        shares = []
        for share in township.shares:
            moved = []
            if share.old_score != share.new_score:
                moved.append(signed(share.points))
            old, new = share.old_rank, share.new_rank
            if old != new:
                moved.append(catalogue._("rank {old} → {new}", old=old or "–", new=new or "–"))
            shares.append(f"{because(share.causes, catalogue)} {' '.join(moved)}")
        yield catalogue._("of which: {shares}", shares=tuple(shares))
    if township.alone is not None:
        unit = year.books[1].wording.unit
        alone = []
        for standing in (township.alone.rules, township.alone.data):
            score = _score_of(standing)
            if score is None:
                alone.append(catalogue._("cannot be judged"))
            else:
                rank = catalogue._("rank {rank}", rank=_placed(standing, catalogue))
                alone.append(f"{in_unit(score, unit, catalogue)} {rank}")
        yield catalogue._(
            "with only the rules changed: {rules}; with only the data changed: {data}",
            rules=alone[0],
            data=alone[1],
        )


def because(causes: Causes, catalogue: Catalogue, *, others: bool = False) -> str:
    """The inputs that moved something, by name; `others`: those of other townships."""
    names = catalogue.listed(CAUSES[cause] for cause in causes)
    return catalogue._("others' {causes}", causes=names) if others else names


def _line(
    change: Caused,
    year: YearDiff,
    catalogue: Catalogue,
    style: Style,
    indent: str,
    *,
    others: bool = False,
) -> Iterator[str]:
    difference = change.difference
    text = printable(sentence(change, year, catalogue, others=others))
    yield f"{indent}{style(_SIGNS[difference.how], 'code')} {text}"
    for place in _places(difference):
        yield style(f"{indent}    {printable(f'{place.path}:{place.line}')}", "faint")


def sentence(change: Caused, year: YearDiff, catalogue: Catalogue, *, others: bool = False) -> str:
    """The difference as a sentence, with what brought it about."""
    message = described(change.difference, *year.books, year.form)
    key = change.difference.key
    if key.what is What.TOWNSHIP and change.difference.new is None and key.subject in year.heirs:
        heirs = tuple(heir.name for heir in year.heirs[key.subject])
        message = Message(
            "{township} is no longer assessed; {heirs} carries on for it.",
            {**message.args, "heirs": heirs},
        )
    causes = tuple(because(each, catalogue, others=others) for each in change.causes if each)
    if not causes:
        return catalogue.render(message)
    return catalogue._("{difference} [{causes}]", difference=message, causes=causes)


def _places(difference: Difference) -> list[Location]:
    """Where it stands: now, and before if that is another line."""
    places = [item.place for item in (difference.new, difference.old) if item and item.place]
    return list({(place.path, place.line): place for place in places}.values())


# --- Markdown -------------------------------------------------------------------------


def _markdown(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    _, assessed = catalogue._, catalogue.text(year.books[1].wording.assessed)
    yield from (f"### {escape(_title(year, catalogue))}", "")
    for change in year.general:
        yield f"- {escape(sentence(change, year, catalogue))}"
    if year.general:
        yield ""
    if not year.townships:
        yield from (escape(_("No score, rank or list is different.")), "")
        return
    heads = [heading(assessed), _("Score"), _("Rank"), _("Outcome"), _("Because of")]
    rows = [_cells(township, year, catalogue) for township in _moved(year)]
    if rows:
        yield from (*markdown_table([heads, *rows]), "")
    yield from (f"{escape(line)}\n" for line in _shifted(year, catalogue))
    for township in year.townships:
        lines = list(_steps(township, year, catalogue))
        lines += (
            sentence(change, year, catalogue)
            for change in township.found
            if change.difference.key.what not in (*_IN_HEAD, What.OUTCOME, What.SUBMISSION)
        )
        if lines:
            yield from (f"**{escape(catalogue.text(township.township.name))}**", "")
            yield from (f"- {escape(line)}" for line in lines)
            yield ""


def _cells(township: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> list[str]:
    old, new = (_placed(standing, catalogue) for standing in (township.old, township.new))
    return [
        catalogue.text(township.township.name),
        _scores(township, year, catalogue),
        new if old == new else f"{old} → {new}",
        " ".join(_followed(township, year, catalogue)) or "–",
        catalogue.listed(_causes(township, catalogue)),
    ]


def _causes(township: TownshipDiff, catalogue: Catalogue) -> tuple[str, ...]:
    """What brought all of it about, each once, in order."""
    causes = dict.fromkeys(causes for change in township.found for causes in change.causes)
    return tuple(because(each, catalogue, others=township.by_others) for each in causes)


def _followed(township: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """Whether it has reported, and what follows from its place now and no longer."""
    outcomes: dict[str, list[Text | str]] = {"appeared": [], "vanished": []}
    for difference in (change.difference for change in township.found):
        if difference.key.what is What.SUBMISSION:
            yield catalogue.render(described(difference, *year.books))
        if difference.key.what is What.OUTCOME:
            labels = year.books[difference.new is not None].outcomes
            outcome = difference.key.subject
            outcomes[difference.how].append(labels.get(outcome, outcome))
    if outcomes["appeared"]:
        yield catalogue._("Now: {outcome}", outcome=tuple(outcomes["appeared"]))
    if outcomes["vanished"]:
        yield catalogue._("No longer: {outcome}", outcome=tuple(outcomes["vanished"]))


FORMAT = 1


def diff_object(diff: Diff, old: str, new: str | None) -> dict[str, Any]:
    """Everything that differs; `new` is None for the working tree."""
    years = [year_object(year) for year in diff.years]
    return {"format": FORMAT, "old": old, "new": new, "years": years}


def year_object(year: YearDiff) -> dict[str, Any]:
    """One year of it."""
    return {
        "year": year.year,
        "changes": [_change_object(change) for change in year.general],
        "townships": [_township_object(township) for township in year.townships],
    }


def _township_object(township: TownshipDiff) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": township.township.id,
        "old": standing_object(township.old),
        "new": standing_object(township.new),
        "shares": [
            {
                "causes": [cause.value for cause in share.causes],
                "points": exact(share.points),
                "old_rank": share.old_rank,
                "new_rank": share.new_rank,
            }
            for share in township.shares
        ],
        "changes": [_change_object(change) for change in township.found],
    }
    if township.alone is not None:
        row["rules_alone"] = standing_object(township.alone.rules)
        row["data_alone"] = standing_object(township.alone.data)
    return row


def _change_object(change: Caused) -> dict[str, Any]:
    key, difference = change.difference.key, change.difference
    row: dict[str, Any] = {"kind": f"{key.what}-{difference.how}", "subject": key.subject}
    row |= {} if key.part is None else {"period": key.part}
    row |= {} if key.clause is None else {"clause": key.clause}
    row |= {"records": list(key.records)} if key.records else {}
    row["old"], row["new"] = _item_object(difference.old), _item_object(difference.new)
    row["causes"] = [[cause.value for cause in causes] for causes in change.causes]
    return row


def _item_object(item: Item | None) -> dict[str, Any] | None:
    if item is None:
        return None
    row = {"value": _value_object(item.value)}
    if item.place is not None:
        row["path"], row["line"] = item.place.path, item.place.line
    return row


def _value_object(value: Value) -> Any:
    match value:
        case Claim():
            return {"points": exact(value.points), "charged": exact(value.charged)}
        case Rank():
            return {"rank": value.rank, "tied": value.tied}
        case Written(clause=clause):
            return {"points": exact(clause.points.value), "text": clause.text}
        case Replaced():
            sides = {"reported": plain_value(value.reported), "value": plain_value(value.value)}
            return sides | {"reason": value.reason, "document": value.document}
        case Township():
            return {"id": value.id, "kind": value.kind, "group": value.group}
        case Fraction():
            return exact(value)
    return value


_BROUGHT = {
    Kind.REPORT: (Message("report of {unit}"), Message("{count} reports")),
    Kind.INSPECTION: (Message("inspection of {unit}"), Message("{count} entries of inspections")),
    Kind.OBJECTION: (Message("objection of {unit}"), Message("{count} objections")),
    Kind.CORRECTION: (Message("correction about {unit}"), Message("{count} corrections")),
}
"""What a change brought, one of a kind and several."""


Names = Mapping[str, Text]
"""What units are called, by id."""


def summary(papers: Sequence[Brought], names: Names, catalogue: Catalogue) -> str:
    """What a change brought, in a line; nothing where it brought no document."""
    said = []
    for kind, same in groupby(papers, key=lambda paper: paper.kind):
        own, (single, several) = list(same), _BROUGHT[kind]
        if len({paper.unit for paper in own}) > 1:
            said.append(several.about({"count": len(own)}))
        else:
            said.append(single.about({"unit": names.get(own[0].unit, own[0].unit)}))
    return _begun(catalogue.listed(said))


def paper_line(paper: Brought, names: Names, catalogue: Catalogue) -> str:
    """A document that a change brought: what it is, why, by which number and on which day."""
    what = _BROUGHT[paper.kind][0].about({"unit": names.get(paper.unit, paper.unit)})
    if not paper.reason:
        return _begun(catalogue.render(what))
    args = {"what": what, "reason": paper.reason, "document": paper.document, "day": paper.day}
    message = Message("{what}: {reason} ({document}, {day})")
    if not paper.document:
        message = Message("{what}: {reason} ({day})")
    return _begun(catalogue.render(message.about(args)))


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


SHORT = 9
"""So many characters of a commit's id tell it apart."""

_NAMED = 10
"""So many townships of a commit are named one by one."""

CUT = Message(
    "This clone holds only the newest commits; «git fetch --unshallow» brings the older ones."
)


def history_text(history: History, catalogue: Catalogue, style: Style = plain) -> str:
    """Newest first: when, who, why; then whose score and rank moved, and because of what."""
    lines: list[str] = []
    for entry in history.entries:
        for commit in entry.commits:
            day, author = commit.day[:10], commit.author
            text = f"{day} {commit.id[:SHORT]} {author}  {commit.subject}"
            lines.append(style(printable(text), "strong"))
        for year in entry.diff.years:
            lines += _papers(entry.papers, year, catalogue)
            lines += _year(year, catalogue)
        lines.append("")
    if history.cut:
        lines.append(catalogue.render(CUT))
    elif not history.entries:
        lines.append(catalogue._("No commit has moved a score yet."))
    return "\n".join(lines).rstrip("\n")


def _papers(papers: Iterable[Brought], year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """The documents that a year got, those that give a reason."""
    own = [paper for paper in papers if paper.year == year.year and paper.reason]
    for paper in own[:_NAMED]:
        yield f"  {printable(paper_line(paper, names_in(year), catalogue))}"


def names_in(year: YearDiff) -> Names:
    """What the units of a year are called."""
    results = (result for result in (year.old, year.new) if result)
    return {unit.id: unit.name for result in results for unit in result.inputs.townships}


def _year(year: YearDiff, catalogue: Catalogue) -> Iterator[str]:
    """Whose score and rank moved from what to what, and because of what."""
    moved = _moved(year)
    yield f"  {year.year}"
    for township in moved[:_NAMED]:
        line = catalogue._(
            "{township}: {moved} [{causes}]",
            township=township.township.name,
            moved=_scores_and_ranks(township, year, catalogue),
            causes=_causes(township, catalogue),
        )
        yield f"    {printable(line)}"
    if len(moved) > _NAMED:
        yield "    " + catalogue._("and {count} more", count=len(moved) - _NAMED)
    if passed := len(year.townships) - len(moved):
        yield "    " + catalogue._("ranks moved by others: {count}", count=passed)


def history_object(history: History) -> dict[str, Any]:
    """The same as data (`schema/history.schema.json`)."""
    commits = []
    for entry in history.entries:
        newest, *rest = (
            {"id": c.id, "date": c.day, "author": c.author, "subject": c.subject}
            for c in entry.commits
        )
        together = {"together_with": rest} if rest else {}
        years = [year_object(year) for year in entry.diff.years]
        commits.append({**newest, **together, "years": years})
    return {"format": FORMAT, "complete": not history.cut, "commits": commits}
