"""Arrays as a snapshot gives them back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt


def frozen(arrays: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """Copies of the arrays, which are numbers, that cannot be written to."""
    found: dict[str, npt.NDArray[Any]] = {}
    for name, array in arrays.items():
        assert array.dtype.kind in "biuf", name
        found[name] = np.array(array)
        found[name].setflags(write=False)
    return found
