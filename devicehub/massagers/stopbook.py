"""The stop book: which stop an advertisement needs. For the emergency, when seconds count.

Reads the files with `tomllib` alone and checks nothing that a test has checked: it must start fast
and work when the rest does not. It imports no pydantic, no profiles and no governor. A file of this
user that is wrong is passed over, and no such file ever stands before a packaged one.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from devicehub.massagers.codecs.catalogue import BY_NAME
from devicehub.massagers.frame import Char, Frame
from devicehub.massagers.identity import Identity, Manufacturer, matches, uuid_pattern
from devicehub.massagers.shelf import own_texts, texts
from devicehub.massagers.template import DEFAULT_CHAR, compile_frame
from devicehub.massagers.updating import updates_firmware

StopWrite = tuple[str, bytes, bool]
"""Characteristic (UUID, long form), bytes, whether the device is asked to confirm."""


@dataclass(frozen=True, slots=True)
class StopEntry:
    """How one model is stopped.

    Attributes:
        model: Its name.
        identify: What its advertisement shows.
        writes: To be written in this order, again until confirmed.
        on_lost_link: What to do by hand, a sentence for the user.
        gap_s: Least time between two of `writes`, in seconds.
        baud: Bits per second of its serial line; None for one on the air.
    """

    model: str
    identify: Identity
    writes: tuple[StopWrite, ...]
    on_lost_link: str
    gap_s: float = 0.0
    baud: int | None = None


def entries() -> tuple[StopEntry, ...]:
    """Return the stops of all models, packaged and of this user, the packaged ones first."""
    return (*_packaged(), *_own())


@cache
def _packaged() -> tuple[StopEntry, ...]:
    return tuple(entry for _, text in texts() for entry in entries_of(text))


def _own() -> tuple[StopEntry, ...]:
    """Return the stops of this user's own models that a stop may be written for."""
    taken = {entry.model for entry in _packaged()}
    found: dict[str, StopEntry] = {}
    for text in own_texts():
        for entry in _entries_if_right(text):
            if entry.model not in taken and not any(
                updates_firmware(char) for char, _, _ in entry.writes
            ):
                found.setdefault(entry.model, entry)
    return tuple(found.values())


def _entries_if_right(text: str) -> tuple[StopEntry, ...]:
    try:
        return entries_of(text)
    except Exception:  # noqa: BLE001 - whatever is wrong with one file, the others are read
        return ()


def entries_of(text: str) -> tuple[StopEntry, ...]:
    """Return the stops of all models of one file, which must be one that the library loads."""
    file = tomllib.loads(text)
    return tuple(_entry(file, model) for model in file["model"])


def identity_of(file: dict[str, Any], model: dict[str, Any]) -> Identity:
    """Return who a model is, from the tables of a file that the library loads."""
    stated = model.get("identify") or file.get("identify")
    return _identity(stated) if stated else Identity(())


def stop_writes(
    name: str | None, service_uuids: Iterable[str], manufacturer_data: Mapping[int, bytes]
) -> StopEntry | None:
    """Return the stop of the one massager whose identity an advertisement shows, or None."""
    services = tuple(service_uuids)
    for shelf in (_packaged, _own):
        fitting = [
            entry for entry in shelf() if matches(entry.identify, name, services, manufacturer_data)
        ]
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _entry(file: dict[str, Any], model: dict[str, Any]) -> StopEntry:
    chars = {
        name: Char(uuid_pattern(char["uuid"]), char["response"])
        for name, char in file["chars"].items()
        if "response" in char
    }
    frames = _stop_frames(model, chars)
    counters = (0, 1) if any(frame.counts for frame in frames) else (0,)
    writes = tuple(
        (frame.char.uuid, frame.build((), counter), frame.char.response)
        for counter in counters
        for frame in frames
    )
    gap_s = max(char.get("gap_ms", 0) for char in file["chars"].values()) / 1000
    identify = identity_of(file, model)
    return StopEntry(model["name"], identify, writes, file["on_lost_link"], gap_s, file.get("baud"))


def _stop_frames(model: dict[str, Any], chars: dict[str, Char]) -> list[Frame]:
    if "codec" in model:
        return [BY_NAME[model["codec"]].stop(chars[DEFAULT_CHAR])]
    pad = model.get("heat")
    lines = _each(model["stop"])
    if pad is not None and not pad.get("stop_includes", False):
        lines = [*lines, pad["off"]]
    return [compile_frame(line, chars, ()) for line in lines]


def _identity(table: dict[str, Any]) -> Identity:
    maker = table.get("manufacturer")
    return Identity(
        names=tuple(table["names"]),
        services=tuple(map(uuid_pattern, _each(table.get("service", [])))),
        manufacturer=(
            Manufacturer(
                maker["company"], tuple(map(bytes.fromhex, _each(maker.get("prefix", ""))))
            )
            if maker
            else None
        ),
        exclude=tuple(table.get("exclude", ())),
    )


def _each(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
