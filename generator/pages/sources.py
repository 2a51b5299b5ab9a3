"""What MkDocs makes the site of: pages, assets, templates, settings.

Owns that all of it are ordinary files of a sound size, since MkDocs follows links to anywhere, and
the few settings that we read ourselves. Must not know what a page says.
"""

import posixpath
from collections.abc import Iterator
from pathlib import Path

import yaml

from generator.engine.problem import Message, Stop
from generator.pages.editions import CHINESE, DOCS, ENGLISH
from generator.pages.handwritten import MOST_BYTES
from generator.reading.disk import (
    STRANGE,
    EntryKind,
    content,
    entries,
    kind,
    not_followed,
    printable,
    sizes,
    too_large,
)
from generator.reading.lint import MAX_BYTES

_READ_WHOLE = (".md", ".html", ".yml")
"""What MkDocs reads; everything else it copies."""

_SETTINGS = (CHINESE.config, ENGLISH.config)


def check_sources(root: Path) -> None:
    """Raises Stop where the site would be made of anything else, naming all of one kind."""
    found = [(place[0], *entry) for place in _places(root) for entry in entries(*place)]
    shown = {(folder, path): _shown(root, folder, path) for folder, path, _ in found}
    if links := {shown[folder, path] for folder, path, what in found if what in STRANGE}:
        raise Stop(not_followed(sorted(links)))
    if odd := {
        name for name in shown.values() if any("\ud800" <= sign <= "\udfff" for sign in name)
    }:
        args = {"paths": tuple(sorted(map(printable, odd)))}
        raise Stop(Message("These names are not UTF-8; rename them: {paths}", args))
    for folder in dict.fromkeys(folder for folder, *_ in found):
        read = (path for at, path, _ in found if at == folder and path.endswith(_READ_WHOLE))
        for path, size in sizes(folder, read):
            if size > MOST_BYTES:
                raise Stop(too_large(Path(shown[folder, path]), MOST_BYTES))


def _places(root: Path) -> Iterator[tuple[Path, str]]:
    """Paths, each below a folder that somebody named: the city's, or one of templates elsewhere."""
    yield from ((root, name) for name in (DOCS, *_SETTINGS))
    for config in _SETTINGS:
        there = kind(root, config) is EntryKind.FILE
        named = setting(root / config, "theme", "custom_dir") if there else None
        if named is not None:
            named = posixpath.normpath(named)
            elsewhere = named.startswith(("/", ".."))
            yield (root / named, "") if elsewhere else (root, named)


def _shown(root: Path, folder: Path, path: str) -> str:
    return path if folder == root else f"{folder}/{path}"


# --- settings -------------------------------------------------------------------------


def repository(root: Path) -> str | None:
    """The address of the repository that pages link to: `extra.repository` of mkdocs.yml."""
    return setting(root / CHINESE.config, "extra", "repository")


def setting(config: Path, *names: str) -> str | None:
    """A text in the settings of the site, by the names that lead to it; None without one.

    What is wrong with the settings is MkDocs' to say, and so is what their tags mean.
    """
    try:
        node = yaml.compose(content(config.parent, config.name, MAX_BYTES), yaml.SafeLoader)
    except (FileNotFoundError, yaml.YAMLError, RecursionError):
        return None
    for name in names:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in pairs if key.value == name), None)
    text = isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:str"
    return str(node.value) if node and text else None
