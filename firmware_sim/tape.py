"""The tape: what a simulated massager received and did, as JSON lines on its own clock.

The tape is written by the device's side, so somebody who has never seen the hub's code can judge a
session from it. Its format is a public contract: the keys stand in a fixed order and times have six
decimals, so two runs on virtual time give the same bytes.

    {"t": 0.0, "kind": "device", "model": "reference-cape", "actuators": 12}
    {"t": 0.104000, "kind": "link", "state": "connected"}
    {"t": 0.210000, "kind": "write", "char": "7d3c0002-...", "hex": "00", "response": true}
    {"t": 0.260000, "kind": "motor", "actuator": 3, "level": 12, "of": 100}
"""

import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TextIO

OnFailure = Callable[[OSError], None]
LinkState = Literal["connected", "lost", "closed"]


def paths(file: Path, names: Sequence[str]) -> dict[str, Path]:
    """Return where each device's tape goes: `file`, or with several `file.NAME.jsonl` each."""
    if len(names) == 1:
        return {names[0]: file}
    return {name: file.with_name(f"{file.stem}.{name}{file.suffix}") for name in names}


class Tape:
    """Writes one device's tape; time 0 is the moment of construction.

    Give it a line-buffered sink (`Tape.at` does): a killed process then loses one line at most.
    The device lives on when its tape fails: as a context the tape raises the failure at its end.
    """

    def __init__(
        self,
        sink: TextIO,
        clock: Callable[[], float],
        model: str,
        actuators: int,
        on_failure: OnFailure | None = None,
    ) -> None:
        """Write the first line.

        Args:
            sink: Where the lines go; closed with the tape.
            clock: The device's monotonic clock in seconds, for example `loop.time`.
            model: Model name, as in `firmware_sim.MODELS`.
            actuators: How many actuators the device drives.
            on_failure: Hears of the first line that could not be written, at once.
        """
        self._sink = sink
        self._failure: OSError | None = None
        self._on_failure = on_failure
        self._clock = clock
        self._start_s = clock()
        self._put(
            f'{{"t": 0.0, "kind": "device", "model": {json.dumps(model)},'
            f' "actuators": {actuators}}}\n'
        )

    @classmethod
    def at(
        cls,
        path: Path,
        clock: Callable[[], float],
        model: str,
        actuators: int,
        on_failure: OnFailure | None = None,
    ) -> Self:
        """Open a tape in a file, line-buffered; an older file is replaced.

        Raises:
            OSError: when the file cannot be written.
        """
        sink = path.open("w", encoding="ascii", newline="\n", buffering=1)
        tape = cls(sink, clock, model, actuators, on_failure)
        if tape._failure is not None:
            tape.close()
            raise tape._failure
        return tape

    def _put(self, line: str) -> None:
        if self._failure is not None:
            return
        try:
            self._sink.write(line)
        except OSError as error:
            error.filename = getattr(self._sink, "name", None)
            self._failure = error
            if self._on_failure is not None:
                self._on_failure(error)

    def write(self, char: str, data: bytes, response: bool) -> None:
        """Note a write that reached the device, before the firmware answers it."""
        self._put(
            f'{{"t": {self._clock() - self._start_s:.6f}, "kind": "write", "char": "{char}",'
            f' "hex": "{data.hex()}", "response": {"true" if response else "false"}}}\n'
        )

    def motor(self, actuator: int, level: int, of: int) -> None:
        """Note that the firmware drives an actuator at another raw level."""
        self._put(
            f'{{"t": {self._clock() - self._start_s:.6f}, "kind": "motor",'
            f' "actuator": {actuator}, "level": {level}, "of": {of}}}\n'
        )

    def link(self, state: LinkState) -> None:
        """Note that a central connected, was lost, or closed the link."""
        self._put(
            f'{{"t": {self._clock() - self._start_s:.6f}, "kind": "link", "state": "{state}"}}\n'
        )

    def fault(self, name: str) -> None:
        """Note that a fault was injected; `name` as in `firmware_sim.faults`."""
        self._put(
            f'{{"t": {self._clock() - self._start_s:.6f}, "kind": "fault",'
            f' "name": {json.dumps(name)}}}\n'
        )

    def heat(self, celsius: float, on: bool) -> None:
        """Note that the heat pad was switched or moved by half a degree."""
        self._put(
            f'{{"t": {self._clock() - self._start_s:.6f}, "kind": "heat",'
            f' "celsius": {celsius}, "on": {"true" if on else "false"}}}\n'
        )

    def close(self) -> None:
        """Close the sink; closing twice is fine, and so is a tape that failed."""
        with contextlib.suppress(OSError):
            self._sink.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if error is None and self._failure is not None:
            raise self._failure
