"""A tiny HTTP server that stands for a service: python tiny_server.py PORT [WORD …]

Words: `deaf` ignores SIGTERM; `slow` answers 503 for a second, `never` for ever; `fails` ends
with an error before it listens; `family` starts a child of its own that would live on; `name=WORD`
is its name in `note=FILE`, which gets a line at its start, at SIGTERM and when a client has gone.
"""

import os
import signal
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

STARTED = time.monotonic()
PORT, WORDS = int(sys.argv[1]), sys.argv[2:]
NAME = next((word.removeprefix("name=") for word in WORDS if word.startswith("name=")), "tiny")


def note(line: str) -> None:
    for word in WORDS:
        if word.startswith("note="):
            with Path(word.removeprefix("note=")).open("a") as file:
                file.write(f"{line} {NAME} {os.getpid()}\n")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path in ("/readyz", "/health"):
            early = "never" in WORDS or ("slow" in WORDS and time.monotonic() - STARTED < 1)
            self.answer(503 if early else 200, b"{}")
        elif self.path == "/healthz":
            self.answer(200, b'{"status": "ok"}')
        elif self.path == "/v1/models":
            self.answer(200, b'{"data": []}')
        elif self.path == "/pid":
            self.answer(200, str(os.getpid()).encode())
        elif self.path == "/die":
            os._exit(3)
        elif self.path == "/endless":
            self.endless()
        else:
            self.answer(404, b"")

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 1000)
                time.sleep(0.01)
        except OSError:
            note("gone")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, body)


def stop(*_: object) -> None:
    note("stopped")
    os._exit(0)


signal.signal(signal.SIGTERM, signal.SIG_IGN if "deaf" in WORDS else stop)
if "family" in WORDS:
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
note("started")
if "fails" in WORDS:
    sys.exit("tiny server fails")
server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
sys.stdout.write("tiny server starts\n")
sys.stdout.flush()
server.serve_forever()
