"""`devicehub history report`: the last days, in words, as JSON, as a table and as a picture."""

import csv
import json
import os
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from devicehub.cli import events, report_cmd
from devicehub.cli.reporting import Ended, Zone, report_of
from devicehub.ledger.history import History, place
from devicehub.ledger.history_rows import Kept, Past
from devicehub.ledger.moment import Moment
from devicehub.messages import DeviceEnd, EndReason, Event, Summary, ZoneFelt
from devicehub.outside import Happening, Severity
from tests.unit.cli.shell import Said, here

NOON = datetime(2026, 11, 30, 12).astimezone()
NOW_S = NOON.timestamp()
ALONE = "nobody said that they are there"
MILD = Event(9.0, "discomfort", None, "every cap is lower")
SEAT, BACK = ZoneFelt("gluteal", 0.4, 600.0), ZoneFelt("rhomboid", 0.3, 300.0)


def past(
    number: int,
    days_ago: int,
    *felt: ZoneFelt,
    reason: EndReason = EndReason.COMPLETED,
    detail: str = "",
    confirmed: bool = True,
) -> Past:
    """Return a session of a few days ago, at noon."""
    ends = (DeviceEnd("seat", "reference-cape", stop_confirmed=confirmed, stop_ms=9.0),)
    summary = Summary(reason, detail, "Taster", 90.0, felt, (), ends)
    began_s = (NOON - timedelta(days=days_ago)).timestamp()
    said = json.loads(json.dumps(events.summary(summary)))
    return Past(
        f"s{number}",
        "boot",
        began_s,
        began_s + 90.0,
        "local",
        "taster",
        ("seat",),
        reason.value,
        said,
    )


def reported(days_ago: int) -> Happening:
    wall_s = (NOON - timedelta(days=days_ago)).timestamp()
    return Happening(1 + days_ago, wall_s, "s1", None, Severity.WARNING, MILD)


SESSIONS = [
    past(1, 0, SEAT, BACK),
    past(2, 0, SEAT),
    past(3, 2, BACK, reason=EndReason.STOPPED, detail="key"),
    past(4, 6, reason=EndReason.SAFETY, detail="presence", confirmed=False),
    past(5, 7, SEAT, reason=EndReason.DISCOMFORT, detail="it hurt"),
]
HAPPENED = [reported(1), reported(9)]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep these sessions, and let it be noon."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(report_cmd.clock, "now", lambda: Moment(NOW_S, 0.0, "boot"))
    history, _ = History.open(place())
    history.keep("boot", HAPPENED, SESSIONS)
    history.close()
    return tmp_path


def test_days_zones_comfort_and_ends_are_summed_up() -> None:
    found = report_of(SESSIONS, [Kept("boot", one) for one in HAPPENED], 7, NOW_S)
    assert [day.sessions for day in found.days] == [1, 0, 0, 0, 1, 0, 2]
    assert found.days[-1].zones == {"gluteal": 1200.0, "rhomboid": 300.0}
    assert (found.sessions, found.played_s) == (4, 360.0)
    assert found.zones == (Zone("gluteal", 1200.0, 0.4, 2), Zone("rhomboid", 600.0, 0.3, 2))
    assert found.ends == (
        Ended("completed", "", 2),
        Ended("safety", "presence", 1),
        Ended("stopped", "key", 1),
    )
    assert (found.mild, found.discomfort, found.unconfirmed) == (1, 0, 1)
    wider = report_of(SESSIONS, [Kept("boot", one) for one in HAPPENED], 10, NOW_S)
    assert (wider.sessions, wider.mild, wider.discomfort) == (5, 2, 1)


def test_what_is_not_told_in_a_session_counts_as_nothing() -> None:
    bare = replace(past(1, 0), summary={})
    found = report_of([bare], [], 1, NOW_S)
    assert (found.sessions, found.played_s, found.zones) == (1, 0.0, ())


