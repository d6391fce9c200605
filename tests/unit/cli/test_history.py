"""`devicehub history`, and how a session of `play` gets into it."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from devicehub.cli.journal import journalled
from devicehub.cli.past import is_simulated, past_of
from devicehub.cli.request import Request
from devicehub.ledger.history import place
from devicehub.messages import DeviceEnd, EndReason, Event, Summary, ZoneFelt
from devicehub.outside import SessionNow
from tests.unit.cli.shell import here

ADDRESS = "C0:00:00:00:00:02"
ENDED = Summary(
    EndReason.SAFETY,
    "Alex: enough for today",
    "Taster",
    90.0,
    (ZoneFelt("rhomboid", 0.3, 60.0),),
    (),
    (DeviceEnd(ADDRESS, "bhaptics-x40", stop_confirmed=True, stop_ms=41.0),),
    ("Alex: wait an hour",),
)


@pytest.fixture(autouse=True)
def state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def played(*, virtual: bool = False, ended: bool = True, device: str = ADDRESS) -> None:
    """Let a session pass that somebody watches as JSON lines."""
    request = Request(
        profile="taster",
        devices=(device,),
        zones=(),
        person="Alex",
        ceiling=1.0,
        minutes=None,
        speed=None,
        virtual=virtual,
        address=None,
        tape=None,
        as_json=True,
    )
    with journalled(request, None) as observer:
        observer.event(Event(0.0, "connected", ADDRESS, "bhaptics-x40"))
        observer.event(Event(9.0, "refused", None, "ALEX: not so fast"))
        if ended:
            observer.summary(ENDED)


def test_a_profile_says_how_often_it_was_played_lately_and_reminds_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert "within seven days" not in here(capsys, "profiles", "show", "taster").out
    played()
    played()
    capsys.readouterr()
    said = here(capsys, "profiles", "show", "taster").out
    assert "Played on this computer within seven days: 2\n" in said
    assert "within seven days" not in here(capsys, "profiles", "show", "desk-break").out


def test_a_session_of_play_is_kept_without_name_and_address(
    capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    played()
    shown = capsys.readouterr().out
    assert '"name": "connected"' in shown
    assert '"kind": "summary"' in shown
    lines = [json.loads(line) for line in here(capsys, "history", "export").out.splitlines()]
    session, first, second = lines
    assert (session["kind"], session["profile"], session["reason"]) == (
        "session",
        "taster",
        "safety",
    )
    assert (first["seq"], first["name"], first["severity"]) == (1, "connected", "info")
    assert (second["seq"], second["detail"]) == (2, "the person: not so fast")
    assert first["session"] == second["session"] == session["id"]
    kept = b"".join(file.read_bytes() for file in place().parent.iterdir())
    assert ADDRESS.encode() not in kept
    assert b"Alex" not in kept
    assert b"ALEX" not in kept


def test_the_history_is_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert here(capsys, "history", "list").out == "No session yet.\n"
    played()
    played()
    capsys.readouterr()
    newest, oldest = here(capsys, "history", "list").out.splitlines()
    assert newest.split()[3:6] == ["1:30", "min", "safety"]
    assert len(here(capsys, "history", "list", "--most", "1", "--json").out.splitlines()) == 1
    shown = here(capsys, "history", "show", oldest.split()[0])
    assert shown.out.splitlines()[1:] == [
        "  Rhomboids: up to 30%, 1:00 min",
        "      0.0 s  its address connected bhaptics-x40",
        "      9.0 s  refused the person: not so fast",
    ]
    as_json = here(capsys, "history", "show", oldest.split()[0], "--json").out.splitlines()
    assert [json.loads(line)["kind"] for line in as_json] == ["session", "event", "event"]


@pytest.mark.parametrize(("id_", "why"), [("zz", "none begins"), ("", "more than one begins")])
def test_a_session_that_is_not_meant_is_told(
    id_: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    played()
    played()
    capsys.readouterr()
    said = here(capsys, "history", "show", id_)
    assert (said.code, said.err) == (
        2,
        f"devicehub: session {id_!r}: {why} so; see devicehub history list\n",
    )


def test_rows_that_make_no_sense_are_told_and_hide_no_others(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for _ in range(12):
        played()
    with sqlite3.connect(place()) as db:
        db.execute("UPDATE session SET devices = 'x' WHERE id > (SELECT MIN(id) FROM session)")
    db.close()
    capsys.readouterr()
    (left,) = json.loads(f"[{here(capsys, 'history', 'list', '--json').out}]")
    for words in (("list",), ("export",), ("report",), ("show", left["id"])):
        said = here(capsys, "history", *words)
        assert (said.code, left["id"] in said.out or "1 session" in said.out) == (0, True)
        told = said.err.splitlines()
        assert len(told) == 11
        assert told[0].startswith(f"warning: {place()}: session '")
        assert told[0].endswith(
            "' is left out: devices must be sound JSON, not nested deeper than 20"
        )
        assert told[-1] == f"warning: {place()}: 1 more rows are left out"


def test_virtual_time_and_what_never_was_a_session_are_not_kept(
    capsys: pytest.CaptureFixture[str],
) -> None:
    played(virtual=True)
    played(ended=False)
    capsys.readouterr()
    assert here(capsys, "history", "list", "--json").out == ""


def test_a_disk_that_takes_nothing_costs_a_line(
    capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    place().parent.parent.mkdir(parents=True)
    place().parent.write_text("a file where the folder should be")
    played()
    said = capsys.readouterr()
    assert '"kind": "summary"' in said.out
    (line,) = said.err.splitlines()
    assert line.startswith(f"devicehub: {place()}: the history cannot be kept: ")


def test_settings_that_are_wrong_keep_the_history(
    capsys: pytest.CaptureFixture[str], state: Path
) -> None:
    (state / "devicehub").mkdir()
    (state / "devicehub" / "config.toml").write_text("ceiling = 2\n")
    played()
    capsys.readouterr()
    assert len(here(capsys, "history", "list", "--json").out.splitlines()) == 1


def test_what_was_played_on_a_simulated_massager_is_told_apart(
    capsys: pytest.CaptureFixture[str],
) -> None:
    played()
    played(device="sim:bhaptics-x40")
    capsys.readouterr()
    lines = here(capsys, "history", "list").out.splitlines()
    assert sorted(line.endswith("on sim:bhaptics-x40 (simulated)") for line in lines) == [
        False,
        True,
    ]
    assert sum("(simulated)" in line for line in lines) == 1
    assert ": 2 sessions (1 simulated), 3:00 min played" in here(capsys, "history", "report").out


def test_a_session_of_a_service_that_ran_on_a_simulated_one_is_marked_whatever_it_is_called() -> (
    None
):
    session = SessionNow(
        "s1", ("seat",), "taster", "local", 0.0, 90.0, 1.0, (), None, ENDED, simulated=True
    )
    assert is_simulated(past_of(session, "boot", 90.0))
    assert not is_simulated(past_of(replace(session, simulated=False), "boot", 90.0))
