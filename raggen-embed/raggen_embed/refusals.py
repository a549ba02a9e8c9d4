"""The body of an error: one shape for this service's own addresses, OpenAI's for those that its
clients call."""

from __future__ import annotations

import json
from typing import Any

from raggen_embed.errors import RequestError

# Below it, addresses are OpenAI's: https://platform.openai.com/docs/api-reference/embeddings
OPENAI = "/v1/"
# OpenAI's names for kinds of errors, by status; any other 4xx is an invalid request.
_OPENAI_TYPES = {401: "authentication_error", 429: "rate_limit_error"}


def error_bytes(
    path: str,
    error: RequestError,
    request_id: str,
) -> bytes:
    """An error as JSON, in the shape that the clients of an address expect.

    Lone surrogates are escaped, so that it can always be encoded.
    """
    body: dict[str, Any] = {"code": error.code, "message": error.message}
    if path.startswith(OPENAI):
        other = "server_error" if error.status >= 500 else "invalid_request_error"
        body["type"] = _OPENAI_TYPES.get(error.status, other)
        body["param"] = error.param
    elif error.details is not None:
        body["details"] = error.details
    return json.dumps({"error": {**body, "request_id": request_id}}).encode("ascii")
