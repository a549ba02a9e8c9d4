"""Asks raggen-web for figures, and lets it ask memory the golden questions again."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

from raggen_cli import loopback
from raggen_cli.errors import ServiceError

# A thousand answers take milliseconds, five hundred golden questions minutes.
SECONDS = 15 * 60

Json = dict[str, Any]


def _read(port: int, path: str, method: str) -> Json:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with loopback.opened(request, SECONDS) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 422:
            raise ServiceError("quality_wrong_since") from error
        key = "quality_no_memory" if error.code == 503 else "quality_failed"
        raise ServiceError(key, status=error.code) from error
    except (OSError, ValueError) as error:
        raise ServiceError("quality_no_answer", port=port) from error
    if not isinstance(found, dict):
        raise ServiceError("quality_no_answer", port=port)
    return found


def figures(port: int, since: str | None) -> Json:
    """Return how the answers since a day or a moment did.

    Raises:
        ServiceError: raggen-web does not answer, or `since` is none.
    """
    query = "" if since is None else "?" + urllib.parse.urlencode({"since": since})
    found = _read(port, f"/api/quality{query}", "GET")
    if not isinstance(found.get("memory"), dict):
        raise ServiceError("quality_no_answer", port=port)
    return found


def replay(port: int) -> Json:
    """Ask memory every golden question again; no model is asked.

    Raises:
        ServiceError: raggen-web or raggen-embed does not answer.
    """
    found = _read(port, "/api/quality/replay", "POST")
    if not isinstance(found.get("questions"), list):
        raise ServiceError("quality_no_answer", port=port)
    return found
