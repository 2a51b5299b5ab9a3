"""The receipt of a final year: what it holds and locks, and whether a tree still agrees with it.

It holds no sentence: results are ids, ranks and exact amounts, so that another wording never
breaks one. Works in a folder that holds nothing but the files of that year, without Git or
network.
"""

import json
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

import rfc8785

from generator import __version__
from generator.engine.measures import exact
from generator.engine.problem import Location, Message, Problem, Text
from generator.engine.rank import first_standings
from generator.engine.year import (
    Charge,
    City,
    InputFile,
    Objection,
    SectionScore,
    Standing,
    Township,
    YearInputs,
    YearResult,
)
from generator.reading.files import DataFile, Kind, classify
from generator.reading.slips import decode
from generator.reading.source import Fault, Keys, Spot
from generator.shape.schema import Files, Value, shape
from generator.year.office import DATES, demands, fields_in, misnamed, missing_ratings

FORMAT = 1

CODE = "check_code"
_CROCKFORD = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
"""From base 32 to Crockford's: nothing in it is mistaken for another sign when read from paper."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One year's; `townships` are results by the names that results.json has for them.

    `entries` are those of the townships assessed that year in the register, by id as well.
    """

    year: int
    final: str
    city: Value
    engine: str
    rulebook: Value
    inputs: tuple[InputFile, ...]
    entries: Mapping[str, Value]
    townships: Mapping[str, Value]

    @property
    def path(self) -> str:
        """Where it stands."""
        return path_of(self.year)

    @property
    def book_path(self) -> str:
        """Where the rulebook stands that it names."""
        return f"data/rulebooks/{self.rulebook['id']}/{self.rulebook['version']}/rulebook.yaml"

    @property
    def code(self) -> str:
        """The short code to compare with the printed one: 60 bits of what it holds."""
        return code_of(_object(self))


@dataclass(frozen=True, slots=True)
class Verified:
    """A receipt that has been computed again: whatever differs is a problem.

    `receipt` is None where the file is none. `corrections` were decided later and stand outside.
    """

    receipt: Receipt | None
    corrections: tuple[str, ...]
    problems: tuple[Problem, ...]


def path_of(year: int) -> str:
    """Where the receipt of a year stands."""
    return f"data/{year}/published.json"


def written(receipt: Receipt) -> bytes:
    """The bytes of its file: canonical JSON and one line feed, which editors and Git want."""
    return canonical(_object(receipt) | {CODE: receipt.code}) + b"\n"


def code_of(value: Value) -> str:
    """The check code of a receipt's content, whatever code stands in it."""
    digest = sha256(canonical({key: value[key] for key in value if key != CODE})).digest()
    signs = b32encode(digest).translate(_CROCKFORD).decode()
    return "-".join((signs[:4], signs[4:8], signs[8:12]))


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 has it, without an end of line. Raises ValueError for what it cannot be.

    Amounts are texts: a float is refused, though JSON could hold it.
    """
    if _holds_float(value):
        raise ValueError
    return rfc8785.dumps(value)


def _holds_float(value: Any) -> bool:
    if isinstance(value, dict | list | tuple):
        return any(map(_holds_float, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


def content(data: bytes) -> Any:
    """What a file of canonical JSON and one line feed holds. Raises ValueError for any other."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    try:
        value = json.loads(text)
        if f"{canonical(value).decode()}\n" != text:
            raise ValueError
    except RecursionError as error:
        raise ValueError from error
    return value


def receipt_in(value: Value) -> Receipt:
    """The receipt that an object of the right shape is."""
    read = {**value, "inputs": tuple(InputFile(**file) for file in value["inputs"])}
    read |= {"entries": _by_id(value["register"]), "townships": _by_id(value["townships"])}
    return Receipt(**fields_in(Receipt, read))


def receipt_of(inputs: YearInputs, first: Iterable[Standing], city: City, engine: str) -> Receipt:
    """The receipt of a year with its first result; the year is final and says since when."""
    book, year = inputs.rulebook, inputs.assessment.year
    return Receipt(
        year,
        inputs.assessment.dates["final"],
        asdict(city.name),
        engine,
        {"id": book.id, "version": book.version, "sha256": book.sha256},
        tuple(resting(inputs.files, year)),
        _by_id(map(entry, sorted(inputs.townships, key=lambda unit: unit.id))),
        _by_id(map(result_row, first)),
    )


def _by_id(rows: Iterable[Value]) -> dict[str, Value]:
    return {row["id"]: row for row in rows}


def _object(receipt: Receipt) -> dict[str, Any]:
    plain = ("year", "final", "city", "engine", "rulebook")
    return {name: getattr(receipt, name) for name in plain} | {
        "format": FORMAT,
        "inputs": [{"path": file.path, "sha256": file.sha256} for file in receipt.inputs],
        "register": list(receipt.entries.values()),
        "townships": list(receipt.townships.values()),
    }


