"""Settings: where they come from, what goes before what, and that every mistake is told at once."""

import json
import re
from pathlib import Path

import pytest

from devicehub.config.sources import BUILT_IN, load
from devicehub.errors import UsageError
from tests.unit.cli.shell import here

KEPT_OUT = (
    "mqtt.password: a password stays out of this file: mqtt.password_file, or "
    "DEVICEHUB_MQTT__PASSWORD"
)
MISTAKES = {
    "ceiling = 2": "ceiling = 2: must be above 0, at most 1",
    "ceiling = nan": "ceiling = nan: must be above 0, at most 1",
    "ceiling = true": "ceiling = true: must be above 0, at most 1",
    "look_every_s = 3": "look_every_s = 3: must be 0, or from 10 to 3600",
    'air = "nowhere"': 'air = "nowhere": must be "unix:/path" or "host:port"',
    "colour = 1": "colour: there is no such key; there are language, ceiling, air, look_every_s, "
    "hub, mqtt, devices, proxies, history, log",
    "mqtt = 3": "mqtt = 3: must be a table",
    "[mqtt]\nprogres_hz = 3": "mqtt.progres_hz: there is no such key; did you mean progress_hz?",
    '[mqtt]\nremote_start = "yes"': 'mqtt.remote_start = "yes": must be true or false',
    '[mqtt]\nurl = "mqtt://me:secret@here"': 'mqtt.url = "mqtt://***@here": must be '
    '"mqtt://host:1883" or "mqtts://host:8883"; name and password have keys of their own',
    '[mqtt]\nurl = "http://here"': 'mqtt.url = "http://here": must be "mqtt://host:1883" or '
    '"mqtts://host:8883"; name and password have keys of their own',
    '[mqtt]\nurl = "mqtt://10.0.0.1"': "mqtt.url: 10.0.0.1 is another computer: mqtts://10.0.0.1, "
    "or mqtt.plain = true to let everybody on the way read along",
    '[mqtt]\npassword = "x"': KEPT_OUT,
    '[mqtt]\ncert_file = "a"': "mqtt.cert_file: a certificate and its key go together: "
    "mqtt.key_file",
    '[devices.Seat]\ndevice = "vest"': "devices.Seat: an id is 1 to 32 of a-z, 0-9 and -, neither "
    "first nor last a -",
    '[devices.a]\nprofile = "taster"': "devices.a.device is missing: give a DEVICE as for play",
    '[proxies.hall]\nhost = "a b"': 'proxies.hall.host = "a b": must be a host, without a port',
    '[proxies.hall]\nhost = "a:1"': 'proxies.hall.host = "a:1": must be a host, without a port',
    "[proxies.hall]\nport = 6053": "proxies.hall.host is missing: give a host, without a port",
    f'[proxies.hall]\nhost = "a"\nkey = "{"A" * 43}="': "proxies.hall.key: a key stays out of this "
    "file: proxies.hall.key_file, or DEVICEHUB_PROXIES__HALL__KEY",
    "[history]\ndays = 1.5": "history.days = 1.5: must be from 1 to 3650",
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def refused(file: Path | None) -> list[str]:
    with pytest.raises(UsageError) as raised:
        load(file)
    return str(raised.value).splitlines()


@pytest.mark.parametrize(("text", "line"), MISTAKES.items())
def test_a_mistake_is_told_with_file_key_value_and_what_would_be_right(
    text: str, line: str, file: Path
) -> None:
    file.write_text(text)
    assert refused(file) == [f"{file}: {line}"]


def test_all_mistakes_are_told_at_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('ceiling = 7\n[mqtt]\npassword = "x"\n[log]\nlevel = "loud"\n')
    monkeypatch.setenv("DEVICEHUB_MQTT__PROGRESS_HZ", "9")
    monkeypatch.setenv("DEVICEHUB_MQT", "9")
    assert refused(file) == [
        "DEVICEHUB_MQT: sets nothing; see devicehub config show",
        f"{file}: {KEPT_OUT}",
        f"{file}: ceiling = 7: must be above 0, at most 1",
        "DEVICEHUB_MQTT__PROGRESS_HZ: mqtt.progress_hz = 9.0: must be from 0.1 to 5",
        f'{file}: log.level = "loud": must be "debug", "info", "warning" or "error"',
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"ceiling =", "is no TOML"), (b"\xff", "is no TOML"), (b"#" * 300_000, "is larger than")],
)
def test_a_file_that_is_none_is_told_in_a_line(content: bytes, why: str, file: Path) -> None:
    file.write_bytes(content)
    (line,) = refused(file)
    assert line.startswith(f"{file}: {why}")


def test_a_file_that_is_named_must_be_there(file: Path) -> None:
    assert refused(file) == [f"{file}: cannot be read: No such file or directory"]


def test_nothing_has_to_be_set() -> None:
    loaded = load()
    assert loaded.file is None
    assert loaded.origins == {}
    assert (loaded.settings.ceiling, loaded.settings.mqtt.url) == (1.0, None)


