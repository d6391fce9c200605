"""`devicehub doctor`: each thing that can be wrong is found, and its mending is told."""

import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from devicehub.cli import doctor_checks, status
from devicehub.cli.doctor_checks import NOTE, OK, PROBLEM, RUNNING
from devicehub.cli.status import Running
from devicehub.keeper import standing
from devicehub.ledger.folder import ledger_path
from devicehub.ledger.ledger import Ledger
from devicehub.radio import measured
from devicehub.session import control, sockets
from tests.unit.cli.shell import here

STOP = standing.StandingStop("Vest", "C0:01", "bhaptics-x40", "Bluetooth", (), "Hold its button.")


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


T = TypeVar("T")


def only(found: list[T]) -> T:
    (finding,) = found
    return finding


def test_a_massager_that_may_be_running_is_exit_3(capsys: pytest.CaptureFixture[str]) -> None:
    standing.remember(STOP)
    said = here(capsys, "doctor", "--air", "unix:/no/such/air")
    assert (said.code, said.err) == (3, "")
    first, mended, *_ = said.out.splitlines()
    assert first.split() == ["MAY", "BE", "RUNNING", "Massager", "Vest", *first.split()[5:]]
    assert mended.strip() == "-> devicehub stop. Hold its button."


def test_what_is_wrong_without_danger_is_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "doctor", "--air", "unix:/no/such/air", "--json")
    assert said.code == 1
    checks = {row["what"]: row for row in json.loads(said.out)["checks"]}
    assert {row["state"] for row in checks.values()} == {OK, PROBLEM}
    assert checks["Air"]["fix"].startswith("start it: firmware-sim run")


def test_a_kept_stop_that_cannot_be_read_counts_as_running() -> None:
    standing.remember(STOP)
    (standing.folder() / "torn.json").write_text("{")
    assert [finding.state for finding in doctor_checks.massagers()] == [RUNNING, RUNNING]


@pytest.mark.parametrize(
    ("sessions", "state"),
    [
        ([Running(("Vest",))], NOTE),
        ([Running(("Cape", "c0:01"))], NOTE),
        ([Running(("Cape",))], RUNNING),
        ([Running()], RUNNING),
        ([Running(("Vest",), ("Vest",))], RUNNING),
        ([], RUNNING),
    ],
)
def test_what_a_running_session_plays_is_no_alarm(
    sessions: list[Running], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing.remember(STOP)
    monkeypatch.setattr(status, "running_sessions", lambda: sessions)
    finding = only(doctor_checks.massagers())
    assert finding.state == state
    assert ("is playing" in finding.text) == (state == NOTE)


def test_what_its_session_has_lost_is_not_said_to_play(monkeypatch: pytest.MonkeyPatch) -> None:
    standing.remember(STOP)
    monkeypatch.setattr(status, "running_sessions", lambda: [Running(("Vest",), ("c0:01",))])
    finding = only(doctor_checks.massagers())
    assert "was lost and may be running; its session looks for it" in finding.text
    assert finding.fix == "Hold its button."


async def test_a_session_whose_socket_was_cleared_away_is_found() -> None:
    async with control.Control(("Vest",), lambda _: None):
        only(sockets.found()).unlink()
        running, lost = doctor_checks.sessions()
    assert running.text == "running: one that does not answer"
    who = f"the session of process {os.getpid()}"
    assert lost.text == f"no socket leads to {who} any more; devicehub stop ends it"


def test_no_kept_stop_is_fine() -> None:
    assert only(doctor_checks.massagers()).state == OK


@pytest.fixture
def left_socket() -> Iterator[Path]:
    """A control socket that nobody serves any more."""
    folder = sockets.folder()
    folder.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(folder / "1.sock"))
    yield folder
    for path in folder.iterdir():
        path.unlink()


def test_a_socket_of_a_killed_session_is_found(left_socket: Path) -> None:
    finding = only(doctor_checks.sessions())
    assert (finding.state, finding.fix) == (NOTE, "")
    assert "the next stop clears away" in finding.text


def test_a_socket_folder_of_somebody_else_is_found(tmp_path: Path) -> None:
    sockets.folder().symlink_to(tmp_path)
    assert only(doctor_checks.sessions()).state == PROBLEM


def test_a_state_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file is in the way")
    finding = only(doctor_checks.state_folder())
    assert finding.state == PROBLEM
    assert "nothing can be played" in finding.text


