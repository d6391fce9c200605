"""Bytes of others and bytes worked out on paper: the codec gives them and reads them."""

import math
from typing import Any

import pytest

from devicehub.errors import MassagerError
from devicehub.massagers.decode import decode
from devicehub.massagers.encode import raw
from devicehub.massagers.family import check_vectors
from devicehub.massagers.identity import uuid_matches
from devicehub.massagers.library import load_text
from devicehub.massagers.model import Massager
from devicehub.massagers.parse import is_stop, levels_of
from devicehub.massagers.report import Report
from devicehub.massagers.shelf import texts
from devicehub.massagers.wire import Encoded, Write
from tests.every import every_row
from tests.unit.massagers.material import CAPE, DOMI, SMALL, X40, vectors

GOLDEN = vectors("reference_cape.json")
VEST = vectors("bhaptics_lg_mit.json")
SINGLE = vectors("lovense_single.json")
BATTERY = vectors("lovense_battery_1motor.json")
RX = "57300003-0023-4bd4-bbd5-a6920e4c5653"


def named(cases: list[dict[str, Any]], key: str = "name") -> Any:
    return pytest.mark.parametrize("case", cases, ids=[case[key] for case in cases])


def only_write(subject: Massager, levels: list[int], counter: int = 0) -> Write:
    (write,) = raw(subject, levels, counter)
    return Write(write.char, write.data, write.response)


@named(GOLDEN["frames"])
def test_the_cape_gets_the_frame_that_was_worked_out_on_paper(case: dict[str, Any]) -> None:
    write = only_write(CAPE, case["levels"], case["counter"])
    assert write.data.hex() == case["hex"]
    assert write.char == GOLDEN["levels_characteristic"]
    assert write.response


@named(GOLDEN["frames"])
def test_the_capes_frame_is_read_back(case: dict[str, Any]) -> None:
    write = Write(GOLDEN["levels_characteristic"], bytes.fromhex(case["hex"]), response=True)
    assert levels_of(CAPE, write) == tuple(case["levels"])


@named(GOLDEN["refused"], "why")
def test_a_wrong_frame_of_the_cape_is_not_on_the_whitelist(case: dict[str, Any]) -> None:
    write = Write(GOLDEN["levels_characteristic"], bytes.fromhex(case["hex"]), response=True)
    assert levels_of(CAPE, write) is None


@named(GOLDEN["reports"])
def test_the_capes_status_is_read(case: dict[str, Any]) -> None:
    report = decode(CAPE, GOLDEN["status_characteristic"], bytes.fromhex(case["hex"]))
    assert report is not None
    assert report.battery_percent == case["battery_percent"]
    assert report.levels == tuple(case["levels"])
    assert report.heat_c is not None
    assert (None if math.isnan(report.heat_c) else report.heat_c) == case["heat_c"]


@named(GOLDEN["not_reports"], "why")
def test_what_is_no_status_of_the_cape_is_not_read(case: dict[str, Any]) -> None:
    assert decode(CAPE, GOLDEN["status_characteristic"], bytes.fromhex(case["hex"])) is None


def test_the_capes_stop_is_one_byte_that_asks_for_a_response() -> None:
    (stop,) = CAPE.stops
    assert stop.writes == (
        Write(GOLDEN["levels_characteristic"], bytes.fromhex(GOLDEN["stop"]), response=True),
    )


@named(VEST["cases"])
def test_the_vest_gets_the_frame_that_was_written_to_a_real_one(case: dict[str, Any]) -> None:
    write = only_write(X40, case["decoded_motors_0_15"])
    assert write == Write(VEST["characteristic"], bytes.fromhex(case["hex"]), response=True)


@named(VEST["cases"])
def test_the_vests_frame_is_read_back(case: dict[str, Any]) -> None:
    write = Write(VEST["characteristic"], bytes.fromhex(case["hex"]), response=True)
    assert levels_of(X40, write) == tuple(case["decoded_motors_0_15"])


def test_the_vests_stop_is_the_frame_that_clears_a_real_one() -> None:
    clear = next(case for case in VEST["cases"] if case["name"] == "clear")
    (stop,) = X40.stops
    assert stop.writes == (
        Write(VEST["characteristic"], bytes.fromhex(clear["hex"]), response=True),
    )


def test_lovense_gets_the_level_command_of_the_recorded_conversation() -> None:
    step = SINGLE["steps"][0]
    (expected,) = step["expect"]
    write = only_write(DOMI, [level["level"] for level in step["derived_levels"]])
    assert (write.data.hex(), write.response) == (expected["hex"], expected["with_response"])


def test_lovense_gets_the_stop_of_the_recorded_conversation() -> None:
    (expected,) = SINGLE["steps"][1]["expect"]
    (stop,) = DOMI.stops
    (write,) = stop.writes
    assert (write.data.hex(), write.response) == (expected["hex"], expected["with_response"])
    assert is_stop(DOMI, write)


def test_lovense_is_asked_who_it_is_as_in_the_recorded_conversation() -> None:
    subscribed, asked, answered = SINGLE["init"]
    (step,) = DOMI.connect
    assert isinstance(step.does, Encoded)
    (write,) = step.does.writes
    (answers,) = DOMI.notifies
    assert subscribed["endpoint"] == "rx"
    assert uuid_matches(answers, RX)
    assert (write.data.hex(), write.response) == (asked["hex"], asked["with_response"])
    assert step.expect is not None
    # The recorded device is of code Z, ours of code W: the answer is told apart.
    other = bytes.fromhex(answered["hex"])
    assert not step.expect.matches(other)
    assert step.expect.matches(other.replace(b"Z", b"W"))


def test_lovense_is_asked_for_its_battery_as_in_the_recorded_conversation() -> None:
    (step,) = BATTERY["steps"]
    (expected,) = step["expect"]
    (answer,) = step["device_events"]
    asked = DOMI.battery_ask
    assert asked is not None
    assert [write.data.hex() for write in asked.writes] == [expected["hex"]]
    assert decode(DOMI, RX, bytes.fromhex(answer["hex"])) == Report(battery_percent=100)


@every_row(texts())
def test_every_packaged_file_keeps_its_own_vectors(name: str, text: str) -> None:
    check_vectors(load_text(text, name))


def test_a_vector_that_does_not_fit_its_frame_is_named_with_both() -> None:
    family = load_text(SMALL.replace("a003", "a004"), "small.toml")
    with pytest.raises(MassagerError, match=r"small.toml: vectors\[0\].writes: says a004, .* a003"):
        check_vectors(family)


def test_a_vector_with_a_level_out_of_range_is_named() -> None:
    family = load_text(SMALL.replace("levels = [3]", "levels = [11]"), "small.toml")
    with pytest.raises(MassagerError, match=r"vectors\[0\].levels: .* level 11; must be 0 to 10"):
        check_vectors(family)
