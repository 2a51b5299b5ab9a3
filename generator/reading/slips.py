"""What is wrong with a text before it is YAML: bytes, hidden characters, full-width marks, syntax.

Owns the encoding, the size, every character that cannot be seen or stands for another, and the
choice of the place to blame: the scanner's own place is often the line after the slip. A rough
walk finds slips where YAML's own structure stands, never inside a value.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from operator import itemgetter
from types import MappingProxyType
from unicodedata import normalize

from yaml import CSafeLoader
from yaml.error import MarkedYAMLError, YAMLError
from yaml.tokens import KeyToken

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
HIDDEN = re.compile(
    f"(?P<control_character>[{UNSEEN}])|(?P<bidi_character>[{BIDI}])|(?P<no_break_space>[{SPACES}])"
)
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
    message = Message(
        "the file is in the encoding {encoding}, not UTF-8; open it in an editor and save it "
        "as UTF-8"
    )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        start, message = 0, message.about({"encoding": "UTF-16"})
    elif _is_gbk(data, start):
        start = next(index for index, byte in enumerate(data) if byte > 0x7F)
        message = message.about({"encoding": "GBK"})
    else:
        message = Message(
            "the byte 0x{byte} is not UTF-8; the file is damaged or in another encoding; save it "
            "as UTF-8",
            {"byte": f"{data[start]:02X}"},
        )
    line_start = data.rfind(b"\n", 0, start) + 1
    column = len(data[line_start:start].decode("utf-8")) + 1
    location = Location(path, data.count(b"\n", 0, start) + 1, column)
    return Problem(location, "not-utf8", message)


def _is_gbk(data: bytes, start: int) -> bool:
    """Whether the bytes read as GBK; Chinese in UTF-8 before `start` speaks for a damaged UTF-8."""
    if any(character > "\u07ff" for character in data[:start].decode("utf-8")):
        return False
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def unusual(data: bytes) -> str:
    """UTF-8 text without what is plain ASCII: little is left of most files."""
    return data.translate(None, _PLAIN_BYTES).decode("utf-8")


def suspicious(unusual: str) -> bool:
    """Whether what is unusual in a text holds a character worth a closer look."""
    return _SUSPICIOUS.search(unusual) is not None


def characters(path: str, text: str) -> list[Problem]:
    """Characters that may stand nowhere in a file, one problem a line and kind."""
    problems: dict[str, list[Problem]] = {}
    for number, line in enumerate(text.split("\n"), 1):
        first = {match.lastgroup: match for match in reversed(list(HIDDEN.finditer(line)))}
        for match in first.values():
            problem = _hidden(Location(path, number, match.start() + 1), match)
            problems.setdefault(problem.code, []).append(problem)
        if tab := _TAB.match(line):
            message = Message("a tab stands in the indentation; indent with spaces only")
            problem = Problem(Location(path, number, tab.end()), "tab-indentation", message)
            problems.setdefault(problem.code, []).append(problem)
    return [problem for same in problems.values() for problem in same[:MAX_SHOWN]]


_NOT_SEEN = {
    "no-break-space": Message(
        "{character} looks like a space but is none, as when text is copied from a web page "
        "or a document; type an ordinary space"
    ),
    "bidi-character": Message(
        "{character} changes the direction of the text invisibly, so that it reads "
        "differently from what it says; delete it"
    ),
    "control-character": Message(
        "the invisible control character {character} stands here; delete it"
    ),
}


def _hidden(location: Location, match: re.Match[str]) -> Problem:
    code = str(match.lastgroup).replace("_", "-")
    return Problem(location, code, _NOT_SEEN[code].about({"character": f"U+{ord(match[0]):04X}"}))


def unseen(location: Location, value: str) -> Problem | None:
    """The first character of a value, written by an escape perhaps, that cannot be seen there."""
    if match := HIDDEN.search(value):
        return _hidden(location, match)
    if "\t" in value:
        message = Message("a tab stands within a text; type a space")
        return Problem(location, "control-character", message)
    return None


_CUT_OFF = re.compile(
    r"^[ ]*(?:- )*[a-z_]+: +(?![\"'|>\[{#])[^\n#]*?[^\s#] +(#[^\s#][^\n]*)", re.MULTILINE
)
"""A text without quotes, and after it what was hardly meant as a comment."""


def cut_off(path: str, text: str) -> list[Problem]:
    """Texts that end where a # begins, so that readers would never see the rest."""
    message = Message(
        "from # on this is a comment and no part of the text; put the whole text in quotes, or "
        "a space after # if it is meant as a comment"
    )
    return [
        Problem(place(path, text, match.start(1)), "cut-off-text", message, Severity.WARNING)
        for match in (_CUT_OFF.finditer(text) if " #" in text else ())
    ]


