"""The languages of a site: whose settings are whose, where the pages of each are.

Owns these places and the switch by which English is built: its settings are there. Every page
has the same address in both, English below en/. Must not read a page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.reading.disk import EntryKind, entries, kind

DOCS = "docs"
ENGLISH_ONLY = ".en.md"
"""A page written by hand with this ending is the English form of the one beside it."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one language; `below` is its place below the site's top and below docs/."""

    lang: Literal["zh", "en"]
    config: str
    below: str

    @property
    def docs(self) -> str:
        """Where its pages are, from the city's folder."""
        return f"{DOCS}/{self.below}" if self.below else DOCS

    def pages(self, root: Path) -> Iterator[str]:
        """The Markdown files of its pages, by their paths below its docs."""
        for path, what in entries(root / self.docs, ""):
            other = path.endswith(ENGLISH_ONLY) or path.startswith(f"{ENGLISH.below}/")
            if what is EntryKind.FILE and path.endswith(".md") and not other:
                yield path


CHINESE = Edition("zh", "mkdocs.yml", "")
ENGLISH = Edition("en", "mkdocs.en.yml", "en")


def editions(root: Path) -> tuple[Edition, ...]:
    """The languages that the site of `root` has: Chinese, and English if it has settings."""
    english = kind(root, ENGLISH.config) is EntryKind.FILE
    return (CHINESE, ENGLISH) if english else (CHINESE,)
