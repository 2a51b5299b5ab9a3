"""What is wrong with a file before it is YAML at all: its bytes and its characters.

Owns the encoding, the size, and every character that a reader of the file cannot see or that
stands for another one. Must not know YAML beyond "white space at the start of a line".
"""

import re
from collections.abc import Iterator

from generator.engine.problem import Location, Message, Problem, Severity

MAX_BYTES = 1 << 20
MAX_SHOWN = 100
"""Lines shown for one kind of character: a file of nothing else must not fill the screen."""

_PLAIN_BYTES = bytes([0x0A, *range(0x20, 0x7F)])
UNSEEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200d"
    "\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f"
_HIDDEN = re.compile(f"(?P<control>[{UNSEEN}])|(?P<bidi>[{BIDI}])|(?P<space>[{SPACES}])")
_TAB = re.compile("(?:[ \u3000\xa0]|-(?=[ \t\u3000\xa0]))*?\t")
_SUSPICIOUS = re.compile(f"[\t\u3000\uff1a\uff0c\u201c\u201d{UNSEEN}{BIDI}{SPACES}]")


def decode(path: str, data: bytes) -> tuple[str | None, list[Problem]]:
    """The text with LF line ends and without a byte order mark, or None where there is none."""
    if len(data) > MAX_BYTES:
        message = Message(
            "the file is larger than {limit} bytes; split it or remove what does not belong in it",
            {"limit": MAX_BYTES},
        )
        return None, [Problem(Location(path, 1, 1), "too-large", message)]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(path, data, error.start)]
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if not text.startswith("\ufeff"):
        return text, []
    message = Message(
        "the file starts with an invisible byte order mark; save it as UTF-8 without BOM"
    )
    return text[1:], [Problem(Location(path, 1, 1), "bom", message)]


def _not_utf8(path: str, data: bytes, start: int) -> Problem:
    """The first byte that is not UTF-8, with the encoding it probably is."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(Location(path, 1, 1), "not-utf8", _other_encoding("UTF-16"))
    if _is_gbk(data, start):
        start = next(index for index, byte in enumerate(data) if byte > 0x7F)
        return Problem(_byte_place(path, data, start), "not-utf8", _other_encoding("GBK"))
    message = Message(
        "the byte 0x{byte} is not UTF-8; the file is damaged or in another encoding; save it "
        "as UTF-8",
        {"byte": f"{data[start]:02X}"},
    )
    return Problem(_byte_place(path, data, start), "not-utf8", message)


def _other_encoding(name: str) -> Message:
    return Message(
        "the file is in the encoding {encoding}, not UTF-8; open it in an editor and save it "
        "as UTF-8",
        {"encoding": name},
    )


def _is_gbk(data: bytes, start: int) -> bool:
    """Whether the bytes read as GBK; Chinese in UTF-8 before `start` speaks for a damaged UTF-8."""
    if any(character > "\u07ff" for character in data[:start].decode("utf-8")):
        return False
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def _byte_place(path: str, data: bytes, start: int) -> Location:
    line_start = data.rfind(b"\n", 0, start) + 1
    column = len(data[line_start:start].decode("utf-8")) + 1
    return Location(path, data.count(b"\n", 0, start) + 1, column)


def suspicious(data: bytes) -> bool:
    """Whether UTF-8 text holds a character worth a closer look; most files do not.

    Deleting the printable ASCII first makes this many times cheaper than a search of the text.
    """
    rest = data.translate(None, _PLAIN_BYTES)
    return bool(rest) and _SUSPICIOUS.search(rest.decode("utf-8")) is not None


def characters(path: str, text: str) -> list[Problem]:
    """Characters that may stand nowhere in a file, one problem a line and kind."""
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        problems += _line_problems(path, number, line)
    shown: dict[str, int] = {}
    kept = []
    for problem in problems:
        shown[problem.code] = shown.get(problem.code, 0) + 1
        if shown[problem.code] <= MAX_SHOWN:
            kept.append(problem)
    return kept


def _line_problems(path: str, number: int, line: str) -> Iterator[Problem]:
    seen = set()
    for match in _HIDDEN.finditer(line):
        kind = str(match.lastgroup)
        if kind not in seen:
            seen.add(kind)
            yield _hidden(Location(path, number, match.start() + 1), kind, match[0])
    if tab := _TAB.match(line):
        message = Message("a tab stands in the indentation; indent with spaces only")
        yield Problem(Location(path, number, tab.end()), "tab-indentation", message)


def _hidden(location: Location, kind: str, character: str) -> Problem:
    args = {"character": f"U+{ord(character):04X}"}
    if kind == "space":
        message = Message(
            "{character} looks like a space but is none, as when text is copied from a web page "
            "or a document; type an ordinary space",
            args,
        )
        return Problem(location, "no-break-space", message)
    if kind == "bidi":
        message = Message(
            "{character} changes the direction of the text invisibly, so that it reads "
            "differently from what it says; delete it",
            args,
        )
        return Problem(location, "bidi-character", message)
    message = Message("the invisible control character {character} stands here; delete it", args)
    return Problem(location, "control-character", message)


def unseen(location: Location, value: str) -> Problem | None:
    """The first character of a value, written by an escape perhaps, that cannot be seen there."""
    if match := _HIDDEN.search(value):
        return _hidden(location, str(match.lastgroup), match[0])
    if "\t" in value:
        message = Message("a tab stands within a text; type a space")
        return Problem(location, "control-character", message)
    return None


def without_hidden(text: str) -> str:
    """The text with a space for each hidden character, so that reading can go on in place."""
    return _HIDDEN.sub(" ", text)


_CUT_OFF = re.compile(
    r"^[ ]*(?:- )*[a-z_]+: +(?![\"'|>\[{#])[^\n#]*?[^\s#] +(#[^\s#][^\n]*)", re.MULTILINE
)
"""A text without quotes, and after it what was hardly meant as a comment."""


def cut_off(path: str, text: str) -> list[Problem]:
    """Texts that end where a # begins, so that readers would never see the rest."""
    found = []
    for match in _CUT_OFF.finditer(text) if " #" in text else ():
        line_start = text.rfind("\n", 0, match.start(1)) + 1
        place = Location(path, text.count("\n", 0, line_start) + 1, match.start(1) - line_start + 1)
        message = Message(
            "from # on this is a comment and no part of the text; put the whole text in quotes, or "
            "a space after # if it is meant as a comment"
        )
        found.append(Problem(place, "cut-off-text", message, Severity.WARNING))
    return found