def test_the_command_line_goes_before_the_environment_before_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text('ceiling = 0.5\nair = "unix:a"\nlook_every_s = 20\n[mqtt]\nbase = "x"\n')
    monkeypatch.setenv("DEVICEHUB_AIR", "unix:b")
    monkeypatch.setenv("DEVICEHUB_LOOK_EVERY_S", "30")
    monkeypatch.setenv("DEVICEHUB_MQTT__REMOTE_START", "true")
    loaded = load(file, {"air": "unix:c"})
    settings = loaded.settings
    assert (settings.ceiling, settings.air, settings.look_every_s) == (0.5, "unix:c", 30)
    assert (settings.mqtt.base, settings.mqtt.remote_start) == ("x", True)
    assert [loaded.origin(key) for key in [("ceiling",), ("air",), ("look_every_s",)]] == [
        str(file),
        "command line",
        "DEVICEHUB_LOOK_EVERY_S",
    ]
    assert loaded.origin(("mqtt", "remote_start")) == "DEVICEHUB_MQTT__REMOTE_START"
    assert loaded.origin(("mqtt", "url")) == BUILT_IN


def test_a_table_as_text_in_the_environment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEVICEHUB_MQTT", "mqtt://here")
    (line,) = refused(None)
    assert line.startswith("environment: ")
    assert line.endswith("set its keys one by one")


def test_the_broker_is_taken_apart(file: Path) -> None:
    file.write_text('[mqtt]\nurl = "mqtts://broker.example"\n')
    mqtt = load(file).settings.mqtt
    assert (mqtt.host, mqtt.port, mqtt.tls, mqtt.is_near) == ("broker.example", 8883, True, False)
    file.write_text('[mqtt]\nurl = "mqtt://127.0.0.1:1999"\n')
    mqtt = load(file).settings.mqtt
    assert (mqtt.host, mqtt.port, mqtt.tls, mqtt.is_near) == ("127.0.0.1", 1999, False, True)


def test_a_secret_is_never_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVICEHUB_MQTT__PASSWORD", "12345")
    for words in (("show",), ("show", "--json"), ("check",), ("check", "--json")):
        said = here(capsys, "config", *words)
        assert said.code == 0
        assert "12345" not in said.out + said.err
    assert "12345" not in repr(load().settings)
    assert load().settings.mqtt.password is not None
    monkeypatch.setenv("DEVICEHUB_MQTT__PASSWORD", "")
    monkeypatch.setenv("DEVICEHUB_MQTT__PASSWORD_FILE", "x")
    said = here(capsys, "config", "check")
    assert (said.code, "a password was given as well" in said.err) == (2, True)


def test_show_says_every_key_and_where_it_comes_from(
    capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.write_text('ceiling = 0.5\n[devices.seat]\ndevice = "vest"\n')
    shown = json.loads(here(capsys, "config", "show", "--config", str(file), "--json").out)
    assert shown["file"] == str(file)
    settings = shown["settings"]
    assert settings["ceiling"] == {"value": 0.5, "from": str(file)}
    assert settings["devices.seat.device"] == {"value": "vest", "from": str(file)}
    assert settings["mqtt.progress_hz"] == {"value": 2.0, "from": BUILT_IN}
    text = here(capsys, "config", "show", "--config", str(file)).out
    assert re.search(rf'devices.seat.device +"vest"  \({file}\)', text)


@pytest.mark.parametrize("command", [("config", "check"), ("serve",)])
def test_names_that_nobody_knows_are_told_all_at_once(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str], file: Path
) -> None:
    file.write_text(
        "ceiling = 2\n"
        '[devices.seat]\ndevice = "sim:lovense-dom"\nprofile = "tastr"\nzone = "rhomboidd"\n'
        '[devices.b]\ndevice = "vest"\nprofile = "no/such.toml"\nzone = "qqq"\n'
    )
    said = here(capsys, *command, "--config", str(file))
    assert (said.code, said.out) == (2, "")
    lines = [line.removeprefix("devicehub: ") for line in said.err.splitlines()]
    assert [line.removeprefix(f"{file}: ") for line in lines[:-2]] == [
        "ceiling = 2: must be above 0, at most 1",
        'devices.seat.device = "sim:lovense-dom": no such model; did you mean sim:lovense-domi?',
        'devices.seat.profile = "tastr": no such profile; did you mean taster?',
        'devices.seat.zone = "rhomboidd": no such zone; did you mean rhomboid?',
    ]
    assert lines[-2].endswith("not there or has mistakes; devicehub profiles check no/such.toml")
    assert lines[-1].startswith(f'{file}: devices.b.zone = "qqq": no such zone; one of ')
    file.write_text(
        '[devices.a]\ndevice = "sim:nix.toml"\n'
        '[devices.b]\ndevice = "sim:lovense-domi"\nzone = "abdomen"\n'
        '[devices.c]\ndevice = "sim:reference-cape"\nzone = "rhomboid"\n'
    )
    said = here(capsys, *command, "--config", str(file))
    assert said.code == 2
    no_file, belly, cape = said.err.splitlines()
    assert no_file.endswith("devicehub devices check nix.toml")
    assert '"abdomen": a handheld may not be used there; one of ' in belly
    assert cape.endswith('"rhomboid": reference-cape knows where its motors are; leave it out')


def test_check_counts_what_is_set(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text("ceiling = 0.5\n")
    said = here(capsys, "config", "check", "--config", str(file))
    assert (said.code, said.out) == (0, f"{file}: all right, 1 key is set\n")
    said = here(capsys, "config", "check", "--config", str(file), "--json")
    assert json.loads(said.out) == {"file": str(file), "given": 1}


def test_the_schema_knows_every_table(capsys: pytest.CaptureFixture[str]) -> None:
    made = json.loads(here(capsys, "config", "schema").out)
    assert set(made["properties"]) == {
        *("language", "ceiling", "air", "look_every_s", "hub", "mqtt"),
        *("devices", "proxies", "history", "log"),
    }
