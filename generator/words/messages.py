"""Messages in a reader's language: the only place where a `Message` becomes a string.

Owns the catalogues (gettext `.po` files under `locale/`; English is the message id itself), the
field's own words for what data say by a code, and text made literal for pages.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from unicodedata import east_asian_width

from babel.messages.pofile import read_po
from markupsafe import Markup

from generator.engine.difference import Cause
from generator.engine.measures import Basis, exact, is_shown_exactly, shown
from generator.engine.problem import Amount, Location, Message, Text
from generator.reading.screen import masked

LANGUAGES = ("zh", "en")
_LOCALE = Path(__file__).parent.parent / "locale"
_LIST = {"zh": "、", "en": ", "}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language: `wordings` maps the English form of a message to this language's."""

    lang: str
    wordings: Mapping[str, str]

    def render(self, message: Message) -> str:
        """The message with its places filled."""
        filled = {name: self._written(value) for name, value in message.args.items()}
        return self.wordings.get(message.text, message.text).format_map(filled)

    def told(self, message: Message) -> str:
        """The message about input that nobody has screened, without a number of a person.

        Every problem, whatever ends a run and every remark goes through this.
        """
        return self.render(message.about(unnamed(message.args)))

    def text(self, text: Text) -> str:
        """The wording in this language."""
        return text.zh if self.lang == "zh" else text.en

    def _(self, text: str, **args: object) -> str:
        """A message by its English form, for templates and reports."""
        return self.render(Message(text, args))

    def _written(self, value: object) -> str:
        if isinstance(value, str):  # most are, and asking whether it is a Fraction takes long
            return value
        if isinstance(value, Message):
            return self.render(value)
        if isinstance(value, Text):
            return self.text(value)
        if isinstance(value, Fraction):
            return exact(value)
        if isinstance(value, Amount):
            return self.amount(value)
        if isinstance(value, tuple):
            return self.listed(value)
        return str(value)

    def amount(self, amount: Amount) -> str:
        """A number with its unit; in English a plural in -s becomes a singular beside 1."""
        number, unit = exact(amount.value), self.text(amount.unit)
        if self.lang == "zh":
            return number + unit
        return f"{number} {unit.removesuffix('s') if amount.value == 1 else unit}".rstrip()

    def listed(self, values: Iterable[object]) -> str:
        """Several values in a row, separated as this language does.

        In English, labels of several words are set apart by semicolons: each begins with a capital.
        """
        values = tuple(values)
        labels = (value.en for value in values if isinstance(value, Text))
        several = any(" " in label and label[0].isupper() for label in labels)
        between = "; " if several and self.lang == "en" else _LIST[self.lang]
        return between.join(map(self._written, values))


def unnamed(args: Mapping[str, object]) -> dict[str, object]:
    """What fills the places of a message about input that nobody has screened, masked."""
    return {name: _masked(value) for name, value in args.items()}


def _masked(value: object) -> object:
    """What fills a place, masked; exact amounts are computed and stay as they are."""
    if isinstance(value, Fraction | Amount):
        return value
    if isinstance(value, Message):
        return value.about(unnamed(value.args))
    if isinstance(value, Text):
        return Text(masked(value.zh), masked(value.en))
    if isinstance(value, tuple):
        return tuple(map(_masked, value))
    return masked(str(value))


@cache
def catalogue(lang: str) -> Catalogue:
    """The catalogue of one of `LANGUAGES`."""
    path = _LOCALE / lang / "LC_MESSAGES" / "kaohe.po"
    if not path.exists():
        return Catalogue(lang, {})
    with path.open("rb") as file:
        entries = read_po(file, locale=lang)
    return Catalogue(lang, {str(e.id): str(e.string) for e in entries if e.id and e.string})


