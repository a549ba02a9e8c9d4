"""What the services would be told: from files of variables, or from what `raggen up` passes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import services
from raggen_cli.deployment.variables import read
from raggen_cli.services import Addresses
from raggen_cli.settings import Settings

# A unit of systemd inherits nothing else that matters here.
INHERITED = ("PATH", "HOME", "TMPDIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy",
             "https_proxy", "no_proxy", "NODE_EXTRA_CA_CERTS", "NODE_USE_ENV_PROXY")  # fmt: skip


@dataclass(frozen=True)
class Environment:
    """Variables of both services together, and the files that they came from.

    `lines` are those of the files that are no assignment: file and number.
    """

    values: Mapping[str, str]
    files: Sequence[Path]
    lines: Sequence[tuple[Path, int]] = ()

    def get(self, name: str) -> str:
        """Return a variable, '' where it is not set."""
        return self.values.get(name, "")

    def list(self, name: str) -> list[str]:
        """Return what stands between the commas of a variable."""
        return [part.strip() for part in self.get(name).split(",") if part.strip()]


def of_files(files: Sequence[Path], base: Mapping[str, str]) -> Environment:
    """Return what units with these files would see.

    Raises:
        SettingsError: one of them cannot be read.
    """
    values = {name: base[name] for name in INHERITED if name in base}
    lines = []
    for file in files:
        found, wrong = read(file)
        values |= found
        lines += [(file, number) for number in wrong]
    return Environment(values | {"NODE_ENV": "production"}, files, lines)


def of_up(settings: Settings, base: Mapping[str, str]) -> Environment:
    """Return what `raggen up` would hand over in this environment."""
    addresses = Addresses(settings.web_port, settings.embed_port, None)
    return Environment(services.environment(base, settings, addresses), ())
