"""What pages, messages and manuals name is there, and what there is they describe.

That is commands, their options, make targets, paths, packages.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from generator.commands.cli import cli
from generator.pages.layout import GENERATED
from generator.papers.circular import OWN
from generator.words.messages import LANGUAGES
from tests.cases import ROOT
from tests.cities import city

MANUALS = [
    *sorted(p for p in ROOT.glob("docs/*.md") if not p.name.startswith(GENERATED)),
    *(ROOT / f"{n}.md" for n in ("README", "CONTRIBUTING", "HACKING")),
]
"""Of this repository, which has a Makefile."""

HANDED_OUT = [
    path
    for top in (ROOT / "generator" / "templates", ROOT / "schema", ROOT / "examples")
    for path in sorted(top.rglob("*"))
    if path.suffix in (".md", ".j2", ".yaml", ".yml", ".json") or path.name == "gitignore"
]
"""What other cities get, which have none."""

PO = ROOT / "generator" / "locale" / "zh" / "LC_MESSAGES" / "kaohe.po"

_CODE = re.compile(
    r"```\w*\n(.*?)```|`([^`\n]+)`|«([^»]*)»|「([^」]*)」|<code>(.*?)</code>"
    r"|Example: (.*)$|示例：(.*)$|^# (kaohe .*)$",
    re.DOTALL | re.MULTILINE,
)
_CALL = re.compile(r"(?:[A-Z_]+=\S+ +)*(?:\.venv/bin/)?kaohe(?= |$)(.*)")
_ONE_WORD = re.compile(r"\$\([^)]*\)|\{\{.*?\}\}|\"[^\"]*\"|'[^']*'")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_OF_GIT = re.compile("[«「]git [^»」]*[»」]")
_MAKE = re.compile(r"(?:`|«|「|<code>|^|&& )make ([a-z]+)", re.MULTILINE)
_PATH = re.compile(
    r"`((?:data|docs|schema|templates|generator|tests|examples|overrides|benchmarks"
    r"|\.ci|\.github|requirements|engine|reading|words|pages|papers|commands|shape)/[^`\s]*)`"
)
_ANY = re.compile(r"<[^>]*>|@\{[^}]*\}|[\u4e00-\u9fff]+|(?<![A-Za-z])[A-Z]+(?![A-Za-z])|\d{4}|…")
"""What stands for a name, a year, a version."""


def calls(text: str) -> Iterator[list[str]]:
    """The words after «kaohe» of every call that a text names."""
    for match in _CODE.finditer(text):
        code = html.unescape(next(part for part in match.groups() if part is not None))
        for line in re.split(r"\n|;|&&|\||<br>|（", _ONE_WORD.sub("X", code)):
            if call := _CALL.fullmatch(line.strip().removeprefix("$ ").partition("  #")[0]):
                yield call[1].split()


def strange(words: list[str]) -> str | None:
    """The first word of a call that there is not: a command, or an option of it."""
    command: click.Command = cli
    waiting = list(words)
    while isinstance(command, click.Group) and waiting and not waiting[0].startswith("-"):
        name = waiting.pop(0)
        if name not in command.commands:
            return name
        command = command.commands[name]
    known = {"--help", "--version", "-", "--"}
    for inner in (command, *getattr(command, "commands", {}).values()):
        known |= {name for parameter in inner.params for name in parameter.opts}
    return next((w for w in waiting if w.startswith("-") and w.split("=")[0] not in known), None)


def nothing_strange(text: str, place: object) -> None:
    assert [(place, words) for words in calls(text) if strange(words)] == []


@pytest.mark.parametrize("path", [*MANUALS, *HANDED_OUT], ids=lambda path: path.name)
def test_a_text_names_commands_that_are_there(path: Path) -> None:
    nothing_strange(path.read_text(encoding="utf-8"), path)


@pytest.mark.parametrize("path", HANDED_OUT, ids=lambda path: path.name)
def test_what_others_get_names_no_target_of_make(path: Path) -> None:
    assert _MAKE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MANUALS, ids=lambda path: path.name)
def test_a_manual_names_targets_and_paths_that_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE)
    assert set(_MAKE.findall(text)) <= set(targets)
    assert [name for name in _PATH.findall(text) if not is_there(name)] == []


def is_there(name: str) -> bool:
    """Whether a path is one of the repository, of a rulebook's folder, or made by the program."""
    if name == OWN or name.startswith(tuple(f"docs/{place}" for place in GENERATED)):
        return True
    pattern = _ANY.sub("*", name).rstrip("/")
    tops = (ROOT, ROOT / "generator", *ROOT.glob("data/rulebooks/*/*"))
    return any(next(top.glob(pattern), None) for top in tops)


def test_messages_name_commands_that_are_there_and_no_target_of_make() -> None:
    with PO.open("rb") as file:
        entries = [text for entry in read_po(file) for text in (entry.id, entry.string)]
    for text in map(str, entries):
        nothing_strange(text, text)
        nothing_strange(f"`{text}`", text)
        assert not _MAKE.findall(text)
        assert set(_OPTION.findall(_OF_GIT.sub("", text))) <= set(options(cli)), text


def options(command: click.Command) -> Iterator[str]:
    yield "--help"
    for parameter in command.params:
        yield from parameter.opts
    for inner in getattr(command, "commands", {}).values():
        yield from options(inner)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["demonstration", "linjiang"])
def test_pages_name_commands_that_are_there_and_no_target_of_make(name: str, lang: str) -> None:
    named = 0
    for path, text in city(name).rendered(lang).items():
        if isinstance(text, str) and path.endswith(".md"):
            nothing_strange(text, path)
            assert not _MAKE.findall(text), path
            named += sum(1 for _ in calls(text))
    assert named


COMMANDS = ("docs/commands.md", "docs/commands.en.md")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


@pytest.mark.parametrize("place", COMMANDS)
@pytest.mark.parametrize(("name", "command"), list(commands(cli)), ids=str)
def test_a_command_and_its_options_are_described(
    name: str, command: click.Command, place: str
) -> None:
    text = page(place)
    assert f"### {name}\n" in text
    options = {option for parameter in command.params for option in parameter.opts if "-" in option}
    assert [option for option in sorted(options) if f"`{option}" not in text] == []


@pytest.mark.parametrize("place", COMMANDS)
def test_no_command_is_described_that_there_is_not(place: str) -> None:
    described = re.findall(r"^### (.+)$", page(place), re.MULTILINE)
    assert described == [name for name in described if name in dict(commands(cli))]
    assert len(described) == len(set(described))


def test_every_package_is_described_and_every_module_named_is_there() -> None:
    text = page("docs/architecture.md")
    packages = {path.parent.name for path in (ROOT / "generator").glob("*/__init__.py")}
    assert [name for name in sorted(packages) if f"| `{name}` |" not in text] == []
    named = set(re.findall(rf"`((?:{'|'.join(packages)})\.[a-z_]+)\b", text))
    modules = {f"{p.parent.name}.{p.stem}" for p in (ROOT / "generator").glob("*/*.py")}
    modules.add("engine.kinds")
    assert named <= modules
