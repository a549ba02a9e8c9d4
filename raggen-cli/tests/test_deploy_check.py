import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from raggen_cli import layout, settings
from raggen_cli.backup import places
from raggen_cli.deployment import (
    addresses,
    clock,
    environment,
    keys,
    storage,
    verdicts,
)
from raggen_cli.deployment.environment import Environment
from raggen_cli.errors import SettingsError
from raggen_cli.finding import Finding
from raggen_cli.messages import Messages

KEY = "5f1c0a7e9b3d2c4861e0f7a9b8c6d5e4"
GOOD = {
    "HOSTNAME": "127.0.0.1",
    "RAGGEN_EMBED_API_KEYS": f"an-older-key-{KEY},{KEY}",
    "RAGGEN_EMBED_API_KEY": KEY,
    "RAGGEN_WEB_ALLOWED_HOSTS": "chat.company.org",
    "RAGGEN_WEB_TRUSTED_PROXIES": "127.0.0.1",
}
TEXT = Messages("en").text


def of(**changes: str) -> Environment:
    return Environment({name: value for name, value in {**GOOD, **changes}.items() if value}, ())


def statuses(found: list[Finding]) -> dict[str, str]:
    assert all(one.do for one in found if one.status != "ok")
    return {one.id: one.status for one in found}


@pytest.mark.parametrize(
    ("changes", "row", "status"),
    [
        ({}, "names", "ok"),
        ({"HOSTNAME": ""}, "web_address", "fail"),
        ({"HOSTNAME": "0.0.0.0"}, "web_address", "fail"),  # noqa: S104 - what is to be found
        ({"HOSTNAME": "::1"}, "web_address", "ok"),
        ({"RAGGEN_EMBED_HOST": "0.0.0.0"}, "embed_address", "warn"),  # noqa: S104
        ({"RAGGEN_EMBED_HOST": "10.0.0.1", "RAGGEN_EMBED_API_KEYS": ""}, "embed_address", "fail"),
        ({"RAGGEN_EMBED_CORS_ORIGINS": "*"}, "origins", "fail"),
        ({"RAGGEN_EMBED_CORS_ORIGINS": "http://pages.company.org"}, "origins", "warn"),
        ({"RAGGEN_EMBED_CORS_ORIGINS": "https://pages.company.org"}, "origins", "ok"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": ""}, "names", "warn"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "*"}, "names", "fail"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "https://chat.company.org"}, "names", "fail"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "chat.company.org:443"}, "names", "fail"),
        ({"RAGGEN_WEB_ALLOWED_HOSTS": "chat.example.org"}, "names", "fail"),
        ({"RAGGEN_WEB_TRUSTED_PROXIES": ""}, "proxies", "warn"),
        ({"RAGGEN_WEB_TRUSTED_PROXIES": "0.0.0.0/0"}, "proxies", "fail"),
    ],
)
def test_addresses(changes: dict[str, str], row: str, status: str) -> None:
    found = statuses(list(addresses.check(TEXT, of(**changes))))
    assert found.pop(row) == status
    if len(changes) < 2:
        assert set(found.values()) == {"ok"}


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({}, "ok", "found_key_fits"),
        ({"RAGGEN_EMBED_API_KEYS": "", "RAGGEN_EMBED_API_KEY": ""}, "warn", "found_no_key"),
        ({"RAGGEN_EMBED_API_KEYS": ""}, "fail", "found_key_not_taken"),
        ({"RAGGEN_EMBED_API_KEY": ""}, "fail", "found_key_not_known"),
        ({"RAGGEN_EMBED_API_KEY": KEY[::-1]}, "fail", "found_key_not_known"),
        ({"RAGGEN_EMBED_API_KEYS": "change-me", "RAGGEN_EMBED_API_KEY": "change-me"}, "fail",
         "found_placeholder"),
        ({"RAGGEN_EMBED_API_KEYS": "a" * 32, "RAGGEN_EMBED_API_KEY": "a" * 32}, "warn",
         "found_weak_key"),
        ({"RAGGEN_EMBED_API_KEYS": "", "RAGGEN_EMBED_API_KEY": "", "RAGGEN_EMBED_HOST": "10.0.0.1"},
         "fail", "found_no_key_exposed"),
    ],
)  # fmt: skip
def test_keys(changes: dict[str, str], status: str, said: str) -> None:
    found = keys.embed_key(TEXT, of(**changes))
    assert (found.status, found.found) == (status, TEXT(said))


