"""`devicehub mqtt discovery`: what Home Assistant is told, without a broker and without a hub."""

import json
from pathlib import Path

import click

from devicehub.cli import identity
from devicehub.cli.broker import settings_of
from devicehub.cli.places import served
from devicehub.cli.settings import checked
from devicehub.publish.homeassistant import Discovery, discovery
from devicehub.service.cards import card
from profiles import catalogue

# No broker is asked; the topics are the same at every one.
_NO_BROKER = "mqtt://localhost"


@click.command("discovery")
@click.option(
    "--device",
    "devices",
    metavar="[ID=]DEVICE",
    multiple=True,
    help="A massager, as for `serve`; without it all that `serve` would serve.",
)
@click.option(
    "--config",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Another file of settings than the usual one.",
)
@click.option("--json", "as_json", is_flag=True, help="Whole messages, one object a line.")
def discovery_command(*, devices: tuple[str, ...], file: Path | None, as_json: bool) -> None:
    """Print what Home Assistant is told of the hub and its massagers."""
    settings = checked(file).settings
    own = identity.secret()
    who = identity.identity(own, settings.hub.id, 0.0)
    mqtt = settings_of(settings, settings.mqtt.url or _NO_BROKER)
    cards = [card(place, None, None) for place in served(settings, devices, own).places]
    found = discovery(
        mqtt.topics(who.hub),
        who,
        cards,
        catalogue.names(),
        mqtt.offer,
    )
    for each in found:
        click.echo(_object(each) if as_json else _lines(each))
    if not as_json and not mqtt.remote_start:
        click.echo("nothing here can make a motor move: mqtt.remote_start is off")


def _object(message: Discovery) -> str:
    return json.dumps({"topic": message.topic, "config": message.config}, ensure_ascii=False)


def _lines(message: Discovery) -> str:
    size = len(message.encoded())
    rows = [
        f"  {entity['platform']:14} {entity['name']}"
        for entity in message.config["components"].values()
    ]
    return "\n".join([f"{message.topic} ({size} bytes)", *rows])
