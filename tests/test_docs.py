"""Documents that would drift: every command, option, rule kind and package is in its page."""

import re
from collections.abc import Iterator

import click
import pytest

from generator.commands.cli import cli
from generator.engine.kinds import KINDS
from tests.conftest import ROOT

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


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_rule_is_described(kind: str) -> None:
    assert re.search(rf"^#+ .*{kind}", page("docs/rule-kinds.md"), re.MULTILINE)


def test_every_package_is_described_and_every_module_named_is_there() -> None:
    text = page("docs/architecture.md")
    packages = {path.parent.name for path in (ROOT / "generator").glob("*/__init__.py")}
    assert [name for name in sorted(packages) if f"| `{name}` |" not in text] == []
    named = set(re.findall(rf"`((?:{'|'.join(packages)})\.[a-z_]+)\b", text))
    modules = {f"{p.parent.name}.{p.stem}" for p in (ROOT / "generator").glob("*/*.py")}
    assert named <= modules
