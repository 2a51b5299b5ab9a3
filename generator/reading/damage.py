"""What has happened to a file before anybody reads it: another kind of file under its name, a merge
that was not finished, text that was lost or read in the wrong encoding.

Owns how each is recognised and the text that can still be read on with. Must not know YAML.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from unicodedata import normalize

from generator.engine.problem import Location, Message, Problem
from generator.reading.screen import brief
from generator.reading.slips import MAX_SHOWN

# --- another kind of file -------------------------------------------------------------

_LFS = b"version https://git-lfs.github.com/spec/"
_STARTS: tuple[tuple[bytes, Message], ...] = (
    (b"%PDF-", Message("a PDF document")),
    (b"{\\rtf", Message("a Word document (RTF)")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Message("an old Word, Excel or WPS document")),
    (b"\x89PNG\r\n\x1a\n", Message("a picture")),
    (b"\xff\xd8\xff", Message("a picture")),
    (b"GIF8", Message("a picture")),
    (b"II*\x00", Message("a picture")),
    (b"MM\x00*", Message("a picture")),
    (b"BM", Message("a picture")),
    (b"RIFF", Message("a picture or a recording")),
    (b"\x1f\x8b", Message("a compressed file")),
    (b"7z\xbc\xaf'\x1c", Message("a compressed file")),
    (b"Rar!\x1a\x07", Message("a compressed file")),
    (b"BZh", Message("a compressed file")),
    (b"\xfd7zXZ\x00", Message("a compressed file")),
    (b"SQLite format 3\x00", Message("a database")),
)
_PACKED: tuple[tuple[bytes, Message], ...] = (
    (b"word/", Message("a Word document")),
    (b"xl/", Message("an Excel workbook")),
    (b"ppt/", Message("a PowerPoint document")),
    (b"OFD.xml", Message("an OFD document")),
    (b"opendocument", Message("an OpenDocument file")),
    (b"", Message("a ZIP file")),
)
_TEXT_TOO = (b"BM", b"BZh", b"GIF8", b"RIFF")
"""What a text may begin with as well; a text has no control characters after it."""
_PAGE = re.compile(rb"\s*<(?:!doctype html|html|\?xml)\b", re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a]")


def other_kind(path: str, data: bytes) -> Problem | None:
    """What a file is by its first bytes, if it cannot be a text of ours."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    place = Location(path, 1, 1)
    if data.startswith(_LFS):
        message = Message(
            "this is a pointer of Git LFS, not the file itself; fetch it with «git lfs pull», and "
            "take files of this kind out of .gitattributes, so that Git keeps them as text"
        )
        return Problem(place, "wrong-file-kind", message)
    if (kind := _kind(data)) is None:
        return None
    message = Message(
        "this is {kind} under the name of a YAML file; move it elsewhere, and write what belongs "
        "here as text",
        {"kind": kind},
    )
    return Problem(place, "wrong-file-kind", message)


def _kind(data: bytes) -> Message | None:
    if data.startswith(b"PK\x03\x04"):
        return next(kind for mark, kind in _PACKED if mark in data)
    if _PAGE.match(data):
        return Message("a web page or an XML file")
    for start, kind in _STARTS:
        if data.startswith(start) and (start not in _TEXT_TOO or _BINARY.search(data, 0, 64)):
            return kind
    return None


# --- a merge that was not finished ----------------------------------------------------

_MARKS = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
_MARK = re.compile(r"(<{7}|>{7}|\|{7}|={7})(?: .*)?")


@dataclass(slots=True)
class _Conflict:
    """Lines, from 1: where it starts, where its two versions are divided, where it ends."""

    start: int
    divided: int = 0
    end: int = 0


def merged(path: str, text: str) -> tuple[str, list[Problem]]:
    """The text with the first version of what a merge left in two, and a problem for each."""
    if not _MARKS.search(text):
        return text, []
    lines, problems = text.split("\n"), list[Problem]()
    conflict: _Conflict | None = None
    kept = True
    for number, line in enumerate(lines, 1):
        mark = _MARK.fullmatch(line.rstrip("\r"))
        if mark is None:
            lines[number - 1] = line if kept else ""
            continue
        lines[number - 1] = ""
        kind = mark[1][0]
        if conflict is None or kind == "<":
            if conflict is not None:
                problems.append(_unfinished(path, conflict))
            conflict, kept = _Conflict(number), True
        if kind == "=":
            conflict.divided = number
        kept = kind in "<>"
        if kind == ">":
            conflict.end = number
            problems.append(_unfinished(path, conflict))
            conflict = None
    problems += [_unfinished(path, conflict)] if conflict is not None else []
    return "\n".join(lines), problems[:MAX_SHOWN]


