"""Packages that the default set-up does not install; the study loads them when it needs them."""

from __future__ import annotations

import importlib
from typing import Any

COMMAND = "pip install --no-deps --require-hashes -r requirements/study.txt"


class MissingPackageError(Exception):
    """A package of requirements/study.txt is not installed; the message says how to install it."""


def package(name: str) -> Any:
    """The module `name`; untyped, because a checker must pass where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise MissingPackageError(f"{error.name} is not installed. Run: {COMMAND}") from error
