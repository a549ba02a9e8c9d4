"""What encoding costs minutes for, kept between runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Cache:
    """Arrays by kind and by the texts they were made of: a .npy file an array in `folder`."""

    folder: Path

    def get(
        self, kind: str, texts: Sequence[str], make: Callable[[], Mapping[str, Array]]
    ) -> dict[str, Array]:
        """The arrays that `make()` returns by name; made once."""
        digest = hashlib.sha256("\0".join([kind, *texts]).encode()).hexdigest()[:16]
        folder = self.folder / f"{kind}-{len(texts)}-{digest}"
        if not folder.exists():
            partial = folder.with_suffix(".partial")
            partial.mkdir(parents=True, exist_ok=True)
            for name, array in make().items():
                np.save(partial / f"{name}.npy", array)
            partial.rename(folder)  # so that an interrupted run leaves nothing that looks whole
        return {path.stem: np.load(path) for path in folder.glob("*.npy")}
