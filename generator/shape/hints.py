"""What somebody most likely meant: nearest names, dates and numbers written another way.

Owns guessing and how a found value is shown in a message. Must not decide what is right.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from unicodedata import normalize

from generator.engine.problem import Message
from generator.reading.screen import masked

_LONGEST = 40
_NUMBERING = re.compile(r"[0-9]{11,}")

TRUE = frozenset({"yes", "y", "on", "true", "是", "有", "真", "√", "对"})
FALSE = frozenset({"no", "n", "off", "false", "否", "无", "没有", "假", "×", "不"})


def shown(value: object) -> object:
    """A found value for a message: short, on one line, without long runs of digits."""
    if value is None:
        return Message("nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return Message("a list")
    if isinstance(value, dict):
        return Message("a group of keys")
    if isinstance(value, str):
        return Message("«{text}»", {"text": brief(value)})
    return brief(str(value))


def brief(text: str) -> str:
    """The beginning of a text, fit for a message."""
    text = "".join(mark if mark.isprintable() else "\ufffd" for mark in text)
    # Before it is cut off: half a number is not known for one any more.
    text = masked(_NUMBERING.sub(lambda run: f"{run[0][:3]}…", text))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def nearest(wanted: str, known: Iterable[str], labels: Mapping[str, str]) -> str | None:
    """The known name that is meant; `labels` are other names of known ones (Chinese titles)."""
    names = list(known)
    plain = _plain(wanted)
    for name in names:
        if _plain(name) == plain or labels.get(name) == wanted.strip():
            return name
    near = get_close_matches(plain, names, 1, 0.6)
    if near:
        return near[0]
    by_label = {label: name for name, label in labels.items() if name in names}
    near = get_close_matches(wanted, by_label, 1, 0.6)
    return by_label[near[0]] if near else None


def _plain(name: str) -> str:
    return normalize("NFKC", name).strip().lower().replace("-", "_").replace(" ", "_")


def truth(text: str) -> str | None:
    """The boolean that a word for yes or no means."""
    word = normalize("NFKC", text).strip().lower()
    return "true" if word in TRUE else "false" if word in FALSE else None


def number(text: str) -> str | None:
    """The plain number in a text with full-width digits, thousands commas or a counter word."""
    match = re.fullmatch(
        r"(-?[0-9]{1,15}(\.[0-9]{1,6})?)\D{0,3}", re.sub(r"[,\s]", "", normalize("NFKC", text))
    )
    return match[1] if match else None


def quoted_number(text: str) -> bool:
    """Whether a text is a plain number and text only because of its quotation marks."""
    return re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", text) is not None


def entries(text: str) -> str | None:
    """The entries of a list written as one text, with half-width commas between them."""
    parts = [part.strip() for part in re.split(r"[,;、]|\s+", normalize("NFKC", text))]
    parts = [part for part in parts if part]
    return ", ".join(parts) if parts and len(text) <= 2 * _LONGEST else None


# --- calendar forms -------------------------------------------------------------------

_SEP = r"\s*[-/.\u5e74\u6708]\s*"
_DAY = rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}}){_SEP}([0-9]{{1,2}})\s*\u65e5?"
_TIME = r"[T\s]*([0-9]{1,2})[:\u65f6\u70b9]([0-9]{1,2})?(?::[0-9]{2}|\u5206)?(?:Z|\+0?8:?(?:00)?)?"
_FORMS = {
    "date": (re.compile(_DAY), re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")),
    "date-minute": (re.compile(_DAY + _TIME),),
    "month": (
        re.compile(rf"([0-9]{{4}}){_SEP}([0-9]{{1,2}})\s*\u6708?"),
        re.compile(r"([0-9]{4})([0-9]{2})"),
        re.compile(_DAY),
    ),
    "quarter": (
        re.compile(
            r"([0-9]{4})[-/.\u5e74\s]*(?:Q|\u7b2c)?\s*([1-4\u4e00\u4e8c\u4e09\u56db])\s*"
            r"(?:Q|\u5b63\u5ea6?)?",
            re.IGNORECASE,
        ),
    ),
}
_WRITTEN = {
    "date": "{0}-{1:0>2}-{2:0>2}",
    "date-minute": "{0}-{1:0>2}-{2:0>2}T{3:0>2}:{4:0>2}",
    "month": "{0}-{1:0>2}",
    "quarter": "{0}-Q{1}",
}
_DIGITS = str.maketrans("\u4e00\u4e8c\u4e09\u56db", "1234")


def calendar(text: str, form: str) -> str | None:
    """A date, time, month or quarter in the form asked for, if the text is one in another."""
    meant = normalize("NFKC", text).strip()
    for pattern in _FORMS.get(form, ()):
        if match := pattern.fullmatch(meant):
            parts = [(part or "00").translate(_DIGITS) for part in match.groups()]
            return _WRITTEN[form].format(*parts)
    return None


def reshaped(text: str, pattern: re.Pattern[str]) -> str | None:
    """The text half-width, upper or lower case, without blanks around, if that has the form."""
    plain = normalize("NFKC", text).strip()
    for candidate in (plain, plain.upper(), plain.lower(), plain.replace("_", "-")):
        if pattern.search(candidate):
            return candidate
    return None


def quotable(value: object) -> str | None:
    """The text that a number or truth value would be between quotation marks."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | Decimal) else None


def decimals(value: object) -> int:
    """How many decimals a number has, noughts at its end left out; 0 for anything else."""
    if not isinstance(value, Decimal) or value == value.to_integral_value():
        return 0
    return len(str(value.normalize()).partition(".")[2])
