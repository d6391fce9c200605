"""`doctor --stop-test`: does stop work on this massager, how fast, and what if the link is lost?

A `drill` in a process of its own plays in bursts and times its stops. While it moves once more,
drill and keeper are killed: nobody is left to write stop, and the link goes as it does when a
computer dies. What the massager does then is read from it or asked of whoever watches; the next
write is stop, with the bytes that the keeper had kept.
"""

import asyncio
import contextlib
import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devicehub.cli import rescue
from devicehub.cli.air import open_air
from devicehub.cli.drill import write_profile
from devicehub.cli.interrupted import deaf, ended_like_ctrl_c
from devicehub.cli.request import NOBODY
from devicehub.cli.text import why
from devicehub.errors import HubError, RadioError, SafetyRefusal, StopUnconfirmed
from devicehub.keeper.standing import StandingStop, standing
from devicehub.massagers.own import known_massagers
from devicehub.radio.measured import RUNS_ON, STOPS, UNKNOWN, Measured, fingerprint
from devicehub.radio.stopbench import Seen, look
from devicehub.session import sockets

STOPS_ASKED = 5
LOOK_TIMEOUT_S = 10.0
# How often a massager that was just let go is tried to be stopped.
STOP_TRIES = 3
BLUETOOTHCTL_TIMEOUT_S = 5.0

Ask = Callable[[str], str | None]
"""Asks whoever watches what the massager does; None when nobody answers."""
Tell = Callable[[str], None]
"""Takes a line of what happens meanwhile."""


@dataclass(slots=True)
class _Heard:
    """What a drill said."""

    stops_ms: list[float | None] = field(default_factory=list[float | None])
    moving: bool = False
    still: str = ""
    detail: str = ""


def stop_test(
    device: str, address: str | None, person: str | None, ask: Ask, tell: Tell
) -> Measured:
    """Measure the massager called `device` on Bluetooth or on the air behind `address`.

    Args:
        device: Its address or advertised name.
        address: A simulator's air, or None.
        person: Who answers for a massager that is not simulated; None for the mannequin.
        ask: Asked when the link is gone and the massager cannot be read: one of `STOPS`,
            `RUNS_ON` and `UNKNOWN`.
        tell: Hears of each burst when it is over. Until the end SIGTERM and SIGHUP are Ctrl-C.

    Raises:
        DeviceNotFound: It was not heard.
        RadioError: It did not move, or the session ended early.
        StopUnconfirmed: It may be running.
        SafetyRefusal: It is not simulated, and there is no person.
    """
    with ended_like_ctrl_c():
        return _measured(device, address, person, ask, tell)


def _measured(
    device: str, address: str | None, person: str | None, ask: Ask, tell: Tell
) -> Measured:
    seen = asyncio.run(_look(device, address))
    tell(f"{device}: {STOPS_ASKED} bursts at the lowest step of a {seen.model}")
    on_lost_link, seen_by = UNKNOWN, "nobody"
    try:
        heard, cut = _drill(device, seen, address, person, tell)
        if cut:
            tell("its link was cut while it moved")
            on_lost_link, seen_by = _without_a_link(device, address, seen, ask)
    finally:
        with deaf():
            _stop_what_is_left(seen)
    return Measured(
        fingerprint=fingerprint(seen.address, seen.model, simulated=seen.simulated),
        model=seen.model,
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        firmware=seen.firmware,
        simulated=seen.simulated,
        stops_ms=tuple(ms for ms in heard.stops_ms if ms is not None),
        stops_asked=STOPS_ASKED,
        on_lost_link=on_lost_link,
        seen_by=seen_by,
    )


async def _look(device: str, address: str | None) -> Seen:
    async with open_air(address) as air:
        return await look(air, known_massagers(), device, LOOK_TIMEOUT_S)


# -- the drill ----------------------------------------------------------------------------------


