"""The clock: certificates, tokens and "what I said yesterday" need the right time."""

import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from raggen_cli.finding import Finding, Text

# What was written later than this ahead of now was written by another clock.
TOLERANCE_SECONDS = 120


def check(text: Text, written: list[Path]) -> Finding:
    """Ask the system whether its clock is set by the network, and files whether it went back.

    Args:
        written: files and folders that are older than now, where the clock is right.
    """
    name = text("check_clock")
    now = time.time()
    shown = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d %H:%M:%S} UTC"
    times = [(path.stat().st_mtime, path) for path in written if path.exists()]
    latest, path = max(times, default=(0.0, None))
    if path is not None and latest > now + TOLERANCE_SECONDS:
        minutes = round((latest - now) / 60)
        found = text("found_clock_behind", now=shown, path=path, minutes=minutes)
        return Finding("clock", "fail", name, found, text("do_clock"))
    synchronised = asked()
    if synchronised is None:
        return Finding("clock", "ok", name, text("found_clock_untold", now=shown))
    if synchronised:
        return Finding("clock", "ok", name, text("found_clock_set", now=shown))
    return Finding("clock", "warn", name, text("found_clock_free", now=shown), text("do_clock"))


def asked() -> bool | None:
    """Ask systemd whether the clock is synchronised; None where it cannot tell."""
    program = shutil.which("timedatectl")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True, text=True, timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return {"yes": True, "no": False}.get(done.stdout.strip())
