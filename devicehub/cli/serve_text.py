"""What a service says of itself when it begins: what it serves, and how to use it."""

import json
from contextlib import closing
from dataclasses import dataclass

import click

from devicehub.cli.places import Served
from devicehub.cli.serve_ground import person_id
from devicehub.config.model import Settings
from devicehub.errors import SafetyRefusal
from devicehub.ledger.ledger import Ledger
from devicehub.outside import Identity


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell."""

    settings: Settings
    what: Served
    who: Identity
    secret: bytes


def told(all_of_it: Told, *, as_json: bool) -> None:
    """Print it; one who has closed the output does not hold the service up."""
    text = json.dumps(_object(all_of_it)) if as_json else "\n".join(_lines(all_of_it))
    try:
        click.echo(text)
    except OSError:
        return


def _object(said: Told) -> dict[str, object]:
    return {
        "hub": said.who.hub,
        "boot": said.who.boot,
        "mqtt": said.settings.mqtt.url,
        "devices": [
            {"id": one.id, "device": one.device, "model": one.model, "profile": one.profile}
            for one in said.what.places
        ],
        "people": _people(said.secret),
    }


def _lines(said: Told) -> list[str]:
    places, mqtt = said.what.places, said.settings.mqtt
    wide = max(len(one.id) for one in places)
    lines = [f"devicehub serves, as {said.who.hub}:"]
    lines += [
        f"  {one.id:<{wide}}  {one.device}" + (f"  {one.profile}" if one.profile else "")
        for one in places
    ]
    if mqtt.url is None:
        lines.append("No broker: --mqtt mqtt://localhost, or mqtt.url in the settings")
    else:
        base = f"{mqtt.base}/v1/{said.settings.hub.site}"
        lines.append(f"Broker: {mqtt.url}, topics {base}/...; starts over MQTT: {_start(said)}")
    people = _people(said.secret)
    if people and mqtt.url is not None:
        named = ", ".join(f"{name} is {id_}" for name, id_ in people.items())
        lines.append(f"People, for those outside: {named}")
    first, person = places[0], "" if places[0].near else " --person NAME"
    lines += [
        f"Start:  devicehub start {first.profile or 'taster'} --device {first.id}{person}",
        "Stop:   devicehub stop",
        "End:    Ctrl-C",
    ]
    return lines


def _start(said: Told) -> str:
    return "allowed" if said.settings.mqtt.remote_start else "refused"


def _people(secret: bytes) -> dict[str, str]:
    """Return what each person of the ledger is called outside."""
    try:
        with closing(Ledger.copied()) as ledger:
            return {one.name: person_id(secret, one.name) for one in ledger.people()}
    except SafetyRefusal:
        return {}
