"""What several tests ask of texts: Chinese, places to fill, punctuation, what a page shows."""

import re
from html.parser import HTMLParser

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"\{[a-z_]+\}")
HALF_WIDTH = re.compile(
    "[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef][,:;()?!][\u4e00-\u9fff]"
    "|[\u4e00-\u9fff][,:;()?!](?:[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]|$)"
    "|[\u4e00-\u9fff] +[\u4e00-\u9fff]"
)
"""ASCII punctuation, or a blank, between Chinese characters."""


class Page(HTMLParser):
    """The elements of a page, their attributes, and the text that a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def tags(self) -> list[tuple[str, tuple[str, ...]]]:
        return [(tag, tuple(name for name, _ in attrs)) for tag, attrs in self.elements]

    def values(self, *names: str) -> list[str]:
        """What stands in the attributes of these names."""
        pairs = (pair for _, attrs in self.elements for pair in attrs)
        return [value or "" for name, value in pairs if name in names]