def _unfinished(path: str, conflict: _Conflict) -> Problem:
    message = Message(
        "a mark of a merge that was not finished stands here; see which lines belong in the file, "
        "and delete the mark"
    )
    if conflict.divided and conflict.end:
        args = {"first": conflict.start, "middle": conflict.divided, "last": conflict.end}
        message = Message(
            "a merge was not finished here: between lines {first} and {middle} stands one version, "
            "between {middle} and {last} the other; keep what is right, and delete the rest with "
            "the three lines of marks",
            args,
        )
    return Problem(Location(path, conflict.start, 1), "merge-conflict", message)


# --- ruined text ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Ruin:
    """A stretch of a line that was not written as it stands there."""

    start: int
    end: int
    code: str
    message: Message


_LOST = re.compile(
    "\ufffd+|(?:\u951f\u65a4\u62f7?|\u62f7\u951f\u65a4)+|\u9518[?\ufffd\u7e1c-\u7e3f]"
)
"""The sign for what could not be read, also as GBK reads it; or a byte order mark read so."""
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+")
_ALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]")
_RADICALS = dict(
    zip(
        "\u2ec4\u2ec5\u2ec6\u2ec8\u2ec9\u2ecb\u2ed3\u2ed4\u2ed8\u2eda\u2edb\u2edc\u2edd\u2ee0\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee8\u2ee9\u2eec\u2eee\u2ef0\u2ef3\u2ea0\u2e9f\u2ec1\u2ec2\u2ecd\u2ea6\u2ea9\u2eb6\u2ebc",
        "\u897f\u89c1\u89d2\u8ba0\u8d1d\u8f66\u957f\u95e8\u9752\u9875\u98ce\u98de\u98df\u9963\u9a6c\u9aa8\u9b3c\u9c7c\u9e1f\u9ea6\u9ec4\u9f50\u9f7f\u9f99\u9f9f\u6c11\u6bcd\u864e\u8864\u8fb6\u4e2c\u738b\u7f8a\u8089",
        strict=True,
    )
)
"""Radicals for which Unicode names no ordinary character, though they look like one."""


_IN_UTF8 = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){2}")
"""Two Chinese characters or signs in UTF-8."""
_RUN = re.compile("[^\\x00-\\x7f]{3,}")
_CP1252 = {
    ord(bytes((byte,)).decode("cp1252", "ignore") or chr(byte)): byte for byte in range(0x80, 0x100)
}
_HIGH = "".join(map(chr, {*_CP1252, *range(0x80, 0xA0)}))
_TRAILS = "".join(
    map(chr, {sign for sign, byte in _CP1252.items() if byte < 0xC0} | {*range(0x80, 0xC0)})
)
_AS_LATIN = re.compile(f"[\xe2-\xe9\xef][{re.escape(_TRAILS)}]{{2}}[{re.escape(_HIGH)}]*")
_GBK_AS_LATIN = re.compile("[\xa1-\xfe]{4,}")
_HIGH_RUN = re.compile(f"[{re.escape(_HIGH)}]{{3,}}")
_ORIGINAL = re.compile("[\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")

_QUICK = re.compile(
    "[\ufffd\ue000-\uf8ff\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f\U000f0000-\U0010fffd]"
    f"|\u951f\u65a4|\u62f7\u951f|\u9518|[\xa1-\xfe]{{4}}|{_AS_LATIN.pattern}"
)


def suspicious(text: str) -> bool:
    """Whether a text is worth a closer look; what is plain ASCII may be left out of it."""
    return bool(_QUICK.search(text) or _IN_UTF8.search(text.encode("gb18030", "ignore")))


def _read_as_gbk(line: str) -> Iterator[tuple[int, int, str]]:
    """Where UTF-8 was read as GBK, and what it was."""
    for run in _RUN.finditer(line):
        # The one byte 0x80 is the euro sign to Windows.
        signs = [b"\x80" if c == "\u20ac" else c.encode("gb18030", "ignore") for c in run[0]]
        starts = [0, *accumulate(map(len, signs))]
        data = b"".join(signs)
        match = next((m for m in _IN_UTF8.finditer(data) if m.start() in starts), None)
        if match is None:
            continue
        text = _decoded(data[match.start() :])
        end = match.start() + len(text.encode())
        left, common = len(data) - end, sum(map(_is_common, text))
        # Two characters by chance: seldom, and not a whole word.
        if common > 2 or (common == 2 and match.start() == 0 and left <= 2):
            last = len(signs) if left <= 2 else bisect_left(starts, end)
            yield run.start() + starts.index(match.start()), run.start() + last, text