COLON, COMMA, OPEN_QUOTE, CLOSE_QUOTE, SPACE = "\uff1a", "\uff0c", "\u201c", "\u201d", "\u3000"

MAX_SLIPS = 100
"""More full-width marks than this in structure, and reading on would only guess."""

_BLOCK_PLAIN = re.compile(r"(?:(?!:(?:[ \t\n]|\Z)|[ \t]#|\n).)+")
_FLOW_PLAIN = re.compile(r"(?:(?!:(?:[ \t\n,\[\]{}]|\Z)|[ \t]#|[,\[\]{}\n]).)+")
_MARK = f"[ {SPACE}]*(?P<mark>{COLON}|(?<=:){SPACE})"
_KEY = re.compile(f"[A-Za-z_][A-Za-z0-9_.-]*:?{_MARK}")
_VALUE_OR_KEY = re.compile(f"[a-z_][a-z0-9_.-]*:?{_MARK}")
_ANY_KEY = re.compile(f"[^{COLON}:\n]+:?(?P<mark>{COLON}|(?<=:){SPACE})")
_NEXT_KEY = re.compile("[ ]*[A-Za-z_][A-Za-z0-9_.-]*[ ]*")
_WORD = re.compile(r"[ ]*[A-Za-z0-9_.:+-]+[ ]*")
_TIGHT_KEY = re.compile(r"[^ \t:\n]+:(?=[^ \t\n])")
_TIGHT_RECORD_KEY = re.compile(r"[a-z_][a-z0-9_.-]*:(?=[^ \t\n/])")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL), "'": re.compile(r"'(?:[^']|'')*'")}
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_KEY_BELOW = re.compile(r"\n[ ]*(?:- )*[a-z_][a-z0-9_.-]*:[ \n]")


_OUTSIDE_COMMENTS = re.compile(
    f"^(?![ {SPACE}]*#)[^\n]*[{COLON}{COMMA}{OPEN_QUOTE}{CLOSE_QUOTE}{SPACE}]", re.MULTILINE
)


@dataclass(slots=True)
class Slips:
    """Indexes into the text, of full-width marks and of what else goes wrong."""

    full_width: list[int] = field(default_factory=list)
    no_space: list[int] = field(default_factory=list)  # a key whose colon has no space after it
    no_colon: list[int] = field(default_factory=list)  # a line without the key it must start with
    open_quote: list[int] = field(default_factory=list)  # a mark that swallows the lines after it
    open_bracket: list[int] = field(default_factory=list)  # one never closed


def may_slip(text: str) -> bool:
    """Whether a full-width mark stands outside of lines that are comments altogether."""
    return _OUTSIDE_COMMENTS.search(text) is not None


def slips(text: str) -> Slips:
    """Every slip of the text, in its order."""
    return _Walk(text).run()


def mended(text: str, indexes: list[int]) -> tuple[str, dict[int, list[int]]]:
    """The text as it was probably meant, so that the rest of it can be read.

    At the indexes stand full-width marks, and ordinary colons with no space after them. Also the
    columns (from 0, in the mended text) at which a space was put in, by line (from 0), so that
    places can be told in the text as it was written.
    """
    pieces: list[str] = []
    added: dict[int, list[int]] = {}
    last = line = 0
    for index in indexes:
        line += text.count("\n", last, index)
        pieces.append(text[last:index])
        last = index + 1
        pieces.append(_MEANT[text[index]])
        if text[index] in (COLON, COMMA, ":") and text[last : last + 1] not in ("", " ", "\n"):
            columns = added.setdefault(line, [])
            columns.append(index - text.rfind("\n", 0, index) + len(columns))
            pieces.append(" ")
    return "".join([*pieces, text[last:]]), added