def test_files_with_keys_are_for_their_owner(tmp_path: Path) -> None:
    file, secret = tmp_path / "web.env", tmp_path / "secret.key"
    file.write_text(f"RAGGEN_EMBED_API_KEY={KEY}\n")
    secret.write_text("x")
    file.chmod(0o640)
    secret.chmod(0o600)
    told = replace(of(), files=[file])
    found = {one.id: one for one in keys.check(TEXT, told, secret)}
    assert found["env_file_web.env"].status == "fail"
    assert found["env_file_web.env"].do == f"chmod 600 {file}"
    assert found["secret"].status == "ok"
    file.chmod(0o600)
    secret.chmod(0o604)
    found = {one.id: one for one in keys.check(TEXT, told, secret)}
    assert [found[name].status for name in ("env_file_web.env", "secret")] == ["ok", "fail"]
    assert KEY not in str(found)


def test_files_of_variables(tmp_path: Path) -> None:
    file = tmp_path / "web.env"
    file.write_text("# a\n; b\n\nA=1\nexport B = 'two words'\nC=\"x=y\"\nnonsense\nD=\n")
    told = environment.of_files([file], {"PATH": "/bin", "RAGGEN_LANG": "ru", "HOSTNAME": "pc"})
    assert {name: told.get(name) for name in "ABCD"} == {
        "A": "1", "B": "two words", "C": "x=y", "D": "",
    }  # fmt: skip
    # What a shell happens to have is not what a unit will have.
    assert told.get("RAGGEN_LANG") == told.get("HOSTNAME") == ""
    assert told.lines == [(file, 7)]
    with pytest.raises(SettingsError) as caught:
        environment.of_files([tmp_path / "absent"], {})
    assert str(tmp_path / "absent") in TEXT(caught.value.key, **caught.value.values)


def test_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "data"
    (home / "embed").mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    (home / "raggen.db").touch(0o644)
    found_places = places.find(settings.parse({}, tmp_path, data_dir=str(home)), {})
    before = sorted(tmp_path.rglob("*"))
    found = {one.id: one for one in storage.check(TEXT, found_places)}
    assert statuses(list(found.values())) == {"space": "ok", "private": "ok", "write": "ok"}
    assert sorted(tmp_path.rglob("*")) == before
    home.chmod(0o755)
    (home / "raggen.db").chmod(0o644)
    seen = statuses(list(storage.check(TEXT, found_places)))
    assert (seen["private_data"], seen["private_raggen.db"]) == ("warn", "fail")
    monkeypatch.setattr(storage, "GOOD_MS", 0.0)
    monkeypatch.setattr(storage, "LEAST_MEGABYTES", 10**12)
    monkeypatch.setattr(storage, "GOOD_MEGABYTES", 10**12)
    seen = statuses(list(storage.check(TEXT, found_places)))
    assert (seen["write"], seen["space"]) == ("warn", "fail")


@pytest.mark.parametrize(
    ("answer", "status"), [("yes", "ok"), ("no", "warn"), ("?", "ok"), (None, "ok")]
)
def test_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str | None, status: str
) -> None:
    if answer:
        program = tmp_path / "timedatectl"
        program.write_text(f"#!/bin/sh\necho {answer}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin" if answer else str(tmp_path))
    file = tmp_path / "written"
    file.touch()
    assert clock.check(TEXT, [file]).status == status
    ahead = time.time() + 3600
    os.utime(file, (ahead, ahead))
    found = clock.check(TEXT, [file, tmp_path / "absent"])
    assert found.status == "fail"
    assert "60 minutes" in found.found


def test_the_services_judge_their_own_settings() -> None:
    told = of(RAGGEN_WEB_DATABASE_URL="file:/var/lib/raggen/raggen.db", PATH=os.environ["PATH"])
    found = list(verdicts.check(TEXT, layout.find(), told))
    assert statuses(found) == {"settings_embed": "ok", "settings_web": "ok"}
    wrong = of(RAGGEN_EMBED_THREADS="many", RAGGEN_WEB_DATABASE_URL="raggen.db")
    seen = {one.id: one for one in verdicts.check(TEXT, layout.find(), wrong)}
    assert [one.status for one in seen.values()] == ["fail", "fail"]
    assert "RAGGEN_EMBED_THREADS cannot be used" in seen["settings_embed"].found
    assert "RAGGEN_WEB_DATABASE_URL cannot be used" in seen["settings_web"].found
