"""Every command once in a process of its own: it answers there as it does within the tests' own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from generator.commands.cli import cli
from tests.repositories import begun
from tests.running import kaohe, kaohe_alone

CALLS = {
    "check": "",
    "score": "--format json",
    "explain": "songhe --lang en",
    "render": "--out ../pages",
    "build": "--out ../site",
    "serve": "--port 0x1F90",
    "init": "../new-city",
    "new": "--year 2027",
    "status": "",
    "diff": "HEAD",
    "history": "",
    "publish": "2025",
    "verify": "data/2025/published.json",
    "gate": "HEAD HEAD --author office",
    "owners": "",
    "circular": "2025 --out ../circular.docx",
    "whatif": "--set songhe:receptions=90",
    "rules check": "",
    "rules test": "",
    "rules impact": "forest-fire/1",
    "rules new": "street-lamps",
}
"""What is asked of each; one that writes finds nothing there yet."""

WITHOUT_A_SITE = ("build", "serve")
"""The city has no settings of a site: building one is `tests.conftest.build`'s, and a page each."""


def names(command: click.Command, before: str = "") -> Iterator[str]:
    if not isinstance(command, click.Group):
        yield before
        return
    for name, inner in command.commands.items():
        yield from names(inner, f"{before} {name}".strip())


def test_every_command_is_called() -> None:
    assert set(names(cli)) == CALLS.keys()


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(tmp_path_factory.mktemp("processes") / "城 city", published=True)


@pytest.mark.parametrize("name", CALLS)
def test_a_process_answers_as_this_one(name: str, city: Path, tmp_path: Path) -> None:
    alone, within = (
        run(
            *f"{name} {CALLS[name]}".split(),
            root=shutil.copytree(city, tmp_path / run.__name__ / "city", symlinks=True),
        )
        for run in (kaohe_alone, kaohe)
    )
    assert alone == within
    assert (alone.code == 2) is (name in (*WITHOUT_A_SITE, "publish"))
