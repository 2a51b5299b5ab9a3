"""Personal data in the text of a file: numbers and addresses that lead to a person.

Owns what such a number looks like, in values and comments alike. Must not know YAML, and
never repeats what it found: three characters of it are shown, for Git forgets nothing and
neither do the logs of a check. `masked` does that to any text, and whatever is said of input that
nobody has screened goes through it; `brief` shows the beginning of one.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul

from generator.engine.problem import Location, Message, Problem
from generator.reading.slips import BIDI, SPACES, UNSEEN

REGISTER = "data/townships.yaml"
"""The one file in which a telephone number may stand: the office's own."""

_DASHES = (
    "\xb7\u2022\u2024\u2027\u2043\u2219\u22c5\u30fb\uff65\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
)
_TO_ASCII = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(dash): ord("-") for dash in _DASHES},
    **dict.fromkeys((9, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), 0x20),
}
"""Full-width forms, dashes and spaces, one character for one, so that columns stay."""

_UNSEEN = rf"{UNSEEN}{BIDI}\ufe00-\ufe0f"
_HIDDEN = re.compile(rf"(?!\s)[{_UNSEEN}]")
"""What nobody sees sets nothing apart; white space does."""

_PRINTABLE = bytes(range(0x20, 0x7F))
_FOREIGN = re.compile(f"[\t\u3000\uff0d-\uff19\uff20\uff3f{SPACES}{_DASHES}{_UNSEEN}]")
"""With one of these the text is normalised before anything is looked for."""

_SHAPE = bytes(
    0x30 if 0x30 <= byte <= 0x39 else 0x20 if byte in b" -._/" else byte for byte in range(256)
)
_SHAPES = (b"0000000", b"000 000", b"000  000", b"000   000", b"0 0 0 0 0", b"@")

_HEX = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]{0,128}[a-f])[0-9a-f]{32,128}(?![0-9A-Za-z])")
_SEP = "(?:[ ._/-]|  | - )"
_AMOUNT = re.compile(r"[1-9][0-9]*[./][0-9]+", re.ASCII)
"""What one dot or stroke sets apart is a number with decimals or a fraction, and nobody's."""

