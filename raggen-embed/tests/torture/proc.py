"""A process as Linux's /proc shows it (https://man7.org/linux/man-pages/man5/proc.5.html)."""

from __future__ import annotations

import os
from pathlib import Path


def resident(pid: int) -> dict[str, float]:
    """MiB of memory: ``all`` that is resident, and the ``own`` part of it that no file backs."""
    kilobytes = {}
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        name, _, value = line.partition(":")
        if value.endswith(" kB"):
            kilobytes[name] = int(value.removesuffix(" kB"))
    return {"all": kilobytes["VmRSS"] / 1024, "own": kilobytes["RssAnon"] / 1024}


def descriptors(pid: int) -> int:
    """How many files and sockets it has open."""
    return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())


def processor_seconds(pid: int) -> float:
    """What it has used of all processors together."""
    # The name, in brackets, may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
