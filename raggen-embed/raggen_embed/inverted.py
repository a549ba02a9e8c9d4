"""The inverted index of many items, made at once: term → the items that hold it, and how often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from raggen_embed.csr import Bags

Slots = npt.NDArray[np.int32]
Counts = npt.NDArray[Any]
Posting = tuple[Slots, Counts]


class Inverted:
    """Immutable; item i is slot i. Its arrays may be read-only memory maps.

    ``keys`` int64[k], sorted; the holders of key i are ``slots[starts[i]:starts[i + 1]]``, rising,
    and ``counts`` says how often each holds it, in the smallest type that has room for it.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        """Take what ``arrays`` gave."""
        # A slice of a memory map is made many times slower than one of a plain view of it.
        self._keys, self._starts, self._slots, self._counts = (
            np.asarray(arrays[name]) for name in ("keys", "starts", "slots", "counts")
        )
        # A search asks for the same keys several times.
        self._found: tuple[list[int], list[Posting]] = ([], [])

    @classmethod
    def of(cls, bags: Bags) -> Inverted:
        """Invert the terms of items."""
        order = _order(bags.keys)
        keys = bags.keys[order]
        first = np.ones(len(keys), np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=first[1:])
        starts = np.flatnonzero(first)
        owners = np.repeat(np.arange(len(bags), dtype=np.int32), np.diff(bags.starts))
        kind = np.min_scalar_type(int(bags.counts.max(initial=0)))
        return cls(
            {
                "keys": keys[starts],
                "starts": np.append(starts, len(keys)).astype(np.int64),
                "slots": owners[order],
                "counts": bags.counts.astype(kind)[order],
            }
        )

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What ``Inverted(...)`` makes this one of again."""
        return {
            "keys": self._keys,
            "starts": self._starts,
            "slots": self._slots,
            "counts": self._counts,
        }

    def find(self, keys: Sequence[int]) -> list[Posting]:
        """The holders of each key and how often they hold it: views. Not to be changed."""
        before, found = self._found
        if keys != before:
            found = self._find(keys)
            self._found = ([*keys], found)
        return found

    def _find(self, keys: Sequence[int]) -> list[Posting]:
        asked = np.array(keys, np.int64)
        if not len(self._keys):
            return [(self._slots, self._counts)] * len(asked)
        at = np.minimum(np.searchsorted(self._keys, asked), len(self._keys) - 1)
        starts = self._starts[at]
        ends = np.where(self._keys[at] == asked, self._starts[at + 1], starts)
        return [
            (self._slots[start:end], self._counts[start:end])
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]


def _order(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
    """int64[t]: the places of the keys, which have 63 bits, when sorted; equal ones stay in order.

    NumPy sorts packed numbers ten times faster than it sorts places by their keys, so each key's
    first bits are sorted together with its place.
    """
    bits = len(keys).bit_length()
    if not bits:
        return np.zeros(0, np.intp)
    packed = keys.astype(np.uint64)
    packed >>= np.uint64(bits - 1)
    packed <<= np.uint64(bits)
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    packed &= np.uint64((1 << bits) - 1)
    order = packed.astype(np.intp)
    found = keys[order]
    if (found[1:] < found[:-1]).any():
        # Two keys begin alike: rare among hashes, and nearly sorted lists are sorted at once.
        order = order[np.argsort(found, kind="stable")]
    return order
