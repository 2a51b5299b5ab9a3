"""Pages written by hand stand in both languages, and one is not amended without the other.

Nobody can test a rendering; but a section, a row, an example or a link that one page has and the
other lacks shows that somebody forgot it, and so does Chinese left over.
"""

import re
from pathlib import Path

import pytest

from benchmarks.kept import BEGIN, END, keep, kept
from generator.pages.layout import ENGLISH_ONLY, OWNED_FILES
from tests.conftest import ROOT

DOCS = ROOT / "docs"
IN_ENGLISH = "---\nlanguage: en\n"
"""How a page begins that is written in English in the first place."""

PAGES = [
    path
    for path in sorted(DOCS.glob("*.md"))
    if path.name not in OWNED_FILES
    and not path.name.endswith(ENGLISH_ONLY)
    and not path.read_text(encoding="utf-8").startswith(IN_ENGLISH)
]
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uffef]")
FENCED = re.compile(r"^( *)```(\w*)[^\n]*\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
CODE_OR_ADDRESS = r"`[^`\n]+`|\]\([^)\n]*\)"
IN_QUOTES = r"“[^”\n]*”|«[^»\n]*»|「[^」\n]*」|《[^》\n]*》"
IN_BRACKETS = r"\([^()\n]*\)|[【】]"
MAY_BE_CHINESE = re.compile(f"{CODE_OR_ADDRESS}|{IN_QUOTES}|{IN_BRACKETS}")
"""Code, addresses, quotations, what stands in brackets after its English, marks of restorations."""

COMMENT = re.compile(r"(?:^|(?<=\s))# .*$", re.MULTILINE)


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def english(path: Path) -> Path:
    return path.with_suffix(ENGLISH_ONLY)


def prose(text: str) -> str:
    return FENCED.sub("", text)


def skeleton(text: str) -> dict[str, object]:
    """What a page has whatever its language."""
    plain = prose(text)
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", plain, re.MULTILINE)],
        "anchors": re.findall(r"^#+ .*\{ *#([\w-]+) *\}$", plain, re.MULTILINE),
        "rows": [row.count("|") for row in re.findall(r"^ *(\|.*\|)$", plain, re.MULTILINE)],
        "items": [len(blanks) for blanks in re.findall(r"^( *)(?:-|\d+\.) ", plain, re.MULTILINE)],
        "links": sorted(re.findall(r"\]\(([^)#\s]+)", plain)),
        "code": [language for _, language, _ in FENCED.findall(text)],
    }


def data(text: str) -> list[list[str]]:
    """The lines of every block of YAML, without comments."""
    blocks = (code for _, language, code in FENCED.findall(text) if language == "yaml")
    bare = (COMMENT.sub("", block).splitlines() for block in blocks)
    return [[line.rstrip() for line in block if line.strip()] for block in bare]


def name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_the_same_parts_and_its_examples_the_same_data_in_english(path: Path) -> None:
    assert english(path).is_file()
    assert skeleton(read(english(path))) == skeleton(read(path))
    assert data(read(english(path))) == data(read(path))


@pytest.mark.parametrize("path", sorted(DOCS.glob(f"*{ENGLISH_ONLY}")), ids=name)
def test_no_chinese_is_left_in_english(path: Path) -> None:
    assert path.with_name(path.name.removesuffix(ENGLISH_ONLY) + ".md") in PAGES
    ours = [MAY_BE_CHINESE.sub("", line) for line in prose(read(path)).splitlines()]
    assert [line for line in ours if CHINESE.search(line)] == []
    code = "\n".join(code for _, _, code in FENCED.findall(read(path)))
    assert [comment for comment in COMMENT.findall(code) if CHINESE.search(comment)] == []


def test_what_one_page_lacks_is_noticed() -> None:
    page = "# 一\n\n|a|b|\n\n[x](y.md#z)\n\n```yaml\na: 1 # 错\n```\n"
    other = "# one\n\n|c|d|\n\n[w](y.md#v)\n\n```yaml\na: 1    # wrong\n```\n"
    assert skeleton(page) == skeleton(other)
    assert data(page) == data(other) == [["a: 1"]]
    for old, new in (("#", "##"), ("|d|", "|d|e|"), ("y.md", "x.md"), ("```yaml", "```sh")):
        assert skeleton(other.replace(old, new, 1)) != skeleton(page)
    assert data(other.replace("1", "2")) != data(page)
    assert CHINESE.search(MAY_BE_CHINESE.sub("", "The year is final。"))
    assert not CHINESE.search(MAY_BE_CHINESE.sub("", "The year is “审定” (审定), `审定`."))


@pytest.mark.parametrize("path", [path for path in PAGES if BEGIN in read(path)], ids=name)
def test_figures_are_the_same_in_english(path: Path) -> None:
    assert kept(read(english(path))) == kept(read(path))


def test_figures_are_put_between_their_marks_in_both_languages(tmp_path: Path) -> None:
    pages = [tmp_path / "speed.md", tmp_path / "speed.en.md"]
    for page, head in zip(pages, ("速度", "Speed"), strict=True):
        page.write_text(f"# {head}\n\n{BEGIN}\nold\n{END}\n\nend\n", encoding="utf-8")
    for lines in (["1", "2"], ["3"]):
        keep("speed", lines, tmp_path)
        figures = "\n".join([BEGIN, "", *lines, "", END])
        expected = [f"# {head}\n\n{figures}\n\nend\n" for head in ("速度", "Speed")]
        assert list(map(read, pages)) == expected


def test_no_page_is_written_where_one_has_no_marks(tmp_path: Path) -> None:
    chinese = f"{BEGIN}\n{END}\n"
    (tmp_path / "speed.md").write_text(chinese, encoding="utf-8")
    (tmp_path / "speed.en.md").write_text("# Speed\n", encoding="utf-8")
    with pytest.raises(ValueError, match="substring not found"):
        keep("speed", ["1"], tmp_path)
    assert read(tmp_path / "speed.md") == chinese
