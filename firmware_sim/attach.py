"""Simulated massagers on a real radio, or on the virtual one of a kernel.

Most transports end at a chip, which becomes the massager's own: a phone or a computer nearby finds
it. Behind `vhci` waits a kernel that looks for a chip, so it gets a virtual dongle, on one virtual
radio with all the massagers.
"""

import asyncio
import contextlib
import errno
import hashlib
import uuid
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from bumble.core import BaseBumbleError
from bumble.transport import open_transport
from bumble.transport.common import Transport

from firmware_sim import quiet
from firmware_sim.air import populate
from firmware_sim.catalogue import build, known_as
from firmware_sim.faults import Fault
from firmware_sim.peripheral import Peripheral, peripheral_on
from firmware_sim.radio import Radio
from firmware_sim.radio_contact import Weather
from firmware_sim.radio_kernel import KernelController
from firmware_sim.slot import DongleSlot
from firmware_sim.tape import OnFailure, Tape

KERNEL = "vhci"
_ALONE = ("android-emulator", "android-netsim", "hci-socket", "pty", KERNEL)
_WITH_PLACE = (
    "file",
    "pyusb",
    "serial",
    "tcp-client",
    "tcp-server",
    "udp",
    "unix",
    "unix-client",
    "unix-server",
    "usb",
    "ws-client",
    "ws-server",
)
_FORMS = "usb:0, serial:/dev/ttyACM0, vhci, android-netsim or another transport of Bumble"
_ON_THE_RADIO = ("drop", "reboot")
_HELP = {
    "usb": "is a dongle in, may this user open it, and is it not in use?",
    "pyusb": "is libusb installed, and a dongle in?",
    "android-netsim": "pip install 'bumble[android]', and start an emulator",
    "android-emulator": "pip install 'bumble[android]', and start an emulator",
}
"""What to look at where Bumble's own words say too little."""

_BOOT_S = 5.0  # a chip that is there resets and answers well within a second


def check(transport: str, models: Sequence[str], faults: Sequence[Fault]) -> None:
    """Refuse what no transport of that name can do, before anything is opened.

    Raises:
        ValueError: The transport is misspelt, or is one chip for several massagers, or a real one
            for a fault of the virtual radio.
    """
    scheme, _, place = transport.partition(":")
    if scheme not in _ALONE + _WITH_PLACE or (scheme in _WITH_PLACE and not place):
        raise ValueError(f"--attach {transport}: expected {_FORMS}")
    if scheme == KERNEL:
        return
    if len(models) > 1:
        raise ValueError(
            f"--attach {transport}: one chip is one massager, not {len(models)};"
            " attach each to its own"
        )
    for fault in faults:
        if fault.kind in _ON_THE_RADIO:
            raise ValueError(f"--fault {fault.kind}: only on a simulated radio, not on {transport}")


@contextlib.asynccontextmanager
async def attach(
    models: Sequence[str],
    transport: str,
    tapes: Mapping[str, Path] | None = None,
    faults: Sequence[Fault] = (),
    *,
    interval_s: float | None = None,
    on_failure: OnFailure | None = None,
) -> AsyncGenerator[str, None]:
    """Switch massagers on, where a transport of Bumble leads.

    Args:
        models: Their models; one, or any number for `vhci`.
        transport: For example `usb:0`, `serial:/dev/ttyACM0`, `vhci` or `android-netsim`.
        tapes: Where to write whose tape.
        faults: What goes wrong with each of them.
        interval_s: Connection interval on the virtual radio; a real chip takes what it is asked.
        on_failure: Hears at once of a tape that cannot be written, and of a chip that is gone; at
            the end it is raised.

    Yields:
        The transport.

    Raises:
        ValueError: when a model or the transport is not possible; the text is one line.
        OSError: when a tape cannot be written, or the chip is gone.
    """
    check(transport, models, faults)
    quiet.install()
    async with AsyncExitStack() as stack:
        if transport.partition(":")[0] == KERNEL:
            radio = Radio(Weather(interval_s=interval_s))
            await populate(stack, radio, models, tapes or {}, faults, on_failure)
            await _plug_in(stack, radio, transport)
        else:
            opened = await _open(transport)
            slot = DongleSlot(opened)
            stack.push_async_callback(slot.close)
            stack.callback(_notice_its_loss(opened, transport, on_failure))
            tape = _tape(models[0], tapes or {}, on_failure)
            if tape is not None:
                stack.enter_context(tape)
            make = partial(build, models[0])
            await _boot(stack, Peripheral(slot, make, _address(transport), tape, faults), transport)
        yield transport


async def _plug_in(stack: AsyncExitStack, radio: Radio, transport: str) -> None:
    """Give the kernel its chip, when all else is ready: it commands it at once, and waits 2 s."""
    opened = await _open(transport)
    stack.push_async_callback(opened.close)
    stack.callback(radio.remove_controller, KernelController(radio, opened))


async def _open(transport: str) -> Transport:
    """Open a transport. Raises ValueError, in one line, whatever Bumble makes of it."""
    try:
        return await open_transport(transport)
    except OSError as error:
        raise ValueError(f"--attach {transport}: {_reason(error)}") from error
    except Exception as error:
        help_ = _HELP.get(transport.partition(":")[0])
        why = " ".join(str(error).split()) or type(error).__name__
        raise ValueError(f"--attach {transport}: {why}{f' ({help_})' * bool(help_)}") from error


def _notice_its_loss(
    opened: Transport, transport: str, on_failure: OnFailure | None
) -> Callable[[], None]:
    """Tell of a chip that goes away, and return what raises it at the end."""
    gone = OSError(errno.ENODEV, "the chip is gone", transport)
    if on_failure is not None:
        opened.source.terminated.add_done_callback(lambda _: on_failure(gone))

    def look() -> None:
        if opened.source.terminated.done():
            raise gone

    return look


def _reason(error: OSError) -> str:
    what = error.strerror or " ".join(str(error).split())
    return f"{error.filename}: {what}" if error.filename else what


async def _boot(stack: AsyncExitStack, peripheral: Peripheral, transport: str) -> None:
    try:
        async with asyncio.timeout(_BOOT_S):
            await stack.enter_async_context(peripheral_on(peripheral))
    except (TimeoutError, BaseBumbleError) as error:
        raise ValueError(f"--attach {transport}: no Bluetooth controller answers there") from error


def _tape(model: str, tapes: Mapping[str, Path], on_failure: OnFailure | None) -> Tape | None:
    name = known_as(model)
    if name not in tapes:
        return None
    clock = asyncio.get_running_loop().time
    return Tape.at(tapes[name], clock, name, build(model).actuators, on_failure)


def _address(transport: str) -> str:
    """Return a random static address: the same here every time, and another one elsewhere.

    The two highest bits make it static (Core Specification Vol 6 Part B 1.3.2.1).
    """
    name = f"{uuid.getnode()} {transport}".encode()
    own = bytearray(hashlib.sha256(name).digest()[:6])
    own[0] |= 0xC0
    return own.hex(":").upper()
