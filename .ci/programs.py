"""What two programs make of the same data, byte for byte: what `.ci/engine` runs.

    python3 .ci/programs.py OLD NEW      two checkouts, each with its .venv

The data are those of NEW; all else that a city is made of (pages, styles, schemas, settings)
comes from the program's own checkout. Both work in the same folder one after the other, on the
same day, so that nothing differs but what the programs do. Exits with 0 when nothing differs,
with 1 when something does, with 2 when it could not be tried. Standard library only.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from difflib import unified_diff
from itertools import islice
from pathlib import Path

CITY = ("data", "docs", "mkdocs.en.yml", "mkdocs.yml", "overrides", "schema", "templates")
"""What a city consists of, where it is there."""

TODAY = "2026-01-15"
STILL = {
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "COLUMNS": "100",
    "NO_COLOR": "1",
    "SOURCE_DATE_EPOCH": "1767139200",
    "GIT_AUTHOR_NAME": "office",
    "GIT_AUTHOR_EMAIL": "office@example.org",
    "GIT_AUTHOR_DATE": f"{TODAY}T12:00:00Z",
    "GIT_COMMITTER_NAME": "office",
    "GIT_COMMITTER_EMAIL": "office@example.org",
    "GIT_COMMITTER_DATE": f"{TODAY}T12:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}
"""What must not differ between two runs."""

LINES = 40
"""How many lines of a difference are shown."""
SHOWN = 25
"""Of how many outputs; the others are only named."""
LONG = 300
"""Characters of a line. A longer one is compared in pieces."""

FIRST, LAST = "first", "HEAD"
"""Two revisions of a city: before anybody inspected, corrected or published; and as it is."""
LATER = ("inspections", "corrections", "published.json", "prefecture-ranking.yaml")
"""What a year lacks in the first of them."""

CHECK = "kaohe check"

Outputs = dict[str, bytes]
"""What came out, by its name: what a command printed, or a file."""


class Trouble(Exception):  # noqa: N818 - not always a mistake
    """It could not be tried, and why."""


@dataclass(frozen=True)
class Difference:
    """One output before and after; None where it was not there."""

    name: str
    before: bytes | None
    after: bytes | None


def main(arguments: Sequence[str]) -> int:
    """Compare, print what differs, and give the exit code."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    old, new = (Path(argument).resolve() for argument in arguments)
    try:
        before, after = outputs(old, new)
    except (Trouble, OSError) as trouble:
        print(f"无法比较。 It could not be tried: {trouble}", file=sys.stderr)
        return 2
    found = differences(before, after)
    print("\n".join(told(found, len(before | after))))
    return 1 if found else 0


# --- what the programs make of the data -----------------------------------------------


def outputs(old: Path, new: Path) -> tuple[Outputs, Outputs]:
    """What either program makes of every city of NEW; raises Trouble."""
    for program in (old, new):
        try_out(program)
    cities = [new, *sorted(path.parent for path in new.glob("examples/*/data"))]
    with ThreadPoolExecutor(2) as lanes:
        pairs = list(lanes.map(lambda city: of_city(old, new, city), cities))
    before, after = Outputs(), Outputs()
    for one, other in pairs:
        before |= one
        after |= other
    return before, after


def try_out(program: Path) -> None:
    """Raise Trouble for a checkout whose program does not even start."""
    kaohe = program / ".venv" / "bin" / "kaohe"
    if not kaohe.is_file():
        raise Trouble(f"{kaohe} is missing; make -C {program} .venv/site")
    done = subprocess.run([kaohe, "--version"], cwd=program, capture_output=True, check=False)
    if done.returncode:
        raise Trouble(f"{kaohe} does not start: {done.stderr.decode(errors='replace')}")


def of_city(old: Path, new: Path, city: Path) -> tuple[Outputs, Outputs]:
    """What either program makes of one city, the one after the other in the same place."""
    if not (city / "data").is_dir():
        raise Trouble(f"{city}/data is missing")
    name = city.relative_to(new)
    with tempfile.TemporaryDirectory(prefix="kaohe-") as folder:
        place = Path(folder) / "city"
        made = []
        for program in (old, new):
            lay_out(place, program / name, city)
            made.append(in_place(program, place))
            shutil.rmtree(place)
    if not any(side[CHECK].startswith((b"exit 0", b"exit 1")) for side in made):
        raise Trouble(f"{city}: {made[1][CHECK].decode(errors='replace')}")
    before, after = (named(side, name.name) for side in made)
    return before, after


def named(side: Outputs, city: str) -> Outputs:
    """The outputs, named so that one sees of which city they are."""
    return {f"{city}: {name}" if city else name: content for name, content in side.items()}


def lay_out(place: Path, own: Path, city: Path) -> None:
    """A repository with the data of a city and the rest of the program's own; two commits."""
    for name in CITY:
        source = (city if name == "data" or not own.is_dir() else own) / name
        if source.exists():
            place.mkdir(exist_ok=True)
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, place / name)
    git(place, "init", "--quiet")
    # What results rest on, and no manual or style: the same data are the same commits.
    git(place, "add", "--all", "data", "schema")
    later = [f"data/*/{name}" for name in LATER]
    git(place, "rm", "--quiet", "-r", "--cached", "--ignore-unmatch", "--", *later)
    git(place, "commit", "--quiet", "--allow-empty", "--message", FIRST)
    git(place, "tag", FIRST)
    git(place, "add", "--all", "data", "schema")
    git(place, "commit", "--quiet", "--allow-empty", "--message", LAST)


