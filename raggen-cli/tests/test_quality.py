"""`raggen quality` beside a server that speaks as raggen-web does; the real one is in e2e."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from e2e.serving import serving
from rich.console import Console

from raggen_cli import layout, ports, settings
from raggen_cli.errors import CheckError, RaggenError, ServiceError
from raggen_cli.messages import Messages
from raggen_cli.quality import command
from raggen_cli.quality.command import Wanted
from raggen_cli.quality.runs import Run, compare
from raggen_cli.screen import Screen

FIGURES = {
    "since": None,
    "answers": 40,
    "withContext": 30,
    "memory": {"used": 31, "nothing-relevant": 6, "empty": 1, "unavailable": 2, "off": 0},
    "relevance": {
        "given": {"high": 40, "medium": 10, "low": 0},
        "leftOut": {"high": 0, "medium": 0, "low": 0},
    },
    "thumbs": {"up": 9, "down": 1},
    "itemThumbs": {"up": 3, "down": 1},
    "providers": [
        {"provider": "quotations", "name": "quotations", "model": None, "answers": 30,
         "up": 9, "down": 0},
        {"provider": "p-1", "name": "Ollama", "model": "qwen", "answers": 10, "up": 0, "down": 1},
    ],
    "reasons": [{"reason": "words", "up": 3, "down": 0}, {"reason": "meaning", "up": 3, "down": 1}],
    "worst": [{"messageId": "bad", "chatId": "chat", "createdAt": "2026-11-01T00:00:00Z",
               "rating": -1, "up": 0, "down": 1}],
}  # fmt: skip


def question(name: str, *ranks: int | None) -> dict[str, Any]:
    """A golden question whose expected pieces stand at these ranks."""
    found = [rank for rank in ranks if rank is not None]
    return {
        "questionId": name,
        "chatId": f"chat-{name}",
        "k": 5,
        "expected": [
            {"messageId": f"{name}-{index}", "relevanceBefore": 0.9, "rank": rank, "relevance": 0.8}
            for index, rank in enumerate(ranks)
        ],
        "others": [],
        "recall": len(found) / len(ranks),
        "reciprocalRank": 1 / min(found) if found else 0,
    }


def replay(*questions: dict[str, Any]) -> dict[str, Any]:
    def mean(name: str) -> float | None:
        return sum(one[name] for one in questions) / len(questions) if questions else None

    return {
        "replayedAt": "2026-11-23T00:00:00Z",
        "questions": list(questions),
        "recall": mean("recall"),
        "mrr": mean("reciprocalRank"),
        "skipped": 0,
    }


GOOD = replay(question("a", 1, 2), question("b", 1))


class Web:
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.status = 200
        self.figures: Any = FIGURES
        self.replay: Any = GOOD
        self.asked: list[str] = []
        world = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def answer(self, content: object) -> None:
                world.asked.append(f"{self.command} {self.path}")
                self.send_response(world.status)
                self.end_headers()
                self.wfile.write(json.dumps(content).encode())

            def do_GET(self) -> None:
                self.answer(world.figures)

            def do_POST(self) -> None:
                self.answer(world.replay)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def web() -> Iterator[Web]:
    world = Web()
    with serving(world.server):
        yield world


def run(port: int, tmp_path: Path, wanted: Wanted, language: str = "en") -> tuple[int, str]:
    output = StringIO()
    screen = Screen(Messages(language), Console(file=output, width=100))
    chosen = settings.parse({}, layout.find().root, data_dir=str(tmp_path), port=str(port))
    code = command.run(chosen, screen, wanted)
    return code, output.getvalue()


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["With context 30 75%", "it did not answer 2 5%", "Strong match ████ 40 80%",
                "On answers 9 1 90%", "Ollama · qwen 10 0 1 0%", "shares words 3 0 100%"]),
        ("ru", ["С контекстом 30 75%", "она не ответила 2 5%", "Сильная связь ████ 40 80%",
                "Ответов 9 1 90%", "Цитаты 30 9 0 100%", "близко по смыслу 3 1 75%"]),
    ],
)  # fmt: skip
def test_the_figures_are_shown(web: Web, tmp_path: Path, language: str, lines: list[str]) -> None:
    code, shown = run(web.port, tmp_path, Wanted(since="2026-11-01"), language)
    assert code == 0
    flat = " ".join(shown.split()).replace("█" * 24, "████")
    for line in lines:
        assert line in flat
    assert "/chats/chat#m-bad" in shown
    assert web.asked == ["GET /api/quality?since=2026-11-01"]


def test_no_answers_are_no_division(web: Web, tmp_path: Path) -> None:
    web.figures = {**FIGURES, "answers": 0, "withContext": 0, "memory": {}}
    code, shown = run(web.port, tmp_path, Wanted())
    assert code == 0
    assert "–" in shown


def test_a_replay_names_what_was_not_found(web: Web, tmp_path: Path) -> None:
    web.replay = replay(question("a", 1, None), question("b", 2))
    code, shown = run(web.port, tmp_path, Wanted(replay=True))
    assert code == 0
    assert "0.750" in shown
    assert "/chats/chat-a#m-a" in shown
    assert "/chats/chat-b" not in shown
    web.replay = replay()
    assert "no golden questions yet" in run(web.port, tmp_path, Wanted(replay=True))[1]


def test_before_and_after_a_change(web: Web, tmp_path: Path) -> None:
    kept = tmp_path / "before.json"
    assert run(web.port, tmp_path, Wanted(replay=True, save=kept))[0] == 0

    code, shown = run(web.port, tmp_path, Wanted(compare=kept))
    assert code == 0
    assert "no less than before" in shown

    web.replay = replay(question("a", 1, None), question("b", 1), question("new", None))
    worse = tmp_path / "after.json"
    code, shown = run(web.port, tmp_path, Wanted(compare=kept, save=worse))
    assert code == 1
    assert "-0.250" in shown
    assert "lost: 1, found: 0" in shown
    assert "1 only after" in shown
    assert run(web.port, tmp_path, Wanted(compare=kept, threshold=0.25))[0] == 0

    web.asked.clear()
    assert run(web.port, tmp_path, Wanted(compare=worse, with_=kept))[0] == 0
    assert web.asked == []
    code, shown = run(web.port, tmp_path, Wanted(compare=kept, with_=worse, as_json=True), "ru")
    assert code == 1
    found = json.loads(shown)
    assert found["comparison"]["worse"] is True
    assert found["comparison"]["changes"] == [
        {"question": "a", "chat": "chat-a", "lost": ["a-1"], "found": []}
    ]


def test_a_worse_rank_is_worse(web: Web, tmp_path: Path) -> None:
    kept = tmp_path / "before.json"
    run(web.port, tmp_path, Wanted(replay=True, save=kept))
    web.replay = replay(question("a", 2, 3), question("b", 1))
    code, shown = run(web.port, tmp_path, Wanted(compare=kept), "ru")
    assert code == 1
    assert "находит меньше" in shown


def test_what_is_no_longer_expected_is_not_lost() -> None:
    before = Run(FIGURES, replay(question("a", 1, 2)))
    after = Run(FIGURES, replay(question("a", 1)))
    found = compare(before, after)
    assert found.changes == []
    assert not found.is_worse(0)


def test_nothing_in_common_is_no_success() -> None:
    found = compare(Run(FIGURES, replay(question("a", 1))), Run(FIGURES, replay(question("b", 1))))
    assert (found.questions, found.is_worse(1)) == (0, True)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (None, "quality_not_read"),
        ("{", "quality_not_read"),
        ('{"format": "other", "version": 1}', "quality_not_read"),
        ('{"format": "raggen-quality", "version": 1, "replay": null}', "quality_no_replay"),
    ],
)
def test_another_file_is_refused(web: Web, tmp_path: Path, content: str | None, key: str) -> None:
    path = tmp_path / "file.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CheckError) as caught:
        run(web.port, tmp_path, Wanted(compare=path))
    assert caught.value.key == key
    assert str(path) in Messages("ru").text(key, **caught.value.values)


def test_a_file_that_cannot_be_written_is_told(web: Web, tmp_path: Path) -> None:
    with pytest.raises(CheckError) as caught:
        run(web.port, tmp_path, Wanted(save=tmp_path / "missing" / "file.json"))
    assert caught.value.key == "quality_not_saved"


@pytest.mark.parametrize(
    ("status", "key"),
    [(422, "quality_wrong_since"), (503, "quality_no_memory"), (500, "quality_failed")],
)
def test_a_refusal_says_what_to_do(web: Web, tmp_path: Path, status: int, key: str) -> None:
    web.status = status
    with pytest.raises(ServiceError) as caught:
        run(web.port, tmp_path, Wanted())
    assert caught.value.key == key
    assert Messages("ru").text(key, **caught.value.values)


def test_nobody_is_there(web: Web, tmp_path: Path) -> None:
    with pytest.raises(RaggenError) as caught:
        run(ports.free(), tmp_path, Wanted())
    assert caught.value.key == "quality_no_answer"
    web.figures = []
    with pytest.raises(ServiceError) as answered:
        run(web.port, tmp_path, Wanted())
    assert answered.value.key == "quality_no_answer"
