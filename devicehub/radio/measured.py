"""Measured: what a stop test found out about one massager, kept with its date and firmware.

One small JSON file a massager in this user's state folder, named by a fingerprint of its address.
Read strictly: a file that says anything else than this is no measurement.
"""

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, cast

import platformdirs

from devicehub.massagers.model import Massager

STOPS, RUNS_ON, UNKNOWN = "stops", "runs on", "unknown"
_LOST_LINK = (STOPS, RUNS_ON, UNKNOWN)
_FINGERPRINT_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found out about one massager on one day.

    Attributes:
        fingerprint: Of its model and address; see the function `fingerprint`.
        model: What it is.
        date: Day of the measurement, ``YYYY-MM-DD``.
        firmware: Its firmware revision, or None where it tells none.
        simulated: Whether it is known not to be real.
        stops_ms: From asking to confirmation, one for each stop that was confirmed.
        stops_asked: How many stops were asked for.
        on_lost_link: ``"stops"``, ``"runs on"`` or ``"unknown"``, seen when the link was dropped.
        seen_by: ``"status"`` (the massager said it), ``"person"`` or ``"nobody"``.
    """

    fingerprint: str
    model: str
    date: str
    firmware: str | None
    simulated: bool
    stops_ms: tuple[float, ...]
    stops_asked: int
    on_lost_link: str
    seen_by: str

    def sentence(self) -> str:
        """Return the measurement as one line of evidence."""
        what = "simulated massager" if self.simulated else "massager"
        firmware = f", firmware {self.firmware}" if self.firmware is not None else ""
        spread = f", at most {max(self.stops_ms):.0f} ms" if self.stops_ms else ""
        lost = f"{self.on_lost_link} when the link is lost (seen by {self.seen_by})"
        return (
            f"measured {self.date} on {what} {self.fingerprint}{firmware}: "
            f"{len(self.stops_ms)} of {self.stops_asked} stops confirmed{spread}; {lost}"
        )


def fingerprint(address: str, model: str, *, simulated: bool = False) -> str:
    """Return what stands for a massager in files: it tells them apart and names no address.

    One that is known to be simulated is another one than whatever real one has its address.
    """
    kind = "simulated " * simulated
    whole = hashlib.sha256(f"{kind}{model}@{address.casefold()}".encode()).hexdigest()
    return whole[:_FINGERPRINT_CHARACTERS]


def folder() -> Path:
    """Return the folder of this user's measurements."""
    return Path(platformdirs.user_state_dir("devicehub", appauthor=False)) / "measured"


def keep(measured: Measured) -> Path:
    """Keep a measurement on disk, in place of an older one. Raises OSError when it cannot be."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder() / f"{measured.fingerprint}.json"
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(measured), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return path


def known() -> tuple[Measured, ...]:
    """Return all measurements of this user, the newest first; what cannot be read is left out."""
    found = (_read_file(path) for path in sorted(folder().glob("*.json")))
    return tuple(sorted((one for one in found if one is not None), key=lambda m: m.date)[::-1])


def of_address(address: str, model: str) -> Measured | None:
    """Return what was measured on the `model` at `address`, or None."""
    return _read_file(folder() / f"{fingerprint(address, model)}.json")


def as_measured(massager: Massager, address: str) -> Massager:
    """Return the massager at `address` with what was measured on it; as its file says, without.

    What it does on a lost link is known for that one massager, not for its model. What was measured
    on a simulated one is said of no massager: simulators share their addresses with anything.
    """
    found = of_address(address, massager.model)
    if found is None or found.simulated or found.on_lost_link == UNKNOWN:
        return massager
    stops = found.on_lost_link == STOPS
    said = f"Measured {found.date}: this one {found.on_lost_link} when the link is lost."
    return replace(
        massager,
        stops_on_disconnect="yes" if stops else "no",
        on_lost_link=f"{said} {massager.on_lost_link}",
    )


def broken() -> tuple[Path, ...]:
    """Return the files that are no measurement."""
    return tuple(path for path in sorted(folder().glob("*.json")) if _read_file(path) is None)


def _read_file(path: Path) -> Measured | None:
    try:
        found = _read(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, RecursionError):
        return None
    return found if found is not None and found.fingerprint == path.stem else None


def _read(body: object) -> Measured | None:
    """Return the measurement in `body` when every key is there and makes sense, else None."""
    row = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    if set(row) != set(Measured.__dataclass_fields__) or not isinstance(row["stops_ms"], list):
        return None
    times_ms = cast("list[object]", row["stops_ms"])
    right = (
        all(isinstance(row[key], str) for key in ("fingerprint", "model", "date", "seen_by"))
        and row["on_lost_link"] in _LOST_LINK
        and isinstance(row["firmware"], str | None)
        and isinstance(row["simulated"], bool)
        and type(row["stops_asked"]) is int
        and len(times_ms) <= row["stops_asked"]
        and all(isinstance(ms, float) and 0.0 <= ms < float("inf") for ms in times_ms)
    )
    row["stops_ms"] = tuple(times_ms)
    return Measured(**row) if right else None