STATUSES = {
    "open": Message("open for submission"),
    "provisional": Message("provisional"),
    "final": Message("final"),
}
OCCASIONS = {
    "routine": Message("routine inspection"),
    "year_end": Message("year-end assessment"),
    "spot_check": Message("spot check"),
    None: Message("correction"),
}
DECISIONS = {
    "upheld": Message("upheld"),
    "partly": Message("partly upheld"),
    "rejected": Message("rejected"),
}
DATES = {
    "submit_by": Message("reports due"),
    "published": Message("provisional result published"),
    "objections_until": Message("objections accepted until"),
    "final": Message("result final"),
}
"""What the dates of a year are called, in their order."""

RULEBOOK_STATUSES = {
    "historical": Message("historical"),
    "in_force": Message("in force"),
    "draft": Message("draft"),
}
KINDS = {
    "township": Message("township"),
    "subdistrict": Message("subdistrict"),
    "other": Message("other unit"),
}
BASES = {
    Basis.TEXT: Message("in the text"),
    Basis.READING: Message("reading"),
    Basis.ASSUMED: Message("assumed"),
    Basis.FINDING: Message("finding"),
}
CAUSES = {
    Cause.REGISTRY: Message("register"),
    Cause.RULEBOOK: Message("rulebook"),
    Cause.ASSESSMENT: Message("the year's settings and decisions"),
    Cause.REPORT: Message("self-report"),
    Cause.INSPECTION: Message("inspection"),
    Cause.CORRECTION: Message("correction"),
}


# --- text of any kind ----------------------------------------------------------------

Style = Callable[[str, str], str]
"""Takes a text and the role it plays (error, warning, faint, strong, code); adds colour or not."""


def plain(text: str, role: str) -> str:  # noqa: ARG001 - one signature for all styles
    """The style without any colour."""
    return text


def printable(text: str) -> str:
    """The text with nothing in it that could move a cursor or break a line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def sign(value: Fraction) -> str:
    """What stands before an amount given or taken."""
    return "−" if value < 0 else "+"


def signed(value: Fraction) -> str:
    """An amount given or taken, exactly."""
    return sign(value) + exact(abs(value))


def in_unit(value: Fraction, unit: Text, catalogue: Catalogue) -> str:
    """The same with what it counts: 91.50分, 500.00 yuan."""
    gap = "" if catalogue.lang == "zh" else " "
    return f"{amount(value)}{gap}{catalogue.text(unit)}".rstrip()


def amount(value: Fraction) -> str:
    """Two decimals, and the exact value beside them where they do not say it all."""
    return shown(value) if is_shown_exactly(value) else f"{shown(value)} ({exact(value)})"


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
    return Safe(_SIGNIFICANT.sub(lambda sign: f"&#{ord(sign[0])};", _BREAK.sub(" ", text)))


def title(text: str) -> str:
    """`text` for front matter: a quoted YAML string without a character that HTML gives a meaning.

    Site generators differ in whether they escape a title, so none may need to be.
    """
    plain = _BREAK.sub(" ", text).translate(_PLAIN)
    return '"' + plain.replace("\\", "\\\\") + '"'


def cell(text: str) -> str:
    """`text` for a table file: never read as a formula by a spreadsheet."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


# --- lines and tables -------------------------------------------------------------------


def github(level: str, place: Location, title: str, text: str) -> str:
    """One line that GitHub shows beside a file."""
    path = printable(place.path).replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    position = f"file={path},line={place.line},col={place.column},title={title}"
    return f"::{level} {position}::{printable(text).replace('%', '%25')}"


def table(rows: Sequence[Sequence[str]], right: range = range(0)) -> list[str]:
    """Rows in columns; a Chinese character takes two. `right`: the columns set flush right."""
    cleaned = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cleaned, strict=True)]
    lines = []
    for row in cleaned:
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - _width(cell))
            cells.append(gap + cell if number in right else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def markdown_table(rows: Iterable[Sequence[str]]) -> list[str]:
    """Rows as a table in Markdown, the first one its heads."""
    heads, *rest = (f"| {' | '.join(map(escape, row))} |" for row in rows)
    return [heads, "|---" * heads.count(" | ") + "|---|", *rest]


def heading(word: str) -> str:
    """A word as it begins a column."""
    return word[:1].upper() + word[1:]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
