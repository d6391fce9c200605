"""`firmware-sim run`: serve until a signal comes, and say what is going on."""

import asyncio
import shlex
import signal
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from firmware_sim.attach import attach
from firmware_sim.catalogue import build, found_at, is_cabled
from firmware_sim.faults import Fault
from firmware_sim.motor import Felt, felt
from firmware_sim.server import serve
from firmware_sim.tape import OnFailure
from firmware_sim.terminal import LINE_AT, plug_in

Show = Callable[[str, Mapping[str, object]], None]
"""Shows an event: what a person reads, and the same as an object for `--json`."""

_WAND_ZONE = "rhomboid"  # where the hint holds a massager that has no places of its own


@dataclass(frozen=True, slots=True)
class Run:
    """What is simulated, and where.

    Attributes:
        models: Models to simulate.
        address: Where to listen, `unix:/path` or `host:port`; not used with a transport.
        transport: A transport of Bumble to attach to, for example `usb:0`; None to listen.
        tapes: Where to write whose tape.
        faults: What goes wrong with each of them.
        interval_s: Connection interval of every connection; None takes what each hub asks for.
    """

    models: Sequence[str]
    address: str
    transport: str | None
    tapes: Mapping[str, Path]
    faults: Sequence[Fault]
    interval_s: float | None


def run_until_signal(run: Run, show: Show) -> None:
    """Simulate massagers until SIGINT or SIGTERM, then tell what their tapes hold.

    Raises:
        ValueError: when there is no such model, or the address or the transport is none.
        OSError: when the address cannot be listened on, or a tape cannot be written.
    """
    asyncio.run(_simulate(run, show))
    for name, tape in run.tapes.items():
        with tape.open(encoding="ascii") as lines:
            _tell(name, tape, felt(lines), show)


async def _simulate(run: Run, show: Show) -> None:
    enough = asyncio.Event()
    with _on_signal(enough.set):
        async with _switched_on(run, lambda _error: enough.set()) as where:
            _greet(run, where, show)
            await enough.wait()


def _switched_on(run: Run, on_failure: OnFailure) -> AbstractAsyncContextManager[str]:
    """Return what switches the massagers on where they were asked for, and yields where that is."""
    place = run.transport or run.address
    if run.transport is not None and run.transport.startswith(LINE_AT):
        return plug_in(run.models, place, run.tapes, run.faults, on_failure=on_failure)
    for model in run.models:
        if is_cabled(model):
            raise ValueError(f"{model} is on a cable: --attach {LINE_AT}PATH")
    switched_on = attach if run.transport is not None else serve
    return switched_on(
        run.models,
        place,
        run.tapes,
        run.faults,
        interval_s=run.interval_s,
        on_failure=on_failure,
    )


def _greet(run: Run, where: str, show: Show) -> None:
    """Say where they are, and what to do next."""
    listens = run.transport is None
    then = [next_command(model, where, listens=listens) for model in dict.fromkeys(run.models)]
    said, word = ("listening on", "address") if listens else ("attached to", "transport")
    show(
        "\n".join([f"{said} {where}", *(f"next: {line}" for line in then)]),
        {"event": said.split()[0], word: where, "models": list(run.models), "next": then},
    )


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


def next_command(model: str, where: str, *, listens: bool) -> str:
    """Return what a person may type next to play on a simulated massager at `where`."""
    device = build(model)
    name = found_at(model, where) if is_cabled(model) else device.advertisement.name
    place = f" --zone {_WAND_ZONE}" if device.held else ""
    way = f"--air {where}" if listens else "--person NAME"
    return f"devicehub play taster --device {shlex.quote(name)}{place} {way}"


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
