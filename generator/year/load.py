"""A whole tree, read once: every problem, or every year's inputs.

Owns the order of reading (what the office has written, then one township at a time through all
its years) and what only shows between files. Must not write or print.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from generator.engine.book import looks_back
from generator.engine.problem import Message, Problem, Severity, errors
from generator.engine.rank import at_line, fields_of, scored
from generator.engine.records import listed, lookup
from generator.engine.year import (
    Assessment,
    City,
    Correction,
    InputFile,
    Objection,
    Ranking,
    Submission,
    Township,
    YearInputs,
)
from generator.reading.files import DataFile, Kind
from generator.reading.screen import REGISTER
from generator.reading.slips import meant, nearest
from generator.reading.source import Check, Document, Fault, all_placed
from generator.rulebook.books import Books, books, switchboards
from generator.shape.form import SUBMITTED
from generator.shape.schema import Files, documents_of, missing, used
from generator.year import examples, office
from generator.year.holidays import Holidays, Needs, holidays
from generator.year.office import missing_ratings
from generator.year.receipt import (
    Receipt,
    entry_faults,
    file_problems,
    receipts,
    result_problems,
)
from generator.year.report import Received, Year, received

Under = Mapping[int, tuple[str, int]]
"""By year, the id and version of a rulebook to read it under instead of its own."""

OWN: Under = {}


@dataclass(frozen=True, slots=True)
class YearFrame:
    """What the office says of one year, and the files that say it."""

    year: Year
    document: Document
    ranking: Ranking | None
    corrections: tuple[Correction, ...]
    objections: tuple[Objection, ...]
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class Library:
    """What many years share: rulebooks and holidays."""

    books: Books
    holidays: Holidays
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything but the townships' own files; `heirs` are those in whom another unit goes on."""

    register: Document
    city: City
    registered: Mapping[str, Township]
    books: Books
    years: Mapping[int, YearFrame]
    holidays: Holidays
    heirs: frozenset[str]


# --- what the office writes -----------------------------------------------------------

_BY_OFFICE = (
    *(Kind.TOWNSHIPS, Kind.OWNERS, Kind.ASSESSMENT),
    *(Kind.RANKING, Kind.CORRECTION, Kind.OBJECTION),
)


def library(files: Files) -> Library:
    """The rulebooks and holidays of a tree, and what is wrong with them."""
    problems: list[Problem] = []
    shelf = books(files, problems)
    return Library(shelf, holidays(files, problems), tuple(problems))


def frame(
    files: Files, under: Under = OWN, shared: Library | None = None
) -> tuple[Frame | None, list[Problem]]:
    """What the office has written, and its problems; None without a sound register.

    `under` names, by year, a rulebook to read it under instead of its own; `shared` is the
    library of the tree where it has been read already.
    """
    shelves = shared or library(files)
    problems, checks = [*files.problems, *shelves.problems], list[Check]()
    documents = documents_of(files, files.of(*_BY_OFFICE), problems)
    register = next((documents[file] for file in documents if file.kind is Kind.TOWNSHIPS), None)
    if register is None:
        message = Message("There is no register of townships; begin with «kaohe init».")
        absent = [] if files.of(Kind.TOWNSHIPS) else [missing(REGISTER, message)]
        return None, [*problems, *absent]
    city, years = office.city(register.value), dict[int, YearFrame]()
    for number in files.years():
        own = {file: documents[file] for file in documents if file.year == number}
        if not files.of(Kind.ASSESSMENT, year=number):
            message = Message(
                "The year {year} has no assessment.yaml; begin it with «kaohe new --year {year}».",
                {"year": number},
            )
            problems.append(missing(f"data/{number}/assessment.yaml", message))
        framed = _year(files, number, own, city, shelves.books, checks, under.get(number))
        if framed is not None:
            years[number] = replace(framed, files=(used(register), *framed.files))
    checks.append((register, office.register_faults(register.value)))
    checks.append((register, _ungrouped(city, years)))
    registered = {township.id: township for township in city.townships}
    heirs = frozenset(heir for unit in city.townships for heir in unit.successors)
    whole = Frame(register, city, registered, shelves.books, years, shelves.holidays, heirs)
    return whole, [*problems, *all_placed(checks)]


