"""Measurements of stop tests: kept, read strictly, used for the massager they were made on."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devicehub.massagers.library import load_library
from devicehub.radio import measured
from devicehub.radio.measured import RUNS_ON, STOPS, UNKNOWN, Measured
from devicehub.radio.scanner import find
from tests.unit.radio.bench import bench

VEST = load_library()["bhaptics-x40"]
ADDRESS = "C0:FF:EE:00:00:02"
FOUND = Measured(
    fingerprint=measured.fingerprint(ADDRESS, VEST.model),
    model=VEST.model,
    date="2026-11-22",
    firmware="1.2",
    simulated=False,
    stops_ms=(20.0, 31.5),
    stops_asked=2,
    on_lost_link=RUNS_ON,
    seen_by="person",
)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def test_what_is_kept_is_found_again() -> None:
    path = measured.keep(FOUND)
    assert measured.known() == (FOUND,)
    assert measured.of_address(ADDRESS.lower(), VEST.model) == FOUND
    assert "c0:ff:ee" not in (path.name + path.read_text()).casefold()


def test_nothing_is_known_of_another_massager() -> None:
    measured.keep(FOUND)
    assert measured.of_address("C0:FF:EE:00:00:03", VEST.model) is None
    assert measured.of_address(ADDRESS, "lovense-domi") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_lost_link": "perhaps"},
        {"on_lost_link": None},
        {"simulated": 1},
        {"firmware": 2},
        {"stops_ms": [float("nan")]},
        {"stops_ms": [-1.0]},
        {"stops_ms": ["20"]},
        {"stops_ms": [1.0, 2.0, 3.0]},
        {"stops_ms": 20.0},
        {"stops_asked": True},
        {"fingerprint": "0000000000000000"},
        {"more": 1},
    ],
)
def test_what_makes_no_sense_is_no_measurement(wrong: dict[str, Any]) -> None:
    path = measured.keep(FOUND)
    path.write_text(json.dumps(json.loads(path.read_text()) | wrong))
    assert measured.known() == ()
    assert measured.broken() == (path,)


@pytest.mark.parametrize("torn", ["", "{", "[]", "null", "[" * 100_000])
def test_a_torn_file_is_no_measurement(torn: str) -> None:
    path = measured.keep(FOUND)
    path.write_text(torn)
    assert measured.of_address(ADDRESS, VEST.model) is None


@pytest.mark.parametrize(("seen", "fact"), [(STOPS, "yes"), (RUNS_ON, "no")])
def test_a_measurement_is_the_fact_for_that_massager(seen: str, fact: str) -> None:
    measured.keep(replace(FOUND, on_lost_link=seen))
    known = measured.as_measured(VEST, ADDRESS)
    assert known.stops_on_disconnect == fact
    assert known.on_lost_link.startswith(
        f"Measured 2026-11-22: this one {seen} when the link is lost."
    )
    assert known.on_lost_link.endswith(VEST.on_lost_link)


async def test_a_massager_that_is_found_comes_with_what_was_measured_on_it(tmp_path: Path) -> None:
    async with bench(tmp_path, (VEST.model,)) as here:
        address = here.sim.addresses[VEST.model]
        number = measured.fingerprint(address, VEST.model)
        measured.keep(replace(FOUND, fingerprint=number, on_lost_link=STOPS))
        sighting = await find(here.air, load_library(), address, 1.0)
    assert sighting.massager.stops_on_disconnect == "yes"


def test_what_a_simulated_massager_did_is_told_of_no_real_one_at_its_address() -> None:
    number = measured.fingerprint(ADDRESS, VEST.model, simulated=True)
    measured.keep(FOUND)
    measured.keep(replace(FOUND, fingerprint=number, simulated=True, on_lost_link=STOPS))
    assert measured.as_measured(VEST, ADDRESS).stops_on_disconnect == "no"  # as the real one did
    assert len(measured.known()) == 2
    measured.keep(replace(FOUND, simulated=True))  # as before the two were kept apart
    assert measured.as_measured(VEST, ADDRESS) is VEST


def test_what_nobody_saw_changes_nothing() -> None:
    measured.keep(replace(FOUND, on_lost_link=UNKNOWN, seen_by="nobody"))
    assert measured.as_measured(VEST, ADDRESS) is VEST


def test_the_evidence_says_what_was_seen_and_by_whom() -> None:
    assert FOUND.sentence() == (
        f"measured 2026-11-22 on massager {FOUND.fingerprint}, firmware 1.2: "
        "2 of 2 stops confirmed, at most 32 ms; runs on when the link is lost (seen by person)"
    )
