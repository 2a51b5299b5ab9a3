"""The receipt of a final year: what its first published result was, and what it rested on.

Owns what a receipt holds, its bytes and its check code. It holds no sentence: results are ids,
ranks and exact amounts, so that another wording never breaks one. Must not say whether a tree
still agrees with it; `locked` does.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from generator.data.canonical import canonical
from generator.engine.amount import exact
from generator.engine.model import City, InputFile, Township, YearInputs
from generator.engine.problem import Text
from generator.engine.result import Adjustment, Charge, ClauseScore, SectionScore, Standing
from generator.reading.files import DataFile, Kind, classify

FORMAT = 1

CODE = "check_code"
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing in it is taken for something else when read from paper."""

_GROUPS, _IN_GROUP, _BITS = 3, 4, 5

Row = Mapping[str, Any]
"""Plain JSON data."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One year's; `townships` are results by the names that results.json has for them.

    `register` holds the entries of the townships assessed that year, by id as well.
    """

    year: int
    final: str
    city: Row
    engine: str
    rulebook: Row
    inputs: tuple[InputFile, ...]
    register: Mapping[str, Row]
    townships: Mapping[str, Row]

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


def path_of(year: int) -> str:
    """Where the receipt of a year stands."""
    return f"data/{year}/published.json"


def written(receipt: Receipt) -> bytes:
    """The bytes of its file: canonical JSON and one line feed, which editors and Git want."""
    return canonical(_object(receipt) | {CODE: receipt.code}) + b"\n"


def code_of(value: Row) -> str:
    """The check code of a receipt's content, whatever code stands in it."""
    digest = sha256(canonical({key: value[key] for key in value if key != CODE})).digest()
    signs = _GROUPS * _IN_GROUP
    number = int.from_bytes(digest, "big") >> (len(digest) * 8 - signs * _BITS)
    text = "".join(_DIGITS[number >> _BITS * n & 31] for n in reversed(range(signs)))
    return "-".join(text[n : n + _IN_GROUP] for n in range(0, signs, _IN_GROUP))


def content(data: bytes) -> Any:
    """What a file of canonical JSON and one line feed holds. Raises ValueError for any other."""
    text = data.decode("utf-8").replace("\r\n", "\n")
    try:
        value = json.loads(text)
        same = canonical(value) == text.removesuffix("\n").encode() and text.endswith("\n")
    except RecursionError as error:
        raise ValueError from error
    if not same:
        raise ValueError
    return value


def receipt_in(value: Row) -> Receipt:
    """The receipt that an object of the right shape is."""
    return Receipt(
        value["year"],
        value["final"],
        value["city"],
        value["engine"],
        value["rulebook"],
        tuple(InputFile(one["path"], one["sha256"]) for one in value["inputs"]),
        {one["id"]: one for one in value["register"]},
        {one["id"]: one for one in value["townships"]},
    )


def receipt_of(inputs: YearInputs, first: Iterable[Standing], city: City, engine: str) -> Receipt:
    """The receipt of a year with its first result; the year is final and says since when."""
    book, rows = inputs.rulebook, [result_row(standing) for standing in first]
    return Receipt(
        inputs.assessment.year,
        inputs.assessment.dates["final"],
        _text(city.name),
        engine,
        {"id": book.id, "version": book.version, "sha256": book.sha256},
        tuple(resting(inputs.files, inputs.assessment.year)),
        {one.id: entry(one) for one in sorted(inputs.townships, key=lambda one: one.id)},
        {row["id"]: row for row in rows},
    )


def _object(receipt: Receipt) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "year": receipt.year,
        "final": receipt.final,
        "city": receipt.city,
        "engine": receipt.engine,
        "rulebook": receipt.rulebook,
        "inputs": [{"path": file.path, "sha256": file.sha256} for file in receipt.inputs],
        "register": list(receipt.register.values()),
        "townships": list(receipt.townships.values()),
    }


# --- what a first result rests on -----------------------------------------------------


def resting(files: Iterable[InputFile], year: int) -> Iterator[InputFile]:
    """Of a year's files those that its first result rests on for good.

    Not the register, which goes on living (the entries used stand in the receipt); not the
    year's own corrections, which are later; not the holidays of years to come, which cannot
    change a result of this one.
    """
    for file in files:
        kind = classify(file.path)
        if isinstance(kind, DataFile) and not _outside(kind, year):
            yield file


def _outside(file: DataFile, year: int) -> bool:
    if file.kind is Kind.CORRECTION:
        return file.year == year
    return file.kind is Kind.TOWNSHIPS or (file.kind is Kind.HOLIDAYS and file.year > year)


def entry(township: Township) -> Row:
    """What a year's result and its pages take from the register.

    Neither `from` nor `until`: that it was assessed is said by its being here, and one that is
    dissolved later gets its `until` without touching the years before.
    """
    return {
        "id": township.id,
        "name": _text(township.name),
        "kind": township.kind,
        "group": township.group,
    }


# --- results --------------------------------------------------------------------------


def result_row(standing: Standing) -> Row:
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
        row["max"] = exact(card.total)
        excluded = [{"record": e.record.id, "ground": e.ground.id} for e in card.excluded]
        _put(row, "excluded", excluded)
        _put(row, "adjustments", [_adjustment(one) for one in card.adjustments])
        parts = [
            {"id": p.part, "score": exact(p.score), "band": p.band.id if p.band else None}
            for p in card.parts
        ]
        _put(row, "periods", parts)
    _put(row, "group", standing.group)
    _put(row, "band", standing.band.id if standing.band else None)
    paid = [{"id": one.payment.id, "amount": exact(one.amount)} for one in standing.payments]
    _put(row, "payments", paid)
    return row


def _put(row: dict[str, Any], key: str, value: object) -> None:
    if value:
        row[key] = value


def _section(score: SectionScore) -> Row:
    row: dict[str, Any] = {
        "id": score.section.id,
        "points": exact(score.points),
        "clauses": [_clause(clause) for clause in score.clauses],
    }
    if score.weight != 1:
        row["weight"] = exact(score.weight)
    _put(row, "period", score.part)
    return row


def _clause(score: ClauseScore) -> Row:
    row: dict[str, Any] = {"id": score.clause.id, "points": exact(score.points)}
    _put(row, "deductions", _charges(score.charges, "charged", award=False))
    _put(row, "awards", _charges(score.charges, "credited", award=True))
    return row


def _charges(charges: Sequence[Charge], taken: str, *, award: bool) -> list[Row]:
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


def _adjustment(adjustment: Adjustment) -> Row:
    row: dict[str, Any] = {"id": adjustment.id, "points": exact(adjustment.points)}
    if adjustment.charge is not None:
        _put(row, "records", list(adjustment.charge.deduction.records))
    return row


def _text(text: Text) -> Row:
    return {"zh": text.zh, "en": text.en}