def _year(
    files: Files,
    number: int,
    own: Mapping[DataFile, Document],
    city: City,
    shelf: Books,
    checks: list[Check],
    instead: tuple[str, int] | None,
) -> YearFrame | None:
    """The year that the office's own files of it speak of; what they are asked goes to `checks`."""
    document = next((own[file] for file in own if file.kind is Kind.ASSESSMENT), None)
    if document is None:
        return None
    unusable = [*office.year_faults(document.value, number)]
    checks.append((document, (*unusable, *office.dates_faults(document.value))))
    if unusable:
        return None
    assessment = office.assessment(document)
    book = shelf.get(instead or (assessment.rulebook, assessment.version))
    if book is None:
        checks.append((document, () if instead else _no_book(assessment, files)))
        return None
    known = {unit.id: unit.name.zh for unit in city.townships if unit.assessed_in(number)}
    reported = {file.id for file in files.of(Kind.REPORT, year=number)}
    if not instead:
        checks.append((document, office.force_faults(assessment, book.rulebook)))
    checks.append((document, office.decision_faults(assessment.decisions, book.rulebook, known)))
    checks.append((document, office.unreported_faults(assessment, known, reported)))
    demands = office.demands(book.rulebook, city.townships)
    objections = {file.id for file in own if file.kind is Kind.OBJECTION}
    year = Year(assessment, book.rulebook, book.form, book.shape, {}, demands, objections)
    framed = YearFrame(year, document, None, (), (), (used(document),))
    for file, paper in own.items():
        framed, faults = _with_paper(framed, file, paper, known, reported)
        checks.append((paper, [*faults]))
    return framed


def _with_paper(
    framed: YearFrame, file: DataFile, paper: Document, known: office.Names, reported: set[str]
) -> tuple[YearFrame, Iterable[Fault]]:
    """The year with one more of the office's papers, and what is wrong with that."""
    year, book = framed.year.assessment, framed.year.rulebook
    if file.kind is Kind.OBJECTION:
        objection = office.objection(paper, file.id)
        faults = office.objection_faults(objection, paper.value, year, book, known)
        return replace(framed, objections=(*framed.objections, objection)), faults
    if file.kind is Kind.RANKING:
        framed = replace(framed, ranking=office.ranking(paper), files=(*framed.files, used(paper)))
        return framed, office.ranking_faults(paper.value, year.year, known, book)
    if file.kind is not Kind.CORRECTION:
        return framed, ()
    correction, about = office.correction(paper, file.id), dict(framed.year.corrections)
    about[correction.township] = (*about.get(correction.township, ()), (correction, paper))
    framed = replace(
        framed,
        year=replace(framed.year, corrections=about),
        corrections=(*framed.corrections, correction),
        files=(*framed.files, used(paper)),
    )
    return framed, (
        *office.correction_faults(correction, year, book, known, reported),
        *office.decision_faults(correction.decisions, book, known),
        *office.answer_faults((), correction.objection, framed.year.objections),
    )


def _ungrouped(city: City, years: Mapping[int, YearFrame]) -> Iterator[Fault]:
    """Units of the register that the rulebook of a year has no group for, once a rulebook.

    Such a unit is asked what is said of no group, and where groups rank apart, ranks alone.
    """
    seen: set[tuple[str, str, int]] = set()
    for number, framed in years.items():
        book, grouping = framed.year.rulebook, framed.year.rulebook.above.grouping
        for index, unit in enumerate(city.townships if grouping else ()):
            about = (unit.id, book.id, book.version)
            grouped = framed.year.demands[unit.id].group
            if grouping is None or grouped or about in seen or not unit.assessed_in(number):
                continue
            seen.add(about)
            args = {"name": unit.name, "rulebook": f"{book.id} {book.version}"}
            groups = tuple(group.id for group in grouping.groups)
            message = Message(
                "{name} is in no group of the rulebook {rulebook} of {year}; give it a «{by}» "
                "that is one of: {groups}.",
                {**args, "year": number, "by": grouping.by, "groups": groups},
            )
            keys = ("townships", index, grouping.by)
            yield Fault(keys, "unit-without-group", message, severity=Severity.WARNING)


