import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from raggen_cli import disk, local_model, lock, packages, promtool, setup, system_packages, weights
from raggen_cli import layout as real_layout
from raggen_cli.commands import Commands
from raggen_cli.errors import CheckError, SetupError
from raggen_cli.layout import Layout
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen
from raggen_cli.steps import Step
from raggen_cli.weights import Weights


@pytest.fixture
def output() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def screen(output: io.StringIO) -> Screen:
    return Screen(Messages("en"), Console(file=output, width=80))


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "packages").mkdir()
    return Layout(tmp_path, tmp_path / "packages")


def step(key: str, done: list[str], *, megabytes: int = 1) -> Step:
    return Step(key, megabytes, lambda: key in done, lambda _detail: done.append(key))


def fail(_detail: object) -> None:
    raise SetupError("step_failed", tail=["why"], log="a log")


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Replace the real steps by two that note that they ran; none for the local model."""
    done: list[str] = []
    found = [step("step_npm", done), step("step_build", done)]
    monkeypatch.setattr(setup, "steps", lambda *_args, **_kw: found)
    monkeypatch.setattr(local_model, "steps", lambda *_args: [])
    return done


def test_steps_run_in_order_and_once(
    layout: Layout, screen: Screen, output: io.StringIO, steps: list[str]
) -> None:
    commands = Commands(layout.root / "log", {})
    assert setup.run(layout, commands, screen) is False
    assert steps == ["step_npm", "step_build"]
    assert "✓ Building the web page" in output.getvalue()
    before = output.getvalue()
    setup.run(layout, commands, screen)
    assert steps == ["step_npm", "step_build"]
    assert output.getvalue() == before


def test_a_second_set_up_waits_for_the_first(
    layout: Layout, screen: Screen, output: io.StringIO, steps: list[str],
    eventually: Callable[..., bool],
) -> None:  # fmt: skip
    second = threading.Thread(
        target=lambda: setup.run(layout, Commands(layout.root / "log", {}), screen)
    )
    with lock.held(layout.state / "setup.lock"):
        second.start()
        assert eventually(lambda: "waiting for it to finish" in output.getvalue())
        assert steps == []
    second.join(10)
    assert steps == ["step_npm", "step_build"]


def test_a_failing_local_model_stops_nothing_and_is_not_tried_at_every_start(
    layout: Layout, screen: Screen, output: io.StringIO, steps: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    tries: list[str] = []

    def run(detail: object) -> None:
        tries.append("try")
        fail(detail)

    broken = Step("step_local_model", 1, lambda: False, run)
    monkeypatch.setattr(local_model, "steps", lambda *_args: [broken])
    commands = Commands(layout.root / "log", {})
    assert setup.run(layout, commands, screen) is False
    assert "why" in output.getvalue()
    assert "goes on without the demonstration model" in output.getvalue()
    assert setup.run(layout, commands, screen) is False
    assert tries == ["try"]
    failed = layout.state / "local-model.failed"
    os.utime(failed, (0, 0))
    setup.run(layout, commands, screen)
    assert tries == ["try", "try"]


def test_too_small_a_disk_stops_before_anything_is_fetched(
    layout: Layout, screen: Screen, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "free_megabytes", lambda _path: 100)
    with pytest.raises(CheckError) as caught:
        setup.run(layout, Commands(layout.root / "log", {}), screen)
    assert steps == []
    text = Messages("en").text(caught.value.key, **caught.value.values)
    assert "100 MB are free" in text
    assert str(layout.root) in text


def test_a_full_disk_does_not_matter_when_nothing_is_missing(
    layout: Layout, screen: Screen, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    steps += ["step_npm", "step_build"]
    monkeypatch.setattr(disk, "free_megabytes", lambda _path: 0)
    assert setup.run(layout, Commands(layout.root / "log", {}), screen) is False


def test_our_node_comes_first(layout: Layout) -> None:
    found = setup.environment_for(layout, {"PATH": "/usr/bin", "NODE_OPTIONS": "--x", "HOME": "/"})
    assert found["PATH"].split(":")[0] == str(layout.root / "bin")
    assert "NODE_OPTIONS" not in found
    assert found["HOME"] == "/"


def test_weights_are_checked_once_and_again_when_touched(layout: Layout) -> None:
    file = layout.packages / "model.bin"
    file.write_bytes(b"weights")
    published = Weights("model.bin", weights.sha256(file), "models.txt")
    check = weights.step(layout, "step_check_encoder", published)
    assert not check.is_done()
    check.run(lambda _line: None)
    assert check.is_done()
    file.write_bytes(b"WEIGHTS")
    assert not check.is_done()
    with pytest.raises(SetupError, match="weights_differ") as caught:
        check.run(lambda _line: None)
    text = Messages("ru").text(caught.value.key, **caught.value.values)
    assert "--force-reinstall --require-hashes" in text
    assert str(layout.requirements / "models.txt") in text
    assert not check.is_done()


def test_both_models_that_read_messages_are_checked(layout: Layout) -> None:
    found = [step.key for step in setup.steps(layout, Commands(layout.root / "log", {}), dev=False)]
    installed = found.index("step_models")
    assert found[installed + 1 :][:2] == ["step_check_encoder", "step_check_multilingual"]


SYSTEM_PACKAGES = pytest.mark.parametrize(
    ("package", "program", "make"),
    [
        ("chromium", "chromium", system_packages.chromium),
        ("fiu-utils", "fiu-run", system_packages.libfiu),
        ("postgresql", "postgres", system_packages.postgresql),
        ("nginx-light", "nginx", system_packages.nginx),
        ("curl", "curl", system_packages.curl),
        ("systemd", "systemd-analyze", system_packages.systemd),
    ],
)


@SYSTEM_PACKAGES
def test_a_system_package_is_asked_for_where_we_may_not_install_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    program: str,
    make: Callable[..., Step],
) -> None:
    monkeypatch.setattr(system_packages, "POSTGRESQL", tmp_path / "nowhere")
    monkeypatch.setattr(system_packages, "NGINX", tmp_path / "nowhere")
    commands = Commands(tmp_path / "log", {"PATH": str(tmp_path)})
    check = make(commands, commands.environment)
    assert not check.is_done()
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SetupError) as caught:
        check.run(lambda _line: None)
    said = Messages("en").text(caught.value.key, **caught.value.values)
    assert f"sudo apt-get install -y --no-install-recommends {package}" in said


@SYSTEM_PACKAGES
def test_a_system_package_is_installed_where_we_may(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    program: str,
    make: Callable[..., Step],
) -> None:
    monkeypatch.setattr(system_packages, "POSTGRESQL", tmp_path / "nowhere")
    monkeypatch.setattr(system_packages, "NGINX", tmp_path / "nowhere")
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n'
                   f'[ "$1" = install ] && : > {tmp_path}/{program} && '
                   f"chmod +x {tmp_path}/{program}; exit 0\n")  # fmt: skip
    apt.chmod(0o755)
    commands = Commands(tmp_path / "log", {"PATH": f"{tmp_path}:/bin:/usr/bin"})
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    check = make(commands, {"PATH": str(tmp_path)})
    check.run(lambda _line: None)
    assert check.is_done()
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["update", f"install -y --no-install-recommends {package}"]


def test_promtool_is_taken_out_of_its_package(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    commands = Commands(tmp_path / "log", {"PATH": f"{tmp_path}:/bin:/usr/bin"})
    programs = {
        "apt-get": f'echo "$@" >> {tmp_path}/asked; : > prometheus_1_amd64.deb',
        "dpkg-deb": "mkdir -p usr/bin; echo the program > usr/bin/promtool",
    }
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    check = promtool.step(layout, commands, {"PATH": str(tmp_path)})
    assert not check.is_done()
    check.run(lambda _line: None)
    assert check.is_done()
    assert (layout.state / "promtool").read_text() == "the program\n"
    assert (tmp_path / "asked").read_text() == "download prometheus\n"


def test_promtool_is_asked_for_where_there_are_no_packages(layout: Layout, tmp_path: Path) -> None:
    commands = Commands(tmp_path / "log", {})
    with pytest.raises(SetupError, match="no_promtool"):
        promtool.step(layout, commands, {"PATH": str(tmp_path)}).run(lambda _line: None)


def test_ctrl_c_in_a_set_up_is_one_calm_line(tmp_path: Path) -> None:
    """A real process, a real signal, in the middle of a step."""
    code = f"""
