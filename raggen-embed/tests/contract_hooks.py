"""Loaded into schemathesis by test_contract.py: what the OpenAPI document cannot say, and a count.

This runs in schemathesis' own process, not in pytest's.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis

COUNTS = "RAGGEN_CONTRACT_COUNTS"  # where the count goes: a file's path
# The newest version there can be: deletes whatever is stored.
LAST_VERSION = 2**53 - 1
DIMENSIONS = 384

_counts: Counter[str] = Counter()
_lock = threading.Lock()


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case[Any], **kwargs: Any) -> None:
    operation = case.operation.label
    with _lock:
        _counts[operation] += 1
    meta = case.meta
    phase = None if meta is None else meta.phase.name.value
    is_valid = meta is not None and meta.generation.mode is schemathesis.GenerationMode.POSITIVE
    if operation == "DELETE /api/v1/items/{id}" and phase == "stateful" and is_valid:
        # A deletion with an older version than the stored one is answered "stale", and rightly
        # leaves the item: only a real one lets use_after_free check anything.
        case.query["version"] = LAST_VERSION
    body = case.body if isinstance(case.body, dict) else {}
    if operation == "POST /v1/embeddings" and is_valid and body.get("dimensions") is not None:
        # Which number is right depends on the model that is loaded.
        body["dimensions"] = DIMENSIONS


@atexit.register
def write_counts() -> None:
    Path(os.environ[COUNTS]).write_text(json.dumps(_counts), encoding="utf-8")
