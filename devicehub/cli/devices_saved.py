"""`devicehub devices save` and `forget`: a name of one's own for one massager."""

import asyncio

import click

from devicehub.cli.air import open_air
from devicehub.cli.between import Between
from devicehub.massagers.own import known_massagers
from devicehub.radio import saved
from devicehub.radio.saved import Saved
from devicehub.radio.scanner import Sighting, find


@click.command()
@click.argument("name")
@click.argument("device")
@click.option(
    "--timeout", "timeout_s", type=Between(0.1, 120), default=10.0, help="Seconds to look for it."
)
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
def save(name: str, device: str, timeout_s: float, address: str | None) -> None:
    """Call DEVICE (an address, an advertised name, MODEL@PORT) NAME from here on.

    It has to be on: what it is is taken from what it says. A session under NAME refuses anything
    else that answers at its address.
    """
    before = saved.saved(name)
    found = asyncio.run(_find(device, timeout_s, address))
    model = found.massager.model
    saved.save(Saved(name, found.address, model))
    replaced = f" (it was {before.model} at {before.address})" if before is not None else ""
    click.echo(f"{name} is {model} at {found.address}{replaced}.")
    who = "--person NAME" if address is None else f"--air {address}"
    click.echo(f"Next: devicehub play taster --device {_quoted(name)} {who}")


async def _find(device: str, timeout_s: float, address: str | None) -> Sighting:
    async with open_air(address) as air:
        return await find(air, known_massagers(), device, timeout_s)


@click.command()
@click.argument("name")
def forget(name: str) -> None:
    """Forget the saved massager NAME; nothing else of it is touched."""
    gone = saved.forget(name)
    click.echo(f"{gone.name} is forgotten; {gone.model} at {gone.address} is as it was.")


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name
