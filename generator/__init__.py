"""kaohe (考核): assessments that are computed, published and disputed in the open."""

from importlib import import_module

__version__ = "0.1.0"
__all__ = ["Unsound", "load"]


def __getattr__(name: str) -> object:
    """What `generator.api` offers, imported when it is asked for: `--version` needs none of it."""
    if name in __all__:
        return getattr(import_module("generator.api"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
