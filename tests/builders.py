"""Small neutral rulebooks and submissions: what a test names is there, nothing else.

Also the first rulebook as it stands in `data/`, for tests of what it promises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from generator.engine import measures
from generator.engine.book import (
    Clause,
    Deadline,
    Exclusions,
    Line,
    OutsideRanking,
    RecordKind,
    Rule,
    Rulebook,
    Section,
)
from generator.engine.facts import Facts, facts
from generator.engine.kinds.target import Target
from generator.engine.measures import Basis, Condition, FactTest, Figure, Quantity, Selection, Test
from generator.engine.problem import Location, Message, Path, Problem, Text
from generator.engine.quantities import FactQuantity, FigureQuantity
from generator.engine.rules import judge
from generator.engine.score import LeftOut, cards
from generator.engine.year import (
    Assessment,
    Correction,
    Decision,
    Deduction,
    Finding,
    Period,
    Ranking,
    Rating,
    Record,
    Scorecard,
    Submission,
    Township,
    YearInputs,
)
from generator.rulebook.books import Book, books
from generator.words.messages import catalogue
from generator.year.examples import Example, examples_of
from tests.cases import ROOT, files_below

EVENTS: Path = ("events",)
TASKS: Path = ("tasks",)
PLACE = Location("data/2025/decisions.yaml", 1, 1)


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31))


def text(word: str) -> Text:
    return Text(f"{word}（中）", word)


def figure(value: str | int | Fraction, basis: Basis = Basis.TEXT) -> Figure:
    return Figure(Fraction(value), basis, "quoted")


def assumed(value: str | int) -> Figure:
    return figure(value, Basis.ASSUMED)


def reading(value: str | int) -> Figure:
    return figure(value, Basis.READING)


def where(**fields: object) -> tuple[Condition, ...]:
    """Conditions by field: a value, or a tuple of values one of which must stand there."""
    return tuple(
        Condition(tuple(name.split("__")), value if isinstance(value, tuple) else (value,))
        for name, value in fields.items()
    )


def present(name: str, *, there: bool = True) -> tuple[Condition, ...]:
    return (Condition(tuple(name.split(".")), present=there),)


def events(**fields: object) -> Selection:
    return Selection(EVENTS, where(**fields))


def tasks(**fields: object) -> Selection:
    return Selection(TASKS, where(**fields))


def days(limits: Mapping[str, Figure] | None = None, **changed: Any) -> Deadline:
    """A limit of 60 days on tasks, or one by the task's `source`."""
    given: dict[str, Any] = {"id": "closing", "records": TASKS, "unit": "days"}
    given |= {"start": ("begun",), "end": ("done",), "excused": ("excuse",), "carried_over": True}
    given |= {"by": ("source",) if limits else None, "limits": limits or {"": figure(60)}}
    return Deadline(**given | changed)


def hours(**changed: Any) -> Deadline:
    """A limit of 24 hours on events that were called."""
    given: dict[str, Any] = {"id": "reply", "records": EVENTS, "unit": "hours"}
    given |= {"start": ("call", "at"), "end": ("call", "answered"), "excused": None}
    given |= {"by": None, "limits": {"": figure(24)}, "carried_over": False}
    return Deadline(**given | changed)


def clause(name: str, points: str | int, *rules: Rule, **more: Any) -> Clause:
    return Clause(name, text(name), f"clause {name}", figure(points), rules, **more)


def section(name: str, *clauses: Clause, **more: Any) -> Section:
    points = sum((c.points.value for c in clauses), Fraction())
    return Section(name, text(name), "", figure(points), clauses, **more)


