"""Where the data is, as both services are told by the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from raggen_cli import services
from raggen_cli.errors import SettingsError
from raggen_cli.services import Addresses
from raggen_cli.settings import Settings

EMBED_FILE = "raggen-embed.db"
# SQLite's own files beside a database. They belong to it and to no other.
BESIDE = ("-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Places:
    """The files and the database that make up one raggen.

    Args:
        data_dir: what `--data-dir` names.
        web: raggen-web's SQLite file; None where it uses PostgreSQL.
        web_url: of its PostgreSQL database, with user and password; None where it uses SQLite.
        secret: the key of what is encrypted in the database.
        embed: raggen-embed's folder.
    """

    data_dir: Path
    web: Path | None
    web_url: str | None
    secret: Path
    embed: Path

    @property
    def embed_file(self) -> Path:
        """raggen-embed's SQLite file."""
        return self.embed / EMBED_FILE

    @property
    def index(self) -> Path:
        """Snapshots of indexes: made from `embed_file`, and made again where they do not fit it."""
        return self.embed / "index"

    @property
    def backups(self) -> Path:
        """Where backups go unless a person says otherwise."""
        return self.data_dir / "backups"


def find(settings: Settings, environment: Mapping[str, str]) -> Places:
    """Read where both services would keep what they keep.

    Raises:
        SettingsError: the address of raggen-web's database is not one.
    """
    # Where they listen does not matter here.
    told = services.environment(environment, settings, Addresses(1, 1, None))
    url = told["RAGGEN_WEB_DATABASE_URL"]
    web = web_url = None
    if url.startswith("file:/"):
        web = Path(url.removeprefix("file:"))
    elif url.startswith(("postgres://", "postgresql://")):
        web_url = url
    else:
        raise SettingsError("bad_database_url")
    return Places(
        data_dir=settings.data_dir,
        web=web,
        web_url=web_url,
        secret=Path(told["RAGGEN_WEB_SECRET_FILE"]).absolute(),
        embed=Path(told["RAGGEN_EMBED_DATA_DIR"]).absolute(),
    )
