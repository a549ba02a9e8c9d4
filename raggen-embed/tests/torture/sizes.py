"""How long a torture test takes, by RAGGEN_TORTURE, and where its figures go."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")

SIZE: Final = os.environ.get("RAGGEN_TORTURE", "short")
FIGURES: Final = Path(__file__).parents[3] / "artifacts" / "torture"

if SIZE not in {"short", "long"}:
    raise ValueError(f"RAGGEN_TORTURE={SIZE} is neither: write short or long.")


def sized(short: T, long: T) -> T:
    """The one of the two that RAGGEN_TORTURE asks for; short where it says nothing."""
    return long if SIZE == "long" else short


def seed() -> int:
    """Where random choices start: RAGGEN_TORTURE_SEED, so that a failure can be had again."""
    return int(os.environ.get("RAGGEN_TORTURE_SEED", "1"))


def report(name: str, **figures: Any) -> None:
    """Append a line of JSON to artifacts/torture/``name``.json, and print it."""
    line = json.dumps(
        {
            "name": name,
            "size": SIZE,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "seed": seed(),
            **figures,
        },
        ensure_ascii=False,
    )
    FIGURES.mkdir(parents=True, exist_ok=True)
    with (FIGURES / f"{name}.json").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    print(line)  # noqa: T201 - pytest shows it beside a failure
