"""Pictures of graphs: Graphviz, as WebAssembly, draws them; the page's colours dress them."""

from __future__ import annotations

import json
import re
import subprocess
from html import escape

from handbook.setting import LANGUAGES
from handbook.sources import ROOT, WEB
from raggen_cli import layout

FOLDER = ROOT / "docs" / "diagrams"
EITHER = re.compile(r"«([^|«»]*)\|([^|«»]*)»")
NODE = re.compile(r'^(\s*\w+ )\[label="([^"]+)"', re.MULTILINE)
HEAD = re.compile(r"\A.*?(?=<svg)", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
SIZE = re.compile(r'<svg width="(\d+)pt" height="\d+pt"\s+viewBox="([^"]+)"')
# Inches: Graphviz has no font with Cyrillic letters to measure.
LETTER, LINE, MARGIN = 0.105, 0.21, 0.3


def svg(dot: str, title: str) -> str:
    """One graph as SVG that is put into a page as it is: no fixed size, no colours of text."""
    return svgs([(dot, title)])[0]


def svgs(graphs: list[tuple[str, str]]) -> list[str]:
    """Several graphs, each with its title.

    Raises:
        subprocess.CalledProcessError: a graph cannot be drawn; stderr says why.
    """
    done = subprocess.run(
        [str(layout.find().node), str(WEB / "scripts" / "draw.mjs")],
        input=json.dumps([dot for dot, _ in graphs]),
        cwd=WEB,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    drawn: list[str] = json.loads(done.stdout)
    return [_dressed(one, title) for one, (_, title) in zip(drawn, graphs, strict=True)]


def _dressed(drawn: str, title: str) -> str:
    text = COMMENT.sub("", HEAD.sub("", drawn))
    text = re.sub(r"<title>.*?</title>\n?", "", text)
    label = escape(title, quote=True)
    text = SIZE.sub(
        lambda found: (
            f'<svg class="diagram" role="img" aria-label="{label}" '
            f'style="max-width: {int(found[1]) * 4 // 3}px" viewBox="{found[2]}"'
        ),
        text,
    )
    # Markdown ends a block of HTML at an empty line.
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


def in_language(source: str, language: str) -> str:
    """A graph whose words are written «English|Russian», with room for the words of a language."""
    which = LANGUAGES.index(language) + 1
    text = EITHER.sub(lambda found: found[which], source)

    def sized(found: re.Match[str]) -> str:
        lines = found[2].split("\\n")
        width = max(map(len, lines)) * LETTER + MARGIN
        height = len(lines) * LINE + MARGIN
        return f'{found[1]}[width={width:.2f} height={height:.2f} label="{found[2]}"'

    return NODE.sub(sized, text)


def files() -> dict[str, str]:
    """The pictures of docs/diagrams/*.dot in both languages, by path in the repository."""
    wanted = [
        (f"docs/diagrams/{file.stem}-{language}.svg", in_language(file.read_text(), language))
        for file in sorted(FOLDER.glob("*.dot"))
        for language in LANGUAGES
    ]
    titles = [_title(dot) for _, dot in wanted]
    drawn = svgs(list(zip((dot for _, dot in wanted), titles, strict=True)))
    return dict(zip((name for name, _ in wanted), drawn, strict=True))


def _title(dot: str) -> str:
    first = dot.splitlines()[0]
    return first.removeprefix("//").strip()