def rulebook(
    *sections: Section,
    deadlines: tuple[Deadline, ...] = (),
    exclusions: Exclusions | None = None,
    lines: tuple[Line, ...] = (),
    outside: OutsideRanking | None = None,
) -> Rulebook:
    outcomes = [name for line in lines for name in (*line.outcomes, line.undecided or "")]
    outcomes += [outside.outcome] if outside else []
    labels: dict[Path, dict[str, Text]] = {("level",): {"high": text("High"), "low": text("Low")}}
    return Rulebook(
        id="neutral",
        version=1,
        status="draft",
        title=text("Rules"),
        issuer=text("Office"),
        note=text("Note"),
        total=figure(sum((s.points.value for s in sections), Fraction())),
        preamble="",
        sections=sections,
        provisions=(),
        deadlines=deadlines,
        exclusions=exclusions,
        records={
            EVENTS: RecordKind(text("Events"), text("event"), ("on",), labels),
            TASKS: RecordKind(text("Tasks"), text("task"), None),
        },
        lines=lines,
        outside_ranking=outside,
        outcomes={name: text(name) for name in outcomes if name},
        readings=(),
        restorations=(),
        sha256="0" * 64,
        path="data/rulebooks/neutral/1/rulebook.yaml",
    )


def take(name: str, **more: Any) -> Target:
    """A rule that takes as many points as are reported at a fact."""
    given: dict[str, Any] = {"id": f"take-{name}", "label": text(name), "unit": text("")}
    given |= {"actual": FactQuantity((name,)), "side": "at_most", "amount": figure(1)}
    given |= {"bound": FigureQuantity(figure(0)), "step": None, "steps": "exact"}
    return Target(**given | more)


def give(name: str, **more: Any) -> Target:
    """A rule that gives as many points as are reported at a fact."""
    return take(name, **{"id": f"give-{name}", "side": "at_least", "award": True} | more)


def above(book: Rulebook, *outcomes: str, **changed: Any) -> Rulebook:
    """The rulebook with something above its clauses, and the consequences that it names."""
    named = {**book.outcomes, **{name: text(name) for name in outcomes}}
    return replace(book, outcomes=named, above=replace(book.above, **changed))


def one_clause(points: str | int, *rules: Rule, **more: Any) -> Rulebook:
    return rulebook(section("1", clause("1.1", points, *rules)), **more)


def event(name: str, on: str = "2025-05-05", level: str = "high", **more: object) -> dict[str, Any]:
    return {"id": name, "on": on, "level": level, **more}


def task(
    name: str, begun: str = "2025-03-01", done: str | None = None, **more: object
) -> dict[str, Any]:
    return {"id": name, "begun": begun, **({} if done is None else {"done": done}), **more}


def record(**fields: object) -> Record:
    return Record("R-1", "list.R-1", fields)