_MEANT = {":": ":", COLON: ":", COMMA: ",", OPEN_QUOTE: OPEN_QUOTE, CLOSE_QUOTE: '"', SPACE: " "}


class _Walk:
    """One walk from the start of the text to its end."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.slips = Slips()
        self.flow: list[int] = []  # where each open bracket stands
        self.line_start = 0
        self.parent = -1  # column of the key or dash whose value is being read
        self.key_column = 0
        self.first = True  # nothing but dashes stands before this token on its line
        self.value_due = False
        self.key_due = False  # in a flow mapping: after its bracket or a comma
        self.node_ended = False  # a quoted text or a bracket has just been closed

    def run(self) -> Slips:
        """Every step moves on by at least one character; too many marks end the walk."""
        while self.at < len(self.text) and len(self.slips.full_width) <= MAX_SLIPS:
            if self.at == 0 or self.text[self.at - 1] == "\n":
                self._begin_line()
            else:
                self._token()
        self.slips.open_bracket += self.flow[-1:]
        return self.slips

    def _begin_line(self) -> None:
        self.line_start = self.at
        if not self.flow and self.text.startswith(("---", "...", "%"), self.at):
            self.parent, self.value_due = -1, False
            self.at = self._line_end()
            return
        self.first = not self.flow
        self.node_ended = self.node_ended and bool(self.flow)
        self._spaces()
        if not self.text.startswith(("\n", "#"), self.at) and self._column() <= self.parent:
            self.value_due = False
        self._token()

    def _column(self) -> int:
        return self.at - self.line_start

    def _line_end(self) -> int:
        end = self.text.find("\n", self.at)
        return len(self.text) if end < 0 else end

    def _spaces(self) -> None:
        """Pass white space; a full-width space between tokens is a slip."""
        while self.at < len(self.text) and self.text[self.at] in (" ", "\t", SPACE):
            if self.text[self.at] == SPACE:
                self.slips.full_width.append(self.at)
            self.at += 1

    def _pass_deeper_lines(self, *, comments: bool) -> None:
        """From the end of a line, pass the lines that are blank or deeper than the parent."""
        while self.at < len(self.text):
            start = self.at + 1
            end = self.text.find("\n", start)
            line = self.text[start : len(self.text) if end < 0 else end]
            content = line.lstrip(" ")
            if content and len(line) - len(content) <= self.parent:
                return
            if content.startswith("#") and not comments:
                return
            self.at = start + len(line)

    def _token(self) -> None:
        self._spaces()
        mark = self.text[self.at : self.at + 1]
        if mark in ("", "\n"):
            self.at += 1
        elif mark == "#" and (self.at == 0 or self.text[self.at - 1] in f" \t\n{SPACE}"):
            self.at = self._line_end()
        elif self.node_ended and mark in (COLON, COMMA):
            self.slips.full_width.append(self.at)
            self._separator(mark)
        elif mark in "[{" or (self.flow and mark in "]}"):
            self.value_due = self.first = False
            self.node_ended = mark in "]}"
            if self.node_ended:
                self.flow.pop()
            else:
                self.flow.append(self.at)
            self.at += 1
            self.key_due = mark == "{"
        elif self.flow and mark == ",":
            self._separator(COMMA)
        elif mark == ":" and (self.node_ended or self._alone()):
            self._separator(COLON)
        elif mark in "-?" and not self.flow and self._alone():
            self.parent, self.value_due = self._column(), True
            self.at += 1
        else:
            self._node(mark)

    def _alone(self) -> bool:
        """Whether the indicator here is followed by white space."""
        return self.text[self.at + 1 : self.at + 2] in ("", " ", "\t", "\n", SPACE)

    def _separator(self, mark: str) -> None:
        self.at += 1
        self.first = self.node_ended = False
        if self.flow:
            self.key_due = mark == COMMA and self.text[self.flow[-1]] == "{"
        elif mark == COLON:
            self.parent, self.value_due = self.key_column, True

    def _node(self, mark: str) -> None:
        self.node_ended = False
        if mark in "|>" and not self.flow and _BLOCK_HEADER.match(self.text, self.at):
            self.at = self._line_end()
            self.value_due = False
            self._pass_deeper_lines(comments=True)
        elif mark in _QUOTED:
            self._quoted(mark)
        elif mark in "&*!":
            while self.text[self.at : self.at + 1] not in ("", " ", "\t", "\n", ",", "]", "}"):
                self.at += 1
        elif self.flow:
            self._flow_plain()
        else:
            self._block_plain()

    def _quoted(self, mark: str) -> None:
        if self.first:
            self.key_column = self._column()
        start, line_end = self.at, self._line_end()
        match = _QUOTED[mark].match(self.text, start)
        self.node_ended, self.value_due, self.first, self.key_due = True, False, False, False
        if match and match.end() <= line_end:
            self.at = match.end()
            return
        closing = self.text.find(CLOSE_QUOTE, start, line_end) if mark == '"' else -1
        if closing >= 0 and self.text[closing + 1 : line_end].lstrip(" ")[:1] in ("", *",]}#"):
            self.slips.full_width.append(closing)
            self.at = closing + 1
        elif match and not _KEY_BELOW.search(match[0]):
            self.at = match.end()
            self.line_start = self.text.rfind("\n", 0, self.at) + 1
        else:
            self.slips.open_quote.append(start)
            self.at = line_end

    def _block_plain(self) -> None:
        start = self.at
        match = _BLOCK_PLAIN.match(self.text, start)
        end = match.end() if match else start + 1
        is_key = self.text.startswith(":", end)
        if self.first and not is_key and self._block_key(start):
            return
        self._wrapped(start, end)
        self.at = end
        if is_key:
            self.key_column = start - self.line_start
            self.value_due = False
            return
        # A full-width space before a `#`: meant as a comment, read as part of the value.
        if (index := self.text.find(f"{SPACE}#", start, end)) >= 0:
            self.slips.full_width.append(index)
        self.value_due = False
        self.at = self._line_end()
        self._pass_deeper_lines(comments=False)

    def _block_key(self, start: int) -> bool:
        """Whether a line starts with what must be meant as a key; it is then taken as one."""
        pattern = _VALUE_OR_KEY if self.value_due else _ANY_KEY
        tight = _TIGHT_RECORD_KEY if self.value_due else _TIGHT_KEY
        column = start - self.line_start
        if match := pattern.match(self.text, start):
            self._wrapped(start, match.start("mark"))
            self.slips.full_width.append(match.start("mark"))
            self.at, self.first = match.end(), False
        elif match := tight.match(self.text, start):
            self.slips.no_space.append(start)
            self.at, self.first = match.end(), False
        elif not self.value_due:
            self.slips.no_colon.append(start)
            self.at = self._line_end()
        else:
            return False
        self.key_column = self.parent = column
        self.value_due = True
        return True

    def _flow_plain(self) -> None:
        start = self.at
        match = _FLOW_PLAIN.match(self.text, start)
        end = match.end() if match else start + 1
        key = _KEY.match(self.text, start, end) if self.key_due else None
        if key:
            self.slips.full_width.append(key.start("mark"))
            self.at, self.key_due = key.end(), False
            return
        comma = self.text.find(COMMA, start, end)
        while comma >= 0 and not self._separates(start, comma, end):
            comma = self.text.find(COMMA, comma + 1, end)
        if comma >= 0:
            self._wrapped(start, comma)
            self.slips.full_width.append(comma)
            self.at = comma
            self._separator(COMMA)
            return
        self.key_due = False
        self.at = max(end, self._wrapped(start, end))

    def _separates(self, start: int, comma: int, end: int) -> bool:
        """Whether a full-width comma in a flow collection stands between two items of it."""
        previous = self.text.rfind(COMMA, start, comma) + 1 or start
        following = self.text.find(COMMA, comma + 1, end)
        following = end if following < 0 else following
        left, right = self.text[previous:comma], self.text[comma + 1 : following].strip(" ")
        left_is_word = _WORD.fullmatch(left) is not None or left.strip(" ")[-1:] == CLOSE_QUOTE
        if right[:1] in ('"', "'") or (not right and left_is_word):
            return True
        if self.text[self.flow[-1]] == "[":
            return left_is_word and (right[0] == OPEN_QUOTE or bool(_WORD.fullmatch(right)))
        key = _NEXT_KEY.match(self.text, comma + 1, end)
        return key is not None and self.text[key.end() : key.end() + 1] in (COLON, ":")

    def _wrapped(self, start: int, end: int) -> int:
        """Find Chinese quotation marks around a whole text; return where they end, else 0."""
        text = self.text[start:end].rstrip(" ")
        if not text.startswith(OPEN_QUOTE) or OPEN_QUOTE in text[1:]:
            return 0
        closing = self.text.find(CLOSE_QUOTE, start, self._line_end())
        inside = text.find(CLOSE_QUOTE)
        if inside == len(text) - 1 or (inside < 0 and text.endswith('"')):
            self.slips.full_width.append(start)
            return end
        if inside < 0 and self.flow and closing >= 0:
            self.slips.full_width.append(start)
            return closing + 1
        return 0


_EXPLICIT_KEY = re.compile(r"(?:^[ -]*|[\[{,][ ]*)\?[ \n]", re.MULTILINE)
_DOCUMENT_END = re.compile(r"^\.\.\.[ \n]", re.MULTILINE)

SECOND_DOCUMENT = Message(
    "a second document starts here; keep one in a file and delete the line --- or ..."
)


def too_nested(error: YAMLError) -> bool:
    """Whether libyaml gave up before it said where: it looks a thousand signs ahead for a colon."""
    return isinstance(error, MarkedYAMLError) and "nesting depth" in (error.problem or "")


def place(path: str, text: str, index: int) -> Location:
    """Line and column of a character."""
    return Location(path, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


_FULL_WIDTH = {
    SPACE: Message("a full-width space (U+3000) stands outside of a value; type an ordinary space"),
    COLON: Message(
        "the full-width colon {mark} stands after a key; type an ordinary colon and a space; "
        "if it belongs to a text, put the text in quotes"
    ),
    COMMA: Message(
        "the full-width comma {mark} stands between entries; type an ordinary comma and a "
        "space; if it belongs to a text, put the text in quotes"
    ),
}
_QUOTATION = Message(
    'the Chinese quotation mark {mark} stands around a whole text; type an ordinary one (")'
)


def full_width(path: str, text: str, indexes: list[int]) -> list[Problem]:
    """A problem for each full-width mark that stands for an ASCII one; not endlessly many."""
    return [
        Problem(
            place(path, text, index),
            "full-width-punctuation",
            _FULL_WIDTH.get(text[index], _QUOTATION).about({"mark": text[index]}),
        )
        for index in indexes[:MAX_SHOWN]
    ]


def explicit_keys(path: str, text: str) -> list[Problem]:
    """Keys written with `? `; looked for only where one could be."""
    if "?" not in text or not _EXPLICIT_KEY.search(text):
        return []
    message = Message("a key with ? stands here; write keys as a plain word and a colon")
    indexes: list[int] = []
    parser = CSafeLoader(text)
    with suppress(YAMLError):  # as far as the text can be read
        while len(indexes) < MAX_SHOWN and (token := parser.get_token()):
            if type(token) is KeyToken and token.end_mark.index > token.start_mark.index:
                indexes.append(token.start_mark.index)
    return [Problem(place(path, text, index), "syntax", message) for index in indexes]


def tight_colons(text: str) -> list[int]:
    """The colons after keys that have no space after them, where that makes the text no YAML."""
    return [text.index(":", start) for start in slips(text).no_space]


def tight(path: str, text: str, colons: list[int]) -> list[Problem]:
    """A problem for each colon after a key that has no space after it, at the key."""
    message = _SLIPS["no_space"]
    starts = [max(text.rfind(mark, 0, colon) for mark in " \n{[,") + 1 for colon in colons]
    return [Problem(place(path, text, start), "syntax", message) for start in starts[:MAX_SHOWN]]


def blamed(path: str, text: str, error: YAMLError) -> Problem:
    """The problem for what the scanner stumbled over, at the place where it began."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(Location(path, 1, 1), "syntax", _NO_YAML)
    index = min(error.problem_mark.index, len(text))
    if _DOCUMENT_END.search(text, 0, index):
        return Problem(place(path, text, index), "second-document", SECOND_DOCUMENT)
    hand = slips(text)
    causes = [(i, message) for kind, message in _SLIPS.items() for i in getattr(hand, kind)]
    first = min(causes, key=itemgetter(0), default=None)
    # What the scanner met is the result of the first slip of the hand up to that line.
    if first is None or text.count("\n", 0, first[0]) > error.problem_mark.line:
        first = _explained(text, error, index)
    return Problem(place(path, text, first[0]), "syntax", first[1])


