"""Why one township stands where it does against another, as text: the clauses where they differ.

Owns the wording of a comparison of two. Must not judge.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import dropwhile
from typing import NamedTuple

from generator.engine.book import Wording
from generator.engine.problem import Text
from generator.engine.result import ClauseScore, Scorecard, Standing
from generator.words.counted import signed
from generator.words.messages import Catalogue
from generator.words.report import amount, printable, table


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
    gap = upper.scorecard.score - lower.scorecard.score
    space = "" if catalogue.lang == "zh" else " "
    written = signed(gap) + space + text(unit)
    rows = list(_differences(lower.scorecard, upper.scorecard, catalogue))
    title = _("{second} against {first}: {gap}", **names, gap=written)
    if not rows:
        return title + "\n" + _("They have the same points in every clause.")
    heads = [_("Clause"), "", text(names["first"]), text(names["second"]), _("Difference")]
    reasons = _reasons(lower, upper, catalogue)
    return "\n".join([title, *table([heads, *rows], right=range(2, 5)), *reasons])


def _differences(lower: Scorecard, upper: Scorecard, catalogue: Catalogue) -> Iterator[list[str]]:
    """Every clause where two differ, by what it counts in the total; then what is beside them."""
    first, second = _by_place(lower), _by_place(upper)
    for place in first | second:
        pair = [side.get(place) for side in (first, second)]
        counted = [one.counted if one else Fraction() for one in pair]
        if counted[0] == counted[1] and None not in pair:
            continue
        clause = next(one.score.clause for one in pair if one)
        written = [amount(one.score.points) if one else "–" for one in pair]
        name = f"{catalogue.text(clause.title)} {place[0] or ''}".rstrip()
        yield [clause.id, name, *written, signed(counted[1] - counted[0])]
    for name, one, other in _totals(lower, upper, catalogue):
        if one != other:
            yield ["", name, amount(one), amount(other), signed(other - one)]


def _totals(
    lower: Scorecard, upper: Scorecard, catalogue: Catalogue
) -> Iterator[tuple[str, Fraction, Fraction]]:
    """What both have beside the sections: what conversion makes of them stands by itself."""
    _ = catalogue._
    yield _("Added or taken"), lower.beside, upper.beside
    for name, converts in ((_("By conversion"), True), (_("After conversion"), False)):
        one, other = (_afterwards(card, converts=converts) for card in (lower, upper))
        yield name, one, other


def _afterwards(card: Scorecard, *, converts: bool) -> Fraction:
    """What conversion makes of the score, or what is added or taken once it is converted."""
    after = dropwhile(lambda one: not one.converts, card.adjustments)
    return sum((one.points for one in after if one.converts == converts), Fraction())


class _Placed(NamedTuple):
    """A clause's score, and what it counts in the total."""

    score: ClauseScore
    counted: Fraction


def _by_place(card: Scorecard) -> dict[tuple[str | None, str], _Placed]:
    """Every clause's score by the period inside the year and the clause's id."""
    return {
        (section.part, score.clause.id): _Placed(score, score.points * section.weight)
        for section in card.sections
        for score in section.clauses
    }


def _reasons(lower: Standing, upper: Standing, catalogue: Catalogue) -> Iterator[str]:
    """What each of the two lost in the clauses where it has fewer points than the other."""
    for one, other in ((lower, upper), (upper, lower)):
        losses = list(_lost_more(one.scorecard, other.scorecard, catalogue))
        if losses:
            yield ""
            yield catalogue._("Where {township} lost more", township=one.township.name)
            yield from losses


def _lost_more(
    one: Scorecard | None, other: Scorecard | None, catalogue: Catalogue
) -> Iterator[str]:
    if one is None or other is None:
        return
    others = _by_place(other)
    for place, (score, counted) in _by_place(one).items():
        beside = others.get(place)
        for charge in score.charges if beside and counted < beside.counted else ():
            if not charge.deduction.award:
                reason = printable(catalogue.render(charge.deduction.reason))
                yield f"    {score.clause.id}  {reason}"
