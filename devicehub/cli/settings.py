"""Settings with the names in them: models, profiles and zones. Only the command line knows all."""

import difflib
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, cast

from devicehub.cli import named
from devicehub.config.sources import Loaded, Tree, Wrong, load
from devicehub.errors import HubError
from devicehub.massagers.model import Massager
from devicehub.massagers.own import check_file, known_massagers
from devicehub.radio.saved import saved
from devicehub.safety import limits as safety_limits
from devicehub.session.holding import playable
from profiles import catalogue, loader
from profiles.errors import ProfileError

_SIMULATED, _FILE = "sim:", ".toml"


def checked(file: Path | None = None, given: Tree | None = None) -> Loaded:
    """Return the settings as `load` does, with every name in them known.

    Raises:
        UsageError: All that is wrong, a line for each: where, key, value, what would be right.
    """
    return load(file, given, _names)


def _names(merged: Tree) -> Iterator[Wrong]:
    """Yield what is wrong with the names of each massager; other mistakes are not seen here."""
    for id_, table in _tables(merged.get("devices")):
        massager = _massager(table.get("device"))
        of_key = {"device": _device, "profile": _profile, "zone": partial(_zone, massager)}
        for key, wrong in of_key.items():
            value = table.get(key)
            said = wrong(value) if isinstance(value, str) and value else None
            if said is not None:
                yield ("devices", id_, key), value, said


def _tables(devices: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(devices, dict):
        return
    for id_, table in cast("Mapping[str, Any]", devices).items():
        if isinstance(table, dict):
            yield id_, cast("Mapping[str, Any]", table)


def _device(device: str) -> str | None:
    if not device.startswith(_SIMULATED):
        return None  # an address or an advertised name: the air alone knows those
    model = device.removeprefix(_SIMULATED)
    if not model.endswith(_FILE):
        library = known_massagers()
        if model in library and (why := library[model].refused) is not None:
            return f"refused. {why}"
        return _unknown("model", model, library, "devicehub devices list", _SIMULATED)
    try:
        check_file(Path(model))
    except (HubError, OSError):
        return f"this file is not there or has mistakes; devicehub devices check {model}"
    return None


def _profile(profile: str) -> str | None:
    if not named.is_file(profile):
        return _unknown("profile", profile, catalogue.names(), "devicehub profiles list")
    try:
        loader.load(Path(profile))
    except (ProfileError, OSError):
        return f"this file is not there or has mistakes; devicehub profiles check {profile}"
    return None


def _massager(device: object) -> Massager | None:
    """Return what is known before anybody looks: of a simulated model, of a saved massager."""
    if not isinstance(device, str):
        return None
    mine = saved(device)
    model = device.removeprefix(_SIMULATED) if mine is None else mine.model
    return known_massagers().get(model)


def _zone(massager: Massager | None, zone: str) -> str | None:
    if massager is not None and not massager.needs_zone:
        return f"{massager.model} knows where its motors are; leave it out"
    limits = safety_limits.load_user()
    classes = limits.classes if massager is None else (massager.stimulus_class,)
    takes = playable(classes, limits)
    if zone in limits.zones and zone not in takes:
        return f"a handheld may not be used there; one of {', '.join(takes)}"
    return _unknown("zone", zone, takes, f"one of {', '.join(takes)}")


def _unknown(
    what: str, name: str, known: Collection[str], otherwise: str, before: str = ""
) -> str | None:
    if name in known:
        return None
    near = difflib.get_close_matches(name, known, n=1)
    right = f"did you mean {before}{near[0]}?" if near else otherwise
    return f"no such {what}; {right}"
