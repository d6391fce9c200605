"""`devicehub keeper`: the hidden command that a hub starts; the keeper's process begins here."""

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path

import click

from devicehub.cli.air import load_air, open_air
from devicehub.errors import HubError
from devicehub.keeper.keeper import Keeper, decline
from devicehub.keeper.protocol import Alive, to_line
from devicehub.keeper.standing import BLUETOOTH
from devicehub.massagers.own import known_massagers
from devicehub.radio.local import LocalConnector
from devicehub.safety.limits import load as load_limits


@click.command(hidden=True)
@click.option("--air", "address", default=None, help="A simulator's address instead of Bluetooth.")
@click.option("--config", "file", type=click.Path(path_type=Path), help="Where proxies are set.")
@click.option("--spare", is_flag=True, help="Wait for a first word before the air is opened.")
def keeper(address: str | None, file: Path | None, *, spare: bool) -> int:
    """Hold the radio links of one hub; speaks over standard input and output."""
    return asyncio.run(_serve(address, file, spare=spare))


async def _serve(address: str | None, file: Path | None, *, spare: bool) -> int:
    os.set_blocking(sys.stdout.fileno(), False)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, pipe.close)  # as if the hub had gone
    try:
        library, limits = known_massagers(), load_limits()
        if spare and not await _woken(reader, address, file):
            return 0
        # Whatever has become of the settings: who follows a keeper that died has stops to write.
        async with open_air(address, file, whatever=True) as air:
            kept = Keeper(
                LocalConnector(air, library),
                address or BLUETOOTH,
                _say,
                simulated=air.simulated,
                limits=limits,
            )
            return 0 if await kept.serve(reader) else 3
    except HubError as error:
        await decline(reader, _say, error)
        return error.exit_code
    finally:
        pipe.close()


async def _woken(reader: asyncio.StreamReader, address: str | None, file: Path | None) -> bool:
    """Wait, ready but for the air, until the hub says a first word; False when it has gone.

    No air before: behind a stream may be a dongle, which takes one host at a time.
    """
    load_air(address, file)
    with contextlib.suppress(ConnectionError, ValueError):
        if await reader.readline():
            _say(to_line(Alive(asyncio.get_running_loop().time())))
            return True
    return False


def _say(line: bytes) -> None:
    """Write a line to the hub; one that is gone or does not read must not hold the keeper up.

    A line is shorter than PIPE_BUF (4096 bytes), so it goes in whole or not at all.
    """
    with contextlib.suppress(OSError):
        os.write(sys.stdout.fileno(), line)  # unbuffered: nothing is left to fail at the exit
