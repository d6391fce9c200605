"""`firmware-sim proxy`: a simulated ESPHome Bluetooth proxy in a process of its own."""

import json
import os
import signal
import sys
from typing import NoReturn

import click

_BAD_INPUT = 2
# \b: click leaves the lines below it as they are.
_EXAMPLES = """\b
firmware-sim run reference-cape --listen unix:/tmp/bedroom.sock
firmware-sim proxy --air unix:/tmp/bedroom.sock --name bedroom
"""
_INSTALL = "a simulated proxy needs the extra: pip install 'devicehub[proxy]'"
# What a package is called that brings a module of another name.
_CALLED = {"google": "protobuf"}


@click.command(epilog=_EXAMPLES)
@click.option(
    "--air",
    "air",
    metavar="ADDR",
    required=True,
    help="Where massagers are: the address of firmware-sim run.",
)
@click.option(
    "--listen", default="127.0.0.1:6053", show_default=True, help="host:port; port 0 is a free one."
)
@click.option("--name", default="simulated-proxy", show_default=True, help="What it is called.")
@click.option("--key", metavar="KEY", help="For encryption: 32 bytes in base64.")
@click.option(
    "--slots", type=click.IntRange(0, 9), default=3, show_default=True, help="Links at most."
)
@click.option("--passive", is_flag=True, help="It listens and cannot connect.")
@click.option("--json", "as_json", is_flag=True, help="One event a line.")
def proxy(  # noqa: PLR0913 - one parameter an option
    *,
    air: str,
    listen: str,
    name: str,
    key: str | None,
    slots: int,
    passive: bool,
    as_json: bool,
) -> None:
    """Simulate an ESPHome Bluetooth proxy until Ctrl-C or SIGTERM."""
    import asyncio  # noqa: PLC0415 - half of the time that --help takes

    try:
        from firmware_sim.proxy.server import serve  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as missing:
        module = missing.name or ""
        _refuse(f"{_CALLED.get(module, module)} is not installed; {_INSTALL}")

    async def run() -> None:
        enough = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, enough.set)
        served = serve(air, listen, name=name, key=key, slots=slots, active=not passive)
        async with served as where:
            said = {"event": "listening", "address": where, "name": name, "encrypted": bool(key)}
            click.echo(json.dumps(said) if as_json else f"listening on {where} as {name}")
            await enough.wait()

    try:
        asyncio.run(run())
    except ValueError as mistake:
        _refuse(str(mistake))
    except BrokenPipeError:  # the reader of our lines has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as mistake:
        _refuse(str(mistake.strerror or mistake))


def _refuse(text: str) -> NoReturn:
    click.echo(f"firmware-sim proxy: {text}", err=True)
    sys.exit(_BAD_INPUT)
