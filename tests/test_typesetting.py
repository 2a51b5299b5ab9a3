"""Chinese stands with Chinese punctuation: in schemas, templates, rulebooks, docs, data, code.

Wordings of messages are held to the same in `test_messages.py`.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.pages.layout import OWNED_FILES, OWNED_FOLDERS
from tests.cases import ROOT, document
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
TOOLS = [
    *(ROOT / name for name in ("mkdocs.yml", "mkdocs.en.yml", "Makefile", "docs/assets/flow.svg")),
    *(p for p in (ROOT / "generator/templates/scaffold").rglob("*") if p.is_file()),
]
_CODE_IN_DOCS = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\n]*\)", re.DOTALL)
_MARKUP = re.compile(r"\{[%{#].*?[%}#]\}|<[^>]*>", re.DOTALL)


def wrong(text: str) -> list[str]:
    """The places with ASCII punctuation, or a blank, between Chinese characters."""
    return [text[max(0, m.start() - 8) : m.end() + 8] for m in HALF_WIDTH.finditer(text)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def in_docs(path: Path) -> list[str]:
    return [_CODE_IN_DOCS.sub("x", path.read_text(encoding="utf-8"))]


def in_templates(path: Path) -> list[str]:
    return [_MARKUP.sub("", path.read_text(encoding="utf-8"))]


def in_schemas(path: Path) -> list[str]:
    return [_CODE_IN_DOCS.sub("x", text) for text in strings(json.loads(path.read_bytes()))]


def in_data(path: Path) -> list[str]:
    file = document(name(path), path.read_bytes())
    comments = re.findall(r"(?:^|\s)#\s*(.*)$", file.text, re.MULTILINE)
    return [*strings(file.value), *comments]


def in_code(path: Path) -> list[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant))
    return [text for text in texts if isinstance(text, str) and CHINESE.search(text)]


def in_tools(path: Path) -> list[str]:
    """But for keys, and what a shell puts in."""
    return [re.sub(r"(?m):$|\$\([^()]*\)", "x", path.read_text(encoding="utf-8"))]


TEXTS = {
    in_docs: DOCS,
    in_templates: TEMPLATES,
    in_schemas: SCHEMAS,
    in_data: DATA,
    in_code: CODE,
    in_tools: TOOLS,
}


@pytest.mark.parametrize(
    ("texts", "path"),
    [pytest.param(texts, path, id=name(path)) for texts, paths in TEXTS.items() for path in paths],
)
def test_chinese_is_punctuated_as_chinese(texts: Callable[[Path], list[str]], path: Path) -> None:
    assert [w for text in texts(path) for line in text.splitlines() for w in wrong(line)] == []


def strings(value: Any) -> Iterator[str]:
    """Every text in a JSON-like value, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in (*map(str, value), *value.values()) if isinstance(value, dict) else value:
            yield from strings(inner)


def test_half_width_marks_are_noticed() -> None:
    for text in ("中,文", "中 文", "(中文", "中文)", "中:", "中？文!"):
        assert bool(wrong(text)) == (text not in ("(中文", "中？文!")) or wrong(text)
    for text in ("中，文", "3:00", "第3号", "中文 Git 仓库", "V-001"):
        assert not wrong(text)


def unused(page: str) -> list[str]:
    """The words that a glossary says are not used, from the last column of its table."""
    rows = [
        line.split("|") for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    ]
    cells = [row[4].strip() for row in rows if len(row) == 6][2:]
    words = [word.strip() for cell in cells for word in re.split("[\u3001,]", cell)]
    return [word for word in words if word not in ("", "\u2013")]


def test_one_word_is_used_for_one_thing() -> None:
    """What the glossary says is not used stands in no page, message, manual and label."""
    wordings = ROOT / "generator/locale/zh/LC_MESSAGES/kaohe.po"
    places = {*DOCS, *SCHEMAS, *TEMPLATES, *TOOLS, wordings} - set(ROOT.glob("docs/glossary*.md"))
    words = [*unused("glossary.md"), *unused("glossary.en.md")]
    assert len(words) > 10
    for path in sorted(places):
        text = path.read_text(encoding="utf-8")
        said = [word for word in words if word in text.lower()]
        assert said == [], (name(path), said)
