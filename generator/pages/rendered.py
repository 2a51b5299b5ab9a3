"""The English that stands beside Chinese text of a regulation on English pages.

Owns how it is marked as no part of the text. Must not know what is rendered, nor where it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.words.escape import Safe
from generator.words.messages import Catalogue


@dataclass(frozen=True, slots=True)
class Rendered:
    """One rulebook's texts in English, each by the Chinese one; nothing on Chinese pages."""

    catalogue: Catalogue
    texts: Mapping[str, str] = field(default_factory=dict)

    def of(self, chinese: str, *, marked: bool = False) -> Safe:
        """What goes behind a text that is quoted in Chinese; nothing where nobody has rendered it.

        `marked`: said to be no part of the text.
        """
        english = self.texts.get(chinese)
        if english is None:
            return Safe("")
        mark = Safe("<small>{}</small> ").format(self.catalogue._("Unofficial rendering:"))
        return Safe(' <span class="k-en">{}{}</span>').format(mark if marked else "", english)

    def instead(self, chinese: str) -> str:
        """The English of a text that is only named, or the text itself."""
        return self.texts.get(chinese, chinese)

    @property
    def binding(self) -> str:
        """Which language of the regulation counts, for those who read it in English."""
        if self.catalogue.lang == "zh":
            return ""
        if self.texts:
            return self.catalogue._(
                "The regulation is in Chinese, and only the Chinese text counts; the English "
                "beside it is an unofficial rendering."
            )
        return self.catalogue._(
            "The regulation is in Chinese; nobody has rendered its text into English yet."
        )
