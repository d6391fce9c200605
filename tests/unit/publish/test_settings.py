"""Settings of MQTT: what is right, what is refused, and that a secret is never shown."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from devicehub.errors import UsageError
from devicehub.publish.settings import MqttSettings, from_url, on_this_computer
from tests.unit.cli.shell import here

SECRET = "hunter2"  # noqa: S105
CAPE = ("play", "taster", "--device", "sim:reference-cape")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["mqtt://localhost", "--speed", "2"], "--speed: who reads MQTT lives in real time"),
        (["mqtt://broker.example"], "plain = true"),
        ([f"mqtt://joe:{SECRET}@broker.example"], "plain = true"),
        (["http://localhost"], "mqtt://host"),
        (["mqtt://localhost/topic"], "nothing may follow the host"),
        (["mqtt://localhost:port"], "mqtt://host"),
        (["mqtt://"], "mqtt://host"),
    ],
)
def test_what_makes_no_sense_is_told_in_a_line(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = here(capsys, *CAPE, "--mqtt", *options)
    assert said.code == 2
    assert told in said.err
    assert said.err.count("\n") == 1
    assert SECRET not in said.err + said.out


def test_the_environment_says_the_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    monkeypatch.setenv("DEVICEHUB_MQTT__USERNAME", "hub-7")
    monkeypatch.setenv("DEVICEHUB_MQTT__PASSWORD_FILE", str(file))
    monkeypatch.setenv("DEVICEHUB_MQTT__SITE", "spa-1")
    settings = from_url("mqtts://broker.example")
    assert (settings.host, settings.port, settings.tls) == ("broker.example", 8883, True)
    assert (settings.user, settings.secret()) == ("hub-7", SECRET)
    assert settings.topics("hub-x").root == "devicehub/v1/spa-1/hub-7"


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("DEVICEHUB_MQTT", SECRET, "DEVICEHUB_MQTT: is no table"),
        ("DEVICEHUB_MQTT", f'{{"password":"{SECRET}"', "DEVICEHUB_MQTT: is no table"),
        ("DEVICEHUB_MQTT", f'"{SECRET}"', "DEVICEHUB_MQTT: must be"),
        ("DEVICEHUB_MQTT", f'{{"password":["{SECRET}"]}}', "DEVICEHUB_MQTT__PASSWORD: must be"),
        ("DEVICEHUB_MQTT__PASSWORD__X", SECRET, "DEVICEHUB_MQTT__PASSWORD: must be a text"),
    ],
)
def test_what_the_environment_should_not_say_is_told_in_a_line_without_it(
    variable: str,
    value: str,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(variable, value)
    said = here(capsys, *CAPE, "--mqtt", "mqtt://localhost:1")
    assert said.code == 2
    assert told in said.err
    assert said.err.count("\n") == 1
    assert SECRET not in said.err + said.out


@pytest.mark.parametrize(
    "wrong",
    [
        {"password_file": "/nowhere/password"},
        {"cert_file": "one"},
        {"password": SECRET, "password_file": "both"},
        {"site": "Spa 1"},
        {"base": "a//b"},
        {"progress_hz": 50},
        {"usename": "hub"},
    ],
)
def test_settings_that_cannot_be_used_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((ValidationError, UsageError)) as refused:
        MqttSettings.model_validate({"url": "mqtt://localhost", **wrong}).secret()
    assert SECRET not in str(refused.value)


def test_a_secret_is_in_nothing_that_is_shown() -> None:
    url = f"mqtts://joe:{SECRET}@broker.example"
    for settings in (
        MqttSettings(url=url),
        MqttSettings.model_validate({"url": "mqtts://broker.example", "password": SECRET}),
    ):
        assert settings.secret() == SECRET
        for shown in (repr(settings), str(settings), settings.shown, f"{settings}"):
            assert SECRET not in shown


def test_a_hub_is_called_as_its_user_where_that_is_a_level() -> None:
    assert MqttSettings(url="mqtt://hub-7@localhost").topics("x").hub == "hub-7"
    assert MqttSettings(url="mqtt://Hub_7@localhost").topics("x").hub == "x"
    assert MqttSettings(url="mqtt://hub-7@localhost", hub="other").topics("x").hub == "other"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_this_computer_is_spoken_to_in_the_clear(host: str) -> None:
    assert on_this_computer(host)


@pytest.mark.exhaustive
@given(st.ip_addresses().filter(lambda address: not address.is_loopback).map(str))
def test_another_computer_is_not(host: str) -> None:
    assert not on_this_computer(host)
    bracketed = f"[{host}]" if ":" in host else host
    with pytest.raises(ValidationError, match="plain = true"):
        MqttSettings(url=f"mqtt://{bracketed}")
