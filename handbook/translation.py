"""Russian for sentences that stand in the code in English."""

from __future__ import annotations

import tomllib
from pathlib import Path

from handbook.setting import UndocumentedError

FOLDER = Path(__file__).parent / "translations"


class Translations:
    """What a file says: the English sentence, as the code has it, and its translation."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        """Read handbook/translations/<name>.toml."""
        self._file = f"{name}.toml"
        self._texts: dict[str, str] = tomllib.loads((folder / self._file).read_text())
        self._missing: dict[str, None] = {}
        self._asked: set[str] = set()

    def of(self, sentence: str, language: str) -> str:
        """The sentence in a language; what is not translated is remembered for `finish`."""
        english = " ".join(sentence.split())
        self._asked.add(english)
        if language == "en":
            return english
        if english not in self._texts:
            self._missing[english] = None
        return self._texts.get(english, english)

    def finish(self) -> None:
        """Check that all was translated, and that nothing is translated in vain.

        Raises:
            UndocumentedError: names the sentences.
        """
        if self._missing:
            raise UndocumentedError(f"translate in {self._file}:\n" + "\n".join(self._missing))
        vain = sorted(set(self._texts) - self._asked)
        if vain:
            raise UndocumentedError(f"{self._file} translates what no code says: {vain}")
