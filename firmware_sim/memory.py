"""A bleak backend over plain memory: the same firmwares without a radio, thousands at a time.

What bleak can see is what it sees over Bumble, without its latency: an advertisement every
interval, requests that are answered later, a link that dies of its supervision timeout, writes
without response that vanish meanwhile. What a short dropout holds up arrives late and in order.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

from firmware_sim import SimulatedAir
from firmware_sim.catalogue import address_of, build, found_at, known_as, names
from firmware_sim.faults import Fault
from firmware_sim.memory_client import MemoryClient
from firmware_sim.memory_massager import MemoryMassager
from firmware_sim.memory_scanner import MemoryScanner
from firmware_sim.tape import Tape


@asynccontextmanager
async def simulate_in_memory(
    models: Sequence[str],
    tapes: Mapping[str, Path] | None = None,
    faults: Sequence[Fault] = (),
) -> AsyncGenerator[SimulatedAir]:
    """Switch massagers on in this process, without Bumble.

    Args:
        models: Their models; the second of a model is known as `MODEL#2`, and so on.
        tapes: Where to write whose tape.
        faults: What goes wrong with each of them.

    Yields:
        The air; its `peripherals` are `faults.Fallible`.

    Raises:
        ValueError: when there is no such model.
        OSError: when a tape cannot be written.
    """
    clock = asyncio.get_running_loop().time
    async with AsyncExitStack() as stack:
        massagers: dict[str, MemoryMassager] = {}
        for place, (name, model) in enumerate(zip(names(models), models, strict=True)):
            make = partial(build, model)
            tape = None
            if tapes and name in tapes:
                tape = stack.enter_context(
                    Tape.at(tapes[name], clock, known_as(model), make().actuators)
                )
            massagers[name] = MemoryMassager(address_of(place), make, tape, faults)
            stack.callback(massagers[name].close)
        by_address = {massager.address: massager for massager in massagers.values()}
        yield SimulatedAir(
            scanner=MemoryScanner,
            client=MemoryClient,
            options={"massagers": by_address},
            addresses={
                name: found_at(model, massagers[name].address)
                for name, model in zip(names(models), models, strict=True)
            },
            peripherals=massagers,
        )
