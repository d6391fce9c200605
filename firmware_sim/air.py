"""Two ways to simulated massagers: in this process, or at the end of a stream."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from firmware_sim import SimulatedAir, quiet
from firmware_sim.adapter import adapter_on
from firmware_sim.backend import BumbleClient
from firmware_sim.backend_scanner import BumbleScanner
from firmware_sim.catalogue import address_of, build, found_at, known_as, names
from firmware_sim.dongle import Dongle, dongle_behind
from firmware_sim.faults import Fault
from firmware_sim.peripheral import Peripheral, peripheral_on
from firmware_sim.radio import Radio
from firmware_sim.radio_contact import Weather
from firmware_sim.slot import RadioSlot
from firmware_sim.tape import OnFailure, Tape


@asynccontextmanager
async def simulate(
    models: Sequence[str],
    *,
    tapes: Mapping[str, Path] | None = None,
    pacing: bool = True,
    faults: Sequence[Fault] = (),
    on_failure: OnFailure | None = None,
) -> AsyncGenerator[SimulatedAir, None]:
    """Switch massagers on in this process, on a virtual radio.

    Args:
        models: Their models; the second of a model is known as `MODEL#2`, and so on.
        tapes: Where to write whose tape.
        pacing: True for the latency of a real radio, False for packets that pass at once.
        faults: What goes wrong with each of them.
        on_failure: Hears at once of a tape that cannot be written; at the end it is raised.

    Yields:
        The air; its `peripherals` are `faults.Fallible`.

    Raises:
        ValueError: when there is no such model.
        OSError: when a tape cannot be written.
    """
    radio = Radio(Weather(pacing=pacing))
    async with AsyncExitStack() as stack:
        peripherals = await populate(stack, radio, models, tapes or {}, faults, on_failure)
        adapter = await stack.enter_async_context(adapter_on(radio))
        models_of = dict(zip(names(models), models, strict=True))
        addresses = {
            name: found_at(models_of[name], address) for address, name in radio.listing.items()
        }
        yield _air(adapter, addresses, simulated=True, peripherals=peripherals)


@asynccontextmanager
async def join(address: str) -> AsyncGenerator[SimulatedAir, None]:
    """Reach massagers through the Bluetooth controller at the end of a stream.

    Args:
        address: `unix:/path` or `host:port`, of `firmware-sim run` or of a real dongle.

    Yields:
        The air; `simulated` says whether the controller proved to be the simulator.

    Raises:
        ConnectionError: when nobody listens there, or it is not a Bluetooth controller.
        ValueError: when the address is misspelt.
    """
    quiet.install()
    async with dongle_behind(address) as dongle:
        listing = dongle.listing
        addresses = {name: where for where, name in (listing or {}).items()}
        yield _air(dongle, addresses, simulated=listing is not None, peripherals={})


async def populate(
    stack: AsyncExitStack,
    radio: Radio,
    models: Sequence[str],
    tapes: Mapping[str, Path],
    faults: Sequence[Fault],
    on_failure: OnFailure | None,
) -> dict[str, Peripheral]:
    """Put massagers on a radio, and off it when the stack unwinds."""
    quiet.install()
    clock = asyncio.get_running_loop().time
    peripherals: dict[str, Peripheral] = {}
    for place, (name, model) in enumerate(zip(names(models), models, strict=True)):
        address = address_of(place)
        make = partial(build, model)
        tape = None
        if name in tapes:
            tape = Tape.at(tapes[name], clock, known_as(model), make().actuators, on_failure)
            stack.enter_context(tape)
        peripheral = Peripheral(RadioSlot(radio), make, address, tape, faults)
        peripherals[name] = await stack.enter_async_context(peripheral_on(peripheral))
        radio.listing[address] = name
    return peripherals


def _air(
    dongle: Dongle,
    addresses: dict[str, str],
    *,
    simulated: bool,
    peripherals: Mapping[str, Peripheral],
) -> SimulatedAir:
    return SimulatedAir(
        scanner=BumbleScanner,
        client=BumbleClient,
        options={"dongle": dongle},
        addresses=addresses,
        simulated=simulated,
        peripherals=peripherals,
    )
