"""How far the start is, for those who ask whether it is ready."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Step = Literal["models", "index"]


@dataclass(frozen=True)
class Progress:
    """A step of the start; ``done`` of ``total`` items, where there is something to count."""

    step: Step = "models"
    done: int = 0
    total: int = 0

    @property
    def sentence(self) -> str:
        """What is going on."""
        if self.step == "models":
            return "The model is loading"
        if self.total:
            return f"The index is being made ({self.done} of {self.total} items)"
        return "The index is being made"


class Start:
    """Told by the thread that starts, read by any."""

    def __init__(self) -> None:
        self.progress = Progress()

    def reach(self, step: Step, done: int = 0, total: int = 0) -> None:
        """Note how far it is."""
        self.progress = Progress(step, done, total)
