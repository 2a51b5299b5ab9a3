"""What readers get of the demonstration years, held word by word.

The expected texts stand in `tests/golden/`. When a change of them is meant, `make golden`
writes them anew and Git shows the difference to whoever reviews it; CI never writes them.
"""

import difflib
import json
import os
from collections.abc import Callable
from functools import partial
from itertools import islice

import pytest

from generator.engine.year import Standing
from generator.words.diff import diff_markdown
from generator.words.explain import comparison, explanation, trace
from generator.words.messages import LANGUAGES, catalogue
from generator.words.report import scores
from tests.cases import ROOT, document
from tests.cities import city
from tests.differing import diff_of

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
    return f"{scores(result, result.standings, catalogue(lang))}\n".encode()


def explanation_text(lang: str) -> bytes:
    words, songhe = catalogue(lang), standing("songhe")
    text = explanation(city("demonstration").newest, songhe, words)
    return f"{text}\n\n{comparison(songhe, standing('dongyuan'), words)}\n".encode()


def trace_text(lang: str) -> bytes:
    """A clause with changed facts, records left out and three rules, from facts to charge."""
    result = city("demonstration").newest
    path = result.inputs.rulebook.path
    rulebook = document(path, (ROOT / path).read_bytes())
    return f"{trace(result, standing('songhe'), '3.1', rulebook, catalogue(lang))}\n".encode()


def appeal(lang: str) -> bytes:
    """What the upheld appeal of 2024 changed, as a review shows it."""
    return f"{diff_markdown(diff_of('appeal'), catalogue(lang))}\n".encode()


TEXTS: dict[str, Callable[[str], bytes]] = {
    "score-2025.{}.txt": score_text,
    "explain-songhe-2025.{}.txt": explanation_text,
    "trace-songhe-3.1.{}.txt": trace_text,
    "diff-2024-appeal.{}.md": appeal,
}
MADE: dict[str, Callable[[], bytes]] = {
    **{path.replace("/", "-"): partial(page, path) for path in PAGES},
    "rulebook-3.1.md": rulebook_part,
    **{name.format(lang): partial(TEXTS[name], lang) for name in TEXTS for lang in LANGUAGES},
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
    changes = difflib.unified_diff(before, after, f"tests/golden/{name}", "now", n=1, lineterm="")
    shown = [line[:SHOWN_COLUMNS] for line in islice(changes, SHOWN_LINES + 1)]
    if len(shown) > SHOWN_LINES:
        shown[SHOWN_LINES:] = ["…"]
    return "\n".join(shown) or "They differ in ends of lines, or in bytes that are not shown."


def lines(name: str, content: bytes) -> list[str]:
    text = content.decode("utf-8", "replace")
    if name.endswith(".json") and text:
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=1)
    return text.splitlines()


def test_a_difference_is_short_and_names_its_place() -> None:
    short = difference("a.txt", b"one\ntwo\n", "one\n三\n".encode())
    place = ["--- tests/golden/a.txt", "+++ now", "@@ -1,2 +1,2 @@"]
    assert short.splitlines() == [*place, " one", "-two", "+三"]
    long = difference("a.txt", b"", b"x" * 1000 + b"\n" * 1000).splitlines()
    assert len(long) == SHOWN_LINES + 1
    assert max(map(len, long)) == SHOWN_COLUMNS


def test_objects_are_compared_value_by_value() -> None:
    lines = difference("a.json", b'{"a": [1, 2], "b": 3}', b'{"a": [1, 4], "b": 3}').splitlines()
    assert "-  2" in lines
    assert "+  4" in lines


def test_other_ends_of_lines_are_a_difference() -> None:
    assert "ends of lines" in difference("a.csv", b"a\r\n", b"a\n")
