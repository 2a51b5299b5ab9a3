"""Chinese stands with Chinese punctuation: in schemas, templates, rulebooks, docs, data, code.

Wordings of messages are held to the same in `test_messages.py`.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS
from generator.reading.source import read
from tests.cases import ROOT
from tests.texts import CHINESE, HALF_WIDTH

GENERATED = tuple((ROOT / "docs" / name).as_posix() for name in (*OWNED_FILES, *OWNED_FOLDERS))
DOCS = [
    path
    for path in sorted(ROOT.glob("docs/**/*.md")) + sorted(ROOT.glob("*.md"))
    if not path.as_posix().startswith(GENERATED)
]
DATA = sorted(ROOT.glob("data/**/*.yaml"))
SCHEMAS = sorted(ROOT.glob("schema/**/*.json"))
TEMPLATES = sorted(
    path for path in (ROOT / "generator" / "templates").rglob("*") if path.suffix == ".j2"
)
CODE = sorted((ROOT / "generator").rglob("*.py"))
_CODE_IN_DOCS = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)", re.DOTALL)
_MARKUP = re.compile(r"\{[%{#].*?[%}#]\}|<[^>]*>", re.DOTALL)


def wrong(text: str) -> list[str]:
    """The places with ASCII punctuation, or a blank, between Chinese characters."""
    found = HALF_WIDTH.finditer(text)
    return [text[max(0, m.start() - 8) : m.end() + 8] for m in found]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", DOCS, ids=name)
def test_docs(path: Path) -> None:
    text = _CODE_IN_DOCS.sub("x", path.read_text(encoding="utf-8"))
    assert [w for line in text.splitlines() for w in wrong(line)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates(path: Path) -> None:
    text = _MARKUP.sub("", path.read_text(encoding="utf-8"))
    assert [w for line in text.splitlines() for w in wrong(line)] == []


@pytest.mark.parametrize("path", SCHEMAS, ids=name)
def test_schemas(path: Path) -> None:
    texts = strings(json.loads(path.read_text(encoding="utf-8")))
    assert [
        w for text in texts for line in text.splitlines() for w in wrong(outside_code(line))
    ] == []


@pytest.mark.parametrize("path", DATA, ids=name)
def test_data(path: Path) -> None:
    document, _ = read(name(path), path.read_bytes())
    assert document is not None
    comments = re.findall(r"(?:^|\s)#\s*(.*)$", document.text, re.MULTILINE)
    texts = [*strings(document.value), *comments]
    assert [w for text in texts for line in text.splitlines() for w in wrong(line)] == []


@pytest.mark.parametrize("path", CODE, ids=name)
def test_code(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    chinese = [text for text in texts if isinstance(text, str) and CHINESE.search(text)]
    assert [w for text in chinese for w in wrong(text)] == []


def outside_code(text: str) -> str:
    return _CODE_IN_DOCS.sub("x", text)


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON-like value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)


def test_half_width_marks_are_noticed() -> None:
    for text in ("中,文", "中 文", "(中文", "中文)", "中:", "中？文!"):
        assert bool(wrong(text)) == (text not in ("(中文", "中？文!")) or wrong(text)
    for text in ("中，文", "3:00", "第3号", "中文 Git 仓库", "V-001"):
        assert not wrong(text)
