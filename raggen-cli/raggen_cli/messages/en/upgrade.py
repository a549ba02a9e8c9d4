"""Upgrade and rollback."""

TEXTS: dict[str, str] = {}
