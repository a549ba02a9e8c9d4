from pathlib import Path

import pytest

from raggen_cli import settings
from raggen_cli.errors import SettingsError
from raggen_cli.messages import Messages


def test_defaults(tmp_path: Path) -> None:
    found = settings.parse({}, tmp_path)
    assert (found.web_port, found.embed_port, found.local_model_port) == (3000, 8001, 8002)
    assert found.data_dir == tmp_path / "data"
    assert found.logs_dir == tmp_path / "data" / "logs"


def test_an_option_beats_its_variable(tmp_path: Path) -> None:
    environment = {"RAGGEN_WEB_PORT": "4000", "RAGGEN_EMBED_PORT": "4001"}
    found = settings.parse(environment, tmp_path, port="5000")
    assert (found.web_port, found.embed_port) == (5000, 4001)


def test_an_empty_variable_is_not_set(tmp_path: Path) -> None:
    assert settings.parse({"RAGGEN_WEB_PORT": ""}, tmp_path).web_port == 3000


def test_all_ports_may_be_any(tmp_path: Path) -> None:
    names = ("RAGGEN_WEB_PORT", "RAGGEN_EMBED_PORT", "RAGGEN_LOCAL_MODEL_PORT")
    found = settings.parse(dict.fromkeys(names, "0"), tmp_path)
    assert found.web_port == found.embed_port == found.local_model_port == 0


@pytest.mark.parametrize(
    "value", ["three", "-1", "65536", "80.5", "٣٠٠٠", "1e3", "0x50", "9" * 5000]
)
def test_a_wrong_port_says_what_to_write(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.parse({"RAGGEN_EMBED_PORT": value}, tmp_path)
    for language in ("en", "ru"):
        text = Messages(language).text(caught.value.key, **caught.value.values)
        assert "RAGGEN_EMBED_PORT=3000" in text
        assert "65535" in text


def test_one_port_twice_names_both(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        settings.parse({"RAGGEN_EMBED_PORT": "4000"}, tmp_path, port="4000")
    text = Messages("en").text(caught.value.key, **caught.value.values)
    assert "--port" in text
    assert "RAGGEN_EMBED_PORT" in text


def test_a_file_is_no_data_directory(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingsError, match="bad_data_dir"):
        settings.parse({}, tmp_path, data_dir=str(file))


def test_a_relative_data_directory_starts_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert settings.parse({}, Path("/"), data_dir="mine").data_dir == tmp_path / "mine"
