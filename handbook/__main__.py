"""`python -m handbook` writes the pages; `--check` says which are out of date, and ends with 1."""

from __future__ import annotations

import sys

from handbook import (
    configuration,
    dashboard,
    database,
    drawing,
    embed_api,
    metrics,
    shortcuts,
    web_api,
)
from handbook.setting import UndocumentedError
from handbook.sources import ROOT

PAGES = (configuration, dashboard, database, drawing, embed_api, metrics, shortcuts, web_api)


def main(arguments: list[str]) -> int:
    """Write or compare.

    Returns:
        The exit code.
    """
    try:
        made = {name: text for page in PAGES for name, text in page.files().items()}
    except UndocumentedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    stale = []
    for name, content in made.items():
        file = ROOT / name
        if file.is_file() and file.read_text() == content:
            continue
        stale.append(name)
        if "--check" not in arguments:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
    if stale and "--check" in arguments:
        sys.stderr.write(f"out of date: {', '.join(stale)}; run: make handbook\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
