"""Where the files that come with the program stand: at the top of a checkout, or packaged.

Must not open any of them.
"""

from pathlib import Path

_HERE = Path(__file__).parent.parent


def resource(*parts: str) -> Path:
    """A file or folder that comes with the program, by its parts from the top of a checkout."""
    packaged = _HERE / "_share"
    return (packaged if packaged.is_dir() else _HERE.parent).joinpath(*parts)
