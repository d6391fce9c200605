"""Massagers without hardware: firmware, a virtual radio, and the way to reach them through bleak.

```python
async with firmware_sim.simulate(["reference-cape"]) as air:
    devices = await BleakScanner.discover(backend=air.scanner, **air.options)
    async with BleakClient(devices[0], backend=air.client, **air.options) as client: ...
```

Importing this package is cheap: Bumble and bleak load when an air is made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firmware_sim.air import join, simulate
    from firmware_sim.catalogue import MODELS

__all__ = ["MODELS", "SimulatedAir", "join", "simulate"]

_HOMES = {
    "MODELS": "firmware_sim.catalogue",
    "join": "firmware_sim.air",
    "simulate": "firmware_sim.air",
}


@dataclass(frozen=True, slots=True)
class SimulatedAir:
    """What bleak needs to reach simulated massagers.

    Attributes:
        scanner: Give it to `BleakScanner` as `backend=`.
        client: Give it to `BleakClient` as `backend=`.
        options: Give them to both as further keyword arguments.
        addresses: The address of each simulated model, in the order in which they were asked for.
        simulated: True when the far side proved that it is the simulator; False behind a real
            dongle, where `addresses` is empty.
        peripherals: The simulated devices themselves, by model, for faults; empty behind a stream.
    """

    scanner: type[Any]
    client: type[Any]
    options: dict[str, Any]
    addresses: dict[str, str]
    simulated: bool = True
    peripherals: Mapping[str, Any] = field(default_factory=dict[str, Any])


def __getattr__(name: str) -> object:
    """Load what needs Bumble, or the firmwares, when it is first asked for (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
