"""Places: the massagers that a service serves, from its settings and its command line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from devicehub.cli import named, own
from devicehub.cli.request import SIMULATED
from devicehub.config.model import Device, Settings
from devicehub.errors import UsageError
from devicehub.massagers.library import Library
from devicehub.massagers.own import known_with
from devicehub.opaque import opaque
from devicehub.radio import wired
from devicehub.radio.saved import all_saved, saved
from devicehub.service.ground import Place

_OWN_ID = re.compile(r"([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)=(.+)")
_NO_ID = re.compile(r"[^a-z0-9]+")
_LONGEST_ID = 32


@dataclass(frozen=True, slots=True)
class Served:
    """What is served: places, and the massager files that were named, by model."""

    places: tuple[Place, ...]
    files: Mapping[str, Path]


def served(settings: Settings, words: Sequence[str], secret: bytes) -> Served:
    """Return what is served: `words` if there are any, else all in the settings, else all saved.

    Args:
        settings: Those of the service, with every name in them known (`settings.checked`).
        words: ``DEVICE``, ``ID=DEVICE``, or an id of the settings.
        secret: From which ids are made for massagers that have none.

    Raises:
        UsageError: There is nothing to serve, or something is not known.
        MassagerError: A massager file that was named is wrong.
    """
    chosen = _chosen(settings, words)
    specs, files = own.read_devices([device.device for _, device in chosen])
    library = known_with(files.values())
    places: dict[str, Place] = {}
    for (id_, device), spec in zip(chosen, specs, strict=True):
        place = _place(spec, library, files)
        place_id = id_ or _id_of(place, secret, places)
        if place_id in places:
            raise UsageError(f"--device {place_id}: given twice; it is served once")
        places[place_id] = Place(
            place_id, spec, device.profile, device.zone, place.near, place.model, place.actuators
        )
    if not places:
        raise UsageError(
            "there is no massager to serve: devicehub serve --device sim:reference-cape\n"
            "or save one: devicehub devices save NAME DEVICE; docs/config.md has the file"
        )
    return Served(tuple(places.values()), files)


def _chosen(settings: Settings, words: Sequence[str]) -> list[tuple[str | None, Device]]:
    if words:
        return [_word(settings, word) for word in words]
    if settings.devices:
        return list(settings.devices.items())
    return [(None, Device(device=one.name)) for one in all_saved()]


def _word(settings: Settings, word: str) -> tuple[str | None, Device]:
    if word in settings.devices:
        return word, settings.devices[word]
    if (match := _OWN_ID.fullmatch(word)) is not None:
        return match[1], Device(device=match[2])
    return None, Device(device=word)


def _place(spec: str, library: Library, files: Mapping[str, Path]) -> Place:
    """Return what is known of a massager. Raises UsageError for a model that is none."""
    if spec.startswith(SIMULATED):
        massager = named.massager(spec, library)
        own.check_simulated(massager.model, files)
        return Place("", spec, near=True, model=massager.model, actuators=len(massager.steps))
    mine = saved(spec)
    model = wired.model_of(spec) if mine is None else mine.model
    if model is None or model not in library:
        return Place("", spec)
    return Place("", spec, model=model, actuators=len(library[model].steps))


def _id_of(place: Place, secret: bytes, taken: Iterable[str]) -> str:
    """Return an id for a massager that was given none: no name and no address is in it."""
    if place.near:
        word = _NO_ID.sub("-", place.model.casefold()).strip("-")[:_LONGEST_ID].rstrip("-")
        return word if word and word not in taken else opaque(secret, "sim", place.device)
    mine = saved(place.device)
    return opaque(secret, place.model or "massager", mine.address if mine else place.device)
