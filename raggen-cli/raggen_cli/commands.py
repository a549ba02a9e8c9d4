"""One command of the set-up: its output goes to a log, and it never outlives us."""

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from raggen_cli import launch, logs
from raggen_cli.errors import SetupError

SECONDS_TO_STOP = 1.0  # npm hardly ever listens, and whatever is cut off is done again

# How the output of pip, npm and apt looks when the cause is not ours, and the sentence for it.
CAUSES = (
    ("disk_full", ("No space left on device", "ENOSPC")),
    ("hashes_differ", ("DO NOT MATCH THE HASHES", "EINTEGRITY")),
    (
        "no_network",
        (
            "Temporary failure in name resolution",
            "Network is unreachable",
            "NewConnectionError",
            "Read timed out",
            "EAI_AGAIN",
            "ENOTFOUND",
            "ETIMEDOUT",
            "ECONNREFUSED",
            "ECONNRESET",
        ),
    ),
)


def launched(command: Sequence[str], how: str) -> list[str]:
    """Return the command, started so that it ends with this process; `how` is one of `launch`'s."""
    return [sys.executable, "-I", "-S", launch.__file__, how, str(os.getpid()), *command]


def ignore(_line: str) -> None:
    """Take a line of output and do nothing with it."""


@dataclass(frozen=True)
class Commands:
    """Runs commands one after another, in an environment, with one log.

    Args:
        log: gets every command line and all output; made where missing.
        environment: all of it, not additions.
    """

    log: Path
    environment: Mapping[str, str]
    tail_lines: int = field(default=15)

    def run(
        self,
        command: Sequence[str],
        *,
        cwd: Path,
        detail: Callable[[str], None] = ignore,
        seconds_to_stop: float = SECONDS_TO_STOP,
    ) -> None:
        """Run to the end.

        Args:
            command: program and arguments; no shell.
            cwd: where it runs.
            detail: called with each line of output as it comes.
            seconds_to_stop: that it has after Ctrl-C to end by itself.

        Raises:
            SetupError: it failed; the sentence names the cause where the output shows it.
            KeyboardInterrupt: passed on, after everything that was started is gone.
        """
        start = logs.size(self.log)
        try:
            code = self._run(command, cwd, detail, seconds_to_stop)
        except OSError as error:
            raise SetupError("disk_full" if error.errno == 28 else "step_failed", tail=[str(error)],
                             log=self.log) from error  # fmt: skip
        if code == 0:
            return
        output = "\n".join(logs.tail(self.log, 400, since=start))
        known = (key for key, signs in CAUSES if any(sign in output for sign in signs))
        tail = logs.tail(self.log, self.tail_lines, since=start)
        raise SetupError(next(known, "step_failed"), tail=tail, log=self.log)

    def _run(
        self, command: Sequence[str], cwd: Path, detail: Callable[[str], None], patience: float
    ) -> int:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with (
            self.log.open("ab", buffering=0) as log,
            subprocess.Popen(
                launched(command, "guard"),
                cwd=cwd,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            ) as process,
        ):
            try:
                log.write(f"$ {shlex.join(command)}\n".encode())
                if process.stdout:
                    for line in process.stdout:
                        log.write(line)
                        detail(line.decode(errors="replace").strip())
                return process.wait()
            except BaseException:
                stop_group(process, patience)
                raise


def stop_group(process: subprocess.Popen[bytes], seconds: float) -> None:
    """End a command and all that it started: asked, then killed, at a second Ctrl-C at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
