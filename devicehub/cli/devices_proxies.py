"""`devicehub devices proxies`: the Bluetooth proxies that are set, each tried."""

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from devicehub.cli.air import proxies_of
from devicehub.cli.between import Between
from devicehub.config.proxies import proxies

if TYPE_CHECKING:
    from devicehub.radio.proxies.trying import Tried

_FAILED = 1
_NONE = "No proxies are set: docs/proxy.md says how."


@click.command("proxies")
@click.option(
    "--timeout", "listen_s", type=Between(0.1, 120), default=2.0, help="Seconds to listen."
)
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Another file of settings than the usual one.",
)
@click.option("--json", "as_json", is_flag=True, help="One object a line.")
def list_proxies(*, listen_s: float, file: Path | None, as_json: bool) -> int:
    """Try every Bluetooth proxy of the settings; exit 1 when one of them cannot be used fully."""
    places = proxies(file)
    found: list[Tried] = []
    if places:
        found = asyncio.run(proxies_of(places, "trying").tried(places, listen_s))
    if as_json:
        lines = [json.dumps(_row(one)) for one in found]
    else:
        lines = [line_of(one) for one in found] or [_NONE]
    for line in lines:
        click.echo(line)
    return _FAILED if any(one.trouble for one in found) else 0


def _row(one: "Tried") -> dict[str, Any]:
    links, free = one.links or (None, None)
    return {
        "proxy": one.place.name,
        "host": one.place.host,
        "port": one.place.port,
        "name": one.name or None,
        "esphome": one.version or None,
        "links": links,
        "links_free": free,
        "heard": one.heard,
        "trouble": one.trouble,
    }


def line_of(one: "Tried") -> str:
    """Return what is told of one proxy."""
    said = f"{one.place.name}: "
    if one.name:
        links = "" if one.links is None else f", {one.links[1]} of {one.links[0]} links free"
        heard = "1 device" if one.heard == 1 else f"{one.heard} devices"
        said += f"{one.name}, ESPHome {one.version}{links}, hears {heard}"
        return f"{said}; {one.trouble}" if one.trouble else said
    return said + one.trouble
