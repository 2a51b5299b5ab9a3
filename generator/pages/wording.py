"""The words, numbers and small pieces of markup that every page uses in the same way.

Owns how a score, a date, a rank, a status, a basis and a place are written.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby
from urllib.parse import quote

from generator.engine.book import Group, Part, Rulebook, Wording
from generator.engine.measures import Basis, exact, is_shown_exactly, shown
from generator.engine.problem import Amount, Location, Message, Path, Text
from generator.engine.year import Paid, Record, Standing
from generator.shape.form import Form
from generator.words.messages import (
    BASES,
    DATES,
    DECISIONS,
    OCCASIONS,
    RULEBOOK_STATUSES,
    STATUSES,
    Catalogue,
    Safe,
    escape,
)
from generator.words.status import TownshipStatus, state_text

_TERMS = {
    "ranking": (
        Message("{year}: ranking of {ranked}, full marks {full}"),
        Message("{year}: ranking of {ranked}, whole amount {full}"),
    ),
    "full": (Message("Full"), Message("Whole amount")),
    "score": (Message("Score"), Message("Amount")),
    "points": (Message("Points"), Message("Amount")),
    "lost": (Message("Lost"), Message("Taken")),
    "none_taken": (Message("Nothing was taken here."), Message("Nothing was deducted here.")),
    "none_given": (Message("Nothing was earned here."), Message("Nothing was added here.")),
    "by_section": (Message("Points by section, {year}"), Message("Amounts by section, {year}")),
    "card": (Message("{township}, {year}"), Message("{township}, {year}: reckoning")),
    "scorecard": (Message("Scorecard"), Message("Reckoning")),
    "sections": (Message("Points by section"), Message("Amounts by section")),
    "sections_over_years": (
        Message("Points by section over the years"),
        Message("Amounts by section over the years"),
    ),
    "step_by_step": (
        Message("From the sections to the score, step by step"),
        Message("From the sections to the amount, step by step"),
    ),
    "against": (Message("Score against {year}"), Message("Amount against {year}")),
    "over_the_years": (Message("Over the years"), Message("Amounts over the years")),
    "becomes": (Message("the score becomes"), Message("it becomes")),
    "at_most": (Message("the score is at most"), Message("it is at most")),
    "given_from": (
        Message("given only from this score on"),
        Message("given only from this amount on"),
    ),
    "paid_from": (
        Message("paid only from this score on"),
        Message("paid only from this amount on"),
    ),
    "year_grades": (Message("Grades of the year's score"), Message("Grades of the year's amount")),
    "period_grades": (
        Message("Grades of a period's score"),
        Message("Grades of a period's amount"),
    ),
    "rounded": (Message("the score"), Message("the amount")),
}
"""Words for a score: those of points, and those of another unit of account, money say."""

_ZERO = Safe('<span class="k-zero">0</span>')


@dataclass(frozen=True, slots=True)
class Words:
    """One language's way of writing; `repository` is where facts can be read line by line.

    `wording` is that of the rulebook a page is about: its unit of account, whom it assesses.
    """

    catalogue: Catalogue
    repository: str | None = None
    wording: Wording = field(default_factory=Wording)

    def _(self, msgid: str, **args: object) -> str:
        return self.catalogue._(msgid, **args)

    def text(self, text: Text) -> str:
        return self.catalogue.text(text)

    def label(self, named: Group | Part | None) -> str:
        """What a group, or a period inside the year, is called; nothing for none."""
        return self.text(named.label) if named else ""

    def render(self, message: Message) -> str:
        return self.catalogue.render(message)

    def listed(self, words: Iterable[str | Text]) -> str:
        """Several words as a list."""
        return self._("{words}", words=tuple(words))

    @property
    def gap(self) -> str:
        """What stands between two words or sentences."""
        return "" if self.catalogue.lang == "zh" else " "

    # --- numbers ----------------------------------------------------------------------

    def score(self, amount: Fraction) -> Safe:
        """Two decimals; the exact value beside them where they do not say it all."""
        printed = Safe(shown(amount))
        if is_shown_exactly(amount):
            return printed
        precise = self._("exactly {amount}", amount=amount)
        return Safe(f'{printed} <small class="k-exact">{escape(precise)}</small>')

    def number(self, amount: Fraction) -> str:
        """An amount of the rulebook, exactly."""
        return exact(amount)

    def points(self, amount: Fraction) -> str:
        """An exact amount in the rulebook's unit of account: 5分, 500元."""
        return self.catalogue.amount(Amount(amount, self.wording.unit))

    def paid(self, paid: Paid) -> Safe:
        """What a payment comes to, to two decimals, with its unit."""
        unit = self.text(paid.payment.unit)
        return Safe("{}{}{}").format(self.score(paid.amount), self.gap, unit)

    def scored(self, amount: Fraction) -> str:
        """An amount as printed, to two decimals, in the unit of account."""
        return f"{shown(amount)}{self.gap}{self.text(self.wording.unit)}"

    def term(self, name: str, **args: object) -> str:
        """What is said of scores under this unit of account."""
        in_points, in_money = _TERMS[name]
        message = in_points if self.wording.unit == Wording().unit else in_money
        return self.render(message.about(args))

    @property
    def assessed(self) -> str:
        """The word for an assessed unit, inside a sentence."""
        return self.text(self.wording.assessed)

    @property
    def assessed_head(self) -> str:
        """The same at the head of a column."""
        return self.assessed[:1].upper() + self.assessed[1:]

    def loss(self, amount: Fraction) -> Safe:
        """Points taken, with a minus sign; none is none."""
        return Safe(f"−{self.score(amount)}") if amount else _ZERO

    def signed(self, amount: Fraction) -> Safe:
        """Points given with a plus sign, points taken with a minus sign; none is none."""
        return Safe(f"+{self.score(amount)}") if amount > 0 else self.loss(-amount)

    def change(self, amount: Fraction) -> Safe:
        """A difference with its sign, to two decimals."""
        sign = "−" if amount < 0 else "+" if amount else ""
        return escape(sign + shown(abs(amount)))

    def rank(self, standing: Standing) -> str:
        """第3名, 并列第3名; none for one that has not submitted."""
        if standing.rank is None:
            return self._("Not submitted")
        return self.place(standing.rank, tied=standing.tied)

    def place(self, rank: int, *, tied: bool) -> str:
        """第4名, 并列第4名."""
        return (
            self._("Tied at rank {rank}", rank=rank) if tied else self._("Rank {rank}", rank=rank)
        )

    # --- dates, statuses --------------------------------------------------------------

    def date(self, day: str) -> str:
        """2025-05-02 as people write it."""
        if self.catalogue.lang != "zh" or len(day) != len("2025-05-02"):
            return day
        year, month, number = day.split("-")
        return f"{year}年{int(month)}月{int(number)}日"

    def day(self, day: str) -> str:
        """06-30 as people write it."""
        month, number = day.split("-")
        return f"{int(month)}月{int(number)}日" if self.catalogue.lang == "zh" else day

    def status(self, status: str) -> str:
        """What the status of a year or a rulebook is called."""
        return self.render((STATUSES | RULEBOOK_STATUSES)[status])

    def due(self, date: str) -> str:
        """What a date of the year is called."""
        return self.render(DATES[date])

    def reported(self, row: TownshipStatus) -> str:
        """How far a report is, and how late it came."""
        return state_text(row, self.catalogue)

    def occasion(self, occasion: str | None) -> str:
        return self.render(OCCASIONS[occasion])

    def decision(self, decision: str) -> str:
        return self.render(DECISIONS[decision])

    # --- marks ------------------------------------------------------------------------

    def basis(self, basis: Basis) -> Safe:
        """What a number stands on, as a mark that differs in word and shape, not only in colour."""
        word = self.catalogue.render(BASES[basis])
        return Safe(f'<span class="k-basis k-{basis.value}">{escape(word)}</span>')

    def outcomes(self, standing: Standing, rulebook: Rulebook) -> Safe:
        """What follows for a township, as marks; not having submitted is one of them."""
        if standing.scorecard is None:
            return _mark("unsubmitted", self._("Not submitted"))
        marks = (_mark(o, self.text(rulebook.outcomes[o])) for o in standing.outcomes)
        return Safe(" ").join(marks)

    def moved(self, old: Standing | None, new: Standing) -> Safe:
        """How the rank moved since `old`, in words."""
        if new.rank is None or old is None or old.rank is None:
            return Safe("–")
        places = old.rank - new.rank
        if not places:
            return escape(self._("same rank"))
        up, down = self._("up {places}", places=places), self._("down {places}", places=-places)
        name, words = ("up", up) if places > 0 else ("down", down)
        return Safe(f'<span class="k-{name}">{escape(words)}</span>')

    def anchor(self, clause: str, part: str | None = None) -> Safe:
        """The address of a clause, a section or a line on its page, in a period inside the year."""
        return escape("c-" + clause.replace(".", "-") + (f"-{part}" if part else ""))

    # --- facts and places -------------------------------------------------------------

    def fact(self, address: str, form: Form | None) -> Safe:
        """What a fact is called, with the records on the way, and its address in the files."""
        code = Safe(f"<code>{escape(address)}</code>")
        if form is None or form.at(form.path_of(address)) is None:
            return code
        names: list[str] = []
        path: Path = ()
        for key in address.split("."):
            names.append(self._label(form, (*path, key)))
            path = (*path, key) if form.at((*path, key)) else path
        return Safe(f"{escape(' '.join(names))} {code}")

    def value(self, value: object, form: Form | None = None, path: Path = ()) -> str:
        """A reported value in words, by the form's labels where there is one."""
        if value is None:
            return self._("nothing")
        if isinstance(value, bool):
            return self._("yes") if value else self._("no")
        if isinstance(value, Mapping):
            return self._(", ").join(
                self._(
                    "{key}: {value}",
                    key=self._label(form, (*path, key)),
                    value=self.value(inner, form, (*path, key)),
                )
                for key, inner in value.items()
            )
        if isinstance(value, list | tuple):
            entries = (self.value(entry, form, path) for entry in value)
            return self._("; ").join(entries) or self._("empty list")
        known = form.at(path) if form else None
        label = known.values.get(str(value)) if known else None
        return self.text(label) if label else str(value)

    def changed(self, value: object, address: str, form: Form | None) -> str:
        """What stood or stands at a changed fact."""
        return self.value(value, form, form.path_of(address) if form else ())

    def record(
        self, record: Record, form: Form | None, without: Sequence[str], key: str | None = None
    ) -> str:
        """What a record says, or says under one key, but for some of the keys there."""
        part = record.fields[key] if key else record.fields
        inner = part if isinstance(part, Mapping) else {}
        kept = {name: value for name, value in inner.items() if name not in without}
        return self.changed(kept, f"{record.address}.{key}" if key else record.address, form)

    def _label(self, form: Form | None, path: Path) -> str:
        known = form.at(path) if form else None
        return self.text(known.label) if known else path[-1]

    def places(self, places: Sequence[Location]) -> Safe:
        """Files with the lines in them, each line a link where there is a repository."""
        files = groupby(sorted(places), key=lambda place: place.path)
        return Safe("<br>").join(self._file(path, lines) for path, lines in files)

    def _file(self, path: str, places: Iterable[Location]) -> Safe:
        lines = []
        for number in sorted({place.line for place in places}):
            words = escape(self._("line {number}", number=number))
            address = line_address(self.repository, path, number)
            link = Safe(f'<a href="{escape(address)}">{words}</a>') if address else words
            lines.append(link)
        written = Safe("、" if self.catalogue.lang == "zh" else ", ").join(lines)
        return Safe(f'<span class="k-file">{escape(path)}</span> {written}')


def line_address(repository: str | None, path: str, number: int) -> str | None:
    """Where a line can be read: `repository` with `{path}` and `{line}`, or in GitHub's way."""
    if not repository or not repository.startswith(("https://", "http://")):
        return None
    pattern = repository.rstrip("/") + "/blob/HEAD/{path}#L{line}"
    if "{path}" in repository:
        pattern = repository
    return pattern.replace("{path}", quote(path)).replace("{line}", str(number))


def _mark(name: str, words: str) -> Safe:
    return Safe(f'<span class="k-mark k-{escape(name)}">{escape(words)}</span>')
