"""What one check of `raggen doctor` found."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "warn", "fail"]
Text = Callable[..., str]


@dataclass(frozen=True)
class Finding:
    """One row of the doctor's table.

    Args:
        id: the same in every language, for scripts.
        status: fail where raggen cannot work like this, warn where it can, but not as it should.
        name: what was looked at.
        found: what is there.
        do: what to do about it; empty where nothing is to be done.
    """

    id: str
    status: Status
    name: str
    found: str
    do: str = ""
