"""A file that says where raggen is, for scripts and tests: there while it is ready, gone after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ReadyFile:
    """The file at `path`; does nothing where no path was asked for."""

    path: Path | None

    def write(
        self, urls: Mapping[str, str], pids: Mapping[str, int], data_dir: Path, logs: Path
    ) -> None:
        """Write it in one piece; again whenever a process id changes."""
        if self.path is None:
            return
        content = {
            "urls": dict(urls),
            "pids": dict(pids),
            "data_dir": str(data_dir),
            "logs": str(logs),
        }
        aside = self.path.with_name(self.path.name + ".new")
        aside.write_text(json.dumps(content, indent=2))
        aside.replace(self.path)

    def remove(self) -> None:
        """Take it away."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)
