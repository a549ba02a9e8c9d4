"""The page of keyboard shortcuts, from the list that the interface itself shows."""

from __future__ import annotations

import json
import re

from handbook.setting import LANGUAGES
from handbook.sources import WEB

SOURCE = WEB / "src" / "components" / "sidebar" / "shortcuts.ts"
PLACE = re.compile(r"place: '(\w+)',\s+keys: \[(.*?)\n    \]", re.DOTALL)
KEY = re.compile(r"\{ name: '(\w+)', keys: \[([^\]]*)\] \}")
HEAD = {
    "en": """# Keyboard shortcuts

<!-- Made by `make handbook` from raggen-web/src/components/sidebar/shortcuts.ts. -->

Everything works without a mouse. The same list opens with <kbd>Ctrl</kbd> + <kbd>/</kbd>. On a Mac,
⌘ stands for Ctrl and ⌥ for Alt. Letters are taken by their place on the keyboard, so they work on a
Russian layout too.
""",
    "ru": """# Сочетания клавиш

<!-- Страницу делает `make handbook` из raggen-web/src/components/sidebar/shortcuts.ts. -->

Всё можно делать без мыши. Этот же список открывается по <kbd>Ctrl</kbd> + <kbd>/</kbd>. На Mac
вместо Ctrl – ⌘, вместо Alt – ⌥. Буквы берутся по месту на клавиатуре и работают в русской
раскладке.
""",
}
COLUMNS = {"en": ("keys", "what they do"), "ru": ("клавиши", "что делают")}
NAMES = {"Mod": "Ctrl", "Escape": "Esc"}
# Keys that stand beside each other are either the one or the other.
EITHER = frozenset({("↑", "↓"), ("←", "→")})


def _shown(keys: list[str]) -> str:
    between = " " if tuple(keys) in EITHER else " + "
    return between.join(f"<kbd>{NAMES.get(key, key)}</kbd>" for key in keys)


def _row(found: re.Match[str], names: dict[str, str]) -> str:
    keys = re.findall(r"'([^']*)'", found[2])
    return f"| {_shown(keys)} | {names[found[1]]} |"


def page(language: str) -> str:
    """The page in one language, as Markdown."""
    words = json.loads((WEB / "messages" / language / "shortcuts.json").read_text())
    parts = [HEAD[language]]
    for place in PLACE.finditer(SOURCE.read_text()):
        rows = [_row(found, words["names"]) for found in KEY.finditer(place[2])]
        table = "\n".join([f"| {' | '.join(COLUMNS[language])} |", "| --- | --- |", *rows])
        parts.append(f"## {words['places'][place[1]]}\n\n{table}\n")
    return "\n".join(parts)


def files() -> dict[str, str]:
    """All that is made, by path in the repository."""
    return {f"docs/{language}/use/shortcuts.md": page(language) for language in LANGUAGES}
