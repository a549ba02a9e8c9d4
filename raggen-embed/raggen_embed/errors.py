"""Everything that can go wrong on purpose, and the HTTP status of each.

::

    RaggenEmbedError
    ├── StartError                 the process cannot start: printed as one sentence, exit code 1
    │   ├── SettingsError          an environment variable holds something unusable
    │   ├── DataDirectoryInUse     another process owns the data directory
    │   ├── DatabaseUnusable       the database file cannot be opened or is from a newer version
    │   └── ModelUnusable          the embedding model cannot be loaded
    └── RequestError               answered to the caller as {"error": {...}}
        ├── NotFound          404  not_found
        ├── BodyTooLarge      413  body_too_large
        ├── TooMuchText       413  too_much_text
        ├── Overloaded        429  overloaded      + Retry-After
        ├── NotReady          503  not_ready       + Retry-After
        └── DiskFull          507  disk_full

``app.py`` turns a RequestError into a response; nothing else knows about HTTP statuses.
"""

from __future__ import annotations

from pathlib import Path


class RaggenEmbedError(Exception):
    """The root of the tree."""


class StartError(RaggenEmbedError):
    """The process cannot start; the text is one sentence that says what to do."""


class SettingsError(StartError):
    """An environment variable holds something unusable."""


class DataDirectoryInUse(StartError):  # noqa: N818 - named after the state, as the message reads
    """Another process owns the data directory."""


class DatabaseUnusable(StartError):  # noqa: N818
    """The database cannot be opened, is damaged, or was written by a newer version."""

    @classmethod
    def damaged(cls, path: Path, reason: object) -> DatabaseUnusable:
        """Say what was found, and what can be done about it."""
        return cls(f"{path} cannot be used ({reason}): restore it from a backup, or move it away.")


class ModelUnusable(StartError):  # noqa: N818
    """The embedding model cannot be loaded."""


class RequestError(RaggenEmbedError):
    """A request that cannot be served; ``message`` says what the caller can do about it."""

    status = 500
    code = "internal_error"

    def __init__(
        self,
        message: str,
        *,
        retry_after: int | None = None,
        details: dict[str, int | str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
        self.details = details


class NotFound(RequestError):  # noqa: N818
    """There is no such item for this owner."""

    status = 404
    code = "not_found"


class BodyTooLarge(RequestError):  # noqa: N818
    """The request's body passes the limit in bytes."""

    status = 413
    code = "body_too_large"


class TooMuchText(RequestError):  # noqa: N818
    """One request would make more windows than the whole queue may hold."""

    status = 413
    code = "too_much_text"


class Overloaded(RequestError):  # noqa: N818
    """Too much work is waiting for the model."""

    status = 429
    code = "overloaded"


class NotReady(RequestError):  # noqa: N818
    """The model is loading, the index is being rebuilt, or the process is stopping."""

    status = 503
    code = "not_ready"


class DiskFull(RequestError):  # noqa: N818
    """The disk takes no more data; nothing of the request was stored."""

    status = 507
    code = "disk_full"
