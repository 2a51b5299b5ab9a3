"""What stands above the clauses of a rulebook, in words: how a score comes about, what follows.

Owns one block for each such part. Must not compute anything.
"""

from collections.abc import Iterable, Iterator

from generator.engine.above import Line, Part, Payment, Pool, Streak, Veto
from generator.engine.measures import Bounds, Figure
from generator.pages.clauseparts import Block, Blocks, Row
from generator.pages.figures import Entry


class Above(Blocks):
    """The blocks of one rulebook, of its sections and clauses and of what is above them."""

    def blocks(self) -> list[Block]:
        """Everything above the clauses that the rulebook has, in the order of the reckoning."""
        above = self._book.above
        found = [self._total(), *self._grouping(), *self._parts()]
        found += self._counted_once()
        found += map(self._pool, above.pools)
        found += [*self._conversions(), *self._rounding()]
        found += map(self._veto, above.vetoes)
        found += [*self._bands(), *map(self._streak, above.streaks)]
        found += [*self._tie_breakers(), *map(self._payment, above.payments)]
        return found

    def _total(self) -> Block:
        w, book = self._w, self._book
        entries = [self._f.points(w.term("full"), book.total)]
        entries += self._by_group(w.term("full"), book.total_by_group)
        title = w._("Total")
        said = (w._("All sections together."),)
        return Block("total", title, said, rows=tuple(Row(title, entry) for entry in entries))

    def _grouping(self) -> Iterator[Block]:
        grouping = self._book.above.grouping
        if grouping:
            _, w = self._w._, self._w
            names = tuple(group.label for group in grouping.groups)
            said = [_("Assessed in groups: {groups}", groups=names)]
            said.append(
                _("The groups rank apart.") if grouping.apart else _("All groups rank together.")
            )
            yield Block("groups", w._("Groups"), tuple(said))

    def _parts(self) -> Iterator[Block]:
        parts, _ = self._book.above.parts, self._w._
        if parts:
            rows = tuple(
                Row(self._w.text(part.label), self._part(part, part.weight))
                for part in parts
                if part.weight
            )
            adding = [
                _("{period}: {start} to {end}.", period=part.label, **self._ends(part))
                for part in parts
                if not part.weight
            ]
            said = (*adding, _("The points of the periods add up.")) if adding else ()
            yield Block("periods", _("Periods inside the year"), said, rows=rows)

    def _counted_once(self) -> Iterator[Block]:
        _, how = self._w._, self._book.counted_once
        if how:
            said = {
                "heaviest": _(
                    "A record that several clauses deduct for counts only under the one that "
                    "asks most for it."
                ),
                "first": _(
                    "A record that several clauses deduct for counts only under the first of them."
                ),
            }
            yield Block("counted-once", _("One event, one deduction"), (said[how],))

    def _part(self, part: Part, weight: Figure) -> Entry:
        told = self._w._("{start} to {end}, weight", **self._ends(part))
        return self._f.percent(told, weight)

    def _ends(self, part: Part) -> dict[str, str]:
        return {"start": self._w.day(part.start), "end": self._w.day(part.end)}

    def _pool(self, pool: Pool) -> Block:
        _, said = self._w._, []
        if pool.groups:
            said.append(_("Only for: {groups}", groups=self.group_names(pool.groups)))
        if pool.where:
            said.append(_("Given only where: {tests}", tests=self._p.tests(pool.where)))
        name, entries = self._w.text(pool.title), list(self._tests(pool.where))
        if pool.cap:
            entries.append(self._f.points(_("given at most, all together"), pool.cap))
        if pool.minimum:
            entries.append(self._f.points(self._w.term("given_from"), pool.minimum))
        block = Block(pool.id, _("{pool} (beside the sections)", pool=name), tuple(said), pool.text)
        return self._with_rules(block, [Row(name, entry) for entry in entries], pool)

    def _conversions(self) -> Iterator[Block]:
        for one in self._book.above.conversions:
            name, _ = self._w.text(one.label), self._w._
            rows = (
                Row(name, self._f.number(_("a score out of"), one.of)),
                Row(name, self._f.number(_("becomes one out of"), one.to)),
            )
            said = (self._p.rounding(one.rounding),) if one.rounding else ()
            yield Block(one.id, _("Conversion: {label}", label=name), said, rows=rows)

    def _rounding(self) -> Iterator[Block]:
        above, _ = self._book.above, self._w._
        named = (
            (_("each amount"), above.round_points),
            (self._w.term("rounded"), above.round_score),
        )
        what = _("decimal places, half up")
        rows = tuple(Row(name, self._f.number(what, one)) for name, one in named if one)
        if rows:
            yield Block("rounding", _("Rounding"), rows=rows)

    def _veto(self, veto: Veto) -> Block:
        w, name = self._w, self._w.text(veto.label)
        said = [w._("Where: {tests}", tests=self._p.tests(veto.where))]
        if veto.last:
            said.append(w._("Ranked after all others."))
        said += self._outcomes(veto.outcomes)
        if veto.bars:
            lines = tuple(line.label for line in self._book.lines if line.id in veto.bars)
            said.append(w._("Not eligible for: {lines}", lines=lines))
        entries = list(self._tests(veto.where))
        if veto.score:
            entries.append(self._f.points(w.term("becomes"), veto.score))
        if veto.at_most:
            entries.append(self._f.points(w.term("at_most"), veto.at_most))
        rows = tuple(Row(name, entry) for entry in entries)
        return Block(
            veto.id, w._("Veto: {label}", label=name), tuple(said), rows=rows, clause=veto.clause
        )

    def _bands(self) -> Iterator[Block]:
        bands, w = self._book.above.bands, self._w
        if bands is None:
            return
        of = {
            "year": w.term("year_grades"),
            "period": w.term("period_grades"),
        }
        rows: list[Row] = []
        for band in bands.bands:
            bounds = Bounds(at_least=band.at_least, below=band.below)
            about = w.listed(w.text(self._book.outcomes[o]) for o in band.outcomes)
            entries = self._f.bounds(w.term("score"), bounds)
            rows += [Row(w.text(band.label), entry, about) for entry in entries]
        yield Block("grades", of[bands.of], rows=tuple(rows))

    def _streak(self, streak: Streak) -> Block:
        w, name = self._w, self._w.text(streak.label)
        bands = self._book.above.bands.bands if self._book.above.bands else ()
        names = tuple(band.label for band in bands if band.id in streak.bands)
        what = w._("periods in a row graded {grades}", grades=names)
        rows = (Row(name, self._f.number(what, streak.periods)),)
        said = tuple(self._outcomes(streak.outcomes))
        return Block(streak.id, name, said, rows=rows, clause=streak.clause)

    def _tie_breakers(self) -> Iterator[Block]:
        breakers, w = self._book.above.tie_breakers, self._w
        if breakers:
            labels = tuple(one.label for one in breakers)
            said = w._("Equal scores are ranked by, one after the other: {labels}", labels=labels)
            yield Block("ties", w._("Equal scores"), (said,))

    def _payment(self, payment: Payment) -> Block:
        w, name = self._w, self._w.text(payment.label)
        unit = payment.unit
        entries = [
            Entry(
                w._("for every point"), w.amount(payment.per_point.value, unit), payment.per_point
            )
        ]
        for group, figure in payment.per_point_by_group.items():
            what = w._("for every point: {group}", group=self._group(group))
            entries.append(Entry(what, w.amount(figure.value, unit), figure))
        if payment.minimum:
            entries.append(self._f.points(w.term("paid_from"), payment.minimum))
        rows = tuple(Row(name, entry) for entry in entries)
        return Block(
            payment.id, w._("Payment: {label}", label=name), rows=rows, clause=payment.clause
        )

    def _outcomes(self, outcomes: Iterable[str]) -> Iterator[str]:
        names = tuple(self._book.outcomes[outcome] for outcome in outcomes)
        if names:
            yield self._w._("What follows: {outcomes}", outcomes=names)

    # --- lines ------------------------------------------------------------------------

    def lines(self) -> list[Row]:
        """The numbers of the lines in the ranking, and of somebody else's ranking."""
        rows = [row for line in self._book.lines for row in self._line(line)]
        if rule := self._book.outside_ranking:
            what = self._w._("last places of the prefecture's ranking")
            name = self._w.text(self._book.outcomes[rule.outcome])
            rows.append(Row(name, self._f.number(what, rule.last)))
        return rows

    def _line(self, line: Line) -> Iterator[Row]:
        w, name = self._w, self._w.text(line.label)
        about = (
            w._("Only for: {groups}", groups=self.group_names(line.groups)) if line.groups else ""
        )
        ends = {"first": w._("first places"), "last": w._("last places"), None: ""}
        shares = {
            "first": w._("first places, of those ranked"),
            "last": w._("last places, of those ranked"),
            None: "",
        }
        if line.places:
            yield Row(name, self._f.number(ends[line.end], line.places), about)
        if line.percent:
            written = f"{w.number(line.percent.value)}%"
            if line.rounding:
                written = w._(
                    "{what}, {rounding}", what=written, rounding=self._p.rounding(line.rounding)
                )
            yield Row(name, Entry(shares[line.end], written, line.percent), about)
        for entry in self._f.bounds(w.term("score"), line.bounds):
            yield Row(name, entry, about)
        if line.yields_below:
            what = w._("gives way to the other line with fewer ranked than")
            yield Row(name, self._f.number(what, line.yields_below), about)
