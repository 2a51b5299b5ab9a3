"""kaohe (考核): assessments that are computed, published and disputed in the open."""

__version__ = "0.1.0"
