"""Held: what `--zone` says, for the one handheld of a session or for several by name."""

import difflib
from collections.abc import Sequence

from devicehub.errors import UsageError


def zones_of(words: Sequence[str], devices: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """Return the zone that was said for no massager in particular, and those said by name.

    Args:
        words: ``ZONE`` or ``DEVICE=ZONE``, as often as the option was given.
        devices: The massagers of the session, as the user names them.

    Raises:
        UsageError: Two zones for one massager, or a massager that was not asked for.
    """
    zone: str | None = None
    zones: dict[str, str] = {}
    for word in words:
        device, named, where = word.rpartition("=")
        if not named:
            if zone is not None:
                raise UsageError(
                    f"--zone {zone} and {where}: say which massager is held where, "
                    "--zone DEVICE=ZONE for each"
                )
            zone = where
            continue
        if device not in devices:
            raise UsageError(f"--zone {word}: {_unknown(device, devices)}")
        if device in zones:
            raise UsageError(f"--zone {word}: {device} is held at {zones[device]} already")
        zones[device] = where
    return zone, zones


def _unknown(device: str, devices: Sequence[str]) -> str:
    near = difflib.get_close_matches(device, devices, n=1)
    would = f"did you mean {near[0]}?" if near else f"one of {', '.join(devices)}"
    return f"no --device {device!r} was asked for; {would}"
