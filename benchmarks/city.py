"""A generated city of any size: reports of about a hundred lines, the same for the same seed.

Owns what such a report looks like. Fictional throughout.
"""

import random
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

YEAR = 2025
ORIGINS = ("national", "province", "prefecture", "leader", "city", "township")
LEVELS = ("beijing", "province", "prefecture", "prefecture", "city", "city")
FIRST = date(YEAR, 1, 1)
SCHEMA = "submissions/family-planning-petitions/1.schema.json"

ASSESSMENT = f"""\
# yaml-language-server: $schema=../../schema/assessment.schema.json
year: {YEAR}
rulebook: family-planning-petitions
version: 1
period: {{from: {YEAR}-01-01, to: {YEAR}-12-31}}
status: provisional
dates:
  submit_by: {YEAR + 1}-01-10
  published: {YEAR + 1}-02-01
  objections_until: {YEAR + 1}-02-10
"""


def write_city(root: Path, home: Path, townships: int, seed: int = 1) -> list[Path]:
    """A city below `root` with so many townships; `home` is where its rulebook comes from."""
    book = Path("data", "rulebooks", "family-planning-petitions")
    shutil.copytree(home / book, root / book)
    folder = root / "data" / str(YEAR) / "townships"
    folder.mkdir(parents=True)
    (folder.parent / "assessment.yaml").write_text(ASSESSMENT, encoding="utf-8")
    names = [f"township-{number:05}" for number in range(townships)]
    (root / "data" / "townships.yaml").write_text(_register(names), encoding="utf-8")
    written = []
    for number, name in enumerate(names):
        path = folder / f"{name}.yaml"
        lines = _report(name, random.Random(f"{seed} {number}"))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _register(names: list[str]) -> str:
    head = [
        "city: {zh: 示例市, en: Shili City}",
        "office: {zh: 信访科, en: Petition Section}",
        "demonstration: true",
        "townships:",
    ]
    rows = [
        f"  - {{id: {name}, name: {{zh: 第{number}乡, en: Township {number}}}, "
        f"kind: township, from: 2023}}"
        for number, name in enumerate(names, start=1)
    ]
    return "\n".join([*head, *rows]) + "\n"


def _report(name: str, chance: random.Random) -> Iterator[str]:
    months = [f"{YEAR}-{month:02}" for month in range(1, 13)]
    yield f"# yaml-language-server: $schema=../../../schema/{SCHEMA}"
    yield from (f"township: {name}", f"year: {YEAR}", f"receptions: {chance.randint(40, 200)}")
    yield from ("leadership:", "  leading_group: true", "  meetings:")
    yield from (f"    - {month}-08" for month in months if chance.random() < 0.95)
    yield from ("  reception_days:", *_wrapped(_weekly(chance)))
    yield from ("  difficult_cases: 4", "  difficult_by_appointment: 4", "  staff: 2")
    yield "  facilities: [office, computer, printer, camera, vehicle]"
    yield from ("work:", f"  city_meetings: [{', '.join(months)}]")
    yield f"  screening_reports: [{', '.join(m for m in months if chance.random() < 0.97)}]"
    yield f"  statements: [{', '.join(f'{YEAR}-Q{quarter}' for quarter in range(1, 5))}]"
    yield from ("  articles:", f"    - {{date: {YEAR}-05-10, kind: information}}")
    yield from (f"    - {{date: {YEAR}-09-02, kind: case_analysis}}", "  register_complete: true")
    yield "cases:"
    for number in range(1, 5):
        yield from _filed(number, chance)
    yield "visits:"
    for number in range(1, chance.randint(4, 6)):
        yield from _travelled(number, chance)
    yield from ("long_term_petitioners:", "  - {id: P-01, recognised_by: city}")


def _weekly(chance: random.Random) -> list[str]:
    days = (FIRST + timedelta(days=7 * week + chance.randint(0, 4)) for week in range(52))
    return [day.isoformat() for day in days if chance.random() < 0.98]


def _wrapped(days: list[str]) -> Iterator[str]:
    rows = [", ".join(days[start : start + 7]) for start in range(0, len(days), 7)]
    yield f"    [{rows[0]},"
    yield from (f"     {row}," for row in rows[1:-1])
    yield f"     {rows[-1]}]"


def _filed(number: int, chance: random.Random) -> Iterator[str]:
    filed = FIRST + timedelta(days=chance.randint(0, 250))
    closed = filed + timedelta(days=chance.randint(10, 75))
    yield from (f"  - id: C-{number:03}", f"    origin: {chance.choice(ORIGINS)}")
    yield from (f"    filed: {filed}", f"    closed: {closed}")
    for key in ("leader_in_charge", "leader_signed", "agreement", "opinion", "archived"):
        yield f"    {key}: {'true' if chance.random() < 0.9 else 'false'}"


def _travelled(number: int, chance: random.Random) -> Iterator[str]:
    day = FIRST + timedelta(days=chance.randint(0, 364))
    yield from (f"  - id: V-{number:03}", f"    date: {day}")
    yield f"    level: {chance.choice(LEVELS)}"
    yield f"    collective: {'true' if chance.random() < 0.2 else 'false'}"
    yield f"    repeat: {'true' if chance.random() < 0.2 else 'false'}"
    if chance.random() < 0.1:
        yield f"    stranded: {{notified: {day}T09:00, returned: {day}T20:30}}"
    if chance.random() < 0.1:
        yield "    exempt: {ground: review, document: 处理意见书第3号}"
