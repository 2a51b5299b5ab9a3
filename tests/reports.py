"""Reports that a township could send under the first rulebook, made up by hypothesis.

Every one of them is valid by the submission schema and by the checks beyond it.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from generator.engine.year import Finding, YearInputs
from tests.builders import finding, first_book, inputs, submission

YEAR = 2024
START, END = date(YEAR, 1, 1), date(YEAR, 12, 31)
MONTHS = [f"{YEAR}-{month:02}" for month in range(1, 13)]
QUARTERS = [f"{YEAR}-Q{quarter}" for quarter in range(1, 5)]
LEVELS = ["beijing", "province", "prefecture", "city"]
RECOGNISED = ["national", "province", "prefecture", "city"]
ORIGINS = [*RECOGNISED, "leader", "township"]
FACILITIES = ["office", "computer", "printer", "camera", "vehicle"]
DOCUMENT = "市人口计生信〔2024〕7号"


# A few dates come up often, so that days coincide, limits end on edges and the year turns.
EDGES = [START, END, date(YEAR, 2, 29), date(YEAR, 3, 1), date(YEAR, 11, 1), date(YEAR, 11, 2)]
days = st.sampled_from(EDGES) | st.dates(START, END)


def ids(letter: str, most: int) -> st.SearchStrategy[list[str]]:
    numbers = st.lists(st.integers(1, 120), unique=True, max_size=most)
    return numbers.map(lambda drawn: [f"{letter}-{number:02}" for number in drawn])


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    """All of them, mostly, or only some."""
    return st.just(values) | st.lists(st.sampled_from(values), unique=True)


@st.composite
def strandings(draw: st.DrawFn) -> dict[str, str]:
    at = datetime.combine(draw(days), datetime.min.time())
    at += timedelta(minutes=draw(st.sampled_from([0, 540]) | st.integers(0, 1439)))
    length = draw(st.sampled_from([None, 0, 1439, 1440, 1441]) | st.integers(0, 5000))
    stranded = {"notified": at.isoformat(timespec="minutes")}
    if length is not None:
        stranded["returned"] = (at + timedelta(minutes=length)).isoformat(timespec="minutes")
    return stranded


@st.composite
def exemptions(draw: st.DrawFn, event: Mapping[str, Any], persons: list[str]) -> dict[str, Any]:
    """A ground that holds for the event."""
    possible = ["review"]
    possible += [] if event["collective"] else ["consultation"]
    near = event["level"] in ("prefecture", "city") and not event["collective"]
    possible += ["within_deadline"] if near else []
    possible += ["groundless"] if persons else []
    ground = draw(st.sampled_from(possible))
    if ground == "groundless":
        levels = draw(st.permutations(["city", "prefecture", "province"]))
        documents = [{"level": level, "document": DOCUMENT} for level in levels]
        petitioner = draw(st.sampled_from(persons))
        return {"ground": ground, "petitioner": petitioner, "documents": documents}
    if ground == "within_deadline":
        later = date.fromisoformat(event["date"]) + timedelta(draw(st.integers(0, 90)))
        return {"ground": ground, "document": DOCUMENT, "deadline": later.isoformat()}
    return {"ground": ground, "document": DOCUMENT}


@st.composite
def visits(
    draw: st.DrawFn, name: str = "V-999", persons: list[str] | None = None, exempt: object = None
) -> dict[str, Any]:
    """One event; `exempt` True or False settles whether it is left out, None leaves it open."""
    event: dict[str, Any] = {
        "id": name,
        "date": draw(days).isoformat(),
        "level": draw(st.sampled_from(LEVELS)),
        "collective": draw(st.booleans()),
        "repeat": draw(st.booleans()),
    }
    if draw(st.integers(0, 2)) == 0:
        event["stranded"] = draw(strandings())
    if exempt is True or (exempt is None and draw(st.integers(0, 3)) == 0):
        event["exempt"] = draw(exemptions(event, persons or []))
    return event


@st.composite
def cases(draw: st.DrawFn, name: str) -> dict[str, Any]:
    filed = draw(days | st.dates(date(YEAR - 2, 6, 1), START))
    first = max(filed, START)
    case: dict[str, Any] = {"id": name, "filed": filed.isoformat()}
    case["origin"] = draw(st.sampled_from(ORIGINS))
    for field in ("leader_in_charge", "leader_signed", "agreement", "opinion", "archived"):
        case[field] = draw(st.booleans())
    on_limit = [filed + timedelta(n) for n in (29, 30, 31, 59, 60, 61)]
    likely = [day for day in on_limit if first <= day <= END]
    closed = st.dates(first, END) | (st.sampled_from(likely) if likely else st.nothing())
    if (day := draw(st.none() | closed)) is not None:
        case["closed"] = day.isoformat()
    if draw(st.integers(0, 5)) == 0:
        case["special"] = DOCUMENT
    return case


def articles() -> st.SearchStrategy[dict[str, str]]:
    kinds = st.sampled_from(["information", "case_analysis"])
    return st.fixed_dictionaries({"date": days.map(date.isoformat), "kind": kinds})


@st.composite
def reports(draw: st.DrawFn, township: str = "alder", most: int = 6) -> dict[str, Any]:
    persons = draw(ids("P", 3))
    difficult = draw(st.integers(0, 5))
    weeks = [(START + timedelta(7 * n)).isoformat() for n in range(52)]
    return {
        "township": township,
        "year": YEAR,
        "receptions": draw(st.sampled_from([0, 49, 50, 100]) | st.integers(0, 300)),
        "leadership": {
            "leading_group": draw(st.booleans()),
            "meetings": draw(some([f"{month}-08" for month in MONTHS])),
            "reception_days": draw(some(weeks)),
            "difficult_cases": difficult,
            "difficult_by_appointment": draw(st.integers(0, difficult)),
            "staff": draw(st.integers(0, 3)),
            "facilities": draw(some(FACILITIES)),
        },
        "work": {
            "city_meetings": draw(some(MONTHS)),
            "screening_reports": draw(some(MONTHS)),
            "statements": draw(some(QUARTERS)),
            "articles": draw(st.lists(articles(), max_size=3)),
            "register_complete": draw(st.booleans()),
        },
        "cases": [draw(cases(name)) for name in draw(ids("C", most))],
        "visits": [draw(visits(name, persons)) for name in draw(ids("V", most))],
        "long_term_petitioners": [
            {"id": name, "recognised_by": draw(st.sampled_from(RECOGNISED))} for name in persons
        ],
    }


@st.composite
def findings(draw: st.DrawFn, most: int = 3) -> tuple[Finding, ...]:
    """What an inspector found: above nought, at most the clause's points, two decimals."""
    findings = []
    for name in draw(ids("F", most)):
        clause = draw(st.sampled_from(list(first_book().rulebook.clauses())))
        points = f"{draw(st.integers(1, int(clause.points.value * 100)))}/100"
        findings.append(finding(name, points, draw(days).isoformat(), clause.id))
    return tuple(findings)


Sent = tuple[dict[str, Any], tuple[Finding, ...]]


def year_of(sent: Mapping[str, Sent]) -> YearInputs:
    """The year in which townships sent that; the one that is called zzz sent nothing."""
    submissions = {
        name: submission(facts, *findings, township=name)
        for name, (facts, findings) in sent.items()
    }
    return inputs(first_book().rulebook, submissions, missing=["zzz"], number=YEAR)


@st.composite
def city_years(draw: st.DrawFn, most: int = 6) -> dict[str, Sent]:
    """What the townships of a city sent, and what the office found, by township."""
    names = draw(st.lists(st.sampled_from("abcdefghijkl"), unique=True, max_size=most))
    sent = {name: (draw(reports(name, 2)), draw(findings(1))) for name in names}
    if len(names) > 1 and draw(st.booleans()):  # a tie for certain
        copied, findings_ = sent[names[0]]
        sent[names[1]] = ({**copied, "township": names[1]}, findings_)
    return sent