import os, signal, sys
from pathlib import Path
from raggen_cli import setup
from raggen_cli.steps import Step
def step(_detail):
    os.kill(os.getpid(), signal.SIGTERM)
    signal.pause()
setup.steps = lambda *a, **k: [Step("step_npm", 0, lambda: False, step)]
from raggen_cli.__main__ import main
sys.argv = ["raggen", "setup", "--data-dir", {str(tmp_path)!r}]
sys.exit(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False,
        env={**os.environ, "RAGGEN_LANG": "en"},
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stdout.splitlines()[-1] == "Stopped. Run it again: it goes on where it stopped."
    assert "Traceback" not in done.stdout + done.stderr


def test_file_systems_are_named() -> None:
    found = disk.file_system(Path("/proc/self"))
    assert (found.kind, found.mounted_at) == ("proc", "/proc")
    assert not found.is_shared
    assert disk.FileSystem("nfs4", "/mnt").is_shared
    assert disk.existing(Path("/tmp/nowhere/at/all")) == Path("/tmp")  # noqa: S108


@pytest.mark.parametrize(
    ("model", "needed"),
    [(None, False), ("", False), ("all-MiniLM-L6-v2", False), ("intfloat/e5-base", True)],
)
def test_torch_is_for_other_models(layout: Layout, model: str | None, *, needed: bool) -> None:
    variables = {} if model is None else {"RAGGEN_EMBED_MODEL": model}
    commands = Commands(layout.root / "log", variables)

    def keys(**options: bool) -> list[str]:
        return [step.key for step in setup.steps(layout, commands, **{"dev": False, **options})]

    assert ("step_torch" in keys()) is ("step_reference" in keys()) is needed
    for option in ("dev", "with_reference"):
        found = keys(**{option: True})
        # torch's dependencies come first: it is installed without looking for any.
        assert found.index("step_reference") < found.index("step_torch")


def test_the_default_lists_carry_no_torch() -> None:
    place = real_layout.find()
    listed = {pin.key for pin in packages.pins(place.requirements / "runtime.txt")}
    extra = {pin.key for pin in packages.pins(place.requirements / "reference.txt")}
    big = {"sentence-transformers", "transformers", "scikit-learn", "sympy", "huggingface-hub"}
    assert "openvino" in listed
    assert big <= extra
    assert not listed & (big | {"torch"})
    assert "torch" not in extra
