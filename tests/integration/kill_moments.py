"""A hub is killed or suspended at each moment of a session: the part of the matrix in real time.

Real processes and signals, one session a cell, with vest, wand and cape at 50 ms; `kills` does the
same twenty times at one moment. While it connects there is the vest alone, which somebody else has
left running. Judged by the tapes, from the instant of the signal.
"""

import asyncio
import fcntl
import os
import pty
import signal
import subprocess
import termios
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bleak import BleakClient, BleakScanner

from devicehub.cli.air import open_air
from tests.integration.fault_scene import LEFT_RUNNING
from tests.integration.kills import (
    HUB_HUNG,
    HUB_KILLED,
    MODELS,
    Bench,
    NothingSeenError,
    seen,
)
from tests.integration.processes import ADVERTISED, VEST, alive, ended, keepers, until
from tests.integration.reel import Reel, follow

CONNECTS_S = 3.0  # to read the massager's table, and to write the first stop
HOLD_S = 3.5  # the soft start is over
PAUSED_S = 1.0
AFTERLIFE_S = 1.5  # longer than silence takes to be noticed: nothing begins again

SIGNALS = {
    "hub killed (SIGKILL)": (signal.SIGKILL, HUB_KILLED.bound_s),
    "hub hung (SIGSTOP)": (signal.SIGSTOP, HUB_HUNG.bound_s),
}
MOMENTS = ("connecting", "ramp", "hold", "pausing", "paused", "stopping")


@dataclass(frozen=True, slots=True)
class KillCell:
    """One cell: what is sent, when, and how soon all has to be at rest."""

    fault: str
    moment: str

    def __str__(self) -> str:
        return f"{self.fault}, {self.moment}"

    @property
    def number(self) -> int:
        return SIGNALS[self.fault][0]

    @property
    def within_s(self) -> float:
        """The bound of docs/safety.md, and in connecting what that takes."""
        return CONNECTS_S if self.moment == "connecting" else SIGNALS[self.fault][1]

    @property
    def models(self) -> tuple[str, ...]:
        return (VEST,) if self.moment == "connecting" else MODELS


KILL_CELLS = [KillCell(fault, moment) for fault in SIGNALS for moment in MOMENTS]


@dataclass(frozen=True, slots=True)
class Terminal:
    """A hub at a terminal: keys can be pressed."""

    hub: subprocess.Popen[str]
    keyboard: int

    def press(self, key: bytes) -> None:
        os.write(self.keyboard, key)


def struck(cell: KillCell, here: Bench, within_s: float | None = None) -> tuple[float, list[str]]:
    """Live through a cell; return how long the slowest motor moved on, and the flaws.

    It is a flaw to move for longer than `within_s`, None for what is promised of the cell.

    Raises:
        NothingSeenError: No session came to the moment of the cell.
    """
    return seen(lambda: _struck_once(cell, here, within_s or cell.within_s))


def _struck_once(cell: KillCell, here: Bench, within_s: float) -> tuple[float, list[str]]:
    if cell.moment == "connecting":
        _left_running(here)
    reels = [here.reels[model] for model in cell.models]
    with at_a_terminal(here, cell.models) as terminal:
        _MOMENTS[cell.moment](terminal, reels)
        at_s = time.monotonic()
        terminal.hub.send_signal(cell.number)
        _follow_until_rest(reels, within_s + AFTERLIFE_S)
        keeper = keepers(terminal.hub.pid, spare=False)
        terminal.hub.kill()
        terminal.hub.wait()
        until(lambda: not any(map(alive, keeper)), "the keeper is still there")
        follow(reels, AFTERLIFE_S)
    took_s = max(reel.after(at_s) for reel in reels)
    return took_s, list(_flaws(cell, here, took_s, within_s))


def _flaws(cell: KillCell, here: Bench, took_s: float, within_s: float) -> Iterator[str]:
    if took_s > within_s:
        yield f"{cell}: rests after {took_s:.2f} s, {within_s:g} s are promised"
    if any(here.reels[model].moving for model in cell.models):
        yield f"{cell}: moves again"
    if left := here.home.standing():
        yield f"{cell}: {', '.join(left)} may be running, as is told"


def _left_running(here: Bench) -> None:
    """Let somebody else leave the vest running."""
    asyncio.run(_left_by_another(here.home.air))
    _await([here.reels[VEST]], lambda reel: reel.moving)


async def _left_by_another(air: str) -> None:
    char, data, response = LEFT_RUNNING[VEST]
    async with open_air(air) as there:
        found = await BleakScanner.find_device_by_name(
            ADVERTISED[VEST], **there.scanner_arguments()
        )
        if found is None:
            raise AssertionError("the vest is not heard")
        async with BleakClient(found, **there.client_arguments()) as client:
            await client.write_gatt_char(char, data, response=response)


def _follow_until_rest(reels: Sequence[Reel], within_s: float) -> None:
    end_s = time.monotonic() + within_s
    while any(reel.moving for reel in reels) and time.monotonic() < end_s:
        follow(reels, 0.02)


def _await(reels: Sequence[Reel], what: Callable[[Reel], bool]) -> None:
    def look() -> bool:
        for reel in reels:
            reel.read()
        return all(map(what, reels))

    until(look, "the session does not come so far")


def _connecting(_terminal: Terminal, reels: Sequence[Reel]) -> None:
    before = [reel.links for reel in reels]
    _await(reels, lambda reel: reel.links > before[reels.index(reel)])


def _ramp(_terminal: Terminal, reels: Sequence[Reel]) -> None:
    _await(reels, lambda reel: reel.moving)


def _hold(terminal: Terminal, reels: Sequence[Reel]) -> None:
    _ramp(terminal, reels)
    follow(reels, HOLD_S)
    if not all(reel.moving for reel in reels):
        raise NothingSeenError("the session does not play on, so nothing can be seen")


def _pausing(terminal: Terminal, reels: Sequence[Reel]) -> None:
    _hold(terminal, reels)
    terminal.press(b" ")


def _paused(terminal: Terminal, reels: Sequence[Reel]) -> None:
    _pausing(terminal, reels)
    follow(reels, PAUSED_S)
    if any(reel.moving for reel in reels):
        raise AssertionError("it does not pause")


def _stopping(terminal: Terminal, reels: Sequence[Reel]) -> None:
    _hold(terminal, reels)
    terminal.press(b"q")


_MOMENTS: dict[str, Callable[[Terminal, Sequence[Reel]], None]] = {
    "connecting": _connecting,
    "ramp": _ramp,
    "hold": _hold,
    "pausing": _pausing,
    "paused": _paused,
    "stopping": _stopping,
}


@contextmanager
def at_a_terminal(here: Bench, models: Sequence[str]) -> Generator[Terminal]:
    """Begin to play at a terminal of its own, whose output is read and forgotten."""
    keyboard, screen = pty.openpty()

    def forget() -> None:
        with suppress(OSError):  # the last one who had the terminal open has gone
            while os.read(keyboard, 4096):
                pass

    def take_the_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    reading = threading.Thread(target=forget, daemon=True)
    try:
        with ended(
            subprocess.Popen(
                here.home.play_command(models),
                env=here.home.env | {"TERM": "dumb"},
                stdin=screen,
                stdout=screen,
                stderr=screen,
                text=True,
                start_new_session=True,
                preexec_fn=take_the_terminal,  # noqa: PLW1509 - before there is any thread
            )
        ) as hub:
            os.close(screen)
            screen = -1
            reading.start()
            yield Terminal(hub, keyboard)
        reading.join(5.0)
    finally:
        os.close(keyboard)
        if screen >= 0:
            os.close(screen)
