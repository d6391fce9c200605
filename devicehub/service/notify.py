"""Notify: tells the system's service manager how the service fares (the protocol of sd_notify).

A datagram to the socket that it named; without one nothing is told. Nothing here waits: a manager
that does not read is not told.
"""

import socket
from collections.abc import Mapping
from contextlib import suppress

_MICRO = 1_000_000


class Notify:
    """The way to the service manager, if there is one.

    Attributes:
        watchdog_s: It restarts the service when it was not fed for so long; None if it does not.
    """

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        """Make it from the environment of the process `pid`."""
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self.watchdog_s = _watchdog_s(environment, pid)
        self._status = ""

    def ready(self) -> None:
        """Say that everything is served."""
        self._tell("READY=1")

    def stopping(self) -> None:
        """Say that the end has begun."""
        self._tell("STOPPING=1")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._tell("WATCHDOG=1")

    def status(self, text: str) -> None:
        """Say in a line what happens now; the same line is not told twice."""
        line = " ".join(text.split())
        if line != self._status and self._tell(f"STATUS={line}"):
            self._status = line

    def _tell(self, text: str) -> bool:
        """Say it; False where the manager does not take it now."""
        if self._address is None:
            return False
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
            telling.setblocking(False)
            telling.sendto(text.encode(), self._address)
            return True
        return False


def _address(named: str) -> str | None:
    """Return the address of a socket; one that begins with @ has no file."""
    if named.startswith("@"):
        return "\0" + named[1:]
    return named if named.startswith("/") else None


def _watchdog_s(environment: Mapping[str, str], pid: int) -> float | None:
    usec, whose = environment.get("WATCHDOG_USEC", ""), environment.get("WATCHDOG_PID", "")
    if not usec.isdecimal() or not int(usec) or whose not in ("", str(pid)):
        return None
    return int(usec) / _MICRO
