"""`devicehub` alone: what is running."""

import asyncio
import socket
from pathlib import Path

import pytest

from devicehub.cli import status
from devicehub.cli.status import Running
from devicehub.keeper.standing import StandingStop, forget, remember
from devicehub.messages import Command
from devicehub.radio.saved import Saved, save
from devicehub.session import control
from devicehub.session.listening import Listening


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("r")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    (folder / "devicehub").mkdir()
    return folder / "devicehub"


def test_without_a_folder_nothing_runs(runtime: Path) -> None:
    runtime.rmdir()
    assert status.running_sessions() == []


def test_a_socket_that_nobody_serves_is_not_a_session(runtime: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(runtime / "1.sock"))
    assert status.running_sessions() == []


VEST = StandingStop("TactSuitX40", "AA:BB", "bhaptics-x40", "Bluetooth", (), "Switch it off.")


def test_what_may_be_running_comes_first(runtime: Path) -> None:
    remember(VEST)
    try:
        said = status.text().splitlines()
    finally:
        forget(VEST)
    assert said[:3] == [
        "TactSuitX40 may be running: devicehub stop",
        "  Switch it off.",
        "No session is running.",
    ]
    assert said[5].split()[:2] == ["devicehub", "stop"]


def test_what_a_session_plays_is_no_alarm(runtime: Path) -> None:
    remember(VEST)
    try:
        assert status.alarms_of([Running(("sim:reference-cape", "TactSuitX40"))]) == []
        assert status.alarms_of([Running(("sim:reference-cape",))]) != []
    finally:
        forget(VEST)


def test_what_a_session_has_lost_is_an_alarm(runtime: Path) -> None:
    remember(VEST)
    try:
        (said,) = status.alarms_of([Running(("TactSuitX40",), ("TactSuitX40",))])
    finally:
        forget(VEST)
    assert said == "TactSuitX40 may be running: its session looks for it\n  Switch it off."


def test_what_its_user_saved_has_that_name_alone(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    save(Saved("couch vest", VEST.address.lower(), VEST.model))
    remember(VEST)
    try:
        (said,) = status.alarms_of([Running(("couch vest",), ("couch vest",))])
        played = status.alarms_of([Running(("couch vest",))])
    finally:
        forget(VEST)
    assert said == "couch vest may be running: its session looks for it\n  Switch it off."
    assert played == []


@pytest.mark.wallclock
async def test_a_running_session_is_named_by_its_devices(runtime: Path) -> None:
    posted: list[Command] = []
    async with control.Control(("sim:reference-cape",), posted.append):
        running = await asyncio.to_thread(status.running_sessions)
        said = await asyncio.to_thread(status.text)
    assert running == [Running(("sim:reference-cape",))]
    assert said.startswith("1 session is running: sim:reference-cape\n")
    assert "devicehub stop" in said
    assert posted == []


@pytest.mark.wallclock
@pytest.mark.usefixtures("runtime")
async def test_what_plays_is_told_with_the_time_left() -> None:
    async def answer(_: object) -> dict[str, object]:
        taster = {"title": "Taster", "state": "playing", "left_s": 70.0}
        whole = {"title": "Whole back", "state": "paused", "left_s": 8.2, "asks": "move it"}
        return {"devices": ["a", "b"], "plays": [taster, whole]}

    async with Listening(answer):
        said = (await asyncio.to_thread(status.text)).splitlines()
    assert said[1:3] == ["  Taster: 1:10 min left", "  Whole back: paused, 8 s left; move it"]


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "move wand to: beside the lumbar spine (then: devicehub tell moved)"),
        ("ru", "переместите wand: поясница, вдоль позвоночника (потом: devicehub tell moved)"),
    ],
)
def test_where_a_service_wants_a_handheld_is_told_in_words_with_what_to_say_then(
    language: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEVICEHUB_LANGUAGE", language)
    places = {"wand": ["paraspinal_lumbar"]}
    plays = {"title": "Low", "state": "playing", "left_s": 8.2, "asks": "move", "places": places}
    assert status.told(plays, serves=True) == f"Low: 8 s left; {asked}"


def test_a_service_is_told_apart_from_what_plays_on_it() -> None:
    idle = Running(serves=("seat", "bed"))
    playing = Running(("seat",), names=("vest", "tactsuitx40"), serves=("seat", "bed"))
    assert (idle.plays, str(idle)) == (False, "a service on which nothing plays")
    assert (playing.plays, str(playing)) == (True, "seat")
    assert Running().plays
    assert status.is_played(VEST, [playing])
    assert not status.is_played(VEST, [idle])