def _no_book(assessment: Assessment, files: Files) -> Iterator[Fault]:
    """A rulebook that is not there; what is wrong with one that is has been told."""
    there = sorted((entry.id, entry.version) for entry in files.of(Kind.RULEBOOK))
    if (assessment.rulebook, assessment.version) not in there:
        message = Message(
            "There is no rulebook {id}, version {version}; there are: {known}",
            {
                "id": assessment.rulebook,
                "version": assessment.version,
                "known": tuple(f"{name} {version}" for name, version in there) or ("-",),
            },
        )
        names = [f"{name} {version}" for name, version in there]
        near = nearest(f"{assessment.rulebook} {assessment.version}", names)
        yield Fault(("rulebook",), "unknown-rulebook", meant(message, near))


Track = Callable[[Sequence[Any]], Iterable[Any]]
"""Passes the items through, telling somebody how far it is."""


class HandedIn(NamedTuple):
    """A report that is there; `day` is when it came, if it says so. `pending`: it has not come."""

    pending: bool
    day: str | None


@dataclass(frozen=True, slots=True)
class Loaded:
    """A tree with a sound register: the city, its rulebooks by id and version, its sound years.

    The years stand oldest first, `receipts` are those of the published ones, `statuses` those of
    all whose assessment can be read. `rests` says, of every year that has a file, how the paths
    begin of what its result rests on: an error in one of them withholds it (`withheld`, where its
    own file can be read), and then stands in
    `faulty`. `collected` says of every year whose reports are there, by unit.
    """

    register: Document
    city: City
    books: Books
    holidays: Holidays
    years: tuple[YearInputs, ...]
    receipts: Mapping[int, Receipt]
    statuses: Mapping[int, str]
    rests: Mapping[int, tuple[str, ...]]
    collected: Mapping[int, Mapping[str, HandedIn]] = field(default_factory=dict)
    faulty: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    withheld: tuple[YearInputs, ...] = ()

    @property
    def collecting(self) -> list[YearInputs]:
        """The years of which it can be told who has reported, sound or not: the open ones too."""
        shown = (i for i in self.withheld if i.assessment.status == "open")
        return sorted((*self.years, *shown), key=lambda inputs: inputs.assessment.year)

    def errors(self) -> list[Problem]:
        """Every error that withholds a year."""
        return list({id(p): p for wrong in self.faulty.values() for p in wrong}.values())

    def without(self, problems: Iterable[Problem]) -> "Loaded":
        """The same without the years that errors among these problems withhold."""
        wrong, faulty = errors(problems), dict(self.faulty)
        for number, paths in self.rests.items():
            # No result rests on what somebody objects to.
            near = (p for p in wrong if "/objections/" not in p.location.path)
            own = tuple(p for p in near if p.location.path.startswith(paths))
            if own:
                faulty[number] = (*faulty.get(number, ()), *own)
        years = tuple(i for i in self.years if i.assessment.year not in faulty)
        lost = tuple(i for i in self.years if i.assessment.year in faulty)
        return replace(self, years=years, faulty=faulty, withheld=(*self.withheld, *lost))


@dataclass(frozen=True, slots=True)
class TownshipYear:
    """What a township's files of one year come to; `received` is None without a sound report.

    `pending`: the year is open and the report has not been handed in, so that what it still lacks
    is no mistake.
    """

    number: int
    received: Received | None
    report: Document | None
    files: tuple[InputFile, ...]
    misread: tuple[Problem, ...]
    shapeless: tuple[Problem, ...]
    checks: tuple[Check, ...]
    pending: bool = False

    def problems(self) -> list[Problem]:
        """Everything that is wrong in the files."""
        problems = [*self.shapeless, *all_placed(self.checks)]
        if self.pending and self.report:
            path = self.report.path
            problems = [
                replace(problem, severity=Severity.NOTE)
                if problem.location.path == path
                else problem
                for problem in problems
            ]
        return [*self.misread, *problems]


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
    return checked(files, track)[0]


