"""What a reader is told where a text is not YAML, or is not the YAML that was meant.

Owns the messages about form, and the choice of the place to blame: the scanner's own place
is often the line after the slip. Must not read values.
"""

import re

from yaml import CSafeLoader
from yaml.error import MarkedYAMLError, YAMLError
from yaml.tokens import KeyToken

from generator.engine.problem import Location, Message, Problem
from generator.reading import punctuation
from generator.reading.lint import MAX_SHOWN

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


def full_width(path: str, text: str, indexes: list[int]) -> list[Problem]:
    """A problem for each full-width mark that stands for an ASCII one; not endlessly many."""
    return [
        Problem(place(path, text, index), "full-width-punctuation", _full_width(text[index]))
        for index in indexes[:MAX_SHOWN]
    ]


def _full_width(mark: str) -> Message:
    if mark == punctuation.SPACE:
        return Message(
            "a full-width space (U+3000) stands outside of a value; type an ordinary space"
        )
    if mark == punctuation.COLON:
        return Message(
            "the full-width colon {mark} stands after a key; type an ordinary colon and a space; "
            "if it belongs to a text, put the text in quotes",
            {"mark": mark},
        )
    if mark == punctuation.COMMA:
        return Message(
            "the full-width comma {mark} stands between entries; type an ordinary comma and a "
            "space; if it belongs to a text, put the text in quotes",
            {"mark": mark},
        )
    return Message(
        'the Chinese quotation mark {mark} stands around a whole text; type an ordinary one (")',
        {"mark": mark},
    )


def explicit_keys(text: str) -> list[int]:
    """Where a key is written with `? `; looked for only where one could be."""
    if "?" not in text or not _EXPLICIT_KEY.search(text):
        return []
    found: list[int] = []
    parser = CSafeLoader(text)
    try:
        while len(found) < MAX_SHOWN and (token := parser.get_token()):
            if type(token) is KeyToken and token.end_mark.index > token.start_mark.index:
                found.append(token.start_mark.index)
    except YAMLError:
        return found
    return found


def explicit_key(location: Location) -> Problem:
    message = Message("a key with ? stands here; write keys as a plain word and a colon")
    return Problem(location, "syntax", message)


def blamed(path: str, text: str, error: YAMLError) -> Problem:
    """The problem for what the scanner stumbled over, at the place where it began."""
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return Problem(Location(path, 1, 1), "syntax", _unknown(str(error)))
    index = min(error.problem_mark.index, len(text))
    if _DOCUMENT_END.search(text, 0, index):
        return Problem(place(path, text, index), "second-document", SECOND_DOCUMENT)
    cause = _cause(text, error.problem_mark.line)
    if cause is not None:
        return Problem(place(path, text, cause[0]), "syntax", cause[1])
    index, message = _explained(text, error, index)
    return Problem(place(path, text, index), "syntax", message)


def _cause(text: str, line: int) -> tuple[int, Message] | None:
    """The first slip of the hand up to that line (from 0): what the scanner met is its result."""
    found = punctuation.slips(text)
    no_space = Message("a space is missing after the colon; write the key, a colon and a space")
    no_colon = Message(
        "this line starts with no key; write a key, a colon and a space; if it continues the "
        "text above, indent it deeper"
    )
    open_quote = Message("this quotation mark is not closed; close it at the end of the text")
    open_bracket = Message("this bracket is not closed; close it after the last entry")
    causes = [
        *((index, no_space) for index in found.no_space),
        *((index, no_colon) for index in found.no_colon),
        *((index, open_quote) for index in found.open_quote),
        *((index, open_bracket) for index in found.open_bracket),
    ]
    first = min(causes, key=lambda cause: cause[0], default=None)
    if first is None or text.count("\n", 0, first[0]) > line:
        return None
    return first


def _explained(text: str, error: MarkedYAMLError, index: int) -> tuple[int, Message]:
    """Place and message for the scanner's own words."""
    problem = error.problem or ""
    start = error.context_mark.index if error.context_mark else index
    if "could not find expected ':'" in problem:
        return start, Message("a colon and a space are missing after this key")
    if "unexpected end of stream" in problem:
        return start, Message("this quotation mark is not closed; close it at the end of the text")
    if "mapping values are not allowed" in problem:
        return index, Message(
            "a second colon stands here; put the text in quotes if the colon belongs to it, or "
            "correct the indentation"
        )
    if "cannot start any token" in problem:
        return index, Message(
            "a text cannot start with {character}; put it in quotes",
            {"character": text[index : index + 1]},
        )
    if "did not find expected ','" in problem:
        return index, Message(
            "a comma or the closing bracket is missing before this; separate entries by commas"
        )
    if "expected key" in problem or "expected '-'" in problem or "block sequence" in problem:
        return index, Message(
            "what stands here belongs to no entry; check the indentation and what stands before it"
        )
    if "escape" in problem or "hexdecimal" in problem:
        return index, Message(
            "the backslash starts no known character here; put the text in single quotes"
        )
    return index, _unknown(problem)


def _unknown(problem: str) -> Message:
    return Message(
        "this is not YAML ({problem}); write each entry as a key, a colon, a space and a value",
        {"problem": problem},
    )