def test_a_damaged_ledger_is_found_kept_aside_and_replaced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert only(doctor_checks.ledger()).state == OK
    path = ledger_path()
    path.write_bytes(b"this is no ledger" * 1000)
    damaged = only(doctor_checks.ledger())
    assert damaged.state == PROBLEM
    assert "doctor --new-ledger" in damaged.fix
    said = here(capsys, "doctor", "--new-ledger", "--air", "unix:/no/such/air")
    assert (said.code, said.err.count("kept aside")) == (1, 1)  # there is no such air
    renewed = only(doctor_checks.ledger())
    assert renewed.state == NOTE
    assert "a new ledger was started, nobody plays before 24:00 h have passed" in renewed.text


def test_a_sound_ledger_is_not_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    Ledger.open(ledger_path()).close()
    said = here(capsys, "doctor", "--new-ledger")
    assert said.code == 2
    assert "the ledger is sound" in said.err


def test_a_table_of_limits_that_is_broken_is_found(tmp_path: Path) -> None:
    assert only(doctor_checks.own_limits()).state == OK
    table = tmp_path / "config" / "devicehub" / "limits.toml"
    table.parent.mkdir(parents=True)
    table.write_text("zones = 1")
    finding = only(doctor_checks.own_limits())
    assert finding.state == PROBLEM
    assert str(table) in finding.text


def test_every_mistake_in_a_table_of_limits_is_a_line_of_its_own(tmp_path: Path) -> None:
    table = tmp_path / "config" / "devicehub" / "limits.toml"
    table.parent.mkdir(parents=True)
    table.write_text("[zones.glutael]\nmax_intensity = 0.3\n[zones.gluteal]\nmax_intensity = 2\n")
    misspelt, loose = sorted(doctor_checks.own_limits(), key=lambda found: found.fix)
    assert misspelt.text == f"{table}: zones.glutael: no such zone; did you mean gluteal?"
    assert loose.text == f"{table}: zones.gluteal.max_intensity is 2: must be from 0 to 0.7"
    assert loose.fix


def test_a_measurement_that_cannot_be_read_is_found() -> None:
    assert doctor_checks.measurements() == []
    measured.folder().mkdir(parents=True)
    (measured.folder() / "torn.json").write_text("{")
    assert only(doctor_checks.measurements()).state == PROBLEM


@pytest.mark.parametrize(("version", "state"), [((3, 10, 9), PROBLEM), ((3, 11, 0), OK)])
def test_an_old_python_is_found(
    version: tuple[int, int, int], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    assert only(doctor_checks.python()).state == state


@pytest.mark.parametrize(("size", "state"), [((79, 24), NOTE), ((80, 23), NOTE), ((80, 24), OK)])
def test_a_small_terminal_is_noted(
    size: tuple[int, int], state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(size[0]))
    monkeypatch.setenv("LINES", str(size[1]))
    assert only(doctor_checks.terminal()).state == state


def test_bluetooth_that_cannot_be_used_says_what_needs_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "plan9")
    finding = only(doctor_checks.air(None))
    assert finding.state in {OK, PROBLEM}  # this machine may have a radio
    assert finding.state == OK or "sim:MODEL" in finding.fix


@pytest.mark.parametrize("word", ["--help", "-h"])
def test_help_after_stop_test_is_help_and_no_massager(
    capsys: pytest.CaptureFixture[str], word: str
) -> None:
    said = here(capsys, "doctor", "--stop-test", word)
    assert (said.code, said.err) == (0, "")
    assert "--off-body" in said.out


def test_an_option_is_no_massager_for_a_stop_test(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "doctor", "--stop-test", "--off-body")
    assert (said.code, said.out) == (2, "")
    assert "--off-body is no massager" in said.err


def test_an_extra_that_is_missing_is_mended_by_installing_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = tmp_path / "config" / "devicehub" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('[proxies.hall]\nhost = "hall.local"\n')
    for name in [one for one in sys.modules if one.startswith("devicehub.radio.proxies")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "aioesphomeapi", None)
    for finding in (only(doctor_checks.air(None)), only(doctor_checks.through_proxies())):
        assert finding.state == PROBLEM
        assert finding.text == "proxies are set (hall) and aioesphomeapi is not installed"
        assert finding.fix == "pip install 'devicehub[proxy]'"