def checked(
    files: Files, track: Track = iter
) -> tuple[list[Problem], Mapping[int, Mapping[str, HandedIn]]]:
    """Every problem of the tree, and which reports are there, by year and unit."""
    loaded, problems = _read(files, track, keep=False)
    switchboards(files, loaded.books if loaded else {}, problems)
    if loaded is None:
        return problems, {}
    unproven = examples.unproven(files, loaded.books, loaded.holidays)
    return [*problems, *unproven], loaded.collected


def load(
    files: Files, track: Track = iter, *, under: Under = OWN, locks: bool = True
) -> tuple[Loaded | None, list[Problem]]:
    """All sound years of the tree, None without a sound register; and every problem.

    Whether the worked examples of the rulebooks hold is not asked: see `examples.unproven`.

    `under` names, by year, a rulebook to read it under instead of its own; then, and without
    `locks`, nobody asks whether published years are still as they were.
    """
    loaded, problems = _read(files, track, under, locks=locks and not under)
    return loaded and loaded.without(problems), problems


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
    needs, kept, ended, begun = Needs(framed.holidays), dict[int, Kept](), Last(), Last()
    wanted = {*framed.years} if keep else _needed_to_the_end(framed, published)
    collected: dict[int, dict[str, HandedIn]] = {}
    for entries in track(list(by_township(files.listed).values())):
        for sent in _township(files, framed, entries, ended, begun):
            problems += sent.problems()
            collected.setdefault(sent.number, {}).update(_handed_in(framed, entries, sent))
            if sent.received is not None:
                both = (sent.received.current, sent.received.first)
                needs.note(sent.number, both, framed.years[sent.number].year.rulebook)
            if sent.number in wanted:
                kept.setdefault(sent.number, Kept()).add(sent)
    problems += needs.problems()
    checks: list[Check] = [*_not_taken_over(framed, ended, begun)]
    for receipt in published.values() if locks else ():
        changed, faults = _locked(files, framed, receipt)
        problems += changed
        checks += faults
    loaded = Loaded(
        framed.register,
        framed.city,
        framed.books,
        framed.holidays,
        tuple(inputs_of(framed, number, kept, needs) for number in sorted(framed.years)),
        published,
        {number: own.year.assessment.status for number, own in framed.years.items()},
        {number: _rests(framed, number, needs) for number in files.years()},
        collected,
    )
    # Only sound facts can be judged, and without a result no decision is idle.
    wrong = {problem.location.path for problem in errors(problems)}
    wrong |= {document.path for document, faults in checks if _has_errors(faults)}
    for inputs in loaded.years:
        number = inputs.assessment.year
        if not any(path.startswith(loaded.rests[number]) for path in wrong):
            checks.append((framed.years[number].document, [*_idle_decisions(inputs)]))
            if locks and number in published:
                problems += result_problems(published[number], inputs)
    return loaded, [*problems, *all_placed(checks)]


def _has_errors(faults: Iterable[Fault]) -> bool:
    return any(fault.severity is Severity.ERROR for fault in faults)


def _rests(frame: Frame, number: int, needs: Needs) -> tuple[str, ...]:
    """How the paths begin of what a year's result rests on."""
    paths, own = [REGISTER, f"data/{number}/"], frame.years.get(number)
    if own is None:
        return (*paths, "data/rulebooks/", "schema/")
    book = own.year.rulebook
    folder = f"data/rulebooks/{book.id}/{book.version}"
    form = frame.books[book.id, book.version].schema
    paths += [f"{folder}/rulebook.yaml", f"{folder}/examples/", f"schema/{form}"]
    paths += [f"data/holidays/{year}.yaml" for year in needs.years.get(number, ())]
    if looks_back(book) and compared(frame, number):
        paths.append(f"data/{number - 1}/")
    return tuple(paths)


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
        objections=own.objections,
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
            late = (c.id for c in last.corrections if c.location.path not in paths)
            years[number - 1] = replace(last, year=replace(last.year, later=frozenset(late)))
    return replace(frame, years=years)