def _drill(
    device: str, seen: Seen, address: str | None, person: str | None, tell: Tell
) -> tuple[_Heard, bool]:
    """Play in bursts; return what was heard, and whether the link was cut while it moved."""
    heard = _Heard()
    if person is None and not seen.simulated:
        raise SafetyRefusal(NOBODY.format(device))
    options = [] if address is None else ["--air", address]
    options += [] if person is None else ["--person", person]
    with (
        tempfile.TemporaryDirectory(prefix="devicehub-") as folder,
        _started(
            "drill", str(write_profile(Path(folder), seen.model)), device, seen.model, *options
        ) as drill,
    ):
        for row in _rows(drill):
            _hear(heard, row, tell)
            if heard.moving:
                cut = _cut(drill.pid)
                break
        else:
            drill.wait()
            early = f"the session ended before it was done: {why(heard.detail)}"
            raise RadioError(f"{device}: {heard.still or early}")
    sockets.remove(sockets.folder() / f"{drill.pid}.sock")  # a process that is killed leaves it
    if cut and not seen.simulated and sys.platform == "linux":
        _let_bluez_let_go(seen.address)
    return heard, cut


@contextmanager
def _started(*words: str) -> Generator[subprocess.Popen[str]]:
    """Start a command of ours; it is stopped at the end if it still runs."""
    command = [sys.executable, "-P", "-m", "devicehub", *words, "--times", str(STOPS_ASKED)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            yield process
        finally:
            process.terminate()
            with deaf():
                process.wait()  # it stops its massager first


def _rows(drill: subprocess.Popen[str]) -> Iterator[dict[str, object]]:
    for line in drill.stdout or ():
        with contextlib.suppress(ValueError):
            yield json.loads(line)


def _hear(heard: _Heard, row: dict[str, object], tell: Tell) -> None:
    match row:
        case {"event": "stop", "ms": float() | None as ms}:
            heard.stops_ms.append(ms)
            how = "stop NOT confirmed" if ms is None else f"stopped, confirmed in {ms:.0f} ms"
            tell(f"  burst {len(heard.stops_ms)} of {STOPS_ASKED}: {how}")
        case {"event": "moving"}:
            heard.moving = True
        case {"event": "still", "detail": str() as why}:
            heard.still = why
        case {"detail": str() as detail} if detail:
            heard.detail = detail
        case _:
            pass


def _cut(pid: int) -> bool:
    """Kill a hub and its keeper at one blow; False where the keeper cannot be found."""
    keepers = _children(pid)
    if not keepers:
        return False
    for keeper in keepers:
        os.kill(keeper, signal.SIGSTOP)  # so that it does not see the hub go
    os.kill(pid, signal.SIGKILL)
    for keeper in keepers:
        os.kill(keeper, signal.SIGKILL)
    return True


def _children(pid: int) -> list[int]:
    listed = subprocess.run(  # noqa: S603 - no word of it comes from outside
        [shutil.which("ps") or "ps", "-A", "-o", "pid=,ppid="],
        capture_output=True,
        text=True,
        check=False,
    )
    pairs = (line.split() for line in listed.stdout.splitlines())
    return [int(child) for child, parent in pairs if parent == str(pid)]


def _let_bluez_let_go(address: str) -> None:
    """End the link that Linux keeps for a process that is gone."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(  # noqa: S603 - an address that bleak named
            [shutil.which("bluetoothctl") or "bluetoothctl", "disconnect", address],
            capture_output=True,
            timeout=BLUETOOTHCTL_TIMEOUT_S,
            check=False,
        )


# -- after the link was cut ---------------------------------------------------------------------


def _without_a_link(device: str, address: str | None, before: Seen, ask: Ask) -> tuple[str, str]:
    """Return what it does without a link, and who saw it. Its own word is worth more."""
    if before.moving is not None:
        with contextlib.suppress(HubError):
            after = asyncio.run(_look(device, address))
            if after.moving is not None:
                return (RUNS_ON if after.moving else STOPS), "status"
    answer = ask(device)
    return (UNKNOWN, "nobody") if answer is None else (answer, "person")


def _stop_what_is_left(seen: Seen) -> None:
    """Stop what the drill left, with the bytes that were kept before it moved.

    Raises:
        StopUnconfirmed: It did not confirm.
    """
    for _ in range(STOP_TRIES):
        left = _left(seen)
        if not left:
            return
        for kept in left:
            asyncio.run(rescue.stop_standing(kept))
    if left := _left(seen):
        raise StopUnconfirmed(f"{left[0].name}: stop not confirmed. {left[0].advice}")


def _left(seen: Seen) -> Sequence[StandingStop]:
    return [kept for kept in standing() if kept.address.casefold() == seen.address.casefold()]
