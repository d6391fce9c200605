"""A tape that is still being written, followed line by line, and its clock against ours."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any


@dataclass
class Reel:
    """One massager's tape, as far as it is read.

    Attributes:
        started_s: When the tape began, on this process's monotonic clock, rather too late than too
            early. The two clocks share no zero, but a line was written before it was read: for
            each line the tape began at or before (time of reading - time on the tape). The
            smallest of many is right to the poll, and errs so that a massager seems slower.
        links: How often somebody has connected.
    """

    path: Path
    started_s: float = float("inf")
    levels: dict[int, int] = field(default_factory=dict[int, int])
    moved_s: float | None = None
    rested_s: float | None = None
    written_s: float = 0.0
    links: int = 0
    _file: TextIOWrapper = field(init=False)
    _part: str = ""

    def __post_init__(self) -> None:
        self._file = self.path.open(encoding="ascii")

    def close(self) -> None:
        self._file.close()

    @property
    def moving(self) -> bool:
        return any(self.levels.values())

    def read(self) -> None:
        """Take the lines that were written since."""
        text = self._part + self._file.read()
        read_s = time.monotonic()
        *lines, self._part = text.split("\n")
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            self.started_s = min(self.started_s, read_s - row["t"])
            self._take(row)

    def _take(self, row: dict[str, Any]) -> None:
        self.links += row["kind"] == "link" and row["state"] == "connected"
        if row["kind"] == "write":
            self.written_s = row["t"]
        if row["kind"] != "motor":
            return
        was = self.moving
        self.levels[row["actuator"]] = row["level"]
        if self.moving and not was:
            self.moved_s, self.rested_s = row["t"], None
        elif was and not self.moving:
            self.rested_s = row["t"]

    def after(self, since_s: float) -> float:
        """Return the device's seconds from `since_s`, on this process's clock, to its rest."""
        if self.rested_s is None:
            return float("inf")
        return max(0.0, self.started_s + self.rested_s - since_s)


def follow(reels: Iterable[Reel], seconds: float, poll_s: float = 0.001) -> None:
    """Read all tapes again and again for so long: their clocks get known to the poll."""
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        for reel in reels:
            reel.read()
        time.sleep(poll_s)
