"""What has been published cannot be altered unseen; what may go on changing can."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator import __version__
from generator.engine.rank import first_standings, judged
from generator.engine.year import YearResult
from generator.reading.files import DataFile, Kind
from generator.words.messages import catalogue
from generator.year import receipt as locking
from generator.year.load import check, load
from generator.year.published import verify
from generator.year.receipt import CODE, canonical, code_of, content, receipt_of, written
from tests.cases import ROOT, VALID, files_below, laid_out, lines

RECEIPT = "data/2025/published.json"
PATH_2027 = "data/2027/published.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A city whose only year is published, with two corrections."""
    return laid_out(VALID / "published-year", tmp_path / "city")


def codes(root: Path) -> list[str]:
    files = files_below(root)
    found = [problem.code for problem in check(files)]
    loaded, problems = load(files)
    assert [problem.code for problem in problems] == found
    assert (loaded is None) == bool(found)
    return found


def inputs_of(root: Path) -> list[str]:
    value = content((root / RECEIPT).read_bytes())
    book = "data/rulebooks/family-planning-petitions/1/rulebook.yaml"
    return [*(file["path"] for file in value["inputs"]), book]


# --- files ----------------------------------------------------------------------------


def edited(text: str) -> Iterator[str]:
    """The text with one sign changed, at some places of every kind, and with one more or less."""
    for pattern in (r"#", r"\d(?=\n)", r"(?<=: )[a-z]", "[\u4e00-\u9fff]", r" (?= )", r"\n"):
        for match in list(re.finditer(pattern, text))[::9]:
            sign = "~" if match[0] not in "0123456789" else str((int(match[0]) + 1) % 10)
            yield text[: match.start()] + sign + text[match.end() :]
    yield text[:-1]
    yield text + "\n"
    yield "\n" + text


def test_any_sign_changed_in_a_locked_file_is_refused_there(root: Path) -> None:
    tried = 0
    found, _ = locking.receipts(files_below(root))
    for path in inputs_of(root):
        file = root / path
        text = file.read_text(encoding="utf-8")
        for other in edited(text):
            file.write_text(other, encoding="utf-8")
            (problem,) = locking.file_problems(files_below(root), found[2025])
            assert (problem.code, problem.location.path) == ("locked-file-changed", path)
            tried += 1
        file.write_text(text, encoding="utf-8")
    assert tried > 300
    assert codes(root) == []


def test_other_ends_of_lines_are_no_change(root: Path) -> None:
    for path in (*inputs_of(root), RECEIPT):
        file = root / path
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert codes(root) == []


@pytest.mark.parametrize("path", ["townships/songhe.yaml", "inspections/songhe.yaml"])
def test_a_locked_file_that_is_gone_is_missed(root: Path, path: str) -> None:
    (root / "data/2025" / path).unlink()
    shutil.rmtree(root / "data/2025/corrections")  # they speak of what is gone
    assert codes(root) == ["locked-file-changed"]


def test_what_cannot_be_read_any_more_is_told_with_its_lock(root: Path) -> None:
    (root / "data/2025/townships/qingshan.yaml").write_bytes("年度".encode("gbk"))
    assert sorted(codes(root)) == ["locked-file-changed", "not-utf8"]


def test_corrections_come_and_go_beside_the_receipt(root: Path) -> None:
    folder = root / "data/2025/corrections"
    text = (folder / "02.yaml").read_text(encoding="utf-8").partition("changes:")[0]
    rejected = text.replace("decision: partly", "decision: rejected")
    (folder / "03.yaml").write_text(rejected, encoding="utf-8")
    assert codes(root) == []
    shutil.rmtree(folder)
    assert codes(root) == []


def test_worked_examples_and_other_rulebooks_are_not_locked(root: Path) -> None:
    path = root / "data/rulebooks/forest-fire/1/examples/1.1.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# 补记\n", encoding="utf-8")
    assert codes(root) == []


def test_another_error_stops_the_comparison_of_results_without_noise(root: Path) -> None:
    _score(root, "99")
    assert codes(root) == ["locked-result-differs"]
    owners = root / "data/owners.yaml"
    owners.write_text("x: 1\n", encoding="utf-8")
    assert "locked-result-differs" not in codes(root)


# --- the register ---------------------------------------------------------------------


def register(root: Path, old: str, new: str) -> list[str]:
    path = root / "data/townships.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return codes(root)


SONGHE = "{id: songhe, name: {zh: 松河镇, en: Songhe}, kind: township, group: a, from: 2023}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("zh: 松河镇", "zh: 松河街道"),
        ("en: Songhe}", "en: Song He}"),
        (SONGHE, SONGHE.replace("kind: township", "kind: subdistrict")),
        (SONGHE, SONGHE.replace("group: a", "group: b")),
        (SONGHE, SONGHE.replace(", group: a", "")),
        (SONGHE, f"{SONGHE}\n  - {SONGHE.replace('songhe', 'xinhe')}"),
    ],
)
def test_entries_of_those_assessed_are_locked(root: Path, old: str, new: str) -> None:
    assert register(root, old, new) == ["locked-entry-changed"]