# --- what a first result rests on -----------------------------------------------------


def resting(files: Iterable[InputFile], year: int) -> Iterator[InputFile]:
    """Of a year's files those that its first result rests on for good.

    Not the register, which goes on living (the entries used stand in the receipt); not the
    year's own corrections, which are later; not the holidays of years to come, which cannot
    change a result of this one.
    """
    for source in files:
        file = data_file(source.path)
        if file is None or file.kind is Kind.TOWNSHIPS:
            continue
        own_correction = file.kind is Kind.CORRECTION and file.year == year
        if not own_correction and (file.kind is not Kind.HOLIDAYS or file.year <= year):
            yield source


def entry(township: Township) -> Value:
    """What a year's result and its pages take from the register.

    Neither `from` nor `until`: that it was assessed is said by its being here, and one that is
    dissolved later gets its `until` without touching the years before.
    """
    return {
        "id": township.id,
        "name": asdict(township.name),
        "kind": township.kind,
        "group": township.group,
    }


# --- what is asked before a year is locked ---------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that must be so before a year is locked; `open` says what is still missing."""

    done: Message
    open: Message | None


def points(result: YearResult) -> Iterator[Point]:
    """What is asked before a year is locked for good."""
    inputs = result.inputs
    year, waiting = inputs.assessment, _waiting(result)
    message = None
    if year.status != "final":
        message = Message(
            "its status is {status}; once it is decided, write status: final into "
            "data/{year}/assessment.yaml",
            {"status": year.status, "year": year.year},
        )
    yield Point(Message("the year is final"), message)
    missing = tuple(name for name in DATES if name not in year.dates)
    message = Message("these dates are missing: {missing}", {"missing": missing})
    yield Point(Message("all dates are there"), message if missing else None)
    message = Message("a tie across a line waits for a decision: {units}", {"units": waiting})
    yield Point(Message("every tie across a line is decided"), message if waiting else None)
    asked = tuple(sorted(objection.id for objection in undecided(inputs)))
    message = Message("not decided yet: {objections}", {"objections": asked})
    yield Point(Message("every objection is decided"), message if asked else None)
    spoken = {entry.township for entry in year.unreported}
    silent = tuple(
        standing.township.name
        for standing in result.first
        if standing.scorecard is None and standing.township.id not in spoken
    )
    message = Message(
        "the office has not said what follows for who has not reported (unreported in "
        "data/{year}/assessment.yaml): {units}",
        {"units": silent, "year": year.year},
    )
    done = Message("for everybody who has not reported there is the office's word")
    yield Point(done, message if silent else None)
    wanted = demands(inputs.rulebook, inputs.townships)
    unrated = tuple(
        f"data/{year.year}/inspections/{name}.yaml"
        for name, submission in sorted(inputs.submissions.items())
        if any(missing_ratings(submission.ratings, inputs.rulebook, wanted[name]))
    )
    message = Message("ratings are missing in: {paths}", {"paths": unrated})
    yield Point(Message("everything left to discretion is rated"), message if unrated else None)


def _waiting(result: YearResult) -> tuple[object, ...]:
    """Those at a line, in the first result or as it stands now."""
    at_line = {line.undecided for line in result.inputs.rulebook.lines} - {None}
    standings = {
        s.township.id: s for s in (*result.first, *result.standings) if at_line & set(s.outcomes)
    }
    return tuple(standings[name].township.name for name in sorted(standings))


def undecided(inputs: YearInputs) -> list[Objection]:
    """The objections that neither a correction nor a change in an inspection answers."""
    answers = inputs.answers
    return [objection for objection in inputs.objections if objection.id not in answers]


# --- results --------------------------------------------------------------------------


def result_row(standing: Standing) -> Value:
    """A township's result; what its rulebook has no use for is left out."""
    card = standing.scorecard
    row: dict[str, Any] = {
        "id": standing.township.id,
        "submitted": card is not None,
        "score": exact(card.score) if card else None,
        "rank": standing.rank,
        "tied": standing.tied,
        "outcomes": list(standing.outcomes),
        "sections": [_section(section) for section in card.sections] if card else [],
    }
    if card is not None:
        row |= {"max": exact(card.total)} | _used(
            excluded=[{"record": e.record.id, "ground": e.ground.id} for e in card.excluded],
            adjustments=[
                {"id": a.id, "points": exact(a.points)}
                | _used(records=list(a.charge.deduction.records) if a.charge else None)
                for a in card.adjustments
            ],
            periods=[
                {"id": p.part, "score": exact(p.score), "band": p.band.id if p.band else None}
                for p in card.parts
            ],
        )
    return row | _used(
        group=standing.group,
        band=standing.band.id if standing.band else None,
        payments=[{"id": p.payment.id, "amount": exact(p.amount)} for p in standing.payments],
    )


