"""raggen-embed and raggen-web as `raggen up` starts them, but with nobody to watch over them.

`raggen up` gives up on a service that dies again and again, as it should; the test that kills one a
hundred times starts it itself.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import httpx

from e2e.stack import ROOT, wait_for
from raggen_cli import layout, ports, services, settings
from raggen_cli.child import ChildSpec

READY_SECONDS = 60.0


class Pair:
    """Both services on free ports and one data directory. Stop it, whatever happened."""

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        place = layout.find()
        self.data_dir = data_dir
        self._ports = services.Addresses(ports.free(), ports.free(), None)
        chosen = settings.parse(os.environ, place.root, data_dir=str(data_dir))
        chosen.logs_dir.mkdir(parents=True, exist_ok=True)
        # This checkout, whichever one the environment that runs the tests was installed from.
        base = {**os.environ, "RAGGEN_WEB_DISCOVERY_URLS": ""}
        self._specs = {
            "embed": services.embed(place, chosen, self._ports, base),
            "web": services.web(place, chosen, self._ports, base),
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            self.start("embed")
            self.start("web")
        except BaseException:
            self.stop()
            raise

    @property
    def web_url(self) -> str:
        """Where raggen-web listens, on every start the same."""
        return f"http://127.0.0.1:{self._ports.web}"

    def start(self, name: str) -> None:
        """Start a service and wait until it is ready."""
        spec: ChildSpec = self._specs[name]
        with spec.log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                spec.command,
                cwd=spec.cwd,
                env=dict(spec.environment) | {"PYTHONPATH": str(ROOT / "raggen-embed")},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        port = self._ports.embed if name == "embed" else self._ports.web
        wait_for(f"{name} to be ready", lambda: self._is_ready(name, port), READY_SECONDS)

    def kill(self, name: str) -> None:
        """SIGKILL: nothing can be put right on the way."""
        self._running[name].kill()
        self._running[name].wait()

    def stop(self) -> None:
        """End both."""
        for process in self._running.values():
            process.kill()
            process.wait()

    def outbox_pending(self) -> int:
        """How many items raggen-embed has not taken yet."""
        response = httpx.get(f"{self.web_url}/api/status", timeout=10).raise_for_status()
        pending: int = response.json()["outbox"]["pending"]
        return pending

    def _is_ready(self, name: str, port: int) -> bool:
        code = self._running[name].poll()
        assert code is None, (
            f"{name} ended with {code}: {self._specs[name].log.read_text()[-2000:]}"
        )
        try:
            return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False
