"""Files put into one to be taken away: the same files give the same bytes on every machine.

Owns what of a zip could differ: dates, order, rights, compression. Must not choose the files.
"""

import io
from collections.abc import Mapping
from zipfile import ZIP_STORED, ZipFile, ZipInfo

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say; a file's own date would be that of a checkout."""

_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of path → content. Stored as it is: compressors differ from machine to machine."""
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_STORED) as into:
        for path in sorted(files):
            entry = ZipInfo(path, _LONG_AGO)
            entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
            into.writestr(entry, files[path])
    return target.getvalue()