def _used(**values: object) -> dict[str, object]:
    """Those that say something."""
    return {key: value for key, value in values.items() if value}


def _section(score: SectionScore) -> Value:
    clauses = [
        {"id": clause.clause.id, "points": exact(clause.points)}
        | _used(
            deductions=_charges(clause.charges, "charged", award=False),
            awards=_charges(clause.charges, "credited", award=True),
        )
        for clause in score.clauses
    ]
    row = {"id": score.section.id, "points": exact(score.points), "clauses": clauses}
    weight = exact(score.weight) if score.weight != 1 else None
    return row | _used(weight=weight, period=score.part)


def _charges(charges: Sequence[Charge], taken: str, *, award: bool) -> list[Value]:
    return [
        {
            "rule": charge.deduction.rule,
            "points": exact(charge.deduction.points),
            taken: exact(charge.points),
            "records": list(charge.deduction.records),
        }
        for charge in charges
        if charge.deduction.award is award
    ]


MOST_SHOWN = 6
"""So many differences of one township; who wants all of them compares the files."""

_ORDER = {"submitted": -4, "score": -3, "rank": -2, "points": -1} | dict.fromkeys(
    ("sections", "clauses", "adjustments", "excluded", "periods", "payments"), 1
)
"""What of a result is told first, as people ask, and what last; anything else between."""

_OF_A_YEAR = (Kind.ASSESSMENT, Kind.RANKING, Kind.REPORT, Kind.INSPECTION)


# --- receipts -------------------------------------------------------------------------


def receipts(files: Files) -> tuple[dict[int, Receipt], list[Problem]]:
    """The sound receipts of a tree by year, and what is wrong with the others."""
    sound, problems = dict[int, Receipt](), list[Problem]()
    for file in files.of(Kind.PUBLISHED):
        receipt, faulty = read_receipt(files, file)
        problems += faulty
        if receipt is not None and not faulty:
            sound[file.year] = receipt
    return sound, problems


def read_receipt(files: Files, file: DataFile) -> tuple[Receipt | None, list[Problem]]:
    """One receipt, None where the file holds none; and what was done to it."""
    place = Location(file.path, 1, 1)
    try:
        value = content(files.tree[file.path].read())
    except ValueError:
        message = Message(
            "This is not the receipt as «kaohe publish» wrote it, byte for byte; put the file back "
            "as it was published."
        )
        return None, [Problem(place, "receipt-altered", message)]
    shapeless = shape("published").problems(Spot(value, place))
    if shapeless:
        return None, shapeless
    problems = [
        Problem(replace(place, address="year"), fault.code, fault.message)
        for fault in misnamed(value, year=file.year)
    ]
    if value[CODE] != (code := code_of(value)):
        message = Message(
            "The check code {written} does not belong to what the receipt holds ({code}): one of "
            "the two was changed. Put the file back as it was published.",
            {"written": value[CODE], "code": code},
        )
        problems.append(Problem(replace(place, address=CODE), "receipt-altered", message))
    return receipt_in(value), problems


# --- files ----------------------------------------------------------------------------

_GONE = Message(
    "{year} has been published, its first result rests on this file ({receipt}), and the file "
    "is not there; put it back."
)
_NEW = Message(
    "{year} was published without this file, and its first result is locked "
    "({receipt}). Take the file out; what was wrong goes into {corrections}."
)
_OTHER = Message(
    "{year} has been published and this file is locked ({receipt}). Put it back as it was."
)
_OTHER_OF_A_YEAR = Message(
    "{year} has been published and this file is locked ({receipt}). Put it back as it was; "
    "what was wrong goes into {corrections}."
)
_OTHER_BOOK = Message(
    "{year} has been published by this rulebook, which is locked ({receipt}). Put it back "
    "as it was; what should change goes into a new version («kaohe rules new»)."
)


def file_problems(files: Files, receipt: Receipt) -> Iterator[Problem]:
    """Files that are not as they were when the year was published, or that are new."""
    kinds = {file.path: file.kind for file in files.listed}
    locked = {file.path: file.sha256 for file in receipt.inputs}
    locked[receipt.book_path] = receipt.rulebook["sha256"]
    messages: dict[str, Message] = {}
    for path, digest in locked.items():
        if path not in kinds:
            messages[path] = _GONE
            continue
        data = files.tree[path].read()
        text, _ = decode(path, data)
        if sha256(data if text is None else text.encode()).hexdigest() != digest:
            changed = _OTHER_OF_A_YEAR if kinds[path] in _OF_A_YEAR else _OTHER
            messages[path] = _OTHER_BOOK if path == receipt.book_path else changed
    years = {file.year for file in map(data_file, locked) if file} - {0}
    for file in files.of(*_OF_A_YEAR):
        if file.year in years and file.path not in locked:
            messages[file.path] = _NEW
    for path, message in messages.items():
        about = data_file(path)
        corrections = f"data/{(about and about.year) or receipt.year}/corrections"
        args = {"year": receipt.year, "receipt": receipt.path, "corrections": corrections}
        yield Problem(Location(path, 1, 1), "locked-file-changed", message.about(args))


