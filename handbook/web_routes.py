"""raggen-web's routes, read from their files: methods, limits, and what a body or query may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from handbook.sources import WEB

SOURCE = WEB / "src"
ROUTES = (
    "app/api/**/route.ts",
    "app/healthz/route.ts",
    "app/readyz/route.ts",
    "app/metrics/route.ts",
)
EXPORT = re.compile(
    r"^export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE)\b", re.MULTILINE
)
SCHEMA = re.compile(
    r"^(?:export )?const (\w+) = (?=z\b|\w+\.(?:omit|extend|partial|pick)\()", re.MULTILINE
)
IMPORT = re.compile(r"import \{([^}]+)\} from '([^']+)'")
READS = re.compile(r"\bread(?:Body|Query)\((?:call\.)?request, (\w+)\)|\b(Query)\.safeParse\(")
BUDGET = re.compile(r"'(ask|heavy|read|write)',?\s*\)\s*\Z")
UNCOUNTED = frozenset({"/healthz", "/readyz"})


@dataclass(frozen=True)
class Route:
    """One method of one address."""

    method: str
    path: str
    budget: str | None
    takes: tuple[str, ...]
    """Names of the schemas of its body and query."""
    file: Path

    @property
    def name(self) -> str:
        """Method and address, as people write them."""
        return f"{self.method} {self.path}"


def routes(root: Path = SOURCE) -> list[Route]:
    """All routes by address, and in a file in its order."""
    files = sorted(file for pattern in ROUTES for file in root.glob(pattern))
    return [route for file in files for route in _of(file, root)]


def _of(file: Path, root: Path) -> list[Route]:
    text = file.read_text()
    path = "/" + str(file.parent.relative_to(root / "app"))
    path = re.sub(r"\[(\w+)\]", r"{\1}", path)
    starts = list(EXPORT.finditer(text))
    found = []
    for at, start in enumerate(starts):
        stop = starts[at + 1].start() if at + 1 < len(starts) else len(text)
        # What stands before the next export is that one's comment.
        body = re.split(r"\n(?=/\*\*)", text[start.start() : stop])[0].rstrip()
        default = "read" if start[1] == "GET" else "write"
        budget = BUDGET.search(body)
        counted = None if path in UNCOUNTED else (budget[1] if budget else default)
        takes = tuple(dict.fromkeys(one[1] or one[2] for one in READS.finditer(body)))
        found.append(Route(start[1], path, counted, takes, file))
    return found


def schemas(file: Path) -> dict[str, str]:
    """The schemas of a source file by name, each as it is written there, its comment included."""
    text = file.read_text()
    return {found[1]: _statement(text, found.start()) for found in SCHEMA.finditer(text)}


def _statement(text: str, start: int) -> str:
    depth = 0
    stop = start
    for stop in range(start, len(text)):
        letter = text[stop]
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "\n" and depth == 0 and not re.match(r"\n\s+[.?]", text[stop : stop + 40]):
            head = text[start:stop]
            if not head.rstrip().endswith("="):
                break
    comment = re.search(r"(?:^/\*\*(?:[^*]|\*(?!/))*\*/\n)\Z", text[:start], re.MULTILINE)
    return (comment[0] if comment else "") + text[start:stop].strip()


def resolved(name: str, file: Path) -> tuple[str, Path]:
    """A schema as it is written, wherever it is imported from, with the file.

    Raises:
        LookupError: no file that is known has it.
    """
    here = schemas(file)
    if name in here:
        return here[name], file
    for imported in IMPORT.finditer(file.read_text()):
        if name in re.findall(r"\w+", imported[1]):
            place = imported[2]
            base = SOURCE / place[2:] if place.startswith("@/") else file.parent / place
            return resolved(name, base.with_name(f"{base.name}.ts").resolve())
    raise LookupError(f"{name} in {file}")


def needed(name: str, file: Path) -> dict[str, str]:
    """A schema and all that it is made of, by name, each after what it needs."""
    text, where = resolved(name, file)
    made: dict[str, str] = {}
    code = re.sub(r"/\*.*?\*/|//[^\n]*|'[^'\n]*'", "", text, flags=re.DOTALL)
    for other in dict.fromkeys(re.findall(r"\b[A-Z]\w+|\b[a-z]\w+[A-Z]\w*(?=[,\s}])", code)):
        if other == name:
            continue
        try:
            made |= {key: value for key, value in needed(other, where).items() if key not in made}
        except (LookupError, OSError):
            continue  # A type, a constant, a function.
    made[name] = text
    return made