# --- one township ---------------------------------------------------------------------


def by_township(files: Iterable[DataFile]) -> dict[str, list[DataFile]]:
    """The reports and inspections of each township over the years, oldest first."""
    grouped: dict[str, list[DataFile]] = {}
    for file in files:
        if file.kind in (Kind.REPORT, Kind.INSPECTION):
            grouped.setdefault(file.id, []).append(file)
    return {township: grouped[township] for township in sorted(grouped)}


Last = dict[str, tuple[Year, Submission, Document]]
"""What units that ended with the year before had reported then, by unit."""


def _township(
    files: Files, frame: Frame, entries: Sequence[DataFile], ended: Last, begun: Last
) -> Iterator[TownshipYear]:
    """One township's years, oldest first.

    The last year of a unit that has ended goes to `ended`, the first one of a unit that others go
    on in to `begun`: the open cases of one are found in the other when all have been read.
    """
    before: tuple[Year, Submission] | None = None
    unit = frame.registered.get(entries[0].id)
    for number in sorted({entry.year for entry in entries}):
        sent = township_year(files, frame, [entry for entry in entries if entry.year == number])
        report = sent.report
        if sent.received is not None and report is not None and unit is not None:
            year, current = frame.years[number].year, sent.received.current
            missing = (report, _not_carried_over(before, year, current))
            sent = replace(sent, checks=(*sent.checks, missing))
            before = (year, current)
            if number == unit.last_year:
                ended[unit.id] = (year, current, report)
            if unit.id in frame.heirs:
                begun[f"{unit.id} {number}"] = (year, current, report)
        yield sent


def _not_taken_over(frame: Frame, ended: Last, begun: Last) -> Iterator[Check]:
    """Records still open when a unit ended that none of those who go on in its place reports."""
    for name, (last, sent, report) in ended.items():
        number, heirs = last.assessment.year + 1, frame.registered[name].successors
        if number not in frame.years:
            continue
        now = [begun[f"{heir} {number}"] for heir in heirs if f"{heir} {number}" in begun]
        if len(now) < len(heirs):
            continue  # who has not reported yet may still do so
        message = Message(
            "{record} of {unit} was still open when that ended with {year} and is missing "
            "here; carry it over, or close it in the last report of {unit}."
        )
        if not now:
            message = Message(
                "{record} is still open, and {unit} ends with {year}: say in "
                "data/townships.yaml who carries on (successor), or close it here."
            )
        year, reported = frame.years[number].year, [submission for _, submission, _ in now]
        faults = [*_dropped((last, sent), year, reported, message.about({"unit": name}))]
        for document in [paper for _, _, paper in now] or [report]:
            yield document, faults


def township_year(files: Files, frame: Frame, entries: Sequence[DataFile]) -> TownshipYear:
    """A township's report and inspection of one year, read and checked; at least one of them."""
    problems: list[Problem] = []
    number, township = entries[0].year, frame.registered.get(entries[0].id)
    read = documents_of(files, entries, problems)
    checks: list[Check] = [(read[file], _unregistered(frame, file)) for file in read]
    if number not in frame.years:
        return TownshipYear(number, None, None, (), tuple(problems), (), tuple(checks))
    year, documents = frame.years[number].year, {file.kind: read[file] for file in read}
    report, inspection = documents.get(Kind.REPORT), documents.get(Kind.INSPECTION)
    broken = inspection is None and any(entry.kind is Kind.INSPECTION for entry in entries)
    if broken:
        year = replace(year, corrections={})  # they may speak of what the broken one says
    wanted = year.demands[entries[0].id if township else ""]
    both, wrong, more = received(year, entries[0].id, report, inspection, wanted)
    checks += more
    if both is not None and report is not None and not broken and year.assessment.status != "open":
        missing = missing_ratings(both.current.ratings, year.rulebook, wanted)
        checks.append((inspection or report, missing))
    pending = report is not None and is_pending(year.assessment, report)
    return TownshipYear(
        number,
        None if pending else both,
        report,
        tuple(map(used, read.values())),
        tuple(problems),
        tuple(wrong),
        tuple(checks),
        pending,
    )


