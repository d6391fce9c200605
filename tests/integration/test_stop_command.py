"""`devicehub stop`: through the session, over the air, or with nothing to do."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests import unmeasured
from tests.integration.processes import CAPE, VEST, Home, home
from tests.patience import PATIENCE_S, until

pytestmark = pytest.mark.wallclock

MISTAKE, NOT_FOUND = 2, 5

STANDING = {
    "name": "TactSuitX40",
    "address": "C0:00:00:00:00:02",
    "model": VEST,
    "air": "Bluetooth",
    "writes": [["6e40000a-b5a3-f393-e0a9-e50e24dcca9e", "00" * 20, True]],
    "advice": "Hold its button.",
}


@pytest.fixture(scope="module")
def air() -> Iterator[Home]:
    with home() as here, here.simulator(CAPE):
        yield here


@pytest.fixture
def alone() -> Iterator[Home]:
    """A home with nothing in it."""
    with home() as here:
        yield here


def test_it_stops_one_session_by_name_and_the_other_from_a_shell_with_another_runtime_folder(
    air: Home,
) -> None:
    (air.folder / "other").mkdir(mode=0o700)
    with air.playing([CAPE]) as one, air.playing_here(VEST) as other:
        stop = air.run("stop", "--device", f"sim:{VEST}")
        out, err = other.communicate(timeout=PATIENCE_S)
        goes_on = one.hub.poll() is None  # on a busy machine it may have paused by itself
        last_stop = air.run(
            *("stop", "--device", CAPE.upper()), XDG_RUNTIME_DIR=str(air.folder / "other")
        )
        stopped_last = one.ended()
    assert goes_on
    assert (stop.returncode, stop.stderr) == (0, "")
    assert stop.stdout.startswith(f"sim:{VEST}: stopped, confirmed in ")
    assert "DH-CAPE" not in stop.stdout
    assert last_stop.returncode == 0
    assert last_stop.stdout.startswith("DH-CAPE: stopped, confirmed in ")
    for code, said in ((other.returncode, out + err), stopped_last):
        assert code == 0
        assert "Long: Stopped by you after" in said
    for model in (CAPE, VEST):
        assert not air.moving(model)
    until(lambda: air.let_go(CAPE), "somebody is still connected")
    assert air.standing() == []
    assert air.sockets() == []


@pytest.mark.thorough
def test_a_session_that_nobody_stops_plays_to_its_end(air: Home) -> None:
    profile = air.profile(minutes=0.1)
    played = air.run("play", profile, "--device", "DH-CAPE", "--air", air.air)
    assert played.returncode == 0
    assert "Long: Done after 6 s" in played.stdout + played.stderr
    assert air.tape(CAPE).moves
    assert not air.moving(CAPE)
    until(lambda: air.let_go(CAPE), "somebody is still connected")
    assert air.standing() == []


def test_it_stops_a_massager_that_nobody_plays(air: Home) -> None:
    before = len(air.tape(CAPE).writes)
    stop = air.run("stop", "--device", "dh-cape", "--air", air.air)
    assert (stop.returncode, stop.stdout) == (0, "dh-cape: stopped, confirmed\n")
    assert {data for _, _, data in air.tape(CAPE).writes[before:]} == {"00"}
    until(lambda: air.let_go(CAPE), "somebody is still connected")


def stands(home: Home, **fields: object) -> None:
    """Leave a massager that may be running on the list."""
    folder = home.folder / "state" / "devicehub" / "standing"
    folder.mkdir(parents=True, exist_ok=True)
    stop = STANDING | fields
    (folder / f"{stop['name']}.json").write_text(json.dumps(stop))


@pytest.mark.parametrize("name", ["tactsuitx40", "c0:00:00:00:00:02", VEST])
def test_what_a_person_switched_off_is_taken_off_the_list(name: str, alone: Home) -> None:
    stands(alone)
    stands(alone, name="DH-CAPE", address="C0:00:00:00:00:01", model=CAPE)
    stop = alone.ask("stop", "--switched-off", name)
    assert (stop.returncode, stop.stderr) == (0, "")
    assert stop.stdout == (
        "TactSuitX40: no stop was confirmed; believed to be off, because you switched it off\n"
    )
    assert alone.standing() == [CAPE]


def test_what_stands_under_a_name_is_told_in_a_line_and_stays(air: Home) -> None:
    stands(air, address="TactSuitX40", air=air.air)
    stop = air.ask("stop")
    assert (stop.returncode, stop.stderr) == (3, "")
    assert stop.stdout == (
        "TactSuitX40: stop NOT confirmed. It was kept under 'TactSuitX40', which is no address. "
        'Hold its button. Then take it off the list: devicehub stop --switched-off "TactSuitX40"\n'
    )
    assert air.standing() == [VEST]
    assert air.ask("stop", "--switched-off", "TactSuitX40").returncode == 0
    assert air.standing() == []


def test_what_does_not_stand_cannot_be_taken_off_the_list(alone: Home) -> None:
    stands(alone)
    stop = alone.ask("stop", "--switched-off", "DH-CAPE")
    assert (stop.returncode, stop.stdout) == (MISTAKE, "")
    assert stop.stderr.strip() == (
        "devicehub: --switched-off DH-CAPE: not one that may be running; those are: TactSuitX40"
    )
    assert alone.standing() == [VEST]


ANSWERS = [
    b"",
    b"nonsense\n",
    b"[]\n",
    b'{"devices": [7]}\n',
    b'{"devices": 7}\n',
    b"[" * 9000 + b"\n",
]
DEAF = """
import socket, sys
listening = socket.socket(socket.AF_UNIX)
listening.bind(sys.argv[1])
listening.listen()
print("ready", flush=True)
while True:
    asking, _ = listening.accept()
    asking.recv(4096)
    asking.sendall({answer!r})
    asking.close()
