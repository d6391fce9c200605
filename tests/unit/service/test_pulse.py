"""The pulse: the watchdog is fed while everything turns, and not a moment longer."""

import asyncio
import socket
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from devicehub.messages import EndReason
from devicehub.service.notify import Notify
from devicehub.service.pulse import PULSE_S, STUCK, STUCK_S, Pulse
from tests.unit.service.hall import GRACE_S, SEAT, hall

PID = 7


class Systemd:
    """A real datagram socket, as the service manager has one."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(address.replace("@", "\0", 1))

    def told(self) -> list[str]:
        """Return what it was told since it was asked before."""
        said: list[str] = []
        try:
            while True:
                said.append(self._socket.recv(4096).decode())
        except BlockingIOError:
            return said

    def close(self) -> None:
        self._socket.close()

    def notify(self, watchdog_s: float | None = None, pid: str = str(PID)) -> Notify:
        environment = {"NOTIFY_SOCKET": self.address}
        if watchdog_s is not None:
            environment |= {"WATCHDOG_USEC": f"{watchdog_s * 1e6:.0f}", "WATCHDOG_PID": pid}
        return Notify(environment, PID)


@contextmanager
def systemd(*, is_file: bool = True) -> Generator[Systemd]:
    with tempfile.TemporaryDirectory(prefix="dh-") as folder:
        manager = Systemd(f"{folder}/notify" if is_file else f"@{folder}/notify")
        try:
            yield manager
        finally:
            manager.close()


@pytest.mark.parametrize("is_file", [True, False])
def test_the_manager_is_told_what_happens(*, is_file: bool) -> None:
    with systemd(is_file=is_file) as manager:
        notify = manager.notify()
        notify.ready()
        notify.status("serves\nseat")
        notify.status("serves seat")
        notify.stopping()
        assert manager.told() == ["READY=1", "STATUS=serves seat", "STOPPING=1"]


def test_a_manager_that_does_not_read_holds_nobody_up_and_hears_the_status_later() -> None:
    with systemd() as manager:
        notify = manager.notify()
        for _ in range(1000):  # far more than a socket takes
            notify.alive()
        notify.status("serves seat")
        assert set(manager.told()) == {"WATCHDOG=1"}
        notify.status("serves seat")
        assert manager.told() == ["STATUS=serves seat"]


def test_without_a_manager_nothing_is_told() -> None:
    for environment in ({}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "vsock:1:2"}):
        Notify(environment, PID).ready()


@pytest.mark.parametrize(
    ("usec", "pid", "seconds"),
    [("10000000", "7", 10.0), ("500000", "", 0.5), ("10000000", "8", None), ("0", "7", None),
     ("soon", "7", None), ("", "7", None)],
)  # fmt: skip
def test_the_watchdog_is_that_of_this_process(usec: str, pid: str, seconds: float | None) -> None:
    assert Notify({"WATCHDOG_USEC": usec, "WATCHDOG_PID": pid}, PID).watchdog_s == seconds


async def test_the_watchdog_is_fed_three_times_in_its_time(tmp_path: Path) -> None:
    with systemd() as manager:
        async with (
            hall(tmp_path) as here,
            beating(Pulse(here.service, manager.notify(10.0))) as pulse,
        ):
            await asyncio.sleep(20.5)
            assert manager.told().count("WATCHDOG=1") in (5, 6)
            assert pulse.vitals.uptime_s == pytest.approx(20.5)
            assert pulse.vitals.loop_lag_ms == pytest.approx(0.0, abs=1.0)


async def test_a_session_whose_core_loop_stands_is_stopped_and_feeds_nothing(
    tmp_path: Path,
) -> None:
    with systemd() as manager:
        async with hall(tmp_path) as here:
            running = await here.plays()
            pulse = Pulse(here.service, manager.notify(0.75))
            await turned(pulse)
            assert manager.told()[1:] == ["WATCHDOG=1"]
            standing = running._hub  # pyright: ignore[reportPrivateUsage] - its loop is to stand
            assert standing is not None
            assert standing.session is not None
            standing.session.player.pause()  # its time stands, and it says that it plays
            await turned(pulse, STUCK_S)
            manager.told()
            assert not here.still()
            await turned(pulse)
            assert manager.told() == []
            await here.over()
            assert here.still()
            await turned(pulse)
            assert "WATCHDOG=1" in manager.told()
            (last,) = here.service.sessions()
    assert last.summary is not None
    assert (last.summary.reason, last.summary.detail) == (EndReason.STOPPED, STUCK)


async def turned(pulse: Pulse, seconds: float = PULSE_S) -> None:
    """Let a pulse turn for so long."""
    for _ in range(round(seconds / PULSE_S)):
        await asyncio.sleep(PULSE_S)
        pulse.turn()


async def test_the_manager_is_told_what_plays(tmp_path: Path) -> None:
    with systemd() as manager:
        async with hall(tmp_path) as here, beating(Pulse(here.service, manager.notify())):
            await asyncio.sleep(1.0)
            await here.plays()
            assert manager.told() == [
                "STATUS=serves seat; nothing plays",
                "STATUS=serves seat; seat: steady",
            ]


@pytest.mark.exhaustive
async def test_the_pulse_looks_at_leases(tmp_path: Path) -> None:
    async with hall(tmp_path) as here, beating(Pulse(here.service, Notify({}, PID))):
        await here.plays(leased=True)
        await asyncio.sleep(GRACE_S)
        assert here.service.session_of(SEAT) is None


class beating:  # noqa: N801 - reads as what it does
    """Let a pulse beat meanwhile."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    async def __aenter__(self) -> Pulse:
        self._task = asyncio.create_task(self._pulse.run())
        return self._pulse

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.wait((self._task,))
