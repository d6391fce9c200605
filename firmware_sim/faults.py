"""What can go wrong with a simulated massager, as words: `drop@30`, `drop@30+5`, `refuse@10*3`.

    drop@T      out of range from T on             drop@T+D    and back after D seconds
    reboot@T    loses power, is back after 1 s     reboot@T+D  is back after D seconds
    refuse@T    refuses the next write             refuse@T*N  refuses the next N writes
    hang@T      answers nothing from T on          hang@T+D    and again after D seconds
    stray@T     a motor runs by itself from T on   stray@T+D   for D seconds, or until a stop
    blind@T     the heat sensor has no reading     blind@T+D   and has one again after D seconds
    stuck@T     the heat sensor reads what it did  stuck@T+D   and reads again after D seconds
    overheat@T  nothing regulates the heat pad     overheat@T+D  and something does after D seconds
    weak@T      the battery is down to 15 %        weak@T+D    and full again after D seconds
    drained@T   the battery is down to 4 %         drained@T+D and full again after D seconds
    jam@T       a chair's rollers are stuck        jam@T+D     and loose again after D seconds

T counts in seconds from the moment that a central first connects.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol, cast, get_args

from firmware_sim.gatt import Upset

BOOT_S = 1.0
"""How long a massager is dark when it reboots; an assumption."""

REFUSAL = 0x0E
"""ATT error "Unlikely Error" (Core Specification Vol 3 Part F 3.4.1.1)."""

Kind = Literal["drop", "reboot", "refuse", "hang"] | Upset

_FORM = re.compile(
    r"(?P<kind>drop|reboot|refuse|hang|stray|blind|stuck|overheat|jam|weak|drained)@(?P<at>\d+(?:\.\d+)?)"
    r"(?:\+(?P<length>\d+(?:\.\d+)?)|\*(?P<times>[1-9]\d*))?"
)


class FaultError(ValueError):
    """A fault is misspelt; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong once.

    Attributes:
        kind: What goes wrong.
        at_s: Seconds after a central first connected.
        for_s: How long it lasts in seconds, None for good. Not for `refuse`.
        times: How many writes are refused. For `refuse` only.
    """

    kind: Kind
    at_s: float
    for_s: float | None = None
    times: int = 1


class Fallible(Protocol):
    """A simulated massager as faults see it; both radios offer it."""

    def go_out_of_range(self) -> None:
        """Let nothing through in either direction; the link dies of its supervision timeout."""
        ...

    def come_back(self) -> None:
        """Be in range."""
        ...

    def power_off(self) -> None:
        """Cut the power: motors fall, state is gone, nothing is advertised."""
        ...

    def power_on(self) -> None:
        """Boot with a new firmware and advertise."""
        ...

    def refuse(self, writes: int) -> None:
        """Answer the next writes with ATT error 0x0E; drop them when they want no answer."""
        ...

    def hang(self) -> None:
        """Stop taking requests: nothing is answered, nothing changes."""
        ...

    def recover(self) -> None:
        """Take requests, those that wait first."""
        ...

    def upset(self, fault: Upset, *, begins: bool) -> None:
        """Let something inside go wrong, or right again."""
        ...


def parse(text: str) -> Fault:
    """Read one fault, for example `drop@30+5`.

    Raises:
        FaultError: when it is none; the text fits one line.
    """
    match = _FORM.fullmatch(text)
    if match is None or bool(match["times"]) > (match["kind"] == "refuse"):
        raise _unknown(text)
    kind = cast("Kind", match["kind"])  # the expression lists the same words
    length = match["length"]
    if kind == "refuse" and length:
        raise _unknown(text)
    return Fault(
        kind, float(match["at"]), float(length) if length else None, int(match["times"] or 1)
    )


def _unknown(text: str) -> FaultError:
    return FaultError(
        f"fault {text!r}: expected drop@T, drop@T+D, reboot@T, reboot@T+D, refuse@T, refuse@T*N,"
        " hang@T, hang@T+D, or so with stray, blind, stuck, overheat, jam, weak, drained;"
        " T and D in s, N a count"
    )


def schedule(
    faults: Iterable[Fault],
    massager: Fallible,
    call_later: Callable[[float, Callable[[], None]], object],
) -> None:
    """Let faults happen to a massager; `call_later` as the event loop's, seconds from now."""
    for fault in faults:
        for delay_s, act in _acts(fault, massager):
            call_later(delay_s, act)


def _acts(fault: Fault, massager: Fallible) -> list[tuple[float, Callable[[], None]]]:
    if fault.kind == "refuse":
        return [(fault.at_s, lambda: massager.refuse(fault.times))]
    if fault.kind in get_args(Upset):
        inside = cast("Upset", fault.kind)
        acts = [(fault.at_s, partial(massager.upset, inside, begins=True))]
        if fault.for_s is None:
            return [*acts]
        return [*acts, (fault.at_s + fault.for_s, partial(massager.upset, inside, begins=False))]
    begin, end, usual_s = {
        "drop": (massager.go_out_of_range, massager.come_back, None),
        "hang": (massager.hang, massager.recover, None),
        "reboot": (massager.power_off, massager.power_on, BOOT_S),
    }[fault.kind]
    for_s = usual_s if fault.for_s is None else fault.for_s
    acts = [(fault.at_s, begin)]
    return acts if for_s is None else [*acts, (fault.at_s + for_s, end)]
