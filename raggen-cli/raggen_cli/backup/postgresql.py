"""raggen-web's PostgreSQL database: dumped and put back by PostgreSQL's own programs.

The password goes through the environment: a command line is for everybody on the machine to read.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from raggen_cli.errors import CheckError

DEBIAN = Path("/usr/lib/postgresql")
TAIL = 10
# The lock that a running raggen-web has (raggen-web/src/db/postgresql.ts).
LOCK = 0x72616767656E
# Before a dump is put back: nobody may be at work here, and nothing of a newer schema may stay.
ALONE = f"""DO $$
BEGIN
  IF NOT pg_try_advisory_xact_lock({LOCK}) THEN
    RAISE EXCEPTION 'raggen-web is running on it';
  END IF;
END $$;
"""
CLEAR = """DO $$
DECLARE one text;
BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', one);
  END LOOP;
END $$;
"""


@dataclass(frozen=True)
class Contents:
    """What a dump holds."""

    migrations: tuple[str, ...]
    chats: int
    messages: int


def program(name: str) -> str:
    """Return one of PostgreSQL's programs: from PATH, else the newest that Debian keeps apart.

    Raises:
        CheckError: it is not installed.
    """
    found = shutil.which(name)
    if found:
        return found
    versions = sorted(DEBIAN.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    if not versions:
        raise CheckError("no_postgresql_program", program=name)
    return str(versions[-1])


def connection(url: str) -> tuple[str, dict[str, str]]:
    """Return the address without its password, and the environment that has it."""
    parts = urlsplit(url)
    environment = dict(os.environ)
    if parts.password is not None:
        environment["PGPASSWORD"] = unquote(parts.password)
        user, _, host = parts.netloc.rpartition("@")
        parts = parts._replace(netloc=f"{user.partition(':')[0]}@{host}")
    # `?password=` is allowed as well, and wins.
    options = []
    for option in parts.query.split("&"):
        name, _, value = option.partition("=")
        if unquote(name) == "password":
            environment["PGPASSWORD"] = unquote(value)
        else:
            options.append(option)
    return urlunsplit(parts._replace(query="&".join(options))), environment


def run(command: Sequence[str], environment: dict[str, str], **given: object) -> bytes:
    """Run one of the programs and return what it prints.

    Raises:
        CheckError: it failed; with its last lines.
    """
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        check=False,
        **given,  # type: ignore[call-overload]
    )
    if done.returncode:
        tail = done.stderr.decode(errors="replace").strip().splitlines()[-TAIL:]
        raise CheckError("postgresql_failed", tail=tail, program=Path(command[0]).name)
    printed: bytes = done.stdout
    return printed


def size(url: str) -> int:
    """Return the database's bytes, which a dump hardly ever passes."""
    address, environment = connection(url)
    ask = "SELECT pg_database_size(current_database())"
    return int(run([program("psql"), "-XAtd", address, "-c", ask], environment))


def dump(url: str, target: Path) -> None:
    """Write a dump: one state of the database, while others write to it."""
    address, environment = connection(url)
    words = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    run([program("pg_dump"), *words, "--dbname", address], environment)


def look_at(path: Path) -> Contents:
    """Read what a dump holds.

    Raises:
        CheckError: it is none.
    """
    tables = {"_prisma_migrations": 0, "Chat": 0, "Message": 0}
    names = [
        line.split("\t")
        for line in _rows(path, "_prisma_migrations")  # id, checksum, finished_at, name, …
    ]
    for table in ("Chat", "Message"):
        tables[table] = sum(1 for _ in _rows(path, table))
    return Contents(
        tuple(sorted(one[3] for one in names if one[5] == r"\N")),
        tables["Chat"],
        tables["Message"],
    )


def _rows(path: Path, table: str) -> Iterator[str]:
    """Yield a table's rows out of a dump, as PostgreSQL's COPY writes them."""
    command = [program("pg_restore"), "--data-only", f"--table={table}", "--file=-", str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        inside = False
        for line in process.stdout or ():
            if inside and line == "\\.\n":
                inside = False
            elif inside:
                yield line.rstrip("\n")
            elif line.startswith("COPY "):
                inside = True
    if process.returncode:
        raise CheckError("backup_damaged", file=path.name)


def restore(url: str, path: Path) -> None:
    """Put a dump in the place of all that is there, in one transaction.

    psql takes the end of what it is given for the end of the data, wherever that is: so it hears
    COMMIT only when pg_restore has said that this was all.

    Raises:
        CheckError: it did not go through; the database is as it was.
    """
    address, environment = connection(url)
    script = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
    apply = [program("psql"), "-Xq", "-v", "ON_ERROR_STOP=1", "-d", address, "-f", "-"]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            apply, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        ) as psql:
            is_whole = False
            try:
                is_whole = _feed(psql, script)
            finally:
                if not is_whole:
                    psql.kill()
                with contextlib.suppress(BrokenPipeError):  # psql has ended, and says why
                    if psql.stdin:
                        psql.stdin.close()
        if not is_whole:
            raise CheckError("backup_damaged", file=path.name)
        if psql.returncode:
            said.seek(0)
            tail = said.read().decode(errors="replace").strip().splitlines()[-TAIL:]
            raise CheckError("postgresql_failed", tail=tail, program="psql")


def _feed(psql: subprocess.Popen[bytes], script: Sequence[str]) -> bool:
    """Give psql a transaction with all that pg_restore prints; False: that ended too early."""
    if psql.stdin is None:
        raise AssertionError("a pipe")
    with (
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reading,
        contextlib.suppress(BrokenPipeError),  # psql has ended, and says why
    ):
        if reading.stdout is None:
            raise AssertionError("a pipe")
        psql.stdin.write(f"BEGIN;\n{ALONE}{CLEAR}".encode())
        shutil.copyfileobj(reading.stdout, psql.stdin)
        if reading.wait():
            return False
        psql.stdin.write(b"COMMIT;\n")
    return True


def execute(url: str, statements: Sequence[str]) -> None:
    """Run statements in one transaction, where no raggen-web is running.

    Raises:
        CheckError: one failed; the database is as it was.
    """
    address, environment = connection(url)
    words = [word for one in (ALONE, *statements) for word in ("-c", one)]
    apply = [program("psql"), "-Xq", "--single-transaction", "-v", "ON_ERROR_STOP=1"]
    run([*apply, "-d", address, *words], environment)


def is_held(url: str) -> bool:
    """Tell whether a raggen-web has the database."""
    return query(url, f"SELECT pg_try_advisory_lock({LOCK})") != ["t"]


def query(url: str, ask: str) -> list[str]:
    """Return the lines of an answer."""
    address, environment = connection(url)
    return run([program("psql"), "-XAtd", address, "-c", ask], environment).decode().splitlines()