def in_place(program: Path, place: Path) -> Outputs:
    """Everything that a program prints about the city in `place`, and all that it writes there."""
    made = {CHECK: printed(program, place, ("check",))}
    for command in commands(place):
        made[f"kaohe {' '.join(command)}"] = printed(program, place, command)
    made |= files(place)
    for receipt in place.glob("data/*/published.json"):
        receipt.unlink()
    for year in years(place):
        made[f"kaohe publish {year}"] = printed(program, place, ("publish", year))
    for receipt in sorted(place.glob("data/*/published.json")):
        made[f"{receipt.relative_to(place).as_posix()}, anew"] = receipt.read_bytes()
    for report in sorted(place.glob("data/*/townships/*.yaml"))[-1:]:
        report.write_bytes(report.read_bytes() + b"receptions: many\n")
        made[f"{CHECK} (of a damaged report)"] = printed(program, place, ("check",))
    here = os.fsencode(program)
    return {name: content.replace(here, b"PROGRAM") for name, content in made.items()}


def commands(place: Path) -> Iterator[tuple[str, ...]]:
    """What is asked about a city, each as the words of a command."""
    for lang in ("zh", "en"):
        yield "diff", FIRST, LAST, "--lang", lang
        yield "history", "--lang", lang
        yield "rules", "test", "--lang", lang
    yield "check", "--lang", "en"
    yield "check", "--format", "json"
    yield "diff", FIRST, LAST, "--format", "json"
    yield "rules", "check"
    yield ("owners",)
    for year in years(place):
        yield from commands_of_year(place, year)
    yield "build", "--quiet"


def commands_of_year(place: Path, year: str) -> Iterator[tuple[str, ...]]:
    of_year = "--year", year
    reports = sorted(path.stem for path in place.glob(f"data/{year}/townships/*.yaml"))
    yield "score", *of_year, "--format", "json"
    for lang in ("zh", "en"):
        yield "score", *of_year, "--lang", lang
        yield "status", *of_year, "--today", TODAY, "--lang", lang
        yield "whatif", *of_year, "--lang", lang
        for township in dict.fromkeys([*reports[:1], *reports[-1:]]):
            yield "explain", township, *of_year, "--lang", lang
    for township in reports[:1]:
        yield "explain", township, *of_year, "--format", "json"
    if (place / receipt_of(year)).exists():
        yield "verify", receipt_of(year)
    yield "circular", year, "--out", f"circular-{year}.docx"


def years(place: Path) -> list[str]:
    """The years of a city, the oldest first."""
    return sorted(path.name for path in place.glob("data/[1-9][0-9][0-9][0-9]"))


def receipt_of(year: str) -> str:
    return f"data/{year}/published.json"


def printed(program: Path, place: Path, command: Sequence[str]) -> bytes:
    """The exit code of a command and what it printed."""
    kaohe = str(program / ".venv" / "bin" / "kaohe")
    done = subprocess.run(
        [kaohe, *command], cwd=place, env=environment(place), capture_output=True, check=False
    )
    return b"exit %d\n%b%b" % (done.returncode, done.stdout, done.stderr)


def files(place: Path) -> Outputs:
    """The content of every file of a city; what Git and the program keep for themselves aside."""
    found = sorted(path for path in place.rglob("*") if path.is_file())
    names = [path.relative_to(place).as_posix() for path in found]
    return {
        name: path.read_bytes()
        for name, path in zip(names, found, strict=True)
        if not name.startswith((".git/", ".cache/"))
    }


def git(place: Path, *arguments: str) -> None:
    command = ["git", *arguments]
    done = subprocess.run(
        command, cwd=place, env=environment(place), capture_output=True, check=False
    )
    if done.returncode:
        raise Trouble(f"{' '.join(command)}: {done.stderr.decode(errors='replace')}")


def environment(place: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(place.parent), **STILL}


# --- what differs ---------------------------------------------------------------------


def differences(before: Outputs, after: Outputs) -> list[Difference]:
    """The outputs that are not the same bytes: what was printed, then files."""
    return [
        Difference(name, before.get(name), after.get(name))
        for name in before | after
        if before.get(name) != after.get(name)
    ]


def told(found: Sequence[Difference], compared: int) -> Iterator[str]:
    """The differences as lines, the first of them at length."""
    if not found:
        yield f"程序前后的输出完全相同，共{compared}项。 Nothing differs in {compared} outputs."
        return
    yield f"{compared}项输出中有{len(found)}项不同。 {len(found)} of {compared} outputs differ:"
    for difference in found[:SHOWN]:
        yield ""
        yield from shown(difference)
    if rest := found[SHOWN:]:
        yield f"\n还有： Also: {'; '.join(difference.name for difference in rest)}"


def shown(difference: Difference) -> Iterator[str]:
    """One difference: its lines or, for what is no text or was not there, the sizes."""
    name, sides = difference.name, (difference.before, difference.after)
    if not all(is_text(side) for side in sides):
        was, now = ("无 none" if side is None else f"{len(side)} bytes" for side in sides)
        yield f"{name}: {was} → {now}"
        return
    before, after = (list(pieces(side or b"")) for side in sides)
    lines = unified_diff(before, after, f"{name} (old)", f"{name} (new)", n=1, lineterm="")
    first = list(islice(lines, LINES + 1))
    yield from (line[:LONG] for line in first[:LINES])
    if len(first) > LINES:
        yield "…"


def is_text(content: bytes | None) -> bool:
    try:
        return content is not None and "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def pieces(content: bytes) -> Iterator[str]:
    """The lines of a text; those that are too long to be read, bit by bit."""
    for line in content.decode().split("\n"):
        yield from re.split(r"(?<=[,>])", line) if len(line) > LONG else [line]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
