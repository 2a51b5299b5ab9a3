"""Data made safe wherever a page or a table puts it. Owns what counts as significant there.

One function serves HTML and Markdown at once; `Safe` marks what has been through it or was
written by us. Must not know what any text means.
"""

import re
from functools import lru_cache

from markupsafe import Markup

_SIGNIFICANT = re.compile(
    r"(?<![0-9A-Za-z])-|-(?![0-9A-Za-z])"  # 2025-05-02 and V-003 stay readable in the sources
    r"|(?<![0-9])[.:]|[.:](?![0-9])"  # 91.50 and 09:00 too
    r"|^\s|\s$"  # indentation and trailing space have a meaning
    r"|[!-$&-+<-@\[-`{-~]"
)
_BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = str.maketrans({"<": "＜", ">": "＞", "&": "＆", '"': "”", "{": "｛", "}": "｝"})
_FORMULA = tuple("=+-@＝＋－＠")


class Safe(Markup):
    """Text that needs no escaping; whatever is joined or formatted into it is escaped first."""

    __slots__ = ()

    @classmethod
    def escape(cls, s: object) -> "Safe":
        """Markup's own hook, so that `Safe("…{}").format(data)` escapes as pages need it."""
        return escape(s)


def escape(value: object) -> Safe:
    """`value` so that it shows literally in HTML, in an attribute and in Markdown, on one line."""
    if isinstance(value, Safe):
        return value
    if value is None:
        raise TypeError("nothing to print: say what a missing value means")
    return _escaped(str(value))


@lru_cache(maxsize=20_000)
def _escaped(text: str) -> Safe:
    """Names, clauses and numbers recur on every page."""
    return Safe(_SIGNIFICANT.sub(_entity, _BREAK.sub(" ", text)))


def title(text: str) -> str:
    """`text` for front matter: a quoted YAML string without a character that HTML gives a meaning.

    Site generators differ in whether they escape a title, so none may need to be.
    """
    plain = _BREAK.sub(" ", text).translate(_PLAIN)
    return '"' + plain.replace("\\", "\\\\") + '"'


def cell(text: str) -> str:
    """`text` for a table file: never read as a formula by a spreadsheet."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"