"""


@contextmanager
def session_that_answers(home: Home, answer: bytes, number: int) -> Generator[None]:
    folder = home.folder / "run" / "devicehub"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{number}.sock"
    command = [sys.executable, "-c", DEAF.format(answer=answer), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield
        finally:
            process.kill()


def test_a_session_that_answers_nonsense_holds_nobody_up(alone: Home) -> None:
    with alone.playing_here(CAPE) as hub, ExitStack() as stack:
        for number, answer in enumerate(ANSWERS, start=1):
            stack.enter_context(session_that_answers(alone, answer, number))
        stands(alone, name="Gone", address="C0:99", air=f"unix:{alone.folder}/nowhere")
        stop = alone.run("stop", "--json")
        hub.communicate(timeout=PATIENCE_S)
    rows = {row["name"]: row["confirmed"] for row in json.loads(stop.stdout)["devices"]}
    bad = {
        f"a session that does not answer (process {number})": False
        for number in range(1, len(ANSWERS) + 1)
    }
    assert rows == {f"sim:{CAPE}": True, "Gone": False} | bad
    assert (stop.returncode, stop.stderr, hub.returncode) == (3, "", 0)
    assert not alone.moving(CAPE)


def test_a_session_whose_socket_was_cleared_away_is_stopped_by_its_process(alone: Home) -> None:
    with alone.playing_here(CAPE) as hub:
        for path in alone.sockets():
            path.unlink()
        stop = alone.run("stop")
        out, err = hub.communicate(timeout=PATIENCE_S)
    assert (stop.returncode, stop.stderr) == (0, "")
    assert stop.stdout == f"the session of process {hub.pid}: stopped, confirmed\n"
    assert (hub.returncode, "Long: Stopped by you after" in out + err) == (0, True)
    assert not alone.moving(CAPE)


def test_nothing_to_stop_is_done(alone: Home) -> None:
    stop = alone.run("stop")
    assert (stop.returncode, stop.stdout, stop.stderr) == (0, "Nothing is running.\n", "")


def test_a_simulated_massager_that_nobody_plays_is_not_found(alone: Home) -> None:
    stop = alone.ask("stop", "--device", "sim:reference-cape")
    assert stop.returncode == NOT_FOUND
    assert stop.stderr.startswith("devicehub: sim:reference-cape: no session plays it")


def test_an_air_that_is_not_there_is_told(alone: Home) -> None:
    stop = alone.ask("stop", "--device", "DH-CAPE", "--air", alone.air)
    assert (stop.returncode, stop.stderr.count("\n")) == (1, 1)
    assert stop.stderr.startswith(f"devicehub: --air {alone.air}: No such file or directory (start")


def test_an_air_that_is_misspelt_is_a_mistake(alone: Home) -> None:
    stop = alone.ask("stop", "--device", "DH-CAPE", "--air", "nowhere")
    assert stop.returncode == MISTAKE
    assert stop.stderr == (
        "devicehub: --air: address 'nowhere': expected unix:/path or host:port\n"
    )


PROGRAM = """
import sys
from devicehub.cli.main import run
code = run(["stop", "--json"])
print(code, *sorted({"pydantic", "bumble", "firmware_sim"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("stands", [False, True])
def test_it_needs_neither_models_nor_the_simulator(stands: bool, alone: Home) -> None:
    """What it would have to load it would have to wait for."""
    if stands:
        folder = alone.folder / "state" / "devicehub" / "standing"
        folder.mkdir(parents=True)
        (folder / "vest.json").write_text(json.dumps(STANDING))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={
            **unmeasured.environment(),
            **alone.places,
            "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere",  # no Bluetooth here
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.stderr == ("3\n" if stands else "0\n")
    rows = json.loads(done.stdout)["devices"]
    assert [(row["name"], row["confirmed"]) for row in rows] == (
        [("TactSuitX40", False)] if stands else []
    )