@pytest.mark.parametrize("years", ["from: 2026", "from: 2023, until: 2024"])
def test_nobody_leaves_a_published_year(root: Path, years: str) -> None:
    found = register(root, SONGHE, SONGHE.replace("from: 2023", years))
    assert "locked-entry-changed" in found
    assert "unregistered-township" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SONGHE, SONGHE.replace("from: 2023", "from: 2023, until: 2025")),
        (SONGHE, SONGHE.replace("from: 2023", "from: 2020")),
        (SONGHE, f"{SONGHE}\n  - {SONGHE.replace('songhe', 'xinhe').replace('2023', '2026')}"),
        (SONGHE, f"{SONGHE}  # 县城"),
        ("telephone: 0391-5550123", "telephone: 0391-5550124"),
    ],
)
def test_the_register_goes_on_living(root: Path, old: str, new: str) -> None:
    assert register(root, old, new) == []


# --- results --------------------------------------------------------------------------


def _score(root: Path, score: str) -> None:
    """Somebody forges a score, and the check code with it."""
    value = content((root / RECEIPT).read_bytes())
    value["townships"][0]["score"] = score
    (root / RECEIPT).write_bytes(canonical(value | {CODE: code_of(value)}) + b"\n")


def test_a_forged_receipt_is_found_by_computing_it_again(root: Path) -> None:
    _score(root, "99")
    (problem,) = check(files_below(root))
    assert lines([problem]) == [f"{RECEIPT}:1:1 locked-result-differs"]
    told = catalogue("en").render(problem.message)
    assert "Qingshan" in told
    assert "score 99 → 100" in told


def test_many_differences_of_one_township_are_cut_short(root: Path) -> None:
    value = content((root / RECEIPT).read_bytes())
    row = value["townships"][1]
    row |= {"score": "1", "rank": 7, "tied": True, "outcomes": [], "band": "x", "group": "y"}
    row["sections"] = row["sections"][1:]
    (root / RECEIPT).write_bytes(canonical(value | {CODE: code_of(value)}) + b"\n")
    (problem,) = check(files_below(root))
    told = catalogue("en").render(problem.message)
    assert told.index("score 1") < told.index("rank 7")
    assert re.search(r"and \d+ more", told)


def test_an_engine_that_judges_otherwise_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "first_standings", lambda inputs: first_standings(inputs)[1:])
    assert codes(root) == ["locked-result-differs"]


def test_the_demonstration_years_stand() -> None:
    files = files_below(ROOT)
    assert check(files) == []
    found, problems = locking.receipts(files)
    assert (sorted(found), problems) == ([2023, 2024], [])


# --- the year before ------------------------------------------------------------------


LATE = """township: songhe
clause: "2.1"
asked_on: 2028-03-01
asked_by: songhe
decision: upheld
decided_on: 2028-03-02
document: 〔2028〕9号
reason: 原登记有误
changes:
  - {fact: income, value: 900}
"""


def looking_back(folder: Path) -> Path:
    """Two years under a rulebook that compares them; the second one is final."""
    root = laid_out(VALID / "general-rulebook", folder / "city")
    final = root / "data/2027/assessment.yaml"
    text = final.read_text(encoding="utf-8").replace("status: provisional", "status: final")
    dates = "dates: {published: 2028-02-01, final: 2028-02-20}\n"
    final.write_text(re.sub(r"dates: .*\n", dates, text), encoding="utf-8")
    return root


def test_a_later_correction_of_the_year_before_leaves_the_first_result(tmp_path: Path) -> None:
    """The rulebook compares with the year before, whose facts are corrected after publication."""
    root = looking_back(tmp_path)
    _publish(root, 2027)
    assert codes(root) == []
    (root / "data/2026/corrections").mkdir()
    (root / "data/2026/corrections/01.yaml").write_text(LATE, encoding="utf-8")
    assert codes(root) == []
    result = _judged(root, 2027)
    assert result.first != result.standings
    assert "data/2026/corrections/01.yaml" in [file.path for file in result.inputs.files]
    found = verify(files_below(root), DataFile(PATH_2027, Kind.PUBLISHED, 2027))
    assert found.problems == ()


def test_a_correction_known_when_the_next_year_was_published_is_locked(tmp_path: Path) -> None:
    root = looking_back(tmp_path)
    (root / "data/2026/corrections").mkdir()
    known = root / "data/2026/corrections/01.yaml"
    known.write_text(LATE, encoding="utf-8")
    _publish(root, 2027)
    assert codes(root) == []
    result = _judged(root, 2027)
    assert result.first == result.standings
    known.write_text(LATE.replace("900", "901"), encoding="utf-8")
    assert codes(root) == ["locked-file-changed"]


def _judged(root: Path, year: int) -> YearResult:
    loaded, problems = load(files_below(root))
    assert loaded is not None, problems
    return judged(next(one for one in loaded.years if one.assessment.year == year))


def _publish(root: Path, year: int) -> None:
    loaded, problems = load(files_below(root))
    assert loaded is not None, problems
    (inputs,) = (one for one in loaded.years if one.assessment.year == year)
    receipt = receipt_of(inputs, judged(inputs).first, loaded.city, __version__)
    (root / receipt.path).write_bytes(written(receipt))
