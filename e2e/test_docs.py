"""The commands of the documentation, executed as they stand there, against one raggen."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from handbook import blocks
from handbook.blocks import Block

from e2e.stack import ROOT, Stack

PAGES = [list(found) for _, found in groupby(blocks.all_of("en"), key=lambda block: block.page)]
SECONDS = 240


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("docs") / "data").start()
    yield stack
    stack.stop()


def here(text: str, stack: Stack) -> str:
    """What is written for the usual ports, for those of this raggen."""
    moved = text.replace("http://127.0.0.1:3000", stack.web_url)
    return moved.replace("http://127.0.0.1:8001", stack.embed_url)


def execute(block: Block, stack: Stack, home: Path) -> str:
    """Run a block from the root of the repository; its output, when all its commands went well."""
    environment = os.environ | {
        "RAGGEN_DATA_DIR": str(stack.data_dir),
        "RAGGEN_WEB_PORT": stack.web_url.rpartition(":")[2],
        "RAGGEN_EMBED_PORT": stack.embed_url.rpartition(":")[2],
        "RAGGEN_LANG": "en",
        "HOME": str(home),
    }
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-euo", "pipefail", "-c", here(block.code, stack)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, (
        f"{block.name} ended with {done.returncode}:\n{done.stdout[-3000:]}"
    )
    return done.stdout


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "page", PAGES, ids=[str(page[0].page.relative_to(blocks.DOCS)) for page in PAGES]
)
def test_the_commands_of_a_page_do_what_it_says(
    running: Stack, page: list[Block], tmp_path: Path
) -> None:
    for block in page:
        said = execute(block, running, tmp_path)
        if block.expected is not None:
            assert block.expected in said, f"{block.name} printed:\n{said[-3000:]}"


def test_a_command_that_fails_is_noticed(running: Stack, tmp_path: Path) -> None:
    failing = Block(blocks.DOCS / "index.md", 1, "true\nfalse | cat\ntrue", None)
    with pytest.raises(AssertionError, match="ended with 1"):
        execute(failing, running, tmp_path)
