"""How common words are: wordfreq, which the default set-up does not install."""

from __future__ import annotations

import importlib
import sys
from typing import Any

COMMAND = "pip install --no-deps --require-hashes -r requirements/study.txt"


def word_frequencies() -> Any:
    """The package; untyped, because a checker must pass where it is not installed.

    Raises:
        SystemExit: it is not installed; the message says how to install it.
    """
    try:
        return importlib.import_module("wordfreq")
    except ModuleNotFoundError as error:
        sys.exit(f"{error.name} is not installed. Run: {COMMAND}")
