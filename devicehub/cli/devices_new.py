"""`devicehub devices new`: a massager of one's own, described step by step, and tried.

What is written to the massager is the frames that its author typed, and nothing else.
"""

import asyncio
import sys
from pathlib import Path

import click

from devicehub.cli import new_questions as ask
from devicehub.cli.air import open_air
from devicehub.cli.between import Between
from devicehub.cli.new_file import Description, text_of
from devicehub.cli.new_trying import try_levels
from devicehub.errors import DeviceNotFound, MassagerError, UsageError
from devicehub.keeper.standing import standing
from devicehub.massagers.identify import identify
from devicehub.massagers.model import Massager
from devicehub.massagers.own import check_file, known_massagers, load_own
from devicehub.massagers.shelf import own_folder
from devicehub.radio.exploring import Stranger, Writable, strangers, writables
from devicehub.safety.limits import Limits, load_user

_NEXT = """
{path} is right. It was {tried}.
  devicehub play taster --device sim:{model}{zone}
      on a simulated firmware that obeys this file
  devicehub play taster --device {name}{zone} --person NAME
      on the massager itself, for somebody who has answered the questions (devicehub person)"""


@click.command()
@click.option(
    "--timeout", "timeout_s", type=Between(0.1, 120), default=5.0, help="Seconds to listen."
)
@click.option(
    "--air", "address", metavar="ADDR", help="A simulator's air: unix:/path or host:port."
)
def new(timeout_s: float, address: str | None) -> None:
    """Describe a massager of your own: find it, say what it wants to hear, try it off the body.

    Writes a massager file into your folder. Exit code 3 when a stop was not confirmed.
    """
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask on; write the file, then devices check FILE")
    limits = load_user()
    said = _picked(timeout_s, address)
    path, massager = _described(said, timeout_s, address, limits)
    try:
        said.tried = try_levels(massager, said.stranger.address, address, limits)
    except BaseException:
        # While it may be running the file stays: from it, devicehub stop knows the stop.
        if all(kept.model != massager.model for kept in standing()):
            path.unlink()
        raise
    path.write_text(text_of(said), encoding="utf-8")
    zone = " --zone ZONE" if massager.needs_zone else ""
    tried = "tried off the body" if said.tried else "not tried"
    name = f'"{said.stranger.name}"'
    click.echo(_NEXT.format(path=path, tried=tried, model=massager.model, name=name, zone=zone))


def _described(
    said: Description, timeout_s: float, address: str | None, limits: Limits
) -> tuple[Path, Massager]:
    """Ask everything until a file of it is right; return the file, and what it describes."""
    while True:
        if not ask.ask_all(said, limits):
            picked = _picked(timeout_s, address)
            said.stranger, said.char = picked.stranger, picked.char
            continue
        try:
            return _saved(said)
        except MassagerError as error:
            click.echo(f"{error}\nOnce more, from the number of motors on.")


def _picked(timeout_s: float, address: str | None) -> Description:
    """Return a description of which only the massager and its characteristic are known."""
    while True:
        click.echo(f"Listening for {timeout_s:g} s.")
        found = asyncio.run(_strangers(timeout_s, address))
        if not found:
            raise DeviceNotFound("nothing with a name was heard; is it on, and free of other apps?")
        for number, one in enumerate(found, 1):
            click.echo(f"  {number}  {one.name}  {one.address}  {one.rssi_dbm} dBm")
        at = ask.pick("Which one is it?", len(found))
        if at is None or not _may_be_new(found[at]):
            continue
        char = _char_of(found[at], address)
        if char is not None:
            return Description(found[at], char)


def _may_be_new(stranger: Stranger) -> bool:
    """Say whether somebody has yet to describe it, and whether it can be recognised."""
    known = identify(known_massagers(), stranger.name, stranger.services, dict(stranger.makers))
    if known is not None:
        click.echo(f"  That is a {known.model}, which is known: {known.title}.")
        return False
    if not (stranger.services or stranger.makers):
        click.echo("  It advertises only a name, and anybody can be called so: no file for it.")
        return False
    return True


async def _strangers(timeout_s: float, address: str | None) -> list[Stranger]:
    async with open_air(address) as air:
        return await strangers(air, timeout_s)


def _char_of(stranger: Stranger, address: str | None) -> Writable | None:
    """Return the characteristic that levels go to, or None to go back."""
    found = asyncio.run(_writables(stranger, address))
    if not found:
        click.echo("  Nothing of it can be written to.")
        return None
    for number, char in enumerate(found, 1):
        kind = "confirms each write" if char.response else "confirms nothing"
        click.echo(f"  {number}  {char.uuid}  {kind}")
    at = ask.pick("Which of them takes levels?", len(found))
    return None if at is None else found[at]


async def _writables(stranger: Stranger, address: str | None) -> list[Writable]:
    async with open_air(address) as air:
        (again,) = [
            one for one in await strangers(air, 2.0) if one.address == stranger.address
        ] or [stranger]
        return await writables(air, again)


def _saved(said: Description) -> tuple[Path, Massager]:
    """Write the file into the user's folder, and return it with what it describes.

    Raises:
        MassagerError: It is wrong, and not written; or there is one of that name.
        OSError: It cannot be written.
    """
    path = own_folder() / f"{said.name}.toml"
    text = text_of(said)
    if path.exists():
        raise MassagerError(f"{path}: is there already; choose another name")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(text, encoding="utf-8")
    try:
        family = check_file(path)
    except MassagerError:
        path.unlink()
        raise
    if (alike := load_own().mistakes.get(path)) is not None:
        path.unlink()
        raise MassagerError(alike)
    return path, family.massagers[said.name]
