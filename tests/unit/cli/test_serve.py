"""`devicehub serve` before it serves: what is served, what is refused, what it says of itself."""

import io
import json
import logging
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from devicehub.cli import identity, logs, unit
from devicehub.cli.places import served
from devicehub.cli.serve_ground import ServeGround, person_id
from devicehub.cli.serve_text import Told, told
from devicehub.config.model import Device, Settings
from devicehub.errors import UsageError
from devicehub.ledger.ledger import Ledger
from devicehub.messages import Event
from devicehub.outside import Happening, Identity, Severity
from devicehub.radio import saved
from devicehub.radio.saved import Saved
from devicehub.service.ground import Order, Place
from devicehub.service.record import Record
from profiles import catalogue, loader
from tests.unit.cli.shell import here

SECRET = b"0123456789abcdef0123456789abcdef"
VEST = Saved("vest", "C0:00:00:00:00:02", "bhaptics-x40")
WHO = Identity("hub-1", "0badcafe", 0.0, "0")


@pytest.fixture
def vest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    saved.save(VEST)


def places(*words: str, **devices: Device) -> tuple[Place, ...]:
    return served(Settings(devices=dict(devices)), words, SECRET).places


def test_a_simulated_massager_goes_by_its_model() -> None:
    (place,) = places("sim:reference-cape")
    assert place == Place(
        "reference-cape", "sim:reference-cape", near=True, model="reference-cape", actuators=12
    )


def test_an_id_of_ones_own_goes_before_it() -> None:
    assert [one.id for one in places("a=sim:lovense-domi", "b=DH-CAPE")] == ["a", "b"]


@pytest.mark.usefixtures("vest")
def test_a_massager_without_an_id_gets_one_that_tells_no_name_and_no_address() -> None:
    one, other = places("vest", "LVS-Domi37")
    assert one.id.startswith("bhaptics-x40-")
    assert (one.model, one.actuators, other.model) == ("bhaptics-x40", 40, "")
    assert other.id.startswith("massager-")
    assert "vest" not in one.id
    assert "domi" not in other.id
    assert (one, other) == places("vest", "LVS-Domi37")


@pytest.mark.usefixtures("vest")
def test_what_is_named_goes_before_the_settings_and_those_before_what_is_saved() -> None:
    seat = Device(device="sim:lovense-domi", profile="taster", zone="rhomboid")
    assert [one.device for one in places()] == ["vest"]
    assert [(one.id, one.profile, one.zone) for one in places(seat=seat)] == [
        ("seat", "taster", "rhomboid")
    ]
    assert [one.id for one in places("seat", "vest=vest", seat=seat)] == ["seat", "vest"]


@pytest.mark.parametrize(
    ("words", "devices", "said"),
    [
        ((), {}, "there is no massager to serve"),
        (("a=x", "a=y"), {}, "--device a: given twice"),
        (("sim:nothing",), {}, "model 'nothing': no such model"),
    ],
)
def test_what_cannot_be_served_is_told(
    words: tuple[str, ...], devices: dict[str, Device], said: str
) -> None:
    with pytest.raises(UsageError) as raised:
        places(*words, **devices)
    assert str(raised.value).startswith(said)


