"""Everything that can go wrong on purpose, and the HTTP status of each.

::

    RaggenEmbedError
    ├── StartError                 the process cannot start: printed as one sentence, exit code 1
    │   ├── SettingsError          an environment variable holds something unusable
    │   ├── DataDirectoryInUse     another process owns the data directory
    │   ├── DatabaseUnusable       the database file cannot be opened or is from a newer version
    │   └── ModelUnusable          the embedding model cannot be loaded
    └── RequestError               answered to the caller as {"error": {...}}
        ├── NotHttp           400  invalid_request
        ├── HostNotAllowed    400  host_not_allowed
        ├── Unauthorised      401  unauthorized    + WWW-Authenticate
        ├── NotFound          404  not_found
        ├── NoSuchModel       404  model_not_found
        ├── ModelInUse        409  model_in_use
        ├── BodyTooLarge      413  body_too_large
        ├── TooMuchText       413  too_much_text
        ├── NotJson           415  not_json
        ├── NotAccepted       422  invalid_request
        ├── Overloaded        429  overloaded      + Retry-After
        ├── HeadTooLarge      431  head_too_large
        ├── NotReady          503  not_ready       + Retry-After
        ├── Broken            503  broken
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
        param: str | None = None,
    ) -> None:
        """``param``: the field that is wrong, which OpenAI's error shape names."""
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after
        self.details = details
        self.param = param


class NotHttp(RequestError):  # noqa: N818
    """What came is no HTTP request."""

    status = 400
    code = "invalid_request"


class HostNotAllowed(RequestError):  # noqa: N818
    """The request is addressed to a name that is not this service's."""

    status = 400
    code = "host_not_allowed"


class Unauthorised(RequestError):  # noqa: N818
    """API keys are set, and the request carries none of them."""

    status = 401
    code = "unauthorized"


class NotFound(RequestError):  # noqa: N818
    """There is no such item for this owner."""

    status = 404
    code = "not_found"


class ModelInUse(RequestError):  # noqa: N818
    """Only a model that nobody asks can be dropped."""

    status = 409
    code = "model_in_use"


class NoSuchModel(RequestError):  # noqa: N818
    """An OpenAI client asked for a model that is not loaded."""

    status = 404
    code = "model_not_found"


class BodyTooLarge(RequestError):  # noqa: N818
    """The request's body passes the limit in bytes."""

    status = 413
    code = "body_too_large"


class TooMuchText(RequestError):  # noqa: N818
    """One request would make more windows than the whole queue may hold."""

    status = 413
    code = "too_much_text"


class NotJson(RequestError):  # noqa: N818
    """The body does not say that it is JSON."""

    status = 415
    code = "not_json"


class NotAccepted(RequestError):  # noqa: N818
    """The request is well-formed, but asks for what cannot be done."""

    status = 422
    code = "invalid_request"


class Overloaded(RequestError):  # noqa: N818
    """Too much work is waiting for the model."""

    status = 429
    code = "overloaded"


class HeadTooLarge(RequestError):  # noqa: N818
    """The request line and headers pass the limit in bytes."""

    status = 431
    code = "head_too_large"


class NotReady(RequestError):  # noqa: N818
    """The model is loading, the index is being rebuilt, or the process is stopping."""

    status = 503
    code = "not_ready"


class Broken(RequestError):  # noqa: N818
    """A part of the process has stopped working: only a restart helps."""

    status = 503
    code = "broken"


class DiskFull(RequestError):  # noqa: N818
    """The disk takes no more data; nothing of the request was stored."""

    status = 507
    code = "disk_full"
