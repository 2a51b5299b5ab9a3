"""A year in an office: collect, judge, publish, hear, correct, and a merger in the next one."""

import re
from pathlib import Path

import pytest

from generator.engine.rank import judged
from generator.year.load import check, load
from tests.cases import VALID, files_below, laid_out
from tests.repositories import begin, git
from tests.running import Done, kaohe

REGISTER = "data/townships.yaml"
YEAR = "data/2025/assessment.yaml"
UNITS = {"qingshan": "青杉", "songhe": "松河", "maigang": "麦岗", "liwu": "梨坞"}
DOCUMENT = "document: 市人口计生信〔2026〕3号, reason: 经研究决定"
CASE = (
    "{id: C-001, origin: city, filed: 2025-12-20, leader_in_charge: true, leader_signed: true, "
    "agreement: true, opinion: true, archived: true}"
)


class Office:
    """A city's folder, and what its people do."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.full = (root / "data/2025/townships/qingshan.yaml").read_text(encoding="utf-8")

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def replace(self, path: str, *changes: tuple[str, str]) -> None:
        text = self.text(path)
        for old, new in changes:
            assert text.count(old) == 1, (path, old)
            text = text.replace(old, new)
        self.write(path, text)

    def report(
        self, unit: str, submitted: str, *changes: tuple[str, str], year: int = 2025
    ) -> None:
        """A township's report, nothing wrong but for the changes, handed in on a day."""
        text = self.full.replace("township: qingshan", f"township: {unit}")
        text = text.replace("青杉", UNITS[unit])
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        text = re.sub(r"2025(?=-|年)", str(year), text).replace("year: 2025", f"year: {year}")
        self.write(f"data/{year}/townships/{unit}.yaml", f"{text}submitted: {submitted}\n")

    def does(self, *arguments: str) -> Done:
        return kaohe(*arguments, "--lang", "en", root=self.root)

    def problems(self) -> list[str]:
        found = check(files_below(self.root))
        return sorted(f"{p.location.path} {p.severity} {p.code}" for p in found)

    def outcomes(self, year: int = 2025) -> dict[str, tuple[int | None, tuple[str, ...]]]:
        loaded, _ = load(files_below(self.root))
        assert loaded is not None
        (inputs,) = (inputs for inputs in loaded.years if inputs.assessment.year == year)
        return {s.township.id: (s.rank, s.outcomes) for s in judged(inputs).standings}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Four townships in a year that has just been opened."""
    made = Office(laid_out(VALID / "empty-lists", tmp_path / "城"))
    names = {unit: f"{{zh: {name}镇, en: {unit.title()}}}" for unit, name in UNITS.items()}
    units = "".join(
        f"  - {{id: {unit}, name: {name}, kind: township, from: 2023}}\n"
        for unit, name in names.items()
    )
    made.write(REGISTER, re.sub(r"(?s)(townships:\n).*", rf"\1{units}", made.text(REGISTER)))
    for unit in ("qingshan", "songhe"):
        (made.root / f"data/2025/townships/{unit}.yaml").unlink()
    dates = ", published: 2026-02-01, objections_until: 2026-02-10"
    made.replace(YEAR, ("status: provisional", "status: open"), (dates, ""))
    return made


def test_a_year_from_the_first_form_to_a_corrected_tie(office: Office) -> None:
    # Collected: one on time, one five days late, one only begun, one missing.
    slip = ("register_complete: true", "register_complete: false")
    office.report("qingshan", "2026-01-05")
    office.report("songhe", "2026-01-15", slip)
    assert office.does("new", "maigang", "2025").code == 0
    checked = office.does("check")
    assert checked.code == 0
    assert "data/2025/townships/maigang.yaml:9:12: note[unfilled] receptions" in checked.out
    assert "error" not in checked.out
    assert office.does("score").code == 2
    assert "--year 2025" in office.does("score").err
    scored = office.does("score", "--year", "2025")
    assert scored.code == 0
    assert "Not public" in scored.out
    assert office.outcomes()["maigang"] == office.outcomes()["liwu"] == (None, ())
    assert office.does("circular", "2025").code == 2

    # An error in one form withholds that year, and the other forms stay what they are.
    office.report("liwu", "2026-01-09", ("receptions: 80", "receptions: many"))
    assert office.problems()[0] == "data/2025/townships/liwu.yaml error wrong-type"
    assert office.does("score", "--year", "2025").code == 1

    # Handed in, inspected, assessed for comment.
    office.report("maigang", "2026-01-10", slip)
    office.report(
        "liwu", "2026-01-09", ("staff: 2", "staff: 0"), ("cases: []", f"cases:\n  - {CASE}")
    )
    office.write(
        "data/2025/inspections/liwu.yaml",
        "township: liwu\nyear: 2025\nchanges:\n  - {fact: leadership.leading_group, value: false, "
        f"occasion: year_end, date: 2026-01-20, {DOCUMENT}}}\n",
    )
    office.replace(
        YEAR,
        ("status: open", "status: provisional"),
        ("01-10}", "01-10, published: 2026-02-01, objections_until: 2026-02-10}"),
    )
    assert office.problems() == []
    assert office.does("score").code == 0
    at_line = ("at-commendation-line", "at-criticism-line")
    assert office.outcomes() == {
        "qingshan": (1, ("commended",)),
        "songhe": (2, at_line),
        "maigang": (2, at_line),
        "liwu": (4, ("criticised", "barred")),
    }

    # Heard, and decided: before that nothing is published.
    assert office.does("new", "objection", "songhe", "2025").code == 0
    for line, value in (("clause:", '"2.5"'), ("asked_on:", "2026-02-05")):
        path = "data/2025/objections/songhe-01.yaml"
        office.write(path, re.sub(rf"(?m)^{line}", f"{line} {value}", office.text(path)))
    path = "data/2025/objections/songhe-01.yaml"
    office.write(
        path, re.sub(r"(?m)^(reason|document):", r"\1: 松政信〔2026〕2号", office.text(path))
    )
    assert office.problems() == []
    refused = office.does("publish", "2025")
    assert refused.code == 1
    assert [line[:6].strip() for line in refused.out.splitlines()] == [
        *("open", "open", "open", "open", "done", "done")
    ]
    assert "not decided yet: songhe-01" in refused.out
    office.write(
        "data/2025/corrections/01.yaml",
        'township: songhe\nclause: "2.5"\nasked_on: 2026-02-05\nasked_by: songhe\n'
        "decision: rejected\ndecided_on: 2026-02-12\nobjection: songhe-01\n"
        + DOCUMENT.replace(", ", "\n")
        + "\n",
    )
    office.replace(
        YEAR,
        ("status: provisional", "status: final"),
        ("02-10}", "02-10, final: 2026-02-20}"),
    )
    for line, listed in (("commendation", "songhe"), ("criticism", "maigang")):
        entry = f"{{line: {line}, listed: [{listed}], date: 2026-02-15, {DOCUMENT}}}"
        start = "" if "decisions:" in office.text(YEAR) else "decisions:\n"
        office.write(YEAR, f"{office.text(YEAR)}{start}  - {entry}\n")
    assert office.does("publish", "2025", "--dry-run").code == 0
    assert office.does("publish", "2025").code == 0
    assert office.outcomes()["maigang"] == (2, ("criticised", "barred"))
    assert office.problems() == []

    # Corrected: a tie that nobody could foresee is decided in the correction.
    office.write(
        "data/2025/corrections/02.yaml",
        'township: qingshan\nclause: "2.5"\nasked_on: 2026-03-05\nasked_by: office\n'
        "decision: upheld\ndecided_on: 2026-03-12\n" + DOCUMENT.replace(", ", "\n") + "\n"
        "changes:\n  - {fact: work.register_complete, value: false}\n"
        f"decisions:\n  - {{line: criticism, listed: [qingshan], date: 2026-03-12, {DOCUMENT}}}\n",
    )
    assert office.problems() == []
    criticised = [unit for unit, (_, names) in office.outcomes().items() if "criticised" in names]
    assert criticised == ["liwu", "qingshan"]
    assert office.does("verify", "data/2025/published.json").code == 0

    # The next year: one township has become part of another, which carries its open case over.
    assert office.does("new", "--year", "2026").code == 0
    ended = "kind: township, from: 2023, until: 2025, successor: songhe}"
    office.replace(REGISTER, ("en: Liwu}, kind: township, from: 2023}", f"en: Liwu}}, {ended}"))
    office.report("songhe", "2027-01-05", year=2026)
    missing = "data/2026/townships/songhe.yaml warning not-carried-over"
    assert office.problems() == [missing]
    (told,) = (p for p in check(files_below(office.root)) if p.code == "not-carried-over")
    assert told.message.args == {"record": "C-001", "unit": "liwu", "year": 2025}
    carried = ("cases: []", f"cases:\n  - {CASE.replace('2025', '20ZZ')}")
    office.report("songhe", "2027-01-05", carried, year=2026)
    office.replace("data/2026/townships/songhe.yaml", ("20ZZ", "2025"))
    assert office.problems() == []
    assert office.does("verify", "data/2025/published.json").code == 0


def test_who_does_not_report_and_who_is_spoken_of(office: Office) -> None:
    for unit in ("qingshan", "songhe", "maigang"):
        office.report(unit, "2026-01-05")
    office.replace(
        YEAR,
        ("status: open", "status: final"),
        (
            "01-10}",
            "01-10, published: 2026-02-01, objections_until: 2026-02-10, final: 2026-02-20}",
        ),
    )
    refused = office.does("publish", "2025")
    assert refused.code == 1
    assert "(unreported in data/2025/assessment.yaml): Liwu" in refused.out
    word = f"unreported:\n  - {{township: liwu, date: 2026-02-15, {DOCUMENT}}}\n"
    office.write(YEAR, office.text(YEAR) + word)
    said = office.does("publish", "2025", "--dry-run", "--format", "json")
    assert '"ready": false' in said.out  # three are tied across both lines
    assert "Liwu" not in said.out


def test_what_git_knows_of_the_days(office: Office) -> None:
    """How things stood at a deadline, and since when a report is in Git."""
    asked = ("status", "--year", "2025", "--at", "2026-01-10")
    nowhere = office.does(*asked)
    assert nowhere.code == 2
    assert "--today" in nowhere.err

    begin(office.root)
    _on("2026-01-02", office.root)
    office.report("qingshan", "2026-01-05")
    _on("2026-01-06", office.root)
    office.report("songhe", "2026-01-09")
    _on("2026-01-14", office.root)

    at = office.does(*asked)
    assert at.code == 0
    assert "submitted: 1, being filled in: 0, missing: 3" in at.out
    assert office.does("status", "--year", "2025", "--at", "2025-12-31").code == 2
    now = office.does("status", "--year", "2025", "--today", "2026-01-14").out
    assert "Songhe: handed in on 2026-01-09 by its own word, in Git since 2026-01-14" in now
    assert "Qingshan: handed in on 2026-01-05 by its own word, in Git since 2026-01-06" in now
    office.replace(YEAR, ("status: open", "status: provisional"))
    assert "in Git since" not in office.does("status", "--year", "2025").out


def _on(day: str, root: Path) -> None:
    """Commit everything on a day."""
    when = f"{day}T12:00:00+08:00"
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "x", GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)
