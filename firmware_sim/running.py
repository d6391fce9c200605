"""`firmware-sim run`: serve until a signal comes, and say what is going on."""

import asyncio
import shlex
import signal
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from firmware_sim.catalogue import build
from firmware_sim.faults import Fault
from firmware_sim.motor import Felt, felt
from firmware_sim.server import serve

Show = Callable[[str, Mapping[str, object]], None]
"""Shows an event: what a person reads, and the same as an object for `--json`."""

_WAND_ZONE = "rhomboid"  # where the hint holds a massager that has no places of its own


def run_until_signal(
    models: Sequence[str],
    address: str,
    tapes: Mapping[str, Path],
    faults: Sequence[Fault],
    interval_s: float | None,
    show: Show,
) -> None:
    """Simulate massagers until SIGINT or SIGTERM, then tell what their tapes hold.

    Args:
        models: Models to simulate.
        address: Where to listen, `unix:/path` or `host:port`.
        tapes: Where to write whose tape.
        faults: What goes wrong with each of them.
        interval_s: Connection interval of every connection; None takes what each hub asks for.
        show: Shows what happens.

    Raises:
        ValueError: when there is no such model, or the address is none.
        OSError: when the address cannot be listened on, or a tape cannot be written.
    """
    asyncio.run(_serve(models, address, tapes, faults, interval_s, show))
    for name, tape in tapes.items():
        with tape.open(encoding="ascii") as lines:
            _tell(name, tape, felt(lines), show)


async def _serve(
    models: Sequence[str],
    address: str,
    tapes: Mapping[str, Path],
    faults: Sequence[Fault],
    interval_s: float | None,
    show: Show,
) -> None:
    enough = asyncio.Event()
    with _on_signal(enough.set):
        serving = serve(
            models,
            address,
            tapes,
            faults,
            interval_s=interval_s,
            on_failure=lambda _error: enough.set(),
        )
        async with serving as bound:
            then = [next_command(model, bound) for model in dict.fromkeys(models)]
            show(
                "\n".join([f"listening on {bound}", *(f"next: {line}" for line in then)]),
                {"event": "listening", "address": bound, "models": list(models), "next": then},
            )
            await enough.wait()


@contextmanager
def _on_signal(act: Callable[[], None]) -> Generator[None]:
    """Have SIGINT and SIGTERM act, and leave them as they were."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def next_command(model: str, address: str) -> str:
    """Return what a person may type next to play on a simulated massager."""
    device = build(model)
    place = f" --zone {_WAND_ZONE}" if device.held else ""
    name = shlex.quote(device.advertisement.name)
    return f"devicehub play taster --device {name}{place} --air {address}"


def _tell(name: str, tape: Path, motors: Sequence[Felt], show: Show) -> None:
    if not motors:  # it went where nothing is kept, to /dev/null for example
        return
    strongest = max(range(len(motors)), key=lambda index: motors[index].strongest)
    longest = max(range(len(motors)), key=lambda index: motors[index].felt_s)
    moved = sum(motor.felt_s > 0 for motor in motors)
    show(
        f"{name}: {moved} of {len(motors)} motors felt, strongest motor {strongest} at"
        f" {motors[strongest].strongest:.0%}, longest motor {longest} for"
        f" {motors[longest].felt_s:.1f} s; tape in {tape}",
        {
            "event": "felt",
            "device": name,
            "tape": str(tape),
            "motors": [
                {"strongest": round(motor.strongest, 3), "felt_s": round(motor.felt_s, 3)}
                for motor in motors
            ],
        },
    )
