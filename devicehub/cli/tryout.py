"""`devicehub tryout`: the hidden command that holds the link for one burst of `devices new`.

A process of its own, for the reason that the keeper is one: whoever asked for the burst may be
killed, and it ends with its stop all the same. Only `devices new`, which asks each time whether the
massager lies off the body, can start it: it gives its order over a pipe (see `new_order`) and keeps
that open; closing it ends the burst early. It is told how far the burst is, and at last the level
that was reached, or the error.
"""

import asyncio
import contextlib
import json
import os
import secrets
import select
import signal
import stat
from collections.abc import Generator

import click

from devicehub.cli.air import open_air
from devicehub.cli.new_order import BEAT_S, LONGEST_ORDER, ORDER_TIMEOUT_S, Order, taken
from devicehub.cli.new_pace import turn
from devicehub.errors import HubError, RadioError, SafetyRefusal, StopUnconfirmed, UsageError
from devicehub.keeper import standing
from devicehub.keeper.standing import StandingStop
from devicehub.ledger.locks import device_lock
from devicehub.massagers.model import Massager
from devicehub.massagers.own import load_own
from devicehub.radio.local import LocalConnector
from devicehub.radio.port import Connector
from devicehub.safety.limits import load_user
from devicehub.session.trial import Asker, Stage, burst

_ALONE = "tryout is a part of devicehub devices new, which alone starts it; nothing was moved"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ASKER, _HEARS = 0, 1  # standard input and output


@click.command(hidden=True)
def tryout() -> int:
    """Move one motor once, off the body, as `devices new` orders it, and stop it."""
    order = _ordered()
    try:
        massager = load_own().massagers.get(order.model)  # the packaged ones need no trying
        if massager is None or order.motor >= len(massager.steps):
            raise UsageError(
                f"{order.model}: no massager of your own of that name with a motor {order.motor}"
            )
        reached = asyncio.run(_moved(massager, order))
    except HubError as error:
        _say({"error": type(error).__name__, "text": str(error)})
        return error.exit_code
    _say({"reached": reached})
    return 0


def _ordered() -> Order:
    """Return the order of who started this process.

    Raises:
        UsageError: Nobody is there to give one, or it is none.
    """
    if not _has_an_asker():
        raise UsageError(_ALONE)
    token = secrets.token_hex(16)
    _say({"token": token})
    ready, _, _ = select.select([_ASKER], [], [], ORDER_TIMEOUT_S)
    order = taken(os.read(_ASKER, LONGEST_ORDER), token) if ready else None
    if order is None:
        raise UsageError(_ALONE)
    return order


def _has_an_asker() -> bool:
    """Say whether standard input is a pipe or a socket, whose other end can be closed."""
    try:
        mode = os.fstat(_ASKER).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _say(row: dict[str, object]) -> None:
    """Say a line; who is gone or does not read must not hold the burst up.

    It goes in whole: there are some dozens a burst, and a pipe takes more than are ever said.
    """
    with contextlib.suppress(OSError):
        os.write(_HEARS, f"{json.dumps(row)}\n".encode())


async def _moved(massager: Massager, order: Order) -> int:
    """Move it once and return the level that was reached; nobody else of this user drives it."""
    os.set_blocking(_HEARS, False)
    enough = asyncio.Event()
    _end_with_the_asker(enough)
    told = _Told(massager)
    kept = _standing_stop(massager, order)
    beating = asyncio.create_task(told.beat())
    try:
        with _alone(kept) as wait_s:
            await asyncio.sleep(wait_s)
            async with open_air(order.air) as air:
                connector = LocalConnector(air, {massager.model: massager})
                return await kept_burst(
                    connector, kept, massager, order.motor, order.level, Asker(enough, told)
                )
    finally:
        beating.cancel()


@contextlib.contextmanager
def _alone(kept: StandingStop) -> Generator[float]:
    """Keep sessions and other bursts away; yield the seconds to wait.

    Raises:
        SafetyRefusal: One of them is under way.
        RadioError: Nobody can tell.
    """
    with contextlib.ExitStack() as held:
        try:
            wait_s = held.enter_context(turn())
            held.enter_context(device_lock(kept.address, kept.air))
        except OSError as error:
            raise RadioError(f"whether another session drives it: {error}") from error
        yield wait_s


async def kept_burst(
    connector: Connector,
    kept: StandingStop,
    massager: Massager,
    motor: int,
    level: int,
    asker: Asker,
) -> int:
    """Move it once; how to stop it stands on disk for as long as it may be running.

    What stood there before is of a motor that may be running still: that is stopped first, by
    `devicehub stop`, and is not ours to take away.

    Raises:
        SafetyRefusal: It may be running already, or not be moved like this.
        StopUnconfirmed, RadioError: As `burst`.
    """
    if any(_same(kept, one) for one in standing.standing()):
        raise SafetyRefusal(
            f"{massager.model}: it may be running already: its last stop was not confirmed\n"
            "stop it first: devicehub stop"
        )
    standing.remember(kept)
    try:
        reached = await burst(connector, kept.address, massager, motor, level, load_user(), asker)
    except StopUnconfirmed:
        raise
    except HubError:
        standing.forget(kept)  # nothing was connected, or its stop was confirmed
        raise
    standing.forget(kept)
    return reached


def _same(kept: StandingStop, one: StandingStop) -> bool:
    return (one.address.casefold(), one.air) == (kept.address.casefold(), kept.air)


def _end_with_the_asker(enough: asyncio.Event) -> None:
    """Have the burst end when who asked for it is gone, or has closed our standard input."""
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        loop.add_signal_handler(number, enough.set)

    def look() -> None:
        if not os.read(_ASKER, LONGEST_ORDER):
            loop.remove_reader(_ASKER)
            enough.set()

    loop.add_reader(_ASKER, look)


class _Told:
    """Tells the asker how far the burst is, again and again, and a person of what may be running.

    An asker that hears nothing any more knows that this process hangs.
    """

    def __init__(self, massager: Massager) -> None:
        self._massager = massager
        self._stage = Stage.CONNECTING
        self._alarmed = False

    def __call__(self, stage: Stage) -> None:
        self._stage = stage
        _say({"stage": stage})
        if stage is Stage.UNANSWERED and not self._alarmed:
            self._alarmed = True
            click.echo(
                f"\nMAY BE RUNNING: {self._massager.model} has not confirmed its stop, which is "
                f"written again and again. {self._massager.on_lost_link}",
                err=True,
            )

    async def beat(self) -> None:
        """Go on telling until cancelled."""
        while True:
            _say({"stage": self._stage})
            await asyncio.sleep(BEAT_S)


def _standing_stop(massager: Massager, order: Order) -> StandingStop:
    writes = tuple(
        (write.char, write.data.hex(), write.response)
        for stop in massager.stops
        for write in stop.writes
    )
    place = order.air or standing.BLUETOOTH
    return StandingStop(
        massager.title, order.where, massager.model, place, writes, massager.on_lost_link
    )
