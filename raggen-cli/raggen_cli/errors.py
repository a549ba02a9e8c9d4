"""What can go wrong, and the exit code that it means.

    RaggenError                1
    ├── SettingsError          2   a setting cannot be what it is
    ├── CheckError             1   this machine is not ready: a port, the disk, another raggen
    ├── SetupError             1   a step of the set-up failed; with the end of its output
    ├── ServiceError           1   a service did not start, or keeps dying; with its log's end
    └── SetupInterruptedError  130  Ctrl-C, SIGTERM or SIGHUP before all was set up

An error carries the key of a sentence in `messages`, never the sentence: whoever shows it knows the
person's language.
"""

from collections.abc import Sequence


class RaggenError(Exception):
    """Base of all errors that a person is meant to read.

    Args:
        key: of the sentence in `messages` that says what happened and what to do.
        tail: the last lines of a log, shown below the sentence.
        values: what the sentence's placeholders stand for.
    """

    exit_code = 1

    def __init__(self, key: str, *, tail: Sequence[str] = (), **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.tail = tuple(tail)
        self.values = values


class SettingsError(RaggenError):
    """A setting cannot be what it is."""

    exit_code = 2


class CheckError(RaggenError):
    """This machine is not ready: a port, the disk, another raggen."""


class SetupError(RaggenError):
    """A step of the set-up failed."""


class ServiceError(RaggenError):
    """A service did not start, or keeps dying."""


class SetupInterruptedError(RaggenError):
    """Somebody stopped the set-up; the next one goes on from there."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__("setup_interrupted")
