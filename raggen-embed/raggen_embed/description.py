"""What FastAPI does not say in the OpenAPI document by itself: which addresses need a key."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "One of RAGGEN_EMBED_API_KEYS. Where none are set, nobody needs one.",
    },
    "key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "The same, for clients that cannot send Authorization.",
    },
}
_NEEDED: list[dict[str, list[str]]] = [{"bearer": []}, {"key": []}]
_OWN: dict[str, list[dict[str, list[str]]]] = {"/healthz": [], "/readyz": [{}, *_NEEDED]}


def describe(app: FastAPI) -> None:
    """Have the application's document say how its addresses are guarded (see middleware.py)."""
    make = app.openapi

    def openapi() -> dict[str, Any]:
        document = make()
        document["components"]["securitySchemes"] = _SCHEMES
        document["security"] = _NEEDED
        for path, guarded in _OWN.items():
            for operation in document["paths"][path].values():
                operation["security"] = guarded
        return document

    # As FastAPI's documentation of "Extending OpenAPI" has it.
    app.openapi = openapi  # type: ignore[method-assign]
