"""What people have written below docs/, and how the English site has it.

Owns which pages these are, that nothing in them leads to a person, and that a page is shown in
English where it has an English form, `commands.en.md` beside `commands.md`; else as it is, marked
as Chinese unless its front matter says `language: en`. Everything else is copied. Must not touch
what is generated.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.engine.problem import Problem
from generator.pages.editions import CHINESE, DOCS, ENGLISH, ENGLISH_ONLY
from generator.pages.foreign import is_chinese, marked
from generator.reading.disk import Copy, EntryKind, content, entries, kind, text
from generator.reading.screen import screen
from generator.words.escape import escape
from generator.words.messages import Catalogue

MOST_BYTES = 8 << 20
"""A larger page is nothing that somebody has written."""

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)^---\r?\n", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
_IN_ENGLISH = re.compile(r"^language: *en *$", re.MULTILINE)


def handwritten(
    docs: Path, generated: tuple[str, ...], catalogue: Catalogue
) -> Mapping[str, str | Copy]:
    """Content by path below docs/en/; `generated` begin the paths that nobody writes by hand.

    Raises Stop for a page that is too large or not UTF-8.
    """
    there = sorted(path for path, what in entries(docs, "") if what is EntryKind.FILE)
    by_hand = [path for path in there if not path.startswith((*generated, f"{ENGLISH.below}/"))]
    found: dict[str, str | Copy] = {}
    for path in by_hand:
        if not path.endswith(".md"):
            found[path] = Copy(docs, path)
        elif not path.endswith(ENGLISH_ONLY):
            english = f"{path.removesuffix('.md')}{ENGLISH_ONLY}"
            if english in by_hand:
                found[path] = _in_english(*_parts(text(docs, english, MOST_BYTES)))
            else:
                found[path] = _as_it_is(text(docs, path, MOST_BYTES), catalogue)
    return found


def personal(root: Path, generated: tuple[str, ...], telephone: str | None) -> Iterator[Problem]:
    """What leads to a person in the site's settings, its pages written by hand and their names."""
    pages = (path for path, what in entries(root, DOCS) if what is EntryKind.FILE)
    mine = (
        page
        for page in sorted(pages)
        if page.endswith(".md") and not page.removeprefix(f"{DOCS}/").startswith(generated)
    )
    for name in (CHINESE.config, ENGLISH.config, *mine):
        if kind(root, name) is EntryKind.FILE:
            written = content(root, name, MOST_BYTES).decode("utf-8", "replace")
            yield from (*screen(name, name), *screen(name, written, telephone=telephone))


def _parts(text: str) -> tuple[str, str]:
    """The front matter's settings and the rest of a page."""
    head = _FRONT_MATTER.match(text)
    return (head[1], text[head.end() :]) if head else ("", text)


def _in_english(settings: str, body: str) -> str:
    """A page in English; Chinese in it is marked."""
    parts = _CODE.split(body)
    parts[::2] = map(marked, parts[::2])
    parts[1::2] = map(_code, parts[1::2])
    return f"---\n{settings}---\n{''.join(parts)}" if settings else "".join(parts)


def _code(code: str) -> str:
    """Code is marked as a whole: markup inside it would be shown."""
    if not is_chinese(code):
        return code
    if code.startswith("```"):
        return f'<div lang="zh" markdown="1">\n\n{code}\n\n</div>'
    return f'{code}{{ lang="zh" }}'


def _as_it_is(text: str, catalogue: Catalogue) -> str:
    """A page in the language that it is written in, which is said where it is not English."""
    settings, body = _parts(text)
    if _IN_ENGLISH.search(settings):
        return _in_english(settings, body)
    # Its table of contents would be in Chinese outside of what is marked as such.
    settings = settings if "hide:" in settings else f"{settings}hide: [toc]\n"
    note = escape(catalogue._("This page is written in Chinese only."))
    return (
        f'---\n{settings}---\n\n<p class="k-note">{note}</p>\n\n'
        f'<div lang="zh" markdown="1">\n\n{body.rstrip()}\n\n</div>\n'
    )
