"""Figures that are kept in pages: measured once, the same lines in both languages.

Owns the marks between which they stand, and that both pages have the same. Must not measure.
"""

from collections.abc import Iterable
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def keep(name: str, lines: Iterable[str], docs: Path = DOCS) -> None:
    """Put the lines into their place in docs/NAME.md and docs/NAME.en.md."""
    figures = "\n".join(lines)
    pages = [docs / f"{name}{ending}" for ending in (".md", ".en.md")]
    texts = [_with(page.read_text(encoding="utf-8"), figures) for page in pages]
    for page, text in zip(pages, texts, strict=True):
        page.write_text(text, encoding="utf-8")


def kept(text: str) -> str:
    """What stands between the marks of a page."""
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)]


def _with(text: str, figures: str) -> str:
    head, tail = text[: text.index(BEGIN)], text[text.index(END) :]
    return f"{head}{BEGIN}\n\n{figures}\n\n{tail}"