def test_a_mistake_ends_it_before_it_serves(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text("ceiling = 2\n")
    said = here(capsys, "serve", "--config", str(file), "--mqtt", "mqtt://elsewhere")
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines() == [
        f"devicehub: {file}: ceiling = 2: must be above 0, at most 1",
    ]
    said = here(capsys, "serve", "--mqtt", "mqtt://elsewhere")
    assert said.err.startswith("devicehub: command line: mqtt.url: elsewhere is another computer")


def test_air_without_a_massager_in_it_is_refused_as_play_refuses_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    options = ("--device", "sim:reference-cape", "--air", "unix:/nowhere")
    said = here(capsys, "serve", *options)
    assert (said.code, said.out) == (2, "")
    assert said.err == here(capsys, "play", "taster", *options).err
    assert said.err.startswith("devicehub: --air: sim:reference-cape is in this process")


def test_people_are_known_by_an_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    ground = ServeGround(None, {}, SECRET)
    assert ground.named("person-000000") is None
    with Ledger.open() as ledger:
        ledger.add("Alex")
    alex = person_id(SECRET, "Alex")
    assert ground.named(alex) == "Alex"
    assert "alex" not in alex
    assert person_id(b"another secret, of 16", "Alex") != alex


def test_a_service_tells_titles_and_cues_in_the_language_of_its_settings() -> None:
    (cape,) = places("cape=sim:reference-cape")
    plain = loader.load(catalogue.path("desk-break"))
    told = ServeGround(None, {}, SECRET, language="ru").check(Order((cape,), "desk-break")).profile
    assert (str(told.title), str(told.phases[0].cue)) == (
        plain.title.in_("ru"),
        plain.phases[0].cue.in_("ru"),
    )
    assert (str(told.title) == str(plain.title), told.zones) == (False, plain.zones)


def test_an_order_is_checked_as_play_is() -> None:
    ground = ServeGround("unix:air", {}, SECRET)
    (wand,) = places("wand=sim:lovense-domi")
    plan = ground.check(Order((Place("wand", wand.device, zone="rhomboid", near=True),), "taster"))
    assert plan.zones == {"wand": "rhomboid"}
    for order in (
        Order((wand,), "tastr"),
        Order((Place("a", "DH-CAPE"), wand), "taster"),
    ):
        with pytest.raises(Exception, match=r"no such profile|not both"):
            ground.check(order)


def test_what_it_serves_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(devices={"seat": Device(device="DH-CAPE", profile="taster")})
    all_of_it = Told(settings, served(settings, (), SECRET), WHO, SECRET)
    told(all_of_it, as_json=False)
    assert capsys.readouterr().out.splitlines() == [
        "devicehub serves, as hub-1:",
        "  seat  DH-CAPE  taster",
        "No broker: --mqtt mqtt://localhost, or mqtt.url in the settings",
        "Start:  devicehub start taster --device seat --person NAME",
        "Stop:   devicehub stop",
        "End:    Ctrl-C",
    ]
    told(all_of_it, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["devices"] == [
        {"id": "seat", "device": "DH-CAPE", "model": "", "profile": "taster"}
    ]


def test_the_secret_stays_and_nobody_else_reads_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    own = identity.secret()
    assert identity.secret() == own
    (file,) = (tmp_path / "devicehub").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    one, other = (identity.identity(own, None, 0.0) for _ in range(2))
    assert one.hub == other.hub
    assert one.boot != other.boot
    assert identity.identity(own, "spa-1", 0.0).hub == "spa-1"


# ----------------------------------------------------------------------- logs


@pytest.mark.parametrize("as_json", [True, False])
def test_an_event_is_a_line_with_device_session_and_number(*, as_json: bool) -> None:
    stream = io.StringIO()
    record = Record(lambda: 0.0, str)
    with logs.logged(stream, "info", as_json=as_json):
        record.listen(logs.happened)
        record.happened(Event(1.0, "lost", "seat", "two\nlines"), "abc")
        logging.getLogger("bumble").warning("not ours")
        logging.getLogger("devicehub.x").debug("too little")
    (line,) = stream.getvalue().splitlines()
    if as_json:
        said = json.loads(line)
        assert said.pop("ts")
        assert said == {
            "level": "critical",
            "logger": "devicehub.service",
            "seq": 1,
            "event": "lost",
            "device": "seat",
            "session": "abc",
            "detail": "two\nlines",
        }
    else:
        assert line.partition(" ")[2] == "critical #1 seat lost: two lines (session abc)"


def test_an_event_without_details_has_no_colon() -> None:
    stream = io.StringIO()
    event = Event(0.0, "connecting", None, "")
    with logs.logged(stream, "info", as_json=False):
        logs.happened(Happening(1, 0.0, "abc", "seat", Severity.INFO, event))
    assert stream.getvalue().endswith(" info #1 seat connecting (session abc)\n")


def test_below_its_level_nothing_is_logged_and_debug_hears_others() -> None:
    stream = io.StringIO()
    happening = Happening(1, 0.0, None, None, Severity.INFO, Event(0.0, "heard", None, ""))
    with logs.logged(stream, "warning", as_json=False):
        logs.happened(happening)
    assert stream.getvalue() == ""
    with logs.logged(stream, "debug", as_json=True):
        logging.getLogger("bumble").warning("theirs")
        try:
            int("no number")
        except ValueError:
            logging.getLogger("devicehub.x").exception("ours")
    theirs, ours = map(json.loads, stream.getvalue().splitlines())
    assert (theirs["detail"], ours["detail"]) == ("theirs", "ours")
    assert "ValueError" in ours["traceback"]


# ----------------------------------------------------------------------- unit


def test_the_unit_says_what_has_to_be_in_it() -> None:
    lines = unit.text(Path("100% mine/config.toml")).splitlines()
    assert {"Type=notify", "WatchdogSec=10", "Restart=on-failure", "KillMode=process"} <= {*lines}
    (serve,) = [line for line in lines if line.startswith("ExecStart=")]
    (stop,) = [line for line in lines if line.startswith("ExecStopPost=")]
    assert serve.endswith("/100%% mine/config.toml'")
    assert " -m devicehub serve --config '/" in serve
    assert " -m devicehub stop --config '/" in stop  # the proxies of that file
    assert "@" not in "".join(lines).replace("@system-service", "")


def test_the_unit_is_written_where_systemd_looks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    said = here(capsys, "serve", "--install-unit")
    path = tmp_path / "systemd" / "user" / "devicehub.service"
    assert said.code == 0
    assert said.out.splitlines() == [
        str(path),
        "now: systemctl --user daemon-reload && systemctl --user enable --now devicehub",
    ]
    assert path.read_text() == unit.text()


@pytest.mark.wallclock
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this computer")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "devicehub.service"
    path.write_text(unit.text())
    found = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(path)],
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