def _read_as_latin(line: str) -> Iterator[tuple[int, int, str]]:
    """Where UTF-8 or GBK was read as Latin-1 or Windows-1252, and what it was."""
    last = 0
    for run in _HIGH_RUN.finditer(line):
        for pattern, original in (
            (_AS_LATIN.match, _as_latin),
            (_GBK_AS_LATIN.match, _gbk_as_latin),
            (_AS_LATIN.search, _as_latin),
        ):
            match = pattern(line, max(run.start(), last), run.end())
            if match is not None and (text := original(match)) is not None:
                last = match.end()
                yield match.start(), last, text
                break


def _as_latin(match: re.Match[str]) -> str | None:
    return _decoded(bytes(_CP1252.get(ord(sign), ord(sign)) for sign in match[0])) or None


def _gbk_as_latin(match: re.Match[str]) -> str | None:
    try:
        text = match[0][: len(match[0]) // 2 * 2].encode("latin-1").decode("gb2312")
    except UnicodeDecodeError:
        return None
    common = sum(map(_is_common, text))
    varied = len(set(match[0])) > 2 and re.search("[\xc0-\xd6\xd8-\xf6\xf8-\xfe]", match[0])
    return text if varied and common >= 2 and 2 * common > len(text) else None


def _decoded(data: bytes) -> str:
    """The Chinese that bytes begin with, as UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = data[: error.start].decode("utf-8")
    match = _ORIGINAL.match(text)
    return match[0] if match else ""


def _is_common(sign: str) -> bool:
    """Whether it is one of the 3,755 characters that GB 2312 has in its first level."""
    return b"\xb0\xa1" <= sign.encode("gb2312", "ignore") <= b"\xd7\xf9"


def ruins(line: str) -> Iterator[_Ruin]:
    """The stretches of a line that were ruined; none overlaps another."""
    left = line
    for misread in (_read_as_latin, _read_as_gbk):
        for start, end, text in misread(left):
            yield _Ruin(start, end, "ruined-text", _MISREAD.about({"text": brief(text)}))
            left = _without(left, start, end)
    for pattern, message in ((_LOST, _LOST_TEXT), (_PRIVATE, _PRIVATE_SIGN)):
        for match in pattern.finditer(left):
            yield _Ruin(*match.span(), "ruined-text", message.about({"sign": _named(match[0])}))
    for match in _ALIKE.finditer(left):
        ordinary = _RADICALS.get(match[0]) or normalize("NFKC", match[0])
        if ordinary != match[0]:
            args = {"sign": _named(match[0]), "ordinary": ordinary}
            yield _Ruin(*match.span(), "look-alike-character", _LOOKS_ALIKE.about(args))


_MISREAD = Message(
    "this text was once read in the wrong encoding; it probably said «{text}»: look at the "
    "original and write that"
)
_LOST_TEXT = Message(
    "text was lost here ({sign}) when the file was once saved in the wrong encoding; look at the "
    "original and write it again"
)
_PRIVATE_SIGN = Message(
    "{sign} is a private sign, which other computers show differently or not at all; look at the "
    "original and write the ordinary character"
)
_LOOKS_ALIKE = Message(
    "{sign} only looks like {ordinary}, and no search finds it; write the ordinary {ordinary}"
)


def _named(signs: str) -> str:
    return f"U+{ord(signs[0]):04X}" if len(set(signs)) == 1 else signs[:3]


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{_STAND_IN * (end - start)}{text[end:]}"


_STAND_IN = "\u25a1"


def ruined(path: str, text: str) -> tuple[str, list[Problem]]:
    """The text with a sign in the place of each ruined one, and one problem a line and kind."""
    lines, problems = text.split("\n"), dict[str, list[Problem]]()
    for number, line in enumerate(lines, 1):
        if not line.isascii() and suspicious(line):
            first: dict[tuple[str, str], Problem] = {}
            for ruin in ruins(line):
                lines[number - 1] = _without(lines[number - 1], ruin.start, ruin.end)
                problem = Problem(Location(path, number, ruin.start + 1), ruin.code, ruin.message)
                first.setdefault((ruin.code, ruin.message.text), problem)
            for problem in first.values():
                problems.setdefault(problem.code, []).append(problem)
    return "\n".join(lines), [p for same in problems.values() for p in islice(same, MAX_SHOWN)]


def first_ruin(location: Location, value: str) -> Problem | None:
    """The first ruined stretch of a value, written by escapes perhaps."""
    first = min(ruins(value), key=lambda ruin: ruin.start, default=None)
    return Problem(location, first.code, first.message) if first else None
