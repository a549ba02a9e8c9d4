"""raggen with a long memory: chats in Russian and English, imported and remembered."""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx
from e2e.stack import Stack

from benchmarks import stores, texts
from benchmarks.processes import BrokenError

TURNS: Final = 20  # messages of a chat
PREFIX: Final = "archive-"
START_SECONDS: Final = 400  # raggen-web may have to be built first
REMEMBERED_SECONDS: Final = 900
IMPORT_SECONDS: Final = 300
START: Final = datetime(2025, 1, 1, 9, tzinfo=UTC)
ENVIRONMENT: Final = {
    # As users have it: tests of what is found give retrieval more time.
    "RAGGEN_WEB_RETRIEVAL_TIMEOUT_MS": "800",
    # Many people's requests come from one address here; they are counted all the same.
    **{f"RAGGEN_WEB_LIMIT_{budget}": "1000000" for budget in ("ASK", "HEAVY", "WRITE", "READ")},
}


@contextmanager
def remembering(folder: Path, messages: int) -> Iterator[Stack]:
    """Both services as ``raggen up`` starts them, with ``messages`` remembered messages.

    Raises:
        BrokenError: they do not start, or do not take in what they are given.
    """
    data = folder / "web"
    shutil.rmtree(data, ignore_errors=True)
    try:
        shutil.copytree(_filled(folder, messages), data)
        stack = Stack(data, ENVIRONMENT).start(START_SECONDS)
        try:
            yield stack
        finally:
            stack.stop()
    except AssertionError as error:  # how a stack says that it does not work
        raise BrokenError(str(error)) from error
    finally:
        shutil.rmtree(data, ignore_errors=True)


def exported(messages: int) -> dict[str, Any]:
    """Chats as a file holds them, a fifth of the messages in Russian."""
    random = Random(8)  # noqa: S311 - texts, not secrets
    english = texts.Sentences("latin", 9).sentences()
    russian = texts.Sentences("cyrillic", 10).sentences()
    chats = []
    for number in range(messages // TURNS):
        said = russian if random.random() < texts.RUSSIAN else english
        chats.append(_chat(number, [next(said) for _ in range(TURNS)]))
    return {
        "format": "raggen-chats",
        "version": 1,
        "exportedAt": _moment(START),
        "chats": chats,
    }


def _chat(number: int, said: list[str]) -> dict[str, Any]:
    begun = START + timedelta(hours=13 * number)
    ids = [str(uuid.UUID(int=number << 64 | turn)) for turn in range(len(said))]
    messages = []
    for turn, (id_, text) in enumerate(zip(ids, said, strict=True)):
        before = ids[turn - 1] if turn else None
        at = _moment(begun + timedelta(minutes=turn))
        messages.append(
            {
                "id": id_,
                "parentId": before,
                "replyToId": before if turn % 2 else None,
                "seq": turn + 1,
                "session": 1,
                "role": "assistant" if turn % 2 else "user",
                "text": text,
                "status": "complete",
                "errorCode": None,
                "provider": None,
                "model": None,
                "indexable": True,
                "createdAt": at,
                "updatedAt": at,
            }
        )
    return {
        "id": f"archive-{number}",
        "title": said[0][:60],
        "titledBy": "person",
        "createdAt": _moment(begun),
        "updatedAt": _moment(begun + timedelta(minutes=len(said))),
        "messages": messages,
    }


def _filled(folder: Path, messages: int) -> Path:
    """A data directory that is kept; made again when the code has changed that decides what is
    stored."""
    data = folder / f"{PREFIX}{stores.code()}-{messages}"
    if not data.exists():
        for old in folder.glob(f"{PREFIX}*"):
            shutil.rmtree(old)
        unfinished = folder / "unfinished-archive"
        shutil.rmtree(unfinished, ignore_errors=True)
        stack = Stack(unfinished).start(START_SECONDS)
        try:
            started = time.monotonic()
            _import(stack, exported(messages))
            print(f"  imported in {time.monotonic() - started:.1f} s", flush=True)
            stack.wait_until_remembered(REMEMBERED_SECONDS)
            print(f"  remembered in {time.monotonic() - started:.0f} s", flush=True)
        finally:
            stack.stop()
        unfinished.rename(data)
    return data


def _import(stack: Stack, file: dict[str, Any]) -> None:
    answer = httpx.post(
        f"{stack.web_url}/api/import",
        content=json.dumps(file).encode(),
        headers={"content-type": "application/json"},
        timeout=IMPORT_SECONDS,
    )
    told = answer.json()
    if told.get("imported") != len(file["chats"]):
        raise BrokenError(f"not imported: {answer.status_code} {answer.text[:300]}")


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
