"""A whole tree, read once: every problem, or every year's inputs.

Owns the order of reading (what the office has written, then one township at a time through all its
years) and what only shows between files.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from generator.engine.book import looks_back
from generator.engine.facts import group_of
from generator.engine.problem import Message, Problem, Severity, errors
from generator.engine.rank import at_line, fields_of, scored
from generator.engine.records import listed, lookup
from generator.engine.year import City, InputFile, Submission, Township, YearInputs
from generator.reading.files import DataFile, Kind, by_township
from generator.reading.source import Document, Fault, placed
from generator.rulebook.books import Books
from generator.rulebook.readings import switchboards
from generator.shape.documents import Files, document_of, used
from generator.shape.schema import shape
from generator.year.frame import OWN, Frame, Under, frame
from generator.year.holidays import Needs
from generator.year.office import missing_ratings
from generator.year.receipt import (
    Receipt,
    entry_problems,
    file_problems,
    receipts,
    result_problems,
)
from generator.year.report import Received, Year, received

Track = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes the items through, telling somebody how far it is."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A sound tree: the city, its rulebooks by id and version, its years, oldest first.

    `receipts` are those of its published years.
    """

    city: City
    books: Books
    years: tuple[YearInputs, ...]
    receipts: Mapping[int, Receipt] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TownshipYear:
    """What a township's files of one year come to; `received` is None without a sound report."""

    received: Received | None
    report: Document | None
    files: tuple[InputFile, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Kept:
    """What has been received for one year so far."""

    received: dict[str, Received] = field(default_factory=dict)
    files: list[InputFile] = field(default_factory=list)

    def add(self, sent: TownshipYear) -> None:
        """Take in a township's year, if its report is sound."""
        if sent.received is not None:
            self.received[sent.received.current.township] = sent.received
            self.files += sent.files


def check(files: Files, track: Track = iter) -> list[Problem]:
    """Every problem of the tree, holding one township at a time.

    Files that no result rests on are checked here and nowhere else.
    """
    loaded, problems = _read(files, track, keep=False)
    switchboards(files, loaded.books if loaded else {}, problems)
    return problems


def load(
    files: Files, track: Track = iter, *, under: Under = OWN, locks: bool = True
) -> tuple[Loaded | None, list[Problem]]:
    """All years of the tree, None if anything is wrong; and every problem.

    `under` names, by year, a rulebook to read it under instead of its own; then, and without
    `locks`, nobody asks whether published years are still as they were.
    """
    loaded, problems = _read(files, track, under, locks=locks and not under)
    return (None if errors(problems) else loaded), problems


def _read(
    files: Files, track: Track, under: Under = OWN, *, keep: bool = True, locks: bool = True
) -> tuple[Loaded | None, list[Problem]]:
    """`keep`: every year's submissions; a check lets go of one township after the other."""
    framed, problems = frame(files, under)
    if framed is None:
        return None, problems
    published, altered = ({}, []) if under else receipts(files)
    problems += altered if locks else []
    framed = _knowing(framed, published)
    needs, kept = Needs(framed.holidays), dict[int, Kept]()
    wanted = {*framed.years} if keep else _needed_to_the_end(framed, published)
    for entries in track(list(by_township(files.listed).values())):
        for number, sent in _township(files, framed, entries):
            problems += sent.problems
            if sent.received is not None:
                both = (sent.received.current, sent.received.first)
                needs.note(number, both, framed.years[number].year.rulebook)
            if number in wanted:
                kept.setdefault(number, Kept()).add(sent)
    problems += needs.problems()
    problems += _locked(files, framed, published) if locks else ()
    years = tuple(inputs_of(framed, number, kept, needs) for number in sorted(framed.years))
    # Only sound facts can be judged, and without a result no decision is idle.
    for inputs in () if errors(problems) else years:
        number = inputs.assessment.year
        problems += placed(framed.years[number].document, _idle_decisions(inputs))
        if locks and number in published:
            problems += result_problems(published[number], inputs)
    return Loaded(framed.city, framed.books, years, published), problems


def _needed_to_the_end(frame: Frame, published: Iterable[int]) -> set[int]:
    """The years whose results a check asks for, and those that they are compared with."""
    asked = {n for n, framed in frame.years.items() if framed.year.assessment.decisions}
    asked |= frame.years.keys() & set(published)
    return asked | {number - 1 for number in asked if compared(frame, number)}


def compared(frame: Frame, number: int) -> bool:
    """Whether the year before was judged by the same regulation, whichever version of it."""
    before = frame.years.get(number - 1)
    return before is not None and before.year.rulebook.id == frame.years[number].year.rulebook.id


def inputs_of(frame: Frame, number: int, kept: Mapping[int, Kept], needs: Needs) -> YearInputs:
    """One year's inputs, from what has been received for it and for the year before."""
    own, sent = frame.years[number], kept.get(number, Kept())
    last = kept.get(number - 1, Kept()) if compared(frame, number) else Kept()
    files = [*own.files, *sent.files, *needs.files(number)]
    if last.received and looks_back(own.year.rulebook):
        files += [*frame.years[number - 1].files, *last.files, *needs.files(number - 1)]
    return YearInputs(
        assessment=own.year.assessment,
        rulebook=own.year.rulebook,
        townships=tuple(t for t in frame.city.townships if t.assessed_in(number)),
        submissions={name: both.current for name, both in sent.received.items()},
        first_submissions={name: both.first for name, both in sent.received.items()},
        corrections=own.corrections,
        ranking=own.ranking,
        files=tuple(sorted(set(files), key=lambda file: file.path)),
        before={name: both.current for name, both in last.received.items()},
        calendar=frame.holidays.calendar,
        first_before=_before(last),
    )


def _before(last: Kept) -> Mapping[str, Submission] | None:
    """What the year rests on if it was published before the last one's newest corrections."""
    known = {name: both.known for name, both in last.received.items()}
    later = any(both.known is not both.current for both in last.received.values())
    return known if later else None


def _knowing(frame: Frame, published: Mapping[int, Receipt]) -> Frame:
    """With the corrections of each year that a published year after it had not known."""
    years = dict(frame.years)
    for number, receipt in published.items():
        own, last = years.get(number), years.get(number - 1)
        if own and last and compared(frame, number) and looks_back(own.year.rulebook):
            paths = {file.path for file in receipt.inputs}
            late = (one.id for one in last.corrections if one.location.path not in paths)
            years[number - 1] = replace(last, year=replace(last.year, later=frozenset(late)))
    return replace(frame, years=years)


# --- one township ---------------------------------------------------------------------


def _township(
    files: Files, frame: Frame, entries: Sequence[DataFile]
) -> Iterator[tuple[int, TownshipYear]]:
    """One township's years, oldest first."""
    before: tuple[Year, Submission] | None = None
    for number in sorted({entry.year for entry in entries}):
        sent = township_year(files, frame, [entry for entry in entries if entry.year == number])
        if sent.received is not None and sent.report is not None:
            year, current = frame.years[number].year, sent.received.current
            missing = placed(sent.report, _not_carried_over(before, year, current))
            sent = replace(sent, problems=(*sent.problems, *missing))
            before = (year, current)
        yield number, sent


def township_year(files: Files, frame: Frame, entries: Sequence[DataFile]) -> TownshipYear:
    """A township's report and inspection of one year, read and checked; at least one of them."""
    problems: list[Problem] = []
    documents: dict[Kind, Document] = {}
    number, township = entries[0].year, frame.registered.get(entries[0].id)
    for entry in entries:
        wanted = shape("inspection") if entry.kind is Kind.INSPECTION else None
        document = document_of(files, entry.path, wanted, problems)
        if document is not None:
            documents[entry.kind] = document
            problems += placed(document, _unregistered(township, entry))
    if number not in frame.years:
        return TownshipYear(None, None, (), tuple(problems))
    year = frame.years[number].year
    report, inspection = documents.get(Kind.REPORT), documents.get(Kind.INSPECTION)
    broken = inspection is None and any(entry.kind is Kind.INSPECTION for entry in entries)
    if broken:
        year = replace(year, corrections={})  # they may speak of what the broken one says
    group = group_of(year.rulebook, township) if township else None
    both, wrong = received(year, entries[0].id, report, inspection, group)
    problems += wrong
    if both is not None and report is not None and not broken and year.assessment.status != "open":
        missing = missing_ratings(both.current.ratings, year.rulebook, group)
        problems += placed(inspection or report, missing)
    return TownshipYear(both, report, tuple(map(used, documents.values())), tuple(problems))


def _unregistered(township: Township | None, entry: DataFile) -> Iterator[Fault]:
    if township is None or not township.assessed_in(entry.year):
        message = Message(
            "«{township}» is not registered in data/townships.yaml for {year}; "
            "register it there, or put its years right.",
            {"township": entry.id, "year": entry.year},
        )
        yield Fault(("township",), "unregistered-township", message)


def _not_carried_over(
    before: tuple[Year, Submission] | None, year: Year, now: Submission
) -> Iterator[Fault]:
    """A record still open at the end of the last year belongs into this year's report."""
    if before is None or before[0].assessment.year != year.assessment.year - 1:
        return
    for deadline in before[0].rulebook.deadlines:
        if not deadline.carried_over or deadline.records not in year.rulebook.records:
            continue
        here = {record.id for record in listed(now, deadline.records)}
        for record in listed(before[1], deadline.records):
            if lookup(record.fields, deadline.end) is None and record.id not in here:
                message = Message(
                    "{record} was still open at the end of {year} and is missing here; "
                    "carry it over, or close it in last year's report.",
                    {"record": record.id, "year": year.assessment.year - 1},
                )
                keys = deadline.records
                yield Fault(keys, "not-carried-over", message, True, Severity.WARNING)  # noqa: FBT003 - at its key


# --- published years ------------------------------------------------------------------


def _locked(files: Files, frame: Frame, published: Mapping[int, Receipt]) -> Iterator[Problem]:
    """What has been changed of the files and entries that published years rest on."""
    for number, receipt in published.items():
        framed = frame.years.get(number)
        status = framed.year.assessment.status if framed else "final"
        if framed and status != "final":
            message = Message(
                "{year} has been published as final ({receipt}) and cannot go back to {status}; "
                "what was wrong goes into data/{year}/corrections.",
                {"year": number, "receipt": receipt.path, "status": status},
            )
            yield from placed(framed.document, [Fault(("status",), "receipt-not-final", message)])
        for problem in file_problems(files, receipt):
            if framed is None or status == "final" or problem.location.path != framed.document.path:
                yield problem
        yield from entry_problems(files, receipt, frame.city)


# --- decisions ------------------------------------------------------------------------


def _idle_decisions(inputs: YearInputs) -> Iterator[Fault]:
    """Decisions about a line at which nobody stands, or about townships not standing there."""
    decisions = inputs.assessment.decisions
    fields = fields_of(inputs, scored(inputs, inputs.submissions)) if decisions else ()
    lines = {line.id: line for line in inputs.rulebook.lines}
    for number, decision in enumerate(decisions):
        if decision.line not in lines:
            continue
        line = lines[decision.line]
        across = [name for field in fields for name in at_line(line, inputs.rulebook, field)[1]]
        idle = tuple(name for name in decision.listed if name not in across)
        if not across or idle:
            message = Message(
                "The decision about «{line}» is not needed for: {idle}; tied across the line: "
                "{across}.",
                {
                    "line": decision.line,
                    "idle": idle or decision.listed or ("-",),
                    "across": tuple(across) or ("-",),
                },
            )
            keys = ("decisions", number)
            yield Fault(keys, "decision-without-tie", message, severity=Severity.WARNING)


# --- the newest date ------------------------------------------------------------------


def newest_date(years: Iterable[YearInputs]) -> date:
    """The newest date that the data speak of: what a site built from them is dated by."""
    days: set[str] = set()
    for inputs in years:
        year = inputs.assessment
        days.update((year.period.end.isoformat(), *year.dates.values()))
        days.update(decision.date for decision in year.decisions)
        days.update(correction.decided_on for correction in inputs.corrections)
        for submission in inputs.submissions.values():
            days.update(finding.date for finding in submission.findings)
    return date.fromisoformat(max(days))