_OPEN_QUOTE = Message("this quotation mark is not closed; close it at the end of the text")
_SLIPS = {
    "no_space": Message("a space is missing after the colon; write the key, a colon and a space"),
    "no_colon": Message(
        "this line starts with no key; write a key, a colon and a space; if it continues the "
        "text above, indent it deeper"
    ),
    "open_quote": _OPEN_QUOTE,
    "open_bracket": Message("this bracket is not closed; close it after the last entry"),
}


_NO_ENTRY = Message(
    "what stands here belongs to no entry; check the indentation and what stands before it"
)
_NO_YAML = Message("this is not YAML; write each entry as a key, a colon, a space and a value")
_BACKSLASH = Message("the backslash starts no known character here; put the text in single quotes")
_SECOND_COLON = Message(
    "a second colon stands here; put the text in quotes if the colon belongs to it, or "
    "correct the indentation"
)
_CANNOT_START = Message("a text cannot start with {character}; put it in quotes")
_DIRECTIVE = Message("a line starting with % stands here; delete it")
_TAG = Message("a text that starts with ! stands here; put it in quotes")
_BLOCK = Message(
    "nothing but a comment may stand in the line after | or >; begin the text in the next line, "
    "indented deeper"
)
_AFTER_QUOTES = Message(
    "more text stands after the closing quotation mark; put one pair of quotation marks around "
    "the whole text, and \u300c\u300d inside it"
)
_AFTER_BRACKET = Message(
    "something stands after the closing bracket; delete it, or put it inside the bracket"
)
_NOTHING = Message(
    "nothing stands before this comma; write the value that is missing, or delete the comma"
)

