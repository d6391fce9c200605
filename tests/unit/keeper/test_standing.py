"""Standing stops: kept before the first motion, gone with the confirmed stop."""

import json
import os
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from devicehub.keeper.standing import (
    StandingStop,
    folder,
    forget,
    is_meant,
    remember,
    standing,
    unreadable,
)

STOP = StandingStop(
    name="TactSuitX40",
    address="C0:00:00:00:00:02",
    model="bhaptics-x40",
    air="unix:/run/air.sock",
    writes=(("6e40000a-b5a3-f393-e0a9-e50e24dcca9e", "00" * 20, True),),
    advice="Switch it off.",
)
WHOLE = {
    "name": "x",
    "address": "C0",
    "model": "m",
    "air": "Bluetooth",
    "writes": [["6e40", "00", True]],
    "advice": "Switch it off.",
}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def written(name: str, text: str | bytes) -> Path:
    folder().mkdir(parents=True, exist_ok=True)
    path = folder() / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_nothing_stands_at_first() -> None:
    assert standing() == []


def test_what_is_remembered_stands() -> None:
    remember(STOP)
    assert standing() == [STOP]


def test_remembering_twice_is_remembering_once() -> None:
    remember(STOP)
    remember(STOP)
    assert standing() == [STOP]
    assert len(list(folder().iterdir())) == 1


def test_what_is_forgotten_stands_no_more() -> None:
    remember(STOP)
    forget(STOP)
    forget(STOP)
    assert standing() == []


def test_massagers_of_one_name_are_two() -> None:
    other = StandingStop(STOP.name, "C0:00:00:00:00:03", *STOP_REST)
    remember(STOP)
    remember(other)
    forget(STOP)
    assert standing() == [other]


STOP_REST = (STOP.model, STOP.air, STOP.writes, STOP.advice)


def test_addresses_that_look_alike_in_a_file_name_are_two() -> None:
    alike = [StandingStop("x", address, *STOP_REST) for address in ("C0:1", "C0_1", "C0/1")]
    elsewhere = StandingStop("x", "C0:1", STOP.model, "unix:/run/air_sock", STOP.writes, "")
    dotted = StandingStop("x", "C0:1", STOP.model, "unix:/run/air.sock", STOP.writes, "")
    for stop in (*alike, elsewhere, dotted):
        remember(stop)
    assert len(standing()) == len({(stop.address, stop.air) for stop in standing()}) == 4
    forget(alike[0])
    assert len(standing()) == 3


def test_it_is_forgotten_whatever_its_file_is_called() -> None:
    body = asdict(STOP)
    written("of-another-version.json", json.dumps(body))
    written("of-another-massager.json", json.dumps(body | {"address": "C0:00"}))
    forget(STOP)
    assert [stop.address for stop in standing()] == ["C0:00"]


@pytest.mark.parametrize("device", ["tactsuitx40", "c0:00:00:00:00:02", "BHAPTICS-X40"])
def test_it_is_meant_by_name_address_or_model(device: str) -> None:
    assert is_meant(device, STOP)
    assert not is_meant(device[:-1], STOP)


def test_only_its_user_can_read_it() -> None:
    remember(STOP)
    assert folder().stat().st_mode & 0o077 == 0


def test_an_address_that_looks_like_a_path_stays_in_the_folder() -> None:
    remember(StandingStop("x", "../../x", *STOP_REST))
    assert [path.parent for path in folder().glob("*.json")] == [folder()]
    assert len(standing()) == 1


def test_a_whole_file_is_read() -> None:
    written("x.json", json.dumps(WHOLE))
    (stop,) = standing()
    assert (stop.name, stop.writes) == ("x", (("6e40", "00", True),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        "{}",
        b"\xff\xfe",
        "[" * 100_000,
        json.dumps({key: value for key, value in WHOLE.items() if key != "address"}),
        json.dumps(WHOLE | {"writes": [["6e40", "not hex", True]]}),
        json.dumps(WHOLE | {"writes": [["6e40", "00"]]}),
        json.dumps(WHOLE | {"writes": 7}),
        json.dumps(WHOLE | {"writes": [["6e40", 7, True]]}),
    ],
)
def test_a_file_that_cannot_be_read_is_left_alone(text: str | bytes) -> None:
    path = written("x.json", text)
    remember(STOP)
    assert standing() == [STOP]
    assert path.exists()


def test_what_says_that_something_may_be_running_but_not_what_is_told_apart() -> None:
    broken = [written(name, "{") for name in ("b.json", "a.json")]
    written("c.new", "{")
    written("whole.json", json.dumps(WHOLE))
    remember(STOP)
    assert unreadable() == sorted(broken)


def test_nothing_is_unreadable_where_there_is_nothing() -> None:
    assert unreadable() == []
    remember(STOP)
    assert unreadable() == []


def test_the_folder_is_where_it_is_looked_for() -> None:
    state = Path(os.environ["XDG_STATE_HOME"])
    assert folder() == state / "devicehub" / "standing"


def test_a_file_that_cannot_be_read_does_not_hide_the_next() -> None:
    written("a.json", "{")
    written("b.json", json.dumps(WHOLE))
    assert [stop.name for stop in standing()] == ["x"]


def test_a_file_is_named_after_its_address_and_a_mark_of_its_own() -> None:
    remember(STOP)
    (file,) = folder().iterdir()
    assert re.fullmatch(r"C0_00_00_00_00_02-[0-9a-f]{16}\.json", file.name)


def test_a_long_address_is_cut_and_stays_readable() -> None:
    remember(StandingStop("x", "aZ9.-/" + "b" * 60, *STOP_REST))
    (file,) = folder().iterdir()
    assert file.name.rpartition("-")[0] == "aZ9.-_" + "b" * 34


def test_what_was_being_written_when_the_power_went_does_not_stand() -> None:
    written("x.new", json.dumps(WHOLE))
    (folder() / "y.json").mkdir()
    assert standing() == []


def test_a_folder_that_cannot_be_made_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(OSError):  # noqa: PT011 - of whatever kind
        remember(STOP)
