"""`devicehub keeper`: the hidden command that a hub starts; the keeper's process begins here."""

import asyncio
import contextlib
import os
import signal
import sys

import click

from devicehub.cli.air import open_air
from devicehub.errors import HubError
from devicehub.keeper.keeper import Keeper, decline
from devicehub.keeper.standing import BLUETOOTH
from devicehub.massagers.library import load_library
from devicehub.radio.link import LocalConnector
from devicehub.safety.limits import load as load_limits


@click.command(hidden=True)
@click.option("--air", "address", default=None, help="A simulator's address instead of Bluetooth.")
def keeper(address: str | None) -> int:
    """Hold the radio links of one hub; speaks over standard input and output."""
    return asyncio.run(_serve(address))


async def _serve(address: str | None) -> int:
    os.set_blocking(sys.stdout.fileno(), False)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    pipe, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, pipe.close)  # as if the hub had gone
    try:
        async with open_air(address) as air:
            kept = Keeper(
                LocalConnector(air, load_library()),
                address or BLUETOOTH,
                _say,
                simulated=air.simulated,
                limits=load_limits(),
            )
            return 0 if await kept.serve(reader) else 3
    except HubError as error:
        await decline(reader, _say, error)
        return error.exit_code
    finally:
        pipe.close()


def _say(line: bytes) -> None:
    """Write a line to the hub; one that is gone or does not read must not hold the keeper up.

    A line is shorter than PIPE_BUF (4096 bytes), so it goes in whole or not at all.
    """
    with contextlib.suppress(OSError):
        os.write(sys.stdout.fileno(), line)  # unbuffered: nothing is left to fail at the exit
