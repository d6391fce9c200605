"""Trouble: why Bluetooth cannot be used on this system, and what mends it.

Each of bleak's backends fails in words of its own. Here they become a handful of causes, each with
a fix for Linux, macOS and Windows.
"""

import sys
from collections.abc import Mapping
from enum import Enum

from bleak.exc import (
    BleakBluetoothNotAvailableError,
    BleakBluetoothNotAvailableReason,
    BleakDBusError,
    BleakError,
)

from devicehub.radio.air import Air

ERRORS = (BleakError, OSError, EOFError, NotImplementedError)
"""What bleak raises where an air cannot be used. The D-Bus library ends with EOFError."""

Reason = BleakBluetoothNotAvailableReason


class Cause(Enum):
    """Why it cannot be used; the value is for people."""

    NO_ADAPTER = "this computer has no Bluetooth adapter that works"
    TOO_OLD = "its adapter cannot connect to massagers (Bluetooth 4.0 or newer does)"
    OFF = "it is switched off"
    DENIED = "this program may not use it"
    NO_SERVICE = "its service does not run"
    BUSY = "another program keeps it busy"
    UNSUPPORTED = "this system has no Bluetooth that bleak knows"
    UNKNOWN = "nobody knows why"


_REASONS: Mapping[Reason, Cause] = {
    Reason.NO_BLUETOOTH: Cause.NO_ADAPTER,
    Reason.NO_BLE_CENTRAL_ROLE: Cause.TOO_OLD,
    Reason.POWERED_OFF: Cause.OFF,
    Reason.DENIED_BY_USER: Cause.DENIED,
    Reason.DENIED_BY_SYSTEM: Cause.DENIED,
    Reason.DENIED_BY_UNKNOWN: Cause.DENIED,
}
# Names of D-Bus errors: those of BlueZ (doc/org.bluez.Adapter.rst) and of the bus itself.
_DBUS: Mapping[str, Cause] = {
    "org.bluez.Error.NotReady": Cause.OFF,
    "org.bluez.Error.InProgress": Cause.BUSY,
    "org.bluez.Error.NotAuthorized": Cause.DENIED,
    "org.bluez.Error.NotPermitted": Cause.DENIED,
    "org.freedesktop.DBus.Error.AccessDenied": Cause.DENIED,
    "org.freedesktop.DBus.Error.NameHasNoOwner": Cause.NO_SERVICE,
    "org.freedesktop.DBus.Error.ServiceUnknown": Cause.NO_SERVICE,
    "org.freedesktop.DBus.Error.Spawn.ServiceNotFound": Cause.NO_SERVICE,
    "org.freedesktop.DBus.Error.UnknownObject": Cause.NO_ADAPTER,
}
_TYPES: Mapping[tuple[type[BaseException], ...], Cause] = {
    (PermissionError,): Cause.DENIED,
    # The system's bus is not there, or has just ended.
    (FileNotFoundError, ConnectionRefusedError, EOFError): Cause.NO_SERVICE,
    (NotImplementedError,): Cause.UNSUPPORTED,
}
# HRESULTs (Windows Error Codes, winerror.h): device not available, not connected, access denied.
_WINDOWS: Mapping[int, Cause] = {
    0x800710DF: Cause.OFF,
    0x8007048F: Cause.NO_ADAPTER,
    0x80070005: Cause.DENIED,
}
_WORDS: Mapping[str, Cause] = {
    "unsupported platform": Cause.UNSUPPORTED,
    "turned off": Cause.OFF,
    "bluetooth turned on?": Cause.OFF,  # winrt's scanner that does not start
    "no bluetooth adapters": Cause.NO_ADAPTER,
}

_LINUX: Mapping[Cause, str] = {
    Cause.NO_ADAPTER: "plug one in; bluetoothctl list shows those that are there",
    Cause.OFF: "switch it on: rfkill unblock bluetooth; bluetoothctl power on",
    Cause.DENIED: 'join its group: sudo usermod -aG bluetooth "$USER", then log in again',
    Cause.NO_SERVICE: "start it: sudo systemctl enable --now bluetooth",
    Cause.BUSY: "end the other scan, or sudo systemctl restart bluetooth",
    Cause.UNKNOWN: "is it on, and may this user use it? bluetoothctl show tells",
}
_MACOS: Mapping[Cause, str] = {
    Cause.NO_ADAPTER: "plug one in, or restart the Mac if it should have one",
    Cause.OFF: "switch it on: System Settings, Bluetooth",
    Cause.DENIED: "allow this terminal: System Settings, Privacy & Security, Bluetooth",
    Cause.UNKNOWN: "switch Bluetooth off and on, and look at System Settings, Privacy & Security",
}
_WINDOWS_FIXES: Mapping[Cause, str] = {
    Cause.NO_ADAPTER: "plug one in; the Device Manager shows those that are there",
    Cause.OFF: "switch it on: Settings, Bluetooth & devices",
    Cause.DENIED: "allow it: Settings, Privacy & security, Radios",
    Cause.NO_SERVICE: "start the Bluetooth Support Service (services.msc)",
    Cause.UNKNOWN: "switch Bluetooth off and on under Settings, Bluetooth & devices",
}
_FIXES = {"linux": _LINUX, "darwin": _MACOS, "win32": _WINDOWS_FIXES}
_EVERYWHERE: Mapping[Cause, str] = {
    Cause.TOO_OLD: "plug in one with Bluetooth 4.0 or newer",
    Cause.UNSUPPORTED: "use Linux, macOS or Windows; simulated massagers play everywhere",
}
_SWITCH_IT_ON = "switch Bluetooth on"


def cause_of(error: BaseException | None) -> Cause:
    """Return what lies behind an error of one of bleak's backends."""
    if isinstance(error, BleakBluetoothNotAvailableError):
        return _REASONS.get(error.reason, Cause.UNKNOWN)
    if isinstance(error, BleakDBusError):
        return _DBUS.get(error.dbus_error, Cause.UNKNOWN)
    by_type = (cause for kinds, cause in _TYPES.items() if isinstance(error, kinds))
    return next(by_type, None) or _by_words(error)


def _by_words(error: BaseException | None) -> Cause:
    code = getattr(error, "winerror", None)
    if isinstance(code, int) and (known := _WINDOWS.get(code & 0xFFFFFFFF)) is not None:
        return known
    said = str(error).casefold()
    return next((cause for words, cause in _WORDS.items() if words in said), Cause.UNKNOWN)


def fix_of(cause: Cause, system: str = sys.platform) -> str:
    """Return what mends it on a system (as `sys.platform`), for a person."""
    fixes = _FIXES.get(system, {})
    return fixes.get(cause) or _EVERYWHERE.get(cause) or fixes.get(Cause.UNKNOWN, _SWITCH_IT_ON)


def why(error: BaseException | None) -> str:
    """Return in words why Bluetooth cannot be used: the cause, or what the system said."""
    cause = cause_of(error)
    if cause is not Cause.UNKNOWN:
        return cause.value
    return (" ".join(str(error).split()) or type(error).__name__)[:120]


def no_air(air: Air, error: Exception) -> str:
    """Say in one line why an air cannot be used, and what would help."""
    if air.simulated or air.cabled:
        reason = " ".join(str(error).split()) or type(error).__name__
        return f"{air.name} cannot be used: {reason[:120]} (is `firmware-sim run` still there?)"
    return f"{air.name} cannot be used: {why(error)} ({fix_of(cause_of(error))})"