def said(capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    return here(capsys, "history", "report", *words)


@pytest.mark.usefixtures("kept")
def test_it_is_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys).out.splitlines() == [
        "Tue 2026-11-24 to Mon 2026-11-30: 4 sessions, 6:00 min played",
        "",
        "  Tue 2026-11-24  1 session     1:30 min",
        "  Sat 2026-11-28  1 session     1:30 min",
        "  Mon 2026-11-30  2 sessions    3:00 min",
        "",
        "Where (one motor may be felt in several zones)",
        "  Seat                                 20:00 min  up to 40%    2 sessions",
        "  Rhomboids                            10:00 min  up to 30%    2 sessions",
        "",
        "Comfort: said to be uncomfortable 1 time; 0 sessions ended by it",
        f"Ended: 2 done; 1 ended by a safety rule ({ALONE}); 1 stopped by you (by key)",
        "STOP NOT CONFIRMED at the end of 1 session",
    ]
    assert said(capsys, "--days", "1").out.startswith("Mon 2026-11-30: 2 sessions")


@pytest.mark.usefixtures("kept")
def test_machines_get_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(said(capsys, "--json").out)
    assert (told["from"], told["to"], told["sessions"], told["stops_unconfirmed"]) == (
        *("2026-11-24", "2026-11-30"),
        *(4, 1),
    )
    assert told["comfort"] == {"mild": 1, "sessions_ended": 0}
    assert told["days"][-1]["zones_s"] == {"gluteal": 1200.0, "rhomboid": 300.0}
    assert list(csv.reader(said(capsys, "--csv").out.splitlines())) == [
        ["day", "zone", "minutes"],
        ["2026-11-28", "rhomboid", "5.00"],
        ["2026-11-30", "gluteal", "20.00"],
        ["2026-11-30", "rhomboid", "5.00"],
    ]


@pytest.mark.parametrize("days", [1, 7, 90])
def test_a_picture_has_a_field_for_every_day_and_zone(
    days: int, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = kept / "days.svg"
    done = said(capsys, "--days", str(days), "--svg", str(file))
    assert (done.code, done.err) == (0, f"wrote {file}\n")
    picture = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - of our own making
    fields = picture.findall("{*}rect[@class='r']")
    assert len(fields) == 2 * days
    notes = [title.text for title in picture.findall("{*}rect/{*}title")]
    assert "Seat, 2026-11-30: 20:00 min" in notes
    right = max(float(one.get("x", "0")) + float(one.get("width", "0")) for one in fields)
    assert right <= 960


def test_a_picture_replaces_a_file_and_waits_for_no_pipe(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, pipe = kept / "days.svg", kept / "pipe.svg"
    file.write_text("old")
    done = said(capsys, "--svg", str(file))
    assert (done.code, done.err) == (0, f"replaced {file}\n")
    os.mkfifo(pipe)
    done = said(capsys, "--svg", str(pipe))
    assert (done.code, done.err) == (
        2,
        f"devicehub: {pipe}: is there and is no ordinary file; give another name\n",
    )


@pytest.mark.usefixtures("kept")
def test_who_is_named_gets_their_last_day_and_nobody_else_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    here(capsys, "person", "add", "Alex")
    assert "Alex" not in said(capsys).out
    assert said(capsys, "--person", "alex").out.endswith("\nAlex, within 24 hours: nothing\n")
    assert json.loads(said(capsys, "--person", "Alex", "--json").out)["person"] == {
        "name": "Alex",
        "zones_24h_s": {},
    }
    assert said(capsys, "--person", "Nobody").code != 0


@pytest.mark.usefixtures("kept")
def test_what_makes_no_sense_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--csv", "--json").code == 2
    done = said(capsys, "--svg", "/nowhere/days.svg")
    assert (done.code, done.err) == (
        2,
        "devicehub: --svg /nowhere/days.svg: No such file or directory\n",
    )


def test_without_a_history_there_was_no_session(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    file = tmp_path / "days.svg"
    done = said(capsys, "--svg", str(file))
    assert (done.code, done.out.rstrip().endswith(": no session.")) == (0, True)
    assert file.exists()
    assert not place().exists()
