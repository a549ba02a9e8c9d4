"""A process as Linux's /proc shows it (https://man7.org/linux/man-pages/man5/proc.5.html)."""

from __future__ import annotations

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
