"""Keys: are they there, do they fit, and who can read them?"""

import stat
from collections.abc import Iterator
from pathlib import Path

from raggen_cli.deployment.addresses import is_loopback
from raggen_cli.deployment.environment import Environment
from raggen_cli.finding import Finding, Text

# What the example files hold until somebody writes a key.
PLACEHOLDERS = ("change-me", "changeme", "secret", "password")
# `openssl rand -hex 32` has 64 characters and 16 different ones.
SHORT, FEW = 24, 8
SECRET_NAMES = ("KEY", "PASSWORD", "DATABASE_URL")


def check(text: Text, environment: Environment, secret: Path) -> Iterator[Finding]:
    """Look at raggen-embed's keys, at the files with keys, and at the key of stored keys."""
    yield embed_key(text, environment)
    for file in environment.files:
        if any(part in file.read_text() for part in SECRET_NAMES):
            yield readable(text, f"env_file_{file.name}", text("check_env_file", path=file), file)
    if secret.exists():
        yield readable(text, "secret", text("check_secret"), secret)
    else:
        yield Finding("secret", "ok", text("check_secret"), text("found_secret_new", path=secret))


def embed_key(text: Text, environment: Environment) -> Finding:
    """Compare the keys that raggen-embed takes with the one that raggen-web sends."""
    name = text("check_embed_key")
    taken = environment.list("RAGGEN_EMBED_API_KEYS")
    sent = environment.get("RAGGEN_EMBED_API_KEY")
    do = text("do_make_key")

    def found(key: str, do: str = do) -> Finding:
        return Finding("embed_key", "fail", name, text(key), do)

    if not taken:
        if sent:
            return found("found_key_not_taken", text("do_same_key"))
        if is_loopback(environment.get("RAGGEN_EMBED_HOST") or "127.0.0.1"):
            return Finding("embed_key", "warn", name, text("found_no_key"), do)
        return found("found_no_key_exposed")
    if any(one.lower() in PLACEHOLDERS for one in (*taken, sent)):
        return found("found_placeholder")
    if sent not in taken:
        return found("found_key_not_known", text("do_same_key"))
    if any(len(one) < SHORT or len(set(one)) < FEW for one in taken):
        return Finding("embed_key", "warn", name, text("found_weak_key"), do)
    return Finding("embed_key", "ok", name, text("found_key_fits"))


def readable(text: Text, row_id: str, name: str, path: Path) -> Finding:
    """Look at who may read a file with a key in it."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        found = text("found_readable", path=path, mode=f"{mode:04o}")
        return Finding(row_id, "fail", name, found, text("do_chmod", path=path))
    return Finding(row_id, "ok", name, text("found_private", path=path))
