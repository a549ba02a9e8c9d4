"""raggen with a model that always says the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from e2e.scripted_model import ScriptedModel
from e2e.stack import Stack


@dataclass(frozen=True)
class Modelled:
    """raggen, and the model that answers in it."""

    stack: Stack
    model: ScriptedModel


@contextmanager
def modelled_stack(data_dir: Path) -> Iterator[Modelled]:
    """Start both; stopped on leaving."""
    stack = Stack(data_dir).start()
    try:
        with ScriptedModel(lambda _: "Noted.") as model:
            model.connect(stack.web_url)
            yield Modelled(stack, model)
    finally:
        stack.stop()
