"""Start another program so that it ends with the process that wanted it (Linux).

    python -I -S launch.py become PARENT_PID PROGRAM [ARGUMENT …]
    python -I -S launch.py guard PARENT_PID PROGRAM [ARGUMENT …]

`become` is replaced by the program; the kernel keeps the wish through exec, see prctl(2). `guard`
stays above it and ends its whole process group, for programs that start others: npm is killed
easily, but the build that it has started would go on.

A process of its own rather than Popen's preexec_fn, which can deadlock where threads run
(https://docs.python.org/3/library/subprocess.html).
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def ask_for(number: signal.Signals, parent: int) -> None:
    """Ask the kernel for a signal when the parent ends; end at once where it already has."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def become(command: list[str]) -> int:
    """Run the program in place of this one; return 127 where it cannot be run."""
    try:
        os.execvp(command[0], command)  # noqa: S606 - no shell
    except OSError as error:
        sys.stderr.write(f"{command[0]}: {error.strerror}\n")
        sys.stderr.flush()
        return 127


def guard(parent: int, command: list[str]) -> int:
    """Run the program below this one and return its exit code, 128 and more for a signal."""
    # Handlers, not SIG_IGN: that would be inherited. Who stops the group reaches the program too.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    signal.signal(signal.SIGUSR1, lambda *_: os.killpg(0, signal.SIGKILL))
    ask_for(signal.SIGUSR1, parent)
    us = os.getpid()
    child = os.fork()
    if child == 0:
        ask_for(signal.SIGKILL, us)
        os._exit(become(command))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 128 - code if code < 0 else code


def main(arguments: list[str]) -> int:
    """Do what the first argument says."""
    how, parent, *command = arguments
    if how == "guard":
        return guard(int(parent), command)
    ask_for(signal.SIGKILL, int(parent))
    return become(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
