"""What two revisions differ in, as text, as Markdown for a review, as notices beside files.

Owns how a difference is laid out; its sentences are `difference`'s. Must not compare or judge.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from generator.engine.book import Rulebook
from generator.engine.problem import Location, Text
from generator.engine.result import Standing, YearResult
from generator.review.diff import Caused, Diff, Share, TownshipDiff, YearDiff
from generator.review.differences import Difference, What
from generator.review.swapping import Causes
from generator.words.counted import signed
from generator.words.difference import described
from generator.words.escape import escape
from generator.words.messages import Catalogue
from generator.words.report import Style, github, in_unit, plain, printable
from generator.words.vocabulary import CAUSES

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
    return " → ".join(_rank(standing, catalogue) for standing in (one.old, one.new))


def scores_moved(one: TownshipDiff, year: YearDiff, catalogue: Catalogue) -> str:
    """The score on both sides, and by how much it moved."""
    unit = _books(year)[1].wording.unit
    old, new = (_score(standing) for standing in (one.old, one.new))
    if old == new:
        return in_unit(new, unit, catalogue) if new is not None else ""
    written = ["–" if s is None else in_unit(s, unit, catalogue) for s in (old, new)]
    if old is None or new is None:
        return " → ".join(written)
    args = {"old": written[0], "new": written[1], "points": signed(one.points)}
    return catalogue._("{old} → {new} ({points})", **args)


def _score(standing: Standing | None) -> Fraction | None:
    return standing.scorecard.score if standing and standing.scorecard else None


def ranks_moved(one: TownshipDiff, catalogue: Catalogue) -> str:
    """The rank on both sides; empty where it has none."""
    old, new = (_rank(standing, catalogue) for standing in (one.old, one.new))
    if old == new:
        return catalogue._("rank {rank} as before", rank=new) if one.new and one.new.rank else ""
    return catalogue._("rank {old} → {new}", old=old, new=new)


def _rank(standing: Standing | None, catalogue: Catalogue) -> str:
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
            score = _score(standing)
            if score is None:
                told.append(catalogue._("cannot be judged"))
            else:
                rank = catalogue._("rank {rank}", rank=_rank(standing, catalogue))
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
        assessed[:1].upper() + assessed[1:],
        _("Score"),
        _("Rank"),
        _("Outcome"),
        _("Because of"),
    ]
    rows = [_row(_cells(township, year, catalogue)) for township in _moved(year)]
    if rows:
        yield from (_row(heads), "|" + "---|" * len(heads), *rows, "")
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
    ranks = [_rank(standing, catalogue) for standing in (one.old, one.new)]
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


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"
