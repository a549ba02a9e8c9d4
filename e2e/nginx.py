"""Debian's nginx with raggen's own configuration, on free ports of loopback."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from e2e.stack import ROOT, wait_for

TEMPLATE = ROOT / "deploy" / "nginx" / "raggen.conf.template"
NAME = "raggen.test"
USER, PASSWORD = "anna", "a password with spaces"
AROUND = """\
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/raggen.conf;
}}
"""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def filled(values: dict[str, str]) -> str:
    """The template with its variables put in, as `envsubst` does it."""
    text = TEMPLATE.read_text()
    variable = re.compile(r"\$\{(RAGGEN_\w+)\}")
    assert set(variable.findall(text)) == set(values)
    return variable.sub(lambda match: values[match[1]], text)


@dataclass
class Nginx:
    """nginx in front of `upstream` ("127.0.0.1:3000"), with a certificate made for it."""

    folder: Path
    upstream: str
    http_port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Nginx:
        """Write its files and run it until it listens; returns itself."""
        self.folder.mkdir(parents=True)
        self._certificate()
        digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()  # noqa: S324 - htpasswd's
        (self.folder / "passwords").write_text(f"{USER}:{{SHA}}{digest}\n")
        text = filled({
            "RAGGEN_NAME": NAME,
            "RAGGEN_WEB_UPSTREAM": self.upstream,
            "RAGGEN_ACCESS_LOG": str(self.folder / "access.log"),
            "RAGGEN_CACHE": str(self.folder / "static"),
            "RAGGEN_CERTIFICATE": str(self.folder / "cert.pem"),
            "RAGGEN_CERTIFICATE_KEY": str(self.folder / "key.pem"),
            "RAGGEN_PASSWORDS": str(self.folder / "passwords"),
        })  # fmt: skip
        text = re.sub(r" *listen \[::\].*\n", "", text)
        text = re.sub(r"listen 80\b", f"listen 127.0.0.1:{self.http_port}", text)
        text = re.sub(r"listen 443\b", f"listen 127.0.0.1:{self.https_port}", text)
        (self.folder / "raggen.conf").write_text(text)
        # Its workers would be another user's, who may not read a test's folder.
        user = "user root;" if os.geteuid() == 0 else ""
        main = self.folder / "nginx.conf"
        main.write_text(AROUND.format(folder=self.folder, user=user))
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program, "nginx is missing: make setup"
        # -e: where it writes before it has read where to write.
        command = [program, "-p", str(self.folder), "-e", str(self.folder / "error.log")]
        command += ["-c", str(main)]
        subprocess.run([*command, "-t"], check=True, capture_output=True, text=True)
        self.process = subprocess.Popen(command)
        wait_for("nginx to listen", self._listens, 10)
        return self

    def stop(self) -> None:
        """Stop it, and wait until it is gone."""
        process, self.process = self.process, None
        if process is not None:
            process.terminate()
            assert process.wait(10) == 0

    @property
    def url(self) -> str:
        """Where the browser goes."""
        return f"https://{NAME}:{self.https_port}"

    def client(self, **more: Any) -> httpx.Client:
        """Speaks to it as somebody who knows the password and trusts its certificate."""
        trusted = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))

        def by_name(request: httpx.Request) -> None:
            request.extensions["sni_hostname"] = NAME

        return httpx.Client(
            base_url=f"https://127.0.0.1:{self.https_port}",
            headers={"Host": f"{NAME}:{self.https_port}"},
            verify=trusted,
            timeout=60,
            event_hooks={"request": [by_name]},
            **{"auth": (USER, PASSWORD), **more},
        )

    def log(self) -> list[dict[str, Any]]:
        """What it has served."""
        lines = (self.folder / "access.log").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def _certificate(self) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                   "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                   "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", "key.pem", "-out",
                   "cert.pem"]  # fmt: skip
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def _listens(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "error.log").read_text()
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.https_port)) == 0
