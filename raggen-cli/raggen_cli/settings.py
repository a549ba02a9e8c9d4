"""Ports and the data directory: from options and the environment, parsed once, at start."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from raggen_cli.errors import SettingsError

WEB_PORT = 3000
EMBED_PORT = 8001
LOCAL_MODEL_PORT = 8002


@dataclass(frozen=True)
class Settings:
    """What a person can choose about `raggen up`. A port of 0 means: any that is free."""

    data_dir: Path
    web_port: int
    embed_port: int
    local_model_port: int

    @property
    def logs_dir(self) -> Path:
        """Where every process writes its log."""
        return self.data_dir / "logs"


def parse_port(name: str, value: str) -> int:
    """Read a port number.

    Raises:
        SettingsError: it is not a whole number from 0 to 65535.
    """
    # Five digits, because Python refuses to read a number of thousands of them.
    if re.fullmatch(r"[0-9]{1,5}", value.strip()) and int(value) <= 65535:
        return int(value)
    raise SettingsError("bad_port", name=name, value=value)


def parse_data_dir(name: str, value: str) -> Path:
    """Read a folder's path; a relative one starts at the current folder.

    Raises:
        SettingsError: something that is not a folder is there.
    """
    path = Path(value).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise SettingsError("bad_data_dir", name=name, value=value)
    return path


def parse(
    environment: Mapping[str, str],
    root: Path,
    *,
    data_dir: str | None = None,
    port: str | None = None,
    embed_port: str | None = None,
    local_model_port: str | None = None,
) -> Settings:
    """Bring options and environment together; an option beats its variable.

    Args:
        environment: usually os.environ; an empty value counts as not set.
        root: the repository, for the default data directory.
        data_dir, port, embed_port, local_model_port: options as typed; None where not given.

    Raises:
        SettingsError: a value is wrong, or one port is asked for twice.
    """

    def chosen(option: str | None, flag: str, variable: str, default: str) -> tuple[str, str]:
        if option is not None:
            return flag, option
        return variable, environment.get(variable) or default

    ports = {
        name: parse_port(name, value)
        for name, value in (
            chosen(port, "--port", "RAGGEN_WEB_PORT", str(WEB_PORT)),
            chosen(embed_port, "--embed-port", "RAGGEN_EMBED_PORT", str(EMBED_PORT)),
            chosen(
                local_model_port,
                "--local-model-port",
                "RAGGEN_LOCAL_MODEL_PORT",
                str(LOCAL_MODEL_PORT),
            ),
        )
    }
    refuse_twice(ports)
    web, embed, local_model = ports.values()
    return Settings(
        data_dir=parse_data_dir(*chosen(data_dir, "--data-dir", "RAGGEN_DATA_DIR", f"{root}/data")),
        web_port=web,
        embed_port=embed,
        local_model_port=local_model,
    )


def refuse_twice(ports: Mapping[str, int]) -> None:
    """Stop where two services were given the same port.

    Raises:
        SettingsError: naming both.
    """
    seen: dict[int, str] = {}
    for name, port in ports.items():
        if port and port in seen:
            raise SettingsError("same_port", first=seen[port], second=name, port=port)
        seen[port] = name
