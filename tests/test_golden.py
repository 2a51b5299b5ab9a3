"""What readers get of the demonstration years, held word by word.

The expected texts stand in `tests/golden/`. When a change of them is meant, `make golden`
writes them anew and Git shows the difference to whoever reviews it; CI never writes them.
"""

import difflib
import json
import os
from collections.abc import Callable
from itertools import islice

import pytest

from generator.engine.year import Standing
from generator.reading.source import read
from generator.words.diff import diff_markdown
from generator.words.explain import comparison, explanation, trace
from generator.words.messages import catalogue
from generator.words.report import scores
from tests.cases import ROOT
from tests.cities import city
from tests.differing import found

GOLDEN = ROOT / "tests" / "golden"
WRITE = os.environ.get("KAOHE_GOLDEN") == "write"
HOW = "If the change is meant, `make golden` writes the expected texts anew; review what Git shows."
SHOWN_LINES, SHOWN_COLUMNS = 40, 240

BOOK = "rulebooks/family-planning-petitions/1/index.md"
PAGES = (
    "index.md",
    "results/2025/index.md",
    "results/2025/lists.md",
    "results/2025/results.csv",
    "results/2025/results.json",
    "results/2025/shimo.md",  # a clause that had no more points to lose
    "results/2025/songhe.md",  # facts changed, records not counted
    "results/2024/heyan.md",  # corrected after publication
    "results/2024/index.md",  # published: locked, with a receipt
    "results/2024/lists.md",
)


def standing(township: str) -> Standing:
    return next(s for s in city("demonstration").newest.standings if s.township.id == township)


def page(path: str) -> bytes:
    content = city("demonstration").pages[path]
    return content.encode() if isinstance(content, str) else content


def rulebook_part() -> bytes:
    """A clause with readings, limits and several bases, as the rulebook's page has it."""
    text = page(BOOK).decode()
    return text[text.index("### 3.1 ") : text.index("### 3.2 ")].encode()


def score_text(lang: str) -> bytes:
    result = city("demonstration").newest
    return (scores(result, result.standings, catalogue(lang)) + "\n").encode()


def explanation_text(lang: str) -> bytes:
    words, songhe = catalogue(lang), standing("songhe")
    texts = (
        explanation(city("demonstration").newest, songhe, words),
        comparison(songhe, standing("dongyuan"), words),
    )
    return ("\n\n".join(texts) + "\n").encode()


def trace_text(lang: str) -> bytes:
    """A clause with changed facts, records left out and three rules, from facts to charge."""
    path = city("demonstration").newest.inputs.rulebook.path
    rulebook, _ = read(path, (ROOT / path).read_bytes())
    assert rulebook is not None
    return (
        trace(city("demonstration").newest, standing("songhe"), "3.1", rulebook, catalogue(lang))
        + "\n"
    ).encode()


def appeal(lang: str) -> bytes:
    """What the upheld appeal of 2024 changed, as a review shows it."""
    return (diff_markdown(found("appeal"), catalogue(lang)) + "\n").encode()


MADE: dict[str, Callable[[], bytes]] = {
    **{path.replace("/", "-"): lambda path=path: page(path) for path in PAGES},  # type: ignore[misc]
    "rulebook-3.1.md": rulebook_part,
    "score-2025.zh.txt": lambda: score_text("zh"),
    "score-2025.en.txt": lambda: score_text("en"),
    "explain-songhe-2025.zh.txt": lambda: explanation_text("zh"),
    "explain-songhe-2025.en.txt": lambda: explanation_text("en"),
    "trace-songhe-3.1.zh.txt": lambda: trace_text("zh"),
    "trace-songhe-3.1.en.txt": lambda: trace_text("en"),
    "diff-2024-appeal.zh.md": lambda: appeal("zh"),
    "diff-2024-appeal.en.md": lambda: appeal("en"),
}


@pytest.mark.parametrize("name", MADE)
def test_golden(name: str) -> None:
    made, file = MADE[name](), GOLDEN / name
    if WRITE and os.environ.get("CI"):
        pytest.fail("CI compares; it never writes what is expected.", pytrace=False)
    if WRITE:
        file.write_bytes(made)
    expected = file.read_bytes() if file.exists() else b""
    if made != expected:
        pytest.fail(f"{difference(name, expected, made)}\n\n{HOW}", pytrace=False)


def test_golden_folder_holds_nothing_else() -> None:
    kept = {path.name: path for path in GOLDEN.iterdir() if not path.name.startswith(".")}
    stale = [path for name, path in kept.items() if name not in MADE]
    if WRITE:
        for path in stale:
            path.unlink()
        return
    assert not stale, HOW


def difference(name: str, expected: bytes, made: bytes) -> str:
    """The first lines that differ, cut short; an object is compared value by value."""
    before, after = lines(name, expected), lines(name, made)
    told = difflib.unified_diff(before, after, f"tests/golden/{name}", "now", n=1, lineterm="")
    found = [line[:SHOWN_COLUMNS] for line in islice(told, SHOWN_LINES + 1)]
    if len(found) > SHOWN_LINES:
        found[SHOWN_LINES:] = ["…"]
    return "\n".join(found) or "They differ in ends of lines, or in bytes that are not shown."


def lines(name: str, content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace")
    if name.endswith(".json") and text:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    return text.splitlines()


def test_a_difference_is_short_and_names_its_place() -> None:
    told = difference("a.txt", b"one\ntwo\n", "one\n三\n".encode())
    place = ["--- tests/golden/a.txt", "+++ now", "@@ -1,2 +1,2 @@"]
    assert told.splitlines() == [*place, " one", "-two", "+三"]
    long = difference("a.txt", b"", b"x" * 1000 + b"\n" * 1000)
    assert len(long.splitlines()) == SHOWN_LINES + 1
    assert max(map(len, long.splitlines())) == SHOWN_COLUMNS


def test_objects_are_compared_value_by_value() -> None:
    told = difference("a.json", b'{"a": [1, 2], "b": 3}', b'{"a": [1, 4], "b": 3}')
    assert "-  2" in told.splitlines()
    assert "+  4" in told.splitlines()


def test_other_ends_of_lines_are_a_difference() -> None:
    assert "ends of lines" in difference("a.csv", b"a\r\n", b"a\n")