def placed(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """Every address in the facts, in their order: keys, and records by id."""
    for key, value in values.items():
        address = f"{prefix}{key}"
        yield address
        if isinstance(value, Mapping):
            yield from placed(value, f"{address}.")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for number, entry in enumerate(value, start=1):
                if isinstance(entry, Mapping):
                    name = f"{address}.{entry.get('id', number)}"
                    yield from (name, *placed(entry, f"{name}."))


def submission(facts: Mapping[str, Any], *findings: Finding, township: str = "alder") -> Submission:
    """A report in which every address stands on a line of its own, from 1."""
    path = f"data/2025/townships/{township}.yaml"
    places = {
        address: (Location(path, line, 1, address),)
        for line, address in enumerate(placed(facts), start=1)
    }
    return Submission(township, facts, places, (), findings)


def finding(name: str, points: str, on: str = "2025-06-12", of: str = "1.1") -> Finding:
    where = Location("data/2025/inspections/alder.yaml", 9, 5, f"findings.{name}")
    return Finding(name, of, Fraction(points), "routine", on, "written later", "No. 12", where)


def rating(scorer: str, points: str | int, of: str = "the-rule", part: str | None = None) -> Rating:
    where = Location("data/2025/inspections/alder.yaml", 20, 5, f"ratings.{scorer}")
    return Rating(of, scorer, Fraction(points), "2025-06-12", "well done", "No. 5", part, where)


def view(values: Mapping[str, Any], period: Period | None = None, **more: Any) -> Facts:
    return facts(submission(values), one_clause(10, **more), period or year(2025))


def scorecard(
    submission: Submission, rulebook: Rulebook, period: Period, *, without: Deduction | None = None
) -> Scorecard:
    """The card of one unit that is compared with none; `without` leaves a deduction out."""
    name = submission.township
    left_out = LeftOut(name, without) if without else None
    return cards({name: submission}, rulebook, period, without=left_out)[name]


def asked(
    rule: Rule, values: Mapping[str, Any], period: Period | None = None, **more: Any
) -> list[Deduction]:
    """What one rule asks of some facts."""
    return list(judge(rule, view(values, period, **more)))


def is_so(name: str) -> Test:
    return FactTest((name,), (True,))


def has(name: str, *values: object) -> Test:
    """A test whether a fact has one of these values."""
    return FactTest(tuple(name.split(".")), values)


def lies(quantity: Quantity | str, **bounds: str | int) -> Test:
    """A test whether a quantity, or the number at a fact, lies in these bounds."""
    of = FactQuantity((quantity,)) if isinstance(quantity, str) else quantity
    return measures.QuantityTest(
        of, measures.Bounds(**{name: figure(value) for name, value in bounds.items()})
    )


def spoken(value: object) -> Iterator[object]:
    """What stands in a message, and in the messages inside it."""
    yield value
    if isinstance(value, Message | tuple):
        for inner in value.args.values() if isinstance(value, Message) else value:
            yield from spoken(inner)


def exactly(number: Fraction) -> int:
    """A number that is a whole one; `int` would hide what is cut off."""
    assert number.denominator == 1, number
    return number.numerator


def township(name: str, group: str = "a") -> Township:
    return Township(name, text(name), "township", group, 2020, None)


def inputs(
    book: Rulebook,
    submissions: Mapping[str, Submission],
    *,
    missing: Sequence[str] = (),
    first: Mapping[str, Submission] | None = None,
    corrections: tuple[Correction, ...] = (),
    decisions: tuple[Decision, ...] = (),
    ranking: Ranking | None = None,
    number: int = 2025,
) -> YearInputs:
    assessment = Assessment(number, book.id, 1, year(number), "provisional", {}, decisions)
    units = tuple(map(township, [*submissions, *missing]))
    before = submissions if first is None else first
    return YearInputs(assessment, book, units, submissions, before, corrections, ranking, ())


def a_year(
    book: Rulebook,
    reports: Mapping[str, Mapping[str, Any]],
    *,
    groups: Mapping[str, str] | None = None,
    before: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> YearInputs:
    """A year by what each township reports, in its group of the register, after another year."""
    sent, last = (
        {name: submission(reported, township=name) for name, reported in year.items()}
        for year in (reports, before or {})
    )
    given, known = inputs(book, sent, **more), groups or {}
    registered = tuple(township(t.id, known.get(t.id, t.group)) for t in given.townships)
    return replace(given, townships=registered, before=last)


def correction(name: str, decision: str = "upheld") -> Correction:
    return Correction(
        name, "alder", "1.1", "2026-02-25", "town", decision, "2026-03-02", "No. 3", "so", (), PLACE
    )


def decision(line: str, *listed: str) -> Decision:
    return Decision(line, listed, "2026-02-15", "No. 1", "drawn by lot", PLACE)


@cache
def first_book() -> Book:
    """The first rulebook of `data/`, read as a city reads it."""
    problems: list[Problem] = []
    book = books(files_below(ROOT), problems)["family-planning-petitions", 1]
    assert not problems
    return book


@cache
def worked_examples() -> tuple[Example, ...]:
    problems: list[Problem] = []
    examples = tuple(examples_of(files_below(ROOT), first_book(), problems))
    assert not problems
    return examples


@dataclass(frozen=True)
class Plainly:
    """Names of facts as they are written, so that phrases about rules can be read."""

    by_period: bool = False

    def fact(self, path: Path) -> str:
        return ".".join(path)

    def field(self, records: Path, field: Path) -> str:
        return f"{self.fact(field)} ({self.fact(records)})"

    def selection(self, selection: Selection) -> str:
        return f"some {self.fact(selection.records)}"

    def quantity(self, quantity: Quantity) -> str:
        return in_words(quantity.phrase(self))

    def rounded(self, phrase: object, rounding: measures.Rounding | None) -> object:
        return f"{in_words(phrase)}, {rounding.mode}" if rounding else phrase


def in_words(phrase: object) -> str:
    """A phrase in English."""
    return catalogue("en").render(phrase) if isinstance(phrase, Message) else str(phrase)
