"""raggen with a recorder between it and the model's server that it starts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from e2e.recorder import Recorder
from e2e.stack import Stack
from raggen_cli import ports


@contextmanager
def recorded_stack(data_dir: Path, variable: str, value: str) -> Iterator[tuple[Stack, Recorder]]:
    """Run raggen with `variable` set to `value`, in which `{url}` is the recorder's address."""
    port = ports.free()
    with Recorder(f"http://127.0.0.1:{port}") as recorder:
        environment = {
            "RAGGEN_LOCAL_MODEL_PORT": str(port),
            variable: value.format(url=recorder.url),
        }
        stack = Stack(data_dir, env=environment).start()
        try:
            yield stack, recorder
        finally:
            stack.stop()
