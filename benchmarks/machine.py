"""Where it was measured: processor, memory, versions, commit, and how busy the machine was."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import psutil

MEASURED: Final = ("numpy", "openvino", "faiss-cpu", "fastapi", "uvicorn", "tokenizers", "locust")
OF_INTEREST: Final = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16")


def described(root: Path) -> dict[str, Any]:
    """Facts about the machine and the code in ``root``."""
    processor, flags = _processor()
    return {
        "processor": processor,
        "instructions": [name for name in OF_INTEREST if name in flags],
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "packages": dict(_versions(MEASURED)),
        "commit": git(root, "rev-parse", "--short", "HEAD"),
        "changed_files": len(git(root, "status", "--porcelain").splitlines()),
    }


def load() -> float:
    """How many processes wanted to run in the last minute."""
    return round(os.getloadavg()[0], 2)


def has_bf16() -> bool:
    """Whether the processor multiplies 16-bit floats, which the fastest encoding needs."""
    return bool({"avx512_bf16", "amx_bf16"} & _processor()[1])


def _processor() -> tuple[str, set[str]]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor(), set()
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    named = {key.strip(): value.strip() for key, value in facts.items()}
    return named.get("model name", platform.machine()), set(named.get("flags", "").split())


def _versions(names: Iterable[str]) -> Iterable[tuple[str, str]]:
    for name in names:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue


def git(root: Path, *words: str) -> str:
    """What git says of a checkout; '' where it cannot."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=20
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
