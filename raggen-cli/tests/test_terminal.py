import contextlib
import sys
from pathlib import Path

import pytest

from raggen_cli.messages import Messages
from raggen_cli.screen import Screen
from raggen_cli.terminal import Terminal


def test_a_full_disk_behind_the_output_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.suppress(OSError), Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        screen = Screen(Messages("en"), Terminal())
        for _ in range(3):
            screen.line("stopped")
        with screen.step("step_start") as detail:
            detail("working")
        monkeypatch.undo()
        reached = True
    assert reached
