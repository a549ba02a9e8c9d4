"""serve (the default): settings, then the lock, then the port, then the models.
verify: compare the store with itself and with its indexes, and repair these.
rebuild: make everything anew that is made of texts.

The last two are for a service that is stopped. Settings come from the environment.
"""

from __future__ import annotations

import argparse
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
from raggen_embed.verifying import rebuild, verify

BACKLOG = 2048
MAX_FILES = 65_536


def main() -> None:
    """Do what the command line says; exit with 1 and one sentence on stderr where that is
    impossible."""
    parser = argparse.ArgumentParser(prog="raggen-embed", description=__doc__)
    parser.add_argument("command", nargs="?", default="serve", choices=[*COMMANDS])
    command = COMMANDS[parser.parse_args().command]
    try:
        settings = load_settings()
        configure_logs(settings.log_level)
        with DirectoryLock(settings.data_dir) as lock:
            status = command(settings, lock)
        # All is closed; Python would spend seconds looking for garbage among large objects.
        gc.freeze()
    except StartError as error:
        sys.stderr.write(f"raggen-embed: {error}\n")
        sys.exit(1)
    sys.exit(status)


def _verify(settings: Settings, _: DirectoryLock) -> int:
    findings = verify(settings, _tell)
    left = sum(not one.repaired for one in findings)
    _tell(f"{len(findings)} findings, {left} of them not repaired.")
    return 1 if left else 0


def _rebuild(settings: Settings, _: DirectoryLock) -> int:
    _tell(f"{rebuild(settings, _tell)} items were made anew.")
    return 0


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _serve(settings: Settings, lock: DirectoryLock) -> int:
    failures: list[StartError] = []
    _allow_many_files()
    # A full collection stops every search for some 130 ms and finds a thousand objects: ten times
    # as rarely, it still finds them.
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, 10 * old)

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
    return 0


def _allow_many_files() -> None:
    """Each large owner's snapshot keeps a file open, and each connection one."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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


COMMANDS = {"serve": _serve, "verify": _verify, "rebuild": _rebuild}

if __name__ == "__main__":
    main()
