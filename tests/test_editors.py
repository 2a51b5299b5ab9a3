"""An editor helps with every data file: its first line names the schema that it is held to.

What that schema accepts and refuses is held in `test_validators.py`, by check-jsonschema too,
which reads schemas as editors do.
"""

import re
import subprocess
from pathlib import Path

import pytest

from tests.cases import ROOT, TESTS, invalid_cases, valid_cases
from tests.test_validators import CHECK, data_files, schema_of

NAMED = re.compile(rb"(?:\xef\xbb\xbf)?# yaml-language-server: \$schema=(\S+)\r?\n")
OURS = data_files(ROOT / "data", TESTS / "base")
CASES = data_files(*valid_cases(), *invalid_cases())
SCHEMAS = sorted(
    schema
    for top in (ROOT, TESTS / "base", *valid_cases())
    for schema in top.glob("schema/**/*.json")
)


def named(path: Path) -> str | None:
    """The schema that a file's first line names, as it stands there."""
    found = NAMED.match(path.read_bytes())
    return found[1].decode() if found else None


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
    assert checked > len(CASES) // 2


def inside(schema: str) -> str:
    """Where a schema stands in its `schema/`."""
    return schema.rpartition("/schema/")[2]


@pytest.mark.skipif(CHECK is None, reason="check-jsonschema is not installed")
def test_the_schemas_are_schemas() -> None:
    command = [str(CHECK), "--check-metaschema", *map(str, SCHEMAS)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
