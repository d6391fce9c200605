"""Stops Bumble from drawing coloured text of every packet while nobody reads it.

Its debug messages are f-strings, so each packet is laid out in full even with logging off: half of
the processor time of a simulated session.
"""

import logging
from collections.abc import Iterator
from typing import Any, cast

import bumble.controller
import bumble.host
from bumble import att, hci, l2cap

_DRAWN: tuple[type[Any], ...] = (
    hci.HCI_AclDataPacket,
    hci.HCI_Command,
    hci.HCI_Event,
    hci.HCI_Extended_Event,
    att.ATT_PDU,
    l2cap.L2CAP_PDU,
)


def install() -> None:
    """Give Bumble's packets a plain name as their text, unless its debug log is switched on.

    What it warns of goes to whoever set up logging, and not to the terminal of who did not.
    Holds for the whole process; calling it again is fine.
    """
    log = logging.getLogger("bumble")
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    if log.isEnabledFor(logging.DEBUG):
        return
    for kind in _DRAWN:
        for packet in _with_kinds(kind):
            if "__str__" in vars(packet):
                packet.__str__ = cast("Any", _plain_name)
    for module in (bumble.controller, bumble.host):
        cast("Any", module).color = _uncoloured


def _with_kinds(packet: type[Any]) -> Iterator[type[Any]]:
    """Yield a class and all below it: a few of them draw themselves in their own way."""
    yield packet
    for kind in packet.__subclasses__():
        yield from _with_kinds(kind)


def _plain_name(packet: object) -> str:
    return type(packet).__name__


def _uncoloured(text: str, *_colours: object) -> str:
    return text
