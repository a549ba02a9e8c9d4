"""Chats as long, and lists as full, as years make them: written into the database at once."""

from __future__ import annotations

import sqlite3
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")


def _text(number: int) -> str:
    if number % 2 == 0:
        return f"Question number {number}: what did we say about the garden?"
    code = "\n\n```python\nprint('garden')\n```" if number % 10 == 1 else ""
    table = "\n\n| tree | height |\n|---|---|\n| oak | 20 m |" if number % 10 == 5 else ""
    sentence = "The **garden** was planted in spring, and the trees have grown since. "
    return f"Answer number {number}. " + sentence * (1 + number % 7) + code + table


def write_long_chat(database: Path, count: int) -> tuple[str, list[str]]:
    """Write a chat of `count` messages; returns its id and theirs, the first one first."""
    chat_id = str(uuid.uuid4())
    ids = [str(uuid.uuid4()) for _ in range(count)]
    end = _moment(START + timedelta(minutes=count))
    with sqlite3.connect(database, timeout=30) as connection:
        connection.execute(
            "INSERT INTO Chat (id, title, titledBy, createdAt, updatedAt, leafId)"
            " VALUES (?, 'A long story', 'person', ?, ?, ?)",
            (chat_id, _moment(START), end, ids[-1]),
        )
        rows = []
        for number, message_id in enumerate(ids):
            at = _moment(START + timedelta(minutes=number))
            role = "user" if number % 2 == 0 else "assistant"
            parent = ids[number - 1] if number else None
            answers = parent if role == "assistant" else None
            status = (message_id, chat_id, number + 1, 1, role, _text(number), "complete")
            rows.append((*status, 1, parent, answers, at, at))
        connection.executemany(
            "INSERT INTO Message (id, chatId, seq, session, role, text, status, indexable,"
            " parentId, replyToId, createdAt, updatedAt) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            rows,
        )
    connection.close()
    return chat_id, ids


def write_chats(database: Path, count: int) -> None:
    """Write `count` empty chats, one a day, the newest first in time."""
    with sqlite3.connect(database, timeout=30) as connection:
        for number in range(count):
            at = _moment(START - timedelta(days=number))
            connection.execute(
                "INSERT INTO Chat (id, title, titledBy, createdAt, updatedAt) VALUES (?,?,?,?,?)",
                (str(uuid.uuid4()), f"Chat number {number}", "person", at, at),
            )
    connection.close()
