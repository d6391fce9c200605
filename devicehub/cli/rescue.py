"""Rescue: stop a massager over the air when no session is there to do it."""

from pathlib import Path

from devicehub.cli.air import open_air
from devicehub.errors import HubError
from devicehub.keeper.standing import BLUETOOTH, StandingStop, forget
from devicehub.massagers.stopbook import entries
from devicehub.radio.direct import find_known, stop_directly
from devicehub.radio.saved import address_of

FIND_TIMEOUT_S = 10.0
_NO_ADDRESS = (
    "It was kept under {kept.address!r}, which is no address. {kept.advice} "
    'Then take it off the list: devicehub stop --switched-off "{kept.address}"'
)


async def stop_standing(kept: StandingStop, file: Path | None = None) -> tuple[bool, str]:
    """Stop what a session that is gone left running, with the bytes kept before it first moved.

    What stands in a file is not trusted: bytes that are no stop of this model are not written.
    Proxies are those that `file` sets; one that cannot be had keeps nothing back.

    Returns:
        Whether the massager confirmed, and what to do if it did not.
    """
    writes = [(char, bytes.fromhex(data), response) for char, data, response in kept.writes]
    known = [entry for entry in entries() if entry.model == kept.model]
    if not writes or writes not in [list(entry.writes) for entry in known]:
        return False, f"What was kept is no stop of {kept.model}. {kept.advice}"
    try:
        where = None if kept.air == BLUETOOTH else kept.air
        async with open_air(where, file, whatever=True) as air:
            confirmed = await stop_directly(kept.address, writes, air, known[0].gap_s)
    except HubError as error:
        why = str(error).removeprefix(f"{kept.address}: ")  # its name stands before all this
        return False, f"{why}. {kept.advice}"
    except ValueError:  # the radio has no such address
        return False, _NO_ADDRESS.format(kept=kept)
    if confirmed:
        forget(kept)
    return confirmed, kept.advice


async def stop_named(
    device: str, address: str | None, file: Path | None = None
) -> tuple[bool, str, str]:
    """Look for a massager that nobody remembers, and stop it as its file says.

    Proxies are those that `file` sets; one that cannot be had keeps nothing back.

    Returns:
        Whether it confirmed, what to do if it did not, and its model.

    Raises:
        DeviceNotFound: It was not heard, is unknown, or would not connect.
        RadioError: The air cannot be used.
    """
    async with open_air(address, file, whatever=True) as air:
        found, entry = await find_known(address_of(device), FIND_TIMEOUT_S, air)
        confirmed = await stop_directly(found, entry.writes, air, entry.gap_s)
    return confirmed, entry.on_lost_link, entry.model
