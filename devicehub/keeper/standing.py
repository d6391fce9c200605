"""Standing stops: how to stop each massager that may be running, kept before it first moves.

One small JSON file a massager: its address, the air it is on, its stop writes. Written before the
first frame that is not zero, removed when a stop is confirmed; what is found here later may still
be running, and `devicehub stop` knows how to stop it. Light imports only: `stop` must start fast.
"""

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

BLUETOOTH = "Bluetooth"
"""The air of a massager that is reached without a simulator."""


@dataclass(frozen=True, slots=True)
class StandingStop:
    """How to stop one massager; `writes` are (characteristic, hex, with response)."""

    name: str
    address: str
    model: str
    air: str
    writes: tuple[tuple[str, str, bool], ...]
    advice: str


def folder() -> Path:
    """Return the folder of this user's standing stops."""
    return Path(platformdirs.user_state_dir("devicehub", appauthor=False)) / "standing"


def _path(stop: StandingStop) -> Path:
    """Return its file: readable, and another one for every other address or air."""
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", stop.address)[:40]
    own = hashlib.sha256(f"{stop.air}\0{stop.address}".encode()).hexdigest()[:16]
    return folder() / f"{safe}-{own}.json"


def remember(stop: StandingStop) -> None:
    """Keep `stop` on disk, synced. Raises OSError when that cannot be done."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(stop)
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(stop), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def forget(stop: StandingStop) -> None:
    """Remove `stop`, whatever its file is called: the massager stands still."""
    same = (path for path, one in _files() if (one.address, one.air) == (stop.address, stop.air))
    for path in {_path(stop), *same}:
        path.unlink(missing_ok=True)


def standing() -> list[StandingStop]:
    """Return every massager of this user that may be running; see `unreadable` for the rest."""
    return [stop for _, stop in _files()]


def unreadable() -> list[Path]:
    """Return the files that say of some massager that it may be running, but not of which."""
    read = {path for path, _ in _files()}
    return [path for path in sorted(folder().glob("*.json")) if path not in read]


def _files() -> list[tuple[Path, StandingStop]]:
    found: list[tuple[Path, StandingStop]] = []
    for path in sorted(folder().glob("*.json")):
        try:
            found.append((path, _read(json.loads(path.read_text(encoding="utf-8")))))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return found


def is_meant(device: str, stop: StandingStop) -> bool:
    """Say whether a person who says `device` means this massager: its name, address or model."""
    names = (stop.name.casefold(), stop.address.casefold(), stop.model.casefold())
    return device.casefold() in names


def _read(body: Any) -> StandingStop:
    writes = tuple(
        (str(char), bytes.fromhex(data).hex(), bool(yes)) for char, data, yes in body["writes"]
    )
    return StandingStop(
        name=str(body["name"]),
        address=str(body["address"]),
        model=str(body["model"]),
        air=str(body["air"]),
        writes=writes,
        advice=str(body["advice"]),
    )
