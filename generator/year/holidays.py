"""Which days people work: the yearly arrangements of holidays, and which of them a report needs.

A day counts as elsewhere in the country: nothing is assumed about a year without a file but that
it is wanted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from generator.engine.book import Rulebook
from generator.engine.facts import within
from generator.engine.problem import Location, Message, Problem, Severity
from generator.engine.records import due, listed, lookup, moment
from generator.engine.year import Calendar, InputFile, Record, Submission
from generator.reading.files import Kind
from generator.reading.source import Check, Fault, all_placed
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
    arrangements = files.of(Kind.HOLIDAYS)
    inputs = {file.year: InputFile(file.path, "") for file in arrangements}
    for file, document in documents_of(files, arrangements, problems).items():
        inputs[file.year] = used(document)
        faults = [*_faults(document.value, file.year)]
        checks.append((document, faults))
        if not any(fault.severity is Severity.ERROR for fault in faults):
            free.update(map(date.fromisoformat, document.value[_HOLIDAYS]))
            busy.update(map(date.fromisoformat, document.value[_WORKDAYS]))
            sound.add(file.year)
    problems += all_placed(checks)
    return Holidays(Calendar(frozenset(free), frozenset(busy), frozenset(sound)), inputs)


# --- what is wrong with an arrangement ------------------------------------------------


def _faults(value: Mapping[str, Any], year: int) -> Iterator[Fault]:
    yield from misnamed(value, year=year)
    days = [(key, number) for key in (_HOLIDAYS, _WORKDAYS) for number, _ in enumerate(value[key])]
    for key, number in days:
        keys, text = (key, number), value[key][number]
        if not is_date(text):
            yield from no_day(keys, text)
            continue
        args = {"date": text, "year": year}
        if text[:4] != str(year):
            yield Fault(keys, "date-outside-period", _OUTSIDE.about(args))
        is_weekend = date.fromisoformat(text).weekday() >= _SATURDAY
        if key == _WORKDAYS and text in value[_HOLIDAYS]:
            yield Fault(keys, "holiday-and-workday", _BOTH.about(args))
        elif is_weekend is (key == _HOLIDAYS):
            message = _IDLE[key].about(args)
            yield Fault(keys, "idle-holiday", message, severity=Severity.WARNING)


_OUTSIDE = Message("{date} is outside {year}; it belongs into the file of its year.")
_BOTH = Message("{date} is a holiday as well; delete it in one of the two lists.")
_IDLE = {
    _HOLIDAYS: Message("{date} is a weekend and needs no holiday; delete it."),
    _WORKDAYS: Message("{date} is no weekend, so people work anyway; delete it."),
}


# --- which years are needed -----------------------------------------------------------


def years_needed(
    submission: Submission, rulebook: Rulebook, calendar: Calendar
) -> dict[int, Record]:
    """The years that limits in working days touch, from start to due, with a record that does."""
    years: dict[int, Record] = {}
    parts = (None, *(part.id for part in rulebook.above.parts))
    for deadline in rulebook.deadlines:
        if deadline.unit != "working_days":
            continue
        lists = [listed(submission, (*within(part), *deadline.records)) for part in parts]
        for record in chain.from_iterable(lists):
            last = due(record, deadline, calendar)
            excused = deadline.excused and lookup(record.fields, deadline.excused) is not None
            if last is not None and not excused:
                start = int(moment(record, deadline.start)[:4])
                for year in range(start, last.year + 1):
                    years.setdefault(year, record)
    return years


@dataclass(slots=True)
class Needs:
    """Which arrangements the reports of each year have needed so far."""

    holidays: Holidays
    years: dict[int, set[int]] = field(default_factory=dict)
    _missing: dict[int, Problem] = field(default_factory=dict)

    def note(self, year: int, submissions: Iterable[Submission], rulebook: Rulebook) -> None:
        """Take in what the reports of a township for one year need.

        A missing file is one problem, and an error if any result rests on it.
        """
        for submission in submissions:
            needed = years_needed(submission, rulebook, self.holidays.calendar)
            self.years.setdefault(year, set()).update(needed)
            for number in needed.keys() - self.holidays.files.keys():
                # What lies beyond the year assessed cannot change its result: a limit that ends
                # there is still pending at the year's end, however many days of it are worked.
                severity = Severity.WARNING if number > year else Severity.ERROR
                known = self._missing.get(number)
                if known is None or (number <= year and known.severity is Severity.WARNING):
                    args = {"holidays": number, "record": needed[number].address, "year": year}
                    message = _MISSING.about({**args, "township": submission.township})
                    place = Location(f"data/holidays/{number}.yaml", 1, 1)
                    self._missing[number] = Problem(place, "missing-holidays", message, severity)

    def problems(self) -> list[Problem]:
        """Every arrangement that is needed and not there."""
        return [self._missing[number] for number in sorted(self._missing)]

    def files(self, year: int) -> tuple[InputFile, ...]:
        """The arrangements that a year's result rests on."""
        needed = sorted(self.years.get(year, ()))
        return tuple(self.holidays.files[n] for n in needed if n in self.holidays.files)


_MISSING = Message(
    "There is no data/holidays/{holidays}.yaml, but {record} of {township} in {year} "
    "counts working days there; write down when people work and when not."
)
