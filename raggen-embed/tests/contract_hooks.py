"""Loaded into schemathesis by test_contract.py: what the OpenAPI document cannot say.

This runs in schemathesis' own process, not in pytest's.
"""

from __future__ import annotations

from typing import Any

import schemathesis

# The newest version there can be: deletes whatever is stored.
LAST_VERSION = 2**53 - 1
DIMENSIONS = 384


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case[Any], **kwargs: Any) -> None:
    operation, meta = case.operation.label, case.meta
    if meta is None or meta.generation.mode is not schemathesis.GenerationMode.POSITIVE:
        return
    if operation == "DELETE /api/v1/items/{id}" and meta.phase.name.value == "stateful":
        # A deletion with an older version than the stored one is answered "stale", and rightly
        # leaves the item: only a real one lets use_after_free check anything.
        case.query["version"] = LAST_VERSION
    body = case.body if isinstance(case.body, dict) else {}
    if operation == "POST /v1/embeddings" and body.get("dimensions") is not None:
        # Which number is right depends on the model that is loaded.
        body["dimensions"] = DIMENSIONS
