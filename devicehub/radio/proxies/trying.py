"""Trying: what each proxy says of itself, for who sets them up."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from devicehub.config.proxies import Place
from devicehub.radio.proxies.line import Line
from devicehub.radio.proxies.proxies import REACH_S, Proxies


@dataclass(frozen=True, slots=True)
class Tried:
    """One proxy that was tried.

    Attributes:
        place: Where it is.
        name: What it calls itself; empty for one that was not reached.
        version: Its ESPHome.
        links: How many links it can hold, and how many of those are free; None where it says none.
        heard: How many devices it heard.
        trouble: Why it cannot be used, or not fully, and what mends it; empty when all is well.
    """

    place: Place
    name: str = ""
    version: str = ""
    links: tuple[int, int] | None = None
    heard: int = 0
    trouble: str = ""


async def tried(places: Sequence[Place], listen_s: float) -> list[Tried]:
    """Reach all of them, listen for `listen_s` seconds, and return what they are."""
    proxies = Proxies(places)
    try:
        proxies.open()
        await asyncio.wait([asyncio.create_task(_answered(line)) for line in proxies.lines])
        if any(line.scanner for line in proxies.lines):
            await asyncio.sleep(listen_s)
        return [_told(line) for line in proxies.lines]
    finally:
        await proxies.close()


async def _answered(line: Line) -> None:
    """Wait until it serves us, or cannot; one that does not answer is not waited for long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REACH_S):
            await line.decided.wait()
            if line.scanner is not None:
                await line.served.wait()


def _told(line: Line) -> Tried:
    scanner, facts = line.scanner, line.facts
    if scanner is None or facts is None:
        return Tried(line.place, trouble=line.trouble)
    slots = scanner.get_allocations()
    links = None if slots is None else (slots.slots, slots.free)
    heard = len(list(scanner.discovered_addresses))
    return Tried(line.place, facts.name, facts.version, links, heard, line.trouble)
