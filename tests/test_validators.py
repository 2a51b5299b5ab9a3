"""Three validators, one verdict: the fast one, the slow one that explains, and the editor's.

An editor helps with every data file: its first line names the schema that it is held to.
check-jsonschema reads schemas as editors do.
"""

import json
import re
import shutil
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from generator.reading.files import DataFile, Kind, classify
from generator.reading.source import read
from generator.shape.explain import is_valid
from generator.shape.schema import Shape, shape
from tests.cases import ROOT, TESTS, invalid_cases, valid_cases

FIRST = "submissions/family-planning-petitions/1.schema.json"
CHECK = shutil.which("check-jsonschema", path=str(Path(sys.executable).parent))

SHAPE_CODES = (
    *("unknown-key", "missing-key", "wrong-type", "unknown-value", "bad-format"),
    *("out-of-range", "duplicate-item", "unfilled"),
)
"""Codes of mistakes that a schema can say."""


def schema_of(path: Path) -> Path | None:
    """The schema file of a data file below some `data/`; None for what is no data of ours."""
    top = next(above for above in path.parents if above.name == "data")
    kind = classify(path.relative_to(top.parent).as_posix())
    if not isinstance(kind, DataFile):
        return None
    if kind.kind is Kind.REPORT:
        return submissions(top.parent, *assessed_by(top, kind.year))
    if kind.kind is Kind.FACTS:
        return submissions(top.parent, kind.id, kind.version)
    return ROOT / "schema" / f"{kind.kind}.schema.json"


def assessed_by(data: Path, year: int) -> tuple[str, int]:
    """The rulebook and version of a year: that of the tree, else of the base, else the first."""
    for place in (data, TESTS / "base" / "data"):
        file = place / str(year) / "assessment.yaml"
        document, _ = read(file.name, file.read_bytes()) if file.is_file() else (None, [])
        if document is not None and "rulebook" in document.value:
            return document.value["rulebook"], document.value["version"]
    return "family-planning-petitions", 1


def submissions(tree: Path, book: str, version: int) -> Path:
    places = (place / "schema" / "submissions" / book for place in (tree, TESTS / "base", ROOT))
    files = [place / f"{version}.schema.json" for place in places]
    return next((file for file in files if file.is_file()), ROOT / "schema" / FIRST)


def data_files(*folders: Path) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in folder.rglob("*.yaml")
        if "data" in path.parts and path.is_file() and not path.is_symlink()
    )


PENDING = ROOT / "data" / "2026" / "townships" / "wenlan.yaml"
"""A form that is only begun."""

OURS = [path for path in data_files(ROOT / "data", TESTS / "base") if path != PENDING]
SOUND = data_files(*valid_cases())
CASES = sorted([*SOUND, *data_files(*invalid_cases())])


def test_the_fast_validator_and_the_slow_one_agree() -> None:
    verdicts = set()
    for path in [*OURS, *CASES]:
        schema = schema_of(path)
        document, _ = read(path.name, path.read_bytes())
        if schema is None or document is None:
            continue
        shape = shape_in(schema)
        fast = shape.is_valid(document.value)
        assert fast == is_valid(shape.schema, document.value), path
        assert fast == (not shape.problems(document)), path
        verdicts.add(fast)
    assert verdicts == {True, False}


@cache
def shape_in(schema: Path) -> Shape:
    return Shape(json.loads(schema.read_text(encoding="utf-8"), parse_float=Decimal))


def refused(schema: Path, paths: list[Path]) -> set[Path]:
    """Those of the files that check-jsonschema refuses, all asked in one call."""
    # It would look at formats of its own making as well.
    options = ["--disable-formats", "*", "--output-format", "json", "--schemafile", str(schema)]
    done = subprocess.run([str(CHECK), *options, *map(str, paths)], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    answer = json.loads(done.stdout)
    assert answer.get("parse_errors", []) == []
    return {Path(error["filename"]) for error in answer.get("errors", [])}


def by_schema(paths: list[Path]) -> dict[Path, list[Path]]:
    groups: dict[Path, list[Path]] = {}
    for path in paths:
        if (schema := schema_of(path)) is not None:
            groups.setdefault(schema, []).append(path)
    return groups


with_check = pytest.mark.skipif(CHECK is None, reason="check-jsonschema is not installed")


@with_check
def test_check_jsonschema_accepts_sound_files() -> None:
    for schema, paths in by_schema([*OURS, *SOUND]).items():
        assert refused(schema, paths) == set()


_OURS_ALONE = ("decimal-count", "three-decimals")
"""Ours asks for more in two things: 100.0 is no whole number, and decimals are counted."""


@with_check
def test_check_jsonschema_refuses_wrong_shapes() -> None:
    cases = [case for case in invalid_cases() if case.parent.name in SHAPE_CODES]
    files = data_files(*(case for case in cases if case.name not in _OURS_ALONE))
    for schema, paths in by_schema(files).items():
        documents = {path: read(path.name, path.read_bytes())[0] for path in paths}
        sound = {p for p, d in documents.items() if d and shape_in(schema).is_valid(d.value)}
        assert refused(schema, paths) == set(paths) - sound


def test_schemas_that_come_along_are_found_by_kind() -> None:
    for kind in ("townships", "owners", "assessment", "prefecture-ranking", "results"):
        assert shape(kind).schema["type"] == "object"


NAMED = re.compile(rb"(?:\xef\xbb\xbf)?# yaml-language-server: \$schema=(\S+)\r?\n")
SCHEMAS = sorted(
    schema
    for top in (ROOT, TESTS / "base", *valid_cases())
    for schema in top.glob("schema/**/*.json")
)


def named(path: Path) -> str | None:
    match = NAMED.match(path.read_bytes())
    return match[1].decode() if match else None


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_first_line_leads_to_the_schema_of_the_file(path: Path) -> None:
    relative = named(path)
    assert relative
    assert (path.parent / relative).resolve() == schema_of(path)


def test_wrong_files_too_name_the_schema_that_they_break() -> None:
    """Where they name one: those laid over a city name it from there."""
    checked = 0
    for path in CASES:
        relative, schema = named(path), schema_of(path)
        if relative and schema:
            assert inside(relative) == inside(schema.as_posix()), path
            checked += 1
        if relative and relative.startswith("../../../../../.."):
            assert (path.parent / relative).resolve().is_file(), path
    assert checked > len(CASES) // 2


def inside(schema: str) -> str:
    return schema.rpartition("/schema/")[2]


@with_check
def test_the_schemas_are_schemas() -> None:
    command = [str(CHECK), "--check-metaschema", *map(str, SCHEMAS)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
