"""Which days people work: the yearly arrangements of holidays, and which of them a report needs.

A day counts as elsewhere in the country: nothing is assumed about a year without a file but that
it is wanted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from generator.engine.book import Deadline, Rulebook
from generator.engine.facts import PARTS
from generator.engine.problem import Location, Message, Problem, Severity
from generator.engine.records import due, listed, lookup, moment
from generator.engine.year import Calendar, InputFile, Record, Submission
from generator.reading.files import Kind
from generator.reading.source import Check, Fault, Keys, all_placed
from generator.shape.schema import Files, documents_of, used
from generator.year.office import is_date, misnamed, no_day

_HOLIDAYS, _WORKDAYS = "holidays", "workdays"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Holidays:
    """The calendar of all files, and the file of each year that has one, sound or not."""

    calendar: Calendar
    files: Mapping[int, InputFile]


def holidays(files: Files, problems: list[Problem]) -> Holidays:
    """All arrangements of the tree; what is wrong with them goes to `problems`."""
    free, busy, sound, checks = set[date](), set[date](), set[int](), list[Check]()
    wanted = files.of(Kind.HOLIDAYS)
    known = {file.year: InputFile(file.path, "") for file in wanted}
    for file, document in documents_of(files, wanted, problems).items():
        known[file.year] = used(document)
        faults = [*_faults(document.value, file.year)]
        checks.append((document, faults))
        if not any(fault.severity is Severity.ERROR for fault in faults):
            free.update(map(date.fromisoformat, document.value[_HOLIDAYS]))
            busy.update(map(date.fromisoformat, document.value[_WORKDAYS]))
            sound.add(file.year)
    problems += all_placed(checks)
    return Holidays(Calendar(frozenset(free), frozenset(busy), frozenset(sound)), known)


# --- what is wrong with an arrangement ------------------------------------------------


def _faults(value: Mapping[str, Any], year: int) -> Iterator[Fault]:
    yield from misnamed(value, year=year)
    for key in (_HOLIDAYS, _WORKDAYS):
        for number, text in enumerate(value[key]):
            yield from _day_faults(value, (key, number), text, year)


def _day_faults(value: Mapping[str, Any], keys: Keys, text: str, year: int) -> Iterator[Fault]:
    """What is wrong with one day of a list."""
    args = {"date": text, "year": year}
    if not is_date(text):
        yield from no_day(keys, text)
        return
    if text[:4] != str(year):
        message = Message("{date} is outside {year}; it belongs into the file of its year.", args)
        yield Fault(keys, "date-outside-period", message)
    if keys[0] == _WORKDAYS and text in value[_HOLIDAYS]:
        message = Message("{date} is a holiday as well; delete it in one of the two lists.", args)
        yield Fault(keys, "holiday-and-workday", message)
        return
    weekend = date.fromisoformat(text).weekday() >= _SATURDAY
    if weekend and keys[0] == _HOLIDAYS:
        message = Message("{date} is a weekend and needs no holiday; delete it.", args)
        yield Fault(keys, "idle-holiday", message, severity=Severity.WARNING)
    if not weekend and keys[0] == _WORKDAYS:
        message = Message("{date} is no weekend, so people work anyway; delete it.", args)
        yield Fault(keys, "idle-holiday", message, severity=Severity.WARNING)


# --- which years are needed -----------------------------------------------------------


def years_needed(
    submission: Submission, rulebook: Rulebook, calendar: Calendar
) -> dict[int, Record]:
    """The years that limits in working days touch, from start to due, with a record that does."""
    found: dict[int, Record] = {}
    for deadline in rulebook.deadlines:
        if deadline.unit == "working_days":
            for record in _records(submission, rulebook, deadline):
                last = due(record, deadline, calendar)
                excused = deadline.excused and lookup(record.fields, deadline.excused) is not None
                if last is not None and not excused:
                    start = int(moment(record, deadline.start)[:4])
                    for year in range(start, last.year + 1):
                        found.setdefault(year, record)
    return found


def _records(submission: Submission, rulebook: Rulebook, deadline: Deadline) -> Iterator[Record]:
    """The records under a deadline, of the year and of every period inside it."""
    yield from listed(submission, deadline.records)
    for part in rulebook.above.parts:
        yield from listed(submission, (PARTS, part.id, *deadline.records))


@dataclass(slots=True)
class Needs:
    """Which arrangements the reports of each year have needed so far."""

    holidays: Holidays
    years: dict[int, set[int]] = field(default_factory=dict)
    _missing: dict[int, Problem] = field(default_factory=dict)

    def note(self, year: int, submissions: Iterable[Submission], rulebook: Rulebook) -> None:
        """Take in what the reports of a township for one year need."""
        for submission in submissions:
            needed = years_needed(submission, rulebook, self.holidays.calendar)
            self.years.setdefault(year, set()).update(needed)
            for number in needed.keys() - self.holidays.files.keys():
                self._miss(number, year, submission, needed[number])

    def _miss(self, number: int, year: int, submission: Submission, record: Record) -> None:
        """Told once for each file that is missing, as an error if any result rests on it.

        What lies beyond the year assessed cannot change its result: a limit that ends there is
        still pending at the year's end, however many days of it are worked.
        """
        severity = Severity.WARNING if number > year else Severity.ERROR
        known = self._missing.get(number)
        if known is None or (known.severity, severity) == (Severity.WARNING, Severity.ERROR):
            args = {"holidays": number, "record": record.address, "year": year}
            message = Message(
                "There is no data/holidays/{holidays}.yaml, but {record} of {township} in {year} "
                "counts working days there; write down when people work and when not.",
                {**args, "township": submission.township},
            )
            place = Location(f"data/holidays/{number}.yaml", 1, 1)
            self._missing[number] = Problem(place, "missing-holidays", message, severity)

    def problems(self) -> list[Problem]:
        """Every arrangement that is needed and not there."""
        return [self._missing[number] for number in sorted(self._missing)]

    def files(self, year: int) -> tuple[InputFile, ...]:
        """The arrangements that a year's result rests on."""
        needed = sorted(self.years.get(year, ()))
        return tuple(self.holidays.files[n] for n in needed if n in self.holidays.files)
