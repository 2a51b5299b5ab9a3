"""Full-width punctuation, and other slips of the hand, where YAML's own structure stands.

Owns a rough walk over a text that may not be YAML at all, because the real scanner blames
the wrong line for such slips. Reads no values and does not decide what is well formed: what
stands inside a value, a quoted text, a block of text or a comment is none of its business.
"""

import re
from dataclasses import dataclass, field

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
_QUOTED = {
    '"': re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL),
    "'": re.compile(r"'(?:[^']|'')*'"),
}
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_KEY_BELOW = re.compile(r"\n[ ]*(?:- )*[a-z_][a-z0-9_.-]*:[ \n]")


_OUTSIDE_COMMENTS = re.compile(
    f"^(?![ {SPACE}]*#)[^\n]*[{COLON}{COMMA}{OPEN_QUOTE}{CLOSE_QUOTE}{SPACE}]", re.MULTILINE
)


@dataclass(slots=True)
class Slips:
    """What was found, as indexes into the text: full-width marks, and what else goes wrong.

    `no_space`: a key whose colon has no space after it; `no_colon`: a line that must start with
    a key and has none; `open_quote`: a quotation mark that swallows the lines after it;
    `open_bracket`: one never closed.
    """

    full_width: list[int] = field(default_factory=list)
    no_space: list[int] = field(default_factory=list)
    no_colon: list[int] = field(default_factory=list)
    open_quote: list[int] = field(default_factory=list)
    open_bracket: list[int] = field(default_factory=list)


def may_slip(text: str) -> bool:
    """Whether a full-width mark stands outside of lines that are comments altogether."""
    return _OUTSIDE_COMMENTS.search(text) is not None


def slips(text: str) -> Slips:
    """Every slip of the text, in its order."""
    walk = _Walk(text)
    walk.run()
    return walk.found


def mended(text: str, full_width: list[int]) -> tuple[str, dict[int, list[int]]]:
    """The text as it was probably meant, so that the rest of it can be read.

    Also the columns (from 0, in the mended text) at which a space was put in, by line (from
    0), so that places can be told in the text as it was written.
    """
    pieces: list[str] = []
    added: dict[int, list[int]] = {}
    last = line = 0
    for index in full_width:
        line += text.count("\n", last, index)
        pieces.append(text[last:index])
        last = index + 1
        pieces.append(_MEANT[text[index]])
        if text[index] in (COLON, COMMA) and text[last : last + 1] not in ("", " ", "\n"):
            columns = added.setdefault(line, [])
            columns.append(index - text.rfind("\n", 0, index) + len(columns))
            pieces.append(" ")
    return "".join([*pieces, text[last:]]), added


_MEANT = {COLON: ":", COMMA: ",", OPEN_QUOTE: OPEN_QUOTE, CLOSE_QUOTE: '"', SPACE: " "}


class _Walk:
    """One walk from the start of the text to its end; `run` fills `found`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found = Slips()
        self.flow: list[int] = []  # where each open bracket stands
        self.line_start = 0
        self.parent = -1  # column of the key or dash whose value is being read
        self.key_column = 0
        self.first = True  # nothing but dashes stands before this token on its line
        self.value_due = False
        self.key_due = False  # in a flow mapping: after its bracket or a comma
        self.node_ended = False  # a quoted text or a bracket has just been closed

    def run(self) -> None:
        """Every step moves on by at least one character; too many marks end the walk."""
        while self.at < len(self.text) and len(self.found.full_width) <= MAX_SLIPS:
            if self.at == 0 or self.text[self.at - 1] == "\n":
                self._begin_line()
            else:
                self._token()
        self.found.open_bracket += self.flow[-1:]

    # --- lines ---

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
                self.found.full_width.append(self.at)
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

    # --- tokens ---

    def _token(self) -> None:
        self._spaces()
        mark = self.text[self.at : self.at + 1]
        if mark in ("", "\n"):
            self.at += 1
        elif mark == "#" and (self.at == 0 or self.text[self.at - 1] in f" \t\n{SPACE}"):
            self.at = self._line_end()
        elif self.node_ended and mark in (COLON, COMMA):
            self.found.full_width.append(self.at)
            self._separator(mark)
        elif mark in "[{" or (self.flow and mark in "]}"):
            self._bracket(mark)
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
            self.key_due = mark == COMMA and self._flow_kind() == "{"
        elif mark == COLON:
            self.parent, self.value_due = self.key_column, True

    def _flow_kind(self) -> str:
        return self.text[self.flow[-1]]

    def _bracket(self, mark: str) -> None:
        self.value_due = self.first = False
        self.node_ended = mark in "]}"
        if self.node_ended:
            self.flow.pop()
        else:
            self.flow.append(self.at)
        self.at += 1
        self.key_due = mark == "{"

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
            self.found.full_width.append(closing)
            self.at = closing + 1
        elif match and not _KEY_BELOW.search(match[0]):
            self.at = match.end()
            self.line_start = self.text.rfind("\n", 0, self.at) + 1
        else:
            self.found.open_quote.append(start)
            self.at = line_end

    # --- plain texts ---

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
        for index in _comment_marks(self.text, start, end):
            self.found.full_width.append(index)
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
            self.found.full_width.append(match.start("mark"))
            self.at, self.first = match.end(), False
        elif match := tight.match(self.text, start):
            self.found.no_space.append(start)
            self.at, self.first = match.end(), False
        elif not self.value_due:
            self.found.no_colon.append(start)
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
            self.found.full_width.append(key.start("mark"))
            self.at, self.key_due = key.end(), False
            return
        comma = self.text.find(COMMA, start, end)
        while comma >= 0 and not self._separates(start, comma, end):
            comma = self.text.find(COMMA, comma + 1, end)
        if comma >= 0:
            self._wrapped(start, comma)
            self.found.full_width.append(comma)
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
        if self._flow_kind() == "[":
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
            self.found.full_width.append(start)
            return end
        if inside < 0 and self.flow and closing >= 0:
            self.found.full_width.append(start)
            return closing + 1
        return 0


def _comment_marks(text: str, start: int, end: int) -> list[int]:
    """Full-width spaces before a `#`: meant as a comment, read as part of the value."""
    index = text.find(f"{SPACE}#", start, end)
    return [] if index < 0 else [index]