_NO_BRACKET = Message(
    "this closing bracket belongs to no opening one; delete it, or make both of one kind"
)

_FROM_ITS_START = {
    "could not find expected ':'": Message("a colon and a space are missing after this key"),
    "unexpected end of stream": _OPEN_QUOTE,
    "unexpected document indicator": _OPEN_QUOTE,
    "alphabetic or numeric character": _CANNOT_START,
}
"""What the scanner says, by some of its words, of what begins at an earlier place."""
_WHERE_IT_STOPPED = {
    "mapping values are not allowed": _SECOND_COLON,
    "found unexpected ':'": _SECOND_COLON,
    "cannot start any token": _CANNOT_START,
    "a tab character": Message("a tab stands in the indentation; indent with spaces only"),
    "did not find expected ','": Message(
        "a comma or the closing bracket is missing before this; separate entries by commas"
    ),
    **dict.fromkeys(("directive", "version number", "YAML document"), _DIRECTIVE),
    **dict.fromkeys(("'!'", "'>'", "tag handle", "URI"), _TAG),
    **dict.fromkeys(("comment or line break", "indentation indicator"), _BLOCK),
    **dict.fromkeys(
        ("expected key", "expected '-'", "block sequence", "mapping keys", "document start"),
        _NO_ENTRY,
    ),
    **dict.fromkeys(("escape", "hexdecimal"), _BACKSLASH),
}
"""The same of what it met where it stopped."""