def data_file(path: str) -> DataFile | None:
    """What a path says of its file, None where it is none of the data's."""
    file = classify(path)
    return file if isinstance(file, DataFile) else None


# --- the register ---------------------------------------------------------------------


def entry_faults(receipt: Receipt, city: City) -> Iterator[Fault]:
    """Townships of that year whose entry is another, or that are of that year no longer, or now.

    The faults are of the register.
    """
    entries = {unit.id: entry(unit) for unit in city.townships if unit.assessed_in(receipt.year)}
    numbers = {unit.id: number for number, unit in enumerate(city.townships)}
    for name in sorted({*entries, *receipt.entries}):
        if entries.get(name) == receipt.entries.get(name):
            continue
        args: dict[str, object] = {"township": name, "year": receipt.year, "receipt": receipt.path}
        if name not in entries:
            message = Message(
                "{year} has been published with «{township}», which is no longer registered for "
                "that year ({receipt}). Put its entry back; one that ends later is given its last "
                "year as until.",
                args,
            )
        elif name not in receipt.entries:
            message = Message(
                "{year} has been published without «{township}» ({receipt}); it can be assessed "
                "from a later year on: put that into from.",
                args,
            )
        else:
            message = Message(
                "{year} has been published, and this entry is locked ({receipt}): {differences}. "
                "Put it back; a township that has another name, kind or group from now on ends "
                "with until and begins again with an id of its own.",
                {**args, "differences": _differences(receipt.entries[name], entries[name])},
            )
        keys: Keys = ("townships", numbers[name]) if name in numbers else ("townships",)
        yield Fault(keys, "locked-entry-changed", message)


# --- results --------------------------------------------------------------------------


def result_problems(receipt: Receipt, inputs: YearInputs) -> Iterator[Problem]:
    """Townships whose first result, computed now, is not the one published."""
    now = _by_id(map(result_row, first_standings(inputs)))
    for name in sorted({*now, *receipt.townships}):
        old, new = receipt.townships.get(name, {}), now.get(name, {})
        if old != new:
            registered = receipt.entries.get(name)
            message = Message(
                "The first result of {township} in {year} is locked and would now be another: "
                "{differences} (published by kaohe {then}, computed by kaohe {now}).",
                {
                    "township": Text(**registered["name"]) if registered else name,
                    "year": receipt.year,
                    "differences": _differences(old, new),
                    "then": receipt.engine,
                    "now": __version__,
                },
            )
            place = Location(receipt.path, 1, 1, f"townships.{name}")
            yield Problem(place, "locked-result-differs", message)


def _differences(old: Value, new: Value) -> tuple[object, ...]:
    """The first few differences, each as address, old → new."""
    changes = tuple(_changes(old, new, ""))
    more = len(changes) - MOST_SHOWN
    rest = (Message("and {count} more", {"count": more}),) if more > 0 else ()
    return changes[:MOST_SHOWN] + rest


def _changes(old: Any, new: Any, at: str) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}, key=lambda key: (_ORDER.get(key, 0), key)):
            yield from _changes(old.get(key), new.get(key), f"{at}.{key}".lstrip("."))
    elif _are_records(old) and _are_records(new):
        before, after = _by_name(old), _by_name(new)
        for name in {**before, **after}:
            yield from _changes(before.get(name), after.get(name), f"{at}.{name}")
    elif old != new:
        yield f"{at} {_brief(old)} → {_brief(new)}"


def _are_records(value: object) -> bool:
    """Whether it is a list of records, or nothing, as an empty list is."""
    return value is None or (isinstance(value, list) and all(isinstance(v, Mapping) for v in value))


def _by_name(rows: Sequence[Value] | None) -> dict[str, Value]:
    """Records by their id and period, those without one by their number."""
    named = {}
    for number, row in enumerate(rows or (), start=1):
        name = row.get("id", row.get("record", str(number)))
        named[f"{row['period']} {name}" if "period" in row else name] = row
    return named


def _brief(value: object) -> str:
    """A value in a few words: a record by its rule or what it counts."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        words = (value.get(key) for key in ("rule", "points", "ground", "score", "amount"))
        return " ".join(str(word) for word in words if word is not None) or "…"
    if isinstance(value, list):
        return f"[{' '.join(map(_brief, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)
