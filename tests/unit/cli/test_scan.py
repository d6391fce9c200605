"""`devicehub scan`: massagers in columns, reasons as sentences, strangers below."""

import json
from pathlib import Path

import pytest

from devicehub.cli import scan
from devicehub.cli.scan import STRANGERS_SHOWN, Row
from devicehub.errors import RadioError
from tests.unit.cli.shell import here

KEYS = [
    *("device", "name", "saved", "model", "rssi_dbm"),
    *("via", "battery_percent", "state", "why", "simulated"),
]
PAGE = Path(__file__).parents[3] / "docs" / "cli.md"


def row(**more: str | int | None) -> Row:
    plain: Row = dict.fromkeys(KEYS)
    return plain | {"device": "C0:01", "name": "DH-CAPE", "why": "", "simulated": False} | more


CAPE = row(model="reference-cape", state="free", rssi_dbm=-40)


def shown(*rows: Row) -> list[str]:
    return list(scan._lines(rows))  # pyright: ignore[reportPrivateUsage]


def test_a_massager_is_told_with_model_strength_and_battery() -> None:
    (line, *_) = shown(CAPE | {"battery_percent": 80})
    assert line == "C0:01  DH-CAPE  reference-cape  -40 dBm  battery 80%"


def test_one_that_was_saved_is_called_so() -> None:
    (line, *_) = shown(CAPE | {"saved": "blue cape"})
    assert line.startswith("C0:01  blue cape (DH-CAPE)  reference-cape")


def test_one_that_cannot_be_played_is_told_with_the_reason() -> None:
    vest = row(name="", saved="vest", model="bhaptics-x40", state="not heard", why="off, or away")
    (cape, line, *_) = shown(CAPE, vest)
    assert cape.startswith("C0:01")
    assert line == "vest (bhaptics-x40): not heard. off, or away"


def test_where_nothing_may_be_played_it_says_what_might_help() -> None:
    said = shown(row(name="BEAR", state="refused", why="current"))
    assert said[:2] == [
        "BEAR: refused. current",
        "No massager in range. Is it on, and free of other apps?",
    ]


def test_strangers_come_last_the_nearest_with_a_way_on_and_the_rest_is_counted() -> None:
    many = [row(name=f"Thing {i}", state="unknown", rssi_dbm=-50 - i) for i in range(10)]
    said = shown(CAPE, *many, row(name="", state="unknown", rssi_dbm=-90))
    assert said[1] == "C0:01  Thing 0  -50 dBm  unknown"
    assert said[STRANGERS_SHOWN + 1] == (
        "A massager among the unknown? devicehub devices new describes it. (3 more, --json has all)"
    )


def test_where_nobody_could_look_nothing_is_said_of_what_is_in_range(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def no_air(*_: object, **__: object) -> list[Row]:
        raise RadioError("Bluetooth cannot be used")

    monkeypatch.setattr(scan, "_scan", no_air)
    said = here(capsys, "scan")
    assert (said.code, said.err.strip()) == (1, "devicehub: Bluetooth cannot be used")
    assert "in range" not in said.out
    states = {line.split()[0]: line.split()[-1] for line in said.out.splitlines()}
    assert states["sim:reference-cape"] == "simulated"
    assert states["sim:foreo-ufo"] == "refused"


def test_json_has_the_keys_of_the_page_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    said = here(capsys, "scan", "--timeout", "0.1", "--json")
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == (1 if "Bluetooth" in said.err else 0)
    assert {tuple(each) for each in rows} == {tuple(KEYS)}
    assert "sim:reference-cape" in [each["device"] for each in rows]
    section = PAGE.read_text(encoding="utf-8").split("\n## scan\n")[1].split("\n## ")[0]
    assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == KEYS