def _explained(text: str, error: MarkedYAMLError, index: int) -> tuple[int, Message]:
    """Place and message for what the scanner says, in whose words nobody is told anything."""
    problem = f"{error.problem or ''} {error.context or ''}"
    for words, message in _FROM_ITS_START.items():
        if words in problem:
            start = error.context_mark.index if error.context_mark else index
            return start, message.about({"character": text[start : start + 1]})
    if (beside := _by_its_neighbours(text, index, problem)) is not None:
        return index, beside
    known = (message for words, message in _WHERE_IT_STOPPED.items() if words in problem)
    return index, next(known, _NO_YAML).about({"character": text[index : index + 1]})


def _by_its_neighbours(text: str, index: int, problem: str) -> Message | None:
    """What the signs before and behind a place say of the slip there."""
    before, here = text[text.rfind("\n", 0, index) + 1 : index].rstrip(" "), text[index : index + 1]
    if "node content" in problem:
        return {",": _NOTHING, "]": _NO_BRACKET, "}": _NO_BRACKET}.get(here)
    if not any(words in problem for words in _MET) or here in ("", "\n", ":", *",\"'"):
        return None
    if here in "]}":
        return _NO_BRACKET
    closed = {'"': _AFTER_QUOTES, "'": _AFTER_QUOTES, "]": _AFTER_BRACKET, "}": _AFTER_BRACKET}
    return closed.get(before[-1:])


