"""MkDocs in a process of its own: it gets ready while the pages are still being made.

Started by `site`, which then says on standard input which day the site is dated by; without
that, nothing is built, and when the input ends nothing more is. Must not know what the pages say.
"""

import gc
import os
import sys
from contextlib import suppress
from threading import Thread

import jieba
from mkdocs.__main__ import cli
from mkdocs.config import load_config


def main() -> None:
    """Import and read what takes a second, wait, build with the arguments of `mkdocs`."""
    jieba.initialize()
    with suppress(Exception):  # what is wrong with it will be said when the pages are there
        load_config("mkdocs.yml")  # brings in the theme and the plugins
    # What is here now stays until the end: not worth looking through again and again.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    if epoch := sys.stdin.readline().strip():
        Thread(target=_end_with_the_input, daemon=True).start()
        os.environ["SOURCE_DATE_EPOCH"] = epoch
        cli(sys.argv[1:])


def _end_with_the_input() -> None:
    """Whoever started this is no more, and nobody waits for the site."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
