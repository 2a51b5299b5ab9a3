"""On what a score rests, as a name: what has the same name has the same score.

Owns which contents, rules and dates go into a name. Must not read a file or judge.
"""

from hashlib import sha256

from generator.data.frame import Frame, YearFrame
from generator.data.load import compared
from generator.reading.files import DATA, SCHEMA
from generator.review.listed import Listed


def base_name(tree: Listed, frame: Frame, own: YearFrame) -> str:
    """Names what every score of a year rests on."""
    book, year = own.year.rulebook, own.year.assessment
    form = f"{SCHEMA}/{frame.books[book.id, book.version].schema}"
    holidays = [one for one in tree.office.items() if one[0].startswith(f"{DATA}/holidays/")]
    when = (year.period, sorted(year.dates.items()), year.status == "open")
    rules = (book.id, book.version, book.sha256, tree.office.get(form))
    return sha256(repr((when, rules, sorted(holidays))).encode()).hexdigest()


def township_name(base: str, tree: Listed, frame: Frame, own: YearFrame, township: str) -> str:
    """Names what one township's score rests on: its files, with what every score does."""
    sent = [f"{file.kind}:{blob}" for file, blob in tree.years[own.year.assessment.year][township]]
    corrected = [document.sha256 for _, document in own.year.corrections.get(township, ())]
    entry = frame.registered.get(township)
    who = f"{entry.group}/{entry.kind}/{entry.first_year}/{entry.last_year}" if entry else ""
    return " ".join((base, township, *sent, *corrected, who))


def year_name(tree: Listed, frame: Frame, year: int) -> str:
    """Names what scores rest on that are compared with each other, or with last year's."""
    found: list[str] = []
    for number in (year - 1, year) if compared(frame, year) else (year,):
        own = frame.years[number]
        base = base_name(tree, frame, own)
        sent = sorted(tree.years.get(number, {}))
        found += [township_name(base, tree, frame, own, township) for township in sent]
    return sha256("\n".join(found).encode()).hexdigest()