_MET = ("expected key", "expected '-'", "expected ','", "document start")
"""What the scanner asks for where an entry should have ended."""


# --- a name that is nearly right ------------------------------------------------------

_NO_LABELS: Mapping[str, str] = MappingProxyType({})
_LIKE, _LIKE_NUMBERS = 0.6, 0.85
"""From here on two names are alike; numbers, of which one digit makes another, only from there."""

_TELLING = 3
"""So many bytes of a name (one Chinese character) say something about the whole."""


def nearest(
    wanted: str,
    known: Iterable[str],
    labels: Mapping[str, str] = _NO_LABELS,
    likeness: float = _LIKE,
) -> str | None:
    """The known name that is meant; `labels` are other names of known ones (Chinese titles).

    One that is the same but for case, width and hyphens, else the closest; a label is as short
    as a name in Chinese, of which two characters in five are enough with a `likeness` of 0.4.
    Else the only one of which it is a part, or the one that begins most like it: a long name is
    seldom typed to its end.
    """
    plain, asked = {as_named(name): name for name in known}, as_named(wanted)
    by_label = {label: name for name, label in labels.items() if name in plain.values()}
    for written, names in ((asked, plain), (wanted.strip(), by_label)):
        if written in names:
            return names[written]
    if not any(map(str.isalpha, asked)):
        return _number_meant(asked, plain)
    if near := get_close_matches(asked, plain, 1, _LIKE):
        return plain[near[0]]
    if near := get_close_matches(wanted, by_label, 1, likeness):
        return by_label[near[0]]
    asked = asked.strip("_")
    if len(asked.encode()) < _TELLING:
        return None
    every = {**by_label, **plain}
    around = {every[name] for name in every if asked in as_named(name)}
    if len(around) == 1:
        return around.pop()
    begin = {name[: len(asked)]: plain[name] for name in reversed(plain)}
    near = get_close_matches(asked, begin, 1, _LIKE)
    return begin[near[0]] if near else None


def _number_meant(asked: str, plain: Mapping[str, str]) -> str | None:
    """The number or numbered name of the same digits, else one with a digit more or less."""
    digits = {name: [*filter(str.isdigit, name)] for name in (asked, *plain)}
    wanted = digits[asked]
    near = [name for name in plain if wanted and sorted(digits[name]) == sorted(wanted)]
    near.sort(key=lambda name: digits[name] != wanted)
    near = near or get_close_matches(asked, plain, 1, _LIKE_NUMBERS)
    return plain[near[0]] if near else None


def meant(message: Message, near: str | None) -> Message:
    """With the name that was most likely meant, where there is one."""
    if near is None:
        return message
    return Message("Did you mean «{near}»? {message}", {"near": near, "message": message})


def as_named(name: str) -> str:
    """What two names have in common that differ in case, width, blanks and hyphens alone."""
    return normalize("NFKC", name).strip().lower().replace("-", "_").replace(" ", "_")
