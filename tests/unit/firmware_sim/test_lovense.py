"""The wand's firmware against its public protocol facts."""

import pytest

from firmware_sim.firmware.lovense import LovenseDomi, uuid
from firmware_sim.gatt import AttError, Effect, MotorChanged, Notify

TX, RX = uuid("W", 2), uuid("W", 3)


def say(wand: LovenseDomi, command: bytes, now_s: float = 1.0) -> tuple[list[int], list[bytes]]:
    """Write a command; return the levels that the motor took, and the answers."""
    return parted(wand.write(TX, command, now_s, response=False))


def parted(effects: list[Effect]) -> tuple[list[int], list[bytes]]:
    levels = [e.level for e in effects if isinstance(e, MotorChanged)]
    return levels, [e.value for e in effects if isinstance(e, Notify) and e.uuid == RX]


@pytest.fixture
def wand() -> LovenseDomi:
    wand = LovenseDomi()
    wand.connected(0.0)
    return wand


@pytest.mark.parametrize("level", range(1, 21))
def test_vibrate_drives_the_motor_and_is_answered_ok(wand: LovenseDomi, level: int) -> None:
    assert say(wand, f"Vibrate:{level};".encode()) == ([level], [b"OK;"])


def test_vibrate_0_stops_the_motor(wand: LovenseDomi) -> None:
    say(wand, b"Vibrate:20;")
    assert say(wand, b"Vibrate:0;") == ([0], [b"OK;"])


def test_a_repeated_level_is_answered_but_changes_nothing(wand: LovenseDomi) -> None:
    say(wand, b"Vibrate:20;")
    assert say(wand, b"Vibrate:20;") == ([], [b"OK;"])


def test_the_device_type_begins_with_the_model_code(wand: LovenseDomi) -> None:
    _, [answer] = say(wand, b"DeviceType;")
    code, version, mac = answer.decode().removesuffix(";").split(":")
    assert (code, version, len(bytes.fromhex(mac))) == ("W", "11", 6)


def test_the_battery_has_an_s_before_it_while_the_motor_runs(wand: LovenseDomi) -> None:
    assert say(wand, b"Battery;") == ([], [b"100;"])
    say(wand, b"Vibrate:20;", 1.0)
    assert say(wand, b"Battery;", 721.0) == ([], [b"s90;"])


def test_power_off_stops_the_motor(wand: LovenseDomi) -> None:
    say(wand, b"Vibrate:20;")
    assert say(wand, b"PowerOff;") == ([0], [b"OK;"])


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (b"Vibrate:21;", b"unkown,Vibrate:21;"),
        (b"Vibrate:-1;", b"unkown,Vibrate:-1;"),
        (b"Vibrate:;", b"unkown,Vibrate:;"),
        (b"Vibrate:007;", b"unkown,Vibrate:007;"),
        (b"Vibrate1:5;", b"unkown,Vibrate1:5;"),
        (b"vibrate:5;", b"unkown,vibrate:5;"),
        (b"Vibrate:5", b"unkown,Vibrate:5;"),
        (b"Vibrate:5;Vibrate:6;", b"unkown,Vibrate:5;Vi;"),
        (b"", b"unkown,;"),
        (b"\xff\xfe;", b"unkown,??;"),
    ],
)
def test_an_unknown_command_is_answered_so_and_changes_nothing(
    wand: LovenseDomi, command: bytes, answer: bytes
) -> None:
    say(wand, b"Vibrate:7;")
    assert say(wand, command) == ([], [answer])


def test_no_answer_is_longer_than_the_smallest_notification(wand: LovenseDomi) -> None:
    _, [answer] = say(wand, b"A" * 200 + b";")
    assert len(answer) == 20


def test_a_lost_link_leaves_the_motor_running(wand: LovenseDomi) -> None:
    say(wand, b"Vibrate:20;")
    assert parted(wand.disconnected(2.0)) == ([], [])
    assert parted(wand.connected(3600.0)) == ([], [])
    assert say(wand, b"Vibrate:0;", 3601.0) == ([0], [b"OK;"])


def test_the_wand_waits_for_nothing(wand: LovenseDomi) -> None:
    say(wand, b"Vibrate:20;")
    assert wand.next_poll_s() is None


def test_write_requests_are_refused(wand: LovenseDomi) -> None:
    with pytest.raises(AttError, match="0x03"):
        wand.write(TX, b"Vibrate:5;", 1.0, response=True)


def test_a_write_to_another_characteristic_is_ignored(wand: LovenseDomi) -> None:
    assert wand.write(RX, b"Vibrate:5;", 1.0, response=False) == []


def test_nothing_is_readable(wand: LovenseDomi) -> None:
    with pytest.raises(AttError, match="0x02"):
        wand.read(RX, 1.0)
