"""A zip of the same files is the same bytes, whenever and wherever it is made."""

import hashlib
import io
import zipfile

from generator.pages.layout import packed

FILES = {"schema/b.json": b"{}\n", "data/2025/a.yaml": "年度\n".encode() * 100}


def test_content_comes_back_in_the_order_of_the_paths() -> None:
    with zipfile.ZipFile(io.BytesIO(packed(FILES))) as made:
        assert made.namelist() == ["data/2025/a.yaml", "schema/b.json"]
        assert {name: made.read(name) for name in made.namelist()} == FILES
        assert made.testzip() is None


def test_the_bytes_are_known_beforehand() -> None:
    """No clock, no right, no order and no compressor has a say."""
    told = hashlib.sha256(packed(FILES)).hexdigest()
    assert packed(dict(reversed(FILES.items()))) == packed(FILES)
    assert told == "d9382787be5ed7991cafa6f0985a3fe7ebd2208e61e6f494e48bfd534f874c80"
