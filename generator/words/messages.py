"""Messages in a reader's language: the only place where a `Message` becomes a string.

Owns the catalogues (gettext `.po` files under `locale/`, read as they are; English is the
message id itself) and how amounts, lists and wordings in two languages are written out.
Must not know what any message is about, only whether it speaks of input that nobody has screened.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from generator.engine.amount import exact
from generator.engine.problem import Amount, Message, Text
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
        """Several values in a row, separated as this language does."""
        return _LIST[self.lang].join(map(self._written, values))


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
