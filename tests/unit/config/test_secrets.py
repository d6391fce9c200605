"""Mistakes in settings: what is wrong is told, a password in it is not."""

from pathlib import Path

import pytest

from devicehub.config.sources import load
from devicehub.errors import UsageError
from tests.unit.cli.shell import here

SECRET = "hunter2secret"  # noqa: S105


@pytest.mark.parametrize(
    "url",
    [
        f"mqtt://a:{SECRET}@b:x",
        f"mqtt://a:{SECRET}/@{SECRET}@b",
        f"a:{SECRET}@b",
        f"mqtt://{'a' * 50}:{SECRET}@b",
    ],
)
@pytest.mark.parametrize("command", [("check",), ("show",), ("show", "--json")])
def test_a_mistake_in_the_address_of_the_broker_shows_no_password(
    command: tuple[str, ...],
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DEVICEHUB_MQTT__URL", url)
    said = here(capsys, "config", *command)
    assert said.code == 2
    assert "***@b" in said.err
    assert SECRET not in said.out + said.err


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"mqtt://u:{SECRET}", "mqtt://u***"),
        (f"mqtt://u:1234567{SECRET}", "mqtt://u***"),
        (f"mqtt://u:1883{SECRET}", "mqtt://u***"),
        (f"u:{SECRET}", "u***"),
        (f"mqtt:u:{SECRET}", "mqtt***"),
        (f"mqtt://host:1883/{SECRET}", "mqtt://host:1883***"),
        (f"mqtts://host?password={SECRET}", "mqtts://host***"),
        (f"mqtt://[::1]:1883#{SECRET}", "mqtt://[::1]:1883***"),
        (f"\n{SECRET}", "***"),
        ("http://host:80", "http://host:80"),
    ],
)
@pytest.mark.parametrize("words", [("config", "check"), ("serve", "--mqtt")])
def test_a_secret_without_an_at_sign_is_not_shown_either(
    words: tuple[str, ...],
    url: str,
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if words[0] == "serve":
        words = (*words, url, "--device", "sim:reference-cape")
    else:
        monkeypatch.setenv("DEVICEHUB_MQTT__URL", url)
    said = here(capsys, *words)
    assert said.code == 2
    assert f'mqtt.url = "{shown}": must be ' in said.err
    assert SECRET not in said.err + said.out


@pytest.mark.parametrize(
    "text",
    [
        f'mqtt = "mqtt://a:{SECRET}@b"',
        f'[mqtt]\nurl = "mqtt://a:{SECRET}@b:x"',
        f'[mqtt]\npassword = ["{SECRET}"]',
        f'[mqtt.password]\nx = "{SECRET}"',
    ],
)
def test_a_mistake_in_a_file_shows_no_password(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(UsageError) as raised:
        load(file)
    assert str(raised.value).startswith(f"{file}: mqtt")
    assert SECRET not in str(raised.value)


def test_a_mistake_on_the_command_line_shows_no_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = f"mqtt://u:{SECRET}@localhost:1"
    said = here(capsys, "serve", "--device", "sim:reference-cape", "--mqtt", url)
    assert said.code == 2
    assert 'mqtt.url = "mqtt://***@localhost:1"' in said.err
    assert SECRET not in said.err + said.out
