"""Tensors in a file, mapped: they take memory only while they are read.

The format is safetensors' (https://huggingface.co/docs/safetensors): the length of a header as
eight bytes, the header as JSON, and the tensors one after another.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_TYPES: Final = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2",
    "I8": "<i1", "U8": "<u1", "BOOL": "?",
}  # fmt: skip
ALIGNED: Final = 64  # bytes, as processors like to read them


class Tensors(Mapping[str, npt.NDArray[Any]]):
    """A file's tensors by name, in the order of their names."""

    def __init__(self, path: Path, start: int = 0) -> None:
        """Map it.

        Args:
            path: the file.
            start: where in it the format begins.

        Raises:
            OSError: it cannot be read.
            ValueError: it is no such file, is cut off, or holds a type that numpy does not have.
        """
        with path.open("rb") as opened:
            # Copied where somebody writes, which nobody does: OpenVINO takes no read-only memory.
            self._map = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_COPY)
        length = int.from_bytes(self._map[start : start + 8], "little")
        self._data = start + 8 + length
        try:
            header = json.loads(self._map[start + 8 : self._data])
            self._header = {
                name: entry for name, entry in sorted(header.items()) if name != "__metadata__"
            }
            for name in self._header:
                self[name]
        except (LookupError, TypeError, AttributeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path.name} is damaged or holds something else") from error

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        """A view of the file."""
        entry = self._header[name]
        start, stop = entry["data_offsets"]
        kind = np.dtype(_TYPES[entry["dtype"]])
        count = prod(entry["shape"])
        if stop - start != count * kind.itemsize:
            raise ValueError(f"the length of {name} does not fit its shape")
        return np.frombuffer(self._map, kind, count, self._data + start).reshape(entry["shape"])

    def __iter__(self) -> Iterator[str]:
        """The names, sorted."""
        return iter(self._header)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._header)

    def forget(self) -> None:
        """Give the memory back; what is read after all comes from the file again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


def packed(tensors: Mapping[str, npt.NDArray[np.float32]]) -> Iterator[bytes]:
    """The bytes of such a file, in parts."""
    header: dict[str, object] = {}
    end = 0
    for name, array in sorted(tensors.items()):
        offsets = [end, end := end + array.nbytes]
        header[name] = {"dtype": "F32", "shape": array.shape, "data_offsets": offsets}
    written = json.dumps(header).encode()
    written += b" " * (-(8 + len(written)) % ALIGNED)
    yield len(written).to_bytes(8, "little") + written
    for _, array in sorted(tensors.items()):
        yield array.astype("<f4", copy=False).tobytes()
