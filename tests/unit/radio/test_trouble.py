"""What bleak's backends raise where Bluetooth cannot be used, and the fix for each system."""

from itertools import product

from bleak.exc import BleakBluetoothNotAvailableError, BleakDBusError, BleakError

from devicehub.radio.air import BLUETOOTH, Air
from devicehub.radio.trouble import Cause, Reason, cause_of, fix_of, no_air, why
from tests.every import every_row

SYSTEMS = ("linux", "darwin", "win32")


class WinOSError(OSError):
    """An OSError as Windows makes it: only there it takes the number itself."""

    def __init__(self, code: int) -> None:
        super().__init__(22, "a text in the language of the system")
        self.winerror = code


@every_row(
    [
        # bluezdbus/manager.py
        (BleakBluetoothNotAvailableError("No adapters", Reason.NO_BLUETOOTH), Cause.NO_ADAPTER),
        (BleakBluetoothNotAvailableError("", Reason.NO_BLE_CENTRAL_ROLE), Cause.TOO_OLD),
        (BleakBluetoothNotAvailableError("No powered", Reason.POWERED_OFF), Cause.OFF),
        (BleakDBusError("org.bluez.Error.NotReady", ["Resource Not Ready"]), Cause.OFF),
        (BleakDBusError("org.bluez.Error.InProgress", ["Operation already"]), Cause.BUSY),
        (BleakDBusError("org.freedesktop.DBus.Error.AccessDenied", []), Cause.DENIED),
        (BleakDBusError("org.freedesktop.DBus.Error.ServiceUnknown", []), Cause.NO_SERVICE),
        (BleakDBusError("org.bluez.Error.Failed", ["?"]), Cause.UNKNOWN),
        (FileNotFoundError(2, "No such file or directory"), Cause.NO_SERVICE),
        (ConnectionRefusedError(111, "Connection refused"), Cause.NO_SERVICE),
        (EOFError(), Cause.NO_SERVICE),
        (PermissionError(13, "Permission denied"), Cause.DENIED),
        # corebluetooth/CentralManagerDelegate.py
        (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_USER), Cause.DENIED),
        (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_SYSTEM), Cause.DENIED),
        (BleakBluetoothNotAvailableError("", Reason.DENIED_BY_UNKNOWN), Cause.DENIED),
        (BleakBluetoothNotAvailableError("resetting", Reason.UNKNOWN), Cause.UNKNOWN),
        # winrt/scanner.py, and what Windows itself says
        (BleakError("Failed to start scanner. Is Bluetooth turned on?"), Cause.OFF),
        (WinOSError(-2147020577), Cause.OFF),
        (WinOSError(0x8007048F), Cause.NO_ADAPTER),
        (WinOSError(-2147024891), Cause.DENIED),
        (WinOSError(1), Cause.UNKNOWN),
        # backends/scanner.py
        (BleakError("Unsupported platform: FreeBSD"), Cause.UNSUPPORTED),
        (NotImplementedError(), Cause.UNSUPPORTED),
        (BleakError("something new"), Cause.UNKNOWN),
        (None, Cause.UNKNOWN),
    ]
)
def test_each_error_has_a_cause(error: Exception | None, cause: Cause) -> None:
    assert cause_of(error) is cause


@every_row(product(Cause, [*SYSTEMS, "freebsd14"]))
def test_each_cause_has_a_fix_in_one_line_on_every_system(cause: Cause, system: str) -> None:
    fix = fix_of(cause, system)
    assert fix
    assert "\n" not in fix
    assert len(fix) < 100


def test_the_fixes_are_those_of_the_system() -> None:
    assert len({fix_of(Cause.OFF, system) for system in SYSTEMS}) == len(SYSTEMS)
    assert len({fix_of(Cause.DENIED, system) for system in SYSTEMS}) == len(SYSTEMS)
    assert "bluetooth" in fix_of(Cause.NO_SERVICE, "linux")


def test_an_unknown_one_is_told_in_the_words_of_the_system() -> None:
    assert why(BleakError("something\n new")) == "something new"
    assert why(BleakError()) == "BleakError"


def test_the_whole_is_one_line() -> None:
    said = no_air(BLUETOOTH, BleakBluetoothNotAvailableError("", Reason.POWERED_OFF))
    assert said == f"Bluetooth cannot be used: it is switched off ({fix_of(Cause.OFF)})"


def test_a_simulated_air_has_a_fix_of_its_own() -> None:
    said = no_air(Air("unix:/air", simulated=True), ConnectionError("gone"))
    assert said == "unix:/air cannot be used: gone (is `firmware-sim run` still there?)"
