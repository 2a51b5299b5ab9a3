"""What people have written below docs/, and how the English site has it.

Owns which pages these are, that nothing in them leads to a person, and that a page is shown in
English where it has an English form, `commands.en.md` beside `commands.md`; else as it is, marked
as Chinese unless its front matter says `language: en`. Everything else is taken over byte by byte.
Must not touch what is generated.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.engine.problem import Problem
from generator.pages.editions import CHINESE, DOCS, ENGLISH, ENGLISH_ONLY
from generator.pages.foreign import is_chinese, marked
from generator.reading.screen import screen
from generator.words.escape import escape
from generator.words.messages import Catalogue

_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?)^---\r?\n", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]*`)", re.DOTALL | re.MULTILINE)
_IN_ENGLISH = re.compile(r"^language: *en *$", re.MULTILINE)


def handwritten(
    docs: Path, generated: tuple[str, ...], catalogue: Catalogue
) -> Mapping[str, str | bytes]:
    """Content by path below docs/en/; `generated` begin the paths that nobody writes by hand."""
    found: dict[str, str | bytes] = {}
    for path in sorted(docs.rglob("*")):
        place = path.relative_to(docs).as_posix()
        if place.startswith((*generated, f"{ENGLISH.below}/")) or not path.is_file():
            continue
        if not place.endswith(".md"):
            found[place] = path.read_bytes()
        elif not place.endswith(ENGLISH_ONLY):
            english = path.with_suffix(ENGLISH_ONLY)
            if english.is_file():
                found[place] = _in_english(*_parts(english.read_text(encoding="utf-8")))
            else:
                found[place] = _as_it_is(path.read_text(encoding="utf-8"), catalogue)
    return found


def personal(root: Path, generated: tuple[str, ...], telephone: str | None) -> Iterator[Problem]:
    """What leads to a person in the site's settings, its pages written by hand and their names."""
    docs = root / DOCS
    pages = (path.relative_to(docs).as_posix() for path in sorted(docs.rglob("*.md")))
    mine = [f"{DOCS}/{page}" for page in pages if not page.startswith(generated)]
    for name in (CHINESE.config, ENGLISH.config, *mine):
        path = root / name
        if path.is_file() and not path.is_symlink():
            text = path.read_text(encoding="utf-8", errors="replace")
            yield from (*screen(name, name), *screen(name, text, telephone=telephone))


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
