"""A Word file turned into a PDF by LibreOffice, where there is one.

Owns how that program is found and run: in a folder of its own, without network or macros, its
settings thrown away. Must not print.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 180


def program() -> str | None:
    """LibreOffice, None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def pdf(word: bytes, soffice: str) -> bytes | None:
    """The pages of a Word file; None if LibreOffice could not make them."""
    with tempfile.TemporaryDirectory(prefix="kaohe-") as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(word)
        command = [
            *(soffice, "--headless", "--norestore", "--nolockcheck"),
            f"-env:UserInstallation={(folder / 'settings').as_uri()}",
            *("--convert-to", "pdf", "--outdir", str(folder), str(folder / "paper.docx")),
        ]
        # The date inside the file: not that of the day on which somebody ran this.
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
        try:
            subprocess.run(
                command, env=environment, capture_output=True, timeout=_SECONDS, check=False
            )
            return (folder / "paper.pdf").read_bytes()
        except (OSError, subprocess.TimeoutExpired):
            return None