def is_pending(year: Assessment, report: Document) -> bool:
    """Whether a report is still being filled in: in an open year until it says when it was sent."""
    handed_in = isinstance(report.value, Mapping) and report.value.get(SUBMITTED) is not None
    return year.status == "open" and not handed_in


def _handed_in(
    frame: Frame, entries: Sequence[DataFile], sent: TownshipYear
) -> Mapping[str, HandedIn]:
    """How far a unit's report is, if it is there; in an open year a misread one is pending."""
    if all(entry.kind is not Kind.REPORT or entry.year != sent.number for entry in entries):
        return {}
    own, value = frame.years.get(sent.number), sent.report.value if sent.report else None
    day = value.get(SUBMITTED) if isinstance(value, Mapping) else None
    unread = sent.report is None and own is not None and own.year.assessment.status == "open"
    dated = isinstance(day, str) and office.is_date(day)
    return {entries[0].id: HandedIn(sent.pending or unread, day if dated else None)}


def _unregistered(frame: Frame, entry: DataFile) -> Iterator[Fault]:
    township = frame.registered.get(entry.id)
    if township is None or not township.assessed_in(entry.year):
        message = Message(
            "«{township}» is not registered in data/townships.yaml for {year}; "
            "register it there, or put its years right.",
            {"township": entry.id, "year": entry.year},
        )
        near = None if township else nearest(entry.id, frame.registered)
        yield Fault(("township",), "unregistered-township", meant(message, near))


def _not_carried_over(
    before: tuple[Year, Submission] | None, year: Year, now: Submission
) -> Iterator[Fault]:
    """A record still open at the end of the last year belongs into this year's report."""
    if before is not None and before[0].assessment.year == year.assessment.year - 1:
        message = Message(
            "{record} was still open at the end of {year} and is missing here; "
            "carry it over, or close it in last year's report."
        )
        yield from _dropped(before, year, [now], message)


def _dropped(
    before: tuple[Year, Submission], year: Year, now: Sequence[Submission], message: Message
) -> Iterator[Fault]:
    """Records still open at the end of the year before that nobody in `now` has."""
    last, sent = before
    for deadline in last.rulebook.deadlines:
        if not deadline.carried_over or deadline.records not in year.rulebook.records:
            continue
        here = {record.id for each in now for record in listed(each, deadline.records)}
        for record in listed(sent, deadline.records):
            if lookup(record.fields, deadline.end) is None and record.id not in here:
                args = {**message.args, "record": record.id, "year": last.assessment.year}
                yield Fault(
                    deadline.records,
                    "not-carried-over",
                    message.about(args),
                    at_key=True,
                    severity=Severity.WARNING,
                )


# --- published years ------------------------------------------------------------------


def _locked(files: Files, frame: Frame, receipt: Receipt) -> tuple[list[Problem], list[Check]]:
    """What has been changed of the files, the status and the entries that a year rests on."""
    checks: list[Check] = [(frame.register, [*entry_faults(receipt, frame.city)])]
    problems, framed = list(file_problems(files, receipt)), frame.years.get(receipt.year)
    status = framed.year.assessment.status if framed else "final"
    if framed and status != "final":
        message = Message(
            "{year} has been published as final ({receipt}) and cannot go back to {status}; "
            "what was wrong goes into data/{year}/corrections.",
            {"year": receipt.year, "receipt": receipt.path, "status": status},
        )
        checks.append((framed.document, [Fault(("status",), "receipt-not-final", message)]))
        problems = [p for p in problems if p.location.path != framed.document.path]
    return problems, checks


# --- decisions ------------------------------------------------------------------------


def _idle_decisions(inputs: YearInputs) -> Iterator[Fault]:
    """Decisions about a line at which nobody stands, or about townships not standing there."""
    decisions = inputs.assessment.decisions
    # They were taken before any correction.
    fields = fields_of(inputs, scored(inputs, inputs.first_submissions)) if decisions else ()
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
