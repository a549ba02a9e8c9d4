"""Become another program, and die with the process that started it (Linux).

    python -I -S launch.py PARENT_PID PROGRAM [ARGUMENT …]

A process of its own rather than Popen's preexec_fn, which can deadlock where threads run
(https://docs.python.org/3/library/subprocess.html). The kernel keeps the wish through exec, see
prctl(2).
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> None:
    """Ask the kernel for SIGKILL when the parent ends; end at once where it already has."""
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def main(arguments: list[str]) -> int:
    """Run the program in place of this one; return 127 where it cannot be run."""
    parent, *command = arguments
    if sys.platform == "linux":
        die_with(int(parent))
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
