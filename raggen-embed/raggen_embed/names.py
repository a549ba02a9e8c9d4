"""Names as numbers: those of collections, conversations, sessions and parents."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from raggen_embed.csr import starts_of

NO_NAME: Final = -1


class Names:
    """Name → code. Not thread-safe.

    Codes of the base are places among its names, which are sorted as UTF-8 and may stay mapped: a
    dictionary of a million names would be larger than anything else that is kept of items. Names
    that came later have a dictionary. A name stays until the next base is made of what is still
    used.
    """

    def __init__(self) -> None:
        """Make an empty one."""
        self._bytes = np.zeros(0, np.uint8)
        self._starts = np.zeros(1, np.int64)
        self._added: dict[str, int] = {}

    def build(self, columns: Sequence[Sequence[str | None]]) -> npt.NDArray[np.int32]:
        """Fill the empty one; returns the codes of all columns' names, int32[columns, n], NO_NAME
        for None."""
        names = {name for column in columns for name in column}
        names.discard(None)
        encoded = sorted((_utf8(name), name) for name in names if name is not None)
        self._bytes = np.frombuffer(b"".join(code for code, _ in encoded), np.uint8)
        self._starts = starts_of([len(code) for code, _ in encoded])
        codes: dict[str | None, int] = {name: code for code, (_, name) in enumerate(encoded)}
        codes[None] = NO_NAME
        return np.array([[codes[name] for name in column] for column in columns], np.int32)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``load`` needs, of names that were just built."""
        return {"names": self._bytes, "name_starts": self._starts}

    def load(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Fill the empty one with what ``arrays`` gave, which may stay mapped."""
        self._bytes = np.asarray(arrays["names"])
        self._starts = np.asarray(arrays["name_starts"])

    def find(self, name: str) -> int | None:
        """A name's code, if it is here."""
        code = self._added.get(name)
        if code is not None:
            return code
        wanted = _utf8(name)
        place = bisect_left(range(self._base()), wanted, key=self._at)
        return place if place < self._base() and self._at(place) == wanted else None

    def codes(self, names: Sequence[str | None]) -> list[int]:
        """The codes of names, new ones for new names; NO_NAME for None."""
        # What comes together is often called alike.
        codes = {name: self._code(name) for name in dict.fromkeys(names)}
        return [codes[name] for name in names]

    def _code(self, name: str | None) -> int:
        if name is None:
            return NO_NAME
        code = self.find(name)
        if code is None:
            code = self._added[name] = self._base() + len(self._added)
        return code

    def _base(self) -> int:
        return len(self._starts) - 1

    def _at(self, place: int) -> bytes:
        return self._bytes[self._starts[place] : self._starts[place + 1]].tobytes()


def _utf8(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")
