"""What a benchmark says: rows of a figure, what it must reach, and whether it did."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple


class Target(NamedTuple):
    """A bound of a figure, the bound itself included."""

    sign: Literal["≥", "≤"]
    bound: float

    def is_met(self, value: float) -> bool:
        """Whether a figure reaches it; what is not a number does not."""
        if math.isnan(value):
            return False
        return value >= self.bound if self.sign == "≥" else value <= self.bound

    def __str__(self) -> str:
        """As the tables write it."""
        return f"{self.sign} {self.bound:g}"


def at_least(bound: float) -> Target:
    """The figure must not be lower."""
    return Target("≥", bound)


def at_most(bound: float) -> Target:
    """The figure must not be higher."""
    return Target("≤", bound)


@dataclass(frozen=True)
class Row:
    """One figure. ``beside`` holds those that it was made of or is compared with, by name."""

    name: str
    value: float
    unit: str
    target: Target | None = None
    beside: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    is_missing: bool = False  # it could not be measured

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.is_missing:
            return False
        return None if self.target is None else self.target.is_met(self.value)

    def as_json(self) -> dict[str, Any]:
        """The row as it is kept: no figure is null, as JSON has no NaN."""
        kept = asdict(self) | {
            "value": None if math.isnan(self.value) else self.value,
            "target": None if self.target is None else str(self.target),
            "met": self.met,
        }
        return {name: kept[name] for name in _ORDER}


_ORDER = ("name", "value", "unit", "target", "met", "beside", "note")


def failed(name: str, reason: str) -> Row:
    """A row for what could not be measured: not met, and the note says why."""
    return Row(name, math.nan, "", note=reason, is_missing=True)