_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is looked for; `holds` weighs the digits of a find (with the `X`) and its wording."""

    name: Message
    pattern: re.Pattern[str]
    holds: Callable[[str, str], bool] = lambda _, __: True
    telephone: bool = False


@dataclass(frozen=True, slots=True)
class _Find:
    """What was found, half-width and without what nobody sees."""

    start: int
    end: int
    text: str
    kind: _Kind


def screen(path: str, text: str, *, telephone: str | None = None) -> list[Problem]:
    """A problem for each find, in their order; `telephone` is the one number that may stand."""
    if not _suspicious(text):
        return []
    allowed = _digits(telephone.translate(_TO_ASCII)) if telephone else None
    problems = []
    line, last = 1, 0
    for find in _finds(text, allowed):
        line += text.count("\n", last, find.start)
        last = find.start
        place = Location(path, line, find.start - text.rfind("\n", 0, find.start))
        message = Message(
            "{kind} stands here ({shown}); nothing that leads to a person may be kept, because Git "
            "never forgets: delete it and name the case or document by its number",
            {"kind": find.kind.name, "shown": _shown(find.text)},
        )
        problems.append(Problem(place, "personal-data", message))
    return problems


def masked(text: str) -> str:
    """The text with three characters of every find, and *** for the rest of it."""
    if not _suspicious(text):
        return text
    pieces, last = [], 0
    for find in _finds(text, None):
        pieces += [text[last : find.start], _shown(find.text)]
        last = find.end
    return "".join([*pieces, text[last:]])


_LONGEST = 40
_NUMBERING = re.compile(r"[0-9]{11,}")


def brief(text: str) -> str:
    """The beginning of a text, fit for a message: on one line, without long runs of digits."""
    shown = "".join(map(_visible, text[: 16 * _LONGEST]))
    # Before it is cut off: half a number is not known for one any more.
    shown = masked(_NUMBERING.sub(lambda run: f"{run[0][:3]}\u2026", shown))
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}\u2026"


def _visible(character: str) -> str:
    """A character as it can be seen; a full-width space is one in Chinese."""
    seen = character.isprintable() or character == "\u3000"
    return character if seen else f"<U+{ord(character):04X}>"


def _suspicious(text: str) -> bool:
    """Whether it is worth looking closer; most texts are not."""
    data = text.encode("utf-8", "surrogatepass")
    # Deleting the printable ASCII first makes this many times cheaper than a search of the text.
    rest = data.translate(None, _PRINTABLE)
    if _FOREIGN.search(rest.decode("utf-8", "surrogatepass")):
        data = _HIDDEN.sub("", text).translate(_TO_ASCII).encode("utf-8", "surrogatepass")
    shape = data.translate(_SHAPE)
    return any(run in shape for run in _SHAPES)


def _shown(text: str) -> str:
    return f"{text[:3]}***"


def _finds(text: str, allowed: str | None) -> list[_Find]:
    """Finds that do not overlap, in their order, each where it stands in the text."""
    seen = _HIDDEN.sub("", text)
    places: Sequence[int] = range(len(text))
    if len(seen) < len(text):
        places = [place for place in places if not _HIDDEN.match(text[place])]
    whole = plain = _HEX.sub(_blank, seen.translate(_TO_ASCII))
    finds = []
    for kind in _KINDS:  # the surest first: what was taken is blanked

        def take(match: re.Match[str], kind: _Kind = kind) -> str:
            digits = _digits(match[0])
            if not kind.holds(digits, match[0]) or _AMOUNT.fullmatch(match[0]):
                return match[0]
            if not (kind.telephone and digits == allowed):
                start, end = match.span()
                finds.append(_Find(places[start], places[end - 1] + 1, whole[start:end], kind))
            return _blank(match)

        plain = kind.pattern.sub(take, plain)
    return sorted(finds, key=lambda find: find.start)


def _blank(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _digits(text: str) -> str:
    return "".join(character for character in text.upper() if character in "0123456789X")


# --- what the numbers look like -------------------------------------------------------


def _identity_18(digits: str, text: str) -> bool:
    """The check digit is right; where groups are set apart, the date of birth is one, too."""
    total = sum(map(mul, map(int, digits[:17]), _IDENTITY_WEIGHTS))
    if digits[17] != "10X98765432"[total % 11]:
        return False
    return len(text) == 18 or _is_birthday(digits[6:14])


def _is_birthday(digits: str) -> bool:
    month, day = int(digits[4:6]), int(digits[6:8])
    return digits[:2] in ("18", "19", "20") and 1 <= month <= 12 and 1 <= day <= 31


def _card(digits: str, _: str) -> bool:
    """The last digit is the check digit of Luhn; a run of dates is no card."""
    if _is_birthday(digits) or len(set(digits)) == 1:
        return False
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return (total + sum(map(int, digits[-1::-2]))) % 10 == 0


_MOBILE_GROUPS = "|".join(
    (
        r"1[3-9]\d{9}",
        rf"1[3-9]\d{_SEP}\d{{4}}{_SEP}?\d{{4}}",
        rf"1[3-9]\d{{5}}{_SEP}\d{{4}}",
        rf"1[3-9]\d{{2}}{_SEP}\d{{3}}{_SEP}\d{{4}}",
        rf"1[3-9]\d{{2}}{_SEP}\d{{4}}{_SEP}\d{{3}}",
        rf"1[3-9]\d{_SEP}\d{{3}}{_SEP}\d{{5}}",
        rf"1[3-9]\d{{3}}{_SEP}\d{{3}}{_SEP}\d{{3}}",
        rf"1[3-9]\d{{3}}{_SEP}\d{{6}}",
        rf"1[3-9]\d{{4}}{_SEP}\d{{5}}",
        r"1[ ._/-][3-9](?:[ ._/-]\d){9}",
    )
)
_CARD_GROUPS = "|".join(
    (
        r"\d{16,19}",
        rf"\d{{4}}(?:{_SEP}\d{{4}}){{3}}(?:{_SEP}?\d{{1,3}})?",
        rf"\d{{6}}{_SEP}\d{{10,13}}",
        rf"\d{{6}}{_SEP}\d{{4}}{_SEP}\d{{4}}{_SEP}\d{{2,5}}",
    )
)
_AREA = r"(?:\(0(?:10|2\d|[3-9]\d{2})\)|0(?:10|2\d|[3-9]\d{2}))"
_SUBSCRIBER = rf"[2-9]\d{{2,3}}{_SEP}?\d{{4}}"
_COUNTRY = rf"(?:\+|00)86{_SEP}?"

_KINDS = (
    _Kind(
        Message("an identity number"),
        re.compile(rf"(?<!\d)\d(?:{_SEP}?\d){{16}}{_SEP}?[\dXx](?![\dA-Za-z])", re.ASCII),
        _identity_18,
    ),
    _Kind(
        Message("a bank card number"),
        re.compile(rf"(?<!\d)(?:{_CARD_GROUPS})(?!\d)", re.ASCII),
        _card,
    ),
    _Kind(
        Message("an identity number"),
        re.compile(rf"(?<!\d)(?:\d{{15}}|\d{{6}}{_SEP}\d{{6}}{_SEP}\d{{3}})(?!\d)", re.ASCII),
        lambda digits, text: len(text) == 15 or _is_birthday(f"19{digits[6:12]}"),
    ),
    _Kind(
        Message("a mobile number"),
        re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_SEP}?)?(?:{_MOBILE_GROUPS})(?!\d)", re.ASCII),
        telephone=True,
    ),
    _Kind(
        Message("a telephone number"),
        re.compile(
            rf"(?<!\d)(?:{_AREA}{_SEP}?|{_COUNTRY}(?:10|2\d|[3-9]\d{{2}}){_SEP}?)"
            rf"{_SUBSCRIBER}(?!\d)",
            re.ASCII,
        ),
        telephone=True,
    ),
    _Kind(
        Message("an e-mail address"),
        re.compile(
            r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}[ ]?@[ ]?[A-Za-z0-9-]{1,63}"
            r"(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2,24}(?![A-Za-z0-9])"
        ),
    ),
)
