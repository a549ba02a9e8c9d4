"""Starts the service: settings, then the lock, then the port, then the model."""

from __future__ import annotations

import gc
import signal
import socket
import sys

import structlog
import uvicorn

from raggen_embed.access import require_key
from raggen_embed.app import create_app
from raggen_embed.errors import SettingsError, StartError
from raggen_embed.lock import DirectoryLock
from raggen_embed.logs import configure_logs
from raggen_embed.protocol import Http
from raggen_embed.settings import Settings, load_settings

BACKLOG = 2048


def main() -> None:
    """Serve until SIGTERM or SIGINT; exit with 1 and one sentence on stderr when that is
    impossible."""
    try:
        settings = load_settings()
        configure_logs(settings.log_level)
        with DirectoryLock(settings.data_dir) as lock:
            _serve(settings, lock)
        # All is closed; Python would spend seconds looking for garbage among torch's objects.
        gc.freeze()
    except StartError as error:
        sys.stderr.write(f"raggen-embed: {error}\n")
        sys.exit(1)


def _serve(settings: Settings, lock: DirectoryLock) -> None:
    failures: list[StartError] = []

    def stop(error: StartError) -> None:
        failures.append(error)
        server.should_exit = True

    # The lock is held: only now may anything listen, or a client could talk to the wrong process.
    with _listen(settings) as listener:
        config = uvicorn.Config(
            create_app(settings, lock, stop),
            http=Http,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=settings.shutdown_seconds,
        )
        server = uvicorn.Server(config)
        host, port = listener.getsockname()[:2]
        structlog.get_logger("raggen_embed.start").info("listening", host=host, port=port)
        for number in (signal.SIGTERM, signal.SIGINT):
            # uvicorn raises the signal again when it has stopped, which would end an orderly stop
            # as a violent one: with exit code -15 or a traceback.
            signal.signal(number, lambda *_: setattr(server, "should_exit", True))
        server.run(sockets=[listener])
    if failures:
        raise failures[0]


def _listen(settings: Settings) -> socket.socket:
    address = (settings.host.strip("[]"), settings.port)
    try:
        family, *_, found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0]
        # What create_server would resolve the name to may be another address: take this one.
        address = (str(found[0]), settings.port)
        require_key(settings, address[0])
        listener = socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        sentence = (
            f"{settings.host}:{settings.port} cannot be listened on ({error.strerror}): "
            "set RAGGEN_EMBED_HOST or RAGGEN_EMBED_PORT to something else."
        )
        raise SettingsError(sentence) from error
    return listener


if __name__ == "__main__":
    main()
