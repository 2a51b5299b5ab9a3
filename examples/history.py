"""Makes the history that the demonstration's record of changes tells: a repository of its own.

The townships are fictional, and so is this history: how their years might have gone, from the
files as they are now. Every date and every office in it is taken from these files, so that the
same files always give the same commits. It ends in exactly the data that stand here.

    python examples/history.py .cache/history
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parent.parent
OFFICE = "示例市信访局"
SHARED = ("townships.yaml", "owners.yaml", "rulebooks", "holidays")


class Step(NamedTuple):
    """One merge: files of the repository's top with what they then hold."""

    day: str
    order: int
    who: str
    subject: str
    files: Mapping[str, bytes]


def main(target: Path) -> None:
    steps = sorted(_steps(), key=lambda step: (step.day, step.order, step.who))
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    _git(target, "init", "-q", "--initial-branch=main")
    _git(target, "fast-import", "--quiet", stdin=b"".join(_stream(steps)))
    _git(target, "reset", "-q", "--hard")


def _steps() -> Iterator[Step]:
    years = sorted(path for path in (ROOT / "data").iterdir() if path.name.isdigit())
    begun = f"{int(years[0].name)}-01-04"
    shared = [ROOT / "schema", *(ROOT / "data" / name for name in SHARED)]
    yield Step(begun, 0, OFFICE, "考核办法、单位名册和自查表格式", _contents(*shared))
    names = {
        unit["id"]: unit["name"]["zh"]
        for unit in yaml.safe_load((ROOT / "data/townships.yaml").read_bytes())["townships"]
    }
    for year in years:
        yield from _year(year, names)


def _year(folder: Path, names: Mapping[str, str]) -> Iterator[Step]:
    """How a year went: opened, reported, inspected, shown, objected to, decided, published."""
    year, text = int(folder.name), (folder / "assessment.yaml").read_text(encoding="utf-8")
    dates: dict[str, Any] = yaml.safe_load(text).get("dates", {})
    due = str(dates.get("submit_by", f"{year + 1}-01-10"))
    shown = str(dates.get("published", ""))
    path = f"data/{year}/assessment.yaml"
    yield Step(f"{year}-12-20", 0, OFFICE, f"开始{year}年度考核", {path: _as_of(text, "open")})
    for report in sorted((folder / "townships").glob("*.yaml")):
        said = re.search(r"^submitted: (\S+)", report.read_text(encoding="utf-8"), re.MULTILINE)
        early = timedelta(days=len(report.stem) % 4)
        day = said[1] if said else (date.fromisoformat(due) - early).isoformat()
        who = f"{names[report.stem]}信访办"
        yield Step(day, 1, who, f"Merge branch '{report.stem}-{year}'", _contents(report))
    for kind, order in (("inspections", 2), ("objections", 5), ("corrections", 6)):
        for paper in sorted((folder / kind).glob("*.yaml")):
            own = paper.read_text(encoding="utf-8")
            day = max(_days_of(own, kind), default=due)
            day = max(day, due) if kind == "inspections" else day
            yield Step(day, order, OFFICE, "Merge pull request", _contents(paper))
    if not shown or "status: open" in text:
        return
    ranking = folder / "prefecture-ranking.yaml"
    contents = _contents(*([ranking] if ranking.is_file() else []))
    files = {**contents, path: _as_of(text, "provisional")}
    yield Step(shown, 4, OFFICE, f"公示{year}年度结果", files)
    if "final" in dates:
        final = str(dates["final"])
        yield Step(final, 7, OFFICE, f"审定{year}年度结果", {path: text.encode()})
        receipt = folder / "published.json"
        if receipt.is_file():
            yield Step(final, 8, OFFICE, f"公布{year}年度结果", _contents(receipt))


def _days_of(text: str, kind: str) -> list[str]:
    """When a paper was decided or handed in."""
    key = {"corrections": "decided_on", "objections": "asked_on"}.get(kind, "date")
    return re.findall(rf"\b{key}: (\d{{4}}-\d\d-\d\d)", text)


def _as_of(assessment: str, status: str) -> bytes:
    """The year's own file as it was before it was decided."""
    if f"status: {status}" in assessment:
        return assessment.encode()
    before = re.sub(r"(?m)^status: .*$", f"status: {status}", assessment)
    return re.sub(r"(?m)^(decisions:\n(?:[ -].*\n)*|  final: .*\n)", "", before).encode()


def _contents(*places: Path) -> dict[str, bytes]:
    below = (place.rglob("*") if place.is_dir() else [place] for place in places)
    files = sorted(file for some in below for file in some if file.is_file())
    return {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in files}


def _stream(steps: list[Step]) -> Iterator[bytes]:
    """What `git fast-import` reads."""
    for step in steps:
        hour = 9 + step.order
        who = f"{step.who} <{_account(step.who)}@example.org> {_seconds(step.day, hour)} +0800"
        subject = step.subject.encode()
        yield f"commit refs/heads/main\nauthor {who}\ncommitter {who}\n".encode()
        yield b"data %d\n%s\n" % (len(subject), subject)
        for path, content in step.files.items():
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)
        yield b"\n"


def _seconds(day: str, hour: int) -> int:
    """Seconds since 1970 of an hour in China."""
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * 86400 + (hour - 8) * 3600


def _account(who: str) -> str:
    return "office" if who == OFFICE else "township"


def _git(folder: Path, *words: str, stdin: bytes = b"") -> None:
    subprocess.run(["git", "-C", str(folder), *words], input=stdin, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
